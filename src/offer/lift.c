/*
 * lift.c - see offer/lift.h.
 */
#include <assert.h>
#include <inttypes.h>

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

static void own(const struct catalogue *packages, struct str code, struct offer_set *out)
{
	const struct package *p = catalogue_find(packages, code);
	const size_t at = p != NULL ? (size_t)(p - packages->package) : TARIFF_MOST;

	if (at < TARIFF_MOST)
		offer_add(out, at);
}

void offer_owned(const struct catalogue *packages, struct str package,
                 const struct subscription *held, size_t n, int64_t now,
                 struct offer_set *out)
{
	own(packages, package, out);
	for (size_t i = 0; i < n; i++)
		if (!held[i].trial && (held[i].until == 0 || held[i].until >= now))
			own(packages, held[i].package, out);
}

/* ---- as text ---- */

void lift_print(const struct lift_counts *c, const struct catalogue *packages,
                struct buf *out)
{
	const struct package *p = packages->package;

	buf_printf(out, "|%zu\n", c->n);
	for (size_t i = 0; i < c->items; i++) {
		if (c->one[i] > 0)
			buf_printf(out, "%.*s|%" PRIu32 "\n", STR_ARG(p[i].code),
			           c->one[i]);
		for (size_t k = 0; k < i; k++)
			if (c->pair[i * c->items + k] > 0)
				buf_printf(out, "%.*s|%.*s|%" PRIu32 "\n",
				           STR_ARG(p[i].code), STR_ARG(p[k].code),
				           c->pair[i * c->items + k]);
	}
}

/* Below `items`, or false. */
static bool item_of(const struct catalogue *packages, size_t items, struct str code,
                    size_t *out)
{
	const struct package *p = catalogue_find(packages, code);

	*out = p != NULL ? (size_t)(p - packages->package) : items;
	return *out < items;
}

/* A line of one, two or three parts, the last of them a number. */
static void parse_line(const struct catalogue *packages, struct str line,
                       struct lift_counts *c)
{
	struct str part[3] = { STR(""), STR(""), STR("") };
	size_t n = 0, a, b;
	int64_t v;

	while (n < 3 && str_cut(&line, '|', &part[n]))
		n++;
	if (n < 2 || str_i64(part[n - 1], &v) != ERR_OK || v < 0 || v > UINT32_MAX)
		return;
	if (part[0].n == 0)
		c->n = (size_t)v;
	else if (!item_of(packages, c->items, part[0], &a))
		return;
	else if (n == 2)
		c->one[a] = (uint32_t)v;
	else if (item_of(packages, c->items, part[1], &b) && a != b)
		c->pair[a * c->items + b] = c->pair[b * c->items + a] = (uint32_t)v;
}

struct lift_counts lift_parse(struct str text, const struct catalogue *packages,
                              struct arena *a)
{
	const size_t items = packages->n < TARIFF_MOST ? packages->n : TARIFF_MOST;
	struct lift_counts c = lift_counts_make(items, a);
	struct str line;

	while (str_cut(&text, '\n', &line))
		parse_line(packages, line, &c);
	return c.n > 0 ? c : lift_counts_make(items, a);
}

/* ---- what goes best ---- */

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

/* Of n held, what speaks most for an item; support 0: nothing does. */
static struct lift best_for(const struct lift_counts *c, const uint16_t *held, size_t n,
                            size_t item, uint32_t least)
{
	struct lift best = { 0 };

	for (size_t i = 0; i < n; i++) {
		const uint16_t a = held[i];
		const uint32_t both = c->pair[item * c->items + a];
		const struct lift l = { a, (uint16_t)item, both, lift_of(c, a, item) };

		if (both > 0 && both >= least && compare(&l, &best) < 0)
			best = l;
	}
	return best;
}

size_t lift_best(const struct lift_counts *c, const struct offer_set *owned,
                 const struct offer_set *allowed, uint32_t least, struct lift *out,
                 size_t max)
{
	uint16_t held[TARIFF_MOST];
	const size_t n_held = items_of(owned, c->items, held);
	size_t n = 0;

	for (size_t b = 0; b < c->items && max > 0; b++) {
		struct lift l;
		size_t at;

		if (!has(allowed, b) || has(owned, b))
			continue;
		l = best_for(c, held, n_held, b, least);
		if (l.support == 0 || (n == max && compare(&l, &out[n - 1]) >= 0))
			continue;
		n += n < max ? 1 : 0;
		for (at = n - 1; at > 0 && compare(&l, &out[at - 1]) < 0; at--)
			out[at] = out[at - 1];
		out[at] = l;
	}
	return n;
}
