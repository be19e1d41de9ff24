/*
 * choose.c - see office/choose.h.
 *
 * Values and uses are put as li, segments and millionths: whole numbers that a float holds
 * up to 2^24; a larger use is rounded up, so that limits hold all the same.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "office/choose.h"

enum {
	PPM = 1000000,
	FIRST_ROOM = 1024
};

struct candidates {
	int64_t msisdn;
	size_t first; /* of the offers; those of the next begin where these end */
};

struct choosing {
	struct candidates *who;
	struct choose_offer *offer;
	size_t n, room, n_offers, offers_room;
	unsigned keep; /* most offers of one */
};

struct choose_limits choose_limits_none(void)
{
	return (struct choose_limits){ .budget_li = CHOOSE_ANY,
		                       .texts = CHOOSE_ANY,
		                       .people = CHOOSE_ANY,
		                       .seed = 1 };
}

/* ---- candidates ---- */

struct choosing *choosing_create(void)
{
	return xcalloc(1, sizeof(struct choosing));
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
}

void choosing_add(struct choosing *c, int64_t msisdn, const struct choose_offer *offer,
                  size_t n)
{
	const size_t first = c->n_offers;
	unsigned some;

	for (size_t i = 0; i < n; i++)
		if (offer[i].value_li > 0)
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

static struct chosen_row stock_row(const struct choose_stock *s)
{
	const int64_t most = INT64_MAX / PPM;

	return (struct chosen_row){
		.what = s->sends ? CHOSEN_SENDS : CHOSEN_ORDERS,
		.offer = s->offer,
		.limit = s->sends ? s->n : (s->n < most ? s->n : most) * PPM,
	};
}

static enum err check(const struct choose_limits *l, struct fault *fault)
{
	bool low = l->budget_li < 0 || l->texts < 0 || l->people < 0;

	for (size_t i = 0; i < l->n_stocks; i++)
		low |= l->stock[i].n < 0;
	if (low)
		fault_set(fault, "a limit is below 0");
	return low ? ERR_RANGE : ERR_OK;
}

/* ---- solving ---- */

/* Never less. */
static float rounded_up(int64_t v)
{
	const float f = (float)v;

	return (double)f < (double)v ? nextafterf(f, HUGE_VALF) : f;
}

static struct choice_problem problem_of(const struct choosing *c,
                                        const struct chosen *out, uint64_t seed)
{
	struct choice_problem p = choice_make(c->n, c->keep > 0 ? c->keep : 1,
	                                      (unsigned)out->rows);

	p.seed = seed;
	for (size_t r = 0; r < out->rows; r++)
		p.limit[r] = (double)out->row[r].limit;
	for (size_t i = 0; i < c->n; i++) {
		const struct choose_offer *offer;
		const size_t n = offers_of(c, i, &offer);

		for (size_t k = 0; k < n; k++) {
			float use[CHOICE_ROWS];

			for (size_t r = 0; r < out->rows; r++)
				use[r] = rounded_up(use_of(&out->row[r], &offer[k]));
			choice_put(&p, i, (unsigned)k, (float)offer[k].value_li, use);
		}
	}
	return p;
}

static void take(const struct choosing *c, const struct choice_result *r,
                 struct chosen *out)
{
	out->n = 0;
	out->value_li = out->spend_li = out->texts = out->orders_ppm = 0;
	for (size_t k = 0; k < out->rows; k++) {
		out->row[k].used = 0;
		out->row[k].price = r->price[k];
	}
	for (size_t i = 0; i < c->n; i++) {
		const struct choose_offer *offer;

		if (r->chosen[i] == CHOICE_NONE)
			continue;
		(void)offers_of(c, i, &offer);
		offer += r->chosen[i];
		out->one[out->n++] = (struct chosen_one){ c->who[i].msisdn, *offer };
		out->value_li += offer->value_li;
		out->spend_li += offer->spend_li;
		out->texts += offer->segments;
		out->orders_ppm += offer->q_ppm;
		for (size_t k = 0; k < out->rows; k++)
			out->row[k].used += use_of(&out->row[k], offer);
	}
	out->bound_li = r->bound > (double)out->value_li ? r->bound
	                                                 : (double)out->value_li;
	out->gap = choice_gap(r);
	out->exact = r->exact;
}

static enum err solve(const struct choosing *c, uint64_t seed, struct arena *a,
                      struct chosen *out, struct fault *fault)
{
	struct choice_problem p = problem_of(c, out, seed);
	struct choice_result r;
	enum err e = choice_solve(&p, a, &r);

	if (e == ERR_OK && !choice_check(&p, &r))
		e = ERR_STATE;
	if (e == ERR_OK)
		take(c, &r, out);
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
		                .one = arena_array(a, struct chosen_one, c->n + 1) };
	add_row(out, CHOSEN_BUDGET, 0, limits->budget_li);
	add_row(out, CHOSEN_TEXTS, 0, limits->texts);
	add_row(out, CHOSEN_PEOPLE, 0, limits->people);
	while (e == ERR_OK && more) {
		e = solve(c, limits->seed, a, out, fault);
		if (e == ERR_OK)
			e = weigh_stocks(limits, out, &more, fault);
	}
	return e;
}

/* ---- in words ---- */

static double yuan(double li)
{
	return li / 1000;
}

static void put_row(const struct chosen_row *r, struct str code, struct buf *out)
{
	static const struct {
		const char *name, *one;
		int unit; /* of what is shown */
		int digits;
	} words[] = {
		[CHOSEN_BUDGET] = { "budget, yuan", "yuan of budget", 1000, 2 },
		[CHOSEN_TEXTS] = { "SMS", "SMS", 1, 0 },
		[CHOSEN_PEOPLE] = { "people", "person", 1, 0 },
		[CHOSEN_ORDERS] = { "orders of ", "order of ", PPM, 1 },
		[CHOSEN_SENDS] = { "sends of ", "send of ", 1, 0 },
	};
	const int unit = words[r->what].unit, digits = words[r->what].digits;
	const int room = 24 - (int)strlen(words[r->what].name);

	buf_printf(out, "  %s%-*.*s %14.*f of %14.*f; ", words[r->what].name, room,
	           STR_ARG(code), digits, (double)r->used / unit, digits,
	           (double)r->limit / unit);
	if (r->price > 0)
		buf_printf(out, "one more %s%.*s is worth %.2f yuan\n",
		           words[r->what].one, STR_ARG(code), yuan(r->price * unit));
	else
		buf_puts(out, STR("not short\n"));
}

void choose_explain(const struct chosen *c,
                    struct str (*code)(const void *ctx, uint16_t offer), const void *ctx,
                    struct buf *out)
{
	buf_printf(out,
	           "chosen: %zu of %zu with an offer that is worth making; %.1f orders "
	           "expected, %" PRId64 " SMS, %.2f yuan spent\n",
	           c->n, c->subjects, (double)c->orders_ppm / PPM, c->texts,
	           yuan((double)c->spend_li));
	buf_printf(out, "worth: %.2f yuan; ", yuan((double)c->value_li));
	if (c->exact)
		buf_puts(out, STR("proven best\n"));
	else
		buf_printf(out, "no choice is worth more than %.2f (%.4f %% above)\n",
		           yuan(c->bound_li), 100 * c->gap);
	for (size_t r = 0; r < c->rows; r++)
		put_row(&c->row[r],
		        c->row[r].what >= CHOSEN_ORDERS ? code(ctx, c->row[r].offer)
		                                        : STR(""),
		        out);
}
