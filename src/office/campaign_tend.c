/*
 * campaign_tend.c - what nobody has to be asked for: campaigns start when their time has
 * come, send more once their canary is well, are stopped by a rule, and end.
 */
#include <inttypes.h>

#include "campaign_priv.h"

enum {
	WHY_OCTETS = 256
};

struct tending {
	struct office_call *c;
	struct campaign_plan plan;
	struct campaign_row row;
	int64_t now;
	int64_t allowed;
	struct office_campaigns *seen;
};

/* ---- deeds of nobody ---- */

static enum err move(struct tending *t, enum campaign_deed deed, struct str why,
                     enum err (*change)(struct campaign_move *m,
                                        struct campaign_row *row))
{
	struct campaign_move m = { .c = t->c,
		                   .deed = deed,
		                   .code = t->row.code,
		                   .by = STR(CAMPAIGN_RULE),
		                   .note = why,
		                   .now = t->now,
		                   .change = change,
		                   .arg = t };

	return campaign_move(&m);
}

static enum err put_allowed(struct campaign_move *m, struct campaign_row *row)
{
	const struct tending *t = m->arg;

	row->allowed = t->allowed;
	row->step_at = t->now;
	return ERR_OK;
}

/* ---- the end ---- */

static enum err end(struct tending *t, enum campaign_deed deed, struct str why)
{
	const enum err e = move(t, deed, why, NULL);

	return e == ERR_OK ? campaign_drop_rest(t->c, t->row.id) : e;
}

/* A package of the definition that nobody can order any more. */
static struct str gone_offer(const struct tending *t)
{
	const struct campaign *d = &t->plan.def;

	for (size_t i = 0; i < d->n_offers; i++) {
		const struct package *p = catalogue_find(&t->plan.packages, d->offer[i]);

		if (p != NULL && !p->on_sale)
			return p->code;
	}
	return STR("");
}

/* ---- while it runs ---- */

struct totals {
	struct campaign_tally tally;
	int64_t targets, ready, leaving;
	struct canary_counts canary;
};

/* Of those sent to; who is held out leaves for other reasons.  A step may end days later. */
void campaign_count_sent(const struct campaign_counts *n, struct canary_counts *out)
{
	out->sent += n->sent;
	out->failed += n->failed;
	out->opted_out += n->opted_out;
	out->complained += n->complained;
	out->errors += n->errors;
	out->ordered += n->ordered;
	out->step_at = n->last_at > out->step_at ? n->last_at : out->step_at;
}

static void add_to_tally(struct campaign_tally *all, const struct campaign_counts *n)
{
	if (n->arm >= ARM_CONTROL) {
		all->control += n->targets;
		all->control_bought += n->window;
		return;
	}
	all->treated += n->targets;
	all->bought += n->window;
	all->delivered += n->delivered;
	all->replied += n->replied;
	all->ordered += n->ordered;
}

static enum err write_tally(struct store *s, void *arg)
{
	return store_put_campaign_tally(s, arg);
}

static enum err count(struct tending *t, struct totals *out)
{
	struct campaign_counts arm[CAMPAIGN_COUNTS];
	size_t n = 0;
	enum err e = store_campaign_counts(t->c->host->reader, t->row.id,
	                                   t->plan.def.attribution_days, t->now, arm, &n,
	                                   t->c->fault);

	if (e == ERR_OK)
		e = campaign_seen_counts(t->c, t->seen, &t->row, arm, n);
	*out = (struct totals){ .tally = { .campaign = t->row.id, .at = t->now },
		                .canary = { .allowed = t->row.allowed,
		                            .step_at = t->row.step_at } };
	for (size_t i = 0; e == ERR_OK && i < n; i++) {
		add_to_tally(&out->tally, &arm[i]);
		out->targets += arm[i].targets - arm[i].held;
		out->ready += arm[i].ready;
		out->leaving += arm[i].leaving;
		if (arm[i].arm < CAMPAIGN_ARMS)
			campaign_count_sent(&arm[i], &out->canary);
	}
	out->canary.targets = out->targets;
	return e;
}

static enum err look_at_canary(struct tending *t, const struct totals *n)
{
	struct buf why = buf_make(WHY_OCTETS);
	enum err e = ERR_OK;

	t->allowed = t->row.allowed;
	switch (canary_look(&t->plan.rules, &n->canary, t->now, &t->allowed, &why)) {
	case CANARY_GO:
		if (t->allowed != t->row.allowed)
			e = move(t, CAMPAIGN_DEED_ALLOW,
			         t->allowed == INT64_MAX
			                 ? STR("all may be sent")
			                 : arena_printf(&t->c->arena,
			                                "%" PRId64 " may be sent",
			                                t->allowed),
			         put_allowed);
		break;
	case CANARY_STOP:
		LOG(t->c->host->log, LOG_ERROR, "campaign.stopped",
		    "code=%.*s why=\"%.*s\"", STR_ARG(t->row.code), (int)why.n, why.p);
		e = end(t, CAMPAIGN_DEED_STOP, arena_str(&t->c->arena, buf_str(&why)));
		break;
	case CANARY_WAIT:
		break;
	}
	buf_free(&why);
	return e;
}

static bool is_new_day(const struct tending *t)
{
	const struct civil then = civil_of(t->row.drawn_at), now = civil_of(t->now);

	return then.day != now.day || then.month != now.month || then.year != now.year;
}

/* What no link has taken yet may have its turn again: nothing is decided by it. */
static enum err tend_running(struct tending *t)
{
	const struct campaign *d = &t->plan.def;
	const struct str gone = gone_offer(t);
	struct totals n;
	enum err e;

	if (t->now >= d->until)
		return end(t, CAMPAIGN_DEED_FINISH, STR("its time is over"));
	if (gone.n > 0)
		return end(t, CAMPAIGN_DEED_STOP,
		           arena_printf(&t->c->arena, "%.*s" CAMPAIGN_OFF_SALE,
		                        STR_ARG(gone)));
	if (t->row.state == CAMPAIGN_PAUSED) /* orders and receipts come all the same */
		return count(t, &n);
	if (d->daily && (is_new_day(t) || t->row.drawn_after > 0))
		return campaign_draw(&t->plan, &t->row);
	e = count(t, &n);
	if (e == ERR_OK) /* for who asks by text */
		e = office_write(t->c, write_tally, &n.tally);
	if (e != ERR_OK)
		return e;
	if (n.leaving == 0 && d->most > 0 && t->row.sent >= d->most)
		return end(t, CAMPAIGN_DEED_FINISH,
		           STR("as many were sent as it may send"));
	if (n.leaving + n.ready == 0 && !d->daily && d->n_after == 0)
		return end(t, CAMPAIGN_DEED_FINISH, STR("every target is decided"));
	return look_at_canary(t, &n);
}

/* ---- before it runs ---- */

static enum err start(struct tending *t)
{
	struct totals n;
	struct buf why = buf_make(WHY_OCTETS);
	enum err e = campaign_still(&t->plan, &t->row);

	if (e == ERR_OK)
		e = count(t, &n);
	if (e == ERR_OK) {
		t->allowed = 0;
		(void)canary_look(&t->plan.rules, &n.canary, t->now, &t->allowed, &why);
		e = move(t, CAMPAIGN_DEED_START,
		         arena_printf(&t->c->arena,
		                      "%" PRId64 " targets, %" PRId64 " at first",
		                      n.targets, t->allowed),
		         put_allowed);
	}
	buf_free(&why);
	return e;
}

static enum err tend_scheduled(struct tending *t)
{
	if (t->now >= t->plan.def.until)
		return end(t, CAMPAIGN_DEED_STOP, STR(CAMPAIGN_TOO_LATE));
	if (t->row.drawn_at == 0)
		return campaign_draw(&t->plan, &t->row);
	return t->now >= t->plan.def.from ? start(t) : ERR_OK;
}

/* ---- all ---- */

static enum err tend_one(struct tending *t)
{
	enum err e;

	if (t->row.state == CAMPAIGN_STOPPED)
		return campaign_seen_stopped(t->c, t->seen, &t->row);
	e = campaign_plan_load(t->c, t->row.code, t->row.text, &t->plan);

	if (e == ERR_OK)
		e = t->row.state == CAMPAIGN_SCHEDULED ? tend_scheduled(t)
		                                       : tend_running(t);
	campaign_plan_free(&t->plan);
	return e;
}

static bool is_tended(enum campaign_state s)
{
	return s == CAMPAIGN_SCHEDULED || s == CAMPAIGN_RUNNING || s == CAMPAIGN_PAUSED ||
	       s == CAMPAIGN_STOPPED;
}

/* One that fails does not keep the others. */
enum err campaign_tend(struct office_call *c)
{
	struct fault *const fault = c->fault;
	struct office_campaigns *seen = arena_new(&c->arena, struct office_campaigns);
	struct campaign_row *row = NULL;
	int64_t now = 0;
	size_t n = 0;
	enum err e = office_now(c, &now);

	if (e == ERR_OK)
		e = store_campaigns(c->host->reader, &c->arena, STR(""), &row, &n, fault);
	for (size_t i = 0; e == ERR_OK && i < n && !office_is_ending(c); i++) {
		struct fault own = { .text = "" };
		struct tending t = { .c = c, .row = row[i], .now = now, .seen = seen };

		if (!is_tended(row[i].state))
			continue;
		c->fault = &own;
		if (tend_one(&t) != ERR_OK)
			LOG(c->host->log, LOG_WARN, "campaign.not_tended",
			    "code=%.*s why=\"%s\"", STR_ARG(row[i].code), own.text);
	}
	c->fault = fault;
	seen->at = now;
	if (e == ERR_OK && c->host->campaigns_seen != NULL)
		c->host->campaigns_seen(c->host->ctx, seen);
	return e;
}
