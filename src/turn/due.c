/*
 * due.c - what waits for its day: accepted orders, what is said of them where it is night,
 * and dialogues that are forgotten.
 */
#include "push/hours.h"
#include "turn_priv.h"

enum {
	SLICE = 50 /* orders, messages, or dialogues, of one tick */
};

struct hall_question turn_question(struct turn *t, struct dossier *who, int64_t now)
{
	return (struct hall_question){ .id = t->ids.message,
		                       .now = now,
		                       .text = STR(""),
		                       .folded = STR(""),
		                       .command = arena_new(&t->arena,
		                                            struct grammar_command),
		                       .who = who,
		                       .push = t->conf.push,
		                       .catalogue = &t->catalogue,
		                       .changes = &t->changes,
		                       .arena = &t->arena };
}

static enum err load(struct turn *t, struct dossier *who, int64_t now)
{
	const unsigned needs = hall_due_needs() | NEED_PUSHES;
	enum err e = store_load_dossiers(t->conf.store, &t->arena, &who, 1);

	if (e == ERR_OK)
		e = store_load_needs(t->conf.store, &t->arena, &who, &needs, 1, now);
	return e;
}

/* The message without its addresses: by day, where he lives. */
static struct delayed_row message(const struct turn *t, const struct dossier *who,
                                  int64_t now_ms, struct str text)
{
	return (struct delayed_row){ .msisdn = who->msisdn,
		                     .at = hours_notice(t->conf.push, who->sub.region,
		                                        now_ms / 1000),
		                     .text = text };
}

static void tell(struct turn *t, const struct dossier *who, const struct store_due *due,
                 int64_t now_ms, struct str text)
{
	struct delayed_row m = message(t, who, now_ms, text);

	m.group = due->group;
	m.from = due->to;
	m.to = others_address(t, &due->from, due->sender, who->msisdn);
	batch_tell(t, now_ms, &m);
}

/* An order that came of no text came of a campaign's message: from that one's number. */
static void tell_pushed(struct turn *t, const struct dossier *who,
                        const struct order *order, int64_t now_ms, struct str text)
{
	struct delayed_row m = message(t, who, now_ms, text);
	const struct push *p = NULL;

	for (size_t i = 0; i < who->n_pushes && p == NULL; i++)
		if (who->push[i].campaign != 0 &&
		    str_eq(who->push[i].offer, order->package))
			p = &who->push[i];
	if (p == NULL || t->routes.n == 0)
		return;
	m.group = t->routes.route[0].group;
	m.from = route_from(&t->routes.route[0], p->campaign, &t->arena);
	m.to = number_address(t, who->msisdn);
	batch_tell(t, now_ms, &m);
}

static enum err carry_out(struct turn *t, struct store_due *due, int64_t now_ms)
{
	struct dossier *who = arena_new(&t->arena, struct dossier);
	struct hall_question q = turn_question(t, who, now_ms / 1000);
	struct str text;
	enum err e;

	who->msisdn = due->row.msisdn;
	e = load(t, who, now_ms / 1000);
	if (e != ERR_OK)
		return e;
	if (!who->known || who->sub.owner_since != due->row.owner_since) {
		struct order_row gone = due->row;

		gone.order.state = ORDER_REFUSED;
		changes_add(&t->changes, orders, gone);
		return ERR_OK;
	}
	text = hall_due(t->conf.hall, &q, &due->row.order);
	if (text.n > 0 && due->group.n > 0)
		tell(t, who, due, now_ms, text);
	else if (text.n > 0 && due->row.order.inbox == 0)
		tell_pushed(t, who, &due->row.order, now_ms, text);
	return ERR_OK;
}

enum err due_tell(struct turn *t, int64_t now_ms)
{
	struct delayed_row *row = NULL;
	size_t n = 0;
	const enum err e = store_take_delayed(t->conf.store, &t->arena, now_ms / 1000,
	                                      SLICE, &row, &n);

	for (size_t i = 0; e == ERR_OK && i < n; i++)
		batch_tell(t, now_ms, &row[i]);
	return e;
}

enum err due_carry_out(struct turn *t, int64_t now_ms)
{
	const int64_t now = now_ms / 1000;
	struct store_due *due = NULL;
	size_t n = 0;
	struct str *prompt = NULL;
	enum err e = store_expire_dialogues(t->conf.store, &t->arena,
	                                    now - DIALOGUE_KEPT_S, SLICE, &prompt, &n);

	count_forgotten(t, prompt, n);
	n = 0;
	if (e == ERR_OK)
		e = store_due_orders(t->conf.store, &t->arena, now, SLICE, &due, &n);
	if (e != ERR_OK)
		return e;
	for (size_t i = 0; i < n && e == ERR_OK; i++) {
		bool first = true; /* a second one of a number finds this one recorded */

		for (size_t k = 0; k < i && first; k++)
			first = due[k].row.msisdn != due[i].row.msisdn;
		if (first)
			e = carry_out(t, &due[i], now_ms);
	}
	return e;
}
