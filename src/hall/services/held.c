/*
 * held.c - the add-ons and value-added services held, each with its fee: dearest
 * first, then those whose fee is not on record, then the free ones.  Their numbers
 * cancel them.
 */
#include <stdlib.h>

#include "../hall_priv.h"
#include "model/money.h"

struct held {
	struct str code;
	const struct package *package; /* NULL: in no catalogue */
};

static int64_t rank(const struct held *h)
{
	return h->package != NULL ? 2 * h->package->fee_fen : 1;
}

static int dearest_first(const void *left, const void *right)
{
	const struct held *l = left, *r = right;

	if (rank(l) != rank(r))
		return rank(l) > rank(r) ? -1 : 1;
	return str_cmp(l->code, r->code);
}

/* What it costs: a trial nothing. */
static const struct package *priced(const struct call *c, const struct subscription *s)
{
	const struct package *p = catalogue_find(c->q->catalogue, s->package);
	struct package *free_one;

	if (p == NULL || !s->trial)
		return p;
	free_one = arena_new(c->q->arena, struct package);
	*free_one = *p;
	free_one->fee_fen = 0;
	return free_one;
}

/* Those that have not ended. */
static struct held *all_held(const struct call *c, size_t *n)
{
	const struct dossier *d = c->q->who;
	struct held *h = arena_array(c->q->arena, struct held, d->n_held + 1);

	for (size_t i = 0; i < d->n_held; i++) {
		const struct subscription *s = &d->held[i];

		if ((s->until != 0 && s->until < c->q->now) ||
		    str_eq(s->package, d->sub.package))
			continue;
		h[(*n)++] = (struct held){ s->package, priced(c, s) };
	}
	qsort(h, *n, sizeof(h[0]), dearest_first);
	return h;
}

/* "彩铃5元"; the code alone when the catalogue does not know it. */
static struct str item_text(const struct call *c, const struct held *h)
{
	struct reply_values v = { .package = call_package(c, h->code) };

	if (h->package != NULL)
		v.fee = money_short(c->q->arena, h->package->fee_fen);
	return call_text(c, REPLY_SERVICE_ITEM, &v);
}

/* A total only when each fee is known, and there is one. */
static void put_total(const struct call *c, const struct held *h, size_t n,
                      struct reply_values *v)
{
	struct arena *a = c->q->arena;
	size_t unpriced = 0;
	int64_t fen = 0;

	for (size_t i = 0; i < n; i++) {
		fen += h[i].package != NULL ? h[i].package->fee_fen : 0;
		unpriced += h[i].package == NULL ? 1 : 0;
	}
	v->count = arena_printf(a, "%zu", n);
	if (unpriced == 0 && fen > 0)
		v->total = money_text(a, fen);
	if (unpriced == 0)
		return;
	v->unpriced = arena_printf(a, "%zu", unpriced);
	if (unpriced < n)
		v->known = money_text(a, fen);
}

struct hall_answer held_choose(const struct call *c, enum reply_id id, const char *intent)
{
	struct menu *menu = arena_new(c->q->arena, struct menu);
	struct reply_values v = { 0 };
	size_t n = 0;
	const struct held *h = all_held(c, &n);

	if (n == 0)
		return call_say(c, CALL_DONE, REPLY_SERVICE_NONE, NULL);
	for (size_t i = 0; i < n; i++)
		menu_add(menu, item_text(c, &h[i]),
		         call_command(c, intent, "code", h[i].code));
	put_total(c, h, n, &v);
	return call_menu(c, CALL_DONE, id, &v, menu);
}

static struct hall_answer answer(const struct call *c)
{
	return held_choose(c, REPLY_SERVICE_LIST, "service.cancel");
}

const struct service service_held = {
	.intent = "service.list",
	.access = ACCESS_READ,
	.needs = NEED_SUBSCRIPTIONS,
	.label = REPLY_LABEL_SERVICES,
	.answer = answer,
};
