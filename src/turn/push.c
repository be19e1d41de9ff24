/*
 * push.c - campaigns send: whose turn it is.
 *
 * Of those that may send now the higher priority goes first, and of equals the one that has
 * had the fewest turns.
 */
#include "push_priv.h"

enum {
	LOOK_MS = 60000, /* between looks at a campaign that has no targets left */
	RETRY_MS = 1000
};

/* The next that has room and was not tried in this call; NULL: none. */
static struct running *choose(struct turn *t, const bool *tried, int64_t now_ms,
                              struct room *room, int64_t *next_ms)
{
	struct pushing *p = t->push;
	struct running *best = NULL;

	for (size_t i = 0; i < p->n; i++) {
		struct running *r = &p->row[i];
		struct room its;

		if (tried[i] || (best != NULL && r->c.priority < best->c.priority) ||
		    (best != NULL && r->c.priority == best->c.priority &&
		     r->served >= best->served) ||
		    !running_has_room(t, r, now_ms, &its, next_ms))
			continue;
		best = r;
		*room = its;
	}
	return best;
}

/* All its targets were looked at: those that were put off are, once their time has come. */
static void rest(struct running *r, int64_t now_ms, int64_t *next_ms)
{
	const int64_t later_ms = r->later_s != INT64_MAX ? r->later_s * 1000 : INT64_MAX;

	r->after = -1;
	r->later_s = INT64_MAX;
	r->sleeps_ms = now_ms + LOOK_MS > later_ms ? now_ms + LOOK_MS : later_ms;
	if (later_ms == INT64_MAX)
		r->sleeps_ms = now_ms + LOOK_MS;
	*next_ms = r->sleeps_ms < *next_ms ? r->sleeps_ms : *next_ms;
}

static bool may_send(const struct turn *t)
{
	return t->conf.push != NULL && t->routes.n > 0 && t->push->n > 0 &&
	       !t->push->counts.stopped;
}

enum err turn_push(struct turn *t, struct turn_push *p, int64_t now_ms,
                   struct turn_output *out)
{
	int64_t *next_ms = &p->next_ms;
	bool tried[CAMPAIGN_IDS] = { false };
	struct running *r;
	struct room room;
	enum err e = ERR_OK;
	bool found = false;

	turn_start(t);
	*next_ms = INT64_MAX;
	p->marked = false;
	e = sell_run(t, now_ms);
	if (e == ERR_OK)
		e = tests_run(t, now_ms);
	while (e == ERR_OK && !found && p->segments > 0 && may_send(t) &&
	       (r = choose(t, tried, now_ms, &room, next_ms)) != NULL) {
		struct slice s = { .t = t,
			           .r = r,
			           .now_ms = now_ms,
			           .room = room,
			           .mark = p->mark,
			           .n_marks = p->n_marks };

		tried[r - t->push->row] = true;
		if (p->segments < s.room.segments)
			s.room.segments = p->segments;
		r->served++;
		e = slice_run(&s, &found);
		p->marked = e == ERR_OK && found && s.n_marks > 0;
		if (e == ERR_OK && !found)
			rest(r, now_ms, next_ms);
	}
	if (e != ERR_OK)
		*next_ms = now_ms + RETRY_MS;
	else if (found || t->push->tests)
		*next_ms = now_ms;
	turn_finish(t, out);
	return e == ERR_BUSY ? ERR_FULL : e;
}

const struct turn_pushes *turn_pushes(const struct turn *t)
{
	return &t->push->counts;
}

const struct campaign_halts *turn_halts(const struct turn *t)
{
	return &t->push->halts;
}

void turn_answered(struct turn *t, int64_t now_ms, int64_t latency_ms)
{
	if (t->conf.push != NULL)
		push_load_latency(&t->push->load, now_ms, latency_ms,
		                  t->conf.push->latency_ms);
}

void push_note_texts(struct turn *t, int64_t now_ms, size_t replies, size_t others)
{
	t->push->counts.replied += replies;
	push_load_add(&t->push->load, now_ms, 0, (int64_t)replies, (int64_t)others);
}
