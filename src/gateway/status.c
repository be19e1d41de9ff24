/*
 * status.c - figures for the status page, and whether all is well.
 */
#include "worker_priv.h"

static void add_link(struct gateway_status *out, const struct gateway_link *l)
{
	static const char *const binds[] = { "transceiver", "transmitter", "receiver" };
	const struct smpp_session *s = l->session != 0 ? link_session(l->link) : NULL;

	if (l->conf == NULL || out->n_links == sizeof(out->link) / sizeof(out->link[0]))
		return;
	out->link[out->n_links++] = (struct gateway_link_status){
		.name = l->conf->name,
		.state = l->leaving        ? "leaving"
		         : l->link == NULL ? "next"
		                           : link_state_name(link_state(l->link)),
		.bind = binds[l->conf->bind],
		.pending = s != NULL ? smpp_session_pending(s) : 0,
		.window = (unsigned)l->window,
		.texts = l->figures.texts,
		.segments = l->figures.segments,
		.throttled = l->figures.throttled,
		.binds = l->figures.binds
	};
}

static void add_alarms(const struct gateway *g, struct gateway_status *out)
{
	for (size_t i = 0; i < ALARMS; i++) {
		const struct alarm *a = &g->alarms.alarm[i];

		if (a->stands)
			out->alarm[out->n_alarms++] = (struct gateway_alarm_status){
				alarms_name(i), alarms_help_zh(i), alarms_help(i),
				a->detail, a->since_s
			};
	}
	_Static_assert(ALARMS <= sizeof(out->alarm) / sizeof(out->alarm[0]), "all fit");
}

static void add_stage(struct gateway_status *out, const char *name,
                      const struct metric_times *t)
{
	assert(out->n_stages < sizeof(out->stage) / sizeof(out->stage[0]));
	out->stage[out->n_stages++] = (struct gateway_stage_status){
		name, metric_quantile(t, 0.5), metric_quantile(t, 0.99)
	};
}

static void add_stages(const struct gateway *g, struct gateway_status *out)
{
	add_stage(out, "whole", &g->figures.answer);
	add_stage(out, "queue", &g->work.queue);
	for (enum turn_stage s = 0; s < TURN_STAGES; s++)
		add_stage(out, report_stage(s), &g->work.stage[s]);
	add_stage(out, "submit", &g->figures.submit);
}

static void add_rates(const struct gateway *g, struct gateway_status *out)
{
	const struct rates *r = &g->rates;
	const size_t places = RATE_SECONDS + 1;
	size_t oldest;
	double s;

	if (r->n == 0)
		return;
	oldest = r->n > places ? r->n % places : 0;
	s = (double)(g->clock->mono_us - r->at[oldest].at_us) / 1e6;
	if (s <= 0)
		return;
	out->texts_per_s = (double)(g->counts.texts - r->at[oldest].texts) / s;
	out->sent_per_s = (double)(g->counts.sent - r->at[oldest].sent) / s;
}

void gateway_status(const struct gateway *g, struct gateway_status *out)
{
	*out = (struct gateway_status){ .counts = g->counts,
		                        .answer_us = &g->answer_us,
		                        .waiting = g->waiting,
		                        .queued = dispatch_count(g->dispatch),
		                        .grammar_revision = grammar_revision(
						g->assets->grammar),
		                        .reload_refusal = g->reload.refusal,
		                        .reloaded_s = g->reload.at_s,
		                        .started_s = g->started_s };
	if (g->campaigns != NULL)
		out->campaigns = &g->campaigns->seen;
	if (g->reader != NULL)
		out->backup_s = (int64_t)metric_get(
			&reader_figures(g->reader)->backup.at);
	for (size_t i = 0; i < g->n_links; i++)
		add_link(out, &g->link[i]);
	add_alarms(g, out);
	add_stages(g, out);
	add_rates(g, out);
}

bool gateway_is_healthy(const struct gateway *g, struct buf *why)
{
	if (!alarms_worker_is_stuck(g))
		return true;
	buf_puts(why, STR("the worker has not been seen for 5 seconds\n"));
	return false;
}

static bool group_is_bound(const struct gateway *g, const char *group)
{
	for (size_t i = 0; i < g->n_links; i++) {
		const struct gateway_link *l = &g->link[i];

		if (l->conf != NULL && l->session != 0 && !l->leaving &&
		    strcmp(l->conf->group, group) == 0)
			return true;
	}
	return false;
}

bool gateway_is_ready(const struct gateway *g, struct buf *why)
{
	const size_t before = why->n;

	(void)gateway_is_healthy(g, why);
	if (is_draining(g))
		buf_puts(why, STR("it is being stopped\n"));
	if (metric_get(&g->work.refused) != 0)
		buf_puts(why, STR("the store takes no writes\n"));
	for (size_t i = 0; i < g->n_links; i++) {
		const struct gateway_link *l = &g->link[i];

		if (l->conf != NULL && !l->leaving && !group_is_bound(g, l->conf->group))
			buf_printf(why, "link %s is not bound, nor another of group %s\n",
			           l->conf->name, l->conf->group);
	}
	return why->n == before && !why->failed;
}
