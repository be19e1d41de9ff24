/*
 * lift.c - see offer/lift.h.
 */
#include <assert.h>

#include "offer/lift.h"

struct lift_counts lift_counts_make(size_t items, struct arena *a)
{
	assert(items <= TARIFF_MOST);
	return (struct lift_counts){ .items = items,
		                     .one = arena_array(a, uint32_t, items),
		                     .pair = arena_array(a, uint32_t, items * items) };
}

static bool has(const struct offer_set *s, size_t item)
{
	return s->bit[item / 64] >> item % 64 & 1;
}

/* Items held, ascending. */
static size_t items_of(const struct offer_set *s, size_t items, uint16_t out[TARIFF_MOST])
{
	size_t n = 0;

	for (size_t w = 0; w < TARIFF_MOST / 64; w++) {
		for (uint64_t left = s->bit[w]; left != 0; left &= left - 1) {
			const size_t item = 64 * w + (size_t)__builtin_ctzll(left);

			if (item < items)
				out[n++] = (uint16_t)item;
		}
	}
	return n;
}

void lift_count(struct lift_counts *c, const struct offer_set *owned, size_t n)
{
	uint16_t held[TARIFF_MOST];

	for (size_t i = 0; i < n; i++) {
		const size_t some = items_of(&owned[i], c->items, held);

		for (size_t x = 0; x < some; x++) {
			c->one[held[x]]++;
			for (size_t y = 0; y < x; y++) {
				c->pair[held[x] * c->items + held[y]]++;
				c->pair[held[y] * c->items + held[x]]++;
			}
		}
	}
	c->n += n;
}

/* 1000 N n_ab / (n_a n_b). */
static int32_t lift_of(const struct lift_counts *c, size_t a, size_t b)
{
	const uint64_t both = c->pair[a * c->items + b];
	const uint64_t apart = (uint64_t)c->one[a] * c->one[b];
	uint64_t lift;

	if (apart == 0)
		return 0;
	if (both > UINT64_MAX / 1000 / c->n)
		return INT32_MAX;
	lift = both * c->n * 1000 / apart;
	return lift > INT32_MAX ? INT32_MAX : (int32_t)lift;
}

static int compare(const struct lift *x, const struct lift *y)
{
	if (x->lift_mil != y->lift_mil)
		return x->lift_mil > y->lift_mil ? -1 : 1;
	if (x->support != y->support)
		return x->support > y->support ? -1 : 1;
	return x->offered - y->offered;
}

/* What speaks most for an item; support 0: nothing does. */
static struct lift best_for(const struct lift_counts *c, const struct offer_set *owned,
                            size_t item, uint32_t least)
{
	struct lift best = { 0 };

	for (size_t a = 0; a < c->items; a++) {
		const uint32_t both = c->pair[a * c->items + item];
		const struct lift l = { (uint16_t)a, (uint16_t)item, both,
			                lift_of(c, a, item) };

		if (has(owned, a) && both > 0 && both >= least && compare(&l, &best) < 0)
			best = l;
	}
	return best;
}

size_t lift_best(const struct lift_counts *c, const struct offer_set *owned,
                 const struct offer_set *allowed, uint32_t least, struct lift *out,
                 size_t max)
{
	size_t n = 0;

	for (size_t b = 0; b < c->items && max > 0; b++) {
		struct lift l;
		size_t at;

		if (!has(allowed, b) || has(owned, b))
			continue;
		l = best_for(c, owned, b, least);
		if (l.support == 0 || (n == max && compare(&l, &out[n - 1]) >= 0))
			continue;
		n += n < max ? 1 : 0;
		for (at = n - 1; at > 0 && compare(&l, &out[at - 1]) < 0; at--)
			out[at] = out[at - 1];
		out[at] = l;
	}
	return n;
}
