/*
 * likely_features.c - what a text is made of, as likeness sees it; see likely.h.
 */
#include "likely.h"

#include <stdlib.h>

#include "match_priv.h"

enum {
	NAME_LEAST = 6, /* octets of a name: two Han characters */
	LONG_NUMBER = 5 /* digits of one that is no amount, month or day */
};

static const uint64_t hash_start = UINT64_C(0xcbf29ce484222325);

static uint64_t hash(uint64_t h, const void *p, size_t n)
{
	const unsigned char *octet = p;

	for (size_t i = 0; i < n; i++)
		h = (h ^ octet[i]) * UINT64_C(0x100000001b3);
	return h;
}

static size_t run_of(const struct folded *f, size_t i, bool (*is)(char c))
{
	size_t end = i;

	while (end < f->n && is(f->p[end]))
		end++;
	return end;
}

struct atoms {
	uint64_t at[LIKELY_ATOMS];
	size_t n;
	bool named; /* one of them stands for a name */
};

static size_t take_number(const struct folded *f, size_t i, uint64_t *atom)
{
	const size_t end = run_of(f, i, is_digit);

	*atom = end - i >= LONG_NUMBER ? hash(hash_start, "00", 2)
	                               : hash(hash_start, "0", 1);
	return end;
}

/* Takes the atom at i; the octet behind it. */
static size_t take_atom(const struct folded *f, size_t i, uint64_t *atom)
{
	size_t end = i + 1;

	if (is_digit(f->p[i]))
		return take_number(f, i, atom);
	if (is_letter(f->p[i]))
		end = run_of(f, i, is_letter);
	else
		while (end < f->n && !begins_char(f->p[end]))
			end++;
	*atom = hash(hash_start, f->p + i, end - i);
	return end;
}

/* g: names of values are an atom each, whichever they are; NULL: they are words. */
static void take_atoms(const struct grammar *g, const struct folded *f, struct atoms *out)
{
	*out = (struct atoms){ .n = 0 };
	out->at[out->n++] = hash(hash_start, "<", 1);
	for (size_t i = 0; i < f->n && out->n < LIKELY_ATOMS - 1;) {
		struct name x;

		if (f->p[i] == FOLD_SEP) {
			i++;
		} else if (g != NULL && name_at(g, f, i, f->n, &x) &&
		           x.to - i >= NAME_LEAST) {
			out->at[out->n++] = hash(hash_start, &x.list, sizeof(x.list));
			out->named = true;
			i = x.to;
		} else {
			i = take_atom(f, i, &out->at[out->n++]);
		}
	}
	out->at[out->n++] = hash(hash_start, ">", 1);
}

/* Two atoms with any one between. */
static uint64_t around(uint64_t before, uint64_t behind)
{
	uint64_t h = hash(hash_start, &before, sizeof(before));

	return hash(hash(h, "*", 1), &behind, sizeof(behind));
}

int likely_compare(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y ? 1 : 0;
}

static void add_rows(const struct atoms *a, struct likely_features *out)
{
	for (size_t i = 0; i < a->n; i++) {
		uint64_t h = hash_start;

		for (size_t k = i; k < a->n && k < i + 3; k++)
			out->of[out->n++] = h = hash(h, &a->at[k], sizeof(a->at[k]));
		if (i + 2 < a->n)
			out->of[out->n++] = around(a->at[i], a->at[i + 2]);
	}
}

static void count(const struct folded *f, struct likely_features *out)
{
	for (size_t i = 0; i < f->n; i++) {
		const bool letter = is_letter(f->p[i]);
		const bool first = letter && (i == 0 || !is_letter(f->p[i - 1]));

		out->words += first && i + 1 < f->n && is_letter(f->p[i + 1]);
		out->han += !letter && !is_digit(f->p[i]) && f->p[i] != FOLD_SEP &&
		            begins_char(f->p[i]);
	}
}

void likely_features(const struct grammar *g, const struct folded *f,
                     struct likely_features *out)
{
	struct atoms atoms;
	size_t n = 0;

	out->n = out->han = out->words = 0;
	count(f, out);
	take_atoms(NULL, f, &atoms);
	add_rows(&atoms, out);
	take_atoms(g, f, &atoms);
	if (atoms.named)
		add_rows(&atoms, out);
	qsort(out->of, out->n, sizeof(out->of[0]), likely_compare);
	for (size_t i = 0; i < out->n; i++)
		if (i == 0 || out->of[i] != out->of[n - 1])
			out->of[n++] = out->of[i];
	out->n = n;
}

uint64_t likely_hash(const uint64_t *feature, size_t n)
{
	return hash(hash_start, feature, n * sizeof(*feature));
}
