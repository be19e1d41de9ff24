/*
 * chart_rehearsal.c - the page of a rehearsal: figures, winners and losers, moves.
 */
#include <stdio.h>

#include "chart_priv.h"

enum {
	TABLE = 96,
	ROW = 24,
	BANDS = 6, /* of winners, and as many of losers */
	BAND_ROW = 22,
	BAND_LEFT = 150,
	LI_OF_FEN = 10
};

struct page {
	const struct chart *c;
	const struct rehearsal *r;
	struct chart_moves moves[REHEARSE_COURSE_COUNT];
	enum rehearse_course shown[REHEARSE_COURSE_COUNT]; /* in which a bill changes */
	size_t n;
};

static const char *course_said(const struct chart *c, enum rehearse_course course)
{
	static const char *const said[REHEARSE_COURSE_COUNT][2] = {
		[REHEARSE_STAY] = { "谁也不换", "Nobody moves" },
		[REHEARSE_ASK] = { "人人来问", "Everybody asks" },
		[REHEARSE_PUSH] = { "按守则推送", "Guarded pushes" },
	};

	return said[course][c->english];
}

static size_t changed(const struct rehearsed *c)
{
	return c->winners + c->losers;
}

/* ---- head ---- */

/* A change of the list that reaches all goes before what pushes do. */
static enum rehearse_course told(const struct page *p)
{
	return changed(&p->r->course[REHEARSE_STAY]) > 0 ? REHEARSE_STAY : REHEARSE_PUSH;
}

static void put_title(const struct page *p, char *to, size_t room)
{
	const struct rehearsal *r = p->r;
	const struct rehearsed *one = &r->course[told(p)];

	(void)snprintf(
		to, room,
		CHART_TR(p->c, "%s：月收入%s，毛利%s；%s户少付，%s户多付",
	                 "%s: revenue %s, margin %s; %s pay less, %s more"),
		course_said(p->c, told(p)),
		chart_share(one->revenue_li - r->revenue_li, r->revenue_li, true).p,
		chart_share(one->margin_li - r->margin_li, r->margin_li, true).p,
		chart_count(one->winners).p, chart_count(one->losers).p);
}

static void draw_subtitle(const struct page *p)
{
	const struct rehearsal *r = p->r;

	chart_text(
		p->c,
		(struct chart_spot){ CHART_EDGE, 66, CHART_WIDTH - 2 * CHART_EDGE,
	                             CHART_TEXT, CHART_START, "soft" },
		CHART_TR(p->c,
	                 "%s户，按各自近月用量再来一遍；%s户用量不足，另有%s户无从算起",
	                 "%s subscribers, as if their months came again; %s of them "
	                 "with few months, and %s of whom nothing is known"),
		chart_count(r->subjects).p, chart_count(r->thin).p,
		chart_count(r->unknown).p);
}

/* ---- revenue and margin ---- */

static void put_column(const struct page *p, size_t column, int y, const char *ink,
                       const char *text)
{
	static const int finish[] = { 330, 420, 550, 640, 750, 850, 976 };
	static const int width[] = { 130, 85, 125, 85, 105, 95, 120 };

	chart_text(p->c,
	           (struct chart_spot){ finish[column], y, width[column], CHART_TEXT,
	                                CHART_FINISH, ink },
	           "%s", text);
}

static void draw_table_head(const struct page *p, int y)
{
	static const char *const said[][2] = {
		{ "月收入，元", "revenue, yuan" },   { "变化", "change" },
		{ "月毛利，元", "margin, yuan" },    { "变化", "change" },
		{ "少付，户", "pay less" },          { "多付，户", "pay more" },
		{ "保差备付，元", "insured, yuan" },
	};

	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
		put_column(p, i, y, "soft", said[i][p->c->english]);
	chart_line(p->c, CHART_EDGE, y + 8, CHART_WIDTH - CHART_EDGE, y + 8, "rule");
}

static void put_row_name(const struct page *p, int y, const char *name)
{
	chart_text(
		p->c,
		(struct chart_spot){ CHART_EDGE, y, 180, CHART_TEXT, CHART_START, "ink" },
		"%s", name);
}

static void draw_course(const struct page *p, enum rehearse_course course, int y)
{
	const struct rehearsal *r = p->r;
	const struct rehearsed *one = &r->course[course];

	put_row_name(p, y, course_said(p->c, course));
	put_column(p, 0, y, "ink", chart_yuan_whole(one->revenue_li).p);
	put_column(p, 1, y, "ink",
	           chart_share(one->revenue_li - r->revenue_li, r->revenue_li, true).p);
	put_column(p, 2, y, "ink", chart_yuan_whole(one->margin_li).p);
	put_column(p, 3, y, "ink",
	           chart_share(one->margin_li - r->margin_li, r->margin_li, true).p);
	put_column(p, 4, y, "win", chart_count(one->winners).p);
	put_column(p, 5, y, "lose", chart_count(one->losers).p);
	if (one->insured > 0)
		put_column(p, 6, y, "ink",
		           chart_yuan_whole(one->reserve_fen * LI_OF_FEN).p);
}

static int draw_table(const struct page *p, int y)
{
	draw_table_head(p, y);
	y += ROW + 6;
	put_row_name(p, y, CHART_TR(p->c, "现在", "Now"));
	put_column(p, 0, y, "ink", chart_yuan_whole(p->r->revenue_li).p);
	put_column(p, 2, y, "ink", chart_yuan_whole(p->r->margin_li).p);
	for (size_t i = 0; i < REHEARSE_COURSE_COUNT; i++)
		draw_course(p, (enum rehearse_course)i, y += ROW);
	return y + ROW;
}

/* ---- winners and losers: a column a course, a row a band ---- */

/* Yuan, above the one before; the last is open. */
static const int band_to[BANDS] = { 1, 5, 10, 20, 50, REHEARSE_NOUGHT };

/* Who is in a band of winners (sign 1) or losers (-1). */
static size_t in_band(const struct rehearsed *c, size_t band, int sign)
{
	size_t n = 0;

	for (int yuan = band == 0 ? 1 : band_to[band - 1] + 1; yuan <= band_to[band];
	     yuan++)
		n += c->yuan[REHEARSE_NOUGHT + sign * yuan];
	return n;
}

static size_t largest_band(const struct page *p)
{
	size_t most = 1;

	for (size_t i = 0; i < p->n; i++) {
		for (size_t b = 0; b < BANDS; b++) {
			const struct rehearsed *c = &p->r->course[p->shown[i]];
			const size_t won = in_band(c, b, 1), lost = in_band(c, b, -1);

			most = won > most ? won : most;
			most = lost > most ? lost : most;
		}
	}
	return most;
}

static void draw_band_name(const struct page *p, size_t band, int sign, int y)
{
	const struct chart *c = p->c;
	const struct chart_spot at = {
		BAND_LEFT - 8, y + 15,       BAND_LEFT - 8 - CHART_EDGE,
		CHART_TEXT,    CHART_FINISH, "ink"
	};
	const char *what = sign > 0 ? CHART_TR(c, "省", "saves")
	                            : CHART_TR(c, "多付", "pays +");

	if (band + 1 == BANDS)
		chart_text(c, at, CHART_TR(c, "%s %d元以上", "%s over %d"), what,
		           band_to[band - 1]);
	else
		chart_text(c, at, CHART_TR(c, "%s %d–%d元", "%s %d–%d"), what,
		           band == 0 ? 0 : band_to[band - 1], band_to[band]);
}

static int course_x(const struct page *p, size_t column)
{
	return BAND_LEFT +
	       (int)column * ((CHART_WIDTH - CHART_EDGE - BAND_LEFT) / (int)p->n);
}

static void draw_bar(const struct page *p, size_t column, size_t n, const char *class,
                     int y)
{
	const int x = course_x(p, column), figure = 80;
	const int most = course_x(p, 1) - course_x(p, 0) - figure - 10;
	const int w = (int)(n * (size_t)most / largest_band(p));

	if (n > 0)
		chart_rect(p->c, x, y + 2, w > 0 ? w : 1, BAND_ROW - 4, class);
	chart_text(p->c,
	           (struct chart_spot){ x + (n > 0 ? w + 1 : 0) + 5, y + 15, figure,
	                                CHART_SMALL, CHART_START,
	                                n > 0 ? "ink" : "soft" },
	           "%s", chart_count(n).p);
}

static void draw_band(const struct page *p, size_t band, int sign, int y)
{
	draw_band_name(p, band, sign, y);
	for (size_t i = 0; i < p->n; i++)
		draw_bar(p, i, in_band(&p->r->course[p->shown[i]], band, sign),
		         sign > 0 ? "win" : "lose", y);
}

/* No bar: most people are there, and the others would not be seen beside it. */
static void draw_same(const struct page *p, int y)
{
	const struct chart *c = p->c;

	chart_text(c,
	           (struct chart_spot){ BAND_LEFT - 8, y + 15, BAND_LEFT - 8 - CHART_EDGE,
	                                CHART_TEXT, CHART_FINISH, "soft" },
	           "%s", CHART_TR(c, "不变", "as now"));
	for (size_t i = 0; i < p->n; i++)
		chart_text(c,
		           (struct chart_spot){ course_x(p, i) + 5, y + 15, 120,
		                                CHART_SMALL, CHART_START, "soft" },
		           "%s", chart_count(p->r->course[p->shown[i]].same).p);
}

static void draw_totals(const struct page *p, size_t i, int y)
{
	const struct chart *c = p->c;
	const struct rehearsed *one = &p->r->course[p->shown[i]];
	const int width = course_x(p, 1) - course_x(p, 0) - 10;
	const struct chart_spot head = { course_x(p, i), y,           width,
		                         CHART_TEXT,     CHART_START, "ink" };
	struct chart_spot won = head, lost = head;

	won.y += 18;
	lost.y += 36;
	won.ink = "win";
	lost.ink = "lose";
	won.font = lost.font = CHART_SMALL;
	chart_text(c, head, "%s", course_said(c, p->shown[i]));
	chart_text(c, won,
	           CHART_TR(c, "%s户少付（%s），共%s元/月",
	                    "%s pay less (%s): %s yuan a month"),
	           chart_count(one->winners).p,
	           chart_share((int64_t)one->winners, (int64_t)p->r->subjects, false).p,
	           chart_yuan_whole(one->won_li).p);
	chart_text(c, lost,
	           CHART_TR(c, "%s户多付（%s），共%s元/月",
	                    "%s pay more (%s): %s yuan a month"),
	           chart_count(one->losers).p,
	           chart_share((int64_t)one->losers, (int64_t)p->r->subjects, false).p,
	           chart_yuan_whole(one->lost_li).p);
}

static int bands_height(const struct page *p)
{
	return p->n == 0 ? 0 : 100 + (2 * BANDS + 1) * BAND_ROW + 20;
}

static void draw_bands(const struct page *p, int y)
{
	if (p->n == 0)
		return;
	chart_text(p->c,
	           (struct chart_spot){ CHART_EDGE, y + 22, CHART_WIDTH - 2 * CHART_EDGE,
	                                CHART_HEAD, CHART_START, "ink" },
	           "%s",
	           CHART_TR(p->c, "谁少付，谁多付：每月账单变化，户（不变的不画条）",
	                    "Who pays less and who more: subscribers by change of "
	                    "their monthly bill"));
	for (size_t i = 0; i < p->n; i++)
		draw_totals(p, i, y + 48);
	y += 100;
	for (size_t b = BANDS; b-- > 0; y += BAND_ROW)
		draw_band(p, b, 1, y);
	draw_same(p, y);
	y += BAND_ROW;
	for (size_t b = 0; b < BANDS; b++, y += BAND_ROW)
		draw_band(p, b, -1, y);
}

/* ---- the whole ---- */

static int height(const struct page *p)
{
	int sum = TABLE + 6 + (REHEARSE_COURSE_COUNT + 2) * ROW + bands_height(p) + 10;

	for (size_t i = 0; i < REHEARSE_COURSE_COUNT; i++)
		sum += chart_moves_height(&p->moves[i]);
	return sum;
}

static void draw_moves(const struct page *p, enum rehearse_course course, int y)
{
	char head[96];

	(void)snprintf(head, sizeof(head),
	               CHART_TR(p->c, "%s，从哪里换到哪里", "%s, from where to where"),
	               course_said(p->c, course));
	chart_draw_moves(p->c, y, head, p->r->tariffs, &p->moves[course]);
}

void chart_rehearsal(const struct rehearsal *r, bool english, struct buf *out)
{
	const struct chart c = { out, english };
	struct page p = { .c = &c, .r = r };
	char title[256];
	int y;

	for (size_t i = 0; i < REHEARSE_COURSE_COUNT; i++) {
		p.moves[i] = chart_moves_of(r, (enum rehearse_course)i);
		if (changed(&r->course[i]) > 0)
			p.shown[p.n++] = (enum rehearse_course)i;
	}
	put_title(&p, title, sizeof(title));
	chart_begin(&c, height(&p), title);
	draw_subtitle(&p);
	y = draw_table(&p, TABLE);
	draw_bands(&p, y);
	y += bands_height(&p);
	for (size_t i = 0; i < REHEARSE_COURSE_COUNT; i++) {
		draw_moves(&p, (enum rehearse_course)i, y);
		y += chart_moves_height(&p.moves[i]);
	}
	chart_end(&c);
}
