/*
 * campaign_choice.c - who gets which offer of a campaign when not all can: everybody with
 * an offer, text and gate, chosen within the definition's limits (office/choose.h).
 *
 * Those held out are chosen in the same way, within their part of the limits, so that they
 * are such people as those who are told.  Targets that stand already, of an interrupted
 * draw or of former days, keep their part of the limits.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "campaign_priv.h"
#include "push/arms.h"
#include "store/people.h"

enum {
	PIECE = 1000,   /* targets judged with one arena */
	STANDING = 5000 /* targets read at once */
};

/* ---- everybody ---- */

struct surveying {
	struct campaign_plan *plan;
	const struct campaign_row *row;
	struct campaign_walk *walk;
	struct target_row *target;
	struct campaign_case *judged;
	unsigned *arm;
	struct arena arena; /* of a piece */
	campaign_take *take;
	void *ctx;
};

/* Who is held out is judged as if he were told. */
static enum err survey_piece(struct surveying *s, const struct campaign_found *found,
                             size_t n)
{
	const struct arms_salt salt = arms_salt(&s->plan->rules, s->row->salt);
	enum err e;

	for (size_t i = 0; i < n; i++) {
		struct target_row *t = &s->target[i];

		campaign_walk_target(s->walk, s->row, &found[i], 0, t);
		s->arm[i] = t->arm;
		if (t->arm >= ARM_CONTROL)
			t->arm = arms_text(&s->plan->def, &salt, t->msisdn);
	}
	arena_reset(&s->arena);
	e = campaign_cases(s->plan, s->target, n, &s->arena, s->judged);
	for (size_t i = 0; i < n && e == ERR_OK; i++) {
		s->target[i].arm = s->arm[i];
		s->take(s->ctx, &found[i], &s->judged[i]);
	}
	return e;
}

static enum err survey_portion(struct surveying *s, const struct campaign_found *found,
                               size_t n)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < n && e == ERR_OK; i += PIECE)
		e = survey_piece(s, found + i, n - i < PIECE ? n - i : PIECE);
	return e;
}

static enum err survey(struct surveying *s, struct campaign_walked *seen)
{
	struct office_call *c = s->plan->c;
	struct campaign_found *found = NULL;
	int64_t total = 0;
	size_t n = 0;
	enum err e = store_people_count(c->host->reader, &total);

	while (e == ERR_OK && (e = campaign_walk_next(s->walk, &found, &n)) == ERR_OK) {
		if (office_is_ending(c)) {
			fault_set(c->fault,
			          "the process ends: ask again when it is back");
			return ERR_STATE;
		}
		e = survey_portion(s, found, n);
		*seen = campaign_walk_so_far(s->walk);
		office_progress(c, seen->people, total, seen->offered);
	}
	return e == ERR_END ? ERR_OK : e;
}

enum err campaign_survey(struct campaign_plan *p, const struct campaign_row *row,
                         campaign_take *take, void *ctx, struct campaign_walked *seen)
{
	struct surveying s = { .plan = p,
		               .row = row,
		               .target = xcalloc(PIECE, sizeof(*s.target)),
		               .judged = xcalloc(PIECE, sizeof(*s.judged)),
		               .arm = xcalloc(PIECE, sizeof(*s.arm)),
		               .arena = arena_make(SIZE_MAX),
		               .take = take,
		               .ctx = ctx };
	enum err e = campaign_walk_begin(p, 0, &s.walk);

	*seen = (struct campaign_walked){ 0 };
	if (e == ERR_OK) {
		campaign_walk_of(s.walk, row);
		campaign_walk_all_texts(s.walk);
		e = survey(&s, seen);
	}
	campaign_walk_end(s.walk);
	arena_free(&s.arena);
	free(s.target);
	free(s.judged);
	free(s.arm);
	return e;
}

/* ---- a choice ---- */

enum group {
	TOLD,
	HELD_OUT,
	GROUPS
};

struct standing {
	int64_t msisdn;
	size_t code; /* of campaign_choice.code */
	bool takes;  /* its part of what there is: it was not refused */
};

struct campaign_choice {
	struct campaign_plan *plan;
	const struct campaign_row *row;
	struct arena arena;
	SET_OF(struct standing) standing; /* by number */
	size_t at;                        /* the first that is not passed yet */
	SET_OF(struct str) code;          /* of their offers, each once */
	struct choosing_group {
		struct choosing *all, *first; /* first: of each the first of his offers */
		int64_t people, standing;     /* that pass; of these targets already */
		/* What targets that stand take. */
		int64_t spend_li, orders_ppm, stage[STAGES];
		struct chosen chosen;
	} group[GROUPS];
	bool is_short;
};

static bool has_limits(const struct campaign *c)
{
	return c->most > 0 || c->budget_li > 0 || c->stock > 0 || c->orders > 0 ||
	       c->profit_bp > 0 || c->stages.n > 0;
}

bool campaign_may_choose(const struct campaign *c)
{
	return has_limits(c) || c->worth > 0;
}

static size_t code_at(struct campaign_choice *k, struct str code)
{
	size_t i = 0;

	while (i < k->code.n && !str_eq(k->code.row[i], code))
		i++;
	if (i == k->code.n)
		set_add(&k->arena, &k->code, arena_str(&k->arena, code));
	return i;
}

static enum err read_standing(struct campaign_choice *k)
{
	struct office_call *c = k->plan->c;
	struct arena slice = arena_make(SIZE_MAX);
	struct target_row *t = NULL;
	int64_t after = 0;
	size_t n = 0;
	enum err e;

	while ((e = store_campaign_targets(c->host->reader, &slice, k->row->id, &after,
	                                   STANDING, &t, &n, c->fault)) == ERR_OK) {
		for (size_t i = 0; i < n; i++)
			set_add(&k->arena, &k->standing,
			        (struct standing){ t[i].msisdn, code_at(k, t[i].offer),
			                           t[i].state != TARGET_REFUSED &&
			                                   t[i].state !=
			                                           TARGET_DROPPED });
		arena_reset(&slice);
	}
	arena_free(&slice);
	return e == ERR_END ? ERR_OK : e;
}

enum err campaign_choice_begin(struct campaign_plan *p, const struct campaign_row *row,
                               struct campaign_choice **out)
{
	struct campaign_choice *k = xcalloc(1, sizeof(*k));
	enum err e;

	k->plan = p;
	k->row = row;
	k->arena = arena_make(SIZE_MAX);
	for (int g = 0; g < GROUPS; g++) {
		k->group[g].all = choosing_create(p->def.worth == 0);
		k->group[g].first = choosing_create(true);
	}
	e = read_standing(k);
	if (e == ERR_OK)
		*out = k;
	else
		campaign_choice_end(k);
	return e;
}

void campaign_choice_end(struct campaign_choice *k)
{
	if (k == NULL)
		return;
	for (int g = 0; g < GROUPS; g++) {
		choosing_destroy(k->group[g].all);
		choosing_destroy(k->group[g].first);
	}
	arena_free(&k->arena);
	free(k);
}

/* NULL: he is no target yet.  Asked in order of number. */
static const struct standing *stands(struct campaign_choice *k, int64_t msisdn)
{
	while (k->at < k->standing.n && k->standing.row[k->at].msisdn < msisdn)
		k->at++;
	return k->at < k->standing.n && k->standing.row[k->at].msisdn == msisdn
	               ? &k->standing.row[k->at]
	               : NULL;
}

/* With the text as it is, not as long as it may be. */
static struct choose_offer as_told(const struct campaign_choice *k, struct choose_offer o,
                                   unsigned segments)
{
	const int64_t less = ((int64_t)o.segments - segments) * k->plan->rules.segment_li;

	o.value_li += less;
	o.spend_li -= less;
	o.segments = (uint8_t)segments;
	return o;
}

static void keep_part(struct choosing_group *g, const struct standing *s,
                      const struct choose_offer *o)
{
	if (!s->takes)
		return;
	g->standing++;
	g->spend_li += o->spend_li;
	g->orders_ppm += o->q_ppm;
	g->stage[o->stage]++;
}

void campaign_choice_add(struct campaign_choice *k, const struct campaign_found *f,
                         const struct campaign_case *c)
{
	struct choosing_group *g =
		&k->group[c->target->arm >= ARM_CONTROL ? HELD_OUT : TOLD];
	struct choose_offer offer[CAMPAIGN_EACH];
	const struct standing *s = stands(k, f->msisdn);

	if (c->reason != GATE_NONE || f->n == 0)
		return;
	for (size_t i = 0; i < f->n; i++)
		offer[i] = as_told(k, f->offer[i].as, c->segments);
	g->people++;
	if (s != NULL) {
		keep_part(g, s, &offer[0]);
		return;
	}
	choosing_add(g->all, f->msisdn, offer, f->n);
	choosing_add(g->first, f->msisdn, offer, 1);
}

/* ---- the limits of a group ---- */

/* The part of those held out is as large as they are many. */
static int64_t part(const struct campaign_choice *k, enum group g, int64_t limit)
{
	const int64_t told = k->group[TOLD].people, held = k->group[HELD_OUT].people;

	if (g == TOLD)
		return limit;
	return told > 0 ? (int64_t)((double)limit * (double)held / (double)told + 0.5)
	                : limit;
}

/* What targets that stand leave of it; 0 in the definition: no limit. */
static int64_t left(const struct campaign_choice *k, enum group g, int64_t limit,
                    int64_t taken)
{
	const int64_t rest = part(k, g, limit) - taken;

	return limit == 0 ? CHOOSE_ANY : rest > 0 ? rest : 0;
}

static int64_t sold(const struct campaign_choice *k, struct str code)
{
	int64_t n = 0;

	for (size_t i = 0; i < k->standing.n; i++)
		n += k->standing.row[i].takes &&
		     str_eq(k->code.row[k->standing.row[i].code], code);
	return n;
}

static void put_stages(const struct campaign_choice *k, enum group g,
                       struct choose_limits *l)
{
	int64_t most[STAGES];

	for (int s = 0; s < STAGES; s++)
		most[s] = CHOOSE_ANY;
	if (stages_parse(k->plan->def.stages, most) != ERR_OK)
		return; /* as it was when it was read */
	for (int s = 0; s < STAGES; s++) {
		const int64_t rest = most[s] == CHOOSE_ANY
		                             ? CHOOSE_ANY
		                             : part(k, g, most[s]) - k->group[g].stage[s];

		if (rest != CHOOSE_ANY)
			l->stock[l->n_stocks++] = (struct choose_stock){
				(uint16_t)s, rest > 0 ? rest : 0, CHOSEN_GROUP
			};
	}
}

static struct choose_limits limits_of(const struct campaign_choice *k, enum group g,
                                      const struct campaign_offer *offer, size_t n)
{
	const struct campaign *d = &k->plan->def;
	const struct choosing_group *own = &k->group[g];
	struct choose_limits l = choose_limits_none();

	memcpy(&l.seed, k->row->salt, sizeof(l.seed));
	l.people = left(k, g, d->most, own->standing);
	l.budget_li = left(k, g, d->budget_li, own->spend_li);
	l.orders = left(k, g, d->orders, own->orders_ppm / 1000000);
	l.profit_bp = d->profit_bp > 0 ? d->profit_bp : CHOOSE_ANY;
	put_stages(k, g, &l);
	for (size_t i = 0; i < n && d->stock > 0 && l.n_stocks < CHOOSE_STOCKS; i++)
		if (offer[i].code.n > 0)
			l.stock[l.n_stocks++] = (struct choose_stock){
				(uint16_t)i,
				left(k, g, d->stock,
				     g == TOLD ? sold(k, offer[i].code) : 0),
				CHOSEN_SENDS
			};
	return l;
}

enum err campaign_choice_made(struct campaign_choice *k, const struct campaign_walk *w)
{
	size_t n = 0;
	const struct campaign_offer *offer = campaign_walk_offers(w, &n);
	enum err e = ERR_OK;
	struct choose_limits l[GROUPS];

	for (int g = 0; g < GROUPS; g++)
		l[g] = limits_of(k, (enum group)g, offer, n);
	k->is_short = k->plan->def.worth > 0 ||
	              !choosing_all_fit(k->group[TOLD].first, &l[TOLD]);
	for (int g = 0; g < GROUPS && k->is_short && e == ERR_OK; g++)
		e = choose(k->group[g].all, &l[g], &k->arena, &k->group[g].chosen,
		           k->plan->c->fault);
	return e;
}

bool campaign_choice_is_short(const struct campaign_choice *k)
{
	return k->is_short;
}

const struct chosen *campaign_chosen(const struct campaign_choice *k, bool held_out)
{
	return &k->group[held_out ? HELD_OUT : TOLD].chosen;
}

static int by_number(const void *key, const void *one)
{
	const int64_t a = *(const int64_t *)key,
		      b = ((const struct chosen_one *)one)->msisdn;

	return (a > b) - (a < b);
}

bool campaign_choice_of(const struct campaign_choice *k, const struct campaign_found *f,
                        size_t *offer)
{
	const struct chosen_one *one = NULL;

	for (int g = 0; g < GROUPS && one == NULL; g++)
		if (k->group[g].chosen.n > 0)
			one = bsearch(&f->msisdn, k->group[g].chosen.one,
			              k->group[g].chosen.n, sizeof(*one), by_number);
	for (size_t i = 0; one != NULL && i < f->n; i++) {
		*offer = i;
		if (f->offer[i].as.offer == one->offer.offer)
			return true;
	}
	return false;
}

/* ---- in words ---- */

struct offers {
	const struct campaign_offer *offer;
};

static struct str code_of(const void *ctx, uint16_t offer)
{
	return ((const struct offers *)ctx)->offer[offer].code;
}

void campaign_choice_say(const struct campaign_choice *k, const struct campaign_walk *w,
                         struct buf *out)
{
	size_t n = 0;
	const struct offers offers = { campaign_walk_offers(w, &n) };

	if (k->is_short)
		choose_explain(&k->group[TOLD].chosen, code_of, &offers, out);
}
