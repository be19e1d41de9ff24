/*
 * told.c - tasks that people have answered or closed: their subscribers are told.
 */
#include "turn_priv.h"

enum {
	SLICE = 50
};

static bool is_his(const struct dossier *who, const struct store_told *r)
{
	return (who->known ? who->sub.owner_since : 0) == r->owner_since &&
	       r->group.n > 0;
}

static enum err tell_one(struct turn *t, const struct store_told *r, int64_t now_ms)
{
	const unsigned needs = NEED_ORDERS;
	struct dossier *who = arena_new(&t->arena, struct dossier);
	const struct hall_question q = turn_question(t, who, now_ms / 1000);
	struct task_told told = { .id = r->task.id };
	struct str text = STR("");
	enum err e;

	who->msisdn = r->msisdn;
	e = store_load_dossiers(t->conf.store, &t->arena, &who, 1);
	if (e == ERR_OK)
		e = store_load_needs(t->conf.store, &t->arena, &who, &needs, 1, q.now);
	if (e != ERR_OK)
		return e;
	if (is_his(who, r))
		text = hall_tell(t->conf.hall, &q, &r->task, &told.tell_at);
	changes_add(&t->changes, told, told);
	if (text.n > 0)
		batch_tell(t, now_ms,
		           &(struct delayed_row){ .msisdn = who->msisdn,
		                                  .group = r->group,
		                                  .from = r->to,
		                                  .to = r->from,
		                                  .text = text });
	return ERR_OK;
}

/* Two of one number: the second finds what the first has opened at the next tick. */
static bool is_first(const struct store_told *row, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (row[i].msisdn == row[at].msisdn)
			return false;
	return true;
}

enum err told_send(struct turn *t, int64_t now_ms)
{
	struct store_told *row;
	size_t n;
	enum err e = store_tasks_to_tell(t->conf.store, &t->arena, now_ms / 1000, SLICE,
	                                 &row, &n);

	for (size_t i = 0; e == ERR_OK && i < n; i++)
		if (is_first(row, i))
			e = tell_one(t, &row[i], now_ms);
	return e;
}
