/*
 * remind.c - reminders that were asked for: what each kind looks at, and what it tells.
 *
 * Mandatory service messages: no promotion in them, and nothing of a number whose status
 * keeps its figures closed.
 */
#include <inttypes.h>

#include "access_priv.h"
#include "hall_priv.h"
#include "model/money.h"
#include "model/volume.h"
#include "remind_priv.h"

enum {
	HOUR_S = 3600,
	DAY_S = 24 * HOUR_S,
	ENDS_SOON_S = 3 * DAY_S, /* before an end is told of */
	MORNING = 9,             /* local hour of monthly ones */
	MONTH_STEPS = 1000       /* of `told`: month * MONTH_STEPS + percent */
};

static int64_t next_month(const struct call *c)
{
	const month_t m = civil_month(c->q->now) + 1;

	return civil_to_utc(
		(struct civil){ month_year(m), month_of_year(m), 1, MORNING, 0, 0 });
}

struct str remind_label(const struct call *c, const struct remind_kind *k,
                        int64_t limit_fen)
{
	struct reply_values v = { 0 };

	if (limit_fen > 0)
		v.amount = money_short(c->q->arena, limit_fen);
	return call_text(c, k->label, &v);
}

/* ---- money ---- */

static int64_t from_now(const struct call *c)
{
	(void)c;
	return 0;
}

static struct str look_balance(const struct call *c, struct reminder *r)
{
	const struct dossier *d = c->q->who;
	const month_t month = civil_month(c->q->now);
	struct reply_values v = { 0 };

	if (!d->has_account || d->account.balance_fen >= r->limit_fen || r->told >= month)
		return STR("");
	r->told = month;
	v.time = call_time(c, d->account.as_of);
	v.amount = money_short(c->q->arena, r->limit_fen);
	if (d->account.balance_fen < 0)
		v.due = money_text(c->q->arena, -d->account.balance_fen);
	else
		v.balance = money_text(c->q->arena, d->account.balance_fen);
	return call_text(c, REPLY_REMIND_BALANCE, &v);
}

/* The first comes on the 1st. */
static int64_t from_next_month(const struct call *c)
{
	return civil_month(c->q->now);
}

static struct str look_month(const struct call *c, struct reminder *r)
{
	const struct dossier *d = c->q->who;
	const month_t month = civil_month(c->q->now);
	struct reply_values v = { 0 };

	if (!d->has_account || r->told >= month)
		return STR("");
	r->told = month;
	v.time = call_time(c, d->account.as_of);
	if (d->account.balance_fen < 0)
		v.due = money_text(c->q->arena, -d->account.balance_fen);
	else
		v.balance = money_text(c->q->arena, d->account.balance_fen);
	return call_text(c, REPLY_REMIND_MONTH, &v);
}

/* In the first days of a month the last one's bill may still come. */
static int64_t from_next_bill(const struct call *c)
{
	const month_t last = civil_month(c->q->now) - 1;

	return access_early(c->q->now) ? last - 1 : last;
}

static struct str look_bill(const struct call *c, struct reminder *r)
{
	const month_t month = civil_month(c->q->now) - 1;
	const struct usage_month *u = dossier_usage(c->q->who, month);

	if (r->told >= month || u == NULL || u->bill_fen == BILL_NONE)
		return STR("");
	r->told = month;
	return call_text(
		c, REPLY_REMIND_BILL,
		&(struct reply_values){ .month = call_month(c, month),
	                                .total = money_text(c->q->arena, u->bill_fen) });
}

/* ---- allowances and ends ---- */

static int percent_passed(int64_t used, int64_t total)
{
	static const int thresholds[] = { 100, 80, 50 };

	for (size_t i = 0; i < sizeof(thresholds) / sizeof(thresholds[0]); i++)
		if (used >=
		    total / 100 * thresholds[i] + total % 100 * thresholds[i] / 100)
			return thresholds[i];
	return 0;
}

static struct str look_allowance(const struct call *c, struct reminder *r)
{
	struct arena *a = c->q->arena;
	struct reply_values v = { 0 };
	struct usage_month u;
	struct package p;
	int percent;
	int64_t key;

	if (!call_usage(c, &u) || !call_terms(c, u.month, &p) || p.data_kib <= 0)
		return STR("");
	percent = percent_passed(u.data_kib, p.data_kib);
	key = (int64_t)u.month * MONTH_STEPS + percent;
	if (percent == 0 || r->told >= key)
		return STR("");
	r->told = key;
	v.time = call_time(c, c->q->who->usage_as_of);
	v.percent = arena_printf(a, "%d", percent);
	v.data_total = volume_text(a, p.data_kib);
	v.price = call_data_price(c, &p);
	if (percent < 100)
		v.data_left = volume_text(a, p.data_kib - u.data_kib);
	return call_text(c, percent < 100 ? REPLY_REMIND_USED : REPLY_REMIND_USED_UP, &v);
}

/* What ends soon and behind `told`. */
struct ends {
	const struct call *c;
	int64_t after, latest;
	struct items items;
};

static void add_end(struct ends *e, int64_t at, struct str name)
{
	const struct call *c = e->c;

	if (at <= e->after || at <= c->q->now || at > c->q->now + ENDS_SOON_S ||
	    e->items.n == ITEMS_MAX)
		return;
	e->latest = at > e->latest ? at : e->latest;
	e->items.item[e->items.n++] = call_text(
		c, REPLY_REMIND_ENDS_ITEM,
		&(struct reply_values){ .item = name, .day = call_date(c, at - 1) });
}

static struct str resource_name(const struct call *c, const struct resource *r)
{
	const struct str name = call_name(c, r->name);

	return name.n > 0 ? name : call_text(c, REPLY_RESOURCE_PACK, NULL);
}

static struct str look_ends(const struct call *c, struct reminder *r)
{
	const struct dossier *d = c->q->who;
	struct ends *e = arena_new(c->q->arena, struct ends);

	*e = (struct ends){ .c = c, .after = r->told };
	for (size_t i = 0; i < d->n_held; i++) {
		add_end(e, d->held[i].until, call_package(c, d->held[i].package));
		add_end(e, d->held[i].contract_until,
		        call_package(c, d->held[i].package));
	}
	for (size_t i = 0; i < d->n_resources; i++)
		if (d->resource[i].kind == RESOURCE_PACK &&
		    d->resource[i].used < d->resource[i].total)
			add_end(e, d->resource[i].expires_on,
			        resource_name(c, &d->resource[i]));
	if (e->items.n == 0)
		return STR("");
	e->items.total = e->items.n;
	r->told = e->latest;
	return call_say_list(c, CALL_DONE, REPLY_REMIND_ENDS, &(struct reply_values){ 0 },
	                     &e->items)
	        .text;
}

/* ---- the kinds ---- */

/* clang-format off */
const struct remind_kind remind_kinds[] = {
	{ "balance", "reminder.set", true, ACCESS_MONEY, NEED_ACCOUNT, 3 * HOUR_S, REMIND_NEXT_MONTH, REPLY_REMIND_LABEL_BALANCE, from_now, look_balance },
	{ "bill", "reminder.bill", false, ACCESS_MONEY, NEED_USAGE, 6 * HOUR_S, REMIND_NEXT_MONTH, REPLY_REMIND_LABEL_BILL, from_next_bill, look_bill },
	{ "month", "reminder.month", false, ACCESS_MONEY, NEED_ACCOUNT, DAY_S, REMIND_NEXT_MONTH, REPLY_REMIND_LABEL_MONTH, from_next_month, look_month },
	{ "allowance", "reminder.usage", false, ACCESS_READ, NEED_USAGE | NEED_SUBSCRIPTIONS, 3 * HOUR_S, REMIND_NEXT_DAY, REPLY_REMIND_LABEL_USED, from_now, look_allowance },
	{ "ends", "reminder.ends", false, ACCESS_READ, NEED_SUBSCRIPTIONS | NEED_RESOURCES, DAY_S, REMIND_NEXT_DAY, REPLY_REMIND_LABEL_ENDS, from_now, look_ends },
};
/* clang-format on */
const size_t remind_n_kinds = sizeof(remind_kinds) / sizeof(remind_kinds[0]);

int64_t remind_first(const struct call *c, const struct remind_kind *k)
{
	const bool later = k->after == REMIND_NEXT_MONTH &&
	                   k->begin(c) >= civil_month(c->q->now) - 1;

	return later ? next_month(c) : c->q->now + k->look_s;
}

static const struct remind_kind *kind_of(const struct reminder *r)
{
	for (size_t i = 0; i < remind_n_kinds; i++)
		if (str_eq(r->kind, str_of(remind_kinds[i].name)))
			return &remind_kinds[i];
	return NULL;
}

unsigned hall_remind_needs(const struct reminder *r)
{
	const struct remind_kind *k = kind_of(r);

	return k != NULL ? k->needs : 0;
}

struct str hall_remind(const struct hall *h, const struct hall_question *q,
                       struct reminder *r)
{
	const struct call c = { .hall = h,
		                .q = q,
		                .language = hall_language(h, q->who, STR(""), NULL) };
	const struct remind_kind *k = kind_of(r);
	struct str text;

	r->next_at = 0;
	if (k == NULL)
		return STR("");
	r->next_at = q->now + DAY_S;
	if (!call_open(&c, k->access))
		return STR("");
	text = k->look(&c, r);
	if (text.n == 0)
		r->next_at = q->now + k->look_s;
	else if (k->after == REMIND_NEXT_MONTH)
		r->next_at = next_month(&c);
	return text;
}
