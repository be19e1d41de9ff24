/*
 * test_report.c - trace and evidence hold what happened to one number, in order.
 */
#include "raw.h"
#include "store/report.h"

static struct fixture f;
static struct store_reader *reader;

static void setup(void)
{
	disk_folder(&f);
	fixture_open(&f, STORE_CREATE);
	raw(&f, STORY);
	reader = reader_of(&f);
}

static void teardown(void)
{
	store_reader_close(reader);
	raw_end(&f);
}

static struct store_report ask(enum err (*what)(struct store_reader *, struct arena *,
                                                struct store_report *, struct fault *),
                               struct store_report r)
{
	struct fault fault = { "" };

	r.msisdn = r.msisdn == 0 ? NUMBER : r.msisdn;
	r.limit = r.limit == 0 ? 100 : r.limit;
	ck_assert_msg(what(reader, &f.arena, &r, &fault) == ERR_OK, "%s", fault.text);
	return r;
}

static const struct store_field *field(const struct store_event *e, const char *name)
{
	for (size_t i = 0; i < e->n; i++) {
		if (strcmp(e->field[i].name, name) == 0)
			return &e->field[i];
	}
	return NULL;
}

static void assert_field(const struct store_event *e, const char *name, const char *text)
{
	const struct store_field *found = field(e, name);

	ck_assert_msg(found != NULL && !found->is_number, "%s: no %s", e->kind, name);
	assert_text(found->text, text);
}

START_TEST(a_trace_is_in_order_of_time)
{
	static const struct {
		const char *kind;
		int64_t at_ms;
	} wanted[] = {
		{ "consent", 900000 },  { "consent", 1000000 }, { "text", 1000000 },
		{ "order", 1000000 },   { "charge", 1000000 },  { "reply", 1000500 },
		{ "receipt", 1001000 }, { "optout", 1500000 },  { "complaint", 1600000 },
		{ "text", 2000000 },    { "reply", 2000000 },
	};
	const struct store_report r = ask(store_trace, (struct store_report){ 0 });

	ck_assert_uint_eq(r.n, COUNT_OF(wanted));
	ck_assert(!r.cut);
	for (size_t i = 0; i < r.n; i++) {
		ck_assert_str_eq(r.event[i].kind, wanted[i].kind);
		ck_assert_int_eq(r.event[i].at_ms, wanted[i].at_ms);
	}
}
END_TEST

START_TEST(events_have_their_fields_by_name)
{
	const struct store_report r = ask(store_trace, (struct store_report){ 0 });
	const struct store_event *text = &r.event[2], *reply = &r.event[5];

	assert_field(text, "text", "KTLL10");
	assert_field(text, "intent", "package.open");
	assert_field(text, "rule", "open");
	assert_field(text, "revision", "rev1");
	assert_field(text, "state", "answered");
	ck_assert_ptr_null(field(text, "settled"));
	assert_field(reply, "text", "10元流量包已开通");
	assert_field(reply, "state", "done");
	assert_field(reply, "message_id", "m1");
	ck_assert_int_eq(field(reply, "done_ms")->number, 1000900);
	ck_assert_ptr_null(field(reply, "status")); /* 0: all is well */
	assert_field(&r.event[6], "state", "delivered");
	assert_field(&r.event[3], "state", "effective");
	assert_field(&r.event[9], "settled", "no");
	ck_assert_ptr_null(field(&r.event[10], "done_ms")); /* not yet */
}
END_TEST

START_TEST(a_trace_can_be_cut)
{
	struct store_report r = ask(store_trace, (struct store_report){ .limit = 2 });

	ck_assert_uint_eq(r.n, 2);
	ck_assert(r.cut);
	ck_assert_str_eq(r.event[0].kind, "text");
	ck_assert_int_eq(r.event[0].at_ms, 2000000);
	r = ask(store_trace, (struct store_report){ .since_ms = 1500000 });
	ck_assert_uint_eq(r.n, 4);
	ck_assert(!r.cut);
	r = ask(store_trace, (struct store_report){ .msisdn = 13700000000 });
	ck_assert_uint_eq(r.n, 0);
}
END_TEST

/* Messages that answer no text, of his and of another number. */
START_TEST(what_was_sent_unasked_is_in_a_trace)
{
	struct outbox_row o = reply_out(970);
	struct store_report r;

	store_reader_close(reader);
	o.at_ms = 3000000;
	o.text = STR("余额低于20元");
	o.told = NUMBER;
	changes_add(&f.changes, outbox, o);
	o.id++;
	o.told++;
	changes_add(&f.changes, outbox, o);
	commit_changes(&f);
	reader = reader_of(&f);
	r = ask(store_trace, (struct store_report){ .since_ms = 3000000 });
	ck_assert_uint_eq(r.n, 1);
	ck_assert_str_eq(r.event[0].kind, "notice");
	assert_field(&r.event[0], "text", "余额低于20元");
	assert_field(&r.event[0], "state", "ready");
	r = ask(store_trace, (struct store_report){ .msisdn = NUMBER + 1 });
	ck_assert_uint_eq(r.n, 1);
	ck_assert_int_eq(field(&r.event[0], "id")->number, 971);
}
END_TEST

START_TEST(evidence_shows_text_and_reply)
{
	const struct store_report r = ask(store_evidence, (struct store_report){ 0 });
	const struct store_event *order = &r.event[1], *charge = &r.event[2];

	ck_assert_uint_eq(r.n,
	                  4); /* the earlier owner's consent is not the present one's */
	ck_assert_str_eq(r.event[0].kind, "consent");
	assert_field(&r.event[0], "text", "KTLL10");
	ck_assert_str_eq(order->kind, "order");
	assert_field(order, "text_received", "KTLL10");
	assert_field(order, "reply_sent", "10元流量包已开通");
	assert_field(order, "revision", "rev1");
	ck_assert_int_eq(field(order, "received_ms")->number, 1000000);
	ck_assert_int_eq(field(order, "reply_ms")->number, 1000900);
	ck_assert_str_eq(charge->kind, "charge");
	ck_assert_int_eq(field(charge, "amount_fen")->number, -1000);
	assert_field(charge, "text_received", "KTLL10");
	ck_assert_str_eq(r.event[3].kind, "optout");
}
END_TEST

START_TEST(evidence_of_one_order_or_package)
{
	struct store_report r;

	r = ask(store_evidence, (struct store_report){ .order = 7 });
	ck_assert_uint_eq(r.n, 3); /* consent, order, charge */
	r = ask(store_evidence, (struct store_report){ .code = STR("LL10") });
	ck_assert_uint_eq(r.n, 3);
	r = ask(store_evidence, (struct store_report){ .order = 8 });
	ck_assert_uint_eq(r.n, 0);
	r = ask(store_evidence, (struct store_report){ .code = STR("58") });
	ck_assert_uint_eq(r.n, 0);
}
END_TEST

/* A wish, its prompt, the number: each with all that it was, and nothing of it later. */
#define TEXT_IN(id, at, text, rule)                                                    \
	"INSERT INTO inbox (id, settled, state, session, fingerprint, at_ms, msisdn, " \
	"owner_since, from_kind, to_kind, from_digits, to_digits, link_group, text, "  \
	"intent, rule, revision) VALUES (" id ", 1, 0, 1, " id ", " at                 \
	", 13800000001, 0, "                                                           \
	"0, 0, '13800000001', '10086', 'a', '" text "', 'service.open', '" rule        \
	"', 'r9');"
#define TEXT_OUT(id, at, text)                                                             \
	"INSERT INTO outbox (id, state, receipt, at_ms, from_kind, to_kind, from_digits, " \
	"to_digits, link_group, text) VALUES (" id ", 2, 0, " at ", 0, 0, '10086', "       \
	"'13800000001', 'a', '" text "');"
#define STEP(at, kind, inbox, folded)                                                  \
	"INSERT INTO step (msisdn, owner_since, at, kind, dialogue, inbox, order_id, " \
	"folded, price) VALUES (13800000001, 0, " at ", " kind ", 920, " inbox         \
	", 0, '" folded "', 'CL|500|0');"

START_TEST(every_step_of_a_dialogue_is_evidence)
{
	const struct store_event *asked = NULL, *confirmed = NULL;
	struct store_report r;

	store_reader_close(reader);
	raw(&f, TEXT_IN("920", "3000000", "开通彩铃!", "x.gram:7 say")
	                TEXT_OUT("920", "3000000", "彩铃5元/月，回复52确认")
	                        TEXT_IN("921", "3001000", "５２", "confirm")
	                                TEXT_OUT("921", "3001000", "已办好")
	                                        STEP("3000", "0", "920", "开通彩铃")
	                                                STEP("3001", "1", "921", "52"));
	reader = reader_of(&f);
	r = ask(store_evidence, (struct store_report){ .since_ms = 3000000 });
	ck_assert_uint_eq(r.n, 2);
	asked = &r.event[0];
	confirmed = &r.event[1];
	ck_assert_str_eq(asked->kind, "step");
	assert_field(asked, "state", "asked");
	assert_field(asked, "text_received", "开通彩铃!");
	assert_field(asked, "folded", "开通彩铃");
	assert_field(asked, "rule", "x.gram:7 say");
	assert_field(asked, "revision", "r9");
	assert_field(asked, "reply_sent", "彩铃5元/月，回复52确认");
	assert_field(asked, "price", "CL|500|0");
	ck_assert_int_eq(field(asked, "prompt")->number, 920);
	ck_assert_int_eq(asked->at_ms, 3000000);
	ck_assert_int_eq(field(asked, "received_ms")->number, 3000000);
	assert_field(confirmed, "state", "confirmed");
	assert_field(confirmed, "text_received", "５２");
	assert_field(confirmed, "folded", "52");
	ck_assert_int_eq(field(confirmed, "prompt")->number, 920);
}
END_TEST

SUITE("store/report", tcase_add_checked_fixture(tc, setup, teardown);
      tcase_add_test(tc, a_trace_is_in_order_of_time);
      tcase_add_test(tc, events_have_their_fields_by_name);
      tcase_add_test(tc, a_trace_can_be_cut);
      tcase_add_test(tc, what_was_sent_unasked_is_in_a_trace);
      tcase_add_test(tc, evidence_shows_text_and_reply);
      tcase_add_test(tc, evidence_of_one_order_or_package);
      tcase_add_test(tc, every_step_of_a_dialogue_is_evidence);)
