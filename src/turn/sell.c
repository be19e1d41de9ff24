/*
 * sell.c - selling while serving: behind the clean answer to a question that a campaign is
 * to follow, its subscriber becomes a target of it; the gate decides, and at most one
 * message leaves.
 *
 * Noted once the answer is committed, looked at by the next turn_push(): no answer waits
 * for it.  What is noted is lost with the process, and nobody misses it.
 */
#include "push/arms.h"
#include "push_priv.h"

static bool follows(const struct running *r, struct str intent)
{
	for (size_t i = 0; i < r->c.n_after; i++)
		if (str_eq(r->c.after[i], intent))
			return true;
	return false;
}

static bool is_talking(const struct dossier *d, int64_t now)
{
	return d->open != NULL && now < d->open->expires_at;
}

static bool is_clean(const struct job *job)
{
	const struct turn_input *in = job->in;

	return job->id != 0 && !job->aside && in->outcome != NULL &&
	       strcmp(in->outcome, "done") == 0 && in->intent.n > 0 &&
	       job->question.reaction == HALL_RUN && job->who->known &&
	       !job->who->opted_out && !is_talking(job->who, job->question.now);
}

void sell_note(struct turn *t, const struct job *job)
{
	struct pushing *p = t->push;
	const struct running *best = NULL;

	if (p->n == 0 || !is_clean(job))
		return;
	for (size_t i = 0; i < p->n; i++)
		if (follows(&p->row[i], job->in->intent) &&
		    (best == NULL || p->row[i].c.priority > best->c.priority))
			best = &p->row[i];
	if (best == NULL || p->n_wishes == SELL_WISHES)
		return;
	for (size_t i = 0; i < p->n_wishes; i++)
		if (p->wish[i].msisdn == job->who->msisdn)
			return;
	p->wish[p->n_wishes++] = (struct sell_wish){ job->who->msisdn, best->id };
}

bool turn_sells(const struct turn *t)
{
	return t->push->n_wishes > 0;
}

static enum err load(struct turn *t, struct dossier **who, int64_t now)
{
	const unsigned needs = hall_sell_needs() | NEED_PREFERENCE;
	enum err e = store_load_dossiers(t->conf.store, &t->arena, who, 1);

	return e == ERR_OK
	               ? store_load_needs(t->conf.store, &t->arena, who, &needs, 1, now)
	               : e;
}

/* Who is held out gets nothing, and is compared with. */
static struct target_row target_of(struct turn *t, const struct running *r,
                                   const struct dossier *who,
                                   const struct hall_sale *sale, int64_t now)
{
	const struct push_rules *rules = t->conf.push;
	const struct arms_salt salt = arms_salt(rules, r->salt);
	const unsigned arm = arms_of(&r->c, rules->universal_bp, &salt, who->msisdn);

	return (struct target_row){ .campaign = r->id,
		                    .msisdn = who->msisdn,
		                    .owner_since = who->sub.owner_since,
		                    .place = arms_place(&salt, who->msisdn),
		                    .state = arm == ARM_CONTROL || arm == ARM_UNIVERSAL
		                                     ? TARGET_HELD
		                                     : TARGET_READY,
		                    .arm = arm,
		                    .offer = sale->offer,
		                    .command = sale->command,
		                    .saving = sale->saving,
		                    .why = sale->why,
		                    .price = STR(""),
		                    .at = now };
}

/* Behind an answer is now: what would leave hours later is not behind it. */
static bool is_hour(const struct turn *t, const struct running *r,
                    const struct dossier *who, int64_t now)
{
	const struct gate_case c = {
		.campaign = &r->c, .rules = t->conf.push, .who = who, .now = now
	};

	return gate_opens(&c) <= now;
}

/* As an audience is drawn, by what is known of him now. */
static enum err is_meant(struct turn *t, const struct running *r, int64_t msisdn,
                         int64_t now, bool *out)
{
	*out = true;
	return r->where != NULL ? store_tag_holds(t->conf.store, r->where, &t->catalogue,
	                                          &t->arena, msisdn, now, out)
	                        : ERR_OK;
}

static enum err grant(struct turn *t, const struct sell_wish *w, int64_t now)
{
	struct running *r = running_find(t->push, w->campaign);
	struct dossier *who = arena_new(&t->arena, struct dossier);
	struct hall_question q;
	struct hall_sale sale;
	struct target_row row;
	size_t new = 0;
	bool meant = false;
	enum err e;

	if (r == NULL || now >= r->c.until)
		return ERR_OK;
	who->msisdn = w->msisdn;
	e = is_meant(t, r, w->msisdn, now, &meant);
	if (e == ERR_OK && !meant)
		return ERR_OK;
	if (e == ERR_OK)
		e = load(t, &who, now);
	if (e != ERR_OK || !who->known || is_talking(who, now) ||
	    !is_hour(t, r, who, now))
		return e;
	q = turn_question(t, who, now);
	if (!hall_sell(t->conf.hall, &q, &r->c, &sale))
		return ERR_OK;
	row = target_of(t, r, who, &sale, now);
	e = store_put_targets(t->conf.store, &row, 1, &new);
	if (e == ERR_OK && new > 0) { /* it stands before those that were looked at */
		r->after = -1;
		r->sleeps_ms = 0;
	}
	return e;
}

enum err sell_run(struct turn *t, int64_t now_ms)
{
	struct pushing *p = t->push;
	const size_t n = p->n_wishes;
	enum err e = ERR_OK;

	p->n_wishes = 0;
	if (n == 0 || t->conf.push == NULL)
		return ERR_OK;
	batch_changes_reset(t);
	e = store_begin(t->conf.store);
	for (size_t i = 0; i < n && e == ERR_OK; i++)
		e = grant(t, &p->wish[i], now_ms / 1000);
	if (e == ERR_OK)
		e = store_commit(t->conf.store);
	if (e == ERR_OK)
		return ERR_OK;
	store_rollback(t->conf.store);
	return turn_is_of_the_store(e) ? e : ERR_OK;
}
