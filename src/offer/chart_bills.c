/*
 * chart_bills.c - one subscriber's bills by month under each package: which are shown, and
 * what is said of them.
 */
#include <stdio.h>

#include "chart_bills_priv.h"

enum {
	TICKS_MOST = 6,
	LI_OF_YUAN = 1000,
	STOPPED_LINE = 4
};

/* ---- what is shown ---- */

bool bills_looked_at(const struct bills *b, unsigned month)
{
	return (b->e->match->looked >> month & 1) != 0;
}

const struct package *bills_package(const struct bills *b, const struct candidate *c)
{
	return b->e->tariffs->tariff[c->tariff].package;
}

int64_t bills_a_month(const struct bills *b, int64_t weighted)
{
	const int64_t w = b->e->match->weight;

	return (weighted + (weighted < 0 ? -w : w) / 2) / w;
}

int64_t bills_beyond_li(const struct bills *b, unsigned month)
{
	const struct tariff *t = &b->e->tariffs->tariff[b->e->match->now.tariff];
	const int64_t beyond = b->e->match->now.bill_li[month] - t->fee_li;

	return beyond > 0 ? beyond : 0;
}

unsigned bills_months_beyond(const struct bills *b)
{
	unsigned n = 0;

	for (unsigned k = 0; k < USAGE_MONTHS; k++)
		n += bills_looked_at(b, k) && bills_beyond_li(b, k) > 0 ? 1 : 0;
	return n;
}

static void add(struct bills *b, const struct candidate *c)
{
	if (c == NULL || b->n == CHART_OTHERS)
		return;
	for (unsigned i = 0; i < b->n; i++)
		if (b->other[i] == c)
			return;
	b->other[b->n++] = c;
}

static void choose(struct bills *b)
{
	const struct match *m = b->e->match;

	add(b, b->best);
	add(b, b->asked);
	for (size_t i = 0; i < m->n; i++)
		if ((m->of[i].failed >> GUARD_ELIGIBLE & 1) == 0)
			add(b, &m->of[i]);
}

static int64_t largest(const struct bills *b)
{
	int64_t most = LI_OF_YUAN;

	for (unsigned k = 0; k < USAGE_MONTHS; k++) {
		if (b->e->match->now.bill_li[k] > most)
			most = b->e->match->now.bill_li[k];
		for (unsigned i = 0; i < b->n; i++)
			if (b->other[i]->bill_li[k] > most)
				most = b->other[i]->bill_li[k];
	}
	return most;
}

/* Steps of 1, 2 or 5 times a power of ten; some room above the highest. */
static void scale(struct bills *b)
{
	static const int64_t next[] = { 1, 2, 5 };
	const int64_t most = largest(b) + largest(b) / 10;
	int64_t ten = LI_OF_YUAN;
	unsigned i = 0;

	while (next[i] * ten * TICKS_MOST < most) {
		i = (i + 1) % 3;
		ten *= i == 0 ? 10 : 1;
	}
	b->step_li = next[i] * ten;
	b->most_li = (most + b->step_li - 1) / b->step_li * b->step_li;
}

const struct candidate *bills_series(const struct bills *b, unsigned i)
{
	return i == 0 ? &b->e->match->now : b->other[i - 1];
}

struct chart_word bills_name(const struct bills *b, unsigned i, struct chart_spot at)
{
	return chart_name(b->c, bills_package(b, bills_series(b, i)), at, b->coded[i]);
}

static void find_alike(struct bills *b)
{
	const struct package *p[1 + CHART_OTHERS];

	for (unsigned i = 0; i <= b->n; i++)
		p[i] = bills_package(b, bills_series(b, i));
	chart_alike(b->c, p, b->n + 1, bills_row_spot(0, ""), b->coded);
}

bool bills_evenly(const struct bills *b)
{
	int32_t weight = 0;

	for (unsigned k = 0; k < USAGE_MONTHS; k++) {
		if (!bills_looked_at(b, k))
			continue;
		if (weight != 0 && weight != b->e->policy->weight[k])
			return false;
		weight = b->e->policy->weight[k];
	}
	return true;
}

/* ---- head ---- */

/* "the last 5 months" only if they are the last ones without a gap. */
static bool in_a_row(const struct bills *b)
{
	const unsigned n = b->e->match->months;
	const unsigned all = ((1U << n) - 1) << (USAGE_MONTHS - n);

	return b->e->match->looked == all;
}

/* Part of a sentence: the rest has room, too, which is longer in English. */
static struct chart_word name_within(const struct bills *b, unsigned i,
                                     enum chart_font font)
{
	return bills_name(
		b, i,
		(struct chart_spot){ .width = b->c->english ? 250 : 320, .font = font });
}

static void put_title(const struct bills *b, char *to, size_t room)
{
	const struct chart *c = b->c;
	const struct candidate *one = b->best != NULL ? b->best : b->asked;
	const struct candidate *named = bills_series(b, one != NULL ? 1 : 0);
	const struct chart_word name = name_within(b, one != NULL ? 1 : 0, CHART_TITLE);
	const unsigned n = b->e->match->months;
	const int64_t saves = bills_a_month(b, named->saving_li);
	const struct chart_word yuan = chart_yuan(c, saves < 0 ? -saves : saves);

	if (one == NULL)
		(void)snprintf(to, room,
		               CHART_TR(c, "留在%s：没有套餐每月能省%s元以上",
		                        "Stay on %s: no package saves %s yuan a month"),
		               name.p, chart_yuan(c, b->e->policy->asked_li).p);
	else if (c->english)
		(void)snprintf(to, room, "%s%s: %s %s yuan a month (%s%u months)%s",
		               b->best != NULL ? "Move to " : "", name.p,
		               saves < 0 ? "costs" : "saves", yuan.p,
		               in_a_row(b) ? "last " : "", n,
		               b->best != NULL ? "" : "; not pushed");
	else
		(void)snprintf(to, room, "%s%s：%s%u个月平均每月%s%s元%s",
		               b->best != NULL ? "换" : "", name.p,
		               in_a_row(b) ? "近" : "", n, saves < 0 ? "多付" : "省",
		               yuan.p, b->best != NULL ? "" : "，只答问、不推送");
}

const char *const bills_guard_said[GUARDS][2] = {
	[GUARD_ELIGIBLE] = { "不能办", "cannot have it" },
	[GUARD_STAGE] = { "阶段不宜", "wrong stage" },
	[GUARD_DEPTH] = { "G1 降升过大", "G1 step too large" },
	[GUARD_MARGIN] = { "G2 毛利不足", "G2 margin too low" },
	[GUARD_REGRET] = { "G3 多月变贵", "G3 dearer too often" },
	[GUARD_SHOCK] = { "G4 单月骤贵", "G4 one month far dearer" },
	[GUARD_MATERIAL] = { "G5 省得太少", "G5 saves too little" },
	[GUARD_STABLE] = { "G6 刚换或刚推", "G6 too soon" },
};

unsigned bills_stopped_by(const struct candidate *c)
{
	unsigned g = 0;

	while (g < GUARDS && (c->failed >> g & 1) == 0)
		g++;
	return g;
}

static struct chart_spot head_spot(int y)
{
	return (struct chart_spot){ CHART_EDGE, y,           CHART_WIDTH - 2 * CHART_EDGE,
		                    CHART_TEXT, CHART_START, "soft" };
}

static void draw_present(const struct bills *b)
{
	const struct chart *c = b->c;
	const struct match *m = b->e->match;
	char beyond[96];
	int64_t li = 0;

	for (unsigned k = 0; k < USAGE_MONTHS; k++)
		li += bills_looked_at(b, k) ? bills_beyond_li(b, k) : 0;
	(void)snprintf(beyond, sizeof(beyond),
	               CHART_TR(c, "其中%u个月超出套餐，共多付%s元",
	                        "%u of them beyond the allowance, for %s yuan in all"),
	               bills_months_beyond(b), chart_yuan(c, li).p);
	chart_text(c, head_spot(66),
	           CHART_TR(c, "现用%s：%u个月月均%s元，%s%s",
	                    "%s now: %u months at %s yuan, %s%s"),
	           name_within(b, 0, CHART_TEXT).p, m->months,
	           chart_yuan_full(c, bills_a_month(b, m->now.weighted_li)).p,
	           li > 0 ? beyond
	                  : CHART_TR(c, "没有超出套餐", "never beyond the allowance"),
	           !m->thin ? ""
	           : b->e->subject->estimated != 0
	                   ? CHART_TR(c, "（缺的月份按同套餐客户估算）",
	                              " (missing months estimated by customers of it)")
	                   : CHART_TR(c, "（月份太少，不足为凭）",
	                              " (too few months to go by)"));
}

/* Each package by the first guard that stopped it; STOPPED_LINE to a line. */
static void draw_stopped(const struct bills *b)
{
	const struct chart *c = b->c;
	const struct match *m = b->e->match;
	struct buf line[2] = { buf_make(512), buf_make(512) };
	size_t by[GUARDS + 1] = { 0 }, named = 0;

	for (size_t i = 0; i < m->n; i++)
		by[bills_stopped_by(&m->of[i])]++;
	for (unsigned g = 0; g < GUARDS; g++) {
		struct buf *to = &line[named / STOPPED_LINE];

		if (by[g] == 0)
			continue;
		buf_printf(to, "%s%s %zu", to->n > 0 ? CHART_TR(c, "，", ", ") : "",
		           bills_guard_said[g][c->english], by[g]);
		named++;
	}
	if (named > 0)
		chart_text(c, head_spot(88),
		           CHART_TR(c, "未推的套餐（个）：%s", "Not pushed: %s"),
		           buf_cstr(&line[0]));
	if (named > STOPPED_LINE)
		chart_text(c, head_spot(108), "%s", buf_cstr(&line[1]));
	buf_free(&line[0]);
	buf_free(&line[1]);
}

/* ---- the whole ---- */

static void draw_nothing(const struct chart *c)
{
	chart_begin(c, 120,
	            CHART_TR(c, "没有可比的账单", "There are no bills to compare"));
	chart_text(c, head_spot(66), "%s",
	           CHART_TR(c, "没有一个月的用量，或现用套餐不在目录里。",
	                    "No month of use, or the present package is in no list."));
	chart_end(c);
}

static void draw(const struct bills *b)
{
	const int rows = (int)b->n + 1 + (bills_months_beyond(b) > 0) + !bills_evenly(b);
	char title[512];

	put_title(b, title, sizeof(title));
	chart_begin(b->c, BILLS_FOOT + 20 + 6 + rows * BILLS_ROW + 22, title);
	draw_present(b);
	draw_stopped(b);
	bills_draw_plot(b);
	bills_draw_table(b, BILLS_FOOT + 20);
	chart_end(b->c);
}

void chart_offer(const struct explained *e, bool english, struct buf *out)
{
	const struct chart c = { out, english };
	struct bills b = { .c = &c, .e = e };

	if (e->match->weight == 0 || e->match->now.tariff >= e->tariffs->n) {
		draw_nothing(&c);
		return;
	}
	b.best = offer_best(e->match);
	b.asked = offer_cheapest(e->policy, e->match);
	choose(&b);
	find_alike(&b);
	scale(&b);
	draw(&b);
}
