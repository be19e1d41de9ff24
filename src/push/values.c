/*
 * values.c - what the variables of a text are for one target.
 */
#include <inttypes.h>

#include "model/money.h"
#include "model/volume.h"
#include "push/arms.h"
#include "push/compose.h"

enum {
	KIB_OF_MB = 1024
};

int64_t compose_until(const struct campaign *c, int64_t now)
{
	struct civil day = civil_of(now);

	day.day += c->offer_days;
	day.hour = 23;
	day.minute = day.second = 59;
	return civil_to_utc(day);
}

static struct str day_text(struct arena *a, enum language l, int64_t at)
{
	static const char *const month[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
		                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	const struct civil c = civil_of(at);

	return l == LANG_EN ? arena_printf(a, "%d %s", c.day, month[c.month - 1])
	                    : arena_printf(a, "%d月%d日", c.month, c.day);
}

static struct str optional(struct str s)
{
	return s.n > 0 ? s : (struct str){ NULL, 0 };
}

static struct str number_text(struct arena *a, int64_t v)
{
	return v > 0 ? arena_printf(a, "%" PRId64, v) : (struct str){ NULL, 0 };
}

/* A coupon that is given says itself how long it holds. */
static int64_t days_of(const struct tool *t, const struct tools *all)
{
	const struct tool *coupon = t->gives == GIVES_COUPON
	                                    ? tools_find(all, TOOL_COUPON, t->what)
	                                    : NULL;

	return coupon != NULL ? coupon->days : t->days;
}

static void put_tool(const struct compose_case *k, const struct tool *t, struct arena *a,
                     struct str values[PUSH_VARIABLES])
{
	const bool sold = t->kind == TOOL_FLASH || t->kind == TOOL_REDEEM;

	values[PUSH_VAR_DAYS] = number_text(a, days_of(t, k->tools));
	if (t->kind == TOOL_GIFT)
		values[PUSH_VAR_GIFT] = t->name[k->language];
	if (!sold)
		return;
	values[PUSH_VAR_NAME] = t->name[k->language];
	values[PUSH_VAR_POINTS] = number_text(a, t->points);
	if (t->fen > 0)
		values[PUSH_VAR_PRICE] = money_short(a, t->fen);
	if (t->gives == GIVES_DATA)
		values[PUSH_VAR_VOLUME] = volume_text(a, t->amount * KIB_OF_MB);
	if (t->stock > 0)
		values[PUSH_VAR_LEFT] = arena_printf(a, "%" PRId64,
		                                     stock_left(k->stocks, t));
}

static int64_t until_of(const struct compose_case *k, const struct tool *t)
{
	const int64_t until = compose_until(k->campaign, k->now);

	return t != NULL && t->until != 0 && t->until - 1 < until ? t->until - 1 : until;
}

#define TOKEN STR("{token}")

struct str compose_link(const struct campaign *c, struct str token, struct arena *a)
{
	const size_t at = str_find(c->link, TOKEN);

	if (at == SIZE_MAX)
		return c->link;
	return arena_printf(a, "%.*s%.*s%.*s", (int)at, c->link.p, STR_ARG(token),
	                    (int)(c->link.n - at - TOKEN.n), c->link.p + at + TOKEN.n);
}

bool compose_hands(const struct campaign *c)
{
	return c->mms.n > 0 || str_find(c->link, TOKEN) != SIZE_MAX;
}

static struct str link_of(const struct compose_case *k, struct arena *a)
{
	char token[HANDOFF_TOKEN + 1];

	arms_token(k->salt, k->target->msisdn, token);
	return compose_link(k->campaign, str_of(token), a);
}

void compose_target(const struct compose_case *k, struct arena *a,
                    struct str values[PUSH_VARIABLES])
{
	const struct target_row *t = k->target;
	const struct package *has = catalogue_find(k->packages, k->package);
	struct ware w = { .tool = NULL };
	const bool known = ware_find(k->campaign->kind, t->offer, k->packages, k->tools,
	                             &w);

	for (int i = 0; i < PUSH_VARIABLES; i++)
		values[i] = (struct str){ NULL, 0 };
	if (known && w.package != NULL)
		compose_values(w.package, k->language, a, values);
	if (known && w.tool != NULL)
		put_tool(k, w.tool, a, values);
	values[PUSH_VAR_SAVING] = optional(t->saving);
	values[PUSH_VAR_REASON] = optional(t->why);
	values[PUSH_VAR_REPLY] = STR("1");
	if (has != NULL)
		values[PUSH_VAR_PACKAGE] = package_name(has, k->language);
	if (k->campaign->link.n > 0)
		values[PUSH_VAR_LINK] = link_of(k, a);
	if (t->command.n > 0)
		values[PUSH_VAR_UNTIL] = day_text(a, k->language, until_of(k, w.tool));
}
