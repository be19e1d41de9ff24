/*
 * push_campaigns.c - the campaigns that run, as the store says, and what each may send now.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "push_priv.h"

enum {
	BURST_PER_S = 5, /* a fifth of a second's worth at once, */
	WAKE_PER_S = 10, /* when half of it is there */
	ARENA_LIMIT = 256 * 1024 * 1024
};

/* ---- what runs ---- */

struct running *running_find(const struct pushing *p, int64_t id)
{
	for (size_t i = 0; i < p->n; i++) {
		if (p->row[i].id == id)
			return &p->row[i];
	}
	return NULL;
}

static enum err prepare(struct turn *t, struct pushing *p, const struct campaign_row *row,
                        struct running *r, struct fault *fault)
{
	enum err e = campaign_parse(row->code.p, row->text, &p->arena, &r->c, fault);

	if (e == ERR_OK)
		e = compose_make(&r->c, t->conf.push, &r->text, FAULTS_FIRST(fault));
	if (e == ERR_OK && r->c.n_after > 0 && r->c.where.n > 0)
		e = tag_rules_one(row->code.p, row->code, r->c.where,
		                  hall_policy(t->conf.hall), &r->where, fault);
	return e;
}

/* What it has sent is known from the store, and how fast it was from before. */
static enum err begin(struct turn *t, struct pushing *p, const struct campaign_row *row,
                      struct running *r)
{
	const struct running *before = running_find(t->push, row->id);

	r->id = row->id;
	r->allowed = row->allowed;
	r->sent = row->sent;
	r->segments = row->segments;
	r->after = -1;
	r->later_s = INT64_MAX;
	memcpy(r->salt, row->salt, CAMPAIGN_SALT);
	if (before != NULL) {
		r->rate = before->rate;
		r->served = before->served;
	}
	return r->c.stock > 0 ? store_sold_offers(t->conf.store, &p->arena, row->id,
	                                          &r->sold.row, &r->sold.n)
	                      : ERR_OK;
}

static void note_broken(struct pushing *p, const struct fault *fault)
{
	p->counts.broken++;
	p->counts.fault = *fault;
}

static void release(struct running *r)
{
	compose_free(r->text);
	tag_rules_free(r->where);
}

/* One that cannot be read is left out: it stops none of the others. */
static enum err add(struct turn *t, struct pushing *p, const struct campaign_row *row)
{
	struct running r = { .text = NULL };
	struct fault fault = { .text = "" };
	enum err e = prepare(t, p, row, &r, &fault);

	if (e != ERR_OK) {
		note_broken(p, &fault);
		release(&r);
		return ERR_OK;
	}
	e = begin(t, p, row, &r);
	r.sold.cap = r.sold.n;
	if (e != ERR_OK)
		release(&r);
	else
		p->row[p->n++] = r;
	return e;
}

/* killed: all of them wait, but for those that never go. */
static enum err load_halts(struct turn *t, struct campaign_halts *h, bool killed)
{
	memset(h->of, killed ? CAMPAIGN_WAITS : CAMPAIGN_GOES, sizeof(h->of));
	h->of[0] = CAMPAIGN_GOES;
	return store_halted_campaigns(t->conf.store, h);
}

static enum err load(struct turn *t, struct pushing *p)
{
	struct campaign_row *row = NULL;
	struct str who;
	size_t n = 0;
	enum err e = store_setting(t->conf.store, STORE_PUSH_STOPPED, &p->arena, &who);

	p->counts.stopped = e == ERR_OK;
	if (e == ERR_OK || e == ERR_NOT_FOUND)
		e = load_halts(t, &p->halts, p->counts.stopped);
	if (e == ERR_OK)
		e = store_running_campaigns(t->conf.store, &p->arena, &row, &n);
	p->row = xcalloc(n, sizeof(*p->row));
	for (size_t i = 0; i < n && e == ERR_OK; i++)
		e = add(t, p, &row[i]);
	p->counts.running = p->n;
	return e;
}

void running_free(struct pushing *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->n; i++)
		release(&p->row[i]);
	free(p->row);
	arena_free(&p->arena);
	free(p);
}

struct pushing *push_create(void)
{
	struct pushing *p = xcalloc(1, sizeof(*p));

	p->arena = arena_make(ARENA_LIMIT);
	return p;
}

enum err turn_reload_campaigns(struct turn *t)
{
	struct pushing *p;
	enum err e;

	if (t->conf.push == NULL || t->routes.n == 0)
		return ERR_OK;
	p = push_create();
	p->tests = true;
	p->counts = t->push->counts;
	p->counts.broken = 0;
	p->load = t->push->load;
	p->pace = t->push->pace;
	e = load(t, p);
	if (e != ERR_OK) {
		running_free(p);
		return e;
	}
	running_free(t->push);
	t->push = p;
	return ERR_OK;
}

/* ---- what one may send ---- */

/* Tokens that are there; none: *next_ms comes forward to when there are enough. */
static int64_t tokens(struct bucket *b, int64_t rate, int64_t now_ms, int64_t *next_ms)
{
	const int64_t burst = rate / BURST_PER_S > 1 ? rate / BURST_PER_S : 1;
	const int64_t wanted = rate / WAKE_PER_S > 1 ? rate / WAKE_PER_S : 1;
	const int64_t debt = b->tokens_milli < 0 ? -b->tokens_milli / 1000 + 1 : 0;
	int64_t due;

	bucket_fill(b, rate, burst + debt, now_ms);
	if (b->tokens_milli > burst * 1000)
		b->tokens_milli = burst * 1000;
	if (b->tokens_milli >= wanted * 1000)
		return b->tokens_milli / 1000;
	due = now_ms + (wanted * 1000 - b->tokens_milli + rate - 1) / rate;
	*next_ms = due < *next_ms ? due : *next_ms;
	return 0;
}

/* Its own hours, and those of the house, in any zone; who has others is asked alone. */
static int64_t opens_ms(const struct turn *t, const struct running *r, int64_t now_ms)
{
	const struct dossier anybody = { .known = true };
	const struct gate_case c = { .campaign = &r->c,
		                     .rules = t->conf.push,
		                     .who = &anybody,
		                     .now = now_ms / 1000 };
	const int64_t at = gate_opens_anywhere(&c);

	return at > c.now ? at * 1000 : now_ms;
}

static bool sleeps(const struct turn *t, struct running *r, int64_t now_ms,
                   int64_t *next_ms)
{
	if (r->sleeps_ms <= now_ms && now_ms / 1000 < r->c.until)
		r->sleeps_ms = opens_ms(t, r, now_ms);
	if (r->sleeps_ms <= now_ms && now_ms / 1000 < r->c.until)
		return false;
	if (now_ms / 1000 < r->c.until && r->sleeps_ms < *next_ms)
		*next_ms = r->sleeps_ms;
	return true;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

bool running_is_spent(const struct running *r)
{
	return r->c.most > 0 && r->sent >= r->c.most;
}

bool running_has_room(const struct turn *t, struct running *r, int64_t now_ms,
                      struct room *room, int64_t *next_ms)
{
	struct pushing *p = t->push;
	const uint32_t pace = push_load_rate(&p->load, t->conf.push->capacity_per_s);
	int64_t messages = least(TURN_PUSHES, r->allowed - r->sent),
		segments = UINT32_MAX;

	if (r->c.most > 0)
		messages = least(messages, r->c.most - r->sent);
	if (messages <= 0 || sleeps(t, r, now_ms, next_ms))
		return false;
	if (pace != UINT32_MAX)
		messages = least(messages, tokens(&p->pace, pace, now_ms, next_ms));
	if (messages > 0 && r->c.rate_per_s > 0)
		segments = tokens(&r->rate, r->c.rate_per_s, now_ms, next_ms);
	if (messages <= 0 || segments <= 0)
		return false;
	*room = (struct room){ (size_t)least(messages, segments), (unsigned)segments };
	return true;
}

static struct sold_offer *sold(const struct running *r, struct str offer)
{
	for (size_t i = 0; i < r->sold.n; i++) {
		if (str_eq(r->sold.row[i].offer, offer))
			return &r->sold.row[i];
	}
	return NULL;
}

int64_t running_stock(const struct running *r, struct str offer)
{
	const struct sold_offer *s = sold(r, offer);

	if (r->c.stock == 0 || offer.n == 0)
		return INT64_MAX;
	return r->c.stock - (s != NULL ? s->n : 0);
}

int64_t running_budget(const struct running *r, const struct push_rules *rules)
{
	return r->c.budget_li > 0 ? r->c.budget_li - r->segments * rules->segment_li
	                          : INT64_MAX;
}

void running_sold(struct pushing *p, struct running *r, struct str offer)
{
	struct sold_offer *s = sold(r, offer);

	if (r->c.stock == 0 || offer.n == 0)
		return;
	if (s != NULL)
		s->n++;
	else
		set_add(&p->arena, &r->sold,
		        (struct sold_offer){ arena_str(&p->arena, offer), 1 });
}
