/*
 * search.c - the question list and the shops, by words.
 *
 * A question scores what its longest key in the text is long, in characters; a key with
 * one slip (a character changed, left out, too many, or two exchanged) scores two less.  Short keys
 * allow none: "5G" is not "4G".
 */
#include "hall/desk.h"
#include "text/utf8.h"

enum {
	TEXT_CHARS = 120, /* of a question that are looked at */
	KEY_CHARS = 40,
	SLIP_CHARS = 4, /* a key shorter than this allows no slip */
	NEAR = 1,       /* scores as near as this to the best are offered too */
	/* Of a text that is no command a key has three characters and is a quarter. */
	PART_CHARS = 3,
	PART = 4
};

struct chars {
	uint32_t c[TEXT_CHARS];
	int n;
};

static void read_chars(struct str s, int most, struct chars *out)
{
	out->n = 0;
	for (size_t i = 0; i < s.n && out->n < most;)
		i += utf8_next(s.p + i, s.n - i, &out->c[out->n++]);
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

/*
 * The fewest slips with which the key is somewhere in the text: the usual table, three
 * rows of it at a time; a key may begin and end anywhere.
 */
static int slips(const struct chars *text, const struct chars *key)
{
	int rows[3][TEXT_CHARS + 1] = { { 0 } }, best;

	for (int k = 1; k <= key->n; k++) {
		int *row = rows[k % 3];
		const int *above = rows[(k + 2) % 3], *before = rows[(k + 1) % 3];

		row[0] = k;
		for (int t = 1; t <= text->n; t++) {
			const uint32_t c = text->c[t - 1], wanted = key->c[k - 1];

			row[t] = least(above[t - 1] + (c == wanted ? 0 : 1),
			               least(above[t], row[t - 1]) + 1);
			if (k > 1 && t > 1 && c == key->c[k - 2] &&
			    text->c[t - 2] == wanted)
				row[t] = least(row[t], before[t - 2] + 1);
		}
	}
	best = rows[key->n % 3][0];
	for (int t = 1; t <= text->n; t++)
		best = least(best, rows[key->n % 3][t]);
	return best;
}

static bool is_word(uint32_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

/* Whole in the text; letters and digits only as a word of their own. */
static bool stands_in(const struct chars *text, const struct chars *key)
{
	for (int at = 0; key->n > 0 && at + key->n <= text->n; at++) {
		const int end = at + key->n;
		int k = 0;

		while (k < key->n && text->c[at + k] == key->c[k])
			k++;
		if (k < key->n)
			continue;
		if (at > 0 && is_word(key->c[0]) && is_word(text->c[at - 1]))
			continue;
		if (end < text->n && is_word(key->c[k - 1]) && is_word(text->c[end]))
			continue;
		return true;
	}
	return false;
}

static int score_of(const struct chars *text, const struct keys *keys)
{
	struct chars key;
	int best = 0;

	for (size_t i = 0; i < keys->n; i++) {
		int score = 0;

		read_chars(keys->key[i], KEY_CHARS, &key);
		if (stands_in(text, &key))
			score = key.n;
		else if (key.n >= SLIP_CHARS && slips(text, &key) == 1)
			score = key.n - 2;
		if (score > best)
			best = score;
	}
	return best;
}

struct hit {
	const struct question *question;
	int score;
};

/* Keeps the best, equals in the file's order. */
static void keep(struct hit hit[DESK_NEAR], struct hit new)
{
	size_t at = DESK_NEAR;

	while (at > 0 && new.score > hit[at - 1].score)
		at--;
	for (size_t i = DESK_NEAR; i-- > at + 1;)
		hit[i] = hit[i - 1];
	if (at < DESK_NEAR)
		hit[at] = new;
}

static void fold_chars(const struct desk *d, struct str text, struct arena *a,
                       struct chars *out)
{
	struct folded *f = arena_new(a, struct folded);

	fold_text(d->fold, text, f);
	read_chars((struct str){ f->p, f->n }, TEXT_CHARS, out);
}

size_t desk_search(const struct desk *d, struct str text, struct arena *a,
                   const struct question *out[DESK_NEAR])
{
	struct hit hit[DESK_NEAR] = { { NULL, 0 } };
	struct chars chars;
	size_t n = 0;

	if (d == NULL || d->fold == NULL)
		return 0;
	fold_chars(d, text, a, &chars);
	for (size_t i = 0; i < d->n_questions; i++)
		keep(hit, (struct hit){ &d->question[i],
		                        score_of(&chars, &d->question[i].keys) });
	while (n < DESK_NEAR && hit[n].score > 0 && hit[n].score + NEAR >= hit[0].score) {
		out[n] = hit[n].question;
		n++;
	}
	return n;
}

/* Characters of the longest key that stands in the text as it is. */
static int whole_of(const struct chars *text, const struct keys *keys)
{
	struct chars key;
	int best = 0;

	for (size_t i = 0; i < keys->n; i++) {
		read_chars(keys->key[i], KEY_CHARS, &key);
		if (key.n > best && stands_in(text, &key))
			best = key.n;
	}
	return best;
}

const struct question *desk_about(const struct desk *d, struct str text, struct arena *a)
{
	const struct question *found = NULL;
	struct chars chars;
	int best = 0;

	if (d == NULL || d->fold == NULL)
		return NULL;
	fold_chars(d, text, a, &chars);
	for (size_t i = 0; i < d->n_questions; i++) {
		const int score = whole_of(&chars, &d->question[i].keys);

		if ((score < PART_CHARS && score < chars.n) || score * PART < chars.n ||
		    score < best)
			continue;
		found = score > best ? &d->question[i] : NULL;
		best = score;
	}
	return found;
}

size_t desk_shops(const struct desk *d, struct str region, struct arena *a,
                  const struct shop **out, size_t max)
{
	struct chars chars;
	int best = 1;
	size_t n = 0;

	if (d == NULL || d->fold == NULL || region.n == 0)
		return 0;
	fold_chars(d, region, a, &chars);
	for (size_t i = 0; i < d->n_shops; i++) {
		const int score = score_of(&chars, &d->shop[i].regions);

		if (score > best) {
			best = score;
			n = 0;
		}
		if (score == best && n < max)
			out[n++] = &d->shop[i];
	}
	return n;
}
