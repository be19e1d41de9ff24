/*
 * preflight.c - see push/preflight.h.
 */
#include "push/preflight.h"

#include <assert.h>
#include <math.h>

#include "push/canary.h"
#include "push/evaluate.h"

enum {
	STEPS = 3,       /* of the canary: first, share, all */
	DAYS_MOST = 3660 /* that are looked at */
};

static const double alpha = 0.05, power = 0.8;

static int64_t least_of(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* As many as limits let through; texts are as long as on average. */
static int64_t within_limits(const struct preflight_in *in)
{
	const struct campaign *c = in->campaign;
	const double each = in->ready > 0 ? (double)in->segments / (double)in->ready : 0,
		     each_li = each * (double)in->rules->segment_li;
	int64_t n = in->ready;

	if (c->most > 0)
		n = least_of(n, c->most);
	if (c->budget_li > 0 && each_li > 0)
		n = least_of(n, (int64_t)((double)c->budget_li / each_li + 1e-9));
	return n;
}

/* Targets of each step of the canary. */
static void steps_of(const struct preflight_in *in, int64_t sent, int64_t step[STEPS])
{
	step[0] = least_of(sent, in->rules->canary_first);
	step[1] = canary_share(in->rules, sent) - step[0];
	step[1] = step[1] > 0 ? step[1] : 0;
	step[2] = sent - step[0] - step[1];
}

struct clock {
	struct gate_case gate; /* of nobody in particular */
	double per_s;          /* targets */
	int64_t day;           /* the last on which something left */
	struct preflight *out;
};

static int64_t day_of(int64_t at)
{
	struct civil c = civil_of(at);

	c.hour = c.minute = c.second = 0;
	return civil_to_utc(c);
}

/* Sends n from now on; gate.now is behind the last.  Gives how many come too late. */
static int64_t send(struct clock *k, int64_t n)
{
	while (n > 0) {
		const int64_t opens = gate_opens(&k->gate);
		double room;

		if (opens >= k->gate.campaign->until || k->out->days == DAYS_MOST)
			return n;
		k->gate.now = opens;
		if (k->out->starts == 0)
			k->out->starts = opens;
		k->out->days += k->day != day_of(opens) ? 1 : 0;
		k->day = day_of(opens);
		room = (double)(gate_closes(&k->gate) - opens) * k->per_s;
		if ((double)n <= room) {
			k->gate.now += llround(ceil((double)n / k->per_s));
			return 0;
		}
		n -= (int64_t)room;
		k->gate.now = gate_closes(&k->gate);
	}
	return 0;
}

static void find_end(const struct preflight_in *in, struct preflight *out)
{
	static const struct dossier nobody;
	const double each = out->sent > 0 ? (double)out->segments / (double)out->sent : 1;
	struct clock k = { .gate = { .campaign = in->campaign,
		                     .rules = in->rules,
		                     .who = &nobody,
		                     .now = in->now },
		           .per_s = in->segments_per_s / (each > 0 ? each : 1),
		           .out = out };
	int64_t step[STEPS];

	steps_of(in, out->sent, step);
	for (unsigned i = 0; i < STEPS; i++) {
		if (step[i] == 0)
			continue;
		if (out->starts != 0)
			k.gate.now += in->rules->canary_wait_s;
		out->late += send(&k, step[i]);
	}
	out->ends = out->starts != 0 ? k.gate.now : 0;
}

void preflight(const struct preflight_in *in, struct preflight *out)
{
	const double rise = in->accept - in->base;

	assert(in->segments_per_s > 0 && in->ready >= 0 && in->segments >= 0);
	*out = (struct preflight){ .passed = in->universal + in->control + in->ready,
		                   .sent = within_limits(in) };
	out->segments = in->ready > 0
	                        ? (int64_t)((double)in->segments * (double)out->sent /
	                                            (double)in->ready +
	                                    0.5)
	                        : 0;
	out->cost_li = out->segments * in->rules->segment_li;
	find_end(in, out);
	out->least = in->control > 0 && out->sent > 0
	                     ? evaluate_least(in->base, (double)out->sent,
	                                      (double)in->control, alpha, power)
	                     : (double)INFINITY;
	out->shows = rise >= out->least;
	out->orders = in->accept * (double)out->sent;
	out->incremental = rise * (double)out->sent;
	out->margin_li = llround(out->incremental * (double)in->order_li) - out->cost_li;
}
