/*
 * pin.c - asking for a PIN, and what its verdict does: counts, locks.
 *
 * The hall hashes nothing: it leaves changes->park, and is asked again with a verdict.
 */
#include <assert.h>
#include <inttypes.h>

#include "hall_priv.h"
#include "model/secrets.h"
#include "numbers_priv.h"

int64_t hall_other(const struct hall_question *q)
{
	const struct grammar_command *c = q->run != NULL ? q->run : q->command;
	int64_t msisdn = 0;
	bool secret = false;

	for (size_t i = 0; i < c->n_slots; i++) {
		secret |= c->slot[i].secret;
		if (strcmp(c->slot[i].name, "msisdn") == 0 &&
		    str_i64(c->slot[i].text, &msisdn) != ERR_OK)
			msisdn = 0;
	}
	return secret && msisdn != q->who->msisdn ? msisdn : 0;
}

/* A group of six digits at *at, which goes behind it and behind separators. */
static bool take_pin(struct str text, size_t *at, struct str *pin)
{
	const size_t from = *at;

	while (*at < text.n && *at - from < PIN_DIGITS && text.p[*at] >= '0' &&
	       text.p[*at] <= '9')
		(*at)++;
	*pin = (struct str){ text.p + from, *at - from };
	while (*at < text.n && (text.p[*at] == ' ' || text.p[*at] == '#'))
		(*at)++;
	return pin->n == PIN_DIGITS;
}

bool call_pins(struct str text, struct str out[static PINS_MAX], size_t *n)
{
	size_t at = 0;

	for (*n = 0; at < text.n; (*n)++)
		if (*n == PINS_MAX || !take_pin(text, &at, &out[*n]))
			return false;
	return *n > 0;
}

struct hall_answer call_park(const struct call *c, const struct dossier *d,
                             struct str check, struct str fresh)
{
	struct park *p = arena_new(c->q->arena, struct park);

	assert(c->q->verdict == NULL);
	*p = (struct park){ .msisdn = d->msisdn,
		            .check = check,
		            .hash = check.n > 0 ? d->pin.hash : STR(""),
		            .fresh = fresh,
		            .rest = STR("") };
	c->q->changes->park = p;
	return (struct hall_answer){ STR(""), "parked" };
}

/* Its number is told where another has guessed. */
static void tell_locked(const struct call *c, struct dossier *d)
{
	struct hall_question q;
	const struct call as = numbers_as(c, &q, d);

	if (d == c->q->who)
		return;
	changes_notice(
		c->q->changes,
		(struct notice){ .msisdn = d->msisdn,
	                         .inbox = c->q->id,
	                         .text = call_text(&as, REPLY_PIN_LOCK_NOTICE, NULL) });
}

int64_t call_pin_wrong(const struct call *c, struct dossier *d)
{
	d->pin.failures++;
	if (d->pin.failures >= PIN_WRONG) {
		d->pin.failures = 0;
		d->pin.locked_until = c->q->now + PIN_LOCK_S;
		changes_pin(c->q->changes, d);
		tell_locked(c, d);
		return 0;
	}
	changes_pin(c->q->changes, d);
	return PIN_WRONG - d->pin.failures;
}

/* It is right: forgets the wrong ones. */
static void call_pin_right(const struct call *c, struct dossier *d)
{
	d->pin.failures = 0;
	if (d == c->q->who)
		d->pin.right_at = c->q->now;
	changes_pin(c->q->changes, d);
}

static struct hall_answer say_locked(const struct call *c, const struct dossier *d)
{
	return call_say(
		c, "refused.locked", REPLY_PIN_LOCKED,
		&(struct reply_values){ .moment = call_moment(c, d->pin.locked_until) });
}

/* All that a stranger learns. */
static struct hall_answer say_no(const struct call *c)
{
	return call_say(c, "refused.pin", REPLY_PIN_OTHER, NULL);
}

static struct hall_answer say_wrong(const struct call *c, struct dossier *d,
                                    const char *slot)
{
	const int64_t left = call_pin_wrong(c, d);

	if (d != c->q->who)
		return say_no(c);
	if (left == 0)
		return say_locked(c, d);
	return call_ask(c, DIALOGUE_PIN, slot, REPLY_PIN_WRONG,
	                &(struct reply_values){
				.count = arena_printf(c->q->arena, "%" PRId64, left) });
}

static bool is_fresh(const struct call *c, const struct dossier *d)
{
	return d == c->q->who && d->pin.right_at > 0 &&
	       c->q->now - d->pin.right_at < PIN_FRESH_S && c->q->now >= d->pin.right_at;
}

bool call_pin(const struct call *c, struct dossier *d, const char *slot,
              struct hall_answer *out)
{
	const bool own = d == c->q->who;
	const struct grammar_slot *s = call_named(c, slot);
	struct str pin[PINS_MAX];
	size_t n = 0;

	if (own && (!d->has_pin || (s == NULL && is_fresh(c, d))))
		return true;
	if (!own && (!d->known || !d->has_pin || c->q->who->msisdn == 0 ||
	             pin_locked(&d->pin, c->q->now))) {
		*out = say_no(c);
	} else if (pin_locked(&d->pin, c->q->now)) {
		*out = say_locked(c, d);
	} else if (s == NULL || !call_pins(s->text, pin, &n) || n != 1) {
		*out = own ? call_ask(c, DIALOGUE_PIN, slot,
		                      s == NULL ? REPLY_PIN_ASK : REPLY_PIN_DIGITS, NULL)
		           : say_no(c);
	} else if (c->q->verdict == NULL) {
		*out = call_park(c, d, pin[0], STR(""));
	} else if (!c->q->verdict->right) {
		*out = say_wrong(c, d, slot);
	} else {
		call_pin_right(c, d);
		return true;
	}
	return false;
}
