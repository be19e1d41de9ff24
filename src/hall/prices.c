/*
 * prices.c - what is charged beyond the allowances, in words.
 */
#include <inttypes.h>

#include "hall/service.h"
#include "model/money.h"
#include "model/volume.h"

enum {
	MB = 1024,
	GB = 1024 * 1024, /* KiB */
	LI_PER_FEN = 10
};

/* "GB" and "MB" for one of them, as in a price "5元/GB". */
static struct str block_text(struct arena *a, int64_t kib)
{
	if (kib == MB)
		return STR("MB");
	return kib == GB ? STR("GB") : volume_text(a, kib);
}

static struct str block_price(const struct call *c, const struct package *p, int64_t li)
{
	return call_text(c, REPLY_USAGE_PRICE,
	                 &(struct reply_values){
				 .amount = money_rate(c->q->arena, li),
				 .data = block_text(c->q->arena, p->data_block_kib),
			 });
}

struct str call_data_price(const struct call *c, const struct package *p)
{
	if (p->data_block_kib <= 0 || p->over_data_fen_per_block <= 0)
		return (struct str){ NULL, 0 };
	return block_price(c, p, p->over_data_fen_per_block * LI_PER_FEN);
}

struct str call_data_price_at(const struct call *c, const struct package *p,
                              int64_t used_kib)
{
	const struct overuse o = package_overuse(p, DIM_DATA, used_kib);

	return o.n > 1 ? block_price(c, p, o.step[o.n - 1].li) : call_data_price(c, p);
}

/* ---- other prices further out ---- */

static struct str tier_text(const struct call *c, const struct package *p,
                            enum tariff_dim d, struct outer_tier t)
{
	struct arena *a = c->q->arena;
	struct reply_values v = { 0 };

	if (d == DIM_DATA) {
		v.data_over = volume_text(a, (int64_t)t.from * MB);
		v.price = block_price(c, p, t.li);
	} else {
		v.calls_over = call_number(c, t.from);
		v.call_price = money_rate(a, t.li);
	}
	return call_text(c, REPLY_PACKAGE_TIER, &v);
}

struct str call_tiers(const struct call *c, const struct package *p)
{
	static const enum tariff_dim told[] = { DIM_DATA, DIM_VOICE };
	struct str all = { NULL, 0 };

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		const struct outer *o = &p->outer[told[i]];

		for (unsigned k = 0; k < o->n; k++) {
			const struct str one = tier_text(c, p, told[i], o->tier[k]);

			all = all.p == NULL
			              ? one
			              : arena_printf(c->q->arena, "%.*s%s%.*s",
			                             STR_ARG(all),
			                             c->language == LANG_EN ? ", " : "，",
			                             STR_ARG(one));
		}
	}
	return all;
}

/* ---- what a line of a bill was reckoned of ---- */

/* "15×5+3×3": so many at each price. */
static struct str steps_text(const struct call *c, const struct overuse *o)
{
	struct str s = { NULL, 0 };

	for (unsigned i = 0; i < o->n; i++)
		s = arena_printf(c->q->arena, "%.*s%s%" PRId64 "%s%.*s", STR_ARG(s),
		                 i > 0 ? "+" : "", o->step[i].count,
		                 c->language == LANG_EN ? "x" : "×",
		                 STR_ARG(money_rate(c->q->arena, o->step[i].li)));
	return s;
}

static int64_t over_count(const struct overuse *o)
{
	int64_t n = 0;

	for (unsigned i = 0; i < o->n; i++)
		n += o->step[i].count;
	return n;
}

struct str call_basis(const struct call *c, const struct package *p, enum tariff_dim d,
                      int64_t used)
{
	static const enum reply_id reply[DIMS] = { [DIM_VOICE] = REPLY_BASIS_CALLS,
		                                   [DIM_SMS] = REPLY_BASIS_TEXTS,
		                                   [DIM_DATA] = REPLY_BASIS_DATA };
	const struct overuse o = package_overuse(p, d, used);
	struct arena *a = c->q->arena;
	const struct str count = call_number(c, over_count(&o));
	struct reply_values v = { 0 };

	if (o.n == 0)
		return (struct str){ NULL, 0 };
	if (o.cap_fen > 0)
		v.cap = money_short(a, o.cap_fen);
	if (d == DIM_DATA) {
		v.data_over = volume_text(a, used - p->data_kib);
		v.count = count;
		v.price = block_price(c, p, o.step[0].li);
	} else if (d == DIM_VOICE) {
		v.calls_over = count;
		v.call_price = money_rate(a, o.step[0].li);
	} else {
		v.texts_over = count;
		v.fee = money_rate(a, o.step[0].li);
	}
	v.steps = steps_text(c, &o);
	return call_text(c, o.n > 1 ? REPLY_BASIS_TIERS : reply[d], &v);
}
