/*
 * desk.c - what marketers do to campaigns that run, and what the rules do: the office's own
 * acts, by orders that the worker carries out between its steps.
 *
 * The checker is told of each campaign when it may send nothing any more (behind the commit)
 * and when it may again (before anything is sent).
 */
#include <assert.h>
#include <stdlib.h>

#include "base/arena.h"
#include "office/office.h"
#include "sim.h"
#include "store/campaigns.h"
#include "store/tags.h"

enum {
	DEEDS_MAX = 8, /* of one seed */
	SEEN_MAX = 8,
	ARENA = 16 << 20
};

static const struct deed {
	const char *act;
	bool one; /* of one campaign, else of all */
	int weight;
} deeds[] = {
	{ "pause", true, 8 }, { "resume", true, 6 },  { "stop", true, 1 },
	{ "kill", false, 2 }, { "unkill", false, 3 }, { "tend", false, 6 },
};

static struct {
	int64_t until_us;
	struct store_reader *reader; /* while something is done */
	struct seen {
		int64_t id;
		bool halted;
	} seen[SEEN_MAX];
	size_t n;
} desk;

/* ---- what the checker is told ---- */

static struct seen *seen_of(int64_t id)
{
	size_t i = 0;

	while (i < desk.n && desk.seen[i].id != id)
		i++;
	if (i == desk.n) {
		assert(desk.n < SEEN_MAX);
		desk.seen[desk.n++] = (struct seen){ .id = id };
	}
	return &desk.seen[i];
}

static void must_read(enum err e, const struct fault *fault)
{
	if (e == ERR_OK)
		return;
	(void)fprintf(stderr, "simulate: %s\n", fault->text);
	exit(EXIT_FAILURE);
}

static void look(void)
{
	struct arena a = arena_make(ARENA);
	struct fault fault = { .text = "" };
	struct campaign_row *row = NULL;
	struct str killed = STR("");
	size_t n = 0;

	must_read(store_worked_out(desk.reader, STORE_PUSH_STOPPED, &a, &killed), &fault);
	must_read(store_campaigns(desk.reader, &a, STR(""), &row, &n, &fault), &fault);
	for (size_t i = 0; i < n; i++) {
		const bool halted = killed.n > 0 || row[i].state == CAMPAIGN_PAUSED ||
		                    row[i].state == CAMPAIGN_STOPPED;
		struct seen *s = seen_of(row[i].id);

		if (halted != s->halted)
			note(halted ? "halt" : "go", "campaign=%lld sent=%lld",
			     (long long)row[i].id, (long long)row[i].sent);
		s->halted = halted;
	}
	arena_free(&a);
}

/* The process died at it: nobody knows whether it was committed. */
static void forget(void)
{
	for (size_t i = 0; i < desk.n; i++) {
		if (desk.seen[i].halted)
			note("go", "campaign=%lld sent=-1", (long long)desk.seen[i].id);
		desk.seen[i].halted = false;
	}
}

/* ---- the office's host ---- */

struct piece {
	enum err (*work)(struct store *s, void *arg);
	void *arg;
};

static enum err work_and_look(struct store *s, void *arg)
{
	const struct piece *p = arg;
	const enum err e = p->work(s, p->arg);

	if (!life_is_up())
		forget();
	else if (e == ERR_OK)
		look();
	return e;
}

static enum err write(void *ctx, enum err (*work)(struct store *s, void *arg), void *arg)
{
	struct piece p = { work, arg };

	(void)ctx;
	return life_order(work_and_look, &p, false);
}

static bool is_busy(void *ctx)
{
	(void)ctx;
	return false;
}

static bool is_ending(void *ctx)
{
	(void)ctx;
	return !life_takes_orders();
}

static enum err write_campaigns(void *ctx, enum err (*work)(struct store *s, void *arg),
                                void *arg)
{
	struct piece p = { work, arg };

	(void)ctx;
	return life_order(work_and_look, &p, true);
}

/* ---- a deed ---- */

static const struct deed *choose(void)
{
	int total = 0;
	int64_t at;

	for (size_t i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++)
		total += deeds[i].weight;
	at = below(total);
	for (size_t i = 0;; i++) {
		if (at < deeds[i].weight)
			return &deeds[i];
		at -= deeds[i].weight;
	}
}

static void some_code(struct arena *a, struct str *out)
{
	struct fault fault = { .text = "" };
	struct campaign_row *row = NULL;
	size_t n = 0;

	must_read(store_campaigns(desk.reader, a, STR(""), &row, &n, &fault), &fault);
	*out = row[below((int64_t)n)].code;
}

/* What is refused in that state of it is none of ours. */
static void ask(const struct deed *d)
{
	const struct office_host host = { .reader = desk.reader,
		                          .write = write,
		                          .is_busy = is_busy,
		                          .is_ending = is_ending,
		                          .write_campaigns = write_campaigns,
		                          .conf = sim.conf };
	const struct office_peer nobody = { NULL, NULL, NULL };
	struct arena a = arena_make(ARENA);
	struct fault fault = { .text = "" };
	struct str code = STR("");
	struct str request;
	enum err e;

	if (d->one)
		some_code(&a, &code);
	request = arena_printf(&a,
	                       "{\"do\":\"campaign\",\"act\":\"%s\",\"code\":\"%.*s\","
	                       "\"by\":\"bob\"}",
	                       d->act, STR_ARG(code));
	e = office_do(&host, request, &nobody, &fault);
	note("deed", "act=%s code=%.*s done=%d", d->act, STR_ARG(code),
	     e == ERR_OK ? 1 : 0);
	arena_free(&a);
}

static void act(int64_t deed)
{
	struct fault fault = { .text = "" };

	if (now_us() >= desk.until_us)
		return;
	if (!life_takes_orders()) {
		later(SECOND_US, act, deed);
		return;
	}
	must_read(life_reader(&desk.reader, &fault), &fault);
	ask(&deeds[deed]);
	store_reader_close(desk.reader);
	desk.reader = NULL;
}

void desk_plan(int64_t until_us)
{
	const int64_t n = below(DEEDS_MAX + 1);

	desk.until_us = until_us;
	desk.n = 0;
	for (int64_t i = 0; i < n; i++)
		later(below(until_us), act, choose() - deeds);
}
