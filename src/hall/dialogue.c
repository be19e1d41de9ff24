/*
 * dialogue.c - what becomes of what is open, and what is said about it.
 *
 * Nothing is carried out by a late, wrong or unclear answer.
 */
#include <stdlib.h>

#include "desk_priv.h"
#include "grammar/command.h"
#include "push_priv.h"
#include "request_priv.h"

const struct service *dialogue_service(const struct hall *h, struct str command,
                                       struct arena *a, struct grammar_command *out)
{
	if (grammar_command_parse(h->grammar, command, a, out) != ERR_OK)
		return NULL;
	return hall_service(h, out->intent);
}

/* {label}, {brief}, {nonce} and {code} of what waits. */
static void put_waiting(const struct call *c, const struct dialogue *o,
                        struct reply_values *v)
{
	struct grammar_command command;
	const struct service *s = dialogue_service(c->hall, o->command, c->q->arena,
	                                           &command);

	v->label = call_text(c, s != NULL ? s->label : REPLY_LABEL_CHARGE, NULL);
	if (s != NULL)
		v->code = unknown_full_code(c, &command);
	if (s != NULL && v->code.n == 0 && o->nonce == 0)
		v->code = call_way(c, s->intent);
	if (o->brief.n > 0)
		v->brief = o->brief;
	if (o->nonce != 0)
		v->nonce = arena_printf(c->q->arena, "%u", o->nonce);
}

struct hall_answer dialogue_say(const struct call *c, const struct dialogue *o,
                                const char *outcome, enum reply_id id)
{
	struct reply_values v = { 0 };

	put_waiting(c, o, &v);
	return call_say(c, outcome, id, &v);
}

/* The text folded, as far as it may be kept. */
static struct str evidence_text(const struct call *c)
{
	const struct grammar_command *command = call_talk(c)->command;

	for (size_t i = 0; i < command->n_slots; i++)
		if (command->slot[i].secret)
			return STR("");
	return c->answered != NULL && c->answered->kind == DIALOGUE_PIN ? STR("")
	                                                                : c->q->folded;
}

void call_step(const struct call *c, enum step_kind kind, int64_t order)
{
	const struct hall_question *q = call_talk(c);
	const struct dialogue *o = c->answered != NULL ? c->answered : q->who->open;

	changes_step(q->changes, q->who, q->now,
	             (struct step_row){ .kind = kind,
	                                .dialogue = o != NULL ? o->id : 0,
	                                .inbox = q->id,
	                                .order = order,
	                                .folded = evidence_text(c),
	                                .price = o != NULL ? o->price : STR("") });
}

void call_note(const struct call *c, enum step_kind kind, struct str price)
{
	const struct hall_question *q = call_talk(c);

	changes_step(
		q->changes, q->who, q->now,
		(struct step_row){ .kind = kind,
	                           .dialogue = c->answered != NULL ? c->answered->id : 0,
	                           .inbox = q->id,
	                           .folded = evidence_text(c),
	                           .price = price });
}

static struct str join(const struct call *c, struct str first, struct str second)
{
	if (first.n == 0 || second.n == 0)
		return first.n == 0 ? second : first;
	return arena_printf(c->q->arena, "%.*s%.*s%.*s", STR_ARG(first),
	                    STR_ARG(call_text(c, REPLY_WORD_STOP, NULL)),
	                    STR_ARG(second));
}

/* Commands left over wait behind the confirmation that one before them has opened. */
static void park(const struct call *c, const struct grammar_command *left, size_t n)
{
	struct dialogue next = *c->q->who->open;
	struct buf b = buf_make(8192);

	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_putc(&b, '\n');
		grammar_command_print(&left[i], &b);
	}
	if (next.rest.n > 0) {
		buf_putc(&b, '\n');
		buf_puts(&b, next.rest);
	}
	next.rest = arena_str(c->q->arena, buf_str(&b));
	buf_free(&b);
	changes_dialogue_open(c->q->changes, c->q->who, &next);
}

static bool opened_by_this(const struct call *c)
{
	const struct dialogue *o = c->q->who->open;

	return o != NULL && o->id == c->q->id && o->kind != DIALOGUE_MENU;
}

/* What the next one says holds what this one does. */
static bool is_summed_up(const struct call *c, const struct grammar_command *run,
                         size_t left)
{
	const struct service *s;

	if (left < 2 || run[0].intent == NULL || run[0].intent != run[1].intent)
		return false;
	s = hall_service(c->hall, run[0].intent);
	return s != NULL && s->sums_up;
}

/* Each in turn; one that asks back stops the others until it is answered. */
static struct hall_answer run_all(const struct call *c, const struct grammar_command *run,
                                  size_t n)
{
	struct hall_answer all = { { "", 0 }, CALL_DONE };

	for (size_t i = 0; i < n; i++) {
		const struct hall_answer a = hall_command(c, &run[i]);

		if (!is_summed_up(c, &run[i], n - i))
			all.text = join(c, all.text, a.text);
		all.outcome = a.outcome;
		if (c->q->changes->park != NULL)
			break;
		if (i + 1 < n && opened_by_this(c)) {
			park(c, &run[i + 1], n - i - 1);
			break;
		}
	}
	return all;
}

static struct hall_answer run(const struct call *c)
{
	if (c->q->run == NULL)
		return hall_command(c, c->q->command);
	return run_all(c, c->q->run, c->q->n_run);
}

/* The commands that waited behind a confirmation that is over. */
static struct hall_answer go_on(const struct call *c, struct hall_answer so_far)
{
	struct str rest = c->answered->rest, line;
	struct grammar_command *left;
	struct call next = *c;
	size_t n = 0;

	if (c->q->changes->park != NULL)
		c->q->changes->park->rest = rest;
	if (rest.n == 0 || opened_by_this(c) || c->q->changes->park != NULL)
		return so_far;
	left = arena_array(c->q->arena, struct grammar_command, DIALOGUE_ITEMS);
	while (n < DIALOGUE_ITEMS && str_cut(&rest, '\n', &line))
		if (grammar_command_parse(c->hall->grammar, line, c->q->arena,
		                          &left[n]) == ERR_OK)
			n++;
	next.confirmed = false;
	if (n > 0)
		so_far.text = join(c, so_far.text, run_all(&next, left, n).text);
	return so_far;
}

static void end(const struct call *c)
{
	changes_dialogue_close(c->q->changes, c->q->who);
}

/* What was asked about is what is asked for now, or where it was come from. */
static bool goes_on_with(const struct call *c, const struct dialogue *o)
{
	const struct grammar_command *next = c->q->run;
	struct grammar_command asked, back;
	const bool is_back = grammar_command_parse(c->hall->grammar, o->back, c->q->arena,
	                                           &back) == ERR_OK &&
	                     back.intent == next->intent;

	return is_back || (grammar_command_parse(c->hall->grammar, o->command,
	                                         c->q->arena, &asked) == ERR_OK &&
	                   asked.intent == next->intent);
}

static bool is_same(const struct call *c, const struct dialogue *o)
{
	struct buf b = buf_make(4096);
	bool same;

	grammar_command_print(&c->q->run[0], &b);
	same = str_eq(buf_str(&b), o->command);
	buf_free(&b);
	return same;
}

/* What is given up for something else is said to be so, but for a menu. */
static struct str given_up(const struct call *c, const struct dialogue *o)
{
	const bool asked = o->kind == DIALOGUE_QUESTION || o->kind == DIALOGUE_PIN;

	if (o->kind == DIALOGUE_CONFIRM && !is_same(c, o))
		return dialogue_say(c, o, "", REPLY_DIALOGUE_CLOSED).text;
	if (asked && !goes_on_with(c, o))
		return dialogue_say(c, o, "", REPLY_DIALOGUE_UNANSWERED).text;
	return STR("");
}

static struct hall_answer close_run(const struct call *c)
{
	const struct dialogue *o = c->answered;
	const struct str notice = given_up(c, o);
	struct call next = *c;
	struct hall_answer a;

	end(c);
	if (o->kind == DIALOGUE_CONFIRM)
		call_step(c, STEP_CLOSED, 0);
	next.answered = NULL;
	a = run(&next);
	a.text = join(c, notice, a.text);
	return a;
}

/* The same question again: what it led from and what waits behind it stay. */
static void keep_place(const struct call *c, const struct dialogue *o)
{
	struct dialogue again = *c->q->who->open;

	again.back = o->back;
	again.wrong = o->wrong;
	if (o->kind != DIALOGUE_MENU)
		again.rest = o->rest;
	changes_dialogue_open(c->q->changes, c->q->who, &again);
}

static struct hall_answer retell(const struct call *c)
{
	const struct dialogue *o = c->answered;
	struct call next = *c;
	struct hall_answer a;

	next.answered = NULL;
	a = hall_command(&next, &c->q->run[0]);
	if (c->q->n_run < 2)
		return a;
	if (o->kind == DIALOGUE_CONFIRM)
		call_step(c, STEP_CLOSED, 0);
	end(c);
	if (c->q->who->known)
		next.language = c->q->who->sub.language;
	a.text = join(&next, a.text, hall_command(&next, &c->q->run[1]).text);
	if (c->q->who->open != NULL)
		keep_place(c, o);
	return a;
}

static struct hall_answer pick(const struct call *c)
{
	end(c);
	return run(c);
}

static struct hall_answer fill(const struct call *c)
{
	end(c);
	return go_on(c, run(c));
}

static struct hall_answer carry_out(const struct call *c)
{
	struct call confirmed = *c;

	confirmed.confirmed = true;
	call_step(c, STEP_CONFIRMED, 0);
	end(c);
	return go_on(c, hall_command(&confirmed, &c->q->run[0]));
}

static struct hall_answer remind(const struct call *c)
{
	call_step(c, STEP_SOFT, 0);
	return dialogue_say(c, c->answered, "confirm.again",
	                    c->answered->fee_fen > 0 ? REPLY_CONFIRM_SOFT
	                                             : REPLY_CONFIRM_SOFT_FREE);
}

static struct hall_answer unclear(const struct call *c)
{
	return dialogue_say(c, c->answered, "confirm.unclear", REPLY_CONFIRM_UNCLEAR);
}

static struct hall_answer wrong(const struct call *c)
{
	struct dialogue next = *c->answered;

	call_step(c, STEP_WRONG, 0);
	if (++next.wrong >= DIALOGUE_WRONG) {
		call_step(c, STEP_CLOSED, 0);
		end(c);
		return dialogue_say(c, &next, "confirm.ended", REPLY_CONFIRM_ENDED);
	}
	changes_dialogue_open(c->q->changes, c->q->who, &next);
	return dialogue_say(c, &next, "confirm.wrong", REPLY_CONFIRM_WRONG);
}

static struct hall_answer decline(const struct call *c)
{
	const struct dialogue *o = c->answered;

	end(c);
	if (o->kind != DIALOGUE_CONFIRM)
		return call_say(c, "left", REPLY_DIALOGUE_LEFT, NULL);
	call_step(c, STEP_DECLINED, 0);
	return go_on(c, dialogue_say(c, o, "declined", REPLY_CONFIRM_DECLINED));
}

static struct hall_answer hint(const struct call *c)
{
	const unsigned n = dialogue_items(c->answered->items);
	struct reply_values v = { 0 };

	if (n > 1)
		v.count = arena_printf(c->q->arena, "%u", n);
	return call_say(c, "hint", n > 0 ? REPLY_DIALOGUE_HINT : REPLY_UNKNOWN, &v);
}

static struct hall_answer late(const struct call *c)
{
	const struct dialogue *o = c->answered;
	struct hall_answer a;

	if (unknown_courtesy(c, &a) || rate_late(c, &a))
		return a;
	if (c->q->campaign != 0 && o == NULL)
		return push_hint(c);
	if (o == NULL || o->command.n == 0 || rate_asked(o))
		return call_say(c, "late", REPLY_DIALOGUE_NONE, NULL);
	if (o->kind != DIALOGUE_CONFIRM)
		return dialogue_say(c, o, "late", REPLY_DIALOGUE_LATE);
	call_step(c, STEP_LATE, 0);
	return dialogue_say(c, o, "late", REPLY_CONFIRM_LATE);
}

/* What is open besides is given up for it, as for any command. */
static struct hall_answer take(const struct call *c)
{
	const struct push *p = push_meant(c->q);
	const struct str changed = push_changed(c, p);
	const bool live = dialogue_live(c->q->who, c->q->now);
	struct call next = *c;
	struct hall_answer a;

	if (c->q->campaign == 0 && unknown_courtesy(c, &a))
		return a;
	push_replied(c, p);
	if (!live)
		next.answered = NULL;
	a = live ? close_run(&next) : run(&next);
	if (opened_by_this(c))
		a.text = join(c, changed, a.text);
	return a;
}

static struct hall_answer turn_down(const struct call *c)
{
	return push_declined(c, push_meant(c->q));
}

static struct hall_answer too_late(const struct call *c)
{
	const struct push *p = push_meant(c->q);
	struct hall_answer courtesy;

	if (unknown_courtesy(c, &courtesy))
		return courtesy;
	push_replied(c, p);
	return push_over(c, p);
}

static struct hall_answer tested(const struct call *c)
{
	struct hall_answer courtesy;

	if (c->q->campaign == 0 && unknown_courtesy(c, &courtesy))
		return courtesy;
	return push_test(c);
}

unsigned dialogue_needs(const struct hall *h, const struct hall_question *q)
{
	const bool goes_on = q->reaction == HALL_CARRY_OUT ||
	                     q->reaction == HALL_DECLINE || q->reaction == HALL_FILL;
	struct grammar_command command;
	struct str rest, line;
	unsigned needs = 0;

	if (q->reaction == HALL_LATE)
		return rate_may(q) ? service_rate.needs : 0;
	if (!goes_on || q->who->open->kind == DIALOGUE_MENU)
		return 0;
	for (rest = q->who->open->rest; str_cut(&rest, '\n', &line);) {
		const struct service *s = dialogue_service(h, line, q->arena, &command);

		if (s != NULL)
			needs |= s->needs | s->early | request_needs(q->who, s);
	}
	return needs;
}

bool call_busy(const struct call *c)
{
	return dialogue_live(c->q->who, c->q->now) &&
	       c->q->who->open->kind == DIALOGUE_CONFIRM;
}

struct hall_answer dialogue_answer(const struct call *c)
{
	static struct hall_answer (*const react[HALL_REACTIONS])(const struct call *c) = {
		[HALL_RUN] = run,           [HALL_CLOSE_RUN] = close_run,
		[HALL_RETELL] = retell,     [HALL_PICK] = pick,
		[HALL_FILL] = fill,         [HALL_CARRY_OUT] = carry_out,
		[HALL_REMIND] = remind,     [HALL_UNCLEAR] = unclear,
		[HALL_WRONG] = wrong,       [HALL_DECLINE] = decline,
		[HALL_HINT] = hint,         [HALL_LATE] = late,
		[HALL_TAKE] = take,         [HALL_TURN_DOWN] = turn_down,
		[HALL_TOO_LATE] = too_late, [HALL_TEST] = tested,
	};

	if (c->q->said.n > 0) {
		struct hall_answer a = react[c->q->reaction](c);

		a.text = join(c, c->q->said, a.text);
		return a;
	}
	return react[c->q->reaction](c);
}
