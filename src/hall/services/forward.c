/*
 * forward.c - the number that calls are forwarded to, a part of service.open.
 *
 * Whoever gets somebody's calls gets his spoken codes too: so with the password only, and
 * never abroad, to a short number or to one that costs the caller more.
 */
#include "../forward_priv.h"
#include "model/secrets.h"

enum {
	MOBILE = 11,
	LANDLINE_MIN = 10, /* digits with 0 and area code */
	LANDLINE_MAX = 12
};

bool forward_is(struct str code)
{
	return str_eq(code, STR("HZ"));
}

/* Digits without what is written between them, 00 for +; "": there is something else. */
static struct str digits_of(struct arena *a, struct str text)
{
	static const char between[] = { ' ', '-', '(', ')' };
	const size_t plus = text.n > 0 && text.p[0] == '+' ? 1 : 0;
	char *p = arena_alloc(a, text.n + 2);
	size_t n = 0;

	while (n < 2 * plus)
		p[n++] = '0';
	for (size_t i = plus; i < text.n; i++) {
		const char ch = text.p[i];

		if (ch >= '0' && ch <= '9')
			p[n++] = ch;
		else if (memchr(between, ch, sizeof(between)) == NULL)
			return STR("");
	}
	return (struct str){ p, n };
}

static bool begins(struct str s, struct str with)
{
	return s.n >= with.n && memcmp(s.p, with.p, with.n) == 0;
}

static struct str without_country(struct str s)
{
	static const char *const country[] = { "0086", "86" };

	for (size_t i = 0; i < sizeof(country) / sizeof(country[0]); i++) {
		const struct str c = str_of(country[i]);

		if (begins(s, c) && s.n >= c.n + LANDLINE_MIN - 1)
			return (struct str){ s.p + c.n, s.n - c.n };
	}
	return s;
}

/* 13x to 19x, but 160 and 168: those tell fortunes for a fee. */
static bool is_mobile(struct str s)
{
	return s.n == MOBILE && s.p[0] == '1' && s.p[1] >= '3' &&
	       !begins(s, STR("160")) && !begins(s, STR("168"));
}

/* Area codes: 010, 02x, and three digits from 03xx on; numbers in them begin with 2..8. */
static bool is_landline(struct str s)
{
	size_t area;

	if (s.n < LANDLINE_MIN || s.n > LANDLINE_MAX || s.p[0] != '0' || s.p[1] == '0')
		return false;
	area = s.p[1] == '1' || s.p[1] == '2' ? 3 : 4;
	return (s.n - area == 7 || s.n - area == 8) && s.p[area] >= '2' &&
	       s.p[area] <= '8';
}

static struct hall_answer ask_number(const struct call *c, enum reply_id id)
{
	return call_ask(c, DIALOGUE_QUESTION, "phone", id, NULL);
}

static bool may_go(const struct call *c, struct str *to, struct hall_answer *why)
{
	const struct grammar_slot *s = call_named(c, "phone");
	int64_t msisdn = 0;

	if (s == NULL) {
		*why = ask_number(c, REPLY_FORWARD_NUMBER);
		return false;
	}
	*to = without_country(digits_of(c->q->arena, s->text));
	if (!is_mobile(*to) && !is_landline(*to)) {
		*why = ask_number(c, REPLY_FORWARD_NOT);
		return false;
	}
	if (str_i64(*to, &msisdn) == ERR_OK && msisdn == c->q->who->msisdn) {
		*why = ask_number(c, REPLY_FORWARD_SELF);
		return false;
	}
	return true;
}

bool forward_may(const struct call *c, struct str *to, struct hall_answer *why)
{
	struct dossier *d = c->q->who;

	if (!may_go(c, to, why))
		return false;
	if (!d->has_pin) {
		*why = call_say(c, "refused.pin", REPLY_FORWARD_PIN, NULL);
		return false;
	}
	/* The prompt lives no longer than the PIN that was right before it. */
	if (!c->confirmed)
		d->pin.right_at = 0;
	return call_pin(c, d, "pin", why);
}
