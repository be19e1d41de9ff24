/*
 * test_sweep.c - old rows go and only they; of an erased number nothing personal stays.
 */
#include "base/buf.h"
#include "raw.h"
#include "store/sweep.h"

enum {
	SLICE = 3
};

#define DAY_MS INT64_C(86400000)

static struct fixture f;

static void setup(void)
{
	disk_folder(&f);
	fixture_open(&f, STORE_CREATE);
}

static void teardown(void)
{
	raw_end(&f);
}

static int64_t count(const char *sql)
{
	return raw_int(raw_path(&f), sql);
}

/* Walks one table to its end; the rows that went, all of which were announced. */
static int64_t sweep_table(struct store_reader *r, size_t table, int64_t before_ms)
{
	struct store_slice s = {
		.table = table, .from = INT64_MIN, .before_ms = before_ms, .rows = SLICE
	};
	struct fault fault = { "" };
	int64_t sum = 0;

	while (!s.last) {
		int64_t n = 0;

		ck_assert_msg(store_aged_look(r, &s, &fault) == ERR_OK, "%s", fault.text);
		if (s.old > 0)
			ck_assert_msg(store_aged_drop(f.store, &s, &n) == ERR_OK, "%s",
			              store_fault(f.store));
		ck_assert_int_eq(n, s.old);
		s.from = s.to;
		sum += n;
	}
	return sum;
}

static int64_t sweep_all(int64_t before_ms)
{
	struct store_reader *r = reader_of(&f);
	int64_t sum = 0;

	for (size_t i = 0; i < store_aged_tables(); i++)
		sum += sweep_table(r, i, before_ms);
	store_reader_close(r);
	return sum;
}

/* One text a day for ten days, each answered. */
static void ten_days(void)
{
	for (int64_t i = 1; i <= 10; i++) {
		struct inbox_row in = text_in(i, i, 1);
		struct outbox_row out = reply_out(i);

		in.at_ms = out.at_ms = i * DAY_MS;
		changes_add(&f.changes, inbox, in);
		changes_add(&f.changes, outbox, out);
	}
	commit_changes(&f);
	for (int64_t i = 1; i <= 10; i++)
		changes_add(&f.changes, marks, mark_of(i, OUTBOX_DONE, 1));
	commit_changes(&f);
}

START_TEST(what_is_old_goes_and_nothing_else)
{
	ten_days();
	ck_assert_int_eq(sweep_all(DAY_MS), 0);
	ck_assert_int_eq(sweep_all(4 * DAY_MS), 6);
	ck_assert_int_eq(count("SELECT min(id) FROM inbox"), 4);
	ck_assert_int_eq(count("SELECT min(id) FROM outbox"), 4);
	ck_assert_int_eq(sweep_all(4 * DAY_MS), 0);
	ck_assert_int_eq(sweep_all(200 * DAY_MS), 14);
	ck_assert_int_eq(count("SELECT count(*) FROM inbox"), 0);
}
END_TEST

START_TEST(what_waits_to_be_sent_stays)
{
	ten_days();
	raw(&f, "UPDATE outbox SET state = 0 WHERE id = 2;"
	        "UPDATE outbox SET state = 1 WHERE id = 3;"
	        "UPDATE outbox SET state = 3 WHERE id = 4;"
	        "UPDATE outbox SET state = 4 WHERE id = 5");
	(void)sweep_all(200 * DAY_MS);
	ck_assert_int_eq(count("SELECT count(*) FROM inbox"), 2);
	ck_assert_int_eq(count("SELECT sum(id) FROM outbox"), 2 + 3);
}
END_TEST

START_TEST(evidence_keeps_its_text_and_reply)
{
	static const struct {
		const char *sql;
		int64_t id; /* of the text it holds on to; 0: none */
	} cases[] = {
		{ "INSERT INTO ledger (request_id, msisdn, owner_since, at, kind, amount_fen, inbox, note) VALUES ('r',13800000001,0,864000000,'fee',1,2,'')",
		  2 },
		{ "INSERT INTO service_order (id, msisdn, owner_since, kind, package, state, at, effective_at, fee_fen, inbox) VALUES "
		  "(1,13800000001,0,'k','p',2,864000000,0,0,3)",
		  3 },
		{ "INSERT INTO optout VALUES (13800000001,0,1,864000000,4)", 4 },
		{ "INSERT INTO task (id,kind,msisdn,owner_since,at,inbox,text) VALUES "
		  "(1,'agent',13800000001,0,864000000,5,'')",
		  5 },
		{ "INSERT INTO tool_sale VALUES (1,'t',13800000001,0,864000000,7,0,0)",
		  7 },
		/* Of another number: no evidence of this text. */
		{ "INSERT INTO ledger (request_id, msisdn, owner_since, at, kind, amount_fen, inbox, note) VALUES ('s',13900000000,0,864000000,'fee',1,6,'')",
		  0 },
	};

	ten_days();
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		raw(&f, cases[i].sql);
	(void)sweep_all(200 * DAY_MS);
	ck_assert_int_eq(count("SELECT count(*) FROM inbox"), 5);
	ck_assert_int_eq(count("SELECT count(*) FROM outbox"), 5);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char sql[64];

		(void)snprintf(sql, sizeof(sql),
		               "SELECT count(*) FROM inbox WHERE id = %d",
		               (int)cases[i].id);
		ck_assert_int_eq(count(sql), cases[i].id != 0);
	}
}
END_TEST

/* Each with one row that may go and those that may not, all old: what is in force stays. */
START_TEST(what_is_in_force_stays)
{
	raw(&f,
	    "INSERT INTO consent VALUES (1,'a',10,0,1,'',''), (1,'a',20,0,1,'',''),"
	    "(2,'b',10,0,0,'','');"
	    "INSERT INTO optout VALUES (1,0,1,10,0), (2,0,0,10,0);"
	    "INSERT INTO task (id,kind,msisdn,owner_since,at,inbox,text,done_at) VALUES "
	    "(1,'a',1,0,10,0,'',0), (2,'a',1,0,10,0,'',20);"
	    "INSERT INTO complaint VALUES (1,10,'a',0,0,''), (1,11,'a',0,2,'');"
	    "INSERT INTO resource VALUES (1,0,'a',0,0,1,1,1,1), (1,0,'b',10,0,1,1,1,1);"
	    "INSERT INTO service_order (id, msisdn, owner_since, kind, package, state, at, effective_at, fee_fen, inbox) VALUES (1,1,0,'k','p',0,10,0,0,0),"
	    "(2,1,0,'k','p',2,10,0,0,0);"
	    "INSERT INTO reminder VALUES (1,'bill',0,0,10,0,20,0), (1,'data',0,0,10,0,0,0);"
	    "INSERT INTO preference VALUES (1,0,4,0,0,10,0), (2,0,0,9,18,10,0), (3,0,0,0,0,10,0);"
	    "INSERT INTO bond VALUES (1,2,0,0,0,10,0,1234,0,0), (1,3,0,0,1,10,20,0,0,0),"
	    "(1,4,0,0,2,10,20,0,0,0);"
	    "INSERT INTO coupon VALUES ('a',1,0,'k',10,20,0,0), ('b',1,0,'k',10,86400000000,0,0);"
	    "INSERT INTO draw VALUES (1,1,0,10,0,1,1,'o','p');"
	    "INSERT INTO tool_sale VALUES (1,'t',1,0,10,0,0,0)");
	ck_assert_int_eq(sweep_all(200 * DAY_MS), 7 + 1 + 1 + 2 + 1 + 1 + 1);
	ck_assert_int_eq(count("SELECT next_at FROM reminder"), 20);
	ck_assert_int_eq(count("SELECT sum(msisdn) FROM preference"), 1 + 2);
	ck_assert_int_eq(count("SELECT state FROM bond"), 1);
	ck_assert_int_eq(count("SELECT code = 'b' FROM coupon"), 1);
	ck_assert_int_eq(count("SELECT at FROM consent"), 20);
	ck_assert_int_eq(count("SELECT msisdn FROM optout"), 1);
	ck_assert_int_eq(count("SELECT id FROM task"), 1);
	ck_assert_int_eq(count("SELECT at FROM complaint"), 10);
	ck_assert_int_eq(count("SELECT expires_on FROM resource"), 0);
	ck_assert_int_eq(count("SELECT id FROM service_order"), 1);
}
END_TEST

/* A row of each table that has numbers, as the schema stands: a new table is found too. */
static void fill_all_tables(struct buf *names)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *st = NULL;

	store_close(f.store);
	f.store = NULL;
	ck_assert_int_eq(sqlite3_open(raw_path(&f), &db), SQLITE_OK);
	ck_assert_int_eq(
		sqlite3_prepare_v2(
			db,
			"SELECT m.name, group_concat(CASE WHEN c.name = 'msisdn' THEN "
			"'13800000001' WHEN c.type = 'INTEGER' THEN '1' WHEN c.type = "
			"'BLOB' THEN 'x''00''' ELSE '''t''' END) FROM sqlite_schema m, "
			"pragma_table_info(m.name) c WHERE m.type = 'table' GROUP BY "
			"m.name HAVING sum(c.name = 'msisdn')",
			-1, &st, NULL),
		SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW) {
		const char *table = (const char *)sqlite3_column_text(st, 0);
		char sql[1024];

		(void)snprintf(sql, sizeof(sql), "INSERT INTO %s VALUES (%s)", table,
		               (const char *)sqlite3_column_text(st, 1));
		ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK,
		              "%s: %s", sql, sqlite3_errmsg(db));
		buf_printf(names, "%s ", table);
	}
	(void)sqlite3_finalize(st);
	(void)sqlite3_exec(db,
	                   "INSERT INTO outbox (id,state,receipt,at_ms,from_kind,to_kind,"
	                   "from_digits,to_digits,link_group,text) VALUES "
	                   "(1,2,0,0,0,0,'10086','8613800000001','g','t'),"
	                   /* Reminders of him, and of another. */
	                   "(2,2,0,0,0,0,'10086','13800000001','g','t'),"
	                   "(7,2,0,0,0,0,'10086','8613800000001','g','t'),"
	                   "(9,2,0,0,0,0,'10086','13800000002','g','t')",
	                   NULL, NULL, NULL);
	/* Somebody else's orders for him, and for a number that begins like his. */
	(void)sqlite3_exec(
		db,
		"INSERT INTO service_order (id,msisdn,owner_since,kind,package,"
		"state,at,effective_at,fee_fen,inbox,was) VALUES "
		"(2,3,1,'number.act','t',2,1,1,0,1,'13800000001|x|5'),"
		"(3,3,1,'number.act','t',2,1,1,0,1,'138000000011|x|6')",
		NULL, NULL, NULL);
	(void)sqlite3_close(db);
	fixture_open(&f, STORE_OPEN);
}

START_TEST(nothing_personal_of_an_erased_number_stays)
{
	struct store_erasure e = { .msisdn = NUMBER, .pseudonym = -77 };
	struct buf names = buf_make(4096);
	char *save = NULL;

	fill_all_tables(&names);
	ck_assert_ptr_nonnull(strstr(buf_cstr(&names), "inbox "));
	while (!e.ended)
		ck_assert_msg(store_erase_step(f.store, &e, 1) == ERR_OK, "%s",
		              store_fault(f.store));
	ck_assert_int_eq(count("SELECT sum(id) FROM outbox"), 9);
	(void)buf_cstr(&names);
	for (char *t = strtok_r(names.p, " ", &save); t != NULL;
	     t = strtok_r(NULL, " ", &save)) {
		char sql[128];

		(void)snprintf(sql, sizeof(sql),
		               "SELECT count(*) FROM %s WHERE msisdn = 13800000001", t);
		/* What forbids something needs the number. */
		ck_assert_msg(count(sql) == (strcmp(t, "optout") == 0 ||
		                             strcmp(t, "preference") == 0 ||
		                             strcmp(t, "suppressed") == 0),
		              "%s", t);
	}
	buf_free(&names);
	ck_assert_int_eq(e.kept, 10); /* an order of somebody else names him */
	ck_assert_int_eq(count("SELECT msisdn FROM step WHERE folded = ''"), -77);
	ck_assert_int_eq(
		count("SELECT msisdn FROM target WHERE price || why || command = ''"),
		-77);
	ck_assert_int_eq(count("SELECT state FROM target"), 4); /* it was READY */
	ck_assert_int_eq(count("SELECT inbox FROM optout"), 0);
	ck_assert_int_eq(count("SELECT inbox FROM preference"), 0);
	ck_assert_int_eq(count("SELECT msisdn FROM ledger WHERE note = ''"), -77);
	ck_assert_int_eq(count("SELECT msisdn FROM consent WHERE text = ''"), -77);
	ck_assert_int_eq(count("SELECT msisdn FROM service_order WHERE id = 1"), -77);
	ck_assert_int_eq(count("SELECT was = '-77|x|5' FROM service_order WHERE id = 2"),
	                 1);
	ck_assert_int_eq(count("SELECT was LIKE '138000000011%' FROM service_order "
	                       "WHERE id = 3"),
	                 1);
}
END_TEST

START_TEST(erasing_one_number_leaves_the_others)
{
	struct store_erasure e = { .msisdn = NUMBER, .pseudonym = -77 };

	raw(&f, STORY);
	while (!e.ended)
		ck_assert_int_eq(store_erase_step(f.store, &e, 100), ERR_OK);
	ck_assert_int_eq(count("SELECT id FROM inbox"), 3);
	ck_assert_int_eq(count("SELECT count(*) FROM inbox"), 1);
}
END_TEST

SUITE("store/sweep", tcase_add_checked_fixture(tc, setup, teardown);
      tcase_add_test(tc, what_is_old_goes_and_nothing_else);
      tcase_add_test(tc, what_waits_to_be_sent_stays);
      tcase_add_test(tc, evidence_keeps_its_text_and_reply);
      tcase_add_test(tc, what_is_in_force_stays);
      tcase_add_test(tc, nothing_personal_of_an_erased_number_stays);
      tcase_add_test(tc, erasing_one_number_leaves_the_others);)
