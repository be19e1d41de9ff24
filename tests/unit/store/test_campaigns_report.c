/*
 * test_campaigns_report.c - what a trace and evidence tell of pushes, what is kept of them,
 * and whether a store finds what does not agree.
 */
#include "campaigns_fixture.h"
#include "raw.h"
#include "store/health.h"
#include "store/report.h"
#include "store/sweep.h"

enum {
	DAY = 86400
};

static struct fixture f;

/* Two campaigns; NUMBER was sent the first, which he answered, and not the second. */
static void setup(void)
{
	struct target_row t;
	const struct subscriber_row row = person(NUMBER, SINCE);

	disk_folder(&f);
	fixture_open(&f, STORE_CREATE);
	put_person(&f, &row);
	for (int i = 0; i < 2; i++) {
		struct campaign_row c = campaign_of(i == 0 ? "A" : "B");

		c.drawn_at = NOW;
		(void)put_campaign(&f, c);
	}
	t = target_of(1, NUMBER, TARGET_READY);
	t.until = NOW + DAY;
	send_target(&f, t, 100);
	send_target(&f, target_of(1, NUMBER + 1, TARGET_READY), 101);
	changes_add(&f.changes, receipts, receipt_of(&f, 1, NUMBER, "31", 2));
	changes_add(&f.changes, target_replies,
	            (struct target_reply){ 1, NUMBER, NOW + 120 });
	commit_changes(&f);
	t = target_of(2, NUMBER, TARGET_REFUSED);
	t.at = NOW + 200;
	t.reason = 10;
	t.arm = 1;
	(void)put_targets(&f, &t, 1);
}

static void teardown(void)
{
	raw_end(&f);
}

typedef enum err ask_fn(struct store_reader *, struct arena *, struct store_report *,
                        struct fault *);

static struct store_report ask(ask_fn *what, const char *code)
{
	struct store_report r = { .msisdn = NUMBER, .limit = 100, .code = str_of(code) };
	struct store_reader *reader = reader_of(&f);
	struct fault fault = { "" };

	ck_assert_msg(what(reader, &f.arena, &r, &fault) == ERR_OK, "%s", fault.text);
	store_reader_close(reader);
	return r;
}

static const struct store_field *field(const struct store_event *e, const char *name)
{
	for (size_t i = 0; i < e->n; i++) {
		if (strcmp(e->field[i].name, name) == 0)
			return &e->field[i];
	}
	ck_abort_msg("%s: no %s", e->kind, name);
}

static const struct store_event *event(const struct store_report *r, const char *kind,
                                       size_t skip)
{
	for (size_t i = 0; i < r->n; i++) {
		if (strcmp(r->event[i].kind, kind) == 0 && skip-- == 0)
			return &r->event[i];
	}
	ck_abort_msg("no %s", kind);
}

START_TEST(a_trace_shows_what_was_sent_and_why_not)
{
	struct store_report r;
	const struct store_event *sent, *refused;

	raw(&f,
	    "INSERT INTO touch VALUES (13800000001, 1700000000, 'call', 'summer', 3);"
	    "INSERT INTO used VALUES (13800000001, 1700000002, 'TONE-1', 'play');"
	    "INSERT INTO suppressed VALUES (13800000001, 1700000001, 'anna', 'letter')");
	r = ask(store_trace, "");
	sent = event(&r, "push", 0);
	refused = event(&r, "push", 1);
	ck_assert_int_eq(sent->at_ms, NOW * 1000);
	assert_text(field(sent, "state")->text, "sent");
	assert_text(field(sent, "campaign")->text, "A");
	assert_text(field(sent, "offer")->text, "LL10");
	assert_text(field(sent, "text")->text, "hello");
	assert_text(field(sent, "sender")->text, "106900860001");
	assert_text(field(sent, "outcome")->text, "sending");
	ck_assert_int_eq(field(sent, "replied_ms")->number, (NOW + 120) * 1000);
	ck_assert_int_eq(field(sent, "until_ms")->number, (NOW + DAY) * 1000);
	assert_text(field(refused, "state")->text, "refused");
	assert_text(field(refused, "campaign")->text, "B");
	ck_assert_int_eq(field(refused, "reason")->number, 10);
	ck_assert_int_eq(field(refused, "arm")->number, 1);
	assert_text(field(event(&r, "receipt", 0), "state")->text, "delivered");
	assert_text(field(event(&r, "touch", 0), "channel")->text, "call");
	assert_text(field(event(&r, "touch", 0), "state")->text, "refused");
	assert_text(field(event(&r, "use", 0), "campaign")->text, "TONE-1");
	assert_text(field(event(&r, "blacklist", 0), "why")->text, "letter");
}
END_TEST

START_TEST(evidence_shows_what_was_sent_to_this_owner)
{
	struct store_report r = ask(store_evidence, "");
	const struct subscriber_row row = person(NUMBER, SINCE + 5);

	ck_assert_uint_eq(r.n, 1);
	assert_text(field(event(&r, "push", 0), "text")->text, "hello");
	assert_text(field(event(&r, "push", 0), "price")->text, "1000");
	ck_assert_uint_eq(ask(store_evidence, "LL10").n, 1);
	ck_assert_uint_eq(ask(store_evidence, "LL20").n, 0);
	put_person(&f, &row);
	ck_assert_uint_eq(ask(store_evidence, "").n, 0);
}
END_TEST

/* ---- what agrees ---- */

static struct store_pushes check(bool full)
{
	struct store_pushes p;
	struct store_reader *r = reader_of(&f);
	struct fault fault = { "" };

	ck_assert_msg(store_pushes(r, full, NOW + DAY, &p, &fault) == ERR_OK, "%s",
	              fault.text);
	store_reader_close(r);
	return p;
}

static const struct {
	const char *damage;
	int64_t without_message, shared, wrong_sums;
} damages[] = {
	{ "", 0, 0, 0 },
	{ "DELETE FROM outbox WHERE id = 100", 1, 0, 0 },
	{ "UPDATE outbox SET to_digits = '8613800000009' WHERE id = 101", 1, 0, 0 },
	{ "UPDATE target SET outbox = 101 WHERE outbox = 100", 1, 2, 0 },
	{ "UPDATE campaign SET sent = 3 WHERE id = 1", 0, 0, 1 },
	{ "UPDATE campaign SET sent = 1 WHERE id = 1", 0, 0, 1 },
	{ "UPDATE campaign SET segments = 5 WHERE id = 1", 0, 0, 1 },
	{ "DELETE FROM target WHERE msisdn = 13800000002", 0, 0, 1 },
	/* Swept long ago. */
	{ "DELETE FROM target WHERE msisdn = 13800000002; UPDATE campaign SET drawn_at = 1",
	  0, 0, 0 },
};

START_TEST(what_does_not_agree_is_found)
{
	struct store_pushes p;

	raw(&f, damages[_i].damage);
	p = check(true);
	ck_assert_int_eq(p.campaigns, 2);
	ck_assert_int_eq(p.without_message, damages[_i].without_message);
	ck_assert_int_eq(p.shared, damages[_i].shared);
	ck_assert_int_eq(p.wrong_sums, damages[_i].wrong_sums);
	ck_assert_int_eq(p.first_wrong, damages[_i].wrong_sums);
	p = check(false);
	ck_assert_int_eq(p.campaigns, 1);
	ck_assert_int_eq(p.targets, 1); /* of the newest */
}
END_TEST

START_TEST(an_erased_number_leaves_sums_that_agree)
{
	struct store_erasure e = { .msisdn = NUMBER, .pseudonym = -77 };
	struct store_pushes p;

	while (!e.ended)
		ck_assert_int_eq(store_erase_step(f.store, &e, 100), ERR_OK);
	p = check(true);
	ck_assert_int_eq(p.without_message + p.shared + p.wrong_sums, 0);
	ck_assert_int_eq(
		raw_int(raw_path(&f), "SELECT count(*) FROM target WHERE msisdn = -77"),
		2);
}
END_TEST

/* ---- what is kept ---- */

/* Drops what is older than before; how many rows of the table are left. */
static int64_t sweep(const char *table, int64_t before)
{
	struct store_reader *r = reader_of(&f);
	struct fault fault = { "" };
	char sql[64];

	for (size_t i = 0; i < store_aged_tables(); i++) {
		struct store_slice s = { .table = i, .from = INT64_MIN, .rows = 1 };
		enum store_keep class;
		int64_t n;

		s.before_ms = before * 1000;
		if (strcmp(store_aged_table(i, &class), table) != 0)
			continue;
		do {
			ck_assert_int_eq(store_aged_look(r, &s, &fault), ERR_OK);
			ck_assert_int_eq(store_aged_drop(f.store, &s, &n), ERR_OK);
			s.from = s.to;
		} while (!s.last);
	}
	store_reader_close(r);
	(void)snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s", table);
	return raw_int(raw_path(&f), sql);
}

START_TEST(a_message_is_kept_as_long_as_its_target)
{
	const struct target_row t = target_of(2, NUMBER + 5, TARGET_READY);
	struct outbox_mark m = mark_of(101, OUTBOX_DONE, 1);

	m.message_id = STR("x");
	changes_add(&f.changes, marks, m);
	commit_changes(&f);
	(void)put_targets(&f, &t, 1);
	raw(&f, "UPDATE outbox SET state = 2;"
	        "INSERT INTO touch VALUES (13800000001, 10, 'call', '', 0);"
	        "INSERT INTO touch VALUES (13800000001, 4000000000, 'call', '', 0);"
	        "INSERT INTO used VALUES (13800000001, 10, 'T', 'open');"
	        "INSERT INTO used VALUES (13800000001, 4000000000, 'T', 'open')");
	ck_assert_int_eq(sweep("outbox", NOW + DAY), 2);
	ck_assert_int_eq(sweep("target", NOW), 4);
	ck_assert_int_eq(sweep("target", NOW + DAY), 1); /* its turn may come */
	ck_assert_int_eq(sweep("outbox", NOW + DAY), 0);
	ck_assert_int_eq(sweep("touch", NOW), 1);
	ck_assert_int_eq(sweep("used", NOW), 1);
}
END_TEST

SUITE("store/campaigns_report", tcase_add_checked_fixture(tc, setup, teardown);
      tcase_add_test(tc, a_trace_shows_what_was_sent_and_why_not);
      tcase_add_test(tc, evidence_shows_what_was_sent_to_this_owner);
      tcase_add_loop_test(tc, what_does_not_agree_is_found, 0, COUNT_OF(damages));
      tcase_add_test(tc, an_erased_number_leaves_sums_that_agree);
      tcase_add_test(tc, a_message_is_kept_as_long_as_its_target);)
