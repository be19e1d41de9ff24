/*
 * test_hall.c - who may ask what, what is never shown, languages, and the
 * services that record something.
 */
#include "fixture.h"
#include "support/suite.h"
#include "text/segment.h"

/* Figures that stand in no text but as a subscriber's own. */
static const char *const markers[] = { "76543.21", "87654321", "40718293",
	                               "65432.10", "43.7GB",   "43.6GB",
	                               "彩铃",     "58元套餐", "777" };

static void mark(struct world *w)
{
	w->who.account.balance_fen = 7654321;
	w->who.account.points = 87654321;
	w->usage[2].bill_fen = 6543210;
	w->usage[3].data_kib = GB * 437 / 10;
	w->usage[3].voice_s = 777 * 60;
	w->who.n_held = 1;
	w->held[0] = (struct subscription){ .package = STR("CL"),
		                            .since = utc("2026-08-01 00:00:00") };
	w->payment[0] = (struct payment){ w->q.now, 7654321, STR("shop") };
	w->detail[0] = (struct detail){ w->q.now, DETAIL_VOICE, STR("彩铃"), 60,
		                        7654321 };
	w->resource[0] = (struct resource){ .kind = RESOURCE_GENERAL,
		                            .total = GB * 437 / 10 };
	w->order[0] = (struct order){ .id = 777, .at = w->q.now };
	w->task[0] = (struct task_view){ .id = 777, .at = w->q.now };
	w->who.n_payments = w->who.n_details = w->who.n_resources = 1;
	w->who.n_orders = w->who.n_tasks = 1;
}

static bool shows_marker(struct str text)
{
	for (size_t i = 0; i < COUNT_OF(markers); i++)
		if (str_find(text, str_of(markers[i])) != SIZE_MAX)
			return true;
	return false;
}

/* -- statuses and services --------------------------------------------------------- */

/* One letter an intent, in the order below: y answered with data, n refused, f free for all. */
/* clang-format off */
static const char *const asked[] = {
	"balance.query", "bill.query", "usage.query", "points.query", "package.current",
	"service.list", "puk.query", "package.list",
	"help", "agent.handoff", "optout.marketing", "optin.marketing", "not.offered", NULL,
	"payment.query", "detail.query", "resource.detail", "order.query", "task.query",
	"bill.explain", "more",
};
static const struct { const char *row; int status; const char *outcome; } admission[] = {
	{ "yyyyyyyf" "yfffff" "yyyyyyf", SUB_ACTIVE,     "" },
	{ "yyyyyyyf" "yfffff" "yyyyyyf", SUB_ARREARS1,   "" },
	{ "yyyyyyyf" "yfffff" "yyyyyyf", SUB_KEPT,       "" },
	{ "nnnnnnnf" "ffffff" "nnnnnnf", SUB_ARREARS2,   "refused.arrears2" },
	{ "nnnnnnnf" "ffffff" "nnnnnnf", SUB_LOST,       "refused.lost" },
	{ "nnnnnnnf" "ffffff" "nnnnnnf", SUB_BARRED,     "refused.barred" },
	{ "yynnnnnf" "ffffff" "nnnnnyf", SUB_PRECLOSED,  "refused.preclosed" },
	{ "nnnnnnnf" "ffffff" "nnnnnnf", SUB_CLOSED,     "refused.closed" },
	{ "nnnnnnnf" "ffffff" "nnnnnnf", SUB_PORTED_OUT, "refused.ported_out" },
	{ "nnnnnnnf" "ffffff" "nnnnnnf", -1,             "refused.unknown_number" },
};
/* clang-format on */

static void check_admission(struct world *w, const char *intent, char want,
                            const char *outcome)
{
	const struct hall_answer a = ask(w, intent);
	const bool refused = strncmp(a.outcome, "refused.", 8) == 0;

	ck_assert_msg(refused == (want == 'n'), "%s: %s", intent, a.outcome);
	ck_assert_msg(shows_marker(a.text) == (want == 'y'), "%s: %.*s", intent,
	              STR_ARG(a.text));
	if (want == 'n') {
		ck_assert_str_eq(a.outcome, outcome);
		ck_assert_msg(str_find(a.text, STR("10086")) != SIZE_MAX,
		              "no way out: %.*s", STR_ARG(a.text));
		ck_assert_uint_eq(segment_count(a.text, false, false), 1);
	}
}

START_TEST(each_status_sees_what_it_may)
{
	struct world w;

	for (unsigned l = 0; l < LANG_COUNT; l++) {
		world_open(&w);
		mark(&w);
		packages[5].name_en = STR(
			"彩铃"); /* so that the markers serve in English too */
		packages[2].name_en = STR("58元套餐");
		w.who.known = admission[_i].status >= 0;
		w.who.sub.language = (enum language)l;
		if (w.who.known)
			w.who.sub.status = (enum sub_status)admission[_i].status;
		for (size_t i = 0; i < COUNT_OF(asked); i++)
			check_admission(&w, asked[i], admission[_i].row[i],
			                admission[_i].outcome);
		world_close(&w);
	}
}
END_TEST

/* What is refused is not even loaded; a person and help are told what is never shown. */
START_TEST(needs_follow_admission)
{
	const unsigned for_people = NEED_QUEUE | NEED_HABITS | NEED_TASKS | NEED_ORDERS |
	                            NEED_CONSENTS | NEED_ACCOUNT | NEED_GROUP |
	                            NEED_CUSTOMERS | NEED_UNREAD;
	struct world w;

	world_open(&w);
	for (size_t i = 0; i < COUNT_OF(asked); i++) {
		const bool owes = admission[_i].status == SUB_ARREARS2;
		unsigned needs;

		w.who.known = admission[_i].status >= 0;
		if (w.who.known)
			w.who.sub.status = (enum sub_status)admission[_i].status;
		w.command.intent = asked[i] != NULL ? intent_of(asked[i]) : NULL;
		needs = hall_needs(w.hall, &w.q);
		if (admission[_i].row[i] == 'n')
			ck_assert_uint_eq(needs, owes ? NEED_ACCOUNT : 0);
		if (i == 0 && admission[_i].row[i] == 'y')
			ck_assert_uint_eq(needs, NEED_ACCOUNT);
		if (admission[_i].row[i] == 'f')
			ck_assert_uint_eq(needs & ~for_people, 0);
	}
	world_close(&w);
}
END_TEST

START_TEST(arrears_are_named_with_the_way_out)
{
	struct world w;

	world_open(&w);
	w.who.sub.status = SUB_ARREARS2;
	w.who.account.balance_fen = -12345;
	ck_assert_str_eq(
		says(&w, "usage.query"),
		"本号码因欠费已停机，截至20日10:31欠123.45元。充值后恢复服务：请用其他电话拨"
		"10086，或到营业厅交费");
	w.who.has_account = false;
	ck_assert_str_eq(
		says(&w, "usage.query"),
		"本号码因欠费已停机。充值后恢复服务：请用其他电话拨10086，或到营业厅交费");
	world_close(&w);
}
END_TEST

/* -- isolation ---------------------------------------------------------------------- */

START_TEST(nothing_of_the_subscriber_before)
{
	struct world w;

	world_open(&w);
	for (size_t i = 0; i < COUNT_OF(asked); i++) {
		const struct dossier other = { .msisdn = 13800009999,
			                       .known = true,
			                       .sub = { .package = STR("38") } };
		const struct dossier own = w.who;

		mark(&w);
		(void)ask(&w, asked[i]);
		w.who = other;
		for (size_t j = 0; j < COUNT_OF(asked); j++) {
			const struct hall_answer a = ask(&w, asked[j]);

			if (asked[j] == NULL || strcmp(asked[j], "package.list") != 0)
				ck_assert_msg(!shows_marker(a.text), "%.*s",
				              STR_ARG(a.text));
		}
		w.who = own;
	}
	world_close(&w);
}
END_TEST

/* Values that look like templates or formats come out as they are. */
START_TEST(hostile_values_are_printed_as_they_are)
{
	static const char evil[] = "{balance}%n%s[{due}]";
	struct package own = packages[2];
	struct world w;

	world_open(&w);
	own.name_zh = str_of(evil);
	w.catalogue = (struct catalogue){ &own, 1 };
	ck_assert_ptr_nonnull(strstr(says(&w, "package.current"), "{balance}%n%s["));
	w.bill[0] = (struct bill_line){ month("2026-09"), str_of(evil), 6852 };
	w.who.n_bill = 1;
	ck_assert_ptr_nonnull(strstr(says(&w, "bill.query"), "{balance}%n%s["));
	w.who.sub.puk = str_of(evil);
	ck_assert_ptr_nonnull(strstr(says(&w, "puk.query"), evil));
	world_close(&w);
}
END_TEST

/* Names of any length and content keep the budget of two messages. */
START_TEST(endless_names_are_cut)
{
	static char endless[5001];
	struct package own = packages[2];
	struct world w;

	world_open(&w);
	memset(endless, _i == 0 ? 'W' : '\xe4', sizeof(endless) - 1);
	own.name_zh = str_of(endless);
	w.catalogue = (struct catalogue){ &own, 1 };
	for (size_t i = 0; i < MONTHS; i++) {
		w.bill[i] = (struct bill_line){ month("2026-09"), str_of(endless), 100 };
		w.held[i].package = STR("58");
	}
	w.who.n_bill = w.who.n_held = MONTHS;
	for (size_t i = 0; i < 8; i++) {
		const struct hall_answer a = ask(&w, asked[i]);

		ck_assert_uint_lt(a.text.n, 500);
		if (_i == 0)
			ck_assert_uint_le(segment_count(a.text, false, false), 2);
	}
	world_close(&w);
}
END_TEST

/* The same for what is shown of the past. */
START_TEST(endless_words_of_the_past_are_cut)
{
	static char endless[5001];
	static const char *const past[] = { "payment.query",   "detail.query",
		                            "resource.detail", "order.query",
		                            "task.query",      "bill.explain" };
	struct world w;

	memset(endless, 'W', sizeof(endless) - 1);
	world_open(&w);
	for (int i = 0; i < MONTHS; i++) {
		const struct str s = str_of(endless);

		w.payment[i] = (struct payment){ 0, INT64_MAX, s };
		w.detail[i] = (struct detail){ w.q.now, DETAIL_DATA, s, 1, 1 };
		w.resource[i] = (struct resource){ .name = s, .total = 1 };
		w.order[i] = (struct order){ .id = i, .kind = s, .package = s };
		w.task[i] = (struct task_view){
			.id = 1, .kind = s, .at = 1, .done_at = 1, .answer = s
		};
		w.complaint[i] = (struct complaint){ 1, s, s, COMPLAINT_OPEN };
		w.consent[i] = (struct consent){ STR("CL"), true, 1, s, s };
		w.bill[i] = (struct bill_line){ month("2026-09"), s, i };
	}
	w.who.n_payments = w.who.n_details = w.who.n_resources = MONTHS;
	w.who.n_orders = w.who.n_tasks = w.who.n_complaints = MONTHS;
	w.who.n_consents = w.who.n_bill = MONTHS;
	for (unsigned l = 0; l < LANG_COUNT; l++) {
		w.who.sub.language = (enum language)l;
		for (size_t i = 0; i < COUNT_OF(past); i++)
			ck_assert_msg(
				segment_count(ask(&w, past[i]).text, false, false) <= 4,
				"%s", says(&w, past[i]));
	}
	ask_number(&w, "1");
	ck_assert_uint_le(segment_count(ask(&w, "order.query").text, false, false), 2);
	ck_assert_uint_le(segment_count(ask(&w, "task.query").text, false, false), 2);
	world_close(&w);
}
END_TEST

/* As wide as the widest sample of hall/variables.def at most, and then with a mark. */
START_TEST(a_long_name_is_cut_with_a_mark)
{
	static const struct {
		enum language l;
		const char *name, *want;
	} cut[] = {
		{ LANG_ZH_HANS, "一二三四五六七八九十一二三四五",
		  "是一二三四五六七八九十一二三四五，" },
		{ LANG_ZH_HANS, "一二三四五六七八九十一二三四五六",
		  "是一二三四五六七八九十一二三四…，" },
		{ LANG_ZH_HANS, "一二三四五六七八九十一二三𠀀𠀀",
		  "是一二三四五六七八九十一二三…，" },
		{ LANG_EN, "abcdefghijklmnopqrstuvwxyzab",
		  ": abcdefghijklmnopqrstuvwxyzab," },
		{ LANG_EN, "abcdefghijklmnopqrstuvwxyzabc",
		  ": abcdefghijklmnopqrstuvwxyz..," },
	};
	struct package own = packages[2];
	struct world w;

	world_open(&w);
	w.catalogue = (struct catalogue){ &own, 1 };
	for (size_t i = 0; i < COUNT_OF(cut); i++) {
		own.name_zh = own.name_en = str_of(cut[i].name);
		w.who.sub.language = cut[i].l;
		ck_assert_msg(strstr(says(&w, "package.current"), cut[i].want) != NULL,
		              "%s", says(&w, "package.current"));
	}
	world_close(&w);
}
END_TEST

/* -- languages -------------------------------------------------------------------------- */

/* clang-format off */
static const struct {
	int stored; /* -1: no subscriber */
	enum language fallback;
	const char *text, *rule;
	const char *begins; /* of the help */
} tongues[] = {
	{ LANG_EN,      LANG_ZH_HANS, "余额",    "hall.gram:3 say", "Text CXYE" },
	{ LANG_ZH_HANT, LANG_EN,      "balance", "hall.gram:3 en",  "發代碼" },
	{ LANG_ZH_HANS, LANG_EN,      "CXYE",    "hall.gram:3 code", "发代码" },
	{ -1,           LANG_ZH_HANS, "CXYE",    "hall.gram:3 code", "发代码" },
	{ -1,           LANG_EN,      "CXYE",    "hall.gram:3 code", "Text CXYE" },
	{ -1,           LANG_ZH_HANS, "help",    "hall.gram:3 en",  "Text CXYE" },
	{ -1,           LANG_ZH_HANS, "help",    NULL,              "发代码" },
	{ -1,           LANG_EN,      "帮助",    "hall.gram:3 say", "发代码" },
	{ -1,           LANG_ZH_HANT, "查",      "hall.gram:3 say", "發代碼" },
	{ -1,           LANG_ZH_HANS, "幫助",    "hall.gram:3 say", "發代碼" },
	{ -1,           LANG_EN,      "我的餘額", NULL,             "發代碼" },
	{ -1,           LANG_ZH_HANS, "余额短信漫游", NULL,         "发代码" },
	{ -1,           LANG_EN,      "\xff\xe4\xb8", NULL,         "Text CXYE" },
	{ -1,           LANG_EN,      "𠀀",      NULL,              "发代码" },
	{ -1,           LANG_EN,      "",        "",                "Text CXYE" },
};
/* clang-format on */

START_TEST(the_language_is_the_subscribers_or_the_texts)
{
	struct world w;

	world_open_as(&w, tongues[_i].fallback);
	w.who.known = tongues[_i].stored >= 0;
	w.who.sub.language = w.who.known ? (enum language)tongues[_i].stored
	                                 : LANG_ZH_HANS;
	w.q.text = str_of(tongues[_i].text);
	w.command.rule = tongues[_i].rule;
	ck_assert_msg(str_starts(ask(&w, "help").text, str_of(tongues[_i].begins)), "%s",
	              says(&w, "help"));
	world_close(&w);
}
END_TEST

START_TEST(notices_in_each_language)
{
	static const char *const begins[][LANG_COUNT] = {
		[HALL_TRY_LATER] = { "系统暂时没能处理", "系統暫時沒能處理",
		                     "Your text could not" },
		[HALL_TOO_MANY] = { "您发送得太频繁", "您發送得太頻繁",
		                    "You are texting too fast" },
		[HALL_RESEND] = { "您的长短信没有收全", "您的長簡訊沒有收全",
		                  "Parts of your long" },
	};
	struct world w;
	struct str s;

	world_open(&w);
	for (unsigned n = 0; n < COUNT_OF(begins); n++) {
		for (unsigned l = 0; l < LANG_COUNT; l++) {
			w.who.sub.language = (enum language)l;
			s = hall_notice_text(w.hall, (enum hall_notice)n, &w.who,
			                     STR("x"), &w.arena);
			ck_assert_msg(str_starts(s, str_of(begins[n][l])), "%.*s",
			              STR_ARG(s));
		}
		s = hall_notice_text(w.hall, (enum hall_notice)n, NULL, STR("x"),
		                     &w.arena);
		ck_assert(str_starts(s, str_of(begins[n][LANG_ZH_HANS])));
	}
	world_close(&w);
}
END_TEST

/* -- what is recorded ---------------------------------------------------------------------- */

START_TEST(opt_out_is_recorded_once_and_for_any_number)
{
	struct world w;
	const struct optout_change *row;

	for (int known = 0; known < 2; known++) {
		world_open(&w);
		w.who.known = known != 0;
		w.who.sub.status = SUB_CLOSED;
		ck_assert_ptr_nonnull(
			strstr(says(&w, "optout.marketing"), "已停发营销短信"));
		ck_assert_ptr_nonnull(strstr(says(&w, "optout.marketing"), "之前已拒收"));
		ck_assert_uint_eq(w.changes.optouts.n, 1);
		row = &w.changes.optouts.row[0];
		ck_assert_int_eq(row->msisdn, 13800001234);
		ck_assert_int_eq(row->owner_since,
		                 known != 0 ? w.who.sub.owner_since : 0);
		ck_assert_int_eq(row->at, w.q.now);
		ck_assert_int_eq(row->inbox, 77);
		ck_assert(row->out && w.who.opted_out);

		ck_assert_ptr_nonnull(strstr(says(&w, "optin.marketing"), "已设为接收"));
		ck_assert_ptr_nonnull(
			strstr(says(&w, "optin.marketing"), "本来就在接收"));
		ck_assert_uint_eq(w.changes.optouts.n, 2);
		ck_assert(!w.changes.optouts.row[1].out && !w.who.opted_out);
		/* Of a subscriber both words are consents, too. */
		ck_assert_uint_eq(w.changes.consents.n, known != 0 ? 2 : 0);
		if (known != 0)
			ck_assert(!w.changes.consents.row[0].consent.given &&
			          w.changes.consents.row[1].consent.given);
		world_close(&w);
	}
}
END_TEST

/* Bills are spoken of only where they go on, and 0000 only where it is answered. */
START_TEST(opt_out_promises_only_what_is_so)
{
	struct world w;
	const char *text;

	world_open(&w);
	w.who.known = admission[_i].status >= 0;
	if (w.who.known)
		w.who.sub.status = (enum sub_status)admission[_i].status;
	for (int already = 0; already < 2; already++) {
		text = says(&w, "optout.marketing");
		ck_assert_msg((strstr(text, "账单") != NULL) == (_i < 3), "%s", text);
		ck_assert_msg((strstr(text, "0000") != NULL) == (_i < 3), "%s", text);
	}
	world_close(&w);
}
END_TEST

/* Out and in: nothing is noted for a sender without a number, nor is it sent round again. */
START_TEST(no_number_no_promise)
{
	static const char *const both[] = { "optout.marketing", "optin.marketing" };
	struct world w;
	struct hall_answer a;

	world_open(&w);
	w.who = (struct dossier){ .msisdn = 0 };
	for (size_t i = 0; i < COUNT_OF(both); i++) {
		a = ask(&w, both[i]);
		ck_assert_str_eq(a.outcome, "refused.unknown_number");
		ck_assert(str_find(a.text, STR("10086")) != SIZE_MAX);
		ck_assert(str_find(a.text, STR("TD")) == SIZE_MAX);
		ck_assert_uint_eq(w.changes.optouts.n, 0);
	}
	world_close(&w);
}
END_TEST

START_TEST(a_person_gets_a_task_with_the_text)
{
	struct world w;
	const struct task_row *row;

	world_open(&w);
	w.who.sub.status = SUB_LOST;
	w.q.text = STR("人工，我的手机丢了");
	ck_assert_ptr_nonnull(strstr(says(&w, "agent.handoff"), "T2071"));
	ck_assert_uint_eq(w.changes.tasks.n, 1);
	row = &w.changes.tasks.row[0];
	ck_assert_int_eq(row->id, 2071);
	ck_assert(str_eq(row->kind, STR("agent")) && str_eq(row->text, w.q.text));
	ck_assert_int_eq(row->inbox, 77);
	ck_assert_int_eq(row->at, w.q.now);
	ck_assert_ptr_nonnull(strstr(says(&w, "agent.handoff"), "T2072"));
	world_close(&w);
}
END_TEST

START_TEST(nothing_else_records_anything)
{
	static const char *const writers[] = { "agent.handoff", "optout.marketing",
		                               "optin.marketing", "language.english" };
	struct world w;

	world_open(&w);
	for (size_t i = 0; i < COUNT_OF(intents); i++) {
		const char *name = intents[i].intent.name;
		const struct dossier before = w.who;

		bool writes = false;

		for (size_t k = 0; k < COUNT_OF(writers); k++)
			writes = writes || strcmp(name, writers[k]) == 0;
		if (writes)
			continue;
		(void)ask(&w, name);
		w.who.open = NULL; /* a menu is no change */
		ck_assert_mem_eq(&before, &w.who, sizeof(before));
	}
	(void)ask(&w, NULL);
	ck_assert_uint_eq(w.changes.tasks.n + w.changes.optouts.n, 0);
	world_close(&w);
}
END_TEST

/* -- not understood ------------------------------------------------------------------------- */

static void suggest(struct world *w, const char *intent, const char *code, bool secret)
{
	struct grammar_suggestion *s = &w->command.suggestion[w->command.n_suggestions++];

	s->intent = intent_of(intent);
	s->code = str_of(code);
	s->n_slots = 1;
	s->slot[0].name = "code";
	s->slot[0].secret = secret;
}

START_TEST(suggestions_name_codes_and_never_secrets)
{
	struct world w;
	struct hall_answer a;

	world_open(&w);
	suggest(&w, "package.current", "CXTC", false);
	suggest(&w, "package.change", "BGTC38", false);
	suggest(&w, "pin.change", "XGMM#123456#654321#654321", true);
	a = ask(&w, NULL);
	ck_assert_str_eq(a.outcome, "unknown.suggested");
	ck_assert_str_eq(
		arena_str(&w.arena, a.text).p,
		"没看懂您的短信，没有做任何变更。您要的是不是：1)查我的套餐CXTC、"
		"2)改套餐BGTC38？回复序号即可");
	ck_assert(w.who.open != NULL && w.who.open->kind == DIALOGUE_MENU);
	ck_assert_str_eq(arena_str(&w.arena, w.who.open->items).p,
	                 "package.current code=\npackage.change code=");
	w.command.suggestion[0] = w.command.suggestion[2];
	w.command.n_suggestions = 1;
	ck_assert_str_eq(ask(&w, NULL).outcome, "unknown");
	world_close(&w);
}
END_TEST

/* Three suggestions as long as a list's codes can be still make one message. */
START_TEST(suggestions_keep_to_one_message)
{
	struct world w;

	for (unsigned l = 0; l < LANG_COUNT; l++) {
		world_open(&w);
		w.who.sub.language = (enum language)l;
		for (unsigned i = 0; i < GRAMMAR_SUGGESTIONS; i++)
			suggest(&w, "service.list", "CXZD#2026-09-12345", false);
		ck_assert_uint_eq(segment_count(ask(&w, NULL).text, false, false), 1);
		world_close(&w);
	}
}
END_TEST

START_TEST(two_commands_do_nothing)
{
	struct world w;
	struct hall_answer a;

	world_open(&w);
	suggest(&w, "package.current", "CXTC", false);
	w.command.several = true;
	a = ask(&w, NULL);
	ck_assert_str_eq(a.outcome, "unknown.several");
	ck_assert_str_eq(arena_str(&w.arena, a.text).p,
	                 "短信可能不止一个意思，没有办理。请一次发一个，或回序号如1,2："
	                 "1)查我的套餐CXTC");
	w.command.n_suggestions = 0;
	a = ask(&w, NULL);
	ck_assert_str_eq(a.outcome, "unknown.several");
	ck_assert_str_eq(arena_str(&w.arena, a.text).p,
	                 "短信可能不止一个意思，没有办理。请一次发一个");
	world_close(&w);
}
END_TEST

START_TEST(four_codes_come_first_in_one_message)
{
	static const char *const codes[] = { "CXYE", "CXZD", "CXLL", "CXTC" };
	static const char *const asks[] = { NULL, "help" };
	struct world w;
	struct str text;
	size_t at, before;

	world_open(&w);
	for (unsigned i = 0; i < COUNT_OF(asks) * LANG_COUNT; i++) {
		w.who.sub.language = (enum language)(i / COUNT_OF(asks));
		text = ask(&w, asks[i % COUNT_OF(asks)]).text;
		ck_assert_uint_eq(segment_count(text, false, false), 1);
		before = 0;
		for (size_t k = 0; k < COUNT_OF(codes); k++, before = at) {
			at = str_find(text, str_of(codes[k]));
			ck_assert_msg(at != SIZE_MAX && at >= before, "%.*s",
			              STR_ARG(text));
		}
	}
	world_close(&w);
}
END_TEST

/* With so many codes one message names the most used, and the ways out. */
START_TEST(help_names_the_ways_out)
{
	static const char *const ways[LANG_COUNT][2] = { [LANG_ZH_HANS] = { "RG", "TD" },
		                                         [LANG_ZH_HANT] = { "RG", "TD" },
		                                         [LANG_EN] = { "RG", "STOP" } };
	struct world w;

	world_open(&w);
	for (unsigned l = 0; l < LANG_COUNT; l++) {
		w.who.sub.language = (enum language)l;
		for (size_t i = 0; i < 2; i++)
			ck_assert(str_find(ask(&w, "help").text, str_of(ways[l][i])) !=
			          SIZE_MAX);
	}
	world_close(&w);
}
END_TEST

static struct grammar_slot text_slot(const char *value, bool secret)
{
	return (struct grammar_slot){ .name = "code",
		                      .type = GRAMMAR_TEXT,
		                      .secret = secret,
		                      .text = str_of(value) };
}

/* What is shown of a command that is not offered; NULL: no code at all. */
/* clang-format off */
static const struct {
	const char *intent, *value[2];
	bool secret;
	const char *shown;
} not_offered[] = {
	{ "not.offered",    { "38", NULL },               false, "（NOTA38）" },
	{ "not.offered",    { NULL, NULL },               false, NULL },
	{ "not.offered",    { "38", "13800000001" },      false, NULL },
	{ "not.offered",    { "38", NULL },               true,  NULL },
	{ "not.offered",    { "", NULL },                 false, NULL },
	{ "not.offered",    { "三十八", NULL },            false, NULL },
	{ "not.offered",    { "{due}", NULL },            false, NULL },
	{ "not.offered",    { "123456789012", NULL },     false, "（NOTA123456789012）" },
	{ "not.offered",    { "1234567890123", NULL },    false, NULL },
	{ "not.offered",    { "123456", "654321" },       true,  NULL },
};
/* clang-format on */

START_TEST(what_is_not_offered_says_so)
{
	const char *shown = not_offered[_i].shown != NULL ? not_offered[_i].shown : "";
	struct world w;
	struct hall_answer a;

	world_open(&w);
	for (size_t i = 0; i < 2 && not_offered[_i].value[i] != NULL; i++)
		w.command.slot[w.command.n_slots++] = text_slot(not_offered[_i].value[i],
		                                                not_offered[_i].secret);
	a = ask(&w, not_offered[_i].intent);
	ck_assert_str_eq(a.outcome, "not_by_sms");
	ck_assert_str_eq(arena_str(&w.arena, a.text).p,
	                 arena_printf(&w.arena,
	                              "这项业务%s暂不能用短信办理，没有做任何变更，"
	                              "也没有收费。要办理请发RG转人工",
	                              shown)
	                         .p);
	world_close(&w);
}
END_TEST

static void add_tests(TCase *tc)
{
	tcase_add_loop_test(tc, each_status_sees_what_it_may, 0,
	                    (int)COUNT_OF(admission));
	tcase_add_loop_test(tc, needs_follow_admission, 0, (int)COUNT_OF(admission));
	tcase_add_test(tc, arrears_are_named_with_the_way_out);
	tcase_add_test(tc, nothing_of_the_subscriber_before);
	tcase_add_test(tc, hostile_values_are_printed_as_they_are);
	tcase_add_loop_test(tc, endless_names_are_cut, 0, 2);
	tcase_add_test(tc, endless_words_of_the_past_are_cut);
	tcase_add_test(tc, a_long_name_is_cut_with_a_mark);
	tcase_add_loop_test(tc, the_language_is_the_subscribers_or_the_texts, 0,
	                    (int)COUNT_OF(tongues));
	tcase_add_test(tc, notices_in_each_language);
	tcase_add_test(tc, opt_out_is_recorded_once_and_for_any_number);
	tcase_add_loop_test(tc, opt_out_promises_only_what_is_so, 0,
	                    (int)COUNT_OF(admission));
	tcase_add_test(tc, no_number_no_promise);
	tcase_add_test(tc, a_person_gets_a_task_with_the_text);
	tcase_add_test(tc, nothing_else_records_anything);
	tcase_add_test(tc, suggestions_name_codes_and_never_secrets);
	tcase_add_test(tc, suggestions_keep_to_one_message);
	tcase_add_test(tc, two_commands_do_nothing);
	tcase_add_test(tc, four_codes_come_first_in_one_message);
	tcase_add_test(tc, help_names_the_ways_out);
	tcase_add_loop_test(tc, what_is_not_offered_says_so, 0,
	                    (int)COUNT_OF(not_offered));
}

SUITE("hall/hall", { add_tests(tc); })
