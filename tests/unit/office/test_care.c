/*
 * test_care.c - trace, evidence, backup, retention, erasure and doctor, as asked for.
 */
#include <jansson.h>
#include <sodium.h>

#include "../store/raw.h"
#include "fixture.h"
#include "office/errand.h"

static const char *db(void)
{
	return t.url + strlen("sqlite:");
}

static void setup(void)
{
	ck_assert_int_ge(sodium_init(), 0);
	set_up();
}

static void put(const char *sql)
{
	close_office();
	raw_at(db(), sql);
	open_office();
}

/* ---- trace, evidence ---- */

START_TEST(a_trace_is_for_people)
{
	put(STORY);
	ask_well("{\"do\":\"trace\",\"msisdn\":\"+8613800000001\"}");
	assert_said(
		"1970-01-01 08:16:40.000  text      #1        \"KTLL10\" state=answered");
	assert_said(
		"reply     #1        \"10元流量包已开通\" state=done done=\"1970-01-01 "
		"08:16:40.900\" message_id=m1");
	assert_said("charge    #1        request_id=r-1 kind=fee amount=-10.00");
	/* What a subscriber wrote does not drive the terminal. */
	assert_said("\"CX\\u001b[2J\"");
	ck_assert_ptr_null(strchr(t.said, '\x1b'));
	ask_well(
		"{\"do\":\"trace\",\"msisdn\":\"13800000001\",\"colour\":true,\"limit\":1}");
	ck_assert_ptr_nonnull(strchr(t.said, '\x1b'));
	assert_said("(the newest 1 events");
	ask_well("{\"do\":\"trace\",\"msisdn\":\"13700000000\"}");
	assert_said("13700000000: nothing is known");
}
END_TEST

START_TEST(a_code_that_was_given_out_is_no_part_of_a_trace)
{
	put(STORY "UPDATE outbox SET text = 'Code 135791, order 1002' WHERE id = 1;");
	ask_well("{\"do\":\"trace\",\"msisdn\":\"13800000001\"}");
	assert_said("\"Code ******, order 1002\"");
	ck_assert_ptr_null(strstr(t.said, "135791"));
}
END_TEST

START_TEST(a_trace_is_for_programs)
{
	char *save = NULL;
	size_t n = 0;

	put(STORY);
	ask_well(
		"{\"do\":\"trace\",\"msisdn\":\"13800000001\",\"since\":1500,\"json\":true}");
	for (char *line = strtok_r(t.said, "\n", &save); line != NULL;
	     line = strtok_r(NULL, "\n", &save), n++) {
		json_t *o = json_loads(line, JSON_REJECT_DUPLICATES, NULL);

		ck_assert_msg(json_is_object(o), "%s", line);
		ck_assert_int_ge(json_integer_value(json_object_get(o, "at_ms")),
		                 1500000);
		ck_assert(json_is_string(json_object_get(o, "event")));
		json_decref(o);
	}
	ck_assert_uint_eq(n, 4 + 1); /* his stage of life is a tag */
}
END_TEST

static void assert_digest(const char *before)
{
	uint8_t hash[crypto_hash_sha256_BYTES];
	char hex[2 * sizeof(hash) + 1];
	char *last = strstr(t.said, before);

	ck_assert_ptr_nonnull(last);
	(void)crypto_hash_sha256(hash, (const uint8_t *)t.said,
	                         (unsigned long long)(last - t.said));
	(void)sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	ck_assert_msg(strstr(last, hex) != NULL, "%s is not %s", last, hex);
}

START_TEST(evidence_ends_with_its_digest)
{
	put(STORY);
	ask_well("{\"do\":\"evidence\",\"msisdn\":\"13800000001\",\"order\":7}");
	assert_said("Evidence of 13800000001");
	assert_said("text_received=KTLL10");
	assert_said("reply_sent=\"10元流量包已开通\"");
	assert_digest("SHA-256 of the lines above: ");
	ask_well("{\"do\":\"evidence\",\"msisdn\":\"13800000001\",\"code\":\"LL10\","
	         "\"json\":true}");
	assert_digest("{\"sha256\":");
}
END_TEST

START_TEST(wrong_fields_are_named)
{
	static const struct {
		const char *request, *words;
	} cases[] = {
		{ "{\"do\":\"trace\"}", "msisdn" },
		{ "{\"do\":\"trace\",\"msisdn\":\"13800000001\",\"limit\":0}", "limit" },
		{ "{\"do\":\"trace\",\"msisdn\":\"13800000001\",\"limit\":1001}",
		  "limit" },
		{ "{\"do\":\"trace\",\"msisdn\":\"13800000001\",\"json\":1}", "json" },
		{ "{\"do\":\"evidence\",\"msisdn\":\"13800000001\",\"order\":\"7\"}",
		  "order" },
		{ "{\"do\":\"evidence\",\"msisdn\":\"13800000001\",\"code\":7}", "code" },
		{ "{\"do\":\"backup\"}", "path" },
		{ "{\"do\":\"backup\",\"path\":\"a.db\"}", "begins with /" },
		{ "{\"do\":\"backup\",\"path\":\"/a.db\",\"force\":\"yes\"}", "force" },
		{ "{\"do\":\"retention\",\"now\":-1}", "now" },
		{ "{\"do\":\"retention\",\"dry_run\":0}", "dry_run" },
		{ "{\"do\":\"erase\",\"msisdn\":\"x\"}", "msisdn" },
		{ "{\"do\":\"doctor\",\"full\":null}", "full" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct fault fault;

		ck_assert_int_eq(ask(cases[i].request, &fault), ERR_SYNTAX);
		ck_assert_msg(strstr(fault.text, cases[i].words) != NULL, "%s: %s",
		              cases[i].request, fault.text);
	}
}
END_TEST

/* ---- backup ---- */

/* Between two pieces a text is answered. */
static enum err write_busily(void *ctx, enum err (*work)(struct store *s, void *arg),
                             void *arg)
{
	struct arena a = arena_make(1 << 20);
	struct changes c = { .arena = &a };
	const enum err e = write_now(ctx, work, arg);

	changes_add(&c, inbox, text_in(10000 + t.pieces, t.pieces, 1));
	ck_assert_int_eq(store_begin(t.store), ERR_OK);
	ck_assert_int_eq(store_record(t.store, &c), ERR_OK);
	ck_assert_int_eq(store_commit(t.store), ERR_OK);
	arena_free(&a);
	return e;
}

static bool is_always(void *ctx)
{
	(void)ctx;
	return true;
}

static enum err back_up(const char *name, bool force, struct fault *fault)
{
	char request[512];

	(void)snprintf(request, sizeof(request),
	               "{\"do\":\"backup\",\"path\":\"%s/%s\",\"force\":%s}", t.folder,
	               name, force ? "true" : "false");
	return ask(request, fault);
}

static const char *in_folder(const char *name)
{
	static char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", t.folder, name);
	return path;
}

/* Enough rows for some pieces. */
static void fill_store(void)
{
	put("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000) "
	    "INSERT INTO inbox SELECT i,1,0,1,i,1000*i,13800000001,0,0,0,'a','b','g',"
	    "'a text of some length so that pages fill up soon enough','','','' FROM n");
}

START_TEST(a_backup_is_taken_while_texts_are_answered)
{
	struct fault fault;
	int64_t rows_then;

	fill_store();
	t.host.write = write_busily;
	t.host.is_busy = is_always;
	ck_assert_msg(back_up("b.db", false, &fault) == ERR_OK, "%s", fault.text);
	assert_said("/b.db: ");
	assert_said(" pages, ");
	assert_said(", checked");
	ck_assert_int_gt(t.pieces, 4);
	/* The last pieces, which let go of the copy and note it, are behind it. */
	rows_then = raw_int(db(), "SELECT count(*) FROM inbox");
	ck_assert_int_ge(raw_int(in_folder("b.db"), "SELECT count(*) FROM inbox"),
	                 rows_then - 3);
	ck_assert_int_ne(access(in_folder("b.db.part"), F_OK), 0);
}
END_TEST

/* Of the copy: how often it was synced, and the most that it grew between two of them. */
static struct {
	int n;
	off_t size, most;
} synced;

/* In the place of the library's. */
int fdatasync(int fd)
{
	char link[64], path[256] = "";
	struct stat st;

	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	if (readlink(link, path, sizeof(path) - 1) > 0 && strstr(path, ".part") != NULL) {
		ck_assert_int_eq(fstat(fd, &st), 0);
		synced.most = st.st_size - synced.size > synced.most
		                      ? st.st_size - synced.size
		                      : synced.most;
		synced.size = st.st_size;
		synced.n++;
	}
	return fsync(fd);
}

/* Commits wait behind what the disk is still to write. */
START_TEST(while_texts_come_in_the_disk_is_given_little_at_once)
{
	struct fault fault;

	for (int i = 0; i < 12; i++)
		put("INSERT INTO setting SELECT 'blob' || (SELECT count(*) FROM setting), "
		    "randomblob(1048576)");
	t.host.is_busy = is_always;
	ck_assert_msg(back_up("b.db", false, &fault) == ERR_OK, "%s", fault.text);
	ck_assert_int_ge(synced.n, 6);
	ck_assert_int_le(synced.most, 4 << 20); /* SQLite holds two of them back */
}
END_TEST

START_TEST(the_last_backup_is_known_also_to_the_next_process)
{
	struct office_figures figures = { 0 }, later = { 0 };
	struct errands *e;
	struct fault fault;

	t.host.figures = &figures;
	ck_assert_int_eq(back_up("b.db", false, &fault), ERR_OK);
	ck_assert_uint_gt(metric_get(&figures.backup.at), 0);
	ck_assert_uint_gt(metric_get(&figures.backup.size), 4096);
	ck_assert_int_eq(back_up("b.db", false, &fault), ERR_EXISTS); /* is none */
	close_office();
	open_office();
	t.host.figures = &later;
	e = errands_create(t.conf, NULL, clock_machine());
	(void)errands_run(e, &t.host, clock_machine());
	ck_assert_uint_eq(metric_get(&later.backup.at), metric_get(&figures.backup.at));
	ck_assert_uint_eq(metric_get(&later.backup.size),
	                  metric_get(&figures.backup.size));
	ck_assert_uint_eq(metric_get(&later.import[STORE_USAGE].at), 0);
	errands_destroy(e);
}
END_TEST

START_TEST(a_backup_replaces_nothing_unasked)
{
	struct fault fault;
	struct stat st;

	ck_assert_int_eq(back_up("b.db", false, &fault), ERR_OK);
	ck_assert_int_eq(stat(in_folder("b.db"), &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777U, 0600);
	ck_assert_int_eq(back_up("b.db", false, &fault), ERR_EXISTS);
	ck_assert_ptr_nonnull(strstr(fault.text, "--force"));
	ck_assert_int_eq(back_up("b.db", true, &fault), ERR_OK);
	put_file("letter.txt", "dear all");
	ck_assert_int_eq(back_up("letter.txt", true, &fault), ERR_EXISTS);
	ck_assert_int_eq(back_up("hall.db", true, &fault), ERR_EXISTS);
	ck_assert_ptr_nonnull(strstr(fault.text, "the store itself"));
	ck_assert_int_eq(back_up("none/b.db", false, &fault), ERR_IO);
}
END_TEST

START_TEST(a_backup_that_ends_early_leaves_nothing)
{
	struct fault fault;

	fill_store();
	t.pieces_until = 2;
	ck_assert_int_eq(back_up("b.db", false, &fault), ERR_STATE);
	ck_assert_ptr_nonnull(strstr(fault.text, "process ends"));
	ck_assert_int_ne(access(in_folder("b.db"), F_OK), 0);
	ck_assert_int_ne(access(in_folder("b.db.part"), F_OK), 0);
}
END_TEST

/* ---- retention, erasure ---- */

/* T17: the clock jumps, and what was kept long enough is gone. */
START_TEST(after_200_days_the_texts_are_gone)
{
	put(STORY
	    "INSERT INTO inbox VALUES (4,1,0,9,14,4000000,13800000001,0,0,0,'a','b',"
	    "'g','bye','','','');"
	    "INSERT INTO detail VALUES (13800000001,4000,0,'10010',1577808000,60,0);"
	    "UPDATE outbox SET state = 2;");
	ask_well("{\"do\":\"retention\",\"now\":8640000}"); /* 100 days */
	ck_assert_uint_eq(rows("inbox"), 4);
	ask_well(
		"{\"do\":\"retention\",\"now\":17280000,\"dry_run\":true}"); /* 200 days */
	assert_said("inbox                 2 rows older than 180 days would go");
	assert_said("detail                1 rows older than 190 days would go");
	ck_assert_uint_eq(rows("inbox"), 4);
	ask_well("{\"do\":\"retention\",\"now\":17280000}");
	assert_said("inbox                 2 rows older than 180 days are gone");
	/* The texts of the order and of the opt-out are evidence. */
	ck_assert_uint_eq(rows("inbox"), 2);
	ck_assert_uint_eq(rows("outbox"), 2);
	ck_assert_uint_eq(rows("ledger"), 1);
	ck_assert_int_eq(raw_int(db(), "SELECT count(*) FROM detail"), 0);
	ask_well("{\"do\":\"retention\",\"now\":172800000}"); /* 2,000 days */
	ask_well("{\"do\":\"retention\",\"now\":172800000}"); /* texts behind evidence */
	ck_assert_uint_eq(rows("ledger"), 0);
	ck_assert_uint_eq(rows("optout"), 1);
	ck_assert_uint_eq(rows("inbox"), 1);
}
END_TEST

START_TEST(retention_goes_in_small_pieces)
{
	fill_store();
	t.host.is_busy = is_always;
	ask_well("{\"do\":\"retention\",\"now\":172800000}");
	ck_assert_uint_eq(rows("inbox"), 0);
	ck_assert_int_gt(t.pieces, 5);
}
END_TEST

START_TEST(an_erased_number_is_known_by_its_pseudonym)
{
	char first[512];
	const char *at;

	put(STORY);
	ask_well("{\"do\":\"erase\",\"msisdn\":\"13800000001\"}");
	assert_said("rows are gone");
	at = strstr(t.said, "pseudonym -");
	ck_assert_ptr_nonnull(at);
	(void)snprintf(first, sizeof(first), "%s", at);
	ask_well("{\"do\":\"trace\",\"msisdn\":\"13800000001\"}");
	ck_assert_ptr_null(strstr(t.said, "KTLL10"));
	ask_well("{\"do\":\"erase\",\"msisdn\":\"13800000001\"}");
	assert_said(first);
	ask_well("{\"do\":\"erase\",\"msisdn\":\"13800000002\"}");
	ck_assert_ptr_null(strstr(t.said, first));
}
END_TEST

/* ---- doctor ---- */

START_TEST(the_doctor_says_what_to_watch)
{
	put(STORY);
	ck_assert_int_eq(chmod(db(), 0644), 0);
	ask_well("{\"do\":\"doctor\",\"now\":1000}");
	assert_said("ok     store        ");
	assert_said("watch  file         mode 644");
	assert_said("watch  clock        the newest text is 2000 s in the future");
	assert_said("ok     outbox       the oldest message to be sent waits");
	assert_said("inbox 3,");
	assert_said("ok     last stop    was clean");
	ck_assert_ptr_null(strstr(t.said, "pages        no damage"));
	ck_assert_int_eq(chmod(db(), 0600), 0);
	ask_well("{\"do\":\"doctor\",\"now\":4000,\"full\":true}");
	assert_said("ok     file         mode 600");
	assert_said("ok     clock        ");
	assert_said("watch  outbox       ");
	assert_said("ok     pages        no damage");
}
END_TEST

#define ORDER(id, state, fen, points)                                                    \
	"INSERT INTO service_order (id, msisdn, owner_since, kind, package, state, at, " \
	"effective_at, fee_fen, inbox, charged_fen, charged_points) VALUES (" id         \
	", 1, 0, 'service.open', 'CL', " state ", 1, 1, 0, 0, " fen ", " points ");"
#define MOVED(id, fen, points)                                                           \
	"INSERT INTO ledger (request_id, msisdn, owner_since, at, kind, amount_fen, "    \
	"inbox, note, points, order_id) VALUES ('" id "', 1, 0, 1, 'service.open', " fen \
	", 0, '', " points ", 0);"

/* Each case is what a store may hold, and what is said of it. */
START_TEST(the_doctor_proves_the_ledger)
{
	static const struct {
		const char *sql, *said;
	} cases[] = {
		{ ORDER("1", "2", "500", "0") MOVED("o1", "-500", "0"),
		  "ok     ledger       all of 1 orders" },
		{ ORDER("2", "4", "500", "7") MOVED("o2", "-500", "-7")
		          MOVED("o2-back", "500", "7"),
		  "ok     ledger       all of 2 orders" },
		{ ORDER("3", "2", "0", "0"), "ok     ledger       all of 3 orders" },
		{ ORDER("4", "2", "500", "0"), "1 did not, such as order 4" },
		{ ORDER("5", "4", "0", "9") MOVED("o5", "0", "-9"),
		  "2 did not, such as order 4" },
		/* By the number itself; by another one that has no order for it, and has. */
		{ ORDER("16", "2", "0",
		        "0") "UPDATE service_order SET prompt = 50, inbox = 60 WHERE id = 16;"
		             "INSERT INTO step (msisdn, owner_since, at, kind, dialogue, inbox, "
		             "order_id, folded, price) SELECT msisdn, 0, 1, 1, 50, 60, 0, '', '' "
		             "FROM service_order WHERE id = 16;",
		  "such as order 4; points" },
		{ "UPDATE step SET msisdn = 99 WHERE dialogue = 50;",
		  "1 were confirmed by a stranger, such as order 16" },
		{ "INSERT INTO service_order (id, msisdn, owner_since, kind, package, "
		  "state, at, effective_at, fee_fen, inbox, was) SELECT 17, 99, 0, "
		  "'number.act', '', 2, 1, 1, 0, 60, msisdn || '|x|16' "
		  "FROM service_order WHERE id = 16;",
		  "such as order 4; points" },
		{ "INSERT INTO tool_sale (tool, msisdn, owner_since, at, inbox, order_id, "
		  "remaining) VALUES ('flash.A', 1, 0, 1, 1, 1, 0);"
		  "INSERT INTO tool_stock VALUES ('flash.A', 1, 0);",
		  "points below 0 of 0 numbers, 1 stocks oversold, 0 coupons" },
		{ "INSERT INTO coupon VALUES ('A1', 1, 0, 'J5', 1, 9, 2, 5);",
		  "1 coupons used by orders undone" },
		{ "INSERT INTO account VALUES (1, 0, 0, 0, 5, 1);",
		  "points below 0 of 1 numbers" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		put(cases[i].sql);
		ask_well("{\"do\":\"doctor\",\"now\":4000,\"full\":true}");
		assert_said(cases[i].said);
	}
}
END_TEST

START_TEST(the_doctor_finds_damage)
{
	struct fault fault;
	char command[256];

	fill_store();
	close_office();
	(void)snprintf(command, sizeof(command),
	               "dd if=/dev/urandom of=%s/hall.db bs=4096 seek=200 count=20 "
	               "conv=notrunc 2>/dev/null",
	               t.folder);
	ck_assert_int_eq(system(command), 0);
	open_office();
	ck_assert_int_eq(ask("{\"do\":\"doctor\",\"full\":true}", &fault), ERR_CORRUPT);
	assert_said("BAD    pages        the store is damaged");
	ck_assert_ptr_nonnull(strstr(fault.text, "restore"));
}
END_TEST

SUITE("office/care", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_checked_fixture(tc, setup, tear_down);
      tcase_add_test(tc, a_trace_is_for_people);
      tcase_add_test(tc, a_trace_is_for_programs);
      tcase_add_test(tc, a_code_that_was_given_out_is_no_part_of_a_trace);
      tcase_add_test(tc, evidence_ends_with_its_digest);
      tcase_add_test(tc, wrong_fields_are_named);
      tcase_add_test(tc, a_backup_is_taken_while_texts_are_answered);
      tcase_add_test(tc, while_texts_come_in_the_disk_is_given_little_at_once);
      tcase_add_test(tc, the_last_backup_is_known_also_to_the_next_process);
      tcase_add_test(tc, a_backup_replaces_nothing_unasked);
      tcase_add_test(tc, a_backup_that_ends_early_leaves_nothing);
      tcase_add_test(tc, after_200_days_the_texts_are_gone);
      tcase_add_test(tc, retention_goes_in_small_pieces);
      tcase_add_test(tc, an_erased_number_is_known_by_its_pseudonym);
      tcase_add_test(tc, the_doctor_says_what_to_watch);
      tcase_add_test(tc, the_doctor_proves_the_ledger);
      tcase_add_test(tc, the_doctor_finds_damage);)
