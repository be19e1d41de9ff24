/*
 * test_desk.c - what is read of errands, questions, shops and promises, with the place
 * of each fault; the search that forgives a slip and no more.
 */
#include "fixture.h"
#include "support/suite.h"

/* -- files -------------------------------------------------------------------------- */

struct bench {
	struct arena arena;
	struct fold *fold;
	struct desk desk;
	struct fault fault;
	struct desk_files files;
};

static void bench_open(struct bench *b)
{
	*b = (struct bench){ .arena = arena_make(16 << 20) };
	b->files.errands.path = "errands.conf";
	b->files.rules.path = "desk.conf";
	b->files.questions[LANG_ZH_HANS].path = "faq.zh-Hans.conf";
	b->files.questions[LANG_ZH_HANT].path = "faq.zh-Hant.conf";
	b->files.questions[LANG_EN].path = "faq.en.conf";
	b->files.shops_path = "stores.tsv";
	ck_assert_int_eq(fold_create(NULL, &b->fold, &b->fault), ERR_OK);
}

static void bench_close(struct bench *b)
{
	fold_destroy(b->fold);
	arena_free(&b->arena);
}

static enum err make(struct bench *b)
{
	b->fault.text[0] = '\0';
	return desk_make(&b->files, b->fold, &b->arena, &b->desk, &b->fault);
}

#define TEXT(name, text, line)               \
	{                                    \
		LIT(name), LIT(text), (line) \
	}

static const struct reply_text whole[] = {
	TEXT("BK.days", "7", 1),           TEXT("BK.desk", "shop", 2),
	TEXT("BK.name", "补卡", 3),        TEXT("BK.name_hant", "補卡", 4),
	TEXT("BK.name_en", "new SIM", 5),  TEXT("BK.papers", "证件", 6),
	TEXT("BK.papers_hant", "證件", 7), TEXT("BK.papers_en", "ID", 8),
	TEXT("BK.where", "营业厅", 9),     TEXT("BK.where_hant", "門市", 10),
	TEXT("BK.where_en", "a shop", 11),
};

START_TEST(an_errand_is_read_whole_or_not_at_all)
{
	struct bench b;

	bench_open(&b);
	b.files.errands.text = whole;
	b.files.errands.n = COUNT_OF(whole);
	ck_assert_int_eq(make(&b), ERR_OK);
	ck_assert_ptr_nonnull(desk_errand(&b.desk, STR("BK")));
	ck_assert_int_eq(desk_errand(&b.desk, STR("BK"))->days, 7);
	ck_assert_ptr_null(desk_errand(&b.desk, STR("B")));
	for (size_t left = 1; left < COUNT_OF(whole); left++) {
		b.files.errands.n = left;
		ck_assert_msg(make(&b) == ERR_SYNTAX, "%zu members suffice", left);
		ck_assert_ptr_nonnull(strstr(b.fault.text, "errands.conf"));
	}
	bench_close(&b);
}
END_TEST

/* One bad text alone, and the line that the fault names. */
static const struct bad {
	unsigned file; /* 0 errands, 1 rules, 2 Chinese questions */
	struct reply_text text;
	const char *says;
} bads[] = {
	{ 0, TEXT("BK.days", "0", 4), "errands.conf:4:" },
	{ 0, TEXT("BK.days", "367", 5), "errands.conf:5:" },
	{ 0, TEXT("BK.days", "x", 6), "errands.conf:6:" },
	{ 0, TEXT("BK.promise", "0", 6), "errands.conf:6:" },
	{ 0, TEXT("BK.nam", "x", 7), "errands.conf:7:" },
	{ 0, TEXT("BK", "x", 8), "errands.conf:8:" },
	{ 0, TEXT("BK.name", "", 9), "errands.conf:9:" },
	{ 1, TEXT("agent.minutes", "-1", 3), "desk.conf:3:" },
	{ 1, TEXT("agent.from", "24", 4), "desk.conf:4:" },
	{ 1, TEXT("agent.people", "0", 5), "desk.conf:5:" },
	{ 1, TEXT("agent.minuts", "2", 6), "desk.conf:6:" },
	{ 2, TEXT("sim.keys", "", 3), "faq.zh-Hans.conf:3:" },
	{ 2, TEXT("sim.keys", "a||b", 4), "faq.zh-Hans.conf:4:" },
	{ 2, TEXT("sim.titel", "x", 5), "faq.zh-Hans.conf:5:" },
	{ 2, TEXT("sim.title", "only", 6), "the question sim lacks" },
};

START_TEST(a_fault_names_its_line)
{
	struct bench b;
	struct reply_file *file;

	bench_open(&b);
	file = bads[_i].file == 0   ? &b.files.errands
	       : bads[_i].file == 1 ? &b.files.rules
	                            : &b.files.questions[LANG_ZH_HANS];
	file->text = &bads[_i].text;
	file->n = 1;
	ck_assert_int_eq(make(&b), ERR_SYNTAX);
	ck_assert_msg(strstr(b.fault.text, bads[_i].says) != NULL, "%s", b.fault.text);
	bench_close(&b);
}
END_TEST

START_TEST(an_answer_longer_than_three_messages_is_refused)
{
	char text[800];
	struct reply_text answer = { LIT("sim.answer"), { text, 0 }, 9 };
	struct bench b;

	memset(text, 'a', sizeof(text));
	bench_open(&b);
	b.files.questions[LANG_EN].text = &answer;
	b.files.questions[LANG_EN].n = 1;
	answer.text.n = 456;
	ck_assert_int_eq(make(&b), ERR_SYNTAX);
	ck_assert_ptr_nonnull(strstr(b.fault.text, "lacks"));
	answer.text.n = 457;
	ck_assert_int_eq(make(&b), ERR_SYNTAX);
	ck_assert_ptr_nonnull(strstr(b.fault.text, "faq.en.conf:9:"));
	bench_close(&b);
}
END_TEST

START_TEST(shops_are_lines_of_five_cells_seven_or_eight)
{
	static const struct {
		const char *text;
		size_t n;
	} cases[] = {
		{ "", 0 },
		{ "# none\n\n", 0 },
		{ "A\tb\tc\td\te\n", 1 },
		{ "A|B\tb\tc\td\te\nC\tb\tc\td\te", 2 },
		{ "A\tb\tc\td\n", SIZE_MAX },
		{ "A\tb\t\td\te\n", SIZE_MAX },
		{ "\tb\tc\td\te\n", SIZE_MAX },
		{ "A\tb\tc\td\te\tf\n", SIZE_MAX },
		{ "A\tb\tc\td\te\tf\tg\n", 1 },
		{ "A\tb\tc\td\te\tf\t\n", SIZE_MAX },
		{ "A\tb\tc\td\te\tf\tg\th\n", 1 },
		{ "A\tb\tc\td\te\tf\tg\t\n", 1 },
		{ "A\tb\tc\td\te\tf\tg\th\ti\n", SIZE_MAX },
	};
	struct bench b;

	bench_open(&b);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		b.files.shops = str_of(cases[i].text);
		if (cases[i].n == SIZE_MAX) {
			ck_assert_msg(make(&b) == ERR_SYNTAX, "case %zu", i);
			ck_assert_ptr_nonnull(strstr(b.fault.text, "stores.tsv:1:"));
			continue;
		}
		ck_assert_msg(make(&b) == ERR_OK, "case %zu: %s", i, b.fault.text);
		ck_assert_uint_eq(b.desk.n_shops, cases[i].n);
	}
	bench_close(&b);
}
END_TEST

/* -- the search --------------------------------------------------------------------- */

static const struct reply_text questions[] = {
	TEXT("port.title", "携号转网", 1), TEXT("port.keys", "携号转网|转网", 2),
	TEXT("port.answer", "a", 3),       TEXT("five.title", "5G", 4),
	TEXT("five.keys", "5g", 5),        TEXT("five.answer", "a", 6),
	TEXT("sim.title", "补卡", 7),      TEXT("sim.keys", "补卡|roaming", 8),
	TEXT("sim.answer", "a", 9),        TEXT("give.title", "过户", 10),
	TEXT("give.keys", "过户", 11),     TEXT("give.answer", "a", 12),
};
static const struct reply_text traditional[] = {
	TEXT("port.title", "攜號轉網", 1), TEXT("port.answer", "a", 1),
	TEXT("five.title", "5G", 1),       TEXT("five.answer", "a", 1),
	TEXT("sim.title", "補卡", 1),      TEXT("sim.answer", "a", 1),
	TEXT("give.title", "過戶", 1),     TEXT("give.answer", "a", 1),
};
static const struct reply_text english[] = {
	TEXT("port.title", "a", 1), TEXT("port.answer", "a", 1),
	TEXT("five.title", "a", 1), TEXT("five.answer", "a", 1),
	TEXT("sim.title", "a", 1),  TEXT("sim.answer", "a", 1),
	TEXT("give.title", "a", 1), TEXT("give.answer", "a", 1),
};

/* Names of what is found, a blank between. */
static const struct search {
	const char *text, *found;
} searches[] = {
	{ "怎么携号转网", "port" },
	{ "攜號轉網", "port" },
	{ "携号传网", "port" },   /* one changed */
	{ "携号网", "port" },     /* one left out */
	{ "携带号转网", "port" }, /* one too many */
	{ "携号网转", "port" },   /* two exchanged */
	{ "携转号网", "port" },
	{ "网转号携", "" },
	{ "携号", "" },
	{ "５Ｇ", "five" },
	{ "4G", "" },
	{ "15G", "" },
	{ "补卡，还有过户", "sim give" },
	{ "过户", "give" },
	{ "过卡", "" }, /* short: no slip */
	{ "ROAMNG", "sim" },
	{ "RAOMING", "sim" },
	{ "roming abroad", "sim" },
	{ "rmng", "" },
	{ "", "" },
	{ "\xff\xfe\x80", "" },
};

static void open_questions(struct bench *b)
{
	bench_open(b);
	b->files.questions[LANG_ZH_HANS].text = questions;
	b->files.questions[LANG_ZH_HANS].n = COUNT_OF(questions);
	b->files.questions[LANG_ZH_HANT].text = traditional;
	b->files.questions[LANG_ZH_HANT].n = COUNT_OF(traditional);
	b->files.questions[LANG_EN].text = english;
	b->files.questions[LANG_EN].n = COUNT_OF(english);
	ck_assert_msg(make(b) == ERR_OK, "%s", b->fault.text);
}

START_TEST(a_question_is_found_with_one_slip)
{
	const struct question *hit[DESK_NEAR];
	char found[64] = "";
	struct bench b;
	size_t n;

	open_questions(&b);
	n = desk_search(&b.desk, str_of(searches[_i].text), &b.arena, hit);
	for (size_t i = 0; i < n; i++) {
		strncat(found, i > 0 ? " " : "", 2);
		strncat(found, hit[i]->id.p, hit[i]->id.n);
	}
	ck_assert_str_eq(found, searches[_i].found);
	bench_close(&b);
}
END_TEST

/* Of a text that is no command: whole, three characters or more, a quarter of the text. */
static const struct search about[] = {
	{ "我想携号转网好不好", "port" },
	{ "我想攜號轉網好不好", "port" },
	{ "携号传网", "" }, /* as typed only */
	{ "过户的事", "" }, /* too short */
	{ "roaming abroad", "sim" },
	{ "roamings", "" },
	{ "携号转网和roaming哪个好", "sim" }, /* the longer */
	{ "昨天有人打电话来说我可以携号转网", "port" },
	{ "昨天有人打电话来说我可以携号转网呀", "" }, /* 4 of 17 */
	{ "", "" },
	{ "\xff\xfe\x80", "" },
};

START_TEST(a_text_is_about_a_question_or_none)
{
	const struct question *q;
	struct bench b;

	open_questions(&b);
	q = desk_about(&b.desk, str_of(about[_i].text), &b.arena);
	ck_assert_str_eq(q != NULL ? q->id.p : "", about[_i].found);
	ck_assert_ptr_null(desk_about(NULL, str_of(about[_i].text), &b.arena));
	bench_close(&b);
}
END_TEST

START_TEST(without_a_list_nothing_is_found)
{
	const struct question *hit[DESK_NEAR];
	const struct shop *shop[1];
	struct arena a = arena_make(1 << 20);

	ck_assert_uint_eq(desk_search(NULL, STR("补卡"), &a, hit), 0);
	ck_assert_uint_eq(desk_shops(NULL, STR("海淀"), &a, shop, 1), 0);
	ck_assert_ptr_null(desk_errand(NULL, STR("BK")));
	arena_free(&a);
}
END_TEST

/* -- a person ----------------------------------------------------------------------- */

START_TEST(a_hand_over_takes_along_what_is_open)
{
	static const struct desk desk = {
		.agent_minutes = 3, .agent_people = 2, .agent_from = 8, .agent_until = 22
	};
	const struct hall_conf conf = { .default_language = LANG_ZH_HANS,
		                        .hotline = LIT("10086"),
		                        .desk = &desk };
	struct dialogue open = { .id = 70,
		                 .kind = DIALOGUE_CONFIRM,
		                 .command = LIT("package.change code=38"),
		                 .brief = LIT("38元套餐") };
	const struct task_row *t;
	struct world w;

	world_open(&w);
	hall_destroy(w.hall);
	w.hall = hall_create(&conf, NULL, w.replies);
	open.expires_at = w.q.now + 1;
	w.who.open = &open;
	w.who.waiting = 5;
	w.who.recent[0] = 76;
	w.who.recent[1] = 75;
	w.order[0] = (struct order){ .id = 9034,
		                     .kind = LIT("service.cancel"),
		                     .package = LIT("SJB"),
		                     .at = w.q.now - 60 };
	w.who.n_orders = 1;
	w.consent[0] = (struct consent){ LIT("SJB"), true, 1000, LIT("sms"), LIT("是") };
	w.who.n_consents = 1;
	w.task[0] = (struct task_view){ .id = 2060, .kind = LIT("complaint"), .at = 1 };
	w.who.n_tasks = 1;
	ck_assert_str_eq(
		says(&w, "agent.handoff"),
		"已转人工，前面5位，约8分钟内客服用10086短信回复您。订购记录和投诉"
		"T2060已一并转交，不用再说一遍；也可拨10086，编号T2071");
	ck_assert_uint_eq(w.changes.tasks.n, 1);
	t = &w.changes.tasks.row[0];
	ck_assert_int_eq(t->due_at, w.q.now + 8 * 60);
	ck_assert_str_eq(
		t->context.p,
		"texts=76,75; package=58; ahead=5; open=confirm package.change "
		"code=38 38元套餐; complaint=T2060; order=9034 service.cancel SJB; "
		"consent=1000 sms \"是\"");
	world_close(&w);
}
END_TEST

SUITE("desk", {
	tcase_add_test(tc, an_errand_is_read_whole_or_not_at_all);
	tcase_add_loop_test(tc, a_fault_names_its_line, 0, COUNT_OF(bads));
	tcase_add_test(tc, an_answer_longer_than_three_messages_is_refused);
	tcase_add_test(tc, shops_are_lines_of_five_cells_seven_or_eight);
	tcase_add_loop_test(tc, a_question_is_found_with_one_slip, 0, COUNT_OF(searches));
	tcase_add_loop_test(tc, a_text_is_about_a_question_or_none, 0, COUNT_OF(about));
	tcase_add_test(tc, without_a_list_nothing_is_found);
	tcase_add_test(tc, a_hand_over_takes_along_what_is_open);
})
