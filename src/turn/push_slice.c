/*
 * push_slice.c - some targets of one campaign in one transaction.
 *
 * What fails is done again one target at a time; one that fails alone is given up, so that
 * it never stops the others.
 */
#include "base/killpoint.h"
#include "push_priv.h"

/* A higher campaign that will come to this number takes its place. */
static enum err find_better(struct slice *s)
{
	const struct pushing *p = s->t->push;
	enum err e = ERR_OK;

	s->better = arena_array(&s->t->arena, bool, s->n);
	for (size_t i = 0; i < p->n && e == ERR_OK; i++) {
		const struct running *other = &p->row[i];

		if (other->c.priority > s->r->c.priority && !running_is_spent(other) &&
		    campaign_kind_sells(other->c.kind))
			e = store_find_ready(s->t->conf.store, other->id, s->target, s->n,
			                     s->better);
	}
	return e;
}

static enum err load_people(struct slice *s)
{
	struct turn *t = s->t;
	unsigned *needs = arena_array(&t->arena, unsigned, s->n);
	enum err e;

	s->who = arena_array(&t->arena, struct dossier *, s->n);
	for (size_t i = 0; i < s->n; i++) {
		s->who[i] = arena_new(&t->arena, struct dossier);
		s->who[i]->msisdn = s->target[i].msisdn;
		needs[i] = gate_needs() | compose_loads(s->r->c.kind) |
		           (s->r->c.grant ? hall_grant_needs() : 0);
	}
	e = store_load_dossiers(t->conf.store, &t->arena, s->who, s->n);
	if (e == ERR_OK)
		e = store_load_needs(t->conf.store, &t->arena, s->who, needs, s->n,
		                     s->now_ms / 1000);
	return e == ERR_OK ? find_better(s) : e;
}

/* Those behind the last one that fits stay for the next slice. */
static void decide(struct slice *s)
{
	size_t i = 0;

	for (; i < s->n && s->segments < s->room.segments; i++)
		target_decide(s, i);
	s->n = i;
}

static enum err record(struct slice *s)
{
	struct turn *t = s->t;
	enum err e;

	if (s->sent > 0)
		changes_add(&t->changes, campaigns_sent,
		            (struct campaign_sent){ s->r->id, s->sent, s->segments });
	e = store_record(t->conf.store, &t->changes);
	KILLPOINT("push.before");
	if (e == ERR_OK)
		e = store_commit(t->conf.store);
	if (e == ERR_OK)
		KILLPOINT("push.committed");
	return e;
}

/* What is in memory goes on as the commit has it. */
static void settle(struct slice *s)
{
	struct pushing *p = s->t->push;
	struct running *r = s->r;

	batch_recorded(s->t);
	r->after = s->target[s->n - 1].place;
	r->later_s = s->later_s < r->later_s ? s->later_s : r->later_s;
	r->sent += s->sent;
	r->segments += s->segments;
	r->rate.tokens_milli -= INT64_C(1000) * s->segments;
	p->pace.tokens_milli -= INT64_C(1000) * s->sent;
	for (size_t i = 0; i < s->n; i++) {
		if (s->target[i].state == TARGET_SENT)
			running_sold(p, r, s->target[i].offer);
	}
	p->counts.sent += (uint64_t)s->sent;
	p->counts.segments += s->segments;
	p->counts.later += s->later;
	for (size_t i = 0; i < GATE_REASONS; i++)
		p->counts.refused[i] += s->refused[i];
	push_load_add(&p->load, s->now_ms, s->sent, 0, 0);
}

/* give_up: of the one target, without looking at it. */
static enum err attempt(struct slice *s, size_t limit, bool give_up)
{
	struct turn *t = s->t;
	const struct store_ids ids = t->ids;
	enum err e = store_begin(t->conf.store);

	s->n = s->segments = 0;
	s->sent = 0;
	s->later = 0;
	s->later_s = INT64_MAX;
	memset(s->refused, 0, sizeof(s->refused));
	if (e != ERR_OK)
		return e;
	batch_changes_reset(t);
	for (size_t i = 0; i < s->n_marks; i++)
		changes_add(&t->changes, marks, s->mark[i]);
	e = store_ready_targets(t->conf.store, &t->arena, s->r->id, s->r->after, limit,
	                        &s->target, &s->n);
	if (e == ERR_OK && s->n > 0 && give_up) {
		target_give_up(s, 0);
	} else if (e == ERR_OK && s->n > 0) {
		e = load_people(s);
		if (e == ERR_OK)
			decide(s);
	}
	if (e == ERR_OK && s->n > 0)
		e = record(s);
	if (e != ERR_OK || s->n == 0) {
		store_rollback(t->conf.store);
		t->ids = ids;
		return e;
	}
	settle(s);
	return ERR_OK;
}

/* Up to the first that fails alone, which is given up. */
static enum err one_at_a_time(struct slice *s, size_t n)
{
	enum err e = ERR_OK;

	s->n_marks = 0;
	for (size_t i = 0; i < n && e == ERR_OK; i++)
		e = attempt(s, 1, false);
	if (e == ERR_IO)
		e = turn_count_read(s->t);
	return e == ERR_OK || turn_is_of_the_store(e) ? e : attempt(s, 1, true);
}

enum err slice_run(struct slice *s, bool *found)
{
	enum err e = attempt(s, s->room.messages, false);

	*found = s->n > 0;
	if (e == ERR_OK || turn_is_of_the_store(e))
		return e;
	*found = true;
	return one_at_a_time(s, s->room.messages);
}
