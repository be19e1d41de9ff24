/*
 * learned.c - see offer/learned.h.
 */
#include <assert.h>
#include <inttypes.h>

#include "offer/learned.h"

enum {
	WAYS = 2,
	PARTS = 5
};

unsigned learn_cell_of(unsigned stage, int64_t bill_li)
{
	static const int64_t below[LEARN_BANDS - 1] = { 30000, 60000, 100000 };
	unsigned band = 0;

	assert(stage < LEARN_STAGES);
	while (band < LEARN_BANDS - 1 && bill_li >= below[band])
		band++;
	return stage * LEARN_BANDS + band;
}

/* ---- counting ---- */

struct learn_counts learn_counts_make(struct arena *a)
{
	return (struct learn_counts){ arena_array(a, struct learn_of, LEARN_CODES), 0,
		                      a };
}

/* A new one where there is none; NULL: there is no room. */
static struct learn_of *counts_of(struct learn_counts *c, struct str code, bool trial)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->of[i].trial == trial && str_eq(c->of[i].code, code))
			return &c->of[i];
	if (c->n == LEARN_CODES)
		return NULL;
	c->of[c->n] = (struct learn_of){ .code = arena_str(c->arena, code),
		                         .trial = trial };
	return &c->of[c->n++];
}

static void add(struct learn_cell *c, bool ordered)
{
	if (c->sent == UINT32_MAX / 2) /* room for what is believed before */
		return;
	c->sent++;
	c->orders += ordered;
}

void learn_count(struct learn_counts *c, struct str code, bool trial, unsigned cell,
                 bool ordered)
{
	struct learn_of *of = counts_of(c, code, trial);

	if (of == NULL)
		return;
	add(&of->cell[LEARN_ANY], ordered);
	if (cell < LEARN_ANY)
		add(&of->cell[cell], ordered);
}

void learned_print(const struct learn_counts *c, struct buf *out)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct learn_of *of = &c->of[i];

		for (unsigned k = 0; k <= LEARN_ANY; k++)
			if (of->cell[k].sent > 0)
				buf_printf(out, "%.*s|%d|%u|%" PRIu32 "|%" PRIu32 "\n",
				           STR_ARG(of->code), of->trial ? 1 : 0, k,
				           of->cell[k].sent, of->cell[k].orders);
	}
}

/* ---- by the catalogue ---- */

static struct learn_cell *cell_at(const struct learned *l, size_t item, bool trial,
                                  unsigned cell)
{
	return &l->cell[(item * WAYS + (trial ? 1 : 0)) * (LEARN_CELLS + 1) + cell];
}

static const struct package *item_of(const struct catalogue *packages,
                                     const struct tools *tools, struct str code,
                                     bool trial)
{
	const struct tool *t = trial && tools != NULL
	                               ? tools_find(tools, TOOL_TRIAL, code)
	                               : NULL;

	return catalogue_find(packages, t != NULL ? t->what : code);
}

static void parse_line(struct learned *l, const struct catalogue *packages,
                       const struct tools *tools, struct str line)
{
	struct str code, part;
	const struct package *p;
	int64_t v[PARTS - 1];
	size_t n = 0;

	if (!str_cut(&line, '|', &code))
		return;
	while (n < PARTS - 1 && str_cut(&line, '|', &part))
		if (str_i64(part, &v[n++]) != ERR_OK)
			return;
	if (n < PARTS - 1 || v[0] < 0 || v[0] > 1 || v[1] < 0 || v[1] > LEARN_ANY ||
	    v[3] < 0 || v[2] < v[3] || v[2] > UINT32_MAX / 2)
		return;
	p = item_of(packages, tools, code, v[0] == 1);
	if (p == NULL)
		return;
	*cell_at(l, (size_t)(p - packages->package), v[0] == 1,
	         (unsigned)v[1]) = (struct learn_cell){ (uint32_t)v[2], (uint32_t)v[3] };
}

struct learned learned_parse(struct str text, const struct catalogue *packages,
                             const struct tools *tools, struct arena *a)
{
	struct learned l = { packages->n,
		             arena_array(a, struct learn_cell,
		                         packages->n * WAYS * (LEARN_CELLS + 1) + 1) };
	struct str line;

	while (str_cut(&text, '\n', &line))
		parse_line(&l, packages, tools, line);
	return l;
}

const struct learn_cell *learned_cell(const struct learned *l, size_t item, bool trial,
                                      unsigned cell)
{
	return l != NULL && item < l->items ? cell_at(l, item, trial, cell) : NULL;
}

static int32_t mean(const struct learn_cell *c, int32_t before_ppm, uint32_t believed)
{
	return c == NULL || c->sent == 0
	               ? before_ppm
	               : learn_mean_ppm(c, learn_belief(before_ppm, believed));
}

int32_t learned_ppm(const struct learned *l, size_t item, bool trial, unsigned cell,
                    int32_t assumed_ppm, uint32_t believed, uint64_t seed)
{
	const struct learn_cell none = { 0, 0 };
	const struct learn_cell *c = learned_cell(l, item, trial, cell);
	int32_t before = assumed_ppm;
	struct learn_dice dice;

	if (cell != LEARN_ANY)
		before = mean(learned_cell(l, item, trial, LEARN_ANY), assumed_ppm,
		              believed);
	if (seed == 0)
		return mean(c, before, believed);
	dice = learn_dice(seed + (item * WAYS + trial) * (LEARN_CELLS + 1) + cell);
	return learn_draw_ppm(&dice, c != NULL ? c : &none,
	                      learn_belief(before, believed));
}
