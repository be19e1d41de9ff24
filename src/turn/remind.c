/*
 * remind.c - reminders whose time has come are looked at, some a tick, by day only: one
 * that is due by night where its subscriber lives is looked at in the morning.
 */
#include "push/hours.h"
#include "turn_priv.h"

enum {
	SLICE = 50
};

static enum err load(struct turn *t, struct dossier *who, const struct reminder *r,
                     int64_t now)
{
	const unsigned needs = hall_remind_needs(r);
	enum err e = store_load_dossiers(t->conf.store, &t->arena, &who, 1);

	if (e == ERR_OK && needs != 0)
		e = store_load_needs(t->conf.store, &t->arena, &who, &needs, 1, now);
	return e;
}

static enum err look(struct turn *t, struct store_reminder *r, int64_t now_ms)
{
	struct dossier *who = arena_new(&t->arena, struct dossier);
	const struct hall_question q = turn_question(t, who, now_ms / 1000);
	struct reminder *reminder = &r->row.reminder;
	struct str text = STR("");
	int64_t day;
	enum err e;

	who->msisdn = r->row.msisdn;
	e = load(t, who, reminder, q.now);
	if (e != ERR_OK)
		return e;
	day = hours_notice(q.push, who->sub.region, q.now);
	if (!who->known || who->sub.owner_since != r->row.owner_since || r->group.n == 0)
		reminder->next_at = 0;
	else if (day > q.now)
		reminder->next_at = day;
	else
		text = hall_remind(t->conf.hall, &q, reminder);
	changes_add(&t->changes, reminders, r->row);
	if (text.n > 0)
		batch_tell(t, now_ms,
		           &(struct delayed_row){ .msisdn = who->msisdn,
		                                  .group = r->group,
		                                  .from = r->to,
		                                  .to = r->from,
		                                  .text = text });
	return ERR_OK;
}

enum err remind(struct turn *t, int64_t now_ms)
{
	struct store_reminder *row;
	size_t n;
	enum err e = store_due_reminders(t->conf.store, &t->arena, now_ms / 1000, SLICE,
	                                 &row, &n);

	for (size_t i = 0; e == ERR_OK && i < n; i++)
		e = look(t, &row[i], now_ms);
	return e;
}
