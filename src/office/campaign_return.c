/*
 * campaign_return.c - what a campaign has cost and brought in, two ways: the margin of its
 * orders, by the prices and costs of what was taken and, of a main package, of the one
 * before; and what those chosen pay more than those held out, by their bills.
 *
 * The first counts orders that would not have been; the second also what they use less, or
 * leave, afterwards, but no cost of serving them.
 */
#include <inttypes.h>
#include <unistd.h>

#include "campaign_priv.h"

enum {
	LI_OF_FEN = 10,
	LI_OF_YUAN = 1000
};

struct adding {
	const struct campaign_plan *plan;
	int64_t n, li;
};

static int64_t margin_li(const struct package *p)
{
	return (p->fee_fen - p->cost_fen) * LI_OF_FEN;
}

/* A main package is worth what it brings more than the one before. */
static void add_taken(void *ctx, const struct target_taken *t)
{
	struct adding *a = ctx;
	const struct package *p = catalogue_find(&a->plan->packages, t->offer),
			     *was = catalogue_find(&a->plan->packages, t->was);

	if (t->arm >= ARM_CONTROL || p == NULL ||
	    (p->kind == PACKAGE_MAIN && was == NULL))
		return;
	a->n++;
	a->li += margin_li(p) - (p->kind == PACKAGE_MAIN ? margin_li(was) : 0);
}

/* The hall's limits alone: its other files take long to read and are not needed. */
static enum err load_policy(struct office_call *c, struct policy *out)
{
	const char *path =
		arena_printf(&c->arena, "%s/offer.conf", c->host->conf->grammar).p;

	*out = policy_defaults();
	return access(path, F_OK) != 0
	               ? ERR_OK
	               : assets_read_policy(path, &c->arena, out, c->fault);
}

enum err campaign_return_load(const struct campaign_plan *p,
                              const struct campaign_row *row, struct campaign_return *out)
{
	struct adding a = { .plan = p };
	struct policy policy;
	enum err e = load_policy(p->c, &policy);

	if (e == ERR_OK)
		e = store_campaign_taken(p->c->host->reader, row->id,
		                         p->def.attribution_days, add_taken, &a,
		                         p->c->fault);

	if (e != ERR_OK)
		return e;
	out->taken = a.n;
	out->order_li = a.n > 0 ? (double)a.li / (double)a.n : 0;
	out->months = policy.horizon;
	return ERR_OK;
}

/* ---- what is said ---- */

/* Of a yuan that was spent. */
static double on_a_yuan(const struct campaign_return *r, double li)
{
	return (li - r->cost_li) / r->cost_li;
}

static double by_orders(const struct campaign_return *r, double orders)
{
	return on_a_yuan(r, orders * r->order_li * r->months);
}

static double by_bills(const struct campaign_return *r, double yuan)
{
	return on_a_yuan(r, yuan * LI_OF_YUAN * (double)r->people * r->months);
}

/* An order that loses money is dearest where there are the most of them. */
static double low_end(const struct campaign_return *r)
{
	const double few = by_orders(r, r->orders_ci.low),
		     many = by_orders(r, r->orders_ci.high);

	return few < many ? few : many;
}

static bool bills_known(const struct campaign_return *r)
{
	return r->yuan_ci.low < r->yuan_ci.high;
}

void campaign_return_say(const struct campaign_return *r, struct buf *out)
{
	buf_printf(out, "%-34s %9.2f yuan, %" PRId64 " segments\n", "cost",
	           r->cost_li / LI_OF_YUAN, r->segments);
	if (r->segments == 0)
		return;
	if (r->taken > 0) {
		buf_printf(out,
		           "%-34s %9.2f yuan over %" PRId32 " months, of %" PRId64
		           " order%s\n",
		           "margin of an order", r->order_li * r->months / LI_OF_YUAN,
		           r->months, r->taken, r->taken == 1 ? "" : "s");
		buf_printf(out, "%-34s %9.1f, at the low end %.1f\n", "return on a yuan",
		           by_orders(r, r->orders), low_end(r));
	}
	if (bills_known(r))
		buf_printf(out, "%-34s %9.1f, at the low end %.1f\n",
		           "  by bills, before costs", by_bills(r, r->yuan),
		           by_bills(r, r->yuan_ci.low));
}

void campaign_return_note(const struct campaign_return *r, struct buf *out)
{
	if (r->segments == 0)
		return;
	if (r->taken > 0)
		buf_printf(out, "; ROI %.1f, at least %.1f", by_orders(r, r->orders),
		           low_end(r));
	if (bills_known(r))
		buf_printf(out, "; by bills %.1f, at least %.1f", by_bills(r, r->yuan),
		           by_bills(r, r->yuan_ci.low));
}
