/*
 * resolve.c - what a text means while something is open.
 *
 * One table: what is open against what came.  Only a confirmation's own number reaches
 * HALL_CARRY_OUT, and Y where the operator allows that.
 */
#include <stdlib.h>

#include "grammar/command.h"
#include "hall_priv.h"
#include "push_priv.h"

enum state {
	NOTHING,
	EXPIRED,
	PUSHED,    /* a campaign's message, and nothing that comes before it */
	PUSH_OVER, /* the same, but its offer does not hold any more */
	TESTED,    /* a campaign's message for tests */
	MENU,
	QUESTION, /* for a value that the text is not */
	ANSWERED, /* for a value that the text is */
	PIN,
	CONFIRM,
	STATES
};

enum answer {
	RIGHT_NUMBER,
	WRONG_NUMBER,
	ONE, /* the number 1, which no prompt has */
	YES,
	NO,
	SOFT,
	PICK,
	MORE,
	BACK,
	RESERVED,
	LANGUAGE, /* in which to go on */
	CODE,
	SENTENCE,  /* the whole text is a command */
	LOOSE,     /* the words of a matter, among others */
	SUGGESTED, /* unknown, with suggestions */
	UNKNOWN,
	ANSWERS
};

/* clang-format off */
static const enum hall_reaction reactions[STATES][ANSWERS] = {
	[NOTHING] = {
		[RIGHT_NUMBER] = HALL_LATE, [WRONG_NUMBER] = HALL_LATE, [ONE] = HALL_LATE, [YES] = HALL_LATE,
		[NO] = HALL_LATE, [SOFT] = HALL_LATE, [PICK] = HALL_LATE, [BACK] = HALL_LATE,
		[MORE] = HALL_RUN, [RESERVED] = HALL_RUN, [LANGUAGE] = HALL_RUN, [CODE] = HALL_RUN,
		[SENTENCE] = HALL_RUN, [LOOSE] = HALL_RUN,
		[SUGGESTED] = HALL_RUN, [UNKNOWN] = HALL_RUN,
	},
	[EXPIRED] = {
		[RIGHT_NUMBER] = HALL_LATE, [WRONG_NUMBER] = HALL_LATE, [ONE] = HALL_LATE, [YES] = HALL_LATE,
		[NO] = HALL_LATE, [SOFT] = HALL_LATE, [PICK] = HALL_LATE, [BACK] = HALL_LATE,
		[MORE] = HALL_RUN, [RESERVED] = HALL_RUN, [LANGUAGE] = HALL_RUN, [CODE] = HALL_RUN,
		[SENTENCE] = HALL_RUN, [LOOSE] = HALL_RUN,
		[SUGGESTED] = HALL_RUN, [UNKNOWN] = HALL_RUN,
	},
	/* Only what push_answers() says comes here. */
	[PUSHED] = {
		[ONE] = HALL_TAKE, [YES] = HALL_TAKE, [SOFT] = HALL_TAKE,
		[PICK] = HALL_TAKE, [NO] = HALL_TURN_DOWN,
	},
	[PUSH_OVER] = {
		[ONE] = HALL_TOO_LATE, [YES] = HALL_TOO_LATE, [SOFT] = HALL_TOO_LATE,
		[PICK] = HALL_TOO_LATE, [NO] = HALL_TURN_DOWN,
	},
	[TESTED] = {
		[ONE] = HALL_TEST, [YES] = HALL_TEST, [SOFT] = HALL_TEST,
		[PICK] = HALL_TEST, [NO] = HALL_TEST,
	},
	[MENU] = {
		[RIGHT_NUMBER] = HALL_HINT, [WRONG_NUMBER] = HALL_HINT, [ONE] = HALL_HINT, [YES] = HALL_HINT,
		[NO] = HALL_DECLINE, [SOFT] = HALL_HINT, [PICK] = HALL_PICK,
		[MORE] = HALL_CLOSE_RUN, [BACK] = HALL_CLOSE_RUN, [RESERVED] = HALL_RUN,
		[LANGUAGE] = HALL_RETELL, [CODE] = HALL_CLOSE_RUN, [SENTENCE] = HALL_CLOSE_RUN,
		[LOOSE] = HALL_CLOSE_RUN, [SUGGESTED] = HALL_RUN, [UNKNOWN] = HALL_RUN,
	},
	[QUESTION] = {
		[RIGHT_NUMBER] = HALL_FILL, [WRONG_NUMBER] = HALL_FILL, [ONE] = HALL_FILL, [YES] = HALL_FILL,
		[NO] = HALL_DECLINE, [SOFT] = HALL_FILL, [PICK] = HALL_FILL,
		[MORE] = HALL_FILL, [BACK] = HALL_CLOSE_RUN, [RESERVED] = HALL_RUN,
		[LANGUAGE] = HALL_RETELL, [CODE] = HALL_CLOSE_RUN, [SENTENCE] = HALL_CLOSE_RUN,
		[LOOSE] = HALL_CLOSE_RUN, [SUGGESTED] = HALL_FILL, [UNKNOWN] = HALL_FILL,
	},
	[ANSWERED] = {
		[RIGHT_NUMBER] = HALL_FILL, [WRONG_NUMBER] = HALL_FILL, [ONE] = HALL_FILL, [YES] = HALL_FILL,
		[NO] = HALL_DECLINE, [SOFT] = HALL_FILL, [PICK] = HALL_FILL,
		[MORE] = HALL_FILL, [BACK] = HALL_CLOSE_RUN, [RESERVED] = HALL_RUN,
		[LANGUAGE] = HALL_RETELL, [CODE] = HALL_CLOSE_RUN, [SENTENCE] = HALL_CLOSE_RUN,
		[LOOSE] = HALL_FILL, [SUGGESTED] = HALL_FILL, [UNKNOWN] = HALL_FILL,
	},
	[PIN] = {
		[RIGHT_NUMBER] = HALL_FILL, [WRONG_NUMBER] = HALL_FILL, [ONE] = HALL_FILL, [YES] = HALL_FILL,
		[NO] = HALL_DECLINE, [SOFT] = HALL_FILL, [PICK] = HALL_FILL,
		[MORE] = HALL_FILL, [BACK] = HALL_CLOSE_RUN, [RESERVED] = HALL_RUN,
		[LANGUAGE] = HALL_RETELL, [CODE] = HALL_CLOSE_RUN, [SENTENCE] = HALL_CLOSE_RUN,
		[LOOSE] = HALL_CLOSE_RUN, [SUGGESTED] = HALL_FILL, [UNKNOWN] = HALL_FILL,
	},
	[CONFIRM] = {
		[RIGHT_NUMBER] = HALL_CARRY_OUT, [WRONG_NUMBER] = HALL_WRONG, [ONE] = HALL_WRONG,
		[YES] = HALL_REMIND, [NO] = HALL_DECLINE, [SOFT] = HALL_REMIND,
		[PICK] = HALL_REMIND, [MORE] = HALL_REMIND, [BACK] = HALL_CLOSE_RUN,
		[RESERVED] = HALL_RUN, [LANGUAGE] = HALL_RETELL, [CODE] = HALL_CLOSE_RUN,
		[SENTENCE] = HALL_CLOSE_RUN, [LOOSE] = HALL_CLOSE_RUN,
		[SUGGESTED] = HALL_UNCLEAR, [UNKNOWN] = HALL_UNCLEAR,
	},
};
/* clang-format on */

/* ---- what came ---- */

bool dialogue_live(const struct dossier *who, int64_t now)
{
	return who->open != NULL && now < who->open->expires_at;
}

static const struct grammar_slot *slot_named(const struct grammar_command *c,
                                             const char *name)
{
	for (size_t i = 0; i < c->n_slots; i++)
		if (strcmp(c->slot[i].name, name) == 0)
			return &c->slot[i];
	return NULL;
}

const struct grammar_slot *call_named(const struct call *c, const char *name)
{
	return slot_named(c->q->command, name);
}

static bool is_intent(const struct grammar_command *c, const char *name)
{
	return c->intent != NULL && strcmp(c->intent->name, name) == 0;
}

static bool says_back(struct str folded)
{
	static const char *const words[] = { "0",    "返回",   "上一步", "上一级",
		                             "后退", "上一页", "BACK" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_eq(folded, str_of(words[i])))
			return true;
	return false;
}

/* The prompts' own words for the way out, "不改了回复N", are taken for it: 不改, 不改了. */
static bool says_not(struct str folded)
{
	static const char *const deeds[] = { "查",   "改",   "找", "绑", "写", "约",
		                             "预约", "投诉", "选", "评", "兑", "抽",
		                             "换",   "退",   "开", "订", "抢", "试" };
	const struct str no = STR("不"), any_more = STR("了");
	struct str deed;

	if (!str_starts(folded, no))
		return false;
	deed = (struct str){ folded.p + no.n, folded.n - no.n };
	if (str_ends(deed, any_more))
		deed.n -= any_more.n;
	for (size_t i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++)
		if (str_eq(deed, str_of(deeds[i])))
			return true;
	return false;
}

static enum answer number_answer(const struct hall_question *q, struct str digits)
{
	const struct dialogue *o = q->who->open;
	int64_t v;

	if (str_i64(digits, &v) != ERR_OK)
		return WRONG_NUMBER;
	if (o != NULL && o->nonce != 0 && v == (int64_t)o->nonce)
		return RIGHT_NUMBER;
	return v == 1 ? ONE : WRONG_NUMBER;
}

static bool picks_one(const struct grammar_command *c)
{
	const struct grammar_slot *n = slot_named(c, "n");

	return n != NULL && n->n_ints == 1 && n->ints[0] == 1;
}

/* Whether the text is a value of what was asked for. */
static bool fits(const struct hall *h, const struct hall_question *q)
{
	struct grammar_command command;
	const struct service *s = dialogue_service(h, q->who->open->command, q->arena,
	                                           &command);

	return s != NULL && s->fits != NULL && s->fits(h, q, str_trim(q->text));
}

/* Whether it is a yes or no of the kind that a campaign asks for. */
static bool push_answers(const struct hall_question *q, enum answer answer)
{
	return answer == ONE || answer == YES || answer == SOFT || answer == NO ||
	       (answer == PICK && picks_one(q->command));
}

static enum state state_of(const struct hall *h, const struct hall_question *q,
                           enum answer answer)
{
	static const enum state of_kind[DIALOGUE_KINDS] = {
		[DIALOGUE_MENU] = MENU,
		[DIALOGUE_QUESTION] = QUESTION,
		[DIALOGUE_CONFIRM] = CONFIRM,
		[DIALOGUE_PIN] = PIN,
	};
	const struct push *p = push_answers(q, answer) ? push_meant(q) : NULL;
	enum state state;

	if (push_answers(q, answer) && push_tested(q) != NULL)
		return TESTED;
	if (p != NULL)
		return push_holds(p, q->now) ? PUSHED : PUSH_OVER;
	if (q->who->open == NULL)
		return NOTHING;
	if (!dialogue_live(q->who, q->now))
		return EXPIRED;
	state = of_kind[q->who->open->kind];
	return state == QUESTION && fits(h, q) ? ANSWERED : state;
}

enum {
	CHOICE_DIGITS = 2 /* of the numbers of menus; a PIN has more */
};

/* "2,99" to a menu of nine: numbers as menus have them, but not all of them its own. */
static bool is_choices(struct str folded)
{
	struct str part;
	int64_t n;

	if (folded.n == 0)
		return false;
	while (str_cut(&folded, FOLD_SEP, &part))
		if (part.n > CHOICE_DIGITS || str_i64(part, &n) != ERR_OK)
			return false;
	return true;
}

/* Digits to a question for a password that is over: what is wanted by them is known. */
static bool is_late_pin(const struct hall_question *q)
{
	const struct dialogue *o = q->who->open;
	int64_t n;

	return o != NULL && o->kind == DIALOGUE_PIN && q->now >= o->expires_at &&
	       str_i64(q->folded, &n) == ERR_OK;
}

static bool in_menu(const struct hall_question *q)
{
	return dialogue_live(q->who, q->now) && q->who->open->kind == DIALOGUE_MENU;
}

/* Rules are named "file:line kind". */
static bool by(const struct grammar_command *c, const char *kind)
{
	return str_ends(str_of(c->rule), str_of(kind));
}

/* What people say when they are asked what they complain of: "扣费不对". */
static bool tells(const struct grammar_command *c)
{
	return is_intent(c, "bill.explain") || is_intent(c, "faq.search");
}

static enum answer answer_of(const struct hall_question *q)
{
	static const struct {
		const char *intent;
		enum answer answer;
	} known[] = {
		{ "confirm.no", NO },
		{ "confirm.soft", SOFT },
		{ "menu.select", PICK },
		{ "more", MORE },
		{ "optout.marketing", RESERVED },
		{ "help", RESERVED },
		{ "agent.handoff", RESERVED },
		{ "language.english", LANGUAGE },
		{ "language.chinese", LANGUAGE },
		{ "language.simplified", LANGUAGE },
		{ "language.traditional", LANGUAGE },
	};
	const struct grammar_command *c = q->command;
	const struct grammar_slot *nonce = slot_named(c, "nonce");

	if (says_back(q->folded))
		return BACK;
	if (dialogue_live(q->who, q->now) && says_not(q->folded))
		return NO;
	if (is_intent(c, "confirm.yes"))
		return nonce != NULL ? number_answer(q, nonce->text) : YES;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (is_intent(c, known[i].intent))
			return known[i].answer;
	if (c->intent == NULL &&
	    (is_late_pin(q) || (in_menu(q) && is_choices(q->folded))))
		return WRONG_NUMBER;
	if (c->intent == NULL)
		return c->n_suggestions > 0 ? SUGGESTED : UNKNOWN;
	if (by(c, " code"))
		return CODE;
	return by(c, " about") || tells(c) ? LOOSE : SENTENCE;
}

unsigned dialogue_items(struct str s)
{
	struct str line;
	unsigned n = 0;

	while (str_cut(&s, '\n', &line))
		n += line.n > 0 ? 1 : 0;
	return n;
}

struct grammar_context hall_context(const struct dossier *who, int64_t now)
{
	const struct dialogue *o = who->open;
	const struct grammar_context none = { .kind = GRAMMAR_NO_CONTEXT };

	if (!dialogue_live(who, now))
		return none;
	if (o->kind != DIALOGUE_MENU)
		return (struct grammar_context){ .kind = GRAMMAR_CONFIRM };
	if (o->items.n == 0)
		return none;
	return (struct grammar_context){ .kind = GRAMMAR_MENU,
		                         .menu_n = dialogue_items(o->items) };
}

enum {
	ANSWER_OCTETS = 60 /* longer texts are no answers */
};

bool hall_ambiguous(const struct hall_question *q, struct grammar_context *context)
{
	const struct grammar_command *c = q->command;
	const bool confirming = dialogue_live(q->who, q->now) &&
	                        q->who->open->kind == DIALOGUE_CONFIRM;

	if (confirming) {
		*context = (struct grammar_context){ .kind = GRAMMAR_NO_CONTEXT };
		return answer_of(q) == WRONG_NUMBER || answer_of(q) == ONE;
	}
	*context = (struct grammar_context){ .kind = GRAMMAR_CONFIRM };
	return c->intent == NULL && c->n_suggestions == 0 && !c->several &&
	       q->text.n > 0 && q->text.n <= ANSWER_OCTETS;
}

bool hall_secret(const struct hall_question *q)
{
	/* Also a late one. */
	return q->who->open != NULL && q->who->open->kind == DIALOGUE_PIN;
}

/* ---- what is to be run ---- */

struct runs {
	struct grammar_command *command; /* room for DIALOGUE_ITEMS */
	size_t n;
};

static bool add_run(const struct hall *h, struct hall_question *q, struct runs *r,
                    struct str text)
{
	if (r->n == DIALOGUE_ITEMS || text.n == 0 ||
	    grammar_command_parse(h->grammar, text, q->arena, &r->command[r->n]) !=
	            ERR_OK)
		return false;
	r->n++;
	return true;
}

static struct str line_at(struct str lines, int at)
{
	struct str line = { "", 0 };

	for (int i = 0; i < at; i++)
		if (!str_cut(&lines, '\n', &line))
			return STR("");
	return line;
}

static bool run_picked(const struct hall *h, struct hall_question *q, struct runs *r)
{
	const struct grammar_slot *n = slot_named(q->command, "n");
	bool all = n != NULL;

	for (size_t i = 0; all && i < n->n_ints; i++)
		all = add_run(h, q, r, line_at(q->who->open->items, n->ints[i]));
	return all;
}

/* The slot's value is the text itself. */
static bool run_filled(const struct hall *h, struct hall_question *q, struct runs *r)
{
	const struct dialogue *o = q->who->open;
	const bool pin = o->kind == DIALOGUE_PIN;

	return add_run(h, q, r, o->command) &&
	       grammar_command_set(&r->command[0],
	                           (struct grammar_slot){
					   .name = arena_str(q->arena, o->items).p,
					   .type = GRAMMAR_TEXT,
					   .secret = pin,
					   .text = pin ? q->folded : str_trim(q->text) });
}

static bool run_more(const struct hall *h, struct hall_question *q, struct runs *r)
{
	return add_run(h, q, r, q->who->open->rest);
}

static bool run_back(const struct hall *h, struct hall_question *q, struct runs *r)
{
	return add_run(h, q, r, q->who->open->back);
}

/* The language, and what is open once more in it; it stays as it is if it has no command. */
static bool run_retold(const struct hall *h, struct hall_question *q, struct runs *r)
{
	r->command[r->n++] = *q->command;
	(void)add_run(h, q, r, q->who->open->command);
	return true;
}

static bool run_confirmed(const struct hall *h, struct hall_question *q, struct runs *r)
{
	return add_run(h, q, r, q->who->open->command);
}

static bool run_taken(const struct hall *h, struct hall_question *q, struct runs *r)
{
	return add_run(h, q, r, push_meant(q)->command);
}

/*
 * Whether the operator lets Y confirm what is open.  What costs no money costs something
 * else or cannot be undone; and of several one after the other a Y that comes twice would
 * confirm one that was never read.
 */
static bool plain_yes(const struct hall *h, const struct dialogue *o)
{
	return o->fee_fen > 0 && o->fee_fen < h->conf.plain_yes_fen && o->rest.n == 0;
}

bool hall_asks_pushes(const struct hall_question *q)
{
	const enum answer answer = answer_of(q);

	if (!q->who->known || (q->who->have & NEED_PUSHES) != 0)
		return false;
	return q->campaign != 0
	               ? push_answers(q, answer) || answer == WRONG_NUMBER
	               : push_answers(q, answer) && !dialogue_live(q->who, q->now);
}

void hall_resolve(const struct hall *h, struct hall_question *q)
{
	typedef bool (*run_fn)(const struct hall *h, struct hall_question *q,
	                       struct runs *r);
	const enum answer answer = answer_of(q);
	struct runs r = { NULL, 0 };
	run_fn fill = NULL;
	bool ok;

	q->reaction = reactions[state_of(h, q, answer)][answer];
	if (q->reaction == HALL_REMIND && answer == YES && plain_yes(h, q->who->open))
		q->reaction = HALL_CARRY_OUT;
	if (q->reaction == HALL_CLOSE_RUN && answer == MORE && q->who->open->rest.n == 0)
		q->reaction = HALL_HINT; /* all of the menu has been shown */
	q->run = q->command;
	q->n_run = 1;
	if (q->reaction == HALL_TAKE)
		fill = run_taken;
	else if (q->reaction == HALL_PICK)
		fill = run_picked;
	else if (q->reaction == HALL_FILL)
		fill = run_filled;
	else if (q->reaction == HALL_RETELL)
		fill = run_retold;
	else if (q->reaction == HALL_CARRY_OUT)
		fill = run_confirmed;
	else if (q->reaction == HALL_CLOSE_RUN && answer == BACK)
		fill = run_back;
	else if (q->reaction == HALL_CLOSE_RUN && answer == MORE)
		fill = run_more;
	if (fill == NULL)
		return;
	r.command = arena_array(q->arena, struct grammar_command, DIALOGUE_ITEMS);
	ok = fill(h, q, &r);
	q->run = r.command;
	q->n_run = r.n;
	if (!ok)
		q->reaction = answer == BACK ? HALL_DECLINE : HALL_LATE;
}
