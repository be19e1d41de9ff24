/*
 * rehearse.c - see offer/rehearse.h: what the matcher says of everybody, added up.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "offer/rehearse.h"

enum {
	LI_OF_FEN = 10,
	LI_OF_YUAN = 1000
};

/* One subscriber. */
struct who {
	size_t i, from;
	int64_t weight;
	int32_t use[USAGE_MONTHS][DIMS];
	uint8_t usable, own;                 /* own: not estimated */
	int64_t before_li, before_margin_li; /* weighted, as the packages are now */
};

const char *rehearse_course_name(enum rehearse_course c)
{
	static const char *const names[REHEARSE_COURSE_COUNT] = {
#define X(constant, name) [REHEARSE_##constant] = (name),
		REHEARSE_COURSES(X)
#undef X
	};

	return c < REHEARSE_COURSE_COUNT ? names[c] : NULL;
}

/* ---- making ---- */

/* Only months before the insured ones count; with none of a weight, each. */
static struct policy without_last(const struct policy *p)
{
	struct policy out = *p;
	int32_t sum = 0;
	int m;

	for (m = USAGE_MONTHS - 1; m > 0 && m >= USAGE_MONTHS - p->insured_months; m--)
		out.weight[m] = 0;
	for (int k = 0; k <= m; k++)
		sum += out.weight[k];
	for (int k = 0; k <= m && sum == 0; k++)
		out.weight[k] = 1;
	return out;
}

/* Whether its holders pay or cost otherwise than now. */
static bool is_changed(const struct tariff *was, const struct tariff *is)
{
	return was->package != NULL && is->package != NULL &&
	       (was->fee_li != is->fee_li ||
	        was->package->cost_fen != is->package->cost_fen ||
	        memcmp(was->tier, is->tier, sizeof(was->tier)) != 0);
}

struct rehearsal rehearsal_begin(const struct tariffs *t, const struct tariff *was,
                                 const struct policy *policy, struct arena *a)
{
	struct rehearsal r = { .tariffs = t,
		               .was = was,
		               .policy = policy,
		               .earlier = without_last(policy),
		               .changed = arena_array(a, bool, t->n) };

	for (size_t i = 0; i < t->n; i++)
		r.changed[i] = is_changed(&was[i], &t->tariff[i]);
	for (size_t c = 0; c < REHEARSE_COURSE_COUNT; c++)
		r.course[c].moves = arena_array(a, size_t, t->n * t->n);
	return r;
}

void rehearsal_end(struct rehearsal *r)
{
	free(r->present);
	free(r->out);
	r->present = NULL;
	r->out = NULL;
	r->room = 0;
}

static void make_room(struct rehearsal *r, size_t n)
{
	if (n <= r->room)
		return;
	rehearsal_end(r);
	r->present = xcalloc(n, sizeof(*r->present));
	r->out = xcalloc(n, MASS_KEEP * sizeof(*r->out));
	r->room = n;
}

/* ---- adding up ---- */

static size_t band(int64_t v, int64_t half)
{
	return (size_t)(v < -half ? 0 : v > half ? 2 * half : v + half);
}

/* 0 stands alone; a step is begun by what is beyond the one before. */
static int64_t step_of(int64_t v, int64_t step)
{
	return v >= 0 ? (v + step - 1) / step : -((-v + step - 1) / step);
}

/* Weighted figures after it has come so. */
static void add(struct rehearsed *c, const struct rehearsal *r, const struct who *w,
                size_t to, int64_t bill_li, int64_t margin_li)
{
	const int64_t before = w->before_li / w->weight, after = bill_li / w->weight;
	const int64_t less = before - after;

	c->revenue_li += after;
	c->margin_li += margin_li / w->weight;
	c->moves[w->from * r->tariffs->n + to]++;
	c->winners += less > 0;
	c->losers += less < 0;
	c->same += less == 0;
	c->won_li += less > 0 ? less : 0;
	c->lost_li += less < 0 ? -less : 0;
	if (before > 0)
		c->depth[band(step_of(100 * less, REHEARSE_DEPTH_STEP * before),
		              REHEARSE_DEPTHS / 2)]++;
	if (less != 0)
		c->yuan[band(step_of(less, LI_OF_YUAN), REHEARSE_NOUGHT)]++;
}

static const struct mass_candidate *asked(const struct policy *p,
                                          const struct mass_candidate *c, int64_t weight)
{
	const struct mass_candidate *cheapest = &c[MASS_ASKED];

	return cheapest->tariff != MASS_NONE && cheapest->saving_li > 0 &&
	                       cheapest->saving_li >= p->asked_li * weight
	               ? cheapest
	               : NULL;
}

static const struct mass_candidate *pushed(const struct mass_candidate *c)
{
	for (size_t k = MASS_ASKED + 1; k < MASS_KEEP && c[k].tariff != MASS_NONE; k++)
		if (c[k].failed == 0)
			return &c[k];
	return NULL;
}

static const struct mass_candidate *taken(const struct policy *p,
                                          const struct mass_candidate *c,
                                          enum rehearse_course course, int64_t weight)
{
	if (course == REHEARSE_ASK)
		return asked(p, c, weight);
	return course == REHEARSE_PUSH ? pushed(c) : NULL;
}

/* As the package is now, where that differs from what is rehearsed. */
static void put_before(const struct rehearsal *r, const struct mass_present *now,
                       struct who *w)
{
	const struct tariff *was = &r->was[w->from], *is = &r->tariffs->tariff[w->from];
	int64_t was_li = 0, is_li = 0;

	w->before_li = now->bill_li;
	w->before_margin_li = now->margin_li;
	if (!r->changed[w->from])
		return;
	for (unsigned m = 0; m < USAGE_MONTHS; m++) {
		if ((w->usable >> m & 1) == 0)
			continue;
		was_li += r->policy->weight[m] * tariff_bill_li(was, w->use[m]);
		is_li += r->policy->weight[m] * tariff_bill_li(is, w->use[m]);
	}
	w->before_li = was_li;
	w->before_margin_li += was_li - is_li +
	                       (is->package->cost_fen - was->package->cost_fen) *
	                               LI_OF_FEN * w->weight;
}

static void add_now(struct rehearsal *r, const struct who *w)
{
	unsigned months = 0;

	for (unsigned m = 0; m < USAGE_MONTHS; m++)
		months += r->policy->weight[m] > 0 && (w->own >> m & 1) != 0;
	r->subjects++;
	r->thin += months < (unsigned)r->policy->months_least;
	r->revenue_li += w->before_li / w->weight;
	r->margin_li += w->before_margin_li / w->weight;
}

static struct who look(const struct rehearsal *r, const struct usage_set *u,
                       const struct mass_subjects *s, size_t i)
{
	struct who w = { .i = i, .from = s->tariff[i], .weight = r->present[i].weight };

	usage_set_get(u, i, w.use, &w.usable);
	w.own = s->estimated != NULL ? (uint8_t)(w.usable & ~s->estimated[i]) : w.usable;
	return w;
}

static void add_courses(struct rehearsal *r, const struct usage_set *u,
                        const struct mass_subjects *s)
{
	for (size_t i = 0; i < u->n; i++) {
		const struct mass_present *now = &r->present[i];
		struct who w;

		if (now->weight == 0) {
			r->unknown++;
			continue;
		}
		w = look(r, u, s, i);
		put_before(r, now, &w);
		add_now(r, &w);
		for (size_t c = 0; c < REHEARSE_COURSE_COUNT; c++) {
			const struct mass_candidate *to = taken(
				r->policy, &r->out[i * MASS_KEEP],
				(enum rehearse_course)c, w.weight);

			if (to == NULL)
				add(&r->course[c], r, &w, w.from, now->bill_li,
				    now->margin_li);
			else
				add(&r->course[c], r, &w, to->tariff,
				    now->bill_li - to->saving_li, to->margin_li);
		}
	}
}

/* ---- what insurance would cost ---- */

static int64_t owed_fen(const struct rehearsal *r, const struct who *w, size_t to)
{
	const int first = USAGE_MONTHS - r->policy->insured_months;
	int64_t fen = 0;

	for (int m = first > 1 ? first : 1; m < USAGE_MONTHS; m++)
		if ((w->usable >> m & 1) != 0)
			fen += offer_owed_fen(&r->tariffs->tariff[w->from],
			                      &r->tariffs->tariff[to], w->use[m]);
	return fen;
}

static void add_insured(struct rehearsal *r, const struct usage_set *u,
                        const struct mass_subjects *s)
{
	for (size_t i = 0; i < u->n; i++) {
		if (r->present[i].weight == 0 ||
		    (s->estimated != NULL && s->estimated[i] != 0))
			continue; /* an estimate is not insured */
		for (size_t c = 0; c < REHEARSE_COURSE_COUNT; c++) {
			const struct mass_candidate *to = taken(
				&r->earlier, &r->out[i * MASS_KEEP],
				(enum rehearse_course)c, r->present[i].weight);
			int64_t fen;

			if (to == NULL)
				continue;
			{
				const struct who w = look(r, u, s, i);

				fen = owed_fen(r, &w, to->tariff);
			}
			r->course[c].insured++;
			r->course[c].credited += fen > 0;
			r->course[c].reserve_fen += fen;
		}
	}
}

void rehearse(struct rehearsal *r, const struct usage_set *u,
              const struct mass_subjects *s)
{
	make_room(r, u->n);
	mass_match(r->tariffs, r->policy, u, s, r->present, r->out);
	add_courses(r, u, s);
	if (r->policy->insured_months == 0)
		return;
	mass_match(r->tariffs, &r->earlier, u, s, r->present, r->out);
	add_insured(r, u, s);
}

/* ---- what came of it ---- */

int rehearsed_percentile(const struct rehearsed *c, unsigned percent)
{
	size_t all = 0, below = 0;

	for (size_t i = 0; i < REHEARSE_YUAN; i++)
		all += c->yuan[i];
	for (int i = 0; i < REHEARSE_YUAN; i++) {
		below += c->yuan[i];
		if (below > 0 && below * 100 >= all * percent)
			return i - REHEARSE_NOUGHT;
	}
	return 0;
}

static int most_first(const void *left, const void *right)
{
	const struct rehearsed_move *l = left, *r = right;

	if (l->n != r->n)
		return l->n > r->n ? -1 : 1;
	if (l->from != r->from)
		return l->from < r->from ? -1 : 1;
	return l->to < r->to ? -1 : l->to > r->to;
}

size_t rehearsed_moves(const struct rehearsal *r, enum rehearse_course c, struct arena *a,
                       struct rehearsed_move **out)
{
	const size_t n = r->tariffs->n;
	const size_t *moves = r->course[c].moves;
	size_t found = 0;

	*out = arena_array(a, struct rehearsed_move, n * n);
	for (size_t from = 0; from < n; from++)
		for (size_t to = 0; to < n; to++)
			if (from != to && moves[from * n + to] > 0)
				(*out)[found++] = (struct rehearsed_move){
					from, to, moves[from * n + to]
				};
	qsort(*out, found, sizeof(**out), most_first);
	return found;
}
