/*
 * confirm.c - asking: for a confirmation by number, a choice, a value.
 */
#include <assert.h>
#include <inttypes.h>

#include "base/buf.h"
#include "grammar/command.h"
#include "hall_priv.h"
#include "numbers_priv.h"
#include "request_priv.h"

enum {
	CONFIRM_LIFE_S = 24 * 3600,
	MENU_LIFE_S = 30 * 60,
	NONCE_MIN = 10,
	NONCE_COUNT = 90,     /* 10..99 */
	COMMAND_OCTETS = 2048 /* of one command as text */
};

const struct hall_question *call_talk(const struct call *c)
{
	return c->talk != NULL ? c->talk : c->q;
}

struct str dialogue_command(const struct call *c, const struct grammar_command *command)
{
	struct buf b = buf_make(COMMAND_OCTETS);
	struct str text;

	grammar_command_print(command, &b);
	text = arena_str(c->q->arena, buf_str(&b));
	buf_free(&b);
	return text;
}

struct str call_command(const struct call *c, const char *intent, const char *name,
                        struct str value)
{
	const struct grammar_intent named = { .name = intent };
	struct grammar_command command = { .intent = &named };

	if (name != NULL)
		(void)grammar_command_set(&command,
		                          (struct grammar_slot){ .name = name,
		                                                 .type = GRAMMAR_TEXT,
		                                                 .text = value });
	return dialogue_command(c, &command);
}

/* Where "0" leads: the menu that this was chosen from. */
static struct str way_back(const struct call *c)
{
	const struct dialogue *o = c->answered;

	if (o == NULL)
		return STR("");
	return o->kind == DIALOGUE_MENU ? o->command : o->back;
}

static struct dialogue begin(const struct call *c, enum dialogue_kind kind,
                             int64_t life_s)
{
	const struct hall_question *q = call_talk(c);
	const char *rule = q->command->rule;

	return (struct dialogue){ .id = q->id,
		                  .kind = kind,
		                  .opened_at = q->now,
		                  .expires_at = q->now + life_s,
		                  .command = dialogue_command(c, q->command),
		                  .items = STR(""),
		                  .rest = STR(""),
		                  .back = way_back(c),
		                  .price = STR(""),
		                  .brief = STR(""),
		                  .revision = arena_str(q->arena, str_of(q->revision)),
		                  .rule = arena_str(q->arena, str_of(rule)) };
}

static void open_dialogue(const struct call *c, const struct dialogue *o)
{
	changes_dialogue_open(c->q->changes, call_talk(c)->who, o);
}

/* ---- confirmations ---- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Whether the two digits stand alone somewhere in the text. */
static bool shows(struct str text, unsigned n)
{
	const char digits[] = { (char)('0' + n / 10), (char)('0' + n % 10) };

	for (size_t i = 0; i + 1 < text.n; i++)
		if (memcmp(text.p + i, digits, 2) == 0 &&
		    (i == 0 || !is_digit(text.p[i - 1])) &&
		    (i + 2 == text.n || !is_digit(text.p[i + 2])))
			return true;
	return false;
}

/* A number that the text does not show for another reason, and not that of before. */
static unsigned draw(const struct call *c, struct str text)
{
	const struct dialogue *before = c->answered != NULL ? c->answered
	                                                    : call_talk(c)->who->open;
	unsigned n = NONCE_MIN + (unsigned)(c->q->dice % NONCE_COUNT);

	for (unsigned tries = 0; tries < NONCE_COUNT; tries++) {
		if (!shows(text, n) && (before == NULL || before->nonce != n))
			break;
		n = n + 1 < NONCE_MIN + NONCE_COUNT ? n + 1 : NONCE_MIN;
	}
	return n;
}

/* With the number that it is for, when that is another one. */
static struct str brief_of(const struct call *c, const struct action *a)
{
	if (call_talk(c)->who == c->q->who || a->brief.n == 0)
		return a->brief;
	return arena_printf(c->q->arena, "%.*s %.*s",
	                    STR_ARG(numbers_masked(c, c->q->who->msisdn)),
	                    STR_ARG(a->brief));
}

static struct hall_answer prompt(const struct call *c, const struct action *a,
                                 struct str before)
{
	struct dialogue o = begin(c, DIALOGUE_CONFIRM,
	                          a->life_s > 0 ? a->life_s : CONFIRM_LIFE_S);
	struct reply_values v = a->values;
	struct hall_answer answer;

	o.nonce = draw(c, call_text(c, a->prompt, &v));
	o.price = a->price;
	o.brief = brief_of(c, a);
	o.fee_fen = a->fee_fen;
	v.nonce = arena_printf(c->q->arena, "%u", o.nonce);
	answer = call_say(c, "asked", a->prompt, &v);
	if (before.n > 0)
		answer.text = arena_printf(c->q->arena, "%.*s%.*s", STR_ARG(before),
		                           STR_ARG(answer.text));
	open_dialogue(c, &o);
	changes_step(c->q->changes, call_talk(c)->who, c->q->now,
	             (struct step_row){ .kind = STEP_ASKED,
	                                .dialogue = o.id,
	                                .inbox = c->q->id,
	                                .folded = c->q->folded,
	                                .price = o.price });
	return answer;
}

/* The order that came of it, 0 when none did. */
static int64_t order_of(const struct call *c)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_orders; i++)
		if (d->order[i].inbox == c->q->id &&
		    d->order[i].prompt == c->answered->id)
			return d->order[i].id;
	return 0;
}

/* Evidence with the number that it was done for too, without the other's words. */
static void note_for_other(const struct call *c)
{
	changes_step(c->q->changes, c->q->who, c->q->now,
	             (struct step_row){ .kind = STEP_CARRIED_OUT,
	                                .dialogue = c->answered->id,
	                                .inbox = c->q->id,
	                                .order = order_of(c),
	                                .folded = STR(""),
	                                .price = c->answered->price });
}

struct hall_answer call_confirm(const struct call *c, const struct action *a)
{
	const struct service *s = hall_service(c->hall, c->q->command->intent);
	struct changes *changes = c->q->changes;
	struct hall_answer answer;

	assert(s->carry_out != NULL && a->price.n > 0);
	if (call_talk(c)->who->msisdn == 0)
		return call_unavailable(c);
	if (request_due(c, a->fee_fen))
		return request_instead(c, a->fee_fen);
	if (!c->confirmed)
		return prompt(c, a, STR(""));
	if (!str_eq(a->price, c->answered->price)) {
		call_step(c, STEP_CHANGED, 0);
		return prompt(c, a, call_text(c, REPLY_CONFIRM_CHANGED, NULL));
	}
	changes->confirmed = c->answered->id;
	answer = s->carry_out(c, a);
	changes->confirmed = 0;
	call_step(c, STEP_CARRIED_OUT, order_of(c));
	if (call_talk(c)->who != c->q->who)
		note_for_other(c);
	return answer;
}

struct str call_price(const struct call *c, const struct package *p, int64_t when)
{
	return arena_printf(c->q->arena, "%.*s|%" PRId64,
	                    STR_ARG(package_terms(p, c->q->arena)), when);
}

/* ---- menus ---- */

void menu_add(struct menu *m, struct str text, struct str command)
{
	if (m->n < MENU_MAX)
		m->item[m->n++] = (struct menu_item){ text, command };
}

/* How many of n items earlier parts of the list have shown. */
static size_t shown_of(const struct call *c, size_t n)
{
	const struct grammar_slot *s = call_named(c, "skip");
	const size_t shown = s != NULL && s->type == GRAMMAR_INTS ? (size_t)s->ints[0]
	                                                          : 0;

	return shown < n ? shown : 0; /* some have gone since */
}

static struct str with_number(const struct call *c, const char *slot, int value)
{
	struct grammar_command again = *c->q->command;

	(void)grammar_command_set(&again, (struct grammar_slot){ .name = slot,
	                                                         .type = GRAMMAR_INTS,
	                                                         .ints = &value,
	                                                         .n_ints = 1 });
	return dialogue_command(c, &again);
}

void call_more(const struct call *c, const char *slot, int value)
{
	struct dialogue o = begin(c, DIALOGUE_MENU, MENU_LIFE_S);

	o.rest = with_number(c, slot, value);
	open_dialogue(c, &o);
}

static struct str commands_of(const struct call *c, const struct menu_item *item,
                              size_t n)
{
	struct buf b = buf_make((size_t)DIALOGUE_ITEMS * COMMAND_OCTETS);
	struct str text;

	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_putc(&b, '\n');
		buf_puts(&b, item[i].command);
	}
	text = arena_str(c->q->arena, buf_str(&b));
	buf_free(&b);
	return text;
}

struct hall_answer call_menu(const struct call *c, const char *outcome, enum reply_id id,
                             const struct reply_values *v, const struct menu *menu)
{
	struct dialogue o = begin(c, DIALOGUE_MENU, MENU_LIFE_S);
	struct reply_values all = *v;
	struct hall_answer answer;
	struct str text[DIALOGUE_ITEMS];
	const bool english = c->language == LANG_EN;
	const size_t shown = shown_of(c, menu->n), left = menu->n - shown;
	const struct menu_item *item = &menu->item[shown];
	size_t n = left < DIALOGUE_ITEMS ? left : DIALOGUE_ITEMS;

	assert(n > 0);
	for (size_t i = 0; i < n; i++)
		text[i] = arena_printf(c->q->arena, english ? "%zu) %.*s" : "%zu)%.*s",
		                       i + 1, STR_ARG(item[i].text));
	for (;; n--) {
		all.list = call_join(c, text, n);
		if (n < left)
			all.rest = arena_printf(c->q->arena, "%zu", left - n);
		answer = call_say(c, outcome, id, &all);
		if (n == 1 || reply_fits(id, answer.text))
			break;
	}
	o.items = commands_of(c, item, n);
	if (n < left)
		o.rest = with_number(c, "skip", (int)(shown + n));
	open_dialogue(c, &o);
	return answer;
}

/* A PIN is asked for again because the text was none; wrong ones are counted with it. */
static bool is_of_form(enum reply_id id)
{
	static const enum reply_id none[] = { REPLY_PIN_DIGITS, REPLY_PIN_CHANGE_ASK,
		                              REPLY_PIN_CODE_FORM };

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		if (id == none[i])
			return false;
	return true;
}

/* How often the same was asked for before, in vain. */
static unsigned asked_in_vain(const struct call *c, enum dialogue_kind kind,
                              const char *slot, enum reply_id id)
{
	const struct dialogue *o = c->answered;

	if ((kind == DIALOGUE_PIN && is_of_form(id)) || c->q->reaction != HALL_FILL ||
	    o == NULL || o->kind != kind || !str_eq(o->items, str_of(slot)))
		return 0;
	return o->wrong + 1;
}

/* The command without the value that is asked for: it was none. */
static struct str asking_command(const struct call *c, const char *slot)
{
	struct grammar_command command = *call_talk(c)->command;
	size_t n = 0;

	for (size_t i = 0; i < command.n_slots; i++)
		if (strcmp(command.slot[i].name, slot) != 0)
			command.slot[n++] = command.slot[i];
	command.n_slots = n;
	return dialogue_command(c, &command);
}

struct hall_answer call_ask(const struct call *c, enum dialogue_kind kind,
                            const char *slot, enum reply_id id,
                            const struct reply_values *v)
{
	struct dialogue o = begin(c, kind, MENU_LIFE_S);

	assert(kind == DIALOGUE_QUESTION || kind == DIALOGUE_PIN);
	o.wrong = asked_in_vain(c, kind, slot, id);
	if (o.wrong > DIALOGUE_AGAIN)
		return dialogue_say(c, c->answered, "left", REPLY_DIALOGUE_GIVEN_UP);
	o.command = asking_command(c, slot);
	o.items = arena_str(c->q->arena, str_of(slot));
	open_dialogue(c, &o);
	return call_say(c, "asked", id, v);
}

/* ---- orders ---- */

struct order *call_order(const struct call *c, struct order order)
{
	order.kind = arena_str(c->q->arena, str_of(c->q->command->intent->name));
	order.at = c->q->now;
	order.inbox = c->q->id;
	order.price = c->confirmed ? c->answered->price : STR("");
	return changes_order(c->q->changes, c->q->who, order);
}

struct str call_order_number(const struct call *c, const struct order *o)
{
	return arena_printf(c->q->arena, "%" PRId64, o->id);
}

struct str call_undo_code(const struct call *c, const struct order *o)
{
	if (!call_offered(c, "order.undo"))
		return call_way(c, "order.undo");
	return arena_printf(c->q->arena, "%.*s#%" PRId64,
	                    STR_ARG(call_way(c, "order.undo")), o->id);
}
