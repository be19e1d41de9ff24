/*
 * report.c - what a turn leaves in log and figures; worker thread.
 *
 * A line a turn at level info, a line a text at level debug.  Numbers are masked
 * always; the text stands there only until log.texts_until.
 */
#include "text/mask.h"
#include "worker_priv.h"

enum {
	NUMBER_DIGITS = 11 /* of a run that may be a subscriber's number */
};

static const char *const stage_names[TURN_STAGES] = { "load", "match", "answer", "record",
	                                              "commit" };

const char *report_stage(enum turn_stage stage)
{
	return stage_names[stage];
}

/* The text in quotes; runs of digits as long as a number are starred in their middle. */
static const char *shown_text(char out[static LOG_QUOTE_MAX], struct str text)
{
	char copy[LOG_QUOTE_MAX];
	const size_t n = text.n < sizeof(copy) ? text.n : sizeof(copy);
	size_t run = 0;

	for (size_t i = 0; i < n; i++) {
		copy[i] = text.p[i];
		run = copy[i] >= '0' && copy[i] <= '9' ? run + 1 : 0;
		for (size_t k = i - 4; run >= NUMBER_DIGITS && k > i - 8; k--)
			copy[k] = '*';
	}
	return log_quote(out, (struct str){ copy, n });
}

static void log_text(const struct log *log, const struct intake *i, int64_t wait_us,
                     int64_t now_s)
{
	char from[MASK_MAX], text[LOG_QUOTE_MAX] = "";

	if (now_s < log->texts_until_s)
		(void)shown_text(text, i->in.text);
	LOG(log, LOG_DEBUG, "text",
	    "from=%s group=%.*s intent=%.*s outcome=%s status=0x%02x wait_us=%lld%s%s",
	    mask_number(from, i->in.from.digits), STR_ARG(i->in.group),
	    STR_ARG(i->in.intent), i->in.outcome, i->in.status, (long long)wait_us,
	    text[0] != '\0' ? " text=" : "", text);
}

void report_counts(const struct worker_conf *w)
{
	size_t n;
	const struct turn_count *c = turn_counts(w->turn, &n);

	for (size_t i = 0; w->figures != NULL && i < n; i++) {
		metric_pair_add(&w->figures->service, c[i].service, str_of(c[i].outcome));
		if (strcmp(c[i].outcome, "robot") == 0)
			metric_add(&w->figures->robots, 1);
	}
}

static void count_turn(struct worker_figures *f, const struct turn_spent *spent,
                       const struct clock *clock, size_t marks)
{
	metric_add(&f->turns, 1);
	metric_add(&f->marks, marks);
	for (size_t i = 0; i < TURN_STAGES; i++)
		metric_time(&f->stage[i], spent->us[i]);
	if (spent->us[TURN_COMMIT] > SLOW_COMMIT_US)
		metric_set(&f->slow_us, (uint64_t)clock->mono_us);
}

void report_turn(const struct worker_conf *w, const struct report *r)
{
	const struct turn_spent *spent = turn_spent(w->turn);
	const bool each = w->log != NULL && w->log->level >= LOG_DEBUG;

	for (size_t i = 0; i < r->n_texts; i++) {
		const struct intake *text = (const struct intake *)r->text[i];
		const int64_t wait_us = r->clock->mono_us - text->arrived_us;

		if (w->figures != NULL)
			metric_time(&w->figures->queue, wait_us);
		if (each && text->in.kind == TURN_TEXT)
			log_text(w->log, text, wait_us, r->clock->wall_s);
	}
	if (w->figures != NULL)
		count_turn(w->figures, spent, r->clock, r->marks);
	LOG(w->log, r->n_texts > 0 ? LOG_INFO : LOG_DEBUG, "turn",
	    "texts=%zu marks=%zu sent=%zu load_us=%lld match_us=%lld answer_us=%lld "
	    "record_us=%lld commit_us=%lld",
	    r->n_texts, r->marks, r->sent, (long long)spent->us[TURN_LOAD],
	    (long long)spent->us[TURN_MATCH], (long long)spent->us[TURN_ANSWER],
	    (long long)spent->us[TURN_RECORD], (long long)spent->us[TURN_COMMIT]);
}
