/*
 * packages.c - the subscriber's own package, and what is on sale.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "../open_priv.h"
#include "model/money.h"
#include "model/volume.h"

/* A figure, or nothing where it is 0. */
static struct str unless_zero(struct arena *a, int64_t v)
{
	return v != 0 ? arena_printf(a, "%" PRId64, v) : (struct str){ NULL, 0 };
}

static struct str unless_none(struct arena *a, int64_t kib)
{
	return kib > 0 ? volume_text(a, kib) : (struct str){ NULL, 0 };
}

static struct str rate_or_none(struct arena *a, int64_t li)
{
	return li > 0 ? money_rate(a, li) : (struct str){ NULL, 0 };
}

/* What it will be, by an order that is accepted. */
static void put_pending(const struct call *c, struct reply_values *v)
{
	const struct order *o = call_pending_package(c);

	if (o == NULL)
		return;
	v->day = call_date(c, o->effective_at);
	v->item = call_package(c, o->package);
	v->order = call_order_number(c, o);
}

static struct reply_values told_of(const struct call *c, const struct package *p)
{
	struct arena *a = c->q->arena;

	return (struct reply_values){
		.package = call_package(c, p->code),
		.fee = money_short(a, p->fee_fen),
		.data_total = unless_none(a, p->data_kib),
		.calls = unless_zero(a, p->voice_s / 60),
		.texts = unless_zero(a, p->sms),
		.price = call_data_price(c, p),
		.call_price = rate_or_none(a, p->over_voice_li_per_min),
		.tiers = call_tiers(c, p),
	};
}

static struct hall_answer current(const struct call *c)
{
	const struct package *p = call_tariff(c);
	struct reply_values v;

	if (p == NULL)
		return call_say(
			c, "unavailable", REPLY_PACKAGE_UNKNOWN,
			&(struct reply_values){ .package = c->q->who->sub.package });
	v = told_of(c, p);
	put_pending(c, &v);
	return call_say(c, CALL_DONE, REPLY_PACKAGE_CURRENT, &v);
}

static int by_fee(const void *left, const void *right)
{
	const struct package *const *l = left, *const *r = right;

	if ((*l)->fee_fen != (*r)->fee_fen)
		return (*l)->fee_fen < (*r)->fee_fen ? -1 : 1;
	return str_cmp((*l)->code, (*r)->code);
}

/* Main packages on sale, cheapest first; *n: how many there are. */
static const struct package **on_sale(const struct call *c, size_t *out_n)
{
	const struct catalogue *all = c->q->catalogue;
	const struct package **found = arena_array(c->q->arena, const struct package *,
	                                           all->n + 1);
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++)
		if (all->package[i].kind == PACKAGE_MAIN && all->package[i].on_sale)
			found[n++] = &all->package[i];
	if (n > 1)
		qsort(found, n, sizeof(const struct package *), by_fee);
	*out_n = n;
	return found;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Whether the name says the fee already, with its unit: "58元套餐", but not "Plan 58". */
static bool names_fee(const struct call *c, struct str name, struct str fee)
{
	const size_t at = str_find(name, call_text(c, REPLY_PACKAGE_FEE,
	                                           &(struct reply_values){ .fee = fee }));

	return at != SIZE_MAX && (at == 0 || !is_digit(name.p[at - 1]));
}

/* "58元" for "58元套餐": in a list of packages that word says nothing. */
static struct str short_name(const struct call *c, struct str name)
{
	const struct str word = call_text(c, REPLY_PACKAGE_WORD, NULL);

	if (name.n > word.n && str_ends(name, word))
		name.n -= word.n;
	return name;
}

/* "58元 20GB+200分", "乡音卡 8元 100MB". */
static struct str item_text(const struct call *c, const struct package *p)
{
	struct arena *a = c->q->arena;
	struct reply_values v = {
		.package = short_name(c, call_package(c, p->code)),
		.data_total = unless_none(a, p->data_kib),
		.calls = unless_zero(a, p->voice_s / 60),
	};
	const struct str fee = money_short(a, p->fee_fen);

	if (!names_fee(c, v.package, fee))
		v.fee = fee;
	return call_text(c, REPLY_PACKAGE_ITEM, &v);
}

/* Whether this number stands in the text: 38 in 38元套餐多少钱, but not in 138. */
static bool holds_number(struct str text, struct str number)
{
	for (size_t i = 0; number.n > 0 && i + number.n <= text.n; i++) {
		const struct str rest = { text.p + i, text.n - i };

		if (str_starts(rest, number) && (i == 0 || !is_digit(text.p[i - 1])) &&
		    (rest.n == number.n || !is_digit(rest.p[number.n])))
			return true;
	}
	return false;
}

/* The one whose fee is asked about; NULL: none, or several. */
static const struct package *named(const struct call *c, const struct package **p,
                                   size_t n)
{
	const struct package *found = NULL;

	for (size_t i = 0; i < n; i++) {
		if (!holds_number(c->q->folded, money_short(c->q->arena, p[i]->fee_fen)))
			continue;
		if (found != NULL)
			return NULL;
		found = p[i];
	}
	return found;
}

static struct hall_answer say_one(const struct call *c, const struct package *p)
{
	struct reply_values v = told_of(c, p);

	v.code = call_code(c, "package.change", p->code);
	return call_say(c, CALL_DONE, REPLY_PACKAGE_ONE, &v);
}

static struct hall_answer list(const struct call *c)
{
	struct items items = { .n = 0 };
	const struct package **p = on_sale(c, &items.total);

	if (call_named(c, "kind") != NULL)
		return open_menu(c, true);
	if (items.total == 0)
		return call_say(c, "unavailable", REPLY_PACKAGE_NONE, NULL);
	if (named(c, p, items.total) != NULL)
		return say_one(c, named(c, p, items.total));
	for (; items.n < items.total && items.n < ITEMS_MAX; items.n++)
		items.item[items.n] = item_text(c, p[items.n]);
	return call_say_list(
		c, CALL_DONE, REPLY_PACKAGE_LIST,
		&(struct reply_values){
			.count = arena_printf(c->q->arena, "%zu", items.total) },
		&items);
}

const struct service service_package_current = {
	.intent = "package.current",
	.access = ACCESS_READ,
	.needs = NEED_ORDERS,
	.label = REPLY_LABEL_PACKAGE,
	.answer = current,
};

const struct service service_package_list = {
	.intent = "package.list",
	.access = ACCESS_FREE,
	.label = REPLY_LABEL_PACKAGES,
	.answer = list,
};
