/*
 * pin.c - the service password: changed by the old one, set or reset by a one-time code.
 *
 * The code goes to the number itself, lives 10 minutes, and a new one makes the old
 * worthless; five wrong answers do too.  A code also sets the first PIN and opens a
 * locked one: whoever reads it holds the number.
 */
#include <inttypes.h>

#include "hall/service.h"
#include "model/secrets.h"

enum {
	CODE_RANGE = 1000000
};

/* A new PIN, twice: false, and *out asks for another. */
static bool may_be(const struct call *c, struct str fresh, struct str again,
                   struct hall_answer *out)
{
	const bool equal = str_eq(fresh, again);

	if (equal && !pin_weak(fresh, c->q->who->msisdn))
		return true;
	*out = call_ask(c, DIALOGUE_PIN, "text",
	                equal ? REPLY_PIN_WEAK : REPLY_PIN_DIFFER, NULL);
	out->outcome = equal ? "refused.weak" : "refused.differ";
	return false;
}

static struct hall_answer store_pin(const struct call *c, enum reply_id id)
{
	struct dossier *d = c->q->who;

	d->pin.hash = c->q->verdict->fresh;
	d->pin.failures = d->pin.locked_until = d->pin.right_at = 0;
	d->pin.code = STR("");
	d->pin.code_until = d->pin.code_wrong = 0;
	d->has_pin = true;
	changes_pin(c->q->changes, d);
	return call_say(c, CALL_DONE, id, NULL);
}

static struct hall_answer say_locked(const struct call *c)
{
	return call_say(c, "refused.locked", REPLY_PIN_LOCKED,
	                &(struct reply_values){
				.moment = call_moment(c, c->q->who->pin.locked_until) });
}

/* ---- change ---- */

static struct hall_answer say_wrong(const struct call *c)
{
	const int64_t left = call_pin_wrong(c, c->q->who);

	if (left == 0)
		return say_locked(c);
	return call_ask(c, DIALOGUE_PIN, "text", REPLY_PIN_CHANGE_WRONG,
	                &(struct reply_values){
				.count = arena_printf(c->q->arena, "%" PRId64, left) });
}

/* old, new, and new again where the text was asked for. */
static struct hall_answer change(const struct call *c, struct str old, struct str fresh,
                                 struct str again)
{
	struct hall_answer out;

	if (!may_be(c, fresh, again, &out))
		return out;
	if (str_eq(old, fresh))
		return call_say(c, CALL_NONE, REPLY_PIN_SAME, NULL);
	if (c->q->verdict == NULL)
		return call_park(c, c->q->who, old, fresh);
	if (!c->q->verdict->right)
		return say_wrong(c);
	return store_pin(c, REPLY_PIN_CHANGED);
}

static struct hall_answer change_text(const struct call *c, struct str text)
{
	struct str pin[PINS_MAX];
	size_t n;

	if (!call_pins(text, pin, &n) || n != 3)
		return call_ask(c, DIALOGUE_PIN, "text", REPLY_PIN_CHANGE_ASK, NULL);
	return change(c, pin[0], pin[1], pin[2]);
}

static struct hall_answer answer_change(const struct call *c)
{
	const struct dossier *d = c->q->who;
	const struct grammar_slot *old = call_named(c, "old"),
				  *fresh = call_named(c, "new"),
				  *text = call_named(c, "text");

	if (!d->has_pin)
		return call_say(c, CALL_NONE, REPLY_PIN_NONE, NULL);
	if (pin_locked(&d->pin, c->q->now))
		return say_locked(c);
	if (text != NULL)
		return change_text(c, text->text);
	if (old == NULL || fresh == NULL)
		return call_ask(c, DIALOGUE_PIN, "text", REPLY_PIN_CHANGE_ASK, NULL);
	return change(c, old->text, fresh->text, fresh->text);
}

const struct service service_pin_change = {
	.intent = "pin.change",
	.access = ACCESS_READ,
	.needs = NEED_PIN,
	.label = REPLY_LABEL_PIN_CHANGE,
	.answer = answer_change,
};

/* ---- reset ---- */

/* Five a day: nobody's phone is to be filled with them. */
static bool may_send(const struct call *c, struct pin *p)
{
	if (c->q->now - p->codes_since >= PIN_CODES_S) {
		p->codes = 0;
		p->codes_since = c->q->now;
	}
	return p->codes < PIN_CODES;
}

static struct hall_answer send_code(const struct call *c)
{
	struct dossier *d = c->q->who;
	struct pin *p = &d->pin;

	if (!may_send(c, p))
		return call_say(c, "refused.codes", REPLY_PIN_CODES, NULL);
	p->code = arena_printf(c->q->arena, "%06u", (unsigned)(c->q->dice % CODE_RANGE));
	p->code_until = c->q->now + PIN_CODE_S;
	p->code_wrong = 0;
	p->codes++;
	changes_pin(c->q->changes, d);
	return call_ask(c, DIALOGUE_PIN, "text", REPLY_PIN_CODE,
	                &(struct reply_values){ .passcode = p->code });
}

/* The code that is out does not count any more. */
static void end_code(const struct call *c)
{
	c->q->who->pin.code = STR("");
	changes_pin(c->q->changes, c->q->who);
}

static struct hall_answer say_wrong_code(const struct call *c)
{
	struct dossier *d = c->q->who;

	if (++d->pin.code_wrong >= PIN_WRONG) {
		end_code(c);
		return call_say(c, "refused.code", REPLY_PIN_CODE_ENDED, NULL);
	}
	changes_pin(c->q->changes, d);
	return call_ask(c, DIALOGUE_PIN, "text", REPLY_PIN_CODE_WRONG,
	                &(struct reply_values){
				.count = arena_printf(c->q->arena, "%" PRId64,
	                                              PIN_WRONG - d->pin.code_wrong) });
}

static struct hall_answer reset(const struct call *c, struct str text)
{
	struct dossier *d = c->q->who;
	struct str pin[PINS_MAX];
	struct hall_answer out;
	size_t n;

	if (d->pin.code.n == 0 || c->q->now >= d->pin.code_until)
		return call_say(c, "refused.code", REPLY_PIN_CODE_ENDED, NULL);
	if (!call_pins(text, pin, &n) || n != 3)
		return call_ask(c, DIALOGUE_PIN, "text", REPLY_PIN_CODE_FORM, NULL);
	if (!str_eq(pin[0], d->pin.code))
		return say_wrong_code(c);
	if (!may_be(c, pin[1], pin[2], &out))
		return out;
	if (c->q->verdict == NULL)
		return call_park(c, d, STR(""), pin[1]);
	return store_pin(c, REPLY_PIN_SET);
}

static struct hall_answer answer_reset(const struct call *c)
{
	const struct grammar_slot *text = call_named(c, "text");

	return text == NULL ? send_code(c) : reset(c, text->text);
}

const struct service service_pin_reset = {
	.intent = "pin.reset",
	.access = ACCESS_READ,
	.needs = NEED_PIN,
	.label = REPLY_LABEL_PIN_RESET,
	.answer = answer_reset,
};
