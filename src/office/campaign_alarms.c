/*
 * campaign_alarms.c - what somebody should look at: the rule that stopped a campaign, what
 * comes near a limit that would, and groups that are not as they were drawn.
 */
#include "campaign_priv.h"

enum {
	NEAR_OCTETS = 512,
	WHOLE_BP = 10000
};

/* ---- groups ---- */

/* Shares of all that were drawn, by the definition. */
static double weight_of(const struct campaign *d, const struct push_rules *rules,
                        unsigned arm)
{
	const double rest = WHOLE_BP - (double)rules->universal_bp;

	if (arm == ARM_UNIVERSAL)
		return rules->universal_bp * (double)WHOLE_BP;
	if (arm == ARM_CONTROL)
		return rest * d->control_bp;
	return arm < d->n_arms ? rest * (WHOLE_BP - d->control_bp) *
	                                 d->arm[arm].share_bp / WHOLE_BP
	                       : 0;
}

double campaign_split(const struct campaign *d, const struct push_rules *rules,
                      const struct campaign_counts *arm, size_t n)
{
	int64_t seen[CAMPAIGN_COUNTS];
	double weight[CAMPAIGN_COUNTS];
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		weight[k] = weight_of(d, rules, arm[i].arm);
		seen[k] = arm[i].targets;
		k += weight[k] > 0;
	}
	return k >= 2 ? evaluate_sample_ratio(seen, weight, k) : 1;
}

/* ---- the others ---- */

static enum err find_rule(struct office_call *c, const struct campaign_row *row,
                          struct str *stopped)
{
	struct campaign_step *step = NULL;
	size_t n = 0;
	const enum err e = store_campaign_steps(c->host->reader, &c->arena, row->id,
	                                        &step, &n, c->fault);

	for (size_t i = 0; e == ERR_OK && i < n; i++)
		if (step[i].deed == CAMPAIGN_DEED_STOP &&
		    str_eq(step[i].by, STR(CAMPAIGN_RULE)))
			*stopped = step[i].note;
	return e;
}

static struct str near_limits(struct office_call *c, const struct push_rules *rules,
                              const struct campaign_counts *arm, size_t n)
{
	struct canary_counts sent = { 0 };
	struct buf near = buf_make(NEAR_OCTETS);
	struct str s;

	for (size_t i = 0; i < n; i++)
		if (arm[i].arm < CAMPAIGN_ARMS)
			campaign_count_sent(&arm[i], &sent);
	canary_near(rules, &sent, &near);
	s = arena_str(&c->arena, buf_str(&near));
	buf_free(&near);
	return s;
}

enum err campaign_alarms_load(struct office_call *c, const struct campaign_row *row,
                              const struct campaign *d, const struct push_rules *rules,
                              const struct campaign_counts *arm, size_t n,
                              struct campaign_alarms *out)
{
	*out = (struct campaign_alarms){ .stopped = STR(""),
		                         .near = near_limits(c, rules, arm, n),
		                         .split_p = campaign_split(d, rules, arm, n) };
	return find_rule(c, row, &out->stopped);
}

/* ---- what is said ---- */

void campaign_alarms_say(const struct campaign_alarms *a, struct buf *out)
{
	struct str rest = a->near, line;
	const bool uneven = a->split_p < EVALUATE_UNEVEN;

	if (a->stopped.n == 0 && a->near.n == 0 && !uneven) {
		buf_puts(out, STR(" \nalarms: none\n"));
		return;
	}
	buf_puts(out, STR(" \nalarms:\n"));
	if (a->stopped.n > 0)
		buf_printf(out, "  stopped by a rule: %.*s\n", STR_ARG(a->stopped));
	while (str_cut(&rest, '\n', &line) && line.n > 0)
		buf_printf(out, "  near its limit: %.*s\n", STR_ARG(line));
	if (uneven)
		buf_printf(out,
		           "  groups are not as drawn: p %.4f; the draw or the counting "
		           "is broken\n",
		           a->split_p);
}

static void put_csv(struct str code, const char *name, struct str note, struct buf *out)
{
	buf_printf(out, "%.*s,alarm,%s,,,,,,,,\"", STR_ARG(code), name);
	for (size_t i = 0; i < note.n; i++) {
		if (note.p[i] == '"')
			buf_putc(out, '"');
		buf_putc(out, note.p[i]);
	}
	buf_puts(out, STR("\"\n"));
}

void campaign_alarms_csv(const struct campaign_alarms *a, struct str code,
                         struct buf *out)
{
	struct str rest = a->near, line;

	if (a->stopped.n > 0)
		put_csv(code, "stopped", a->stopped, out);
	while (str_cut(&rest, '\n', &line) && line.n > 0)
		put_csv(code, "near", line, out);
	if (a->split_p < EVALUATE_UNEVEN)
		buf_printf(out, "%.*s,alarm,uneven,,,,,,,,\"p %.4f\"\n", STR_ARG(code),
		           a->split_p);
}
