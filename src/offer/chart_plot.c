/*
 * chart_plot.c - bills by month: the present package as bars, since its bill has parts;
 * candidates as lines, named where they end.
 */
#include <string.h>

#include "chart_bills_priv.h"

enum {
	BAR = 44,
	LABEL_GAP = 20,
	ROLE_OCTET = 9, /* of the width of what stands before a name there */
	LABEL_LOWEST = BILLS_FOOT - 6 /* heads of columns stand below the foot */
};

static int y_of(const struct bills *b, int64_t li)
{
	return BILLS_FOOT - (int)(li * BILLS_TALL / b->most_li);
}

/* ---- the plot ---- */

static void draw_axis(const struct bills *b)
{
	const struct chart *c = b->c;

	for (int64_t li = 0; li <= b->most_li; li += b->step_li) {
		const int y = y_of(b, li);

		chart_line(c, BILLS_LEFT, y, BILLS_RIGHT, y, li == 0 ? "rule" : "grid");
		chart_text(c,
		           (struct chart_spot){ BILLS_LEFT - 8, y + 4, 90, CHART_SMALL,
		                                CHART_FINISH, "soft" },
		           li == b->most_li ? CHART_TR(c, "%s 元/月", "%s yuan") : "%s",
		           chart_yuan(c, li).p);
	}
}

static void draw_months(const struct bills *b)
{
	for (unsigned k = 0; k < USAGE_MONTHS; k++) {
		const month_t m = b->e->last - (month_t)(USAGE_MONTHS - 1 - k);

		chart_text(b->c,
		           (struct chart_spot){ bills_x(k), BILLS_FOOT + 20, BILLS_SLOT,
		                                CHART_TEXT, CHART_MIDDLE,
		                                bills_looked_at(b, k) ? "ink" : "soft" },
		           "%04d-%02d", month_year(m), month_of_year(m));
	}
}

static void draw_bars(const struct bills *b)
{
	for (unsigned k = 0; k < USAGE_MONTHS; k++) {
		const int64_t bill = b->e->match->now.bill_li[k];
		const int64_t beyond = bills_beyond_li(b, k);
		const int top = y_of(b, bill), fee = y_of(b, bill - beyond);

		if (!bills_looked_at(b, k))
			continue;
		chart_rect(b->c, bills_x(k) - BAR / 2, fee, BAR, BILLS_FOOT - fee, "fee");
		if (beyond > 0)
			chart_rect(b->c, bills_x(k) - BAR / 2, top, BAR, fee - top,
			           "over");
	}
}

/* Joins months that follow each other; a month alone is its mark only. */
static void draw_line(const struct bills *b, unsigned i)
{
	const struct candidate *c = b->other[i];
	const bool main = c == b->best || c == b->asked;
	struct buf *out = b->c->out;
	bool pen = false;

	buf_puts(out, STR("<path d=\""));
	for (unsigned k = 0; k < USAGE_MONTHS; k++) {
		if (bills_looked_at(b, k))
			buf_printf(out, "%s%d %d", pen ? "L" : "M", bills_x(k),
			           y_of(b, c->bill_li[k]));
		pen = bills_looked_at(b, k);
	}
	buf_printf(out, "\" class=\"l%u%s\"/>\n", i + 1, main ? " main" : "");
	for (unsigned k = 0; k < USAGE_MONTHS; k++)
		if (bills_looked_at(b, k))
			buf_printf(
				out,
				"<circle cx=\"%d\" cy=\"%d\" r=\"%d\" class=\"s%u\"/>\n",
				bills_x(k), y_of(b, c->bill_li[k]), main ? 5 : 4, i + 1);
}

/* ---- names where lines end ---- */

struct label {
	unsigned series; /* 0: the present package */
	int from, y;
};

/* By height, then no two nearer than LABEL_GAP, all beside the plot. */
static void spread(struct label *l, unsigned n)
{
	for (unsigned i = 1; i < n; i++) {
		for (unsigned j = i; j > 0 && l[j].y < l[j - 1].y; j--) {
			const struct label swap = l[j];

			l[j] = l[j - 1];
			l[j - 1] = swap;
		}
	}
	for (unsigned i = 1; i < n; i++)
		if (l[i].y < l[i - 1].y + LABEL_GAP)
			l[i].y = l[i - 1].y + LABEL_GAP;
	for (unsigned i = n; i-- > 0;) {
		const int most = i + 1 == n ? LABEL_LOWEST : l[i + 1].y - LABEL_GAP;

		if (l[i].y > most)
			l[i].y = most;
	}
}

static void draw_label(const struct bills *b, const struct label *l, unsigned last)
{
	static const char *const ink[] = { "s0", "s1", "s2", "s3", "s4" };
	const struct chart *c = b->c;
	const struct candidate *one = bills_series(b, l->series);
	const int from = bills_x(last) + (l->series == 0 ? BAR / 2 : 6);
	const char *role = l->series == 0    ? CHART_TR(c, "现用 ", "now: ")
	                   : one == b->best  ? CHART_TR(c, "推荐 ", "offer: ")
	                   : one == b->asked ? CHART_TR(c, "答问 ", "if asked: ")
	                                     : "";

	const struct chart_spot spot = { BILLS_RIGHT + 10,
		                         l->y + 5,
		                         CHART_WIDTH - CHART_EDGE - BILLS_RIGHT - 10,
		                         one == b->best ? CHART_HEAD : CHART_TEXT,
		                         CHART_START,
		                         ink[l->series] };
	struct chart_spot name = spot;

	name.width -= (int)strlen(role) * ROLE_OCTET;
	chart_line(c, from, l->from, BILLS_RIGHT + 6, l->y, "grid");
	chart_text(c, spot, "%s%s", role, bills_name(b, l->series, name).p);
}

static void draw_labels(const struct bills *b)
{
	struct label l[1 + CHART_OTHERS];
	unsigned last = USAGE_MONTHS - 1;

	while (last > 0 && !bills_looked_at(b, last))
		last--;
	for (unsigned i = 0; i <= b->n; i++) {
		const int y = y_of(b, bills_series(b, i)->bill_li[last]);

		l[i] = (struct label){ i, y, y };
	}
	spread(l, b->n + 1);
	for (unsigned i = 0; i <= b->n; i++)
		draw_label(b, &l[i], last);
}

void bills_draw_plot(const struct bills *b)
{
	draw_axis(b);
	draw_months(b);
	draw_bars(b);
	for (unsigned i = b->n; i-- > 0;)
		draw_line(b, i);
	draw_labels(b);
}
