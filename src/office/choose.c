/*
 * choose.c - see office/choose.h.
 *
 * Values and uses are put as li, segments and millionths: whole numbers that a float holds
 * up to 2^24; a larger use is rounded up, so that limits hold all the same.
 */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "offer/learn.h"
#include "office/choose.h"

enum {
	PPM = 1000000,
	BP = 10000,
	FIRST_ROOM = 1024
};

#define SURELY (1 - 1e-9) /* what floating point may be wrong by */

struct candidates {
	int64_t msisdn;
	size_t first; /* of the offers; those of the next begin where these end */
};

struct choosing {
	struct candidates *who;
	struct choose_offer *offer;
	size_t n, room, n_offers, offers_room;
	unsigned keep; /* most offers of one */
	bool any;
	int64_t least_li; /* worth of the worst offer */
};

struct choose_limits choose_limits_none(void)
{
	return (struct choose_limits){ .budget_li = CHOOSE_ANY,
		                       .texts = CHOOSE_ANY,
		                       .people = CHOOSE_ANY,
		                       .orders = CHOOSE_ANY,
		                       .profit_bp = CHOOSE_ANY,
		                       .seed = 1 };
}

/* ---- candidates ---- */

struct choosing *choosing_create(bool any)
{
	struct choosing *c = xcalloc(1, sizeof(*c));

	c->any = any;
	return c;
}

void choosing_destroy(struct choosing *c)
{
	if (c == NULL)
		return;
	free(c->who);
	free(c->offer);
	free(c);
}

static void *grown(void *p, size_t n, size_t *room, size_t size)
{
	if (n < *room)
		return p;
	*room = *room > 0 ? 2 * *room : FIRST_ROOM;
	return xrealloc(p, *room * size);
}

/* Behind all that are worth no less; of too many the last goes. */
static void put(struct choosing *c, size_t first, const struct choose_offer *o)
{
	size_t at = c->n_offers;

	if (at - first == CHOOSE_KEEP) {
		if (c->offer[at - 1].value_li >= o->value_li)
			return;
		at--;
		c->n_offers--;
	}
	c->offer = grown(c->offer, c->n_offers, &c->offers_room, sizeof(*c->offer));
	for (; at > first && c->offer[at - 1].value_li < o->value_li; at--)
		c->offer[at] = c->offer[at - 1];
	c->offer[at] = *o;
	c->n_offers++;
	c->least_li = o->value_li < c->least_li ? o->value_li : c->least_li;
}

void choosing_add(struct choosing *c, int64_t msisdn, const struct choose_offer *offer,
                  size_t n)
{
	const size_t first = c->n_offers;
	unsigned some;

	for (size_t i = 0; i < n; i++)
		if (c->any || offer[i].value_li > 0)
			put(c, first, &offer[i]);
	some = (unsigned)(c->n_offers - first);
	if (some == 0)
		return;
	c->who = grown(c->who, c->n, &c->room, sizeof(*c->who));
	c->who[c->n++] = (struct candidates){ msisdn, first };
	c->keep = some > c->keep ? some : c->keep;
}

static size_t offers_of(const struct choosing *c, size_t i,
                        const struct choose_offer **offer)
{
	const size_t end = i + 1 < c->n ? c->who[i + 1].first : c->n_offers;

	*offer = c->offer + c->who[i].first;
	return end - c->who[i].first;
}

/* ---- limits as rows ---- */

/* What who accepts lacks to that share of his bill, expected; begun ones whole. */
static int64_t lack_of(const struct choose_offer *o, int64_t profit_bp)
{
	const int64_t lack = o->bill_li * profit_bp - (int64_t)o->margin_li * BP;
	const int64_t ppm = (lack < 0 ? lack - (BP - 1) : lack + (BP - 1)) / BP *
	                    o->q_ppm;

	return lack < 0 ? -(-ppm / PPM) : (ppm + PPM - 1) / PPM;
}

static int64_t use_of(const struct chosen_row *r, const struct choose_offer *o)
{
	const bool is = r->offer == o->offer;

	switch (r->what) {
	case CHOSEN_BUDGET:
		return o->spend_li;
	case CHOSEN_TEXTS:
		return o->segments;
	case CHOSEN_ORDERS:
		return is ? o->q_ppm : 0;
	case CHOSEN_SENDS:
		return is ? 1 : 0;
	case CHOSEN_FOLLOWED:
		return o->q_ppm;
	case CHOSEN_PROFIT:
		return lack_of(o, r->offer);
	case CHOSEN_GROUP:
		return r->offer == o->stage ? 1 : 0;
	case CHOSEN_PEOPLE:
	default:
		return 1;
	}
}

static void add_row(struct chosen *out, enum chosen_limit what, uint16_t offer,
                    int64_t limit)
{
	if (limit != CHOOSE_ANY)
		out->row[out->rows++] = (struct chosen_row){ .what = what,
			                                     .offer = offer,
			                                     .limit = limit };
}

/* Of so many orders. */
static int64_t in_ppm(int64_t n)
{
	const int64_t most = INT64_MAX / PPM;

	return n == CHOOSE_ANY ? n : (n < most ? n : most) * PPM;
}

static struct chosen_row stock_row(const struct choose_stock *s)
{
	return (struct chosen_row){
		.what = s->what,
		.offer = s->offer,
		.limit = s->what == CHOSEN_ORDERS ? in_ppm(s->n) : s->n,
	};
}

/* Those that are weighed from the first. */
static void put_rows(const struct choose_limits *l, struct chosen *out)
{
	add_row(out, CHOSEN_BUDGET, 0, l->budget_li);
	add_row(out, CHOSEN_TEXTS, 0, l->texts);
	add_row(out, CHOSEN_PEOPLE, 0, l->people);
	add_row(out, CHOSEN_FOLLOWED, 0, in_ppm(l->orders));
	if (l->profit_bp != CHOOSE_ANY)
		add_row(out, CHOSEN_PROFIT, (uint16_t)l->profit_bp, 0);
}

/* If everybody got the first of his offers. */
static int64_t all_use(const struct choosing *c, const struct chosen_row *r)
{
	int64_t sum = 0;

	for (size_t i = 0; i < c->n; i++)
		sum += use_of(r, &c->offer[c->who[i].first]);
	return sum;
}

static enum err check(const struct choose_limits *l, struct fault *fault)
{
	bool low = l->budget_li < 0 || l->texts < 0 || l->people < 0 || l->orders < 0 ||
	           l->profit_bp < 0 || (l->profit_bp > BP && l->profit_bp != CHOOSE_ANY);

	for (size_t i = 0; i < l->n_stocks; i++)
		low |= l->stock[i].n < 0;
	if (low)
		fault_set(fault, "a limit is below 0, or a share above 100 %%");
	return low ? ERR_RANGE : ERR_OK;
}

/* ---- solving ---- */

/* Never less. */
static float rounded_up(int64_t v)
{
	const float f = (float)v;

	return (double)f < (double)v ? nextafterf(f, HUGE_VALF) : f;
}

/*
 * Subjects in another order than they came in: of those worth the same the solver takes
 * the first, and they shall not always be the lowest numbers.
 */
static uint32_t *shuffled(size_t n, uint64_t seed, struct arena *a)
{
	uint32_t *order = arena_array(a, uint32_t, n + 1);
	struct learn_dice dice = learn_dice(seed);

	for (size_t i = 0; i < n; i++) {
		const size_t at = learn_roll(&dice) % (i + 1);

		order[i] = order[at];
		order[at] = (uint32_t)i;
	}
	return order;
}

/*
 * Whether each offer uses so much less of b that a is reached first, such as people where
 * SMS are few.  Two limits of nearly the same would pull the prices to and fro.
 */
static bool implies(const struct choosing *c, const struct chosen_row *a,
                    const struct chosen_row *b)
{
	const double by = a->limit > 0 ? (double)b->limit / (double)a->limit * SURELY : 0;

	for (size_t i = 0; i < c->n_offers; i++) {
		const int64_t of_a = use_of(a, &c->offer[i]),
			      of_b = use_of(b, &c->offer[i]);

		if ((double)of_b > by * (double)of_a)
			return false;
	}
	return true;
}

static void find_implied(const struct choosing *c, struct chosen *out)
{
	for (size_t b = 0; b < out->rows; b++) {
		out->row[b].implied = false;
		for (size_t a = 0; a < out->rows && !out->row[b].implied; a++)
			out->row[b].implied = a != b && !out->row[a].implied &&
			                      out->row[a].limit > 0 &&
			                      implies(c, &out->row[a], &out->row[b]);
	}
}

/* The others. */
static size_t weighed(const struct chosen *out, const struct chosen_row *row[CHOICE_ROWS])
{
	size_t n = 0;

	for (size_t r = 0; r < out->rows; r++)
		if (!out->row[r].implied)
			row[n++] = &out->row[r];
	return n;
}

static struct choice_problem problem_of(const struct choosing *c, const uint32_t *order,
                                        const struct chosen *out, uint64_t seed)
{
	const struct chosen_row *row[CHOICE_ROWS];
	const size_t rows = weighed(out, row);
	struct choice_problem p = choice_make(c->n, c->keep > 0 ? c->keep : 1,
	                                      (unsigned)rows);

	p.seed = seed;
	for (size_t r = 0; r < rows; r++)
		p.limit[r] = (double)row[r]->limit;
	for (size_t i = 0; i < c->n; i++) {
		const struct choose_offer *offer;
		const size_t n = offers_of(c, order[i], &offer);

		for (size_t k = 0; k < n; k++) {
			float use[CHOICE_ROWS];

			for (size_t r = 0; r < rows; r++)
				use[r] = rounded_up(use_of(row[r], &offer[k]));
			choice_put(&p, i, (unsigned)k,
			           (float)(offer[k].value_li - out->floor_li), use);
		}
	}
	return p;
}

/* pick: of each, in the order of adding. */
static void take(const struct choosing *c, const uint8_t *pick,
                 const struct choice_result *r, struct chosen *out)
{
	double counted;

	out->n = 0;
	out->value_li = out->spend_li = out->texts = out->orders_ppm = 0;
	for (size_t k = 0, at = 0; k < out->rows; k++) {
		out->row[k].used = 0;
		out->row[k].price = out->row[k].implied ? 0 : r->price[at++];
	}
	for (size_t i = 0; i < c->n; i++) {
		const struct choose_offer *offer;

		if (pick[i] == CHOICE_NONE)
			continue;
		(void)offers_of(c, i, &offer);
		offer += pick[i];
		out->one[out->n++] = (struct chosen_one){ c->who[i].msisdn, *offer };
		out->value_li += offer->value_li;
		out->spend_li += offer->spend_li;
		out->texts += offer->segments;
		out->orders_ppm += offer->q_ppm;
		for (size_t k = 0; k < out->rows; k++)
			out->row[k].used += use_of(&out->row[k], offer);
	}
	counted = (double)(out->value_li - (int64_t)out->n * out->floor_li);
	out->bound_li = r->bound;
	if (out->bound_li < counted)
		out->bound_li = counted;
	out->gap = out->bound_li > 0 ? 1 - counted / out->bound_li : 0;
	out->exact = r->exact;
}

static enum err solve(const struct choosing *c, uint64_t seed, struct arena *a,
                      struct chosen *out, struct fault *fault)
{
	const uint32_t *order = shuffled(c->n, seed, a);
	uint8_t *pick = arena_array(a, uint8_t, c->n + 1);
	struct choice_problem p;
	struct choice_result r;
	enum err e;

	find_implied(c, out);
	p = problem_of(c, order, out, seed);
	e = choice_solve(&p, a, &r);

	if (e == ERR_OK && !choice_check(&p, &r))
		e = ERR_STATE;
	for (size_t i = 0; e == ERR_OK && i < c->n; i++)
		pick[order[i]] = r.chosen[i];
	if (e == ERR_OK)
		take(c, pick, &r, out);
	else
		fault_set(fault, "the choice is not proven: %s", err_text(e));
	choice_free(&p);
	return e;
}

/* Of what is chosen now; rows count too. */
static int64_t used_of(const struct chosen *out, const struct chosen_row *r)
{
	int64_t sum = 0;

	for (size_t i = 0; i < out->n; i++)
		sum += use_of(r, &out->one[i].offer);
	return sum;
}

bool choosing_all_fit(const struct choosing *c, const struct choose_limits *limits)
{
	struct chosen rows = { .rows = 0 };
	bool fit = true;

	put_rows(limits, &rows);
	for (size_t r = 0; fit && r < rows.rows; r++)
		fit = all_use(c, &rows.row[r]) <= rows.row[r].limit;
	for (size_t i = 0; fit && i < limits->n_stocks; i++) {
		const struct chosen_row r = stock_row(&limits->stock[i]);

		fit = all_use(c, &r) <= r.limit;
	}
	return fit;
}

/* Those that are short join the others; ERR_RANGE: there is no room.  *more: some did. */
static enum err weigh_stocks(const struct choose_limits *l, struct chosen *out,
                             bool *more, struct fault *fault)
{
	const size_t rows = out->rows;

	for (size_t i = 0; i < l->n_stocks; i++) {
		const struct chosen_row r = stock_row(&l->stock[i]);

		if (used_of(out, &r) <= r.limit)
			continue;
		if (out->rows == CHOICE_ROWS) {
			fault_set(fault,
			          "more than %zu limits are short at once: leave out the "
			          "offers of the least stock, or give them more",
			          out->rows);
			return ERR_RANGE;
		}
		out->row[out->rows++] = r;
	}
	*more = out->rows > rows;
	return ERR_OK;
}

enum err choose(const struct choosing *c, const struct choose_limits *limits,
                struct arena *a, struct chosen *out, struct fault *fault)
{
	enum err e = check(limits, fault);
	bool more = true;

	*out = (struct chosen){ .subjects = c->n,
		                .floor_li = c->any ? c->least_li - 1 : 0,
		                .one = arena_array(a, struct chosen_one, c->n + 1) };
	put_rows(limits, out);
	while (e == ERR_OK && more) {
		e = solve(c, limits->seed, a, out, fault);
		if (e == ERR_OK)
			e = weigh_stocks(limits, out, &more, fault);
	}
	return e;
}
