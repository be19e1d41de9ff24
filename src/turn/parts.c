/*
 * parts.c - long messages: each part is stored before it is acknowledged, and the
 * message is answered when the last one is there, in whatever order they came.  A sender
 * whose parts stay away is told once; the last one may come later still.
 *
 * Limits (T13): parts and octets of a message, open sets of a number, parts of all
 * numbers.  What is over them gets ESME_RMSGQFUL and stores nothing.
 */
#include <assert.h>

#include "turn_priv.h"

enum {
	TOLD_MS = 3600 * 1000 /* so long what was given up waits on for its rest */
};

/* The sender as a part's key holds it: what is needed to answer him later. */
static struct str sender_key(struct turn *t, const struct turn_input *in)
{
	return arena_printf(&t->arena, "%u.%u.%.*s", in->from.ton, in->from.npi,
	                    STR_ARG(in->from.digits));
}

/* The other way round; a key that was not made by sender_key() gives no sender. */
static bool sender_of(struct str key, struct address *from)
{
	struct str ton, npi;
	int64_t a, b;

	if (!str_cut(&key, '.', &ton) || !str_cut(&key, '.', &npi) || key.p == NULL ||
	    str_i64(ton, &a) != ERR_OK || str_i64(npi, &b) != ERR_OK)
		return false;
	*from = (struct address){ (uint8_t)a, (uint8_t)b, key };
	return true;
}

static bool same_set(const struct part_key *a, const struct part_key *b)
{
	return a->ref == b->ref && a->total == b->total && str_eq(a->from, b->from) &&
	       str_eq(a->to, b->to) && str_eq(a->group, b->group);
}

/* What waits of this message and of its sender. */
struct waiting {
	const struct part_row *part[256]; /* by seq; those of this message */
	unsigned n;
	size_t octets;
	int64_t since_ms;    /* its first part */
	bool used;           /* the message is complete, and its text unsettled */
	bool told;           /* it was given up; it is not counted among what waits */
	unsigned other_sets; /* of the same sender, waiting */
};

static struct waiting look(const struct store_parts *all, const struct part_key *key)
{
	struct waiting w = { .since_ms = INT64_MAX };

	for (size_t i = 0; i < all->n; i++) {
		const struct part_row *row = &all->row[i];
		bool first = true;

		if (same_set(&row->key, key)) {
			w.part[row->seq] = row;
			w.n++;
			w.octets += row->octets.n;
			w.since_ms = row->at_ms < w.since_ms ? row->at_ms : w.since_ms;
			w.used = row->inbox > 0;
			w.told = row->inbox == PART_TOLD;
			continue;
		}
		if (row->inbox != 0)
			continue;
		for (size_t k = 0; k < i && first; k++)
			first = !same_set(&all->row[k].key, &row->key);
		w.other_sets += first ? 1 : 0;
	}
	return w;
}

static bool over_limits(const struct turn *t, const struct waiting *w,
                        const struct turn_input *in)
{
	const struct turn_conf *c = &t->conf;

	return in->total > c->max_parts || w->octets + in->octets.n > c->max_octets ||
	       (w->n == 0 && w->other_sets >= c->max_open) ||
	       t->waiting_parts >= c->max_waiting_parts;
}

/* Ends a set; inbox: the text that it has become, or 0. */
static enum err end_set(struct turn *t, const struct part_key *key,
                        const struct waiting *w, int64_t inbox)
{
	struct changes c = { .arena = &t->arena };

	changes_add(&c, parts_done, (struct parts_end){ .key = *key, .inbox = inbox });
	t->waiting_parts -= w->used || w->told ? 0 : w->n;
	return store_record(t->conf.store, &c);
}

static struct str join(struct turn *t, const struct waiting *w,
                       const struct turn_input *last)
{
	struct buf all = buf_make(TURN_TEXT_OCTETS);
	const struct part_row *first = w->part[1];
	const uint8_t dcs = first != NULL ? first->data_coding : last->data_coding;
	struct str text;

	for (unsigned seq = 1; seq <= last->total; seq++) {
		const struct part_row *kept = w->part[seq];

		assert(seq == last->seq || kept != NULL);
		if (seq == last->seq)
			buf_put(&all, last->octets.p, last->octets.n);
		else
			buf_put(&all, kept->octets.p, kept->octets.n);
	}
	text = batch_decode(t, coding_of_dcs(dcs, last->alphabet), buf_span(&all));
	buf_free(&all);
	return text;
}

/* told: its set was given up, as it is again. */
static enum err keep(struct turn *t, const struct turn_input *in,
                     const struct part_key *key, bool told)
{
	struct changes c = { .arena = &t->arena };

	changes_add(&c, parts,
	            (struct part_row){ .key = *key,
	                               .msisdn = in->msisdn,
	                               .seq = in->seq,
	                               .data_coding = in->data_coding,
	                               .at_ms = in->at_ms,
	                               .octets = in->octets });
	if (told)
		changes_add(&c, parts_done,
		            (struct parts_end){ *key, PART_TOLD, in->at_ms });
	t->waiting_parts += told ? 0 : 1;
	return store_record(t->conf.store, &c);
}

static bool is_overdue(const struct turn *t, const struct waiting *w,
                       const struct turn_input *in)
{
	return w->n > 0 && !w->used && !w->told &&
	       w->since_ms < in->at_ms - t->conf.part_life_ms;
}

/*
 * A set that should have been given up, and of which a part comes before it was: it is
 * still on its way (a clock has jumped, or the process was down), and waits as if begun
 * now.  Else what was acknowledged would be given up, and the rest would wait in vain.
 */
static enum err renew(struct turn *t, const struct waiting *w, const struct part_key *key,
                      int64_t at_ms)
{
	struct changes c = { .arena = &t->arena };
	enum err e = end_set(t, key, w, 0);

	for (unsigned seq = 1; seq <= key->total; seq++) {
		if (w->part[seq] == NULL)
			continue;
		changes_add(&c, parts, *w->part[seq]);
		c.parts.row[c.parts.n - 1].at_ms = at_ms;
	}
	t->waiting_parts += w->n;
	return e == ERR_OK ? store_record(t->conf.store, &c) : e;
}

enum err parts_take(struct turn *t, struct turn_input *in, int64_t id, struct str *whole,
                    bool *complete)
{
	const struct part_key key = { in->group, sender_key(t, in), in->to.digits,
		                      in->ref, in->total };
	struct store_parts all = { .group = key.group, .from = key.from, .to = key.to };
	const struct part_row *same;
	struct waiting w;
	enum err e;

	*complete = false;
	e = store_load_parts(t->conf.store, &t->arena, &all);
	if (e != ERR_OK)
		return e;
	w = look(&all, &key);
	if (is_overdue(t, &w, in))
		e = renew(t, &w, &key, in->at_ms);
	if (e != ERR_OK)
		return e;
	same = w.part[in->seq];
	in->outcome = "part";
	if (same != NULL && same->octets.n == in->octets.n &&
	    memcmp(same->octets.p, in->octets.p, in->octets.n) == 0)
		return ERR_OK; /* sent again by the SMSC */
	if (same != NULL || w.used) {
		/* The reference came round while the old message was under way. */
		e = end_set(t, &key, &w, 0);
		if (e != ERR_OK)
			return e;
		w = (struct waiting){ .other_sets = w.other_sets };
	}
	if (over_limits(t, &w, in)) {
		in->status = TURN_QUEUE_FULL;
		in->outcome = "part.limit";
		return ERR_OK;
	}
	if (w.n + 1 < in->total)
		return keep(t, in, &key, w.told);
	*whole = join(t, &w, in);
	*complete = true;
	return end_set(t, &key, &w, id);
}

static enum err ask_again(struct turn *t, const struct part_row *row, int64_t now_ms)
{
	struct address from = { 0, 0, STR("") };
	struct dossier who = { .msisdn = row->msisdn }, *d = &who;
	const bool tell = row->inbox == 0 && sender_of(row->key.from, &from);
	enum err e = ERR_OK;

	changes_add(&t->changes, parts_done,
	            (struct parts_end){ row->key, tell ? PART_TOLD : 0, now_ms });
	if (!tell)
		return ERR_OK;
	if (who.msisdn != 0)
		e = store_load_dossiers(t->conf.store, &t->arena, &d, 1);
	if (e != ERR_OK)
		return e;
	batch_send(t, &(struct outbox_row){
			      .id = t->ids.message++,
			      .at_ms = now_ms,
			      .state = OUTBOX_READY,
			      .group = row->key.group,
			      .from = { 0, 1, row->key.to },
			      .to = from,
			      .told = who.msisdn,
			      .text = hall_notice_text(t->conf.hall, HALL_RESEND, &who,
	                                               STR(""), &t->arena) });
	return ERR_OK;
}

enum err parts_expire(struct turn *t, int64_t now_ms)
{
	struct part_row *row;
	size_t n;
	enum err e;

	e = store_stale_parts(t->conf.store, &t->arena, now_ms - t->conf.part_life_ms,
	                      now_ms - TOLD_MS, TURN_BATCH, &row, &n);
	for (size_t i = 0; e == ERR_OK && i < n; i++) {
		bool first = true;

		for (size_t k = 0; k < i && first; k++)
			first = !same_set(&row[k].key, &row[i].key);
		if (first)
			e = ask_again(t, &row[i], now_ms);
	}
	return e;
}
