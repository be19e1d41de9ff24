/*
 * worker_push.c - when the worker lets campaigns send: between turns, with credit of the
 * loop (credit.c), and while no text waits.
 */
#include "base/alloc.h"
#include "worker_priv.h"

enum {
	RETRY_MS = 1000,
	APART_MS = 1000 /* that wall and monotonic clock may show differently */
};

/* The wall clock counts seconds; rates want milliseconds that do not jump. */
static int64_t wall_ms(struct worker_push *p, const struct clock *clock)
{
	const int64_t second = clock->wall_s * 1000, mono = clock_ms(clock);

	if (mono + p->ahead_ms < second || mono + p->ahead_ms >= second + APART_MS)
		p->ahead_ms = second - mono;
	return mono + p->ahead_ms;
}

void worker_push_credit(struct worker_push *p, const struct credit *c)
{
	p->credit = c->last ? 0 : p->credit + c->segments;
	p->ended = p->ended || c->last;
}

void worker_push_changed(struct worker_push *p)
{
	p->due_ms = 0;
}

int64_t worker_push_due(const struct worker_push *p)
{
	return p->credit > 0 && !p->ended ? p->due_ms : INT64_MAX;
}

void worker_push_note(const struct worker_conf *conf)
{
	const struct turn_pushes *n = turn_pushes(conf->turn);
	struct worker_figures *f = conf->figures;

	if (f == NULL)
		return;
	metric_set(&f->pushes, n->sent);
	metric_set(&f->push_segments, n->segments);
	metric_set(&f->push_later, n->later);
	metric_set(&f->push_replies, n->replied);
	for (size_t i = 0; i < GATE_REASONS; i++)
		metric_set(&f->push_refused[i], n->refused[i]);
}

void worker_push_loaded(const struct worker_conf *conf)
{
	const struct turn_pushes *n = turn_pushes(conf->turn);
	struct worker_figures *f = conf->figures;

	if (n->broken > 0)
		LOG(conf->log, LOG_ERROR, "campaign.broken", "campaigns=%zu fault=\"%s\"",
		    n->broken, n->fault.text);
	if (f == NULL)
		return;
	metric_set(&f->push_stopped, n->stopped ? 1 : 0);
	metric_set(&f->push_running, n->running);
	metric_set(&f->push_broken, n->broken);
}

struct letter *worker_push_halts(const struct worker_conf *conf)
{
	struct halts_letter *m = xcalloc(1, sizeof(*m));

	m->letter.kind = MAIL_HALTS;
	m->halts = *turn_halts(conf->turn);
	return &m->letter;
}

enum err worker_push_run(struct worker_push *p, const struct worker_conf *conf,
                         const struct clock *clock, struct turn_output *out)
{
	const int64_t now_ms = wall_ms(p, clock);
	struct turn_push t = { .segments = p->credit,
		               .mark = p->mark,
		               .n_marks = p->n_marks };
	const enum err e = turn_push(conf->turn, &t, now_ms, out);
	unsigned used = 0;

	for (size_t i = 0; i < out->n; i++)
		used += out->send[i].segments;
	p->credit -= used < p->credit ? used : p->credit;
	p->due_ms = t.next_ms == INT64_MAX ? INT64_MAX
	                                   : clock_ms(clock) + t.next_ms - now_ms;
	p->marked = t.marked;
	if (e != ERR_OK) {
		LOG(conf->log, LOG_ERROR, "push.refused", "reason=\"%s\"",
		    store_fault(conf->store));
		p->due_ms = clock_ms(clock) + RETRY_MS;
	}
	worker_push_note(conf);
	return e;
}
