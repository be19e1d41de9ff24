/*
 * insured.c - a recommended package that is dearer than the old one was after all: the
 * difference of each month is paid back by itself.
 *
 * A promise is an accepted order of the kind INSURED for one month; when that is paid, or
 * owes nothing, it is effective and the next month is promised.  It ends when the package
 * is left.
 *   price  source order | months left | month | what both packages cost (insured_print())
 *   was    once decided: minutes, texts, KiB that were compared | fen owed
 * So `smshall doctor` can compute each payment again.
 *
 * Whoever paid more in two of the months is told so, and may go back to the old package by
 * one letter, also where that is off sale by now: a right of these orders, until another
 * change.
 */
#include <inttypes.h>

#include "hall_priv.h"
#include "model/money.h"
#include "offer/insured.h"
#include "offers_priv.h"
#include "tools_priv.h"

enum {
	DAY_S = 24 * 3600,
	FIRST_DAYS = 4, /* after the month: usage is brought within that */
	LAST_DAYS = 40, /* after that without, a person looks at it */
	HOUR_S = 10 * 3600,
	WORSE_MOST = 2,   /* months that were dearer: he is told that he may go back */
	RETURN_DAYS = 300 /* of the change: six months at most are watched */
};

struct promise {
	int64_t source;
	int64_t left; /* months, this one included */
	month_t month;
	struct insured_terms terms;
	struct str word; /* of the terms */
};

static int64_t month_begin(month_t m)
{
	return civil_to_utc((struct civil){
		.year = month_year(m), .month = month_of_year(m), .day = 1 });
}

static void write_promise(const struct call *c, const struct order *source,
                          const struct promise *p)
{
	const struct hall_question *q = c->q;

	(void)changes_order(
		q->changes, q->who,
		(struct order){
			.kind = STR(INSURED),
			.package = source->package,
			.state = ORDER_ACCEPTED,
			.at = q->now,
			.effective_at = month_begin(p->month + 1) +
	                                (int64_t)FIRST_DAYS * DAY_S + HOUR_S,
			.was = STR(""),
			.inbox = source->inbox,
			.price = arena_printf(
				q->arena, "%" PRId64 "|%" PRId64 "|%" PRId32 "|%.*s",
				p->source, p->left, p->month, STR_ARG(p->word)),
		});
}

static bool cut(struct str *rest, int64_t *out)
{
	struct str part;

	return str_cut(rest, '|', &part) && str_i64(part, out) == ERR_OK;
}

static bool read_promise(const struct order *o, struct promise *p)
{
	struct str rest = o->price;
	int64_t month;

	if (!cut(&rest, &p->source) || !cut(&rest, &p->left) || !cut(&rest, &month) ||
	    month < INT32_MIN || month > INT32_MAX)
		return false;
	p->month = (month_t)month;
	p->word = rest;
	return insured_parse(rest, &p->terms) == ERR_OK;
}

/* A campaign has recommended it, and that holds still. */
static bool is_pushed(const struct call *c, struct str code)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_pushes; i++)
		if (d->push[i].campaign != 0 && d->push[i].until > c->q->now &&
		    str_eq(d->push[i].offer, code))
			return true;
	return false;
}

int insured_months(const struct call *c, const struct hall_offer *o,
                   const struct package *p)
{
	const struct candidate *of = offers_of(o, p);

	if (o->subject.estimated != 0)
		return 0; /* an estimate is no recommendation */
	return of != NULL && (offers_names(o, of) || is_pushed(c, p->code))
	               ? c->hall->policy.insured_months
	               : 0;
}

void insured_ordered(const struct call *c, const struct order *ordered,
                     const struct package *was, const struct package *is, int months)
{
	const struct order o = *ordered; /* the promise moves it */
	struct promise p = { .source = o.id, .left = months };
	struct fault fault;

	if (months <= 0 || tariff_of(was, &p.terms.was, &fault) != ERR_OK ||
	    tariff_of(is, &p.terms.is, &fault) != ERR_OK)
		return;
	p.month = civil_month(o.effective_at - 1) + 1; /* whole months only */
	p.word = insured_print(&p.terms, c->q->arena);
	write_promise(c, &o, &p);
}

/* ---- its day has come ---- */

static const struct order *order_of(const struct call *c, int64_t id)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_orders; i++)
		if (d->order[i].id == id)
			return &d->order[i];
	return NULL;
}

/* The change that came next after the source, or NULL. */
static const struct order *next_change(const struct call *c, const struct promise *p)
{
	const struct dossier *d = c->q->who;
	const struct order *first = NULL;

	for (size_t i = 0; i < d->n_orders; i++) {
		const struct order *o = &d->order[i];

		if (o->id > p->source && o->state == ORDER_EFFECTIVE &&
		    str_eq(o->kind, STR("package.change")))
			first = o; /* the newest stand first */
	}
	return first;
}

/* Whether the package was held through the whole month. */
static bool held_through(const struct call *c, const struct order *o,
                         const struct promise *p)
{
	const struct order *source = order_of(c, p->source), *next = next_change(c, p);

	if (source != NULL && source->state != ORDER_EFFECTIVE)
		return false;
	if (next != NULL)
		return next->effective_at >= month_begin(p->month + 1) &&
		       str_eq(next->was, o->package);
	return str_eq(c->q->who->sub.package, o->package);
}

/* ---- going back ---- */

static bool was_worse(const struct order *o)
{
	struct str rest = o->was, use, owed;
	int64_t fen;

	return str_eq(o->kind, STR(INSURED)) && o->state == ORDER_EFFECTIVE &&
	       str_cut(&rest, '|', &use) && str_cut(&rest, '|', &owed) &&
	       str_i64(owed, &fen) == ERR_OK && fen > 0;
}

/* Months of that change that were dearer; besides: an order that is not counted, or 0. */
static int worse_months(const struct call *c, int64_t source, int64_t besides)
{
	const struct dossier *d = c->q->who;
	struct promise p;
	int n = 0;

	for (size_t i = 0; i < d->n_orders; i++)
		n += d->order[i].id != besides && was_worse(&d->order[i]) &&
		     read_promise(&d->order[i], &p) && p.source == source;
	return n;
}

struct str insured_return(const struct call *c)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_orders; i++) {
		const struct order *o = &d->order[i];

		if (!str_eq(o->kind, STR("package.change")) ||
		    o->state != ORDER_EFFECTIVE)
			continue;
		/* The newest is the one that holds. */
		return str_eq(o->package, d->sub.package) &&
		                       o->effective_at >
		                               c->q->now - (int64_t)RETURN_DAYS * DAY_S &&
		                       worse_months(c, o->id, 0) >= WORSE_MOST
		               ? o->was
		               : STR("");
	}
	return STR("");
}

/* It was the second month that was dearer: what he may do, else "". */
static struct str may_return(const struct call *c, const struct order *o,
                             const struct promise *p, struct reply_values v)
{
	const struct order *source = order_of(c, p->source);
	const struct package *old = source != NULL
	                                    ? catalogue_find(c->q->catalogue, source->was)
	                                    : NULL;

	if (old == NULL || worse_months(c, p->source, o->id) + 1 != WORSE_MOST)
		return STR("");
	v.count = tool_number(c, WORSE_MOST);
	v.was_name = call_package(c, old->code);
	v.was_fee = money_short(c->q->arena, old->fee_fen);
	v.day = call_date(c, call_next_month(c));
	return call_text(c, REPLY_OFFER_RETURN, &v);
}

/* The month's usage once it is whole, or NULL. */
static const struct usage_month *whole_month(const struct call *c, month_t month)
{
	const struct dossier *d = c->q->who;

	return civil_month(d->usage_as_of) > month ? dossier_usage(d, month) : NULL;
}

static struct str wait(const struct call *c, struct order *o, const struct promise *p)
{
	const struct hall_question *q = c->q;
	const int64_t last = month_begin(p->month + 1) + (int64_t)LAST_DAYS * DAY_S;
	const struct reply_values v = { .order = call_order_number(c, o),
		                        .month = call_month(c, p->month),
		                        .package = call_package(c, o->package) };

	if (q->now < last) {
		changes_order_later(q->changes, q->who, o, q->now + DAY_S);
		return STR("");
	}
	changes_order_state(q->changes, q->who, o, ORDER_REFUSED, q->now);
	(void)changes_task(q->changes, q->who, STR(INSURED), q->now, o->inbox,
	                   call_text(c, REPLY_OFFER_BY_HAND, &v));
	return STR("");
}

static struct str settle(const struct call *c, struct order *o, const struct promise *p,
                         const struct usage_month *u)
{
	const struct hall_question *q = c->q;
	int32_t use[DIMS];
	int64_t owed;
	struct str back;
	struct reply_values v = { .month = call_month(c, p->month),
		                  .package = call_package(c, o->package) };

	offers_use(c, u, use);
	owed = offer_owed_fen(&p->terms.was, &p->terms.is, use);
	o->was = arena_printf(q->arena, "%" PRId32 ",%" PRId32 ",%" PRId32 "|%" PRId64,
	                      use[DIM_VOICE], use[DIM_SMS], use[DIM_DATA], owed);
	changes_order_state(q->changes, q->who, o, ORDER_EFFECTIVE, q->now);
	if (owed == 0)
		return STR("");
	changes_ledger(q->changes, q->who, o, "-insured", q->now, owed, 0);
	v.amount = money_text(q->arena, owed);
	back = may_return(c, o, p, v);
	if (back.n > 0)
		return back;
	if (p->left > 1)
		v.count = tool_number(c, p->left - 1);
	return call_text(c, REPLY_OFFER_PAID, &v);
}

struct str insured_due(const struct call *c, struct order *o)
{
	const struct hall_question *q = c->q;
	const struct usage_month *u;
	struct promise p;
	struct str said;

	if (!read_promise(o, &p) || !q->who->has_account || !held_through(c, o, &p)) {
		changes_order_state(q->changes, q->who, o, ORDER_REFUSED, q->now);
		return STR("");
	}
	u = whole_month(c, p.month);
	if (u == NULL)
		return wait(c, o, &p);
	said = settle(c, o, &p, u);
	p.left--;
	p.month++;
	if (p.left > 0)
		write_promise(c, o, &p);
	return said;
}
