/*
 * undo.c - an order taken back, while it can be and nothing of it was used: what it
 * charged comes back with it.
 *
 * Without a number those that can be are shown: nothing is undone before one is chosen.
 * The number of somebody else's order is answered as one that does not exist.
 */
#include "../desk_priv.h"
#include "../hall_priv.h"
#include "../numbers_priv.h"
#include "../request_priv.h"
#include "../tools_priv.h"
#include "model/money.h"

enum {
	/* NOLINTNEXTLINE(misc-redundant-expression): each names all that it needs */
	UNDO_NEEDS = TOOLS_NEEDS | NEED_TASKS | NEED_USAGE | NEED_PLACES | NEED_REQUESTS
};

static struct reply_values named(const struct call *c, const struct order *o)
{
	return (struct reply_values){
		.order = call_order_number(c, o),
		.package = call_package(c, o->package),
	};
}

/* ---- the kinds: each takes back what its order did, or says why not ---- */

static bool say_late(const struct call *c, const struct order *o, struct hall_answer *why)
{
	const struct reply_values v = named(c, o);

	*why = call_say(c, "refused.late", REPLY_UNDO_LATE, &v);
	return false;
}

/* The package has not changed yet: nothing but the order is to be taken back. */
static bool keep_package(const struct call *c, const struct order *o,
                         struct hall_answer *why)
{
	return c->q->who->known || say_late(c, o, why);
}

/* Nobody is to wait for him. */
static bool call_off(const struct call *c, const struct order *o, struct hall_answer *why)
{
	elsewhere_undone(c, o);
	return keep_package(c, o, why);
}

/* Whoever was asked need not answer. */
static bool withdraw(const struct call *c, const struct order *o, struct hall_answer *why)
{
	(void)why;
	request_withdraw(c, o);
	return true;
}

static int64_t cut_number(struct str *rest)
{
	struct str part;
	int64_t v = 0;

	return str_cut(rest, '|', &part) && str_i64(part, &v) == ERR_OK ? v : 0;
}

/* Whether some of an allowance was used, of the part that the service brought. */
static bool beyond(int64_t total, int64_t brought, int64_t before, int64_t now)
{
	const int64_t own = total - brought;

	return brought > 0 && now > own && now > before;
}

/* By the month's figures since the order, and by what is on record of its pack. */
static bool was_used(const struct call *c, const struct order *o)
{
	const struct dossier *d = c->q->who;
	const struct package *p = catalogue_find(c->q->catalogue, o->package);
	struct str was = o->was;
	const int64_t data = cut_number(&was), voice = cut_number(&was),
		      sms = cut_number(&was);
	struct package terms;
	struct usage_month u;

	for (size_t i = 0; p != NULL && i < d->n_resources; i++)
		if (d->resource[i].used > 0 && str_eq(d->resource[i].name, p->name_zh))
			return true;
	if (p == NULL || !call_terms(c, civil_month(c->q->now), &terms) ||
	    !call_usage(c, &u))
		return false;
	return beyond(terms.data_kib, p->data_kib, data, u.data_kib) ||
	       beyond(terms.voice_s, p->voice_s, voice, u.voice_s) ||
	       beyond(terms.sms, p->sms, sms, u.sms);
}

/*
 * A trial that the order ended goes on until its own end.  One that had begun in the same
 * second has left its row to the order's.
 */
static void resume_trial(const struct call *c, const struct order *o)
{
	const struct dossier *d = c->q->who;
	struct subscription again = { .package = o->package,
		                      .since = o->at,
		                      .trial = true };
	struct str was = o->was;
	int64_t until = 0;

	for (int i = 0; i < 4; i++)
		until = cut_number(&was);
	for (size_t i = 0; i < d->n_held; i++)
		if (d->held[i].trial && d->held[i].until == o->at - 1 &&
		    str_eq(d->held[i].package, o->package))
			again = d->held[i];
	again.until = until;
	if (until > c->q->now)
		changes_held(c->q->changes, c->q->who, &again);
}

static struct hall_answer say_used(const struct call *c, const struct order *o)
{
	struct reply_values v = named(c, o);

	v.code = call_code(c, "service.cancel", o->package);
	return call_say(c, "refused.used", REPLY_UNDO_USED, &v);
}

static struct hall_answer say_rules(const struct call *c, const struct order *o,
                                    struct str other, enum reply_id id)
{
	struct reply_values v = named(c, o);

	v.item = call_package(c, other);
	v.code = call_code(c, id == REPLY_OPEN_NEEDS ? "service.open" : "service.cancel",
	                   other);
	return call_say(c, "refused.rules", id, &v);
}

/*
 * Whether a later order of the same second opened the service once more: the row, whose key
 * is the second, is that one's then.
 */
static bool opened_again(const struct call *c, const struct order *o)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_orders; i++) {
		const struct order *later = &d->order[i];

		if (later->id > o->id && later->at == o->at &&
		    later->state == ORDER_EFFECTIVE && str_eq(later->kind, o->kind) &&
		    str_eq(later->package, o->package))
			return true;
	}
	return false;
}

/* Whether it holds the subscription that this order opened. */
static bool is_open(const struct call *c, const struct order *o)
{
	const struct subscription *s = call_holding(c, o->package);

	return s != NULL && s->since == o->at && !opened_again(c, o);
}

/* The subscription that the order opened ends. */
static bool close_service(const struct call *c, const struct order *o,
                          struct hall_answer *why)
{
	const struct subscription *s = call_holding(c, o->package);
	const struct str by = call_dependent(c, o->package);
	struct subscription ended;

	if (!is_open(c, o))
		return say_late(c, o, why);
	if (by.n > 0)
		*why = say_rules(c, o, by, REPLY_RULES_NEEDED);
	else if (was_used(c, o))
		*why = say_used(c, o);
	if (why->text.n > 0)
		return false;
	ended = *s;
	ended.until = ended.since - 1;
	changes_held(c->q->changes, c->q->who, &ended);
	changes_consent(c->q->changes, c->q->who, o->package, false, c->q->now,
	                c->q->text);
	resume_trial(c, o);
	return true;
}

/* The row that the order ended, or NULL. */
static const struct subscription *ended_by(const struct call *c, const struct order *o)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; call_holding(c, o->package) == NULL && i < d->n_held; i++)
		if (str_eq(d->held[i].package, o->package) &&
		    d->held[i].until == o->at - 1)
			return &d->held[i];
	return NULL;
}

/* Whether there is something to be opened again. */
static bool is_ended(const struct call *c, const struct order *o)
{
	return ended_by(c, o) != NULL;
}

/* The subscription that the order ended goes on, until the end that it had. */
static bool open_again(const struct call *c, const struct order *o,
                       struct hall_answer *why)
{
	const struct subscription *s = ended_by(c, o);
	struct str was = o->was, other;
	struct subscription again;
	bool needed;

	if (s == NULL && call_holding(c, o->package) != NULL) {
		const struct reply_values v = named(c, o);

		*why = call_say(c, CALL_NONE, REPLY_UNDO_AGAIN, &v);
		return false;
	}
	if (s == NULL)
		return say_late(c, o, why);
	if (!call_compatible(c, o->package, STR(""), &needed, &other)) {
		*why = say_rules(c, o, other,
		                 needed ? REPLY_OPEN_NEEDS : REPLY_UNDO_RULES);
		return false;
	}
	again = *s;
	again.until = cut_number(&was);
	changes_held(c->q->changes, c->q->who, &again);
	changes_consent(c->q->changes, c->q->who, o->package, true, c->q->now,
	                c->q->text);
	return true;
}

/* A kind of order that can be undone is a line here. */
static const struct undo {
	const char *kind;
	enum reply_id done;
	/* Whether what the order did is still so; NULL: as long as the order stands. */
	bool (*holds)(const struct call *c, const struct order *o);
	/* False: *why says why not; it is empty before. */
	bool (*undo)(const struct call *c, const struct order *o,
	             struct hall_answer *why);
} undos[] = {
	{ "package.change", REPLY_UNDO_CHANGE, NULL, keep_package },
	{ "service.open", REPLY_UNDO_OPEN, is_open, close_service },
	{ "service.cancel", REPLY_UNDO_CANCEL, is_ended, open_again },
	{ "order.elsewhere", REPLY_UNDO_ELSEWHERE, NULL, call_off },
	{ "invoice.request", REPLY_UNDO_ELSEWHERE, NULL, call_off },
	{ REQUEST_APPLIED, REPLY_UNDO_REQUEST, NULL, withdraw },
	{ REQUEST_FOR, REPLY_UNDO_REQUEST, NULL, withdraw },
};

static const struct undo *find_undo(const struct order *o)
{
	for (size_t i = 0; i < sizeof(undos) / sizeof(undos[0]); i++)
		if (str_eq(o->kind, str_of(undos[i].kind)))
			return &undos[i];
	return NULL;
}

/* {day}, when it is a trial that goes on. */
static void put_trial(const struct call *c, const struct order *o, struct reply_values *v)
{
	const struct subscription *s = call_holding(c, o->package);

	if (s != NULL && s->trial && str_eq(o->kind, STR("service.cancel")))
		v->day = call_date(c, s->until);
}

/* While it stands, and until its time for that is over. */
static bool may_undo(const struct call *c, const struct order *o)
{
	return find_undo(o) != NULL && c->q->now <= o->undo_until &&
	       order_may(o->state, ORDER_UNDONE);
}

static struct hall_answer undo(const struct call *c, struct order *o)
{
	const struct hall_question *q = c->q;
	const struct undo *u = find_undo(o);
	const struct package *p = catalogue_find(q->catalogue, o->package);
	struct reply_values v = named(c, o);
	struct hall_answer why = { { "", 0 }, "" };

	if (p != NULL && p->fee_fen > 0)
		v.fee = money_short(q->arena, p->fee_fen);
	if (o->state == ORDER_UNDONE)
		return call_say(c, CALL_NONE, REPLY_UNDO_ALREADY, &v);
	if (u == NULL || o->undo_until == 0)
		return call_say(c, "refused.never", REPLY_UNDO_NEVER, &v);
	if (!may_undo(c, o)) {
		(void)say_late(c, o, &why);
		return why;
	}
	if (!u->undo(c, o, &why))
		return why;
	if (o->charged_fen > 0)
		v.amount = money_text(q->arena, o->charged_fen);
	put_trial(c, o, &v);
	changes_order_state(q->changes, q->who, o, ORDER_UNDONE, q->now);
	tool_undone(c, o);
	call_step(c, STEP_UNDONE, o->id);
	return call_say(c, CALL_DONE, v.day.n > 0 ? REPLY_UNDO_TRIAL : u->done, &v);
}

/* Whether it is worth while to offer that. */
static bool may_offer(const struct call *c, const struct order *o)
{
	const struct undo *u = find_undo(o);

	return may_undo(c, o) && (u->holds == NULL || u->holds(c, o));
}

static struct order *find_order(const struct dossier *d, int64_t id)
{
	for (size_t i = 0; i < d->n_orders; i++)
		if (d->order[i].id == id)
			return &d->order[i];
	return NULL;
}

/* The order that the command names, or NULL. */
static struct order *named_order(const struct dossier *d,
                                 const struct grammar_command *command)
{
	int64_t id;

	for (size_t i = 0; i < command->n_slots; i++)
		if (strcmp(command->slot[i].name, "order") == 0 &&
		    str_i64(command->slot[i].text, &id) == ERR_OK)
			return find_order(d, id);
	return NULL;
}

/* Whether an administrator has done it for another number. */
static bool done_for(const struct order *o, struct request_order *out)
{
	return o->state == ORDER_EFFECTIVE && request_read(o, out) && out->number != 0 &&
	       out->order != 0;
}

static bool may_undo_for(const struct call *c, const struct dossier *other)
{
	const struct group_rules *r = &c->hall->groups;

	return other != NULL && other->known &&
	       (group_may(r, c->q->who, other, GROUP_APPROVE) != NULL ||
	        group_may(r, c->q->who, other, GROUP_ORDER) != NULL);
}

/* That number's own order is undone, by whoever may still order for it. */
static struct hall_answer undo_for(const struct call *c, struct order *own,
                                   const struct request_order *of)
{
	struct dossier *other = call_other(c, of->number);
	struct order *theirs;
	struct hall_question q = *c->q;
	struct call as = *c;
	struct hall_answer a = { { "", 0 }, "" };

	if (own->undo_until < c->q->now) {
		(void)say_late(c, own, &a);
		return a;
	}
	if (!may_undo_for(c, other))
		return numbers_refuse(c, of->number, other);
	theirs = find_order(other, of->order);
	if (theirs == NULL) {
		(void)say_late(c, own, &a);
		return a;
	}
	q.who = other;
	as.q = &q;
	as.talk = c->q;
	a = undo(&as, theirs);
	if (theirs->state == ORDER_UNDONE)
		changes_order_state(c->q->changes, c->q->who, own, ORDER_UNDONE,
		                    c->q->now);
	if (strcmp(a.outcome, CALL_DONE) == 0)
		request_tell(
			c, other, REPLY_ACT_UNDONE, of->command,
			(struct reply_values){ .order = call_order_number(c, theirs) });
	a.text = arena_printf(
		c->q->arena, "%.*s%.*s",
		STR_ARG(call_text(
			c, REPLY_ACT_FOR,
			&(struct reply_values){ .number = numbers_text(c, of->number) })),
		STR_ARG(a.text));
	return a;
}

/* Who may have ordered for this number: its administrators, and who has asked it. */
static size_t orderers(const struct dossier *d, int64_t out[static HALL_OTHERS])
{
	size_t n = 0;

	for (size_t i = 0; i < d->n_places; i++)
		for (size_t k = 0; k < d->place[i].n_others && n < HALL_OTHERS; k++)
			out[n++] = d->place[i].other[k];
	for (size_t i = 0; i < d->n_asked_of && n < HALL_OTHERS; i++)
		out[n++] = d->asked_of[i].asker;
	return n;
}

static size_t whose(const struct hall_question *q, const struct grammar_command *command,
                    int64_t out[static HALL_OTHERS])
{
	const struct order *o = q->who->known ? named_order(q->who, command) : NULL;
	struct request_order of;

	if (o == NULL)
		return 0;
	if (!request_read(o, &of))
		return orderers(q->who, out);
	if (!done_for(o, &of))
		return request_asked(q->who, o, out);
	out[0] = of.number;
	return 1;
}

/* Whoever has had it done for this number sees among his own orders that it is undone. */
static void show_orderers(const struct call *c, const struct order *o)
{
	struct request_order of;

	for (size_t i = 0; i < c->q->n_others; i++) {
		struct dossier *other = c->q->others[i];

		for (size_t k = 0; k < other->n_orders; k++)
			if (done_for(&other->order[k], &of) &&
			    of.number == c->q->who->msisdn && of.order == o->id)
				changes_order_state(c->q->changes, other,
				                    &other->order[k], ORDER_UNDONE,
				                    c->q->now);
	}
}

/* An own order, by the number's owner. */
static struct hall_answer undo_own(const struct call *c, struct order *o)
{
	const struct hall_answer a = undo(c, o);

	if (strcmp(a.outcome, CALL_DONE) == 0)
		show_orderers(c, o);
	return a;
}

static struct hall_answer choose(const struct call *c)
{
	const struct dossier *d = c->q->who;
	struct menu *menu = arena_new(c->q->arena, struct menu);

	for (size_t i = 0; i < d->n_orders; i++) {
		const struct order *o = &d->order[i];
		struct reply_values v;

		if (!may_offer(c, o))
			continue;
		v = (struct reply_values){ .order = call_order_number(c, o),
			                   .day = call_date(c, o->at),
			                   .deed = order_deed(c, o) };
		menu_add(menu, call_text(c, REPLY_UNDO_ITEM, &v),
		         call_command(c, "order.undo", "order", v.order));
	}
	if (menu->n == 0)
		return call_say(c, CALL_NONE, REPLY_UNDO_NONE, NULL);
	return call_menu(c, "asked", REPLY_UNDO_MENU, &(struct reply_values){ 0 }, menu);
}

static struct hall_answer answer(const struct call *c)
{
	const struct grammar_slot *asked = call_named(c, "order");
	struct order *o = named_order(c->q->who, c->q->command);
	struct request_order of;

	if (asked == NULL)
		return choose(c);
	if (o != NULL)
		return done_for(o, &of) ? undo_for(c, o, &of) : undo_own(c, o);
	return call_say(c, CALL_NONE, REPLY_ORDER_UNKNOWN,
	                &(struct reply_values){ .order = asked->text });
}

const struct service service_undo = {
	.intent = "order.undo",
	.access = ACCESS_ORDER,
	.needs = UNDO_NEEDS,
	.label = REPLY_LABEL_UNDO,
	.answer = answer,
	.others = whose,
	.other_needs = UNDO_NEEDS,
};
