/*
 * explain.c - the matcher's arithmetic in words, for people who do not believe it.
 *
 * Amounts are yuan.  What is weighted by months stands under "a month".
 */
#include <inttypes.h>
#include <stdio.h>

#include "explain_priv.h"
#include "match_priv.h"

enum {
	BP = 10000,
	KIB_OF_MB = 1024
};

/* ---- figures ---- */

static void put_bp(struct buf *out, int64_t bp)
{
	const int64_t whole = bp < 0 ? -bp : bp;

	buf_printf(out, "%s%" PRId64 ".%02" PRId64 " %%", bp < 0 ? "-" : "", whole / 100,
	           whole % 100);
}

/*
 * What a guard compares is rounded to the disadvantage of passing, up where it may be at
 * most so much: limits have no more digits, so figures and verdict never differ.
 */
static int64_t quotient(int64_t part, int64_t whole, bool up)
{
	const int64_t down = part / whole - (part % whole < 0 ? 1 : 0);

	return down + (up && part % whole != 0 ? 1 : 0);
}

/* whole >= 0. */
static void put_part(struct buf *out, int64_t part, int64_t whole, bool up)
{
	put_bp(out, whole > 0 ? quotient(part * BP, whole, up) : 0);
}

static void put_month_li(struct buf *out, const struct guard_case *g, int64_t weighted,
                         bool up)
{
	explain_price(out, quotient(weighted, g->weight, up));
}

/* ---- rows of a table: a label, a cell for each month, and one a month ---- */

enum {
	LABEL = 22,
	CELL = 11
};

static bool looked_at(const struct explained *e, unsigned month)
{
	return (e->match->looked >> month & 1) != 0;
}

static void put_months(const struct explained *e, struct buf *out)
{
	buf_printf(out, "%-*s", LABEL, "");
	for (unsigned k = 0; k < USAGE_MONTHS; k++) {
		const month_t m = e->last - (month_t)(USAGE_MONTHS - 1 - k);

		buf_printf(out, "%*s%04d-%02d", CELL - 7, "", month_year(m),
		           month_of_year(m));
	}
	buf_printf(out, "%*s\n", CELL, "a month");
}

static void put_weights(const struct explained *e, struct buf *out)
{
	char all[32];

	buf_printf(out, "%-*s", LABEL, "  weight");
	for (unsigned k = 0; k < USAGE_MONTHS; k++) {
		if (looked_at(e, k))
			buf_printf(out, "%*" PRId32, CELL, e->policy->weight[k]);
		else
			buf_printf(out, "%*s", CELL, "-");
	}
	(void)snprintf(all, sizeof(all), "/ %" PRId64, e->match->weight);
	buf_printf(out, "%*s\n", CELL, all);
}

static void put_use(const struct explained *e, unsigned d, struct buf *out)
{
	static const char *const names[DIMS] = { "  minutes", "  texts", "  data, MB" };
	const int32_t unit = d == DIM_DATA ? KIB_OF_MB : 1;
	int64_t sum = 0;

	buf_printf(out, "%-*s", LABEL, names[d]);
	for (unsigned k = 0; k < USAGE_MONTHS; k++) {
		const int32_t use = e->subject->use[k][d];

		if (!looked_at(e, k)) {
			buf_printf(out, "%*s", CELL, "-");
			continue;
		}
		sum += (int64_t)e->policy->weight[k] * use;
		buf_printf(out, "%*" PRId32, CELL, use / unit);
	}
	buf_printf(out, "%*" PRId64 "\n", CELL, explain_month(e, sum) / unit);
}

/* What a month of the row is, in li. */
typedef int64_t (*cell_fn)(const struct explained *e, const struct candidate *c,
                           unsigned month);

static const struct tariff *tariff_at(const struct explained *e,
                                      const struct candidate *c)
{
	return &e->tariffs->tariff[c->tariff];
}

static int64_t fee(const struct explained *e, const struct candidate *c, unsigned k)
{
	(void)k;
	return tariff_at(e, c)->fee_li;
}

static int64_t part(const struct explained *e, const struct candidate *c, unsigned k,
                    unsigned d)
{
	return tariff_tier_li(&tariff_at(e, c)->tier[d], e->subject->use[k][d]);
}

static int64_t voice(const struct explained *e, const struct candidate *c, unsigned k)
{
	return part(e, c, k, DIM_VOICE);
}

static int64_t texts(const struct explained *e, const struct candidate *c, unsigned k)
{
	return part(e, c, k, DIM_SMS);
}

static int64_t data(const struct explained *e, const struct candidate *c, unsigned k)
{
	return part(e, c, k, DIM_DATA);
}

static int64_t bill(const struct explained *e, const struct candidate *c, unsigned k)
{
	(void)e;
	return c->bill_li[k];
}

static int64_t against(const struct explained *e, const struct candidate *c, unsigned k)
{
	return c->bill_li[k] - e->match->now.bill_li[k];
}

static void put_row(const struct explained *e, const struct candidate *c,
                    const char *label, cell_fn cell, struct buf *out)
{
	int64_t sum = 0;

	buf_printf(out, "%-*s", LABEL, label);
	for (unsigned k = 0; k < USAGE_MONTHS; k++) {
		if (!looked_at(e, k)) {
			buf_printf(out, "%*s", CELL, "-");
			continue;
		}
		sum += e->policy->weight[k] * cell(e, c, k);
		explain_li(out, CELL, cell(e, c, k));
	}
	explain_li(out, CELL, explain_month(e, sum));
	buf_putc(out, '\n');
}

static void put_name(const struct explained *e, const struct candidate *c,
                     struct buf *out)
{
	const struct package *p = tariff_at(e, c)->package;

	buf_printf(out, "%.*s  %.*s", STR_ARG(p->code),
	           STR_ARG(package_name(p, LANG_ZH_HANS)));
}

static void put_parts(const struct explained *e, const struct candidate *c,
                      struct buf *out)
{
	put_row(e, c, "  fee", fee, out);
	put_row(e, c, "  calls beyond", voice, out);
	put_row(e, c, "  texts beyond", texts, out);
	put_row(e, c, "  data beyond", data, out);
	put_row(e, c, "  bill", bill, out);
}

/* ---- what guards saw ---- */

/* Figure and limit of a guard, as "figure, limit". */
typedef void (*figure_fn)(const struct explained *e, const struct guard_case *g,
                          struct buf *out);

static void say_eligible(const struct explained *e, const struct guard_case *g,
                         struct buf *out)
{
	const struct str *bar = e->subject->bar;

	if (g->allowed)
		buf_puts(out, STR("the number may have it"));
	else
		buf_printf(out, "the number cannot have it: %.*s",
		           STR_ARG(bar != NULL ? bar[g->tariff]
		                               : STR("network, class, region or what "
		                                     "it holds")));
}

static void say_stage(const struct explained *e, const struct guard_case *g,
                      struct buf *out)
{
	const struct stage_limits *l = &e->policy->stage[g->stage];
	const bool up = g->fee_step_li > 0;

	buf_printf(out, "%s: a %s fee may %sbe pushed", stage_name(g->stage),
	           up ? "higher" : "lower", (up ? l->up : l->down) != 0 ? "" : "not ");
}

static void say_depth(const struct explained *e, const struct guard_case *g,
                      struct buf *out)
{
	const struct policy *p = e->policy;

	if (g->saving_li >= 0) {
		buf_puts(out, STR("saves "));
		put_part(out, g->saving_li, g->present_li, true);
		buf_puts(out, STR(" of the present bill, at most "));
		put_bp(out, p->stage[g->stage].depth_bp);
		return;
	}
	buf_puts(out, STR("costs "));
	put_part(out, -g->saving_li, g->present_li, true);
	buf_puts(out, STR(" more, at most "));
	put_bp(out, p->up_bp);
	if (g->used_bp < 0)
		buf_puts(out, STR("; none of his allowances is used, at least "));
	else if (g->used_bp > INT64_C(100) * BP)
		buf_puts(out, STR("; he uses what he has no allowance for, at least "));
	else {
		buf_puts(out, STR("; of his allowances the fullest is used by "));
		put_bp(out, g->used_bp);
		buf_puts(out, STR(", at least "));
	}
	put_bp(out, p->binding_bp);
}

static void say_margin(const struct explained *e, const struct guard_case *g,
                       struct buf *out)
{
	const int64_t given = g->present_margin_li - g->margin_li;

	put_part(out, g->margin_li, g->bill_li, false);
	buf_puts(out, STR(" of the bill, at least "));
	put_bp(out, e->policy->stage[g->stage].margin_bp);
	if (g->present_margin_li <= 0) {
		buf_puts(out, STR("; there is no present margin to give away, and "));
		put_month_li(out, g, given > 0 ? given : 0, true);
		buf_puts(out, STR(" would be"));
		return;
	}
	buf_puts(out, STR("; gives away "));
	put_part(out, given > 0 ? given : 0, g->present_margin_li, true);
	buf_puts(out, STR(" of the present margin, at most "));
	put_bp(out, e->policy->give_bp);
}

static void say_regret(const struct explained *e, const struct guard_case *g,
                       struct buf *out)
{
	buf_printf(out, "no dearer in %u of %u months, at least ", g->months_better,
	           g->months);
	put_bp(out, e->policy->regret_bp);
	buf_puts(out, STR(" of them"));
}

static void say_shock(const struct explained *e, const struct guard_case *g,
                      struct buf *out)
{
	buf_puts(out, STR("the worst month is "));
	explain_price(out, g->worst_li > 0 ? g->worst_li : 0);
	buf_puts(out, STR(" yuan dearer, at most "));
	explain_price(out, e->policy->shock_li);
}

static void say_material(const struct explained *e, const struct guard_case *g,
                         struct buf *out)
{
	const int64_t least = g->present_li * e->policy->material_bp;
	const bool lacks = g->saving_li * BP < least;

	buf_puts(out, g->saving_li < 0 ? STR("costs ") : STR("saves "));
	put_month_li(out, g, g->saving_li < 0 ? -g->saving_li : g->saving_li, false);
	buf_puts(out, g->saving_li < 0 ? STR(" more a month, must save at least ")
	                               : STR(" a month, at least "));
	explain_price(out, e->policy->material_li);
	buf_puts(out, STR(" and "));
	put_bp(out, e->policy->material_bp);
	buf_puts(out, STR(" of the present bill, which is "));
	explain_price(out, quotient(least, g->weight * BP, lacks));
}

static void say_stable(const struct explained *e, const struct guard_case *g,
                       struct buf *out)
{
	const struct policy *p = e->policy;

	if (g->months_since_change == INT32_MAX)
		buf_puts(out, STR("no change on record"));
	else
		buf_printf(out, "changed %" PRId32 " months ago, at least %" PRId32,
		           g->months_since_change, p->still_months);
	buf_printf(out,
	           "; %s within %" PRId32 " days; %u months of use, at least %" PRId32,
	           g->cooling ? "offered or declined" : "not offered", p->again_days,
	           g->months, p->months_least);
	if (g->estimated)
		buf_printf(out, "; %d of them are estimated: such are %spushed",
		           __builtin_popcount(e->subject->estimated & e->match->looked),
		           p->thin_push != 0 ? "" : "not ");
	if (g->bound)
		buf_puts(out, STR("; bound by a contract"));
}

static const figure_fn figures[GUARDS] = {
	[GUARD_ELIGIBLE] = say_eligible, [GUARD_STAGE] = say_stage,
	[GUARD_DEPTH] = say_depth,       [GUARD_MARGIN] = say_margin,
	[GUARD_REGRET] = say_regret,     [GUARD_SHOCK] = say_shock,
	[GUARD_MATERIAL] = say_material, [GUARD_STABLE] = say_stable,
};

static void put_guards(const struct explained *e, const struct candidate *c,
                       struct buf *out)
{
	const struct guard_case g = match_case(e->tariffs, e->policy, e->subject,
	                                       e->match, c);

	for (unsigned i = 0; i < GUARDS; i++) {
		buf_printf(out, "  %-16s%-8s", guard_name((enum guard)i),
		           (c->failed >> i & 1) != 0 ? "FAILED" : "passed");
		figures[i](e, &g, out);
		buf_putc(out, '\n');
	}
}

/* ---- the whole ---- */

static void put_thin(const struct explained *e, struct buf *out)
{
	if (!e->match->thin)
		return;
	buf_printf(out, "  thin: fewer than %" PRId32 " own months",
	           e->policy->months_least);
	for (unsigned k = 0, n = 0; k < USAGE_MONTHS; k++) {
		const month_t m = e->last - (month_t)(USAGE_MONTHS - 1 - k);

		if ((e->subject->estimated >> k & looked_at(e, k)) == 0)
			continue;
		buf_printf(out, "%s%04d-%02d",
		           n++ == 0 ? "; ESTIMATED by what is typical of "
		                      "the package: "
		                    : ", ",
		           month_year(m), month_of_year(m));
	}
	buf_putc(out, '\n');
}

void explain_subject(const struct explained *e, struct buf *out)
{
	if (e->match->weight == 0 || e->subject->tariff >= e->tariffs->n) {
		buf_puts(out,
		         STR("nothing to compare: no month of use, or a main package "
		             "that is in no list\n"));
		return;
	}
	buf_puts(out, STR("Amounts are yuan; a month is the mean of the months by their "
	                  "weights.\n"));
	put_months(e, out);
	put_weights(e, out);
	for (unsigned d = 0; d < DIMS; d++)
		put_use(e, d, out);
	put_thin(e, out);
	buf_puts(out, STR("\npresent: "));
	put_name(e, &e->match->now, out);
	buf_putc(out, '\n');
	explain_terms(tariff_at(e, &e->match->now), out);
	put_parts(e, &e->match->now, out);
	explain_cost(e, &e->match->now, out);
	if (e->subject->addons_li > 0) {
		buf_printf(out, "  %-20s", "add-ons a month");
		explain_li(out, 0, e->subject->addons_li);
		buf_puts(out,
		         STR(", which stay; they count in the present bill of G1 and "
		             "G5\n"));
	}
}

static void put_role(const struct explained *e, const struct candidate *c,
                     struct buf *out)
{
	if (c == offer_best(e->match))
		buf_puts(out, STR("  <- may be pushed"));
	if (c == offer_cheapest(e->policy, e->match))
		buf_puts(out, STR("  <- is named to who asks"));
	buf_putc(out, '\n');
}

void explain_candidate(const struct explained *e, const struct candidate *c,
                       struct buf *out)
{
	buf_putc(out, '\n');
	put_name(e, c, out);
	put_role(e, c, out);
	explain_terms(tariff_at(e, c), out);
	put_parts(e, c, out);
	put_row(e, c, "  against the present", against, out);
	explain_cost(e, c, out);
	put_guards(e, c, out);
}

static void put_choice(const struct explained *e, const char *label,
                       const struct candidate *c, const char *none, struct buf *out)
{
	buf_printf(out, "%s", label);
	if (c == NULL) {
		buf_printf(out, "%s\n", none);
		return;
	}
	put_name(e, c, out);
	buf_puts(out, STR(", saves "));
	explain_li(out, 0, explain_month(e, c->saving_li));
	buf_puts(out, STR(" a month\n"));
}

void explain_outcome(const struct explained *e, struct buf *out)
{
	put_choice(e, "may be pushed: ", offer_best(e->match),
	           "nothing, no package passes all guards", out);
	put_choice(e, "who asks gets: ", offer_cheapest(e->policy, e->match),
	           "the present package", out);
}

/* ---- CSV ---- */

static void csv_line(const struct explained *e, const struct candidate *c,
                     const char *role, struct buf *out)
{
	buf_printf(out, "%.*s,%s,", STR_ARG(tariff_at(e, c)->package->code), role);
	explain_li(out, 0, tariff_at(e, c)->fee_li);
	for (unsigned k = 0; k < USAGE_MONTHS; k++) {
		buf_putc(out, ',');
		if (looked_at(e, k))
			explain_li(out, 0, c->bill_li[k]);
	}
	buf_putc(out, ',');
	explain_li(out, 0, explain_month(e, c->weighted_li));
	buf_putc(out, ',');
	explain_li(out, 0, explain_month(e, c->saving_li));
	buf_putc(out, ',');
	explain_li(out, 0, explain_month(e, c->cost_li));
	buf_putc(out, ',');
	explain_li(out, 0, explain_month(e, c->margin_li));
	buf_printf(out, ",%u,%u,", c->months_better, e->match->months);
	explain_li(out, 0, c->worst_li > 0 ? c->worst_li : 0);
	for (unsigned g = 0; g < GUARDS; g++)
		buf_printf(out, ",%d", (c->failed >> g & 1) != 0 ? 0 : 1);
	buf_putc(out, '\n');
}

static const char *role_of(const struct explained *e, const struct candidate *c)
{
	const bool pushed = c == offer_best(e->match);
	const bool answered = c == offer_cheapest(e->policy, e->match);

	if (pushed)
		return answered ? "pushed and answered" : "pushed";
	return answered ? "answered" : "";
}

void explain_csv(const struct explained *e, struct buf *out)
{
	buf_puts(out, STR("package,role,fee"));
	for (unsigned k = 0; k < USAGE_MONTHS; k++) {
		const month_t m = e->last - (month_t)(USAGE_MONTHS - 1 - k);

		buf_printf(out, ",%04d-%02d", month_year(m), month_of_year(m));
	}
	buf_puts(out, STR(",a_month,saving,cost,margin,months_better,months,worst,"
	                  "eligible,stage,g1,g2,g3,g4,g5,g6\n"));
	if (e->match->weight == 0 || e->subject->tariff >= e->tariffs->n)
		return;
	csv_line(e, &e->match->now, "present", out);
	for (size_t i = 0; i < e->match->n; i++)
		csv_line(e, &e->match->of[i], role_of(e, &e->match->of[i]), out);
}
