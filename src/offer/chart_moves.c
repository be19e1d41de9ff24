/*
 * chart_moves.c - a matrix of moves from package to package, the darker the more.
 */
#include "chart_priv.h"

enum {
	LEFT = 176,
	COLUMN = (CHART_WIDTH - CHART_EDGE - LEFT) / (CHART_PACKAGES + 2),
	ROW = 28,
	HEAD = 66, /* above the first row */
	PERCENT = 100,
	HEAT_MOST = 60, /* per cent of opacity: figures stay readable */
	HEAT_LEAST = 6
};

/* ---- what is shown ---- */

static void count_movers(const struct rehearsal *r, const size_t *moves, size_t *movers)
{
	const size_t n = r->tariffs->n;

	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < n; k++) {
			movers[i] += i != k ? moves[i * n + k] : 0;
			movers[k] += i != k ? moves[i * n + k] : 0;
		}
	}
}

static size_t most(const size_t *movers, size_t n)
{
	size_t at = 0;

	for (size_t i = 1; i < n; i++)
		at = movers[i] > movers[at] ? i : at;
	return at;
}

static bool cheaper(const struct tariffs *t, size_t a, size_t b)
{
	const int32_t fee_a = t->tariff[a].fee_li, fee_b = t->tariff[b].fee_li;

	return fee_a != fee_b ? fee_a < fee_b : a < b;
}

static void insert_by_fee(struct chart_moves *m, const struct tariffs *t, size_t tariff)
{
	size_t k = m->n++;

	for (; k > 0 && cheaper(t, tariff, m->tariff[k - 1]); k--)
		m->tariff[k] = m->tariff[k - 1];
	m->tariff[k] = tariff;
}

static size_t place_of(const struct chart_moves *m, size_t tariff)
{
	size_t k = 0;

	while (k < m->n && m->tariff[k] != tariff)
		k++;
	return k;
}

static void add_up(struct chart_moves *m, const size_t *moves, size_t n)
{
	uint8_t place[TARIFF_MOST];

	for (size_t i = 0; i < n; i++)
		place[i] = (uint8_t)place_of(m, i);
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < n; k++) {
			const size_t count = moves[i * n + k];

			m->cell[place[i]][place[k]] += count;
			m->moved += i != k ? count : 0;
			m->rest |= count > 0 && (place[i] == m->n || place[k] == m->n);
		}
	}
}

struct chart_moves chart_moves_of(const struct rehearsal *r, enum rehearse_course course)
{
	const size_t *moves = r->course[course].moves;
	struct chart_moves m = { .n = 0 };
	size_t movers[TARIFF_MOST] = { 0 };

	count_movers(r, moves, movers);
	for (size_t at; m.n < CHART_PACKAGES; movers[at] = 0) {
		at = most(movers, TARIFF_MOST);
		if (movers[at] == 0)
			break;
		insert_by_fee(&m, r->tariffs, at);
	}
	add_up(&m, moves, r->tariffs->n);
	return m;
}

/* ---- drawing ---- */

static size_t sides(const struct chart_moves *m)
{
	return m->n + (m->rest ? 1 : 0);
}

int chart_moves_height(const struct chart_moves *m)
{
	return m->moved == 0 ? 0 : HEAD + (int)(sides(m) + 1) * ROW + 34;
}

static int x_of(size_t column)
{
	return LEFT + (int)column * COLUMN;
}

static struct chart_spot cell_spot(size_t column, int y, const char *ink)
{
	return (struct chart_spot){
		x_of(column) + COLUMN / 2, y + 19, COLUMN, CHART_TEXT, CHART_MIDDLE, ink
	};
}

static size_t largest(const struct chart_moves *m)
{
	size_t top = 1;

	for (size_t i = 0; i < sides(m); i++)
		for (size_t k = 0; k < sides(m); k++)
			if (i != k && m->cell[i][k] > top)
				top = m->cell[i][k];
	return top;
}

static void draw_cell(const struct chart *c, const struct chart_moves *m, size_t from,
                      size_t to, int y)
{
	const size_t count = m->cell[from][to];
	const size_t heat = HEAT_LEAST + count * (HEAT_MOST - HEAT_LEAST) / largest(m);

	if (from == to)
		chart_rect(c, x_of(to) + 1, y + 1, COLUMN - 2, ROW - 2, "stay");
	else if (count > 0)
		buf_printf(c->out,
		           "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
		           "class=\"heat\" fill-opacity=\"0.%02zu\"/>\n",
		           x_of(to) + 1, y + 1, COLUMN - 2, ROW - 2, heat);
	if (count > 0)
		chart_text(c, cell_spot(to, y, from == to ? "soft" : "ink"), "%s",
		           chart_count(count).p);
}

static const struct package *side(const struct tariffs *t, const struct chart_moves *m,
                                  size_t i)
{
	static const struct package rest = { .name_zh = { "其余套餐", 12 },
		                             .name_en = { "the rest", 8 } };

	return i < m->n ? t->tariff[m->tariff[i]].package : &rest;
}

static void draw_row_total(const struct chart *c, const struct chart_moves *m, size_t i,
                           int y)
{
	size_t sum = 0;

	for (size_t k = 0; k < sides(m); k++)
		sum += m->cell[i][k];
	chart_text(c, cell_spot(sides(m), y, "soft"), "%s", chart_count(sum).p);
}

static void draw_column_total(const struct chart *c, const struct chart_moves *m,
                              size_t k, int y)
{
	size_t sum = 0;

	for (size_t i = 0; i < sides(m); i++)
		sum += m->cell[i][k];
	chart_text(c, cell_spot(k, y, "soft"), "%s", chart_count(sum).p);
}

static struct chart_spot row_spot(int y, const char *ink)
{
	return (struct chart_spot){ LEFT - 10,  y + 19,       LEFT - 10 - CHART_EDGE,
		                    CHART_TEXT, CHART_FINISH, ink };
}

static struct chart_spot head_spot(size_t column, int y)
{
	struct chart_spot at = cell_spot(column, y, "ink");

	at.font = CHART_SMALL;
	at.width = COLUMN - 4;
	return at;
}

/* Packages by name, and by code where a name of a row or of a column is like another. */
struct sides {
	const struct package *p[CHART_PACKAGES + 1];
	bool coded[CHART_PACKAGES + 1];
};

static struct sides sides_of(const struct chart *c, const struct tariffs *t,
                             const struct chart_moves *m)
{
	struct sides s = { .coded = { false } };

	for (size_t i = 0; i < sides(m); i++)
		s.p[i] = side(t, m, i);
	chart_alike(c, s.p, sides(m), head_spot(0, 0), s.coded);
	chart_alike(c, s.p, sides(m), row_spot(0, "ink"), s.coded);
	return s;
}

static void draw_side(const struct chart *c, const struct sides *s, size_t i,
                      struct chart_spot at)
{
	chart_text(c, at, "%s", chart_name(c, s->p[i], at, s->coded[i]).p);
}

static void draw_heads(const struct chart *c, const struct sides *s,
                       const struct chart_moves *m, int y)
{
	chart_text(c, row_spot(y, "soft"), "%s",
	           CHART_TR(c, "从 ↓　到 →", "from ↓   to →"));
	for (size_t k = 0; k < sides(m); k++)
		draw_side(c, s, k, head_spot(k, y));
	chart_text(c, cell_spot(sides(m), y, "soft"), "%s",
	           CHART_TR(c, "原有", "before"));
}

void chart_draw_moves(const struct chart *c, int y, const char *head,
                      const struct tariffs *t, const struct chart_moves *m)
{
	const struct chart_spot spot = {
		CHART_EDGE, y + 22,      CHART_WIDTH - 2 * CHART_EDGE,
		CHART_HEAD, CHART_START, "ink"
	};

	if (m->moved == 0)
		return;
	const struct sides s = sides_of(c, t, m);

	chart_text(c, spot, CHART_TR(c, "%s：%s户换套餐", "%s: %s subscribers move"),
	           head, chart_count(m->moved).p);
	y += HEAD - ROW;
	draw_heads(c, &s, m, y);
	for (size_t i = 0; i < sides(m); i++) {
		y += ROW;
		draw_side(c, &s, i, row_spot(y, "ink"));
		for (size_t k = 0; k < sides(m); k++)
			draw_cell(c, m, i, k, y);
		draw_row_total(c, m, i, y);
	}
	y += ROW;
	chart_line(c, LEFT, y, x_of(sides(m) + 1), y, "grid");
	chart_text(c, row_spot(y, "soft"), "%s", CHART_TR(c, "换后", "after"));
	for (size_t k = 0; k < sides(m); k++)
		draw_column_total(c, m, k, y);
}
