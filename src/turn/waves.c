/*
 * waves.c - the texts of a batch, read and new: load, match, load what services need,
 * answer in order of arrival, record.
 *
 * What one text opens, the next of its number may answer: so the texts are taken in
 * waves, each with at most one of a number, and each wave finds in the store what those
 * before it have recorded.
 */
#include <stdlib.h>

#include "base/killpoint.h"
#include "turn_priv.h"

struct waves {
	struct turn *t;
	int64_t now_ms;
	struct job *job;
	size_t n;
	unsigned at;          /* the wave that is worked on */
	struct dossier **who; /* of it */
	size_t n_who;
	bool aside; /* its one input failed alone, perhaps because it could not be loaded */
};

/* The dossier of that number, shared by all its texts of the batch. */
static struct dossier *dossier_for(struct waves *w, int64_t msisdn)
{
	struct dossier *d;

	for (size_t i = 0; msisdn != 0 && i < w->n_who; i++) {
		if (w->who[i]->msisdn == msisdn)
			return w->who[i];
	}
	d = arena_new(&w->t->arena, struct dossier);
	d->msisdn = msisdn;
	if (msisdn != 0)
		w->who[w->n_who++] = d;
	return d;
}

/* Gives each text its wave; returns how many there are. */
static unsigned make_waves(struct waves *w)
{
	unsigned waves = 1;

	for (size_t i = 0; i < w->n; i++) {
		struct job *job = &w->job[i];

		if (job->answered || job->in->msisdn == 0)
			continue;
		for (size_t k = i; k-- > 0;) {
			if (w->job[k].answered || w->job[k].in->msisdn != job->in->msisdn)
				continue;
			job->wave = w->job[k].wave + 1;
			break;
		}
		waves = job->wave + 1 > waves ? job->wave + 1 : waves;
	}
	return waves;
}

static bool in_wave(const struct waves *w, const struct job *job)
{
	return !job->answered && job->wave == w->at;
}

static enum err load_dossiers(struct waves *w)
{
	w->n_who = 0;
	w->who = arena_array(&w->t->arena, struct dossier *, w->n);
	for (size_t i = 0; i < w->n; i++) {
		if (in_wave(w, &w->job[i]))
			w->job[i].who = dossier_for(w, w->job[i].in->msisdn);
	}
	return w->n_who > 0 && !w->aside
	               ? store_load_dossiers(w->t->conf.store, &w->t->arena, w->who,
	                                     w->n_who)
	               : ERR_OK;
}

static bool wants_service(const struct waves *w, const struct job *job)
{
	return in_wave(w, job) && !job->aside && job->in->limit == TURN_WITHIN &&
	       !identity_is_service(job->in);
}

static enum err match_texts(struct waves *w)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < w->n && e == ERR_OK; i++) {
		struct job *job = &w->job[i];

		if (!wants_service(w, job))
			continue;
		w->t->at = job->fingerprint;
		CRASHPOINT(job->in->octets.p, job->in->octets.n);
		e = match_text(w->t, job, w->now_ms);
	}
	w->t->at = 0;
	return e;
}

static enum err load_needs(struct waves *w)
{
	unsigned *need = arena_array(&w->t->arena, unsigned, w->n_who);
	unsigned any = 0;
	enum err e;

	for (size_t i = 0; i < w->n; i++) {
		if (!wants_service(w, &w->job[i]))
			continue;
		e = parked_other(w->t, &w->job[i].question);
		if (e != ERR_OK)
			return e;
		w->job[i].who->order_named = hall_order_named(&w->job[i].question);
		for (size_t k = 0; k < w->n_who; k++) {
			if (w->who[k] == w->job[i].who)
				need[k] |= hall_needs(w->t->conf.hall,
				                      &w->job[i].question);
			any |= need[k];
		}
	}
	return any != 0 ? store_load_needs(w->t->conf.store, &w->t->arena, w->who, need,
	                                   w->n_who, w->now_ms / 1000)
	                : ERR_OK;
}

static void answer_texts(struct waves *w)
{
	for (size_t i = 0; i < w->n; i++) {
		struct job *job = &w->job[i];

		if (!in_wave(w, job))
			continue;
		w->t->at = job->fingerprint;
		answer_job(w->t, job, w->now_ms);
	}
	w->t->at = 0;
}

/* Records what the wave has changed, and begins anew with the ids behind it. */
static enum err record_wave(struct waves *w)
{
	struct turn *t = w->t;
	const enum err e = store_record(t->conf.store, &t->changes);

	if (e != ERR_OK)
		return e;
	batch_recorded(t);
	batch_changes_reset(t);
	return ERR_OK;
}

static enum err work_wave(struct waves *w)
{
	enum err e = load_dossiers(w);

	if (e != ERR_OK)
		return e;
	turn_lap(w->t, TURN_LOAD);
	e = match_texts(w);
	turn_lap(w->t, TURN_MATCH);
	if (e == ERR_OK)
		e = load_needs(w);
	if (e == ERR_OK)
		e = others_load(w->t, w->job, w->n, w->at, w->now_ms / 1000);
	if (e != ERR_OK)
		return e;
	turn_lap(w->t, TURN_LOAD);
	answer_texts(w);
	turn_lap(w->t, TURN_ANSWER);
	e = record_wave(w);
	turn_lap(w->t, TURN_RECORD);
	return e;
}

static int by_id(const void *left, const void *right)
{
	const struct outbox_row *l = left, *r = right;

	return l->id < r->id ? -1 : l->id > r->id;
}

/* Waves of more than one text each have mixed up the order of arrival. */
static void sort_sent(struct turn *t, size_t from)
{
	if (t->send.n - from > 1)
		qsort(t->send.row + from, t->send.n - from, sizeof(t->send.row[0]),
		      by_id);
}

enum err waves_work(struct turn *t, struct job *job, size_t n, int64_t now_ms, bool aside)
{
	struct waves w = { .t = t, .now_ms = now_ms, .job = job, .n = n, .aside = aside };
	const unsigned waves = make_waves(&w);
	const size_t from = t->send.n;
	enum err e = ERR_OK;

	for (; w.at < waves && e == ERR_OK; w.at++)
		e = work_wave(&w);
	if (waves > 1)
		sort_sent(t, from);
	return e;
}
