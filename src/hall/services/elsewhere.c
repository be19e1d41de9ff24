/*
 * elsewhere.c - orders that are taken by text and end at a shop, with a technician or on
 * the web: number, papers, place and last day.  What there is: grammar/errands.conf.
 *
 * Each becomes a task of its desk, which closes it; what the subscriber does by himself
 * (a top-up) becomes none.  They cost nothing and can be undone until their last day; the order's package is the
 * errand's code, of an invoice with its month behind: "FP-2026-09".
 */
#include <inttypes.h>

#include "../desk_priv.h"

static const char request[] = "order.elsewhere", invoice[] = "invoice.request";

bool elsewhere_made(const struct order *o)
{
	return str_eq(o->kind, str_of(request)) || str_eq(o->kind, str_of(invoice));
}

static const struct errand *errand_of(const struct call *c, const struct order *o)
{
	struct str rest = o->package, code = STR("");

	(void)str_cut(&rest, '-', &code);
	return desk_errand(c->hall->conf.desk, code);
}

static bool month_of(const struct order *o, month_t *m)
{
	struct str rest = o->package, code;

	return str_cut(&rest, '-', &code) && rest.p != NULL &&
	       civil_parse_month(rest, m) == ERR_OK;
}

struct str elsewhere_name(const struct call *c, const struct order *o)
{
	const struct errand *e = errand_of(c, o);
	struct reply_values v = { 0 };
	month_t m;

	if (e == NULL)
		return call_text(c, REPLY_DEED_OTHER, NULL);
	v.item = e->name[c->language];
	if (month_of(o, &m))
		v.month = call_month(c, m);
	return call_text(c, REPLY_ELSEWHERE_NAME, &v);
}

static struct reply_values values_of(const struct call *c, const struct order *o)
{
	const struct errand *e = errand_of(c, o);
	struct reply_values v = { .order = call_order_number(c, o),
		                  .deed = elsewhere_name(c, o),
		                  .day = call_date(c, o->effective_at) };

	if (e == NULL)
		return v;
	v.papers = e->papers[c->language];
	v.where = e->where[c->language];
	return v;
}

struct hall_answer elsewhere_status(const struct call *c, const struct order *o)
{
	const struct reply_values v = values_of(c, o);

	if (o->state == ORDER_CONFIRMED && o->effective_at < c->q->now)
		return call_say(c, CALL_DONE, REPLY_ELSEWHERE_LAPSED, &v);
	return call_say(c, CALL_DONE, REPLY_ELSEWHERE_OPEN, &v);
}

/* The order for the same that is still open, or NULL. */
static const struct order *open_order(const struct call *c, struct str package)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_orders; i++)
		if (d->order[i].state == ORDER_CONFIRMED &&
		    elsewhere_made(&d->order[i]) &&
		    str_eq(d->order[i].package, package) &&
		    d->order[i].effective_at >= c->q->now)
			return &d->order[i];
	return NULL;
}

/* The desk's task: who comes, for what, until when. */
static void hand_on(const struct call *c, const struct errand *e, const struct order *o)
{
	const struct hall_question *q = c->q;

	if (e->by_himself)
		return;
	(void)changes_work(
		q->changes, q->who, q->now, q->id,
		(struct task_row){
			.kind = STR("errand"),
			.text = arena_printf(q->arena, "%.*s %.*s", STR_ARG(o->package),
	                                     STR_ARG(e->name[LANG_ZH_HANS])),
			.desk = e->desk,
			.due_at = e->promise > 0 ? call_day_end(c, e->promise) : 0,
			.context = arena_printf(
				q->arena, "order=%" PRId64 "; package=%.*s; region=%.*s",
				o->id, STR_ARG(q->who->sub.package),
				STR_ARG(q->who->sub.region)),
			.order = o->id,
		});
}

void elsewhere_undone(const struct call *c, const struct order *o)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_tasks; i++)
		if (d->task[i].order == o->id && d->task[i].done_at == 0)
			changes_add(c->q->changes, tasks_done,
			            (struct task_end){ .id = d->task[i].id,
			                               .at = c->q->now,
			                               .answer = STR("") });
}

static struct hall_answer take(const struct call *c, const struct errand *e,
                               struct str package)
{
	const struct order *o = open_order(c, package);
	struct reply_values v;

	if (o != NULL)
		return elsewhere_status(c, o);
	o = call_order(c, (struct order){ .package = package,
	                                  .state = ORDER_CONFIRMED,
	                                  .effective_at = call_day_end(c, e->days),
	                                  .undo_until = call_day_end(c, e->days) });
	hand_on(c, e, o);
	v = values_of(c, o);
	return call_say(c, CALL_DONE, REPLY_ELSEWHERE_OK, &v);
}

/* What there is, but for invoices, which have a command of their own. */
static struct hall_answer choose(const struct call *c, const struct desk *d)
{
	struct menu *menu = arena_new(c->q->arena, struct menu);

	for (size_t i = 0; i < d->n_errands; i++) {
		const struct errand *e = &d->errand[i];

		if (!str_eq(e->code, STR("FP")))
			menu_add(menu, e->name[c->language],
			         call_command(c, request, "code", e->code));
	}
	if (menu->n == 0)
		return call_unavailable(c);
	return call_menu(c, "asked", REPLY_ELSEWHERE_MENU, &(struct reply_values){ 0 },
	                 menu);
}

static struct hall_answer answer(const struct call *c)
{
	const struct desk *d = c->hall->conf.desk;
	const struct grammar_slot *code = call_named(c, "code");
	const struct errand *e;

	if (d == NULL || d->n_errands == 0)
		return call_unavailable(c);
	if (code == NULL)
		return choose(c, d);
	e = desk_errand(d, code->text);
	return e != NULL ? take(c, e, e->code) : choose(c, d);
}

/* Of the month asked for, else of the latest that is billed. */
static struct hall_answer answer_invoice(const struct call *c)
{
	const struct errand *e = desk_errand(c->hall->conf.desk, STR("FP"));
	const struct grammar_slot *asked = call_slot(c, GRAMMAR_MONTH);
	const month_t now = civil_month(c->q->now);
	const struct usage_month *u = dossier_last_bill(c->q->who, now);
	const struct usage_month *wanted = asked != NULL ? dossier_usage(c->q->who,
	                                                                 asked->month)
	                                                 : u;

	if (e == NULL)
		return call_unavailable(c);
	/* Which months have no bill, and why, is the bill's to say. */
	if (wanted == NULL || wanted->bill_fen == BILL_NONE)
		return service_bill.answer(c);
	if (wanted->bill_fen <= 0)
		return call_say(
			c, CALL_NONE, REPLY_INVOICE_NOTHING,
			&(struct reply_values){ .month = call_month(c, wanted->month) });
	return take(c, e,
	            arena_printf(c->q->arena, "%.*s-%04d-%02d", STR_ARG(e->code),
	                         month_year(wanted->month),
	                         month_of_year(wanted->month)));
}

const struct service service_elsewhere = {
	.intent = request,
	.access = ACCESS_ORDER,
	.needs = NEED_ORDERS,
	.label = REPLY_LABEL_ELSEWHERE,
	.answer = answer,
};

const struct service service_invoice = {
	.intent = invoice,
	.access = ACCESS_MONEY,
	.needs = NEED_ORDERS | NEED_USAGE | NEED_BILL | NEED_SUBSCRIPTIONS,
	.label = REPLY_LABEL_INVOICE,
	.answer = answer_invoice,
};
