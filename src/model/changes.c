/*
 * changes.c - see model/changes.h.
 */
#include <assert.h>
#include <inttypes.h>

#include "model/changes.h"

void *set_grow(struct arena *a, void *row, size_t n, size_t *cap, size_t size)
{
	void *larger;

	if (n < *cap)
		return row;
	*cap = *cap > 0 ? *cap * 2 : 8;
	larger = arena_alloc(a, *cap * size);
	if (n > 0)
		memcpy(larger, row, n * size);
	return larger;
}

void changes_opt_out(struct changes *c, struct dossier *d, bool out, int64_t now,
                     int64_t inbox)
{
	changes_add(
		c, optouts,
		(struct optout_change){ .msisdn = d->msisdn,
	                                .owner_since = d->known ? d->sub.owner_since : 0,
	                                .at = now,
	                                .inbox = inbox,
	                                .out = out });
	d->opted_out = out;
}

int64_t changes_work(struct changes *c, const struct dossier *d, int64_t now,
                     int64_t inbox, struct task_row task)
{
	task.id = c->next_task++;
	task.msisdn = d->msisdn;
	task.owner_since = d->known ? d->sub.owner_since : 0;
	task.at = now;
	task.inbox = inbox;
	changes_add(c, tasks, task);
	return task.id;
}

int64_t changes_task(struct changes *c, const struct dossier *d, struct str kind,
                     int64_t now, int64_t inbox, struct str text)
{
	return changes_work(c, d, now, inbox,
	                    (struct task_row){ .kind = kind, .text = text });
}

static int64_t owner_of(const struct dossier *d)
{
	return d->known ? d->sub.owner_since : 0;
}

void changes_dialogue_open(struct changes *c, struct dossier *d, const struct dialogue *o)
{
	if (d->msisdn == 0)
		return;
	d->open = arena_new(c->arena, struct dialogue);
	*d->open = *o;
	changes_add(c, dialogues,
	            (struct dialogue_row){ d->msisdn, owner_of(d), false, *o });
}

void changes_dialogue_close(struct changes *c, struct dossier *d)
{
	if (d->open == NULL)
		return;
	d->open = NULL;
	changes_add(c, dialogues,
	            (struct dialogue_row){ .msisdn = d->msisdn,
	                                   .owner_since = owner_of(d),
	                                   .closed = true });
}

void changes_step(struct changes *c, const struct dossier *d, int64_t now,
                  struct step_row step)
{
	step.msisdn = d->msisdn;
	step.owner_since = owner_of(d);
	step.at = now;
	if (d->msisdn != 0)
		changes_add(c, steps, step);
}

static void note_order(struct changes *c, const struct dossier *d, const struct order *o)
{
	changes_add(c, orders, (struct order_row){ d->msisdn, owner_of(d), *o });
}

struct order *changes_order(struct changes *c, struct dossier *d, struct order order)
{
	struct order *all = arena_array(c->arena, struct order, d->n_orders + 1);

	assert((d->have & NEED_ORDERS) != 0 && order_may_begin(order.state));
	assert((order.fee_fen <= 0 && order.charged_fen <= 0 &&
	        order.charged_points <= 0) ||
	       c->confirmed != 0);
	order.id = c->next_order++;
	order.prompt = c->confirmed;
	if (d->n_orders > 0)
		memcpy(all + 1, d->order, d->n_orders * sizeof(*all));
	all[0] = order;
	d->order = all;
	d->n_orders++;
	note_order(c, d, &all[0]);
	if (order.charged_fen != 0 || order.charged_points != 0)
		changes_ledger(c, d, &all[0], "", order.at, -order.charged_fen,
		               -order.charged_points);
	return &all[0];
}

void changes_order_state(struct changes *c, struct dossier *d, struct order *o,
                         enum order_state to, int64_t now)
{
	assert(order_may(o->state, to));
	o->state = to;
	note_order(c, d, o);
	if ((to == ORDER_UNDONE || to == ORDER_REFUSED) &&
	    (o->charged_fen != 0 || o->charged_points != 0))
		changes_ledger(c, d, o, "-back", now, o->charged_fen, o->charged_points);
}

void changes_order_later(struct changes *c, const struct dossier *d, struct order *o,
                         int64_t effective_at)
{
	assert(o->state == ORDER_ACCEPTED);
	o->effective_at = effective_at;
	note_order(c, d, o);
}

void changes_ledger(struct changes *c, struct dossier *d, const struct order *o,
                    const char *suffix, int64_t now, int64_t fen, int64_t points)
{
	assert((fen >= 0 && points >= 0) || c->confirmed != 0);
	d->account.balance_fen += fen;
	d->account.points += points;
	changes_add(c, ledger,
	            (struct ledger_row){
			    .request_id = arena_printf(c->arena, "o%" PRId64 "%s", o->id,
	                                               suffix),
			    .msisdn = d->msisdn,
			    .owner_since = owner_of(d),
			    .at = now,
			    .kind = o->kind,
			    .fen = fen,
			    .points = points,
			    .order = o->id,
			    .inbox = o->inbox,
			    .note = o->package,
		    });
}

static struct subscription *find_held(struct dossier *d, const struct subscription *s)
{
	for (size_t i = 0; i < d->n_held; i++)
		if (d->held[i].since == s->since &&
		    str_eq(d->held[i].package, s->package))
			return &d->held[i];
	return NULL;
}

void changes_held(struct changes *c, struct dossier *d, const struct subscription *s)
{
	struct subscription *old = find_held(d, s), *all;

	assert((d->have & NEED_SUBSCRIPTIONS) != 0);
	changes_add(c, held, (struct held_row){ d->msisdn, owner_of(d), *s });
	if (old != NULL) {
		*old = *s;
		return;
	}
	all = arena_array(c->arena, struct subscription, d->n_held + 1);
	if (d->n_held > 0)
		memcpy(all, d->held, d->n_held * sizeof(*all));
	all[d->n_held++] = *s;
	d->held = all;
}

void changes_package(struct changes *c, struct dossier *d, struct str code)
{
	d->sub.package = code;
	changes_add(c, packages, (struct package_change){ d->msisdn, owner_of(d), code });
}

void changes_consent(struct changes *c, const struct dossier *d, struct str subject,
                     bool given, int64_t now, struct str text)
{
	changes_add(c, consents,
	            (struct agreed_row){ d->msisdn,
	                                 owner_of(d),
	                                 { .subject = subject,
	                                   .given = given,
	                                   .at = now,
	                                   .channel = STR("sms"),
	                                   .text = text } });
}
