/*
 * places.c - where a reply holds a number that the hall made up: found by the words that
 * stand around it in the reply files; see record_priv.h.
 */
#include <stddef.h>

#include "record_priv.h"

enum {
	WORDS_MAX = 12, /* octets before and behind a number */
	WORDS_MIN = 3   /* of both together: less is found everywhere */
};

/* No reply holds these octets: where the number stands, and where other values do. */
#define HERE  0x01
#define THERE 0x02

struct spot {
	const char *name;
	struct str before, behind;
	bool first; /* nothing stands before it */
};

struct places {
	SET_OF(struct spot) all;
};

static bool is_inside(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Up to WORDS_MAX octets, whole characters. */
static struct str before_of(struct str text, size_t at)
{
	size_t n = 0;

	while (n < WORDS_MAX && n < at && text.p[at - n - 1] != THERE)
		n++;
	while (n > 0 && is_inside(text.p[at - n]))
		n--;
	return (struct str){ text.p + at - n, n };
}

static struct str behind_of(struct str text, size_t at)
{
	size_t n = 0;

	while (n < WORDS_MAX && at + n < text.n && text.p[at + n] != THERE)
		n++;
	while (n > 0 && at + n < text.n && is_inside(text.p[at + n]))
		n--;
	return (struct str){ text.p + at, n };
}

static void add(struct places *p, struct arena *a, const char *name, struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		const struct spot spot = { .name = name,
			                   .before = before_of(text, i),
			                   .behind = behind_of(text, i + 1),
			                   .first = i == 0 };

		if (text.p[i] == HERE && spot.before.n + spot.behind.n >= WORDS_MIN)
			set_add(a, &p->all, spot);
	}
}

/* How the hall writes them. */
static const struct {
	const char *name, *value;
	size_t at; /* in struct reply_values */
} made_up[] = {
	{ "order", "\x01", offsetof(struct reply_values, order) },
	{ "task", "T\x01", offsetof(struct reply_values, task) },
	{ "passcode", "\x01", offsetof(struct reply_values, passcode) },
	{ "nonce", "\x01", offsetof(struct reply_values, nonce) },
};

/* all: with every optional part; else with none. */
static void add_reply(struct places *p, const struct assets *assets, enum language l,
                      enum reply_id id, bool all, struct arena *a)
{
	const struct str other = { all ? "\x02" : NULL, all ? 1 : 0 };

	for (size_t i = 0; i < sizeof(made_up) / sizeof(made_up[0]); i++) {
		struct reply_values v = {
#define VARIABLE(name, kind, zh, en, help) .name = other,
#include "hall/variables.def"
#undef VARIABLE
		};

		*(struct str *)(void *)((char *)&v +
		                        made_up[i].at) = str_of(made_up[i].value);
		add(p, a, made_up[i].name, reply_render(assets->replies, l, id, &v, a));
	}
}

struct places *places_create(const struct assets *assets, struct arena *a)
{
	struct places *p = arena_new(a, struct places);

	for (int l = 0; l < LANG_COUNT; l++)
		for (int id = 0; id < REPLY_COUNT; id++)
			for (int all = 0; all < 2; all++)
				add_reply(p, assets, (enum language)l, (enum reply_id)id,
				          all != 0, a);
	return p;
}

static bool fits(const struct spot *x, struct str before, struct str behind)
{
	return before.n >= x->before.n && behind.n >= x->behind.n &&
	       memcmp(before.p + before.n - x->before.n, x->before.p, x->before.n) == 0 &&
	       memcmp(behind.p, x->behind.p, x->behind.n) == 0 &&
	       (!x->first || before.n == 0);
}

const char *places_name(const struct places *p, struct str text, size_t at, size_t n)
{
	const struct str before = { text.p, at };
	const struct str behind = { text.p + at + n, text.n - at - n };

	for (size_t i = 0; i < p->all.n; i++)
		if (fits(&p->all.row[i], before, behind))
			return p->all.row[i].name;
	return NULL;
}
