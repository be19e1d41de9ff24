/*
 * worker.c - the owner of the store: takes what has arrived, runs a turn, gives back
 * statuses and messages.  A step at a time: a thread or a simulator calls it.
 *
 * What arrives during a commit is the next turn's batch.  Marks of accepted
 * messages alone wait for company (pile.c); texts never wait.  Those of campaigns, which
 * no text depends on, go with their next slice, a portion at a time.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "worker_priv.h"

enum {
	MARKS_RETRY_MS = 1000, /* when the store could not take them */
	PORTION = 128,         /* marks of campaigns in one transaction */
	TICK_MS = 1000,
	COUNT_MS = 30000, /* between two counts of people's tasks */
	TURN_MOST_US = 5000,
	BACKLOG_SLICE = 1000
};

struct worker {
	struct worker_conf conf;
	struct clock clock;
	struct pile texts, marks, verdicts;
	struct pile pushed;            /* marks of campaigns */
	size_t portion;                /* of pushed, in the turn under way */
	struct turn_input *mark_input; /* one for each mark */
	struct turn_input **input;     /* marks, then texts */
	size_t input_cap;
	int64_t next_tick_ms, next_count_ms;
	bool stopping, failed;
	bool again; /* targets have their turn again: campaigns are to be read anew */
	struct note *stop_note;
	struct mail_chain answers;
	struct mail_chain orders; /* of the reader; carried out one a step */
	struct worker_push push;
};

static bool marks_are_due(const struct worker *w, const struct pile *p)
{
	return p->n > 0 && (w->stopping || clock_ms(&w->clock) >= pile_marks_due(p));
}

/* Of pushed, into a turn. */
static size_t portion_of(const struct worker *w)
{
	if (!marks_are_due(w, &w->pushed))
		return 0;
	return w->pushed.n < PORTION || w->stopping ? w->pushed.n : PORTION;
}

static void portion_recorded(struct worker *w, size_t n)
{
	for (size_t i = 0; i < n; i++)
		w->again = w->again || pile_mark(&w->pushed, i)->again;
	pile_free_first(&w->pushed, n);
	if (n > 0)
		w->pushed.since_ms = clock_ms(&w->clock);
}

/* ---- results to the loop ---- */

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

static size_t gather(struct worker *w)
{
	const size_t portion = w->portion = portion_of(w);
	const size_t marks = w->marks.n + portion;
	const size_t n = marks + w->texts.n + w->verdicts.n;

	if (n > w->input_cap) {
		w->input_cap = n * 2;
		w->input = xrealloc(w->input, w->input_cap * sizeof(struct turn_input *));
		w->mark_input = xrealloc(w->mark_input,
		                         w->input_cap * sizeof(struct turn_input));
	}
	for (size_t i = 0; i < marks; i++) {
		w->mark_input[i] = (struct turn_input){
			.kind = TURN_MARK,
			.mark = i < portion ? *pile_mark(&w->pushed, i)
			                    : *pile_mark(&w->marks, i - portion)
		};
		w->input[i] = &w->mark_input[i];
	}
	for (size_t i = 0; i < w->texts.n; i++)
		w->input[marks + i] = &((struct intake *)w->texts.letter[i])->in;
	for (size_t i = 0; i < w->verdicts.n; i++)
		w->input[n - w->verdicts.n + i] =
			&((struct verdict *)w->verdicts.letter[i])->in;
	return n;
}

/* What the store cannot mend while this process has it open. */
static bool is_final(enum err e)
{
	return e == ERR_UNKNOWN || e == ERR_CORRUPT || e == ERR_MEMORY ||
	       e == ERR_REFUSED;
}

/* One that the disk held up is no measure for others. */
static void note_turn(struct worker *w, int64_t us)
{
	const int64_t mean = (int64_t)metric_get(&w->conf.figures->turn_us);

	us = us < TURN_MOST_US ? us : TURN_MOST_US;
	metric_set(&w->conf.figures->turn_us, (uint64_t)(mean + (us - mean) / 8));
}

/* From its arrival: while many wait, each does. */
static void note_answered(struct worker *w)
{
	int64_t first = INT64_MAX;

	for (size_t i = 0; i < w->texts.n; i++) {
		const int64_t at = ((struct intake *)w->texts.letter[i])->arrived_us;

		first = at < first ? at : first;
	}
	if (first != INT64_MAX)
		turn_answered(w->conf.turn, w->clock.wall_s * 1000,
		              (clock_machine().mono_us - first) / 1000);
}

static void run_turn(struct worker *w)
{
	const int64_t from = clock_machine().mono_us;
	struct turn_output out = { NULL, 0 };
	const enum err e = turn_run(w->conf.turn, w->input, gather(w),
	                            w->clock.wall_s * 1000, &out);

	if (w->conf.figures != NULL)
		note_turn(w, clock_machine().mono_us - from);
	note_answered(w);
	if (is_final(e)) {
		fail(w, "turn");
		return;
	}
	if (e != ERR_OK)
		LOG(w->conf.log, LOG_ERROR, "turn.refused", "texts=%zu reason=\"%s\"",
		    w->texts.n, store_fault(w->conf.store));
	else
		report_turn(&w->conf, &(struct report){ w->texts.letter, w->texts.n,
		                                        w->marks.n + w->portion, out.n,
		                                        &w->clock });
	if (w->conf.figures != NULL)
		metric_set(&w->conf.figures->refused, e != ERR_OK ? 1 : 0);
	worker_push_note(&w->conf);
	if (turn_sells(w->conf.turn))
		worker_push_changed(&w->push);
	for (size_t i = 0; i < w->texts.n; i++)
		mail_chain_add(&w->answers, &w->texts.letter[i]->mail);
	w->texts.n = 0;
	pile_clear(&w->verdicts); /* what failed, the turn has done once more */
	post_output(w, &out);
	if (e == ERR_OK) {
		pile_clear(&w->marks);
		portion_recorded(w, w->portion);
	} else {
		w->marks.since_ms = w->pushed.since_ms = clock_ms(&w->clock) +
		                                         MARKS_RETRY_MS;
	}
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
static void tend(struct worker *w, enum store_tending how)
{
	const int64_t from = clock_machine().mono_us;
	struct worker_figures *f = w->conf.figures;
	struct store_wal before, now;
	enum err e;

	store_wal(w->conf.store, &before);
	e = store_tend(w->conf.store, how);
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

/* With those of before, what was stopped would go on. */
static void reload_campaigns(struct worker *w)
{
	const enum err e = turn_reload_campaigns(w->conf.turn);

	w->again = false;
	worker_push_changed(&w->push);
	worker_push_loaded(&w->conf);
	if (e == ERR_OK)
		mail_chain_add(&w->answers, &worker_push_halts(&w->conf)->mail);
	else
		fail(w, "campaigns");
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
		reload_campaigns(w);
	if (e == ERR_UNKNOWN || e == ERR_CORRUPT)
		fail(w, "office");
	mailbox_put(w->conf.out, &w->answers); /* the loop knows before who ordered it */
	give_back(o, e);
}

/* ---- a step ---- */

static void swap(struct worker *w, const struct swap *s)
{
	const struct assets *a = s->assets;

	turn_swap(w->conf.turn, &(struct turn_assets){ a->fold, a->grammar, a->hall,
	                                               &a->push, s->route, s->n_routes });
	reload_campaigns(w);
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

static void take_mark(struct worker *w, struct letter *letter)
{
	const struct outgoing *o = (const struct outgoing *)letter;

	pile_add_mark(o->row.lane == LANE_PUSH ? &w->pushed : &w->marks, letter,
	              clock_ms(&w->clock));
}

static void sort_letter(struct worker *w, struct letter *letter)
{
	if (letter->kind == MAIL_INTAKE) {
		pile_add(&w->texts, letter);
	} else if (letter->kind == MAIL_OUTGOING) {
		take_mark(w, letter);
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
	return w->texts.n > 0 || w->verdicts.n > 0 || marks_are_due(w, &w->marks) ||
	       marks_are_due(w, &w->pushed);
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
	const int64_t now = clock_ms(&w->clock),
		      due[] = { worker_push_due(&w->push), pile_marks_due(&w->marks),
		                pile_marks_due(&w->pushed) };
	int64_t until = w->next_tick_ms;

	if (w->orders.n > 0 || w->stopping || turn_is_due(w))
		return 0;
	for (size_t i = 0; i < sizeof(due) / sizeof(due[0]); i++)
		until = due[i] < until ? due[i] : until;
	return until > now ? (int)(until - now) : 0;
}

/* What has come meanwhile is taken in for it. */
static bool text_waits(struct worker *w)
{
	collect(w, 0);
	return w->texts.n + w->verdicts.n > 0;
}

/* Behind everything else, and only when no text has come meanwhile. */
static void push(struct worker *w)
{
	struct turn_output out = { NULL, 0 };
	struct outbox_mark mark[PORTION];
	size_t n = 0;

	if (w->stopping || text_waits(w) ||
	    worker_push_due(&w->push) > clock_ms(&w->clock))
		return;
	for (; n < w->pushed.n && n < PORTION; n++)
		mark[n] = *pile_mark(&w->pushed, n);
	w->push.mark = mark;
	w->push.n_marks = n;
	if (is_final(worker_push_run(&w->push, &w->conf, &w->clock, &out)))
		fail(w, "push");
	else
		post_output(w, &out);
	if (w->push.marked)
		portion_recorded(w, n);
}

bool worker_step(struct worker *w, int wait_ms)
{
	bool ticks, last;

	collect(w, wait_ms);
	last = w->stopping;
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
		push(w);
	if (!w->failed && w->again)
		reload_campaigns(w);
	mailbox_put(w->conf.out, &w->answers);
	if (!w->failed)
		tend(w, ticks           ? STORE_TEND_AGAIN
		        : text_waits(w) ? STORE_TEND_DUE
		                        : STORE_TEND_SOON);
	return !w->failed && !last;
}

void worker_end(struct worker *w)
{
	for (struct office_order *o = next_order(w); o != NULL; o = next_order(w))
		give_back(o, ERR_STATE);
	turn_destroy(w->conf.turn);
	if (!w->failed) {
		store_close(w->conf.store);
		crash_clear();
		w->stop_note->letter.kind = MAIL_STOPPED;
		mail_chain_add(&w->answers, &w->stop_note->letter.mail);
	}
	mailbox_put(w->conf.out, &w->answers);
}

void worker_destroy(struct worker *w)
{
	pile_free(&w->texts);
	pile_free(&w->marks);
	pile_free(&w->pushed);
	pile_free(&w->verdicts);
	free(w->mark_input);
	free(w->input);
	free(w);
}
