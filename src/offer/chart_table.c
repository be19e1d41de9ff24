/*
 * chart_table.c - the figures of bills by month, below the months they belong to.
 */
#include <inttypes.h>

#include "chart_bills_priv.h"

enum {
	MEAN_X = 748,
	SAVES_X = 832,
	VERDICT_X = 846,
	SWATCH = 10
};

static struct chart_spot cell(int x, int y, const char *ink)
{
	return (struct chart_spot){ x, y, BILLS_SLOT, CHART_TEXT, CHART_MIDDLE, ink };
}

static struct chart_spot column(int x, int y, const char *ink)
{
	return (struct chart_spot){ x, y, BILLS_SLOT, CHART_TEXT, CHART_FINISH, ink };
}

struct chart_spot bills_row_spot(int y, const char *ink)
{
	return (struct chart_spot){ CHART_EDGE + SWATCH + 6,
		                    y,
		                    BILLS_LEFT - CHART_EDGE - SWATCH - 6,
		                    CHART_TEXT,
		                    CHART_START,
		                    ink };
}

static void draw_header(const struct bills *b, int y)
{
	const struct chart *c = b->c;

	chart_text(c, column(MEAN_X, y, "soft"), "%s",
	           bills_evenly(b) ? CHART_TR(c, "月均", "a month")
	                           : CHART_TR(c, "加权月均", "weighted"));
	chart_text(c, column(SAVES_X, y, "soft"), "%s", CHART_TR(c, "每月省", "saves"));
	chart_line(c, CHART_EDGE, y + 8, CHART_WIDTH - CHART_EDGE, y + 8, "grid");
}

static void draw_verdict(const struct bills *b, const struct candidate *one, int y)
{
	const struct chart *c = b->c;
	const unsigned g = bills_stopped_by(one);
	const char *said = one == &b->e->match->now ? CHART_TR(c, "现用", "present")
	                   : one == b->best         ? CHART_TR(c, "推荐", "the offer")
	                   : g == GUARDS ? CHART_TR(c, "可推", "could be offered")
	                                 : bills_guard_said[g][c->english];

	chart_text(c,
	           (struct chart_spot){ VERDICT_X, y,
	                                CHART_WIDTH - CHART_EDGE - VERDICT_X, CHART_SMALL,
	                                CHART_START, "ink" },
	           "%s", said);
}

static void draw_row(const struct bills *b, unsigned i, int y)
{
	static const char *const ink[] = { "s0", "s1", "s2", "s3", "s4" };
	const struct chart *c = b->c;
	const struct candidate *one = bills_series(b, i);
	const struct chart_spot name = bills_row_spot(y, ink[i]);

	chart_rect(c, CHART_EDGE, y - SWATCH, SWATCH, SWATCH, i == 0 ? "fee" : ink[i]);
	chart_text(c, name, "%s", bills_name(b, i, name).p);
	for (unsigned k = 0; k < USAGE_MONTHS; k++)
		chart_text(c, cell(bills_x(k), y, "ink"), "%s",
		           bills_looked_at(b, k) ? chart_yuan_full(c, one->bill_li[k]).p
		                                 : "–");
	chart_text(c, column(MEAN_X, y, "ink"), "%s",
	           chart_yuan_full(c, bills_a_month(b, one->weighted_li)).p);
	if (i > 0)
		chart_text(c, column(SAVES_X, y, "ink"), "%s",
		           chart_yuan_full(c, bills_a_month(b, one->saving_li)).p);
	draw_verdict(b, one, y);
}

static void put_row_name(const struct bills *b, int y, const char *name)
{
	chart_text(b->c,
	           (struct chart_spot){ CHART_EDGE + SWATCH + 6, y,
	                                BILLS_LEFT - CHART_EDGE - SWATCH, CHART_SMALL,
	                                CHART_START, "soft" },
	           "%s", name);
}

static void draw_beyond(const struct bills *b, int y)
{
	chart_rect(b->c, CHART_EDGE, y - SWATCH, SWATCH, SWATCH, "over");
	put_row_name(b, y, CHART_TR(b->c, "其中超出套餐", "beyond allowance"));
	for (unsigned k = 0; k < USAGE_MONTHS; k++)
		if (bills_looked_at(b, k) && bills_beyond_li(b, k) > 0)
			chart_text(b->c, cell(bills_x(k), y, "soft"), "%s",
			           chart_yuan_full(b->c, bills_beyond_li(b, k)).p);
}

static void draw_weights(const struct bills *b, int y)
{
	put_row_name(b, y, CHART_TR(b->c, "月份的权重", "weight of the month"));
	for (unsigned k = 0; k < USAGE_MONTHS; k++)
		if (bills_looked_at(b, k))
			chart_text(b->c, cell(bills_x(k), y, "soft"), "× %" PRId32,
			           b->e->policy->weight[k]);
}

void bills_draw_table(const struct bills *b, int y)
{
	draw_header(b, y);
	y += 6;
	for (unsigned i = 0; i <= b->n; i++) {
		draw_row(b, i, y += BILLS_ROW);
		if (i == 0 && bills_months_beyond(b) > 0)
			draw_beyond(b, y += BILLS_ROW);
	}
	if (!bills_evenly(b))
		draw_weights(b, y + BILLS_ROW);
}
