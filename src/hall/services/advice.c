/*
 * advice.c - which main package is cheapest for what was really used: the own months
 * that are over, under the tariff of each package on sale.
 *
 * Honest: the package held counts too, also when it is not on sale; a package that does
 * not go with what is held is left out; a saving below a yuan is none.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "hall/service.h"
#include "model/money.h"

enum {
	MONTHS = 6,
	SHOWN = 3,
	WORTH_FEN = 100 /* a month; less is no reason to change */
};

struct choice {
	const struct package *package;
	int64_t each_fen; /* a month */
};

struct past {
	const struct usage_month *month[MONTHS];
	size_t n;
};

static struct past past_of(const struct call *c)
{
	const struct dossier *d = c->q->who;
	const month_t now = civil_month(c->q->now);
	struct past past = { .n = 0 };

	for (size_t i = d->n_usage; i-- > 0 && past.n < MONTHS;)
		if (d->usage[i].month < now && d->usage[i].month >= now - MONTHS)
			past.month[past.n++] = &d->usage[i];
	return past;
}

static int64_t each_month(const struct call *c, const struct package *p,
                          const struct past *past)
{
	int64_t sum = 0;

	for (size_t i = 0; i < past->n; i++)
		sum += call_cost(c, p, past->month[i]);
	return sum / (int64_t)past->n;
}

static int cheapest_first(const void *left, const void *right)
{
	const struct choice *l = left, *r = right;

	if (l->each_fen != r->each_fen)
		return l->each_fen < r->each_fen ? -1 : 1;
	return str_cmp(l->package->code, r->package->code);
}

/* Those that cost at least WORTH_FEN less than the present one, cheapest first. */
static struct choice *cheaper(const struct call *c, const struct past *past,
                              int64_t now_fen, size_t *n)
{
	const struct catalogue *all = c->q->catalogue;
	const struct str own = c->q->who->sub.package;
	struct choice *found = arena_array(c->q->arena, struct choice, all->n + 1);
	struct str other;
	bool needed;

	*n = 0;
	for (size_t i = 0; i < all->n; i++) {
		const struct package *p = &all->package[i];
		int64_t each;

		if (p->kind != PACKAGE_MAIN || !p->on_sale || str_eq(p->code, own) ||
		    !call_compatible(c, p->code, own, &needed, &other))
			continue;
		each = each_month(c, p, past);
		if (each <= now_fen - WORTH_FEN)
			found[(*n)++] = (struct choice){ p, each };
	}
	if (*n > 1)
		qsort(found, *n, sizeof(*found), cheapest_first);
	return found;
}

static struct hall_answer offer(const struct call *c, const struct choice *choice,
                                size_t n, int64_t now_fen, struct reply_values *v)
{
	struct arena *a = c->q->arena;
	struct menu *menu = arena_new(a, struct menu);

	for (size_t i = 0; i < n && i < SHOWN; i++)
		menu->item[menu->n++] = (struct menu_item){
			call_text(c, REPLY_ADVICE_ITEM,
			          &(struct reply_values){
					  .package = call_package(
						  c, choice[i].package->code),
					  .amount = money_short(a, choice[i].each_fen),
					  .less = money_short(
						  a, now_fen - choice[i].each_fen) }),
			call_command(c, "package.change", "code",
			             choice[i].package->code),
		};
	return call_menu(c, CALL_DONE, REPLY_ADVICE_BETTER, v, menu);
}

static struct hall_answer answer(const struct call *c)
{
	const struct package *own = call_tariff(c);
	const struct past past = past_of(c);
	struct reply_values v = { .code = call_way(c, "package.list") };
	const struct choice *choice;
	int64_t now_fen;
	size_t n;

	if (own == NULL || past.n == 0)
		return call_say(c, CALL_NONE, REPLY_ADVICE_UNKNOWN, &v);
	now_fen = each_month(c, own, &past);
	choice = cheaper(c, &past, now_fen, &n);
	v.package = call_package(c, own->code);
	v.total = money_short(c->q->arena, now_fen);
	v.count = arena_printf(c->q->arena, "%zu", past.n);
	if (n == 0)
		return call_say(c, CALL_DONE, REPLY_ADVICE_BEST, &v);
	return offer(c, choice, n, now_fen, &v);
}

static struct hall_answer answer_why(const struct call *c)
{
	return call_say(c, CALL_NONE, REPLY_WHY_NONE,
	                &(struct reply_values){ .code = call_way(c, "plan.advice") });
}

const struct service service_advice = {
	.intent = "plan.advice",
	.access = ACCESS_MONEY,
	.needs = NEED_USAGE | NEED_SUBSCRIPTIONS,
	.label = REPLY_LABEL_ADVICE,
	.answer = answer,
};

const struct service service_why = {
	.intent = "offer.why",
	.access = ACCESS_FREE,
	.label = REPLY_LABEL_WHY,
	.answer = answer_why,
};
