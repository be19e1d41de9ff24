/*
 * deal.c - what makes an order cheaper, and what comes after it: gifts, instalments,
 * points for using the hall; see tools_priv.h.
 *
 * What comes later is an order of its own, promised with the first one, and due when that
 * one can be undone no more: nothing that was given has ever to be taken back.
 */
#include <inttypes.h>

#include "hall_priv.h"
#include "model/money.h"
#include "offers_priv.h"
#include "tools_priv.h"

/* ---- off ---- */

static bool has(const struct call *c, struct str code)
{
	return call_holding(c, code) != NULL || str_eq(c->q->who->sub.package, code);
}

/* As far as is known, for six months: then it would not be its first. */
static bool had(const struct call *c, struct str code)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_held; i++) {
		const struct subscription *s = &d->held[i];

		if (!s->trial && str_eq(s->package, code) &&
		    (s->until == 0 || s->until >= s->since))
			return true;
	}
	return false;
}

static void offer(const struct call *c, struct deal *best, const struct tool *t,
                  const struct coupon *coupon)
{
	if (t->fen <= best->off || !tool_open(t, c->q->now))
		return;
	*best = (struct deal){
		.off = t->fen,
		.coupon = coupon,
		.key = arena_printf(c->q->arena, "|%s.%.*s.%.*s=%" PRId64,
		                    tool_kind_name(t->kind), STR_ARG(t->code),
		                    coupon != NULL ? (int)coupon->code.n : 0,
		                    coupon != NULL ? coupon->code.p : "", t->fen),
	};
}

static struct str full_code(const struct call *c, const struct tool *t)
{
	return arena_printf(c->q->arena, "%s.%.*s", tool_kind_name(t->kind),
	                    STR_ARG(t->code));
}

static bool comes_with(const struct call *c, const struct tool *t, struct str code)
{
	return str_eq(t->what, code) && tool_open(t, c->q->now);
}

static struct str name_of(const struct call *c, const struct tool *t)
{
	const struct reply_values back = { .amount = money_short(c->q->arena, t->fen),
		                           .count = tool_number(c, t->months) };

	return t->kind == TOOL_REBATE ? call_text(c, REPLY_PAY_BACK, &back)
	                              : tool_name(c, t);
}

/* Gifts, or rebates, as the prompt names them, and what is confirmed with it. */
static void add_gifts(const struct call *c, enum tool_kind kind, struct str code,
                      struct deal *deal)
{
	const char *between = c->language == LANG_EN ? ", " : "、";
	const struct tool *t = NULL;

	while ((t = tools_next(tools_of(c), kind, t)) != NULL) {
		const struct str key = full_code(c, t);

		if (!comes_with(c, t, code))
			continue;
		deal->gifts = arena_printf(c->q->arena, "%.*s%s%.*s", (int)deal->gifts.n,
		                           deal->gifts.p != NULL ? deal->gifts.p : "",
		                           deal->gifts.p != NULL ? between : "",
		                           STR_ARG(name_of(c, t)));
		deal->key = arena_printf(c->q->arena, "%.*s|%.*s", STR_ARG(deal->key),
		                         STR_ARG(key));
	}
}

struct deal tool_deal(const struct call *c, const struct package *p)
{
	const struct dossier *d = c->q->who;
	const struct tools *all = tools_of(c);
	const bool first = !had(c, p->code);
	struct deal best = { .key = STR("") };
	const struct tool *t = NULL;

	while ((t = tools_next(all, TOOL_DISCOUNT, t)) != NULL)
		if (first && str_eq(t->what, p->code))
			offer(c, &best, t, NULL);
	while ((t = tools_next(all, TOOL_BUNDLE, t)) != NULL)
		if (first && str_eq(t->what, p->code) && has(c, t->with))
			offer(c, &best, t, NULL);
	for (size_t i = 0; i < d->n_coupons; i++) {
		const struct coupon *k = &d->coupon[i];

		t = tools_find(all, TOOL_COUPON, k->kind);
		if (t != NULL && k->state == COUPON_CHOSEN && c->q->now < k->expires_at)
			offer(c, &best, t, k);
	}
	if (best.off > p->fee_fen)
		best.off = p->fee_fen;
	if (best.off <= 0)
		best = (struct deal){ .key = STR("") };
	add_gifts(c, TOOL_GIFT, p->code, &best);
	add_gifts(c, TOOL_REBATE, p->code, &best);
	return best;
}

/* ---- what comes later ---- */

/* Its price: the order that it belongs to, instalments left, fen of each. */
static void promise(const struct call *c, const struct order *o, struct str what,
                    int64_t when, int64_t months, int64_t fen)
{
	const struct hall_question *q = c->q;

	(void)changes_order(
		q->changes, q->who,
		(struct order){ .kind = STR(TOOL_PAY),
	                        .package = o->package,
	                        .state = ORDER_ACCEPTED,
	                        .at = q->now,
	                        .effective_at = when,
	                        .was = what,
	                        .inbox = o->inbox,
	                        .price = arena_printf(q->arena,
	                                              "%" PRId64 "|%" PRId64 "|%" PRId64,
	                                              o->id, months, fen) });
}

/* When an order can be undone no more, and has taken effect. */
static int64_t settled_at(const struct call *c, const struct order *o)
{
	const int64_t undo = o->undo_until > 0 ? o->undo_until : c->q->now;

	return (undo > o->effective_at ? undo : o->effective_at) + 1;
}

static int64_t month_after(int64_t when)
{
	const month_t next = civil_month(when) + 1;

	return civil_to_utc((struct civil){
		.year = month_year(next), .month = month_of_year(next), .day = 1 });
}

/* What comes with another order, whose number begins its price. */
static bool is_promise(const struct order *o)
{
	return str_eq(o->kind, STR(TOOL_PAY)) || str_eq(o->kind, STR(INSURED));
}

static bool is_use(const struct call *c, const struct order *o)
{
	return civil_month(o->at) == civil_month(c->q->now) && o->state != ORDER_UNDONE &&
	       o->state != ORDER_REFUSED && o->prompt != 0 && !is_promise(o);
}

/* Points that orders of this month have promised or earned already. */
static int64_t rewarded(const struct call *c, struct str what, int64_t points)
{
	const struct dossier *d = c->q->who;
	int64_t sum = 0;

	for (size_t i = 0; i < d->n_orders; i++)
		if (str_eq(d->order[i].kind, STR(TOOL_PAY)) &&
		    str_eq(d->order[i].was, what) &&
		    civil_month(d->order[i].at) == civil_month(c->q->now))
			sum += points;
	return sum;
}

static void promise_reward(const struct call *c, const struct order *o)
{
	const struct dossier *d = c->q->who;
	const struct tool *t = NULL;
	int64_t uses = 0;

	for (size_t i = 0; i < d->n_orders; i++)
		uses += is_use(c, &d->order[i]);
	while ((t = tools_next(tools_of(c), TOOL_REWARD, t)) != NULL) {
		const struct str what = full_code(c, t);

		if (tool_open(t, c->q->now) && uses % t->every == 0 &&
		    rewarded(c, what, t->points) + t->points <= t->limit)
			promise(c, o, what, settled_at(c, o), 1, 0);
	}
}

void tool_ordered(const struct call *c, const struct order *ordered,
                  const struct deal *deal, bool later)
{
	const struct order o = *ordered; /* the orders below move it */
	const struct tools *all = tools_of(c);
	const struct tool *t = NULL;

	if (deal->coupon != NULL) {
		struct coupon used = *deal->coupon;

		used.state = COUPON_USED;
		used.order = o.id;
		changes_coupon(c->q->changes, c->q->who, used);
	}
	if (later && deal->off > 0)
		promise(c, &o, STR("coupon"), settled_at(c, &o), 1, deal->off);
	while ((t = tools_next(all, TOOL_GIFT, t)) != NULL)
		if (comes_with(c, t, o.package))
			promise(c, &o, full_code(c, t), settled_at(c, &o), 1, 0);
	while ((t = tools_next(all, TOOL_REBATE, t)) != NULL)
		if (comes_with(c, t, o.package))
			promise(c, &o, full_code(c, t), month_after(o.effective_at),
			        t->months, t->fen);
	promise_reward(c, &o);
}

static int64_t cut_number(struct str *rest)
{
	struct str part;
	int64_t v = 0;

	if (!str_cut(rest, '|', &part) || str_i64(part, &v) != ERR_OK)
		return 0;
	return v;
}

/* What was promised with it is not given. */
static void refuse_promised(const struct call *c, int64_t source)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_orders; i++) {
		struct order *later = &d->order[i];
		struct str price = later->price;

		if (later->state == ORDER_ACCEPTED && is_promise(later) &&
		    cut_number(&price) == source)
			changes_order_state(c->q->changes, c->q->who, later,
			                    ORDER_REFUSED, c->q->now);
	}
}

void tool_undone(const struct call *c, const struct order *o)
{
	const struct dossier *d = c->q->who;

	refuse_promised(c, o->id);
	for (size_t i = 0; i < d->n_coupons; i++) {
		struct coupon again = d->coupon[i];

		if (again.state != COUPON_USED || again.order != o->id)
			continue;
		again.state = COUPON_OPEN;
		again.order = 0;
		changes_coupon(c->q->changes, c->q->who, again);
	}
}

/* ---- its day has come ---- */

/* The order that it belongs to stands; one that is long gone does. */
static bool stands(const struct call *c, int64_t id)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_orders; i++)
		if (d->order[i].id == id)
			return d->order[i].state != ORDER_UNDONE &&
			       d->order[i].state != ORDER_REFUSED;
	return true;
}

static struct str pay_money(const struct call *c, const struct order *o, int64_t source,
                            int64_t months, int64_t fen)
{
	const struct hall_question *q = c->q;
	const struct order first = { .id = source,
		                     .package = o->package,
		                     .inbox = o->inbox };
	struct reply_values v = { .package = call_package(c, o->package),
		                  .amount = money_text(q->arena, fen) };

	changes_ledger(q->changes, q->who, o, "-pay", q->now, fen, 0);
	if (months > 1) {
		v.count = tool_number(c, months - 1);
		promise(c, &first, o->was, month_after(q->now), months - 1, fen);
	}
	return call_text(c, REPLY_PAY_MONEY, &v);
}

static struct str pay_gift(const struct call *c, const struct order *o,
                           const struct tool *t)
{
	struct reply_values v = { .package = call_package(c, o->package),
		                  .item = tool_name(c, t) };

	if (t->kind == TOOL_REWARD) {
		changes_earn(c->q->changes, c->q->who, o, "-reward", c->q->now,
		             t->points);
		v.points = tool_number(c, t->points);
		return call_text(c, REPLY_PAY_REWARD, &v);
	}
	v.code = tool_give(c, o, t, 1, "-gift");
	return call_text(c, REPLY_PAY_GIFT, &v);
}

static const struct tool *find_gift(const struct call *c, struct str what)
{
	struct str kind;

	(void)str_cut(&what, '.', &kind);
	return tools_find(tools_of(c),
	                  str_eq(kind, STR("gift")) ? TOOL_GIFT : TOOL_REWARD, what);
}

struct str tool_pay(const struct call *c, const struct order *o)
{
	struct str rest = o->price;
	const int64_t source = cut_number(&rest), months = cut_number(&rest),
		      fen = cut_number(&rest);
	const struct tool *gift;

	if (!c->q->who->has_account || !stands(c, source))
		return STR("");
	if (fen > 0)
		return has(c, o->package) ? pay_money(c, o, source, months, fen)
		                          : STR("");
	gift = find_gift(c, o->was);
	return gift != NULL ? pay_gift(c, o, gift) : STR("");
}
