/*
 * choose_explain.c - the certificate of a choice in words; see office/choose.h.
 */
#include <inttypes.h>

#include "offer/policy.h"
#include "office/choose.h"

enum {
	PPM = 1000000
};

static double yuan(double li)
{
	return li / 1000;
}

static void put_row(const struct chosen_row *r, struct str code, struct buf *out)
{
	static const struct {
		const char *name, *one;
		int unit; /* of what is shown */
		int digits;
	} words[] = {
		[CHOSEN_BUDGET] = { "budget, yuan", "yuan of budget", 1000, 2 },
		[CHOSEN_TEXTS] = { "SMS", "SMS", 1, 0 },
		[CHOSEN_PEOPLE] = { "people", "person", 1, 0 },
		[CHOSEN_FOLLOWED] = { "orders of all", "order", PPM, 1 },
		[CHOSEN_PROFIT] = { "margin beyond", "yuan a month", 1000, 2 },
		[CHOSEN_ORDERS] = { "orders of ", "order of ", PPM, 1 },
		[CHOSEN_SENDS] = { "sends of ", "send of ", 1, 0 },
		[CHOSEN_GROUP] = { "people ", "person ", 1, 0 },
	};
	const int unit = words[r->what].unit, digits = words[r->what].digits;
	const double least = 5; /* li: less is shown as 0.00 */
	const int room = 24 - (int)strlen(words[r->what].name);

	if (r->what == CHOSEN_PROFIT) /* what is used of it is what they lack */
		buf_printf(out, "  %s %3d.%02d %%  %14.*f to spare, yuan a month; ",
		           words[r->what].name, r->offer / 100, r->offer % 100, digits,
		           (double)-r->used / unit);
	else
		buf_printf(out, "  %s%-*.*s %14.*f of %14.*f; ", words[r->what].name,
		           room, STR_ARG(code), digits, (double)r->used / unit, digits,
		           (double)r->limit / unit);
	if (r->price * unit >= least)
		buf_printf(out, "one more %s%.*s is worth %.2f yuan\n",
		           words[r->what].one, STR_ARG(code), yuan(r->price * unit));
	else
		buf_puts(out, STR("not short\n"));
}

/* Of an offer, or a stage; else "". */
static struct str name_of(const struct chosen_row *r,
                          struct str (*code)(const void *ctx, uint16_t offer),
                          const void *ctx)
{
	if (r->what == CHOSEN_GROUP)
		return str_of(stage_name((enum stage)r->offer));
	return r->what >= CHOSEN_ORDERS ? code(ctx, r->offer) : STR("");
}

void choose_explain(const struct chosen *c,
                    struct str (*code)(const void *ctx, uint16_t offer), const void *ctx,
                    struct buf *out)
{
	buf_printf(out,
	           "chosen: %zu of %zu with an offer%s; %.1f orders expected, %" PRId64
	           " SMS, %.2f yuan spent\n",
	           c->n, c->subjects, c->floor_li < 0 ? "" : " that is worth making",
	           (double)c->orders_ppm / PPM, c->texts, yuan((double)c->spend_li));
	buf_printf(out, "worth: %.2f yuan; ", yuan((double)c->value_li));
	if (c->exact)
		buf_puts(out, STR("proven best\n"));
	else if (c->floor_li == 0)
		buf_printf(out, "no choice is worth more than %.2f (%.4f %% above)\n",
		           yuan(c->bound_li), 100 * c->gap);
	else
		buf_printf(out, "no choice is better by more than %.2f yuan (%.4f %%)\n",
		           c->gap * yuan(c->bound_li), 100 * c->gap);
	if (c->floor_li < -1)
		buf_printf(
			out,
			"  counted from the worst offer's %.2f yuan, so that as many are "
			"told as limits allow, and those of most worth\n",
			yuan((double)c->floor_li));
	for (size_t r = 0; r < c->rows; r++)
		put_row(&c->row[r], name_of(&c->row[r], code, ctx), out);
}
