/*
 * pins.c - the PINs that people had when a recording began, as it tells by itself; see
 * record_priv.h.
 *
 * A PIN was right where the hall had asked for one, six digits came and it spoke of PINs no
 * more, or where it says that the old one was changed.  One that was set meanwhile is none
 * of before.
 */
#include "record_priv.h"

enum {
	PIN_DIGITS_N = 6,
	ASKED_MS = 30 * 60 * 1000 /* so long the hall waits for one */
};

enum about {
	ABOUT_NOTHING,
	ABOUT_ASKED,   /* wants one, or another one */
	ABOUT_REFUSED, /* what was sent is none, or not the right one */
	ABOUT_CHANGED, /* what was sent began with the old one */
	ABOUT_SET      /* whatever it was, it is another now */
};

static const struct {
	enum reply_id id;
	enum about about;
} spoken[] = {
	{ REPLY_PIN_ASK, ABOUT_ASKED },
	{ REPLY_PIN_DIGITS, ABOUT_ASKED },
	{ REPLY_PIN_WRONG, ABOUT_ASKED },
	{ REPLY_PIN_LOCKED, ABOUT_REFUSED },
	{ REPLY_PIN_OTHER, ABOUT_REFUSED },
	{ REPLY_PIN_NONE, ABOUT_REFUSED },
	{ REPLY_PIN_CHANGE_ASK, ABOUT_REFUSED },
	{ REPLY_PIN_CHANGE_WRONG, ABOUT_REFUSED },
	{ REPLY_PIN_SAME, ABOUT_REFUSED },
	{ REPLY_PIN_DIFFER, ABOUT_REFUSED },
	{ REPLY_PIN_WEAK, ABOUT_REFUSED },
	{ REPLY_PIN_CHANGED, ABOUT_CHANGED },
	{ REPLY_PIN_SET, ABOUT_SET },
};

enum {
	SPOKEN = sizeof(spoken) / sizeof(spoken[0])
};

struct told_pin {
	int64_t msisdn;
	int64_t asked_ms; /* 0: nobody waits for one */
	bool known;       /* or never to be known */
	struct str pin;   /* made up */
};

struct pins {
	struct arena *arena;
	struct redact *redact;
	struct str words[LANG_COUNT][SPOKEN]; /* by which each is known */
	SET_OF(struct told_pin) all;
};

/* ---- replies ---- */

/* The longest part without a value. */
static struct str words_of(const struct assets *assets, enum language l, enum reply_id id,
                           struct arena *a)
{
	const struct str value = STR("\x01");
	const struct reply_values v = {
#define VARIABLE(name, kind, zh, en, help) .name = value,
#include "hall/variables.def"
#undef VARIABLE
	};
	struct str rest = reply_render(assets->replies, l, id, &v, a), part,
		   longest = { NULL, 0 };

	while (str_cut(&rest, '\x01', &part))
		longest = part.n > longest.n ? part : longest;
	return longest;
}

static enum about about(const struct pins *p, const struct exchange *e)
{
	for (size_t i = 0; i < e->replies.n; i++)
		for (size_t l = 0; l < LANG_COUNT; l++)
			for (size_t k = 0; k < SPOKEN; k++)
				if (str_find(e->replies.row[i]->text, p->words[l][k]) !=
				    SIZE_MAX)
					return spoken[k].about;
	return ABOUT_NOTHING;
}

/* ---- texts ---- */

/* The first run of six digits, in `out`. */
static bool first_code(struct str text, char out[static REDACT_RUN])
{
	for (size_t i = 0; i < text.n;) {
		const struct str rest = { text.p + i, text.n - i };
		size_t n;
		const size_t octets = redact_run(rest, out, &n);

		if (octets > 0 && n == PIN_DIGITS_N)
			return true;
		i += octets > 0 ? octets : 1;
	}
	return false;
}

static struct told_pin *of_number(struct pins *p, int64_t msisdn)
{
	for (size_t i = 0; i < p->all.n; i++)
		if (p->all.row[i].msisdn == msisdn)
			return &p->all.row[i];
	set_add(p->arena, &p->all, ((struct told_pin){ .msisdn = msisdn }));
	return &p->all.row[p->all.n - 1];
}

static void look_at(struct pins *p, const struct exchange *e)
{
	struct told_pin *t = of_number(p, talk_msisdn(e->number));
	const enum about now = about(p, e);
	const bool asked = t->asked_ms > 0 && e->at_ms - t->asked_ms < ASKED_MS;
	char code[REDACT_RUN];

	if (t->known || e->texts.n == 0 || e->replies.n == 0)
		return;
	t->asked_ms = now == ABOUT_ASKED ? e->at_ms : 0;
	t->known = now == ABOUT_SET;
	if (now != ABOUT_CHANGED && !(asked && now == ABOUT_NOTHING))
		return;
	if (!first_code(e->texts.row[e->texts.n - 1]->text, code))
		return;
	t->known = true;
	t->pin = redact_secret(p->redact, (struct str){ code, PIN_DIGITS_N });
}

struct pins *pins_find(const struct talk *talk, const struct assets *assets,
                       struct redact *r)
{
	struct pins *p = arena_new(talk->arena, struct pins);

	p->arena = talk->arena;
	p->redact = r;
	for (size_t l = 0; l < LANG_COUNT; l++)
		for (size_t k = 0; k < SPOKEN; k++)
			p->words[l][k] = words_of(assets, (enum language)l, spoken[k].id,
			                          talk->arena);
	for (size_t i = 0; i < talk->exchanges.n; i++)
		look_at(p, talk->exchanges.row[i]);
	return p;
}

struct str pins_of(const struct pins *p, int64_t msisdn)
{
	for (size_t i = 0; p != NULL && i < p->all.n; i++)
		if (p->all.row[i].msisdn == msisdn)
			return p->all.row[i].pin;
	return STR("");
}
