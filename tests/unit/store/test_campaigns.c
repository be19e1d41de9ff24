/*
 * test_campaigns.c - campaigns, their targets, and what a number got.
 */
#include "campaigns_fixture.h"
#include "raw.h"

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

static struct campaign_row read_campaign(const char *code)
{
	struct store_reader *r = reader_of(&f);
	struct fault fault = { "" };
	struct campaign_row *rows = NULL;
	size_t n = 0;

	ck_assert_msg(store_campaigns(r, &f.arena, str_of(code), &rows, &n, &fault) ==
	                      ERR_OK,
	              "%s", fault.text);
	ck_assert_uint_eq(n, 1);
	store_reader_close(r);
	return rows[0];
}

static struct target_row read_target(int64_t campaign, int64_t msisdn)
{
	struct store_reader *r = reader_of(&f);
	struct fault fault = { "" };
	struct target_row *rows = NULL;
	int64_t after = msisdn - 1;
	size_t n = 0;

	ck_assert_int_eq(store_campaign_targets(r, &f.arena, campaign, &after, 1, &rows,
	                                        &n, &fault),
	                 ERR_OK);
	ck_assert_int_eq(after, msisdn);
	store_reader_close(r);
	return rows[0];
}

/* ---- campaigns ---- */

START_TEST(a_campaign_comes_back_as_it_was)
{
	struct campaign_row c = campaign_of("LL10-1"), got;

	c.id = put_campaign(&f, c);
	got = read_campaign("LL10-1");
	ck_assert_int_eq(c.id, 1);
	ck_assert_int_eq(got.id, 1);
	assert_text(got.code, "LL10-1");
	assert_text(got.text, "campaign = { };");
	assert_text(got.hash, "abc");
	ck_assert_uint_eq(got.category, PREF_DATA);
	ck_assert_int_eq(got.state, CAMPAIGN_RUNNING);
	assert_text(got.owner, "anna");
	assert_text(got.submitted_by, "anna");
	assert_text(got.approved_by, "boris");
	assert_text(got.approval, "4711");
	ck_assert_mem_eq(got.salt, c.salt, CAMPAIGN_SALT);
	ck_assert_int_eq(got.allowed, 100);
	ck_assert_int_eq(got.step_at, 5);
	ck_assert_int_eq(got.drawn_at, 6);
	ck_assert_int_eq(got.drawn_after, 7);
	ck_assert_int_eq(got.at, 8);
	assert_text(got.why, "because");
}
END_TEST

/* Whoever puts one that he has read before a turn sent does not take that back. */
START_TEST(what_was_sent_is_counted_by_turns_alone)
{
	struct campaign_row c = campaign_of("A");

	c.sent = 99;
	c.id = put_campaign(&f, c);
	ck_assert_int_eq(read_campaign("A").sent, 0);
	changes_add(&f.changes, campaigns_sent, (struct campaign_sent){ c.id, 3, 5 });
	changes_add(&f.changes, campaigns_sent, (struct campaign_sent){ c.id, 1, 4 });
	commit_changes(&f);
	c.state = CAMPAIGN_PAUSED;
	(void)put_campaign(&f, c);
	ck_assert_int_eq(read_campaign("A").sent, 4);
	ck_assert_int_eq(read_campaign("A").segments, 9);
	ck_assert_int_eq(read_campaign("A").state, CAMPAIGN_PAUSED);
}
END_TEST

START_TEST(codes_are_unique_and_ids_end)
{
	struct campaign_row a = campaign_of("A"), b = campaign_of("B"),
			    again = campaign_of("A");

	(void)put_campaign(&f, a);
	b.id = put_campaign(&f, b);
	ck_assert_int_eq(try_campaign(&f, &again, NULL), ERR_EXISTS);
	ck_assert_int_eq(again.id, 0);
	again.id = b.id; /* B becomes A */
	ck_assert_int_eq(try_campaign(&f, &again, NULL), ERR_EXISTS);
	ck_assert_int_eq(read_campaign("B").id, b.id);
	raw(&f, "UPDATE campaign SET id = 9999 WHERE code = 'B'");
	again = campaign_of("C");
	ck_assert_int_eq(try_campaign(&f, &again, NULL), ERR_FULL);
}
END_TEST

START_TEST(steps_are_kept_in_order)
{
	struct campaign_row c = campaign_of("A");
	struct campaign_step *rows = NULL;
	struct store_reader *r;
	struct fault fault = { "" };
	size_t n = 0;

	for (int i = 0; i < 3; i++) {
		const struct campaign_step step = { .campaign = 4711, /* c's counts */
			                            .at = 30 - i,
			                            .deed = (enum campaign_deed)i,
			                            .state = CAMPAIGN_SUBMITTED,
			                            .by = STR("anna"),
			                            .hash = STR("h"),
			                            .note = STR("n") };

		ck_assert_int_eq(try_campaign(&f, &c, &step), ERR_OK);
	}
	r = reader_of(&f);
	ck_assert_int_eq(store_campaign_steps(r, &f.arena, c.id, &rows, &n, &fault),
	                 ERR_OK);
	ck_assert_uint_eq(n, 3);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(rows[i].campaign, c.id);
		ck_assert_int_eq(rows[i].at, 30 - i);
		ck_assert_int_eq(rows[i].deed, i);
		ck_assert_int_eq(rows[i].state, CAMPAIGN_SUBMITTED);
		assert_text(rows[i].by, "anna");
		assert_text(rows[i].note, "n");
	}
	store_reader_close(r);
}
END_TEST

START_TEST(running_ones_are_given)
{
	struct campaign_row *rows = NULL, c;
	size_t n = 0;

	for (int i = 0; i < CAMPAIGN_STATES; i++) {
		char code[16];

		(void)snprintf(code, sizeof(code), "C%d", i);
		c = campaign_of(code);
		c.state = (enum campaign_state)i;
		(void)put_campaign(&f, c);
	}
	ck_assert_int_eq(store_running_campaigns(f.store, &f.arena, &rows, &n), ERR_OK);
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(rows[0].id, CAMPAIGN_RUNNING + 1);
}
END_TEST

/* ---- targets ---- */

START_TEST(a_number_is_a_target_once)
{
	struct target_row t[3] = { target_of(1, NUMBER, TARGET_READY),
		                   target_of(1, NUMBER + 1, TARGET_HELD),
		                   target_of(2, NUMBER, TARGET_READY) };
	struct target_row got;

	t[1].reason = 3;
	t[1].arm = 254;
	ck_assert_uint_eq(put_targets(&f, t, 2), 2);
	t[0].offer = STR("other");
	ck_assert_uint_eq(put_targets(&f, t, 3), 1);
	got = read_target(1, NUMBER + 1);
	ck_assert_int_eq(got.owner_since, SINCE);
	ck_assert_int_eq(got.place, t[1].place);
	ck_assert_int_eq(got.state, TARGET_HELD);
	ck_assert_uint_eq(got.reason, 3);
	ck_assert_uint_eq(got.arm, 254);
	assert_text(got.command, "service.open code=LL10");
	assert_text(got.saving, "1200");
	assert_text(got.why, "you used more");
	assert_text(got.price, "1000");
	ck_assert_int_eq(got.value_li, 77);
	ck_assert_int_eq(got.at, NOW);
	assert_text(read_target(1, NUMBER).offer, "LL10");
}
END_TEST

/* Pages of the ready ones together are all of them, in order of place. */
START_TEST(ready_ones_come_in_order_and_are_dropped)
{
	struct target_row t[50], *rows = NULL;
	int64_t after = -1;
	size_t n = 0, seen = 0;

	for (int i = 0; i < 50; i++)
		t[i] = target_of(1, NUMBER + i, i % 5 == 0 ? TARGET_HELD : TARGET_READY);
	(void)put_targets(&f, t, 50);
	do {
		ck_assert_int_eq(
			store_ready_targets(f.store, &f.arena, 1, after, 7, &rows, &n),
			ERR_OK);
		for (size_t i = 0; i < n; i++) {
			ck_assert_int_gt(rows[i].place, after);
			ck_assert_int_eq(rows[i].state, TARGET_READY);
			after = rows[i].place;
		}
		seen += n;
	} while (n > 0);
	ck_assert_uint_eq(seen, 40);
	ck_assert_int_eq(store_begin(f.store), ERR_OK);
	ck_assert_int_eq(store_drop_targets(f.store, 1, NOW + 9, 30, &n), ERR_OK);
	ck_assert_uint_eq(n, 30);
	ck_assert_int_eq(store_drop_targets(f.store, 1, NOW + 9, 30, &n), ERR_OK);
	ck_assert_uint_eq(n, 10);
	ck_assert_int_eq(store_commit(f.store), ERR_OK);
	ck_assert_int_eq(read_target(1, NUMBER).state, TARGET_HELD);
	ck_assert_int_eq(read_target(1, NUMBER + 1).state, TARGET_DROPPED);
	ck_assert_int_eq(read_target(1, NUMBER + 1).at, NOW + 9);
}
END_TEST

START_TEST(the_first_answer_counts)
{
	const struct target_row t = target_of(1, NUMBER, TARGET_READY);

	(void)put_targets(&f, &t, 1);
	for (int i = 0; i < 3; i++) {
		changes_add(&f.changes, target_replies,
		            (struct target_reply){ 1, NUMBER, NOW + 10 + i });
		commit_changes(&f);
		if (i == 0) { /* nothing was sent that he could answer */
			ck_assert_int_eq(read_target(1, NUMBER).replied_at, 0);
			send_target(&f, t, 9);
		}
	}
	ck_assert_int_eq(read_target(1, NUMBER).replied_at, NOW + 11);
}
END_TEST

/* A stop before the commit: neither target nor message nor sum; after it, all three. */
START_TEST(a_turn_that_ends_before_its_commit_has_sent_nothing)
{
	struct target_row t = target_of(1, NUMBER, TARGET_READY), *rows = NULL;
	size_t n = 0;

	(void)put_campaign(&f, campaign_of("A"));
	(void)put_targets(&f, &t, 1);
	t.state = TARGET_SENT;
	t.outbox = 9;
	changes_add(&f.changes, outbox, reply_out(9));
	changes_add(&f.changes, targets, t);
	changes_add(&f.changes, campaigns_sent, (struct campaign_sent){ 1, 1, 1 });
	ck_assert_int_eq(store_begin(f.store), ERR_OK);
	ck_assert_int_eq(store_record(f.store, &f.changes), ERR_OK);
	fixture_reset_changes(&f);
	raw(&f, ""); /* closed, which commits nothing, and opened */
	ck_assert_int_eq(read_target(1, NUMBER).state, TARGET_READY);
	ck_assert_int_eq(read_campaign("A").sent, 0);
	t.state = TARGET_READY;
	send_target(&f, t, 9);
	raw(&f, "");
	ck_assert_int_eq(store_ready_targets(f.store, &f.arena, 1, -1, 9, &rows, &n),
	                 ERR_OK);
	ck_assert_uint_eq(n, 0);
	t.state = TARGET_READY; /* drawn again */
	ck_assert_uint_eq(put_targets(&f, &t, 1), 0);
	ck_assert_int_eq(read_target(1, NUMBER).state, TARGET_SENT);
	ck_assert_int_eq(read_campaign("A").sent, 1);
}
END_TEST

/* ---- what a number got ---- */

static void touch(int64_t msisdn, int64_t at)
{
	char sql[160];

	(void)snprintf(sql, sizeof(sql),
	               "INSERT INTO touch VALUES (%lld,%lld,'call','',0)",
	               (long long)msisdn, (long long)at);
	raw(&f, sql);
}

/* By outcome: whether it counts, as what offer, and whether he said no. */
static const struct {
	int outcome;
	bool counts, refused;
	const char *offer;
} ended[TOUCH_OUTCOMES] = {
	{ TOUCH_REACHED, true, false, "CL" },
	{ TOUCH_MISSED, false, false, NULL },
	{ TOUCH_INTERESTED, true, false, "" },
	{ TOUCH_REFUSED, true, true, "CL" },
};

START_TEST(a_call_counts_by_how_it_ended)
{
	const struct subscriber_row row = person(NUMBER, SINCE);
	struct dossier d;
	char sql[160];

	put_person(&f, &row);
	(void)snprintf(sql, sizeof(sql),
	               "INSERT INTO touch VALUES (%lld,%lld,'call','CL',%d)",
	               (long long)NUMBER, (long long)NOW, ended[_i].outcome);
	raw(&f, sql);
	d = pushes_of(&f, NUMBER, NOW);
	ck_assert_uint_eq(d.n_pushes, ended[_i].counts);
	if (d.n_pushes == 0)
		return;
	ck_assert_int_eq(d.push[0].campaign, 0);
	assert_text(d.push[0].offer, ended[_i].offer);
	ck_assert_int_eq(d.push[0].refused, ended[_i].refused);
}
END_TEST

START_TEST(pushes_are_the_newest_of_this_owner)
{
	const struct subscriber_row row = person(NUMBER, SINCE);
	struct dossier d;

	put_person(&f, &row);
	for (int i = 0; i < PUSHES_KEPT + 5; i++) {
		struct campaign_row c = campaign_of("");
		char code[16];
		struct target_row t;

		(void)snprintf(code, sizeof(code), "C%d", i);
		c.code = str_of(code);
		c.category = (unsigned)i % PREF_CATEGORIES;
		c.service = i % 3 == 0;
		t = target_of(put_campaign(&f, c), NUMBER, TARGET_READY);
		t.at = NOW + i;
		t.until = t.at + 100;
		if (i == 3)
			t.at = NOW - PUSHES_DAYS * 86400 - 1; /* too old */
		if (i == 4)
			t.owner_since--; /* another's */
		if (i == PUSHES_KEPT + 4)
			(void)put_targets(&f, &t, 1); /* not sent */
		else
			send_target(&f, t, 100 + i);
	}
	touch(NUMBER, NOW + 31);
	touch(NUMBER, SINCE - 1);
	touch(NUMBER + 1, NOW + 31);
	d = pushes_of(&f, NUMBER, NOW);
	ck_assert_uint_eq(d.n_pushes, PUSHES_KEPT + 3);
	ck_assert_int_eq(d.push[0].at, NOW + PUSHES_KEPT + 3);
	ck_assert_int_eq(d.push[0].campaign, PUSHES_KEPT + 4);
	ck_assert_int_eq(d.push[0].outbox, 100 + PUSHES_KEPT + 3);
	ck_assert_uint_eq(d.push[0].category, (PUSHES_KEPT + 3) % PREF_CATEGORIES);
	assert_text(d.push[0].offer, "LL10");
	assert_text(d.push[0].command, "service.open code=LL10");
	assert_text(d.push[0].price, "1000");
	assert_text(d.push[0].why, "you used more");
	ck_assert_int_eq(d.push[0].until, NOW + PUSHES_KEPT + 103);
	for (size_t i = 0; i < d.n_pushes; i++)
		ck_assert_int_eq(d.push[i].service,
		                 d.push[i].campaign > 0 &&
		                         (d.push[i].campaign - 1) % 3 == 0);
	for (size_t i = 1; i < d.n_pushes; i++) {
		ck_assert_int_le(d.push[i].at, d.push[i - 1].at);
		if (d.push[i].campaign == 0) {
			ck_assert_int_eq(d.push[i].at, NOW + 31);
			ck_assert_uint_eq(d.push[i].category, PREF_CATEGORIES);
		}
	}
	ck_assert_int_eq(d.push[d.n_pushes - 1].at, NOW);
}
END_TEST

/* Notices and what others sent had displaced the offer that "1" was meant for. */
START_TEST(notices_displace_no_offer)
{
	const struct subscriber_row row = person(NUMBER, SINCE);
	struct dossier d;

	put_person(&f, &row);
	for (int i = 0; i < PUSHES_KEPT + 4; i++) {
		struct campaign_row c = campaign_of("");
		char code[16];
		struct target_row t;

		(void)snprintf(code, sizeof(code), "C%d", i);
		c.code = str_of(code);
		c.service = i > 0;
		t = target_of(put_campaign(&f, c), NUMBER, TARGET_READY);
		t.at = NOW + i;
		send_target(&f, t, 100 + i);
		touch(NUMBER, NOW + 100 + i);
	}
	d = pushes_of(&f, NUMBER, NOW);
	ck_assert_uint_eq(d.n_pushes, 2 * PUSHES_KEPT + 1);
	ck_assert(!d.push[d.n_pushes - 1].service);
	ck_assert_int_eq(d.push[d.n_pushes - 1].campaign, 1);
	ck_assert_int_eq(d.push[0].at, NOW + 100 + PUSHES_KEPT + 3);
	ck_assert_int_eq(d.push[PUSHES_KEPT].at, NOW + PUSHES_KEPT + 3);
}
END_TEST

static int64_t moves(const char *where)
{
	char sql[200];

	(void)snprintf(sql, sizeof(sql), "SELECT count(*) FROM package_move WHERE %s",
	               where);
	return raw_int(raw_path(&f), sql);
}

/* What a list says of main packages, against what is known. */
START_TEST(a_package_changed_elsewhere_is_noted)
{
	struct subscriber_row row = person(NUMBER, SINCE);

	row.sub.package = STR("58");
	row.account.as_of = NOW;
	put_person(&f, &row);
	put_person(&f, &row);
	ck_assert_int_eq(moves("1"), 0);
	row.sub.package = STR("88");
	row.account.as_of = NOW + 5;
	put_person(&f, &row);
	put_person(&f, &row);
	ck_assert_int_eq(moves("1"), 1);
	ck_assert_int_eq(moves("msisdn > 0 AND was = '58' AND package = '88'"), 1);
	row.sub.package = STR("");
	row.account.as_of = NOW + 6;
	put_person(&f, &row);
	ck_assert_int_eq(moves("1"), 1);
	row = person(NUMBER, SINCE + 5);
	row.sub.package = STR("58");
	put_person(&f, &row);
	ck_assert_int_eq(moves("1"), 0);
}
END_TEST

/* Drawn anew: who was sent to stays, whatever is forgotten, a few at a time. */
START_TEST(forgotten_but_for_what_was_sent)
{
	struct target_row t[TARGET_STATES * 3];
	size_t n = 0, all = 0;

	(void)put_campaign(&f, campaign_of("A"));
	(void)put_campaign(&f, campaign_of("B"));
	for (size_t i = 0; i < COUNT_OF(t); i++)
		t[i] = target_of(1, NUMBER + (int64_t)i,
		                 (enum target_state)(i % TARGET_STATES));
	(void)put_targets(&f, t, COUNT_OF(t));
	for (size_t i = 0; i < COUNT_OF(t); i++)
		t[i].campaign = 2;
	(void)put_targets(&f, t, COUNT_OF(t));
	do {
		ck_assert_int_eq(store_begin(f.store), ERR_OK);
		ck_assert_int_eq(store_forget_targets(f.store, 1, 5, &n), ERR_OK);
		ck_assert_int_eq(store_commit(f.store), ERR_OK);
		ck_assert_uint_le(n, 5);
		all += n;
	} while (n == 5);
	ck_assert_uint_eq(all, COUNT_OF(t) - 3);
	ck_assert_int_eq(raw_int(raw_path(&f),
	                         "SELECT count(*) FROM target WHERE campaign = 1 "
	                         "AND state = 3"),
	                 3);
	ck_assert_int_eq(
		raw_int(raw_path(&f), "SELECT count(*) FROM target WHERE campaign = 2"),
		COUNT_OF(t));
}
END_TEST

START_TEST(a_new_owner_sees_nothing_and_gets_none_twice)
{
	struct subscriber_row row = person(NUMBER, SINCE);
	const struct target_row t = target_of(1, NUMBER, TARGET_READY);
	struct target_row got;

	put_person(&f, &row);
	(void)put_campaign(&f, campaign_of("A"));
	(void)put_campaign(&f, campaign_of("B"));
	send_target(&f, t, 9);
	touch(NUMBER, NOW);
	ck_assert_uint_eq(pushes_of(&f, NUMBER, NOW).n_pushes, 2);
	row = person(NUMBER, SINCE + 5);
	put_person(&f, &row);
	ck_assert_uint_eq(pushes_of(&f, NUMBER, NOW).n_pushes, 0);
	got = read_target(1, NUMBER);
	ck_assert_int_eq(got.state, TARGET_SENT);
	assert_text(got.command, "");
	assert_text(got.why, "");
	assert_text(got.price, "");
	ck_assert_uint_eq(put_targets(&f, &t, 1), 0);
}
END_TEST

START_TEST(the_blacklist_is_of_numbers)
{
	const int64_t numbers[] = { NUMBER, NUMBER + 1 };
	struct subscriber_row row = person(NUMBER, SINCE);

	put_person(&f, &row);
	ck_assert(!pushes_of(&f, NUMBER, NOW).suppressed);
	for (int on = 1; on >= 0; on--) {
		ck_assert_int_eq(store_begin(f.store), ERR_OK);
		ck_assert_int_eq(store_suppress(f.store, numbers, 2, on != 0, NOW,
		                                STR("anna"), STR("asked by letter")),
		                 ERR_OK);
		ck_assert_int_eq(store_commit(f.store), ERR_OK);
		row = person(NUMBER, SINCE + 5);
		put_person(&f, &row); /* whoever has it */
		ck_assert_int_eq(pushes_of(&f, NUMBER, NOW).suppressed, on);
	}
}
END_TEST

/* ---- receipts ---- */

static int64_t ask(const char *sql)
{
	return raw_int(raw_path(&f), sql);
}

enum {
	FIRST = 100, /* outbox ids of pushes to NUMBER, NUMBER + 1, ... */
	PUSHED = 3
};

static void push_three(void)
{
	(void)put_campaign(&f, campaign_of("A"));
	for (int i = 0; i < PUSHED; i++)
		send_target(&f, target_of(1, NUMBER + i, TARGET_READY), FIRST + i);
}

static void mark(int64_t id, enum outbox_state state, const char *message_id)
{
	struct outbox_mark m = mark_of(id, state, 1);

	m.message_id = str_of(message_id);
	changes_add(&f.changes, marks, m);
	commit_changes(&f);
}

static void receive(struct receipt_row r)
{
	changes_add(&f.changes, receipts, r);
	commit_changes(&f);
}

/* What the second of three became; the others are as they were. */
static int64_t second(const char *column)
{
	char sql[160];

	ck_assert_int_eq(ask("SELECT count(*) FROM outbox WHERE id <> 101 AND "
	                     "receipt_state IS NULL AND state = 1"),
	                 PUSHED - 1);
	(void)snprintf(sql, sizeof(sql), "SELECT %s FROM outbox WHERE id = 101", column);
	return ask(sql);
}

START_TEST(only_what_was_being_sent_becomes_ambiguous)
{
	struct outbox_row ready = reply_out(7);

	changes_add(&f.changes, outbox, ready);
	commit_changes(&f);
	push_three();
	mark(101, OUTBOX_AMBIGUOUS, "");
	mark(7, OUTBOX_AMBIGUOUS, "");
	ck_assert_int_eq(second("state"), OUTBOX_READY + OUTBOX_AMBIGUOUS);
	ck_assert_int_eq(ask("SELECT state FROM outbox WHERE id = 7"), OUTBOX_READY);
}
END_TEST

/* What the mark says, and what is known of message and campaign when it is recorded. */
static const struct {
	enum outbox_state state;
	bool again;
	const char *before;
	enum target_state target;
	int64_t message;
} ends[] = {
	{ OUTBOX_UNSENT, true, "", TARGET_READY, OUTBOX_UNSENT },
	{ OUTBOX_UNSENT, true, "UPDATE campaign SET state = 5", TARGET_READY,
	  OUTBOX_UNSENT },
	{ OUTBOX_UNSENT, true, "UPDATE campaign SET state = 6", TARGET_DROPPED,
	  OUTBOX_UNSENT },
	{ OUTBOX_UNSENT, true, "UPDATE campaign SET state = 7", TARGET_DROPPED,
	  OUTBOX_UNSENT },
	{ OUTBOX_UNSENT, false, "", TARGET_SENT, OUTBOX_UNSENT },
	{ OUTBOX_UNSENT, true, "UPDATE target SET replied_at = 5", TARGET_SENT,
	  OUTBOX_UNSENT },
	{ OUTBOX_UNSENT, true, "UPDATE outbox SET receipt_state = 2 WHERE id = 101",
	  TARGET_SENT, OUTBOX_DONE },
	{ OUTBOX_UNSENT, true, "UPDATE outbox SET state = 4 WHERE id = 101", TARGET_SENT,
	  OUTBOX_AMBIGUOUS },
	{ OUTBOX_UNSENT, true, "UPDATE outbox SET state = 2 WHERE id = 101", TARGET_SENT,
	  OUTBOX_DONE },
	{ OUTBOX_AMBIGUOUS, false, "", TARGET_SENT, OUTBOX_AMBIGUOUS },
	{ OUTBOX_DONE, false, "", TARGET_SENT, OUTBOX_DONE },
	{ OUTBOX_DEAD, false, "", TARGET_SENT, OUTBOX_DEAD },
};

/* Once: the same mark again, behind a second message, changes nothing. */
START_TEST(who_was_decided_and_never_left_has_his_turn_again)
{
	const bool back = ends[_i].target != TARGET_SENT;
	struct outbox_mark m = mark_of(101, ends[_i].state, 1);
	struct target_row t;

	m.again = ends[_i].again;
	push_three();
	raw(&f, ends[_i].before);
	for (int i = 0; i < 2; i++) {
		changes_add(&f.changes, marks, m);
		commit_changes(&f);
		ck_assert_int_eq(ask("SELECT state FROM outbox WHERE id = 101"),
		                 ends[_i].message);
		ck_assert_int_eq(read_campaign("A").sent, PUSHED - back);
		ck_assert_int_eq(read_campaign("A").segments, 2 * (PUSHED - back));
		t = read_target(1, NUMBER + 1);
		ck_assert_int_eq(t.state, ends[_i].target);
		ck_assert_int_eq(read_target(1, NUMBER).state, TARGET_SENT);
	}
	if (t.state != TARGET_READY)
		return;
	send_target(&f, t, 200);
	changes_add(&f.changes, marks, m);
	commit_changes(&f);
	ck_assert_int_eq(read_target(1, NUMBER + 1).state, TARGET_SENT);
	ck_assert_int_eq(read_campaign("A").sent, PUSHED);
}
END_TEST

/*
 * Steps: a = its response never came, d = it came with id "1f", r = a receipt whose id is
 * "31", R = one whose id is "1f", - = a receipt that says nothing by id.
 */
static const struct {
	const char *steps;
	enum outbox_state state;
	int64_t receipt; /* its state; 0: none */
} ways[] = {
	{ "", OUTBOX_SENDING, 0 }, { "a", OUTBOX_AMBIGUOUS, 0 },
	{ "ar", OUTBOX_DONE, 2 },  { "ra", OUTBOX_DONE, 2 },
	{ "rd", OUTBOX_DONE, 2 },  { "dr", OUTBOX_DONE, 2 },
	{ "dR", OUTBOX_DONE, 2 },  { "Rd", OUTBOX_DONE, 2 },
	{ "a-", OUTBOX_DONE, 2 },  { "-", OUTBOX_SENDING, 2 },
	{ "ad", OUTBOX_DONE, 0 },  { "ard", OUTBOX_DONE, 2 },
	{ "arr", OUTBOX_DONE, 2 }, { "r", OUTBOX_SENDING, 2 },
};

START_TEST(a_receipt_finds_the_message_of_its_addresses)
{
	push_three();
	for (const char *s = ways[_i].steps; *s != '\0'; s++) {
		if (*s == 'a' || *s == 'd')
			mark(101, *s == 'a' ? OUTBOX_AMBIGUOUS : OUTBOX_DONE,
			     *s == 'a' ? "" : "1f");
		else
			receive(receipt_of(&f, 1, NUMBER + 1,
			                   *s == 'r'   ? "31"
			                   : *s == 'R' ? "1f"
			                               : "",
			                   2));
	}
	ck_assert_int_eq(second("state"), (int64_t)ways[_i].state);
	ck_assert_int_eq(second("ifnull(receipt_state, 0)"), ways[_i].receipt);
	ck_assert_int_eq(ask("SELECT count(*) FROM receipt_orphan"), 0);
}
END_TEST

/* Each differs in one thing from the receipt that would be its own. */
START_TEST(a_receipt_touches_no_other_message)
{
	struct receipt_row r[7];

	push_three();
	mark(101, OUTBOX_AMBIGUOUS, "");
	for (size_t i = 0; i < COUNT_OF(r); i++)
		r[i] = receipt_of(&f, 1, NUMBER + 1, "31", 5);
	r[0].to.digits = number_of(&f, 2);
	r[1].from.digits = digits_of(&f, "86", NUMBER + 7);
	r[2].group = STR("smsc-b");
	r[3].at_ms = NOW * 1000 - 1; /* of something sent before */
	r[4].to.digits = STR("10010086"
	                     "0001");
	r[5].from.digits = STR("86138x0000002");
	r[6].to.digits = STR("1");
	for (size_t i = 0; i < COUNT_OF(r); i++)
		receive(r[i]);
	ck_assert_int_eq(second("state"), OUTBOX_AMBIGUOUS);
	ck_assert_int_eq(second("receipt_state IS NULL"), 1);
	ck_assert_int_gt(ask("SELECT count(*) FROM receipt_orphan"), 0);
}
END_TEST

/* An id that was given before, or says another number in the other base. */
START_TEST(addresses_outweigh_an_id)
{
	push_three();
	mark(100, OUTBOX_DONE, "31");
	mark(101, OUTBOX_DONE, "1f");
	receive(receipt_of(&f, 1, NUMBER + 1, "31", 2));
	ck_assert_int_eq(ask("SELECT receipt_state FROM outbox WHERE id = 101"), 2);
	ck_assert_int_eq(ask("SELECT receipt_state IS NULL FROM outbox WHERE id = 100"),
	                 1);
}
END_TEST

/* A stop behind the receipt, before its response. */
START_TEST(what_a_receipt_told_of_is_not_ambiguous_after_a_stop)
{
	size_t n = 0;

	push_three();
	receive(receipt_of(&f, 1, NUMBER + 1, "31", 2));
	ck_assert_int_eq(store_begin(f.store), ERR_OK);
	ck_assert_int_eq(store_recover(f.store, &n), ERR_OK);
	ck_assert_int_eq(store_commit(f.store), ERR_OK);
	ck_assert_uint_eq(n, 2);
	ck_assert_int_eq(ask("SELECT group_concat(state, '') FROM outbox"), 424);
}
END_TEST

SUITE("store/campaigns", tcase_add_checked_fixture(tc, setup, teardown);
      tcase_add_test(tc, a_campaign_comes_back_as_it_was);
      tcase_add_test(tc, what_was_sent_is_counted_by_turns_alone);
      tcase_add_test(tc, codes_are_unique_and_ids_end);
      tcase_add_test(tc, steps_are_kept_in_order);
      tcase_add_test(tc, running_ones_are_given);
      tcase_add_test(tc, a_number_is_a_target_once);
      tcase_add_test(tc, ready_ones_come_in_order_and_are_dropped);
      tcase_add_test(tc, the_first_answer_counts);
      tcase_add_test(tc, a_turn_that_ends_before_its_commit_has_sent_nothing);
      tcase_add_loop_test(tc, a_call_counts_by_how_it_ended, 0, COUNT_OF(ended));
      tcase_add_test(tc, pushes_are_the_newest_of_this_owner);
      tcase_add_test(tc, notices_displace_no_offer);
      tcase_add_test(tc, a_package_changed_elsewhere_is_noted);
      tcase_add_test(tc, forgotten_but_for_what_was_sent);
      tcase_add_test(tc, a_new_owner_sees_nothing_and_gets_none_twice);
      tcase_add_test(tc, the_blacklist_is_of_numbers);
      tcase_add_test(tc, only_what_was_being_sent_becomes_ambiguous);
      tcase_add_loop_test(tc, who_was_decided_and_never_left_has_his_turn_again, 0,
                          COUNT_OF(ends));
      tcase_add_loop_test(tc, a_receipt_finds_the_message_of_its_addresses, 0,
                          COUNT_OF(ways));
      tcase_add_test(tc, a_receipt_touches_no_other_message);
      tcase_add_test(tc, addresses_outweigh_an_id);
      tcase_add_test(tc, what_a_receipt_told_of_is_not_ambiguous_after_a_stop);)
