/*
 * test_dialogue.c - what is open against what comes: every pair, and what each leaves
 * behind.
 */
#include "fixture.h"
#include "support/suite.h"

#include "grammar/command.h"

enum {
	NOTHING,
	EXPIRED,
	MENU,
	QUESTION, /* that no words answer */
	WORDS,    /* that any words answer */
	PIN,
	CONFIRM,
	STATES
};

/* What comes; rule tells codes from sentences. */
static const struct {
	const char *intent, *folded, *nonce, *rule;
	bool suggests;
} answers[] = {
	{ "confirm.yes", "73", "73", "", false },
	{ "confirm.yes", "37", "37", "", false },
	{ "confirm.yes", "Y", NULL, "", false },
	{ "confirm.no", "N", NULL, "", false },
	{ "confirm.soft", "OK", NULL, "", false },
	{ "menu.select", "2", NULL, "", false },
	{ "more", "更多", NULL, "f:1 say", false },
	{ NULL, "返回", NULL, "", false },
	{ "help", "HELP", NULL, "f:1 code", false },
	{ "optout.marketing", "TD", NULL, "f:1 code", false },
	{ "balance.query", "CXYE", NULL, "f:1 code", false },
	{ "balance.query", "余额", NULL, "f:1 say", false },
	{ "balance.query", "余额有点怪", NULL, "f:1 about", false },
	{ NULL, "CXYR", NULL, "", true },
	{ NULL, "天气真好", NULL, "", false },
	{ "language.english", "ENGLISH", NULL, "f:1 en", false },
	{ "bill.explain", "扣费不对", NULL, "f:1 say", false },
};

/* One letter an answer, in the order above:
 * r run, c close and run, t ask again in another language, p pick, f fill, ! carry out, m remind, u unclear, w wrong,
 * d decline, h hint, l late */
/* clang-format off */
static const char *const wanted[STATES] = {
	[NOTHING]  = "llllllrlrrrrrrrrr",
	[EXPIRED]  = "llllllrlrrrrrrrrr",
	[MENU]     = "hhhdhpccrrcccrrtc",
	[QUESTION] = "fffdfffcrrcccfftc",
	[WORDS]    = "fffdfffcrrccffftf",
	[PIN]      = "fffdfffcrrcccfftc",
	[CONFIRM]  = "!wmdmmmcrrcccuutc",
};
static const char letters[HALL_REACTIONS + 1] = "rctpf!muwdhl";
/* clang-format on */

static struct dialogue opened(struct world *w, enum dialogue_kind kind)
{
	struct dialogue o = { .id = 70,
		              .kind = kind,
		              .opened_at = w->q.now - 60,
		              .expires_at = w->q.now + 60,
		              .command = STR("package.change code=38"),
		              .items = STR("code"),
		              .rest = STR(""),
		              .back = STR(""),
		              .price = STR("p"),
		              .brief = STR("38元套餐"),
		              .revision = STR(""),
		              .rule = STR("") };

	if (kind == DIALOGUE_MENU) {
		o.items = STR("service.list\nbalance.query");
		o.rest = STR("points.query");
	}
	if (kind == DIALOGUE_CONFIRM)
		o.nonce = 73;
	else
		o.back = STR("package.list");
	if (kind == DIALOGUE_CONFIRM)
		o.back = STR("package.list");
	return o;
}

static void come(struct world *w, size_t answer)
{
	static const int second[] = { 2 };
	struct grammar_command *c = &w->command;

	memset(c, 0, sizeof(*c));
	c->intent = answers[answer].intent != NULL ? intent_of(answers[answer].intent)
	                                           : NULL;
	c->rule = answers[answer].rule;
	w->q.text = w->q.folded = str_of(answers[answer].folded);
	if (answers[answer].nonce != NULL)
		c->slot[c->n_slots++] = (struct grammar_slot){
			.name = "nonce",
			.type = GRAMMAR_TEXT,
			.text = str_of(answers[answer].nonce)
		};
	if (c->intent != NULL && strcmp(c->intent->name, "menu.select") == 0)
		c->slot[c->n_slots++] = (struct grammar_slot){
			.name = "n", .type = GRAMMAR_INTS, .ints = second, .n_ints = 1
		};
	if (answers[answer].suggests) {
		c->suggestion[0].intent = intent_of("balance.query");
		c->suggestion[0].code = STR("CXYE");
		c->n_suggestions = 1;
	}
}

static void set_state(struct world *w, int state, struct dialogue *o)
{
	static const enum dialogue_kind kinds[STATES] = {
		[EXPIRED] = DIALOGUE_CONFIRM,   [MENU] = DIALOGUE_MENU,
		[QUESTION] = DIALOGUE_QUESTION, [WORDS] = DIALOGUE_QUESTION,
		[PIN] = DIALOGUE_PIN,           [CONFIRM] = DIALOGUE_CONFIRM,
	};

	w->who.open = NULL;
	w->who.have = ~0U;
	if (state == NOTHING)
		return;
	*o = opened(w, kinds[state]);
	if (state == EXPIRED)
		o->expires_at = w->q.now;
	if (state == WORDS) {
		o->command = STR("complaint.open");
		o->items = STR("text");
	}
	w->who.open = o;
}

/* Every pair has its reaction, an answer, and keeps the promises below. */
START_TEST(every_pair)
{
	struct dialogue o;
	struct world w;

	for (size_t i = 0; i < COUNT_OF(answers); i++) {
		struct hall_answer a;
		bool charged;

		world_open(&w);
		set_state(&w, _i, &o);
		come(&w, i);
		hall_resolve(w.hall, &w.q);
		ck_assert_msg(letters[w.q.reaction] == wanted[_i][i], "%d %s: %c", _i,
		              answers[i].folded, letters[w.q.reaction]);
		(void)hall_needs(w.hall, &w.q);
		a = hall_answer(w.hall, &w.q);
		ck_assert_uint_gt(a.text.n, 0);
		charged = w.changes.orders.n + w.changes.ledger.n > 0;
		/* The price was another one: even the number is asked for again. */
		ck_assert(!charged && w.changes.confirmed == 0);
		if (strchr("rmuh", wanted[_i][i]) != NULL && _i == CONFIRM)
			ck_assert(w.who.open == &o);
		world_close(&w);
	}
}
END_TEST

/* Asks for package 38 and gives the number of the prompt. */
static unsigned ask_for_38(struct world *w)
{
	memset(&w->command, 0, sizeof(w->command));
	w->command.intent = intent_of("package.change");
	w->command.rule = "f:1 code";
	w->command.n_slots = 1;
	w->command.slot[0] = (struct grammar_slot){ .name = "code",
		                                    .type = GRAMMAR_TEXT,
		                                    .text = STR("38") };
	w->who.have = ~0U;
	hall_resolve(w->hall, &w->q);
	ck_assert_str_eq(hall_answer(w->hall, &w->q).outcome, "asked");
	ck_assert_ptr_nonnull(w->who.open);
	return w->who.open->nonce;
}

static const char *give(struct world *w, unsigned nonce)
{
	memset(&w->command, 0, sizeof(w->command));
	w->command.intent = intent_of("confirm.yes");
	w->command.n_slots = 1;
	w->command.slot[0] = (struct grammar_slot){ .name = "nonce",
		                                    .type = GRAMMAR_TEXT,
		                                    .text = arena_printf(&w->arena, "%u",
		                                                         nonce) };
	w->q.id++;
	hall_resolve(w->hall, &w->q);
	return hall_answer(w->hall, &w->q).outcome;
}

/* Only the number of the prompt, once, with the price that the prompt named. */
START_TEST(the_number_commits_once)
{
	struct world w;
	unsigned nonce;

	world_open(&w);
	nonce = ask_for_38(&w);
	ck_assert_str_eq(give(&w, nonce == 99 ? 10 : nonce + 1), "confirm.wrong");
	ck_assert_uint_eq(w.changes.orders.n, 0);
	ck_assert_str_eq(give(&w, nonce), "done");
	ck_assert_uint_eq(w.changes.orders.n, 1);
	ck_assert_int_eq(w.changes.orders.row[0].order.prompt, 77);
	ck_assert_ptr_null(w.who.open);
	ck_assert_str_eq(give(&w, nonce), "late");
	ck_assert_uint_eq(w.changes.orders.n, 1);
	world_close(&w);
}
END_TEST

START_TEST(another_price_is_asked_for_again)
{
	const int64_t fee = packages[1].fee_fen;
	struct world w;
	unsigned nonce, second;

	world_open(&w);
	nonce = ask_for_38(&w);
	packages[1].fee_fen++;
	ck_assert_str_eq(give(&w, nonce), "asked");
	second = w.who.open->nonce;
	packages[1].fee_fen = fee;
	ck_assert_uint_eq(w.changes.orders.n, 0);
	ck_assert_uint_ne(second, nonce);
	world_close(&w);
}
END_TEST

/* The number never stands in the prompt for another reason, whatever the dice say. */
START_TEST(numbers_stand_alone)
{
	struct world w;

	world_open(&w);
	for (uint64_t dice = 0; dice < 180; dice++) {
		unsigned nonce;

		w.q.dice = dice;
		w.who.open = NULL;
		nonce = ask_for_38(&w);
		ck_assert(nonce >= 10 && nonce <= 99);
		ck_assert(nonce != 38 && nonce != 58);
	}
	world_close(&w);
}
END_TEST

START_TEST(commands_survive_as_text)
{
	static const int ints[] = { 1, 30 };
	struct grammar_command c = { .intent = intent_of("service.open") }, back;
	struct arena arena = arena_make(1 << 16);
	struct buf b = buf_make(4096), again = buf_make(4096);

	ck_assert(grammar_command_set(
		&c, (struct grammar_slot){ .name = "text",
	                                   .type = GRAMMAR_TEXT,
	                                   .text = STR("a b%\n=账单") }));
	ck_assert(grammar_command_set(&c, (struct grammar_slot){ .name = "n",
	                                                         .type = GRAMMAR_INTS,
	                                                         .ints = ints,
	                                                         .n_ints = 2 }));
	ck_assert(grammar_command_set(
		&c, (struct grammar_slot){ .name = "month",
	                                   .type = GRAMMAR_MONTH,
	                                   .month = month("2026-09") }));
	ck_assert(
		grammar_command_set(&c, (struct grammar_slot){ .name = "pin",
	                                                       .type = GRAMMAR_TEXT,
	                                                       .secret = true,
	                                                       .text = STR("246810") }));
	grammar_command_print(&c, &b);
	ck_assert(str_find(buf_str(&b), STR("246810")) == SIZE_MAX);
	ck_assert_int_eq(grammar_command_parse(NULL, buf_str(&b), &arena, &back), ERR_OK);
	ck_assert_uint_eq(back.n_slots, 3);
	ck_assert_int_eq(back.slot[0].month, month("2026-09"));
	ck_assert_int_eq(back.slot[1].ints[1], 30);
	ck_assert(str_eq(back.slot[2].text, STR("a b%\n=账单")));
	grammar_command_print(&back, &again);
	ck_assert(str_eq(buf_str(&b), buf_str(&again)));
	ck_assert_int_eq(grammar_command_parse(NULL, STR("no.such x=1"), &arena, &back),
	                 ERR_NOT_FOUND);
	ck_assert_int_eq(grammar_command_parse(NULL, STR("help x"), &arena, &back),
	                 ERR_SYNTAX);
	ck_assert_int_eq(grammar_command_parse(NULL, STR("help x=%2"), &arena, &back),
	                 ERR_SYNTAX);
	buf_free(&b);
	buf_free(&again);
	arena_free(&arena);
}
END_TEST

START_TEST(orders_move_forward_only)
{
	static const char *const may[ORDER_STATES] = {
		[ORDER_ASKED] = "accepted refused undone confirmed",
		[ORDER_CONFIRMED] = "accepted refused undone",
		[ORDER_ACCEPTED] = "effective refused undone",
		[ORDER_EFFECTIVE] = "undone",
		[ORDER_REFUSED] = "",
		[ORDER_UNDONE] = "",
	};

	for (int from = 0; from < ORDER_STATES; from++)
		for (int to = 0; to < ORDER_STATES; to++)
			ck_assert_msg(
				order_may((enum order_state)from, (enum order_state)to) ==
					(strstr(may[from],
			                        order_state_name((enum order_state)to)) !=
			                 NULL),
				"%d to %d", from, to);
}
END_TEST

SUITE("dialogue", {
	tcase_add_loop_test(tc, every_pair, 0, STATES);
	tcase_add_test(tc, the_number_commits_once);
	tcase_add_test(tc, another_price_is_asked_for_again);
	tcase_add_test(tc, numbers_stand_alone);
	tcase_add_test(tc, commands_survive_as_text);
	tcase_add_test(tc, orders_move_forward_only);
})
