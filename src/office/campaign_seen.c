/*
 * campaign_seen.c - what a look at campaigns tells those who watch: office/campaigns.h.
 */
#include "campaign_priv.h"

static void put_str(char *out, size_t size, struct str s)
{
	const size_t n = s.n < size ? s.n : size - 1;

	memcpy(out, s.p, n);
	out[n] = '\0';
}

/* Its place; when all are taken, that of the others. */
static struct office_campaign *place_for(struct office_campaigns *seen, struct str code)
{
	struct office_campaign *o = &seen->of[OFFICE_CAMPAIGNS];

	if (seen->n < OFFICE_CAMPAIGNS) {
		o = &seen->of[seen->n++];
		put_str(o->code, sizeof(o->code), code);
	} else {
		seen->n = OFFICE_CAMPAIGNS + 1;
		put_str(o->code, sizeof(o->code), STR(OFFICE_CAMPAIGN_OTHERS));
	}
	return o;
}

/* Who is held out leaves and orders for other reasons. */
static void add_arm(struct campaign_counts *all, const struct campaign_counts *arm)
{
	all->held += arm->held;
	if (arm->arm >= ARM_CONTROL)
		return;
	all->targets += arm->targets;
	all->ready += arm->ready;
	all->refused += arm->refused;
	all->sent += arm->sent;
	all->dropped += arm->dropped;
	all->accepted += arm->accepted;
	all->delivered += arm->delivered;
	all->failed += arm->failed;
	all->unknown += arm->unknown;
	all->unsent += arm->unsent;
	all->replied += arm->replied;
	all->ordered += arm->ordered;
	all->opted_out += arm->opted_out;
	all->complained += arm->complained;
}

enum err campaign_seen_counts(struct office_call *c, struct office_campaigns *seen,
                              const struct campaign_row *row,
                              const struct campaign_counts *arm, size_t n)
{
	int64_t refused[GATE_REASONS] = { 0 };
	struct office_campaign *o;
	int64_t some = 0;
	enum err e = ERR_OK;

	for (size_t i = 0; i < n; i++)
		some += arm[i].refused;
	if (some > 0) /* else there is nothing to walk for */
		e = store_campaign_refusals(c->host->reader, row->id, refused,
		                            GATE_REASONS, c->fault);
	if (e != ERR_OK)
		return e;
	o = place_for(seen, row->code);
	o->running += row->state != CAMPAIGN_PAUSED;
	for (size_t i = 0; i < n; i++)
		add_arm(&o->n, &arm[i]);
	for (size_t r = 0; r < GATE_REASONS; r++)
		o->refused[r] += refused[r];
	return ERR_OK;
}

enum err campaign_seen_stopped(struct office_call *c, struct office_campaigns *seen,
                               const struct campaign_row *row)
{
	struct campaign_step *step = NULL;
	size_t n = 0;
	const enum err e = store_campaign_steps(c->host->reader, &c->arena, row->id,
	                                        &step, &n, c->fault);

	if (e != ERR_OK || n == 0 || step[n - 1].deed != CAMPAIGN_DEED_STOP ||
	    !str_eq(step[n - 1].by, STR(CAMPAIGN_RULE)))
		return e;
	seen->stopped++;
	if (step[n - 1].at < seen->stopped_at)
		return ERR_OK;
	seen->stopped_at = step[n - 1].at;
	put_str(seen->stopped_code, sizeof(seen->stopped_code), row->code);
	put_str(seen->stopped_why, sizeof(seen->stopped_why), row->why);
	return ERR_OK;
}
