/*
 * batch.c - one attempt over a batch of inputs, in one transaction.
 *
 * The steps are those of the house: marks first, because a text may be new only
 * since its equal has been settled; then recognise repeats, put long messages
 * together, work the texts in waves (waves.c), commit.
 */
#include "turn_priv.h"

struct batch {
	struct turn *t;
	int64_t now_ms;
	struct job *job;
	size_t n;
};

void batch_changes_reset(struct turn *t)
{
	t->changes = (struct changes){ .arena = &t->arena,
		                       .next_task = t->ids.task,
		                       .next_order = t->ids.order };
}

void batch_recorded(struct turn *t)
{
	t->ids.task = t->changes.next_task;
	t->ids.order = t->changes.next_order;
	for (size_t i = 0; i < t->changes.outbox.n; i++)
		set_add(&t->arena, &t->send, t->changes.outbox.row[i]);
}

void batch_send(struct turn *t, const struct outbox_row *row)
{
	changes_add(&t->changes, outbox, *row);
}

void batch_tell(struct turn *t, int64_t now_ms, const struct delayed_row *row)
{
	if (row->at > now_ms / 1000)
		changes_add(&t->changes, delayed, *row);
	else
		batch_send(t, &(struct outbox_row){ .id = t->ids.message++,
		                                    .at_ms = now_ms,
		                                    .state = OUTBOX_READY,
		                                    .group = row->group,
		                                    .from = row->from,
		                                    .to = row->to,
		                                    .text = row->text,
		                                    .told = row->msisdn,
		                                    .lane = LANE_SERVICE });
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
		in[i]->opts_out = false;
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

static enum err work(struct batch *b, struct turn_input **in, size_t n, bool aside)
{
	enum err e = record_marks(b, in, n);

	if (e != ERR_OK)
		return e;
	make_jobs(b, in, n, aside);
	if (b->n == 0)
		return ERR_OK;
	e = recognise(b);
	if (e == ERR_OK)
		e = read_texts(b);
	if (e == ERR_OK)
		e = waves_work(b->t, b->job, b->n, b->now_ms, aside);
	return e;
}

/* Equal texts of one batch are of one answer: the table sees them all the same. */
static void note_exchanges(const struct batch *b)
{
	size_t replies = 0, others = 0;

	for (size_t i = 0; i < b->n; i++) {
		count_job(b->t, &b->job[i]);
		if (b->job[i].who != NULL)
			sell_note(b->t, &b->job[i]);
		if (b->job[i].id == 0 || b->job[i].aside)
			continue;
		robots_note(b->t->robots, &b->job[i], b->now_ms);
		if (b->job[i].question.campaign != 0)
			replies++;
		else
			others++;
	}
	push_note_texts(b->t, b->now_ms, replies, others);
}

enum err batch_attempt(struct turn *t, struct turn_input **in, size_t n, int64_t now_ms,
                       bool aside)
{
	struct batch b = { .t = t, .now_ms = now_ms };
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
