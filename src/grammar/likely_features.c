/*
 * likely_features.c - what a text is made of, as likeness sees it; see likely.h.
 */
#include "likely.h"

#include <stdlib.h>

#include "match_priv.h"

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

/* Takes the atom at i; the octet behind it. */
static size_t take_atom(const struct folded *f, size_t i, struct likely_features *out,
                        uint64_t *atom)
{
	size_t end = i + 1;

	if (is_digit(f->p[i])) {
		out->numbers++;
		*atom = hash(hash_start, "0", 1);
		return run_of(f, i, is_digit);
	}
	if (is_letter(f->p[i])) {
		end = run_of(f, i, is_letter);
		out->words += end > i + 1;
	} else {
		out->han++;
		while (end < f->n && !begins_char(f->p[end]))
			end++;
	}
	*atom = hash(hash_start, f->p + i, end - i);
	return end;
}

/* Two atoms with any one between. */
static uint64_t around(uint64_t before, uint64_t behind)
{
	uint64_t h = hash(hash_start, &before, sizeof(before));

	return hash(hash(h, "*", 1), &behind, sizeof(behind));
}

int likely_order(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y ? 1 : 0;
}

void likely_features(const struct folded *f, struct likely_features *out)
{
	uint64_t atom[LIKELY_ATOMS];
	size_t n = 0;

	*out = (struct likely_features){ .n = 0 };
	atom[n++] = hash(hash_start, "<", 1);
	for (size_t i = 0; i < f->n && n < LIKELY_ATOMS - 1;)
		i = f->p[i] == FOLD_SEP ? i + 1 : take_atom(f, i, out, &atom[n++]);
	atom[n++] = hash(hash_start, ">", 1);
	for (size_t i = 0; i < n; i++) {
		uint64_t h = hash_start;

		for (size_t k = i; k < n && k < i + 3; k++)
			out->of[out->n++] = h = hash(h, &atom[k], sizeof(atom[k]));
		if (i + 2 < n)
			out->of[out->n++] = around(atom[i], atom[i + 2]);
	}
	qsort(out->of, out->n, sizeof(out->of[0]), likely_order);
	n = 0;
	for (size_t i = 0; i < out->n; i++)
		if (i == 0 || out->of[i] != out->of[n - 1])
			out->of[n++] = out->of[i];
	out->n = n;
}

uint64_t likely_hash(const struct likely_features *f)
{
	return hash(hash_start, f->of, f->n * sizeof(f->of[0]));
}
