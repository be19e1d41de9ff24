/*
 * batch.c - one attempt over a batch of inputs, in one transaction.
 *
 * The steps are those of the house: marks first, because a text may be new only
 * since its equal has been settled; then recognise repeats, put long messages
 * together, load, match, load what services need, answer in order of arrival,
 * record, commit.
 *
 * What one text opens, the next of its number may answer: so the texts are taken in
 * waves, each with at most one of a number, and each wave finds in the store what those
 * before it have recorded.
 */
#include <stdlib.h>

#include "turn_priv.h"

struct batch {
	struct turn *t;
	int64_t now_ms;
	struct job *job;
	size_t n;
	struct dossier **who;
	size_t n_who;
	unsigned wave;
	bool aside; /* its one input failed alone, perhaps because it could not be loaded */
};

void batch_changes_reset(struct turn *t)
{
	t->changes = (struct changes){ .arena = &t->arena,
		                       .next_task = t->ids.task,
		                       .next_order = t->ids.order };
}

void batch_send(struct turn *t, const struct outbox_row *row)
{
	changes_add(&t->changes, outbox, *row);
}

void batch_tell(struct turn *t, int64_t now_ms, struct str group,
                const struct address *from, const struct address *to, struct str text)
{
	batch_send(t, &(struct outbox_row){ .id = t->ids.message++,
	                                    .at_ms = now_ms,
	                                    .state = OUTBOX_READY,
	                                    .group = group,
	                                    .from = *from,
	                                    .to = *to,
	                                    .text = text });
}

struct str batch_decode(struct turn *t, enum coding c, struct span octets)
{
	struct buf *b = &t->scratch;

	buf_reset(b);
	coding_decode(c,
	              span_first(octets, octets.n < TURN_TEXT_OCTETS ? octets.n
	                                                             : TURN_TEXT_OCTETS),
	              b);
	return arena_str(&t->arena, buf_str(b));
}

static bool is_part(const struct turn_input *in)
{
	return in->total > 1 && in->seq >= 1 && in->seq <= in->total;
}

static bool is_poison(const struct turn *t, int64_t fingerprint)
{
	for (size_t i = 0; i < t->n_poison; i++) {
		if (t->poison[i] == fingerprint)
			return true;
	}
	return false;
}

/* Marks are recorded at once: what follows in this transaction sees them. */
static enum err record_marks(struct batch *b, struct turn_input **in, size_t n)
{
	struct changes marks = { .arena = &b->t->arena };

	for (size_t i = 0; i < n; i++) {
		if (in[i]->kind == TURN_MARK)
			changes_add(&marks, marks, in[i]->mark);
		if (in[i]->kind == TURN_RECEIPT)
			changes_add(&marks, receipts, in[i]->receipt);
	}
	return marks.marks.n + marks.receipts.n > 0
	               ? store_record(b->t->conf.store, &marks)
	               : ERR_OK;
}

static void make_jobs(struct batch *b, struct turn_input **in, size_t n, bool aside)
{
	b->job = arena_array(&b->t->arena, struct job, n);
	for (size_t i = 0; i < n; i++) {
		in[i]->status = TURN_OK;
		in[i]->intent = STR("");
		in[i]->text = STR("");
		in[i]->outcome = "done";
		in[i]->repeats = 0;
		if (in[i]->kind != TURN_TEXT)
			continue;
		b->job[b->n] = (struct job){ .in = in[i],
			                     .session = in[i]->session,
			                     .fingerprint = identity_fingerprint(b->t,
			                                                         in[i]),
			                     .aside = aside };
		b->job[b->n].aside |= is_poison(b->t, b->job[b->n].fingerprint);
		b->n++;
	}
}

static void answer_repeat(struct batch *b, struct job *job, const struct store_seen *seen)
{
	const bool resend = seen->reply_state == OUTBOX_DONE ||
	                    seen->reply_state == OUTBOX_DEAD;

	changes_add(&b->t->changes, repeats,
	            (struct inbox_repeat){ seen->id, job->in->session, resend });
	if (resend) {
		struct outbox_row again = seen->reply;

		again.session = job->in->session;
		set_add(&b->t->arena, &b->t->send, again);
	}
	job->in->outcome = "repeat";
	job->in->repeats = seen->reply_state == OUTBOX_READY ? seen->id : 0;
	job->answered = true;
}

/* Equal texts of this batch: the first is executed, on the last one's session. */
static void answer_repeats_within(struct batch *b)
{
	for (size_t i = 1; i < b->n; i++) {
		struct job *job = &b->job[i];

		for (size_t k = 0; k < i && !job->answered; k++) {
			if (b->job[k].fingerprint != job->fingerprint ||
			    b->job[k].answered)
				continue;
			b->job[k].session = job->in->session;
			job->in->outcome = "repeat";
			job->answered = true;
		}
	}
}

static enum err recognise(struct batch *b)
{
	struct store_seen *seen = arena_array(&b->t->arena, struct store_seen, b->n);
	enum err e;

	for (size_t i = 0; i < b->n; i++) {
		seen[i].fingerprint = b->job[i].fingerprint;
		seen[i].since_ms = b->now_ms - b->t->conf.repeat_ms;
	}
	e = store_load_seen(b->t->conf.store, &b->t->arena, seen, b->n);
	if (e != ERR_OK)
		return e;
	for (size_t i = 0; i < b->n; i++) {
		if (seen[i].found)
			answer_repeat(b, &b->job[i], &seen[i]);
	}
	answer_repeats_within(b);
	return ERR_OK;
}

static enum err read_texts(struct batch *b)
{
	for (size_t i = 0; i < b->n; i++) {
		struct job *job = &b->job[i];
		struct turn_input *in = job->in;
		bool complete = true;
		enum err e = ERR_OK;

		if (job->answered)
			continue;
		if (is_part(in))
			e = parts_take(b->t, in, b->t->ids.message, &job->text,
			               &complete);
		else
			job->text = batch_decode(
				b->t, coding_of_dcs(in->data_coding, in->alphabet),
				in->octets);
		if (e != ERR_OK)
			return e;
		job->answered = !complete;
		if (complete)
			job->id = b->t->ids.message++;
	}
	return ERR_OK;
}

/* The dossier of that number, shared by all its texts of the batch. */
static struct dossier *dossier_for(struct batch *b, int64_t msisdn)
{
	struct dossier *d;

	for (size_t i = 0; msisdn != 0 && i < b->n_who; i++) {
		if (b->who[i]->msisdn == msisdn)
			return b->who[i];
	}
	d = arena_new(&b->t->arena, struct dossier);
	d->msisdn = msisdn;
	if (msisdn != 0)
		b->who[b->n_who++] = d;
	return d;
}

/* Gives each text its wave; returns how many there are. */
static unsigned make_waves(struct batch *b)
{
	unsigned waves = 1;

	for (size_t i = 0; i < b->n; i++) {
		struct job *job = &b->job[i];

		if (job->answered || job->in->msisdn == 0)
			continue;
		for (size_t k = i; k-- > 0;) {
			if (b->job[k].answered || b->job[k].in->msisdn != job->in->msisdn)
				continue;
			job->wave = b->job[k].wave + 1;
			break;
		}
		waves = job->wave + 1 > waves ? job->wave + 1 : waves;
	}
	return waves;
}

static bool in_wave(const struct batch *b, const struct job *job)
{
	return !job->answered && job->wave == b->wave;
}

static enum err load_dossiers(struct batch *b)
{
	b->n_who = 0;
	b->who = arena_array(&b->t->arena, struct dossier *, b->n);
	for (size_t i = 0; i < b->n; i++) {
		if (in_wave(b, &b->job[i]))
			b->job[i].who = dossier_for(b, b->job[i].in->msisdn);
	}
	return b->n_who > 0 && !b->aside
	               ? store_load_dossiers(b->t->conf.store, &b->t->arena, b->who,
	                                     b->n_who)
	               : ERR_OK;
}

static bool wants_service(const struct batch *b, const struct job *job)
{
	return in_wave(b, job) && !job->aside && job->in->limit == TURN_WITHIN &&
	       !identity_is_service(job->in);
}

static void match_texts(struct batch *b)
{
	for (size_t i = 0; i < b->n; i++) {
		struct job *job = &b->job[i];

		if (!wants_service(b, job))
			continue;
		b->t->at = job->fingerprint;
		match_text(b->t, job, b->now_ms);
	}
	b->t->at = 0;
}

static enum err load_needs(struct batch *b)
{
	unsigned *need = arena_array(&b->t->arena, unsigned, b->n_who);
	unsigned any = 0;
	enum err e;

	for (size_t i = 0; i < b->n; i++) {
		if (!wants_service(b, &b->job[i]))
			continue;
		e = parked_other(b->t, &b->job[i].question);
		if (e != ERR_OK)
			return e;
		for (size_t k = 0; k < b->n_who; k++) {
			if (b->who[k] == b->job[i].who)
				need[k] |= hall_needs(b->t->conf.hall,
				                      &b->job[i].question);
			any |= need[k];
		}
	}
	return any != 0 ? store_load_needs(b->t->conf.store, &b->t->arena, b->who, need,
	                                   b->n_who, b->now_ms / 1000)
	                : ERR_OK;
}

static void record_text(struct batch *b, const struct job *job, enum inbox_state state)
{
	const struct turn_input *in = job->in;
	const struct grammar_command *c = &job->command;
	const struct str kept = job->kept.p != NULL ? job->kept : kept_text(b->t, job);

	job->in->text = kept;
	changes_add(
		&b->t->changes, inbox,
		(struct inbox_row){
			.id = job->id,
			.at_ms = in->at_ms,
			.fingerprint = job->fingerprint,
			.session = job->session,
			.group = in->group,
			.from = in->from,
			.to = in->to,
			.msisdn = in->msisdn,
			.owner_since = job->who->known ? job->who->sub.owner_since : 0,
			.text = kept,
			.intent = in->intent,
			.rule = str_of(c->rule),
			.revision = str_of(grammar_revision(b->t->conf.grammar)),
			.state = state });
}

static void record_reply(struct batch *b, struct job *job, struct str text)
{
	const struct turn_input *in = job->in;

	job->reply = text;
	batch_send(b->t, &(struct outbox_row){ .id = job->id,
	                                       .at_ms = b->now_ms,
	                                       .state = OUTBOX_READY,
	                                       .group = in->group,
	                                       .from = in->to,
	                                       .to = in->from,
	                                       .text = text,
	                                       .session = job->session });
}

static void answer_notice(struct batch *b, struct job *job, enum hall_notice notice,
                          enum inbox_state state, const char *outcome)
{
	job->in->outcome = outcome;
	record_text(b, job, state);
	record_reply(b, job,
	             hall_notice_text(b->t->conf.hall, notice, job->who, job->text,
	                              &b->t->arena));
}

static void answer_service(struct batch *b, struct job *job)
{
	struct hall_answer a;

	b->t->changes.park = NULL;
	a = hall_answer(b->t->conf.hall, &job->question);
	if (job->command.intent != NULL)
		job->in->intent = str_of(job->command.intent->name);
	job->in->outcome = a.outcome;
	if (b->t->changes.park != NULL &&
	    parked_put(b->t, job, b->t->changes.park, a.text)) {
		record_text(b, job, INBOX_PARKED);
		return;
	}
	if (b->t->changes.park != NULL)
		a.text = hall_notice_text(b->t->conf.hall, HALL_TRY_LATER, job->who,
		                          job->kept, &b->t->arena);
	record_text(b, job, INBOX_ANSWERED);
	record_reply(b, job, a.text);
	others_tell(b->t, job, b->now_ms);
}

static void answer_aside(struct batch *b, struct job *job)
{
	const int64_t now = b->now_ms / 1000;

	answer_notice(b, job, HALL_TRY_LATER, INBOX_ASIDE, "aside");
	(void)changes_task(&b->t->changes, job->who, STR("aside"), now, job->id,
	                   kept_text(b->t, job));
}

static void stay_silent(struct batch *b, struct job *job, const char *outcome)
{
	job->in->outcome = outcome;
	record_text(b, job, INBOX_SILENT);
}

static void answer(struct batch *b)
{
	for (size_t i = 0; i < b->n; i++) {
		struct job *job = &b->job[i];

		if (!in_wave(b, job))
			continue;
		b->t->at = job->fingerprint;
		if (identity_is_service(job->in)) {
			stay_silent(b, job, "silent");
		} else if (robots_are_talking(b->t->robots, job, b->now_ms)) {
			stay_silent(b, job, "robot");
		} else if (job->aside) {
			answer_aside(b, job);
		} else if (job->in->limit == TURN_TOO_MANY) {
			answer_notice(b, job, HALL_TOO_MANY, INBOX_ANSWERED, "limited");
		} else {
			answer_service(b, job);
		}
	}
	b->t->at = 0;
}

/* Records what the wave has changed, and begins anew with the ids behind it. */
static enum err record_wave(struct batch *b)
{
	struct turn *t = b->t;
	const enum err e = store_record(t->conf.store, &t->changes);

	if (e != ERR_OK)
		return e;
	for (size_t i = 0; i < t->changes.outbox.n; i++)
		set_add(&t->arena, &t->send, t->changes.outbox.row[i]);
	t->ids.task = t->changes.next_task;
	t->ids.order = t->changes.next_order;
	batch_changes_reset(t);
	return ERR_OK;
}

static enum err work_wave(struct batch *b)
{
	enum err e = load_dossiers(b);

	if (e != ERR_OK)
		return e;
	turn_lap(b->t, TURN_LOAD);
	match_texts(b);
	turn_lap(b->t, TURN_MATCH);
	e = load_needs(b);
	if (e == ERR_OK)
		e = others_load(b->t, b->job, b->n, b->wave, b->now_ms / 1000);
	if (e != ERR_OK)
		return e;
	turn_lap(b->t, TURN_LOAD);
	answer(b);
	turn_lap(b->t, TURN_ANSWER);
	e = record_wave(b);
	turn_lap(b->t, TURN_RECORD);
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

static enum err work(struct batch *b, struct turn_input **in, size_t n, bool aside)
{
	size_t from;
	unsigned waves;
	enum err e = record_marks(b, in, n);

	if (e != ERR_OK)
		return e;
	make_jobs(b, in, n, aside);
	if (b->n == 0)
		return ERR_OK;
	e = recognise(b);
	if (e == ERR_OK)
		e = read_texts(b);
	if (e != ERR_OK)
		return e;
	waves = make_waves(b);
	from = b->t->send.n;
	for (b->wave = 0; b->wave < waves && e == ERR_OK; b->wave++)
		e = work_wave(b);
	if (waves > 1)
		sort_sent(b->t, from);
	return e;
}

/* Equal texts of one batch are of one answer: the table sees them all the same. */
static void note_exchanges(const struct batch *b)
{
	for (size_t i = 0; i < b->n; i++) {
		if (b->job[i].id != 0 && !b->job[i].aside)
			robots_note(b->t->robots, &b->job[i], b->now_ms);
	}
}

enum err batch_attempt(struct turn *t, struct turn_input **in, size_t n, int64_t now_ms,
                       bool aside)
{
	struct batch b = { .t = t, .now_ms = now_ms, .aside = aside };
	const struct store_ids ids = t->ids;
	const int64_t waiting = t->waiting_parts;
	const size_t sent = t->send.n, parked = t->n_parked;
	enum err e;

	batch_changes_reset(t);
	e = store_begin(t->conf.store);
	if (e == ERR_OK) {
		e = work(&b, in, n, aside);
		turn_lap(t, TURN_RECORD);
		if (e == ERR_OK)
			e = store_commit(t->conf.store);
		turn_lap(t, TURN_COMMIT);
		if (e != ERR_OK)
			store_rollback(t->conf.store);
	}
	if (e != ERR_OK) {
		t->ids = ids;
		t->waiting_parts = waiting;
		t->send.n = sent;
		t->n_parked = parked;
		return e;
	}
	note_exchanges(&b);
	return ERR_OK;
}
