/*
 * explain_terms.c - a tariff in one line, its margin, what contact is worth; figures of all.
 */
#include <inttypes.h>
#include <stdio.h>

#include "explain_priv.h"
#include "match_priv.h"
#include "offer/cross.h"

enum {
	BP = 10000,
	PPM_OF_BP = 100,
	LI_OF_FEN = 10,
	KIB_OF_MB = 1024
};

/* ---- figures ---- */

void explain_li(struct buf *out, int width, int64_t li)
{
	const int64_t fen = (li + (li < 0 ? -LI_OF_FEN : LI_OF_FEN) / 2) / LI_OF_FEN;
	const int64_t whole = fen < 0 ? -fen : fen;
	char text[32];

	(void)snprintf(text, sizeof(text), "%s%" PRId64 ".%02" PRId64, fen < 0 ? "-" : "",
	               whole / 100, whole % 100);
	buf_printf(out, "%*s", width, text);
}

int64_t explain_month(const struct explained *e, int64_t weighted)
{
	const int64_t w = e->match->weight;

	return w > 0 ? (weighted + (weighted < 0 ? -w : w) / 2) / w : 0;
}

void explain_share(struct buf *out, int64_t tenths)
{
	const int64_t whole = tenths < 0 ? -tenths : tenths;

	buf_printf(out, "%s%" PRId64 ".%" PRId64 " %%", tenths < 0 ? "-" : "", whole / 10,
	           whole % 10);
}

/* ---- a tariff ---- */

static void put_units(enum tariff_dim d, int64_t units, struct buf *out)
{
	static const char *const names[DIMS] = { "minutes", "texts", "MB" };

	buf_printf(out, "%" PRId64 " %s", d == DIM_DATA ? units / KIB_OF_MB : units,
	           names[d]);
}

void explain_price(struct buf *out, int64_t li)
{
	if (li % LI_OF_FEN == 0)
		explain_li(out, 0, li);
	else
		buf_printf(out, "%s%" PRId64 ".%03" PRId64, li < 0 ? "-" : "",
		           (li < 0 ? -li : li) / 1000, (li < 0 ? -li : li) % 1000);
}

static void put_pieces(enum tariff_dim d, const struct tariff_tier *t, struct buf *out)
{
	int64_t li = 0;

	for (unsigned j = 0; j < t->n; j++) {
		li += t->piece[j].li;
		buf_puts(out, j == 0 ? STR(", then ") : STR(", beyond "));
		if (j > 0) {
			put_units(d, t->piece[j].from, out);
			buf_putc(out, ' ');
		}
		explain_price(out, li);
		buf_puts(out, STR(" each"));
		if (d == DIM_DATA || t->piece[j].block > 1) {
			buf_putc(out, ' ');
			put_units(d, t->piece[j].block, out);
			buf_puts(out, STR(" begun"));
		}
	}
	if (t->n > 0 && t->cap_li > 0) {
		buf_puts(out, STR(", at most "));
		explain_li(out, 0, t->cap_li);
	}
}

void explain_terms(const struct tariff *t, struct buf *out)
{
	buf_puts(out, STR("  terms: "));
	explain_li(out, 0, t->fee_li);
	buf_puts(out, STR(" a month"));
	for (unsigned d = 0; d < DIMS; d++) {
		const struct tariff_tier *tier = &t->tier[d];

		buf_puts(out, STR("; "));
		if (tier->n == 0)
			buf_puts(out, d == DIM_VOICE ? STR("calls without limit")
			              : d == DIM_SMS ? STR("texts without limit")
			                             : STR("data without limit"));
		else
			put_units((enum tariff_dim)d, tier->piece[0].from, out);
		put_pieces((enum tariff_dim)d, tier, out);
	}
	buf_putc(out, '\n');
}

/* ---- its margin ---- */

/* Whether more use is reckoned with. */
static bool put_use_cost(const struct explained *e, const struct candidate *c, unsigned d,
                         struct buf *out)
{
	static const char *const names[DIMS] = { "minutes", "texts", "MB" };
	const struct policy *p = e->policy;
	const struct tariff *t = e->tariffs->tariff;
	const bool more = match_lifts(p, e->subject, e->match, &t[e->subject->tariff],
	                              &t[c->tariff], d);
	int64_t sum = 0;

	for (unsigned k = 0; k < USAGE_MONTHS; k++)
		if ((e->match->looked >> k & 1) != 0)
			sum += (int64_t)p->weight[k] * e->subject->use[k][d];
	buf_printf(out, "%s%" PRId64 " %s", d > 0 ? ", " : "",
	           explain_month(e, sum) / (d == DIM_DATA ? KIB_OF_MB : 1), names[d]);
	if (more) {
		buf_puts(out, STR(" + "));
		explain_share(out, p->stimulated_bp / 10);
	}
	buf_puts(out, STR(" at "));
	explain_price(out, p->cost_li_per[d]);
	if (d == DIM_DATA)
		buf_puts(out, STR(" each 1024"));
	return more;
}

/* To a thousandth, so that they add up. */
void explain_cost(const struct explained *e, const struct candidate *c, struct buf *out)
{
	const int64_t own = e->tariffs->tariff[c->tariff].package->cost_fen * LI_OF_FEN;
	const int64_t bill = explain_month(e, c->weighted_li);
	const int64_t margin = explain_month(e, c->margin_li);
	bool more = false;

	buf_printf(out, "  %-20s", "margin a month");
	explain_price(out, margin);
	buf_puts(out, STR(" = bill "));
	explain_price(out, bill);
	buf_puts(out, STR(" - cost "));
	explain_price(out, bill - margin);
	buf_puts(out, STR(" (package "));
	explain_li(out, 0, own);
	buf_puts(out, STR(", use "));
	explain_price(out, bill - margin - own);
	buf_printf(out, ")\n  %-20s", "use costs");
	for (unsigned d = 0; d < DIMS; d++)
		more |= put_use_cost(e, c, d, out);
	buf_puts(out,
	         more ? STR("; more is used where a full allowance grows\n") : STR("\n"));
}

/* ---- what contact is worth ---- */

int64_t explain_margin(const struct explained *e)
{
	return explain_month(e, e->match->now.margin_li);
}

static struct offer_value_in value_in(const struct explained *e,
                                      const struct candidate *c,
                                      const struct worth_asked *asked, unsigned segments)
{
	const int64_t now = explain_margin(e);

	return worth_in(e->policy, WORTH_PACKAGE, asked,
	                explain_month(e, c->margin_li) - now, now, segments);
}

static void put_assumed(struct buf *out, const char *who, int32_t ppm)
{
	buf_puts(out, str_of(who));
	explain_share(out, ppm / (10 * PPM_OF_BP));
}

/* The least share of refusers that leave with which contact does harm; by halves. */
static int32_t harmless_ppm(struct offer_value_in in)
{
	int32_t low = 0, high = 100 * BP;

	while (low < high) {
		in.prej_ppm = low + (high - low + 1) / 2;
		if (offer_value(&in) >= 0)
			low = in.prej_ppm;
		else
			high = in.prej_ppm - 1;
	}
	in.prej_ppm = low;
	return offer_value(&in) >= 0 ? low : -1;
}

/* An addend of the worth; what it is made of follows. */
static void put_addend(int64_t li, const char *of, struct buf *out)
{
	buf_printf(out, "\n    %s", li < 0 ? "- " : "+ ");
	explain_price(out, li < 0 ? -li : li);
	buf_puts(out, str_of(of));
}

static void put_kept(const struct offer_value_in *in, struct buf *out)
{
	buf_printf(out, "%" PRId32 " months * ", in->horizon);
	explain_price(out, in->stake_li / in->horizon);
	put_assumed(out, " present margin * (", in->p0_ppm);
	put_assumed(out, " - ", in->q_ppm);
	put_assumed(out, " * ", in->pacc_ppm);
	put_assumed(out, " - ", PPM_OF_BP * BP - in->q_ppm);
	put_assumed(out, " * ", in->prej_ppm);
	buf_puts(out, STR(")"));
}

void explain_sum(const struct offer_value_in *in, struct buf *out)
{
	const int64_t texts = -in->segment_li * in->segments - in->fatigue_li;
	const int64_t worth = offer_value(in);
	struct offer_value_in won = *in;

	won.stake_li = won.segment_li = won.fatigue_li = 0;
	const int64_t accepted = offer_value(&won);

	put_addend(accepted, "  who accepts: ", out);
	put_assumed(out, "", in->q_ppm);
	buf_printf(out, " * (%" PRId32 " months * ", in->horizon);
	explain_price(out, in->margin_gain_li);
	buf_puts(out, STR(" more margin - "));
	explain_li(out, 0, in->gift_li);
	buf_puts(out, STR(" given)"));
	put_addend(worth - accepted - texts, "  who stays or leaves: ", out);
	put_kept(in, out);
	put_addend(texts, "  texts: ", out);
	buf_printf(out, "%" PRId32 " SMS * ", in->segments);
	explain_li(out, 0, in->segment_li);
	if (in->fatigue_li > 0) {
		buf_puts(out, STR(" + "));
		explain_price(out, in->fatigue_li);
		buf_puts(out, STR(" since he was sent offers in the last 30 days"));
	}
	buf_putc(out, '\n');
}

static const struct learn_cell none;

static void put_shift(const struct policy *p, enum worth_of of,
                      const struct worth_asked *a, struct buf *out)
{
	if (of != WORTH_PACKAGE || a->of == NULL ||
	    learn_shifted_ppm(p->accept_bp * PPM_OF_BP, &p->accept, a->of) ==
	            p->accept_bp * PPM_OF_BP)
		return;
	buf_puts(out, STR(", moved from the "));
	explain_share(out, p->accept_bp / 10);
	buf_puts(out, STR(" of all by accept_saving, accept_depth and accept_refused"));
}

void explain_accept(const struct policy *p, enum worth_of of, const struct worth_asked *a,
                    int32_t q_ppm, struct buf *out)
{
	const bool trial = of == WORTH_TRIAL;
	const struct learn_cell *all = learned_cell(a->learned, a->item, trial,
	                                            LEARN_ANY);
	const struct learn_cell *like = a->cell < LEARN_ANY
	                                        ? learned_cell(a->learned, a->item, trial,
	                                                       a->cell)
	                                        : NULL;

	explain_share(out, q_ppm / (10 * PPM_OF_BP));
	put_shift(p, of, a, out);
	if (all == NULL || all->sent == 0) {
		buf_puts(out, STR(" (assumed in offer.conf, nobody was asked yet)"));
		return;
	}
	like = like != NULL ? like : &none;
	buf_printf(out,
	           " (%" PRIu32 " of %" PRIu32 " asked did, %" PRIu32 " of %" PRIu32
	           " of his stage and bill; the assumption of offer.conf counts as "
	           "%" PRId32 ")",
	           all->orders, all->sent, like->orders, like->sent, p->believed);
}

void explain_worth(const struct explained *e, const struct candidate *c,
                   const struct worth_asked *asked, unsigned segments, struct buf *out)
{
	const struct offer_value_in in = value_in(e, c, asked, segments);
	const int64_t worth = offer_value(&in), harmless = harmless_ppm(in);

	buf_puts(out, STR("worth of contact: "));
	explain_li(out, 0, worth);
	buf_printf(out, " yuan over %" PRId32 " months%s", in.horizon,
	           worth < 0 ? ": HARMS by these assumptions; a campaign of worth = "
	                       "\"positive\" leaves him alone"
	                     : "");
	explain_sum(&in, out);
	buf_puts(out, STR("  accept "));
	explain_accept(e->policy, WORTH_PACKAGE, asked, in.q_ppm, out);
	put_assumed(out,
	            "\n  assumed in offer.conf, not measured: leave when left alone ",
	            in.p0_ppm);
	put_assumed(out, ", after accepting ", in.pacc_ppm);
	put_assumed(out, ", after refusing ", in.prej_ppm);
	buf_puts(out, STR("\n  "));
	if (harmless < 0)
		buf_puts(out, STR("harms whoever leaves"));
	else
		put_assumed(out, "does no harm while at most ", (int32_t)harmless);
	buf_puts(out, harmless < 0 ? STR("\n") : STR(" of those who refuse leave\n"));
}
