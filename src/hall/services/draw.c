/*
 * draw.c - a draw for points.
 *
 * The prompt publishes the odds as they stand; they are a part of the price that is
 * confirmed, so a draw is never of other odds than those shown.  The turn's dice of
 * the confirming text decide, and the draw is recorded with them.
 */
#include <inttypes.h>

#include "../tools_priv.h"

struct plan {
	const struct tool *draw;
	const struct tool *prize[TOOL_PRIZES];
	int64_t odds[TOOL_PRIZES]; /* as they stand */
	size_t n;
	struct str published;
};

/* "0.5%", of 1/10000 */
static struct str percent(const struct call *c, int64_t odds)
{
	struct arena *a = c->q->arena;

	if (odds % 100 == 0)
		return arena_printf(a, "%" PRId64 "%%", odds / 100);
	if (odds % 10 == 0)
		return arena_printf(a, "%" PRId64 ".%" PRId64 "%%", odds / 100,
		                    odds % 100 / 10);
	return arena_printf(a, "%" PRId64 ".%02" PRId64 "%%", odds / 100, odds % 100);
}

/* What is gone adds to the last, which has no stock or is not looked at for one. */
static void put_odds(const struct call *c, struct plan *p)
{
	const struct tool *t = NULL;
	int64_t gone = 0;

	while ((t = tools_next(tools_of(c), TOOL_PRIZE, t)) != NULL) {
		const bool last = tools_next(tools_of(c), TOOL_PRIZE, t) == NULL;

		if (!last && t->stock > 0 && stock_left(c->q->who->stocks, t) == 0) {
			gone += t->odds;
			continue;
		}
		p->prize[p->n] = t;
		p->odds[p->n++] = t->odds + (last ? gone : 0);
	}
}

static struct str published(const struct call *c, const struct plan *p)
{
	struct str item[TOOL_PRIZES];

	for (size_t i = 0; i < p->n; i++)
		item[i] = call_text(
			c, REPLY_DRAW_ODDS,
			&(struct reply_values){ .item = tool_name(c, p->prize[i]),
		                                .size = percent(c, p->odds[i]) });
	return call_join(c, item, p->n);
}

static int64_t drawn_today(const struct call *c)
{
	const struct dossier *d = c->q->who;
	const int64_t today = call_day_end(c, -1);
	int64_t n = 0;

	for (size_t i = 0; i < d->n_orders; i++)
		n += d->order[i].at > today &&
		     str_eq(d->order[i].kind, STR("lottery.draw"));
	return n;
}

static struct str price_of(const struct call *c, const struct plan *p)
{
	struct str price = arena_printf(c->q->arena, "%" PRId64, p->draw->points);

	for (size_t i = 0; i < p->n; i++)
		price = arena_printf(c->q->arena, "%.*s|%.*s=%" PRId64, STR_ARG(price),
		                     STR_ARG(p->prize[i]->code), p->odds[i]);
	return price;
}

static struct hall_answer answer(const struct call *c)
{
	struct plan *p = arena_new(c->q->arena, struct plan);
	struct reply_values v = { 0 };
	struct points_count have;

	p->draw = tools_next(tools_of(c), TOOL_DRAW, NULL);
	put_odds(c, p);
	if (p->draw == NULL || p->n == 0 || !tool_open(p->draw, c->q->now))
		return call_say(c, CALL_NONE, REPLY_DRAW_NONE, NULL);
	if (!c->q->who->has_account)
		return call_unavailable(c);
	have = tool_points(c);
	v.points = tool_number(c, p->draw->points);
	v.left = tool_number(c, have.points);
	v.count = tool_number(c, p->draw->limit);
	if (drawn_today(c) >= p->draw->limit)
		return call_say(c, "refused.often", REPLY_DRAW_OFTEN, &v);
	if (have.points < p->draw->points)
		return call_say(c, "refused.points", REPLY_DRAW_FEW, &v);
	p->published = v.list = published(c, p);
	return call_confirm(c, &(struct action){ .prompt = REPLY_DRAW_ASK,
	                                         .values = v,
	                                         .brief = STR(""),
	                                         .price = price_of(c, p),
	                                         .life_s = 600,
	                                         .plan = p });
}

/* The prize that holds the roll when all are laid end to end. */
static size_t prize_at(const struct plan *p, int64_t roll)
{
	size_t i = 0;

	while (i + 1 < p->n && roll >= p->odds[i])
		roll -= p->odds[i++];
	return i;
}

static struct hall_answer carry_out(const struct call *c, const struct action *a)
{
	const struct hall_question *q = c->q;
	const struct plan *p = a->plan;
	const int64_t roll = (int64_t)(q->dice % TOOL_ODDS);
	const struct tool *prize = p->prize[prize_at(p, roll)];
	const struct order *o = call_order(
		c, (struct order){ .package = prize->code,
	                           .state = ORDER_EFFECTIVE,
	                           .effective_at = q->now,
	                           .charged_points = p->draw->points });
	struct reply_values v = { .order = call_order_number(c, o),
		                  .item = tool_name(c, prize),
		                  .left = tool_number(c, q->who->account.points) };

	changes_draw(q->changes, q->who,
	             (struct draw_row){ .order = o->id,
	                                .at = q->now,
	                                .inbox = q->id,
	                                .dice = q->dice,
	                                .roll = roll,
	                                .odds = a->price,
	                                .prize = prize->code });
	if (prize->gives == GIVES_NOTHING)
		return call_say(c, CALL_DONE, REPLY_DRAW_MISSED, &v);
	if (prize->stock > 0)
		(void)changes_sale(q->changes, q->who, prize, o, q->now, q->id);
	v.code = tool_give(c, o, prize, 1, "-prize");
	v.left = tool_number(c, q->who->account.points);
	if (tool_ends(c, prize) > 0)
		v.day = call_date(c, tool_ends(c, prize));
	return call_say(c, CALL_DONE, REPLY_DRAW_WON, &v);
}

const struct service service_draw = {
	.intent = "lottery.draw",
	.access = ACCESS_ORDER,
	.needs = TOOLS_NEEDS,
	.label = REPLY_LABEL_DRAW,
	.answer = answer,
	.carry_out = carry_out,
};
