/*
 * metrics_push.c - the figures of campaigns on the OpenMetrics page; see metrics.def.
 */
#include "base/openmetrics.h"
#include "metrics_priv.h"
#include "worker_priv.h"

/* ---- all of them ---- */

void put_push_messages(struct gateway *g, const struct openmetrics *m)
{
	openmetrics_put(m, NO_LABELS, metric_get(&g->work.pushes));
}

void put_push_segments(struct gateway *g, const struct openmetrics *m)
{
	openmetrics_put(m, NO_LABELS, metric_get(&g->work.push_segments));
}

void put_push_refused(struct gateway *g, const struct openmetrics *m)
{
	for (unsigned r = GATE_NONE + 1; r < GATE_REASONS; r++) {
		const uint64_t n = metric_get(&g->work.push_refused[r]);

		if (n > 0)
			openmetrics_put(m, LABELS({ "reason", gate_name(r) }), n);
	}
}

void put_push_later(struct gateway *g, const struct openmetrics *m)
{
	openmetrics_put(m, NO_LABELS, metric_get(&g->work.push_later));
}

void put_push_replies(struct gateway *g, const struct openmetrics *m)
{
	openmetrics_put(m, NO_LABELS, metric_get(&g->work.push_replies));
}

void put_push_campaigns(struct gateway *g, const struct openmetrics *m)
{
	openmetrics_put(m, LABELS({ "state", "sending" }),
	                metric_get(&g->work.push_running));
	openmetrics_put(m, LABELS({ "state", "broken" }),
	                metric_get(&g->work.push_broken));
}

void put_push_credit(struct gateway *g, const struct openmetrics *m)
{
	unsigned waiting, granted;

	credit_count(g->dispatch, &waiting, &granted);
	openmetrics_put(m, LABELS({ "place", "lane" }), waiting);
	openmetrics_put(m, LABELS({ "place", "worker" }), granted);
}

/* ---- each campaign that runs or is paused ---- */

static void put_campaigns(const struct gateway *g, const struct openmetrics *m,
                          void (*put)(const struct openmetrics *m,
                                      const struct office_campaign *c))
{
	for (size_t i = 0; g->campaigns != NULL && i < g->campaigns->seen.n; i++)
		put(m, &g->campaigns->seen.of[i]);
}

static void put_of(const struct openmetrics *m, const struct office_campaign *c,
                   const char *label, const char *value, int64_t n)
{
	openmetrics_put(m, LABELS({ "campaign", c->code }, { label, value }),
	                (uint64_t)n);
}

static void put_running_of(const struct openmetrics *m, const struct office_campaign *c)
{
	openmetrics_put(m, LABELS({ "campaign", c->code }), (uint64_t)c->running);
}

static void put_targets_of(const struct openmetrics *m, const struct office_campaign *c)
{
	put_of(m, c, "state", "ready", c->n.ready);
	put_of(m, c, "state", "sent", c->n.sent);
	put_of(m, c, "state", "refused", c->n.refused);
	put_of(m, c, "state", "held", c->n.held);
	put_of(m, c, "state", "dropped", c->n.dropped);
}

static void put_messages_of(const struct openmetrics *m, const struct office_campaign *c)
{
	put_of(m, c, "outcome", "sent", c->n.sent);
	put_of(m, c, "outcome", "accepted", c->n.accepted);
	put_of(m, c, "outcome", "delivered", c->n.delivered);
	put_of(m, c, "outcome", "failed", c->n.failed);
	put_of(m, c, "outcome", "unknown", c->n.unknown);
	put_of(m, c, "outcome", "unsent", c->n.unsent);
}

static void put_refused_of(const struct openmetrics *m, const struct office_campaign *c)
{
	for (unsigned r = GATE_NONE + 1; r < GATE_REASONS; r++)
		if (c->refused[r] > 0)
			put_of(m, c, "reason", gate_name(r), c->refused[r]);
}

static void put_people_of(const struct openmetrics *m, const struct office_campaign *c)
{
	put_of(m, c, "did", "reply", c->n.replied);
	put_of(m, c, "did", "order", c->n.ordered);
	put_of(m, c, "did", "opt out", c->n.opted_out);
	put_of(m, c, "did", "complain", c->n.complained);
}

#define PUT_CAMPAIGNS(figure)                                                      \
	void put_campaign_##figure(struct gateway *g, const struct openmetrics *m) \
	{                                                                          \
		put_campaigns(g, m, put_##figure##_of);                            \
	}
PUT_CAMPAIGNS(running)
PUT_CAMPAIGNS(targets)
PUT_CAMPAIGNS(messages)
PUT_CAMPAIGNS(refused)
PUT_CAMPAIGNS(people)
#undef PUT_CAMPAIGNS

void put_campaign_counted_seconds(struct gateway *g, const struct openmetrics *m)
{
	openmetrics_put(m, NO_LABELS,
	                g->campaigns != NULL ? (uint64_t)g->campaigns->seen.at : 0);
}
