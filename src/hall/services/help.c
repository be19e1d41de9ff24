/*
 * help.c - what can be sent, in one message: first what is likely next for this
 * subscriber (a task or order under way, money owed, a group he looks after, a phone
 * reported lost), then the codes that he uses most, then others.
 */
#include "../desk_priv.h"

enum {
	SHOWN = 4
};

/* Those that may be among the four, in the order in which they fill up. */
static const struct common {
	const char *intent;
	enum reply_id word;
} commons[] = {
	{ "balance.query", REPLY_HELP_BALANCE },
	{ "bill.query", REPLY_HELP_BILL },
	{ "usage.query", REPLY_HELP_USAGE },
	{ "package.current", REPLY_HELP_PACKAGE },
	{ "points.query", REPLY_HELP_POINTS },
	{ "detail.query", REPLY_HELP_DETAIL },
	{ "payment.query", REPLY_HELP_PAYMENT },
	{ "package.list", REPLY_HELP_PACKAGES },
	{ "plan.advice", REPLY_HELP_ADVICE },
	{ "complaint.open", REPLY_HELP_COMPLAINT },
};

enum {
	COMMONS = sizeof(commons) / sizeof(commons[0])
};

struct shown {
	bool taken[COMMONS];
	struct str text[SHOWN];
	size_t n;
};

static void add(const struct call *c, struct shown *s, struct str code,
                enum reply_id word)
{
	if (s->n < SHOWN)
		s->text[s->n++] = arena_printf(c->q->arena, "%.*s%.*s", STR_ARG(code),
		                               STR_ARG(call_text(c, word, NULL)));
}

static void show(const struct call *c, struct shown *s, size_t i)
{
	if (s->n == SHOWN || s->taken[i] || !call_offered(c, commons[i].intent))
		return;
	s->taken[i] = true;
	add(c, s, call_way(c, commons[i].intent), commons[i].word);
}

/* ---- what is likely next ---- */

/* The newest that is open, such as a complaint. */
static void show_task(const struct call *c, struct shown *s)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_tasks; i++)
		if (d->task[i].done_at == 0 && d->task[i].order == 0) {
			add(c, s, desk_task_number(c, d->task[i].id), REPLY_HELP_TASK);
			return;
		}
}

/* The newest that waits for its day, or for him at a shop. */
static void show_order(const struct call *c, struct shown *s)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_orders; i++) {
		const struct order *o = &d->order[i];

		if ((o->state == ORDER_ACCEPTED || o->state == ORDER_CONFIRMED) &&
		    o->effective_at > c->q->now) {
			add(c, s, call_code(c, "order.query", call_order_number(c, o)),
			    REPLY_HELP_ORDER);
			return;
		}
	}
}

/* Of an enterprise that he administers, or of those whose account manager he is. */
static void show_groups(const struct call *c, struct shown *s)
{
	const struct dossier *d = c->q->who;

	if (d->n_customers > 0)
		add(c, s, call_way(c, "manager.customers"), REPLY_HELP_CUSTOMERS);
	if (d->group == NULL ||
	    (group_rights(&c->hall->groups, d->group) & GROUP_REPORT) == 0)
		return;
	add(c, s, call_way(c, "group.report"), REPLY_HELP_GROUP);
	add(c, s, call_way(c, "group.usage"), REPLY_HELP_GROUP_USAGE);
}

/* Whoever holds a lost phone learns nothing of what is under way. */
static void show_next(const struct call *c, struct shown *s)
{
	const struct dossier *d = c->q->who;

	if (d->known && d->sub.status == SUB_LOST)
		add(c, s, call_way(c, "lost.cancel"), REPLY_HELP_FOUND);
	if (!call_open(c, ACCESS_READ))
		return;
	if (call_owes(c))
		add(c, s, call_code(c, "order.elsewhere", STR("CZ")), REPLY_HELP_TOPUP);
	show_task(c, s);
	show_order(c, s);
	show_groups(c, s);
}

static struct hall_answer say(const struct call *c, const struct shown *s, size_t n)
{
	struct str codes = STR("");

	for (size_t i = 0; i < n; i++)
		codes = arena_printf(c->q->arena, "%.*s%s%.*s", STR_ARG(codes),
		                     i == 0                   ? ""
		                     : c->language == LANG_EN ? ", "
		                                              : " ",
		                     STR_ARG(s->text[i]));
	return call_say(c, CALL_DONE, REPLY_HELP,
	                &(struct reply_values){ .codes = codes });
}

static struct hall_answer answer(const struct call *c)
{
	const struct dossier *d = c->q->who;
	struct shown s = { .n = 0 };
	struct hall_answer a;

	show_next(c, &s);
	for (size_t k = 0; k < d->n_habits; k++)
		for (size_t i = 0; i < COMMONS; i++)
			if (str_eq(d->habit[k], str_of(commons[i].intent)))
				show(c, &s, i);
	for (size_t i = 0; i < COMMONS; i++)
		show(c, &s, i);
	for (size_t n = s.n;; n--) {
		a = say(c, &s, n);
		if (n <= 1 || reply_fits(REPLY_HELP, a.text))
			return a;
	}
}

const struct service service_help = {
	.intent = "help",
	.access = ACCESS_FREE,
	.needs = NEED_HABITS | NEED_TASKS | NEED_ORDERS | NEED_ACCOUNT | NEED_GROUP |
	         NEED_CUSTOMERS,
	.label = REPLY_LABEL_HELP,
	.answer = answer,
};
