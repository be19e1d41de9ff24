/*
 * group.c - a month of an enterprise: for its administrators, and for the operator's account
 * manager of it.
 *
 * Members' numbers are masked.  A manager is the phone that groups.csv names: he sees his
 * own customers only, and nothing of a single member.
 */
#include "../hall_priv.h"
#include "../numbers_priv.h"
#include "grammar/command.h"
#include "model/money.h"
#include "model/volume.h"

enum {
	PARTS = 4 /* of the bill, and of what is held, that a text names */
};

/* {code} goes before another month. */
static struct reply_values values_of(const struct call *c, const struct group_head *h)
{
	return (struct reply_values){
		.group = call_name(c, h->name),
		.manager = numbers_manager(c, h),
		.code = call_way(c, c->q->command->intent->name),
	};
}

/* False: *why says that the month has no bills, or that there are too many members. */
static bool put_sums(const struct call *c, const struct group_view *g,
                     struct reply_values *v, struct hall_answer *why)
{
	if (g->month != 0)
		v->month = call_month(c, g->month);
	if (g->billed == 0) {
		*why = call_say(c, CALL_NONE, REPLY_GROUP_EMPTY, v);
		return false;
	}
	v->count = call_number(c, g->billed);
	v->total = money_text(c->q->arena, g->bill_fen);
	if (g->more)
		v->rest = call_number(c, GROUP_MEMBERS);
	return true;
}

/* ---- the highest bills ---- */

static struct hall_answer say_report(const struct call *c, const struct group_view *g,
                                     struct reply_values *v)
{
	struct items items = { .total = g->n_top };
	struct hall_answer why;

	if (!put_sums(c, g, v, &why))
		return why;
	for (; items.n < g->n_top; items.n++)
		items.item[items.n] = call_text(
			c, REPLY_GROUP_ITEM,
			&(struct reply_values){
				.peer = numbers_masked(c, g->top[items.n].msisdn),
				.amount = money_text(c->q->arena, g->top[items.n].fen) });
	return call_say_list(c, CALL_DONE, REPLY_GROUP_REPORT, v, &items);
}

/* ---- what was used, what the money was for, what is held ---- */

/* The dearest lines, and the rest as one; "" without lines. */
static struct str parts_text(const struct call *c, const struct group_view *g)
{
	struct str part[PARTS + 1];
	int64_t rest = g->bill_fen;
	size_t n = 0;

	for (; n < PARTS && n < g->n_items; n++) {
		part[n] = call_text(
			c, REPLY_BILL_LINE,
			&(struct reply_values){
				.item = g->item[n].name,
				.amount = money_text(c->q->arena, g->item[n].fen) });
		rest -= g->item[n].fen;
	}
	if (n == 0)
		return (struct str){ NULL, 0 };
	if (rest != 0)
		part[n++] = call_text(c, REPLY_BILL_OTHER,
		                      &(struct reply_values){
					      .amount = money_text(c->q->arena, rest) });
	return call_join(c, part, n);
}

static struct str held_text(const struct call *c, const struct group_view *g)
{
	struct str held[PARTS];
	size_t n = 0;

	for (; n < PARTS && n < g->n_held; n++)
		held[n] = call_text(
			c, REPLY_GROUP_HELD,
			&(struct reply_values){
				.package = call_package(c, g->held[n].package),
				.count = call_number(c, g->held[n].count) });
	return n > 0 ? call_join(c, held, n) : (struct str){ NULL, 0 };
}

static struct hall_answer say_detail(const struct call *c, const struct group_view *g,
                                     struct reply_values *v)
{
	struct hall_answer why;

	if (!put_sums(c, g, v, &why))
		return why;
	v->list = parts_text(c, g);
	v->calls_used = call_number(c, voice_minutes(g->voice_s));
	v->texts_used = call_number(c, g->sms);
	v->data_used = volume_text(c->q->arena, g->data_kib);
	v->held = held_text(c, g);
	return call_say(c, CALL_DONE, REPLY_GROUP_DETAIL, v);
}

/* ---- administrators ---- */

static struct hall_answer administer(const struct call *c,
                                     struct hall_answer (*say)(const struct call *c,
                                                               const struct group_view *g,
                                                               struct reply_values *v))
{
	const struct group_view *g = c->q->who->view;
	struct reply_values v;

	if (g == NULL)
		return call_say(c, "refused.group", REPLY_GROUP_NOT, NULL);
	v = values_of(c, &g->of);
	if ((group_rights(&c->hall->groups, &g->of) & GROUP_REPORT) == 0)
		return call_say(c, "refused.group", REPLY_GROUP_LEVEL, &v);
	return say(c, g, &v);
}

static struct hall_answer answer_report(const struct call *c)
{
	return administer(c, say_report);
}

static struct hall_answer answer_usage(const struct call *c)
{
	return administer(c, say_detail);
}

/* ---- account managers ---- */

static struct str command_of(const struct call *c, const struct customer *k)
{
	struct grammar_command one = *c->q->command;

	(void)grammar_command_set(&one, (struct grammar_slot){ .name = "group",
	                                                       .type = GRAMMAR_TEXT,
	                                                       .text = k->of.code });
	return dialogue_command(c, &one);
}

static struct hall_answer list_customers(const struct call *c)
{
	const struct dossier *d = c->q->who;
	struct menu *menu = arena_new(c->q->arena, struct menu);

	for (size_t i = 0; i < d->n_customers; i++)
		menu_add(menu,
		         call_text(c, REPLY_CUSTOMERS_ITEM,
		                   &(struct reply_values){
					   .group = call_name(c, d->customer[i].of.name),
					   .code = d->customer[i].of.code,
					   .count = call_number(
						   c, d->customer[i].members) }),
		         command_of(c, &d->customer[i]));
	if (menu->n == 0)
		return call_say(c, "refused.manager", REPLY_CUSTOMERS_NOT, NULL);
	return call_menu(c, CALL_DONE, REPLY_CUSTOMERS_LIST,
	                 &(struct reply_values){
				 .total = call_number(c, (int64_t)d->n_customers) },
	                 menu);
}

static struct hall_answer answer_customers(const struct call *c)
{
	const struct dossier *d = c->q->who;
	struct reply_values v;

	if (d->n_customers == 0)
		return call_say(c, "refused.manager", REPLY_CUSTOMERS_NOT, NULL);
	if (call_named(c, "group") == NULL)
		return list_customers(c);
	if (d->view == NULL)
		return call_say(c, "refused.manager", REPLY_CUSTOMERS_OTHER,
		                &(struct reply_values){
					.code = call_way(c, "manager.customers") });
	v = values_of(c, &d->view->of);
	v.manager = (struct str){ NULL, 0 };
	v.code = arena_printf(c->q->arena, "%.*s %.*s ", STR_ARG(v.code),
	                      STR_ARG(d->view->of.code));
	return say_detail(c, d->view, &v);
}

void group_about(const struct service *s, const struct grammar_command *command,
                 struct dossier *d)
{
	if ((s->needs & NEED_GROUP_MONTH) == 0)
		return;
	d->about.group = STR("");
	d->about.month = 0;
	for (size_t i = 0; i < command->n_slots; i++) {
		const struct grammar_slot *slot = &command->slot[i];

		if (strcmp(slot->name, "group") == 0)
			d->about.group = slot->text;
		if (slot->type == GRAMMAR_MONTH)
			d->about.month = slot->month;
	}
}

#define OF_A_GROUP(of, intent_name, needed, label_id, answers) \
	const struct service service_##of = {                  \
		.intent = (intent_name),                       \
		.access = ACCESS_MONEY,                        \
		.needs = NEED_GROUP_MONTH | (needed),          \
		.label = (label_id),                           \
		.answer = (answers),                           \
	}
OF_A_GROUP(group_report, "group.report", NEED_GROUP, REPLY_LABEL_GROUP, answer_report);
OF_A_GROUP(group_usage, "group.usage", NEED_GROUP, REPLY_LABEL_GROUP_USAGE, answer_usage);
OF_A_GROUP(customers, "manager.customers", NEED_CUSTOMERS, REPLY_LABEL_CUSTOMERS,
           answer_customers);
