/*
 * import_keys.c - finds keys that come twice in a file, 16 octets a key.
 *
 * While the numbers of a file ascend, only the keys of one number are held.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "import_priv.h"

enum {
	FEW = 24 /* keys that are sorted in place */
};

/* The lowest bit of b tells keys of neighbours from keys of rows. */
struct import_key {
	uint64_t a;
	uint32_t b, line;
};

static uint64_t mix(uint64_t x)
{
	x = (x ^ (x >> 32)) * UINT64_C(0xd6e8feb86659fd93);
	x = (x ^ (x >> 32)) * UINT64_C(0xd6e8feb86659fd93);
	return x ^ (x >> 32);
}

/* Eight octets at a time through two chains; the length keeps "a","b" from "ab","". */
struct import_hash import_hash_add(struct import_hash h, struct str cell)
{
	uint64_t second = h.b | (uint64_t)h.b << 32;

	h.a = mix(h.a ^ cell.n);
	for (size_t i = 0; i < cell.n; i += 8) {
		uint64_t word = 0;

		memcpy(&word, cell.p + i, cell.n - i < 8 ? cell.n - i : 8);
		h.a = mix(h.a ^ word);
		second = mix(second + word * UINT64_C(0x9fb21c651e98df25));
	}
	second = mix(second ^ cell.n);
	h.b = (uint32_t)(second >> 32);
	return h;
}

void import_keys_add(struct import_keys *k, struct import_hash h, bool apart,
                     int64_t line)
{
	if (k->n == k->cap) {
		k->cap = 2 * k->cap + 64;
		k->key = xrealloc(k->key, k->cap * sizeof(*k->key));
	}
	k->key[k->n++] = (struct import_key){ h.a, (h.b & ~1u) | (apart ? 1 : 0),
		                              (uint32_t)line };
}

static int by_key(const void *left, const void *right)
{
	const struct import_key *a = left, *b = right;

	if (a->a != b->a)
		return a->a < b->a ? -1 : 1;
	if (a->b != b->b)
		return a->b < b->b ? -1 : 1;
	return a->line < b->line ? -1 : a->line > b->line;
}

static void sort(struct import_key *k, size_t n)
{
	if (n > FEW) {
		qsort(k, n, sizeof(*k), by_key);
		return;
	}
	for (size_t i = 1; i < n; i++) {
		const struct import_key one = k[i];
		size_t at = i;

		for (; at > 0 && by_key(&k[at - 1], &one) > 0; at--)
			k[at] = k[at - 1];
		k[at] = one;
	}
}

enum import_verdict import_keys_end(struct import_keys *k, int64_t line[2])
{
	sort(k->key, k->n);
	for (size_t i = 1; i < k->n; i++) {
		const struct import_key *a = &k->key[i - 1], *b = &k->key[i];

		if (a->a == b->a && a->b == b->b) {
			line[0] = a->line;
			line[1] = b->line;
			return (a->b & 1) != 0 ? IMPORT_KEYS_APART : IMPORT_KEYS_TWICE;
		}
	}
	k->n = 0;
	return IMPORT_KEYS_GOOD;
}

enum import_verdict import_keys_run(struct import_keys *k, int64_t number,
                                    int64_t line[2])
{
	const int64_t before = k->number;

	if (k->keep_all || number == before)
		return IMPORT_KEYS_GOOD;
	if (number < before)
		return IMPORT_KEYS_UNSORTED;
	k->number = number;
	return import_keys_end(k, line);
}

void import_keys_free(struct import_keys *k)
{
	free(k->key);
	*k = (struct import_keys){ 0 };
}
