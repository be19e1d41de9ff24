/*
 * worker.c - the owner of the store: takes what has arrived, runs a turn, gives back
 * statuses and messages.  A step at a time: a thread or a simulator calls it.
 *
 * What arrives during a commit is the next turn's batch.  Marks of accepted
 * messages alone wait up to MARKS_WAIT_MS for company; texts never wait.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "worker_priv.h"

enum {
	MARKS_WAIT_MS = 50,
	MARKS_MAX = 512,       /* of them start a turn at once */
	MARKS_RETRY_MS = 1000, /* when the store could not take them */
	TICK_MS = 1000,
	COUNT_MS = 30000, /* between two counts of people's tasks */
	TURN_MOST_US = 5000,
	BACKLOG_SLICE = 1000
};

/* Mail of one kind, in order. */
struct pile {
	struct letter **letter;
	size_t n, cap;
};

struct worker {
	struct worker_conf conf;
	struct clock clock;
	struct pile texts, marks, verdicts;
	struct turn_input *mark_input; /* one for each of marks */
	struct turn_input **input;     /* marks, then texts */
	size_t input_cap;
	int64_t marks_since_ms, next_tick_ms, next_count_ms;
	bool stopping, failed;
	struct note *stop_note;
	struct mail_chain answers;
	struct mail_chain orders; /* of the reader; carried out one a step */
	struct worker_push push;
};

static void pile_add(struct pile *p, struct letter *letter)
{
	if (p->n == p->cap) {
		p->cap = p->cap == 0 ? 256 : p->cap * 2;
		p->letter = xrealloc(p->letter, p->cap * sizeof(struct letter *));
	}
	p->letter[p->n++] = letter;
}

static void pile_free_letters(struct pile *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->letter[i]);
	p->n = 0;
}

/* ---- results to the loop ---- */

static struct str copy_str(char **at, struct str s)
{
	struct str copy = { *at, s.n };

	if (s.n > 0)
		memcpy(*at, s.p, s.n);
	*at += s.n;
	return copy;
}

static struct outgoing *outgoing_of(const struct outbox_row *row)
{
	const size_t size = row->group.n + row->from.digits.n + row->to.digits.n +
	                    row->text.n;
	struct outgoing *o = xcalloc(1, sizeof(*o) + size);
	char *at = o->data;

	o->letter.kind = MAIL_OUTGOING;
	o->row = *row;
	o->row.group = copy_str(&at, row->group);
	o->row.from.digits = copy_str(&at, row->from.digits);
	o->row.to.digits = copy_str(&at, row->to.digits);
	o->row.text = copy_str(&at, row->text);
	return o;
}

static void post_output(struct worker *w, const struct turn_output *out)
{
	for (size_t i = 0; i < out->n; i++)
		mail_chain_add(&w->answers, &outgoing_of(&out->send[i])->letter.mail);
	report_counts(&w->conf);
}

static void fail(struct worker *w, const char *what)
{
	struct note *n = xcalloc(1, sizeof(*n));

	LOG(w->conf.log, LOG_ERROR, "store.failed", "during=%s reason=\"%s\"", what,
	    store_fault(w->conf.store));
	n->letter.kind = MAIL_FAILED;
	mail_chain_add(&w->answers, &n->letter.mail);
	w->failed = true;
}

/* ---- turns ---- */

static void mark_input(struct turn_input *in, const struct outgoing *o)
{
	*in = (struct turn_input){ .kind = TURN_MARK, .mark = o->mark };
}

static size_t gather(struct worker *w)
{
	const size_t n = w->marks.n + w->texts.n + w->verdicts.n;

	if (n > w->input_cap) {
		w->input_cap = n * 2;
		w->input = xrealloc(w->input, w->input_cap * sizeof(struct turn_input *));
		w->mark_input = xrealloc(w->mark_input,
		                         w->input_cap * sizeof(struct turn_input));
	}
	for (size_t i = 0; i < w->marks.n; i++) {
		mark_input(&w->mark_input[i],
		           (const struct outgoing *)w->marks.letter[i]);
		w->input[i] = &w->mark_input[i];
	}
	for (size_t i = 0; i < w->texts.n; i++)
		w->input[w->marks.n + i] = &((struct intake *)w->texts.letter[i])->in;
	for (size_t i = 0; i < w->verdicts.n; i++)
		w->input[n - w->verdicts.n + i] =
			&((struct verdict *)w->verdicts.letter[i])->in;
	return n;
}

/* What the store cannot mend while this process has it open. */
static bool is_final(enum err e)
{
	return e == ERR_UNKNOWN || e == ERR_CORRUPT || e == ERR_REFUSED;
}

/* One that the disk held up is no measure for others. */
static void note_turn(struct worker *w, int64_t us)
{
	const int64_t mean = (int64_t)metric_get(&w->conf.figures->turn_us);

	us = us < TURN_MOST_US ? us : TURN_MOST_US;
	metric_set(&w->conf.figures->turn_us, (uint64_t)(mean + (us - mean) / 8));
}

static void run_turn(struct worker *w)
{
	const int64_t from = clock_machine().mono_us;
	struct turn_output out = { NULL, 0 };
	const enum err e = turn_run(w->conf.turn, w->input, gather(w),
	                            w->clock.wall_s * 1000, &out);

	if (w->conf.figures != NULL)
		note_turn(w, clock_machine().mono_us - from);
	if (is_final(e)) {
		fail(w, "turn");
		return;
	}
	if (e != ERR_OK)
		LOG(w->conf.log, LOG_ERROR, "turn.refused", "texts=%zu reason=\"%s\"",
		    w->texts.n, store_fault(w->conf.store));
	else
		report_turn(&w->conf, &(struct report){ w->texts.letter, w->texts.n,
		                                        w->marks.n, out.n, &w->clock });
	if (w->conf.figures != NULL)
		metric_set(&w->conf.figures->refused, e != ERR_OK ? 1 : 0);
	worker_push_note(&w->conf);
	if (turn_sells(w->conf.turn))
		worker_push_changed(&w->push);
	for (size_t i = 0; i < w->texts.n; i++)
		mail_chain_add(&w->answers, &w->texts.letter[i]->mail);
	w->texts.n = 0;
	pile_free_letters(&w->verdicts); /* what failed, the turn has done once more */
	post_output(w, &out);
	if (e == ERR_OK)
		pile_free_letters(&w->marks);
	else
		w->marks_since_ms = clock_ms(&w->clock) + MARKS_RETRY_MS;
}

/* A count that fails is tried again with the next. */
static void count_tasks(struct worker *w)
{
	int64_t open, late;

	if (w->conf.figures == NULL || clock_ms(&w->clock) < w->next_count_ms)
		return;
	w->next_count_ms = clock_ms(&w->clock) + COUNT_MS;
	if (store_count_tasks(w->conf.store, w->clock.wall_s, &open, &late) != ERR_OK)
		return;
	metric_set(&w->conf.figures->tasks_open, (uint64_t)open);
	metric_set(&w->conf.figures->tasks_late, (uint64_t)late);
}

static void tick(struct worker *w)
{
	struct turn_output out = { NULL, 0 };
	enum err e;

	w->next_tick_ms = clock_ms(&w->clock) + TICK_MS;
	e = turn_tick(w->conf.turn, w->clock.wall_s * 1000, &out);
	if (is_final(e))
		fail(w, "housekeeping");
	else
		post_output(w, &out);
	if (w->conf.figures != NULL)
		metric_add(&w->conf.figures->unasked, out.n);
	count_tasks(w);
}

static void give_backlog(struct worker *w, struct note *note)
{
	struct turn_output out = { NULL, 0 };

	if (turn_backlog(w->conf.turn, note->after, BACKLOG_SLICE, &out) != ERR_OK) {
		free(note);
		fail(w, "backlog");
		return;
	}
	post_output(w, &out);
	note->last = out.n < BACKLOG_SLICE;
	if (out.n > 0)
		note->after = out.send[out.n - 1].id;
	mail_chain_add(&w->answers, &note->letter.mail);
}

/* Behind the answers: nobody waits for it but texts that come meanwhile. */
static void tend(struct worker *w, bool again)
{
	const int64_t from = clock_machine().mono_us;
	struct worker_figures *f = w->conf.figures;
	struct store_wal before, now;
	enum err e;

	store_wal(w->conf.store, &before);
	e = store_tend(w->conf.store, again);
	if (is_final(e))
		fail(w, "checkpoint");
	store_wal(w->conf.store, &now);
	if (f == NULL)
		return;
	if (now.moved + now.failed != before.moved + before.failed)
		metric_time(&f->checkpoint, clock_machine().mono_us - from);
	metric_set(&f->wal_octets, (uint64_t)now.octets);
	metric_set(&f->wal_failed, now.failed);
	metric_set(&f->wal_late, now.late ? 1 : 0);
}

/* ---- orders ---- */

static struct office_order *next_order(struct worker *w)
{
	struct mail *m = w->orders.first;

	if (m == NULL)
		return NULL;
	w->orders.first = m->next;
	w->orders.last = m->next != NULL ? w->orders.last : NULL;
	w->orders.n--;
	return (struct office_order *)m;
}

static void give_back(struct office_order *o, enum err result)
{
	struct mail_chain chain = { NULL, NULL, 0 };

	o->result = result;
	mail_chain_add(&chain, &o->letter.mail);
	mailbox_put(o->back, &chain);
}

static enum err reload_campaigns(struct worker *w)
{
	const enum err e = turn_reload_campaigns(w->conf.turn);

	worker_push_changed(&w->push);
	worker_push_loaded(&w->conf);
	return e;
}

/* Behind the answers of the turn: a text waits for one order at most. */
static void carry_out(struct worker *w)
{
	struct office_order *o = next_order(w);
	enum err e = ERR_OK;

	if (o == NULL)
		return;
	if (o->work != NULL)
		e = o->work(w->conf.store, o->arg);
	if (e == ERR_OK && o->catalogue)
		e = turn_reload_catalogue(w->conf.turn);
	if (e == ERR_OK && o->campaigns)
		e = reload_campaigns(w);
	if (e == ERR_UNKNOWN || e == ERR_CORRUPT)
		fail(w, "office");
	give_back(o, e);
}

/* ---- a step ---- */

static void swap(struct worker *w, const struct swap *s)
{
	const struct assets *a = s->assets;

	turn_swap(w->conf.turn, &(struct turn_assets){ a->fold, a->grammar, a->hall,
	                                               &a->push, s->route, s->n_routes });
	if (reload_campaigns(w) != ERR_OK)
		fail(w, "campaigns");
}

static void take_credit(struct worker *w, struct credit *c)
{
	worker_push_credit(&w->push, c);
	if (c->last)
		mail_chain_add(&w->answers,
		               &c->letter.mail); /* behind the last messages */
	else
		free(c);
}

static void sort_letter(struct worker *w, struct letter *letter)
{
	if (letter->kind == MAIL_INTAKE) {
		pile_add(&w->texts, letter);
	} else if (letter->kind == MAIL_OUTGOING) {
		if (w->marks.n == 0)
			w->marks_since_ms = clock_ms(&w->clock);
		pile_add(&w->marks, letter);
	} else if (letter->kind == MAIL_VERDICT) {
		pile_add(&w->verdicts, letter);
	} else if (letter->kind == MAIL_BACKLOG) {
		give_backlog(w, (struct note *)letter);
	} else if (letter->kind == MAIL_ASSETS) {
		swap(w, (const struct swap *)letter);
		mail_chain_add(&w->answers, &letter->mail);
	} else if (letter->kind == MAIL_CREDIT) {
		take_credit(w, (struct credit *)letter);
	} else if (letter->kind == MAIL_ORDER) {
		mail_chain_add(&w->orders, &letter->mail);
	} else {
		assert(letter->kind == MAIL_STOP);
		w->stopping = true;
		w->stop_note = (struct note *)letter;
	}
}

static bool turn_is_due(const struct worker *w)
{
	if (w->texts.n > 0 || w->verdicts.n > 0)
		return true;
	if (w->marks.n == 0 || w->stopping)
		return w->marks.n > 0;
	return (w->marks.n >= MARKS_MAX && clock_ms(&w->clock) >= w->marks_since_ms) ||
	       clock_ms(&w->clock) >= w->marks_since_ms + MARKS_WAIT_MS;
}

static void collect(struct worker *w, int wait_ms)
{
	struct mail *mail = mailbox_wait(w->conf.in, wait_ms), *next;

	clock_read(&w->clock);
	for (; mail != NULL; mail = next) {
		next = mail->next;
		sort_letter(w, (struct letter *)mail);
	}
}

struct worker *worker_create(const struct worker_conf *conf, struct clock clock)
{
	struct worker *w = xcalloc(1, sizeof(*w));

	w->conf = *conf;
	w->clock = clock;
	w->next_tick_ms = clock_ms(&w->clock) + TICK_MS;
	worker_push_loaded(&w->conf);
	return w;
}

int worker_patience_ms(const struct worker *w)
{
	const int64_t now = clock_ms(&w->clock);
	int64_t until = w->next_tick_ms;

	if (w->orders.n > 0)
		return 0;
	if (worker_push_due(&w->push) < until)
		until = worker_push_due(&w->push);
	if (w->marks.n > 0 && w->marks_since_ms + MARKS_WAIT_MS < until)
		until = w->marks_since_ms + MARKS_WAIT_MS;
	return until > now ? (int)(until - now) : 0;
}

/* Behind everything else, and only when no text has come meanwhile. */
static void push(struct worker *w)
{
	struct turn_output out = { NULL, 0 };

	if (worker_push_due(&w->push) > clock_ms(&w->clock) ||
	    mailbox_count(w->conf.in) > 0)
		return;
	if (is_final(worker_push_run(&w->push, &w->conf, &w->clock, &out)))
		fail(w, "push");
	else
		post_output(w, &out);
}

bool worker_step(struct worker *w, int wait_ms)
{
	bool ticks;

	collect(w, wait_ms);
	if (w->conf.figures != NULL)
		metric_set(&w->conf.figures->seen_us, (uint64_t)w->clock.mono_us);
	if (turn_is_due(w))
		run_turn(w);
	ticks = clock_ms(&w->clock) >= w->next_tick_ms;
	if (!w->failed && ticks)
		tick(w);
	mailbox_put(w->conf.out, &w->answers);
	if (!w->failed)
		carry_out(w);
	if (!w->failed)
		tend(w, ticks);
	if (!w->failed && !w->stopping)
		push(w);
	mailbox_put(w->conf.out, &w->answers);
	return !w->stopping && !w->failed;
}

void worker_end(struct worker *w)
{
	for (struct office_order *o = next_order(w); o != NULL; o = next_order(w))
		give_back(o, ERR_STATE);
	turn_destroy(w->conf.turn);
	if (w->failed)
		return;
	store_close(w->conf.store);
	crash_clear();
	w->stop_note->letter.kind = MAIL_STOPPED;
	mail_chain_add(&w->answers, &w->stop_note->letter.mail);
	mailbox_put(w->conf.out, &w->answers);
}

void worker_destroy(struct worker *w)
{
	pile_free_letters(&w->texts);
	pile_free_letters(&w->marks);
	pile_free_letters(&w->verdicts);
	free(w->verdicts.letter);
	free(w->texts.letter);
	free(w->marks.letter);
	free(w->mark_input);
	free(w->input);
	free(w);
}
