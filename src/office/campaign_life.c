/*
 * campaign_life.c - what people do to a campaign that runs, or to all of them.
 */
#include <inttypes.h>

#include "base/clock.h"
#include "campaign_priv.h"

enum {
	SETTING_MAX = 64,
	DROP_FIRST = 200
};

/* ---- while it runs ---- */

enum err campaign_pause(struct office_call *c)
{
	struct campaign_move m;
	const enum err e = campaign_plain(c, CAMPAIGN_DEED_PAUSE, NULL, &m);

	if (e == ERR_OK)
		office_say(c,
		           "%.*s: paused after %" PRId64 " messages; smshall campaign "
		           "resume %.*s goes on",
		           STR_ARG(m.row.code), m.row.sent, STR_ARG(m.row.code));
	return e;
}

enum err campaign_resume(struct office_call *c)
{
	struct campaign_move m;
	const enum err e = campaign_plain(c, CAMPAIGN_DEED_RESUME, NULL, &m);

	if (e == ERR_OK)
		office_say(c, "%.*s: goes on", STR_ARG(m.row.code));
	return e;
}

/* Targets that go, or are decided, in slices. */
struct dropping {
	struct office_call *c;
	int64_t campaign, now, us;
	bool forget;
	size_t limit, n;
};

static enum err drop_some(struct store *s, void *arg)
{
	struct dropping *d = arg;
	const int64_t from = clock_machine().mono_us;
	enum err e = store_begin(s);

	if (e == ERR_OK)
		e = d->forget
		            ? store_forget_targets(s, d->campaign, d->limit, &d->n)
		            : store_drop_targets(s, d->campaign, d->now, d->limit, &d->n);
	if (e == ERR_OK)
		e = store_commit(s);
	else
		store_rollback(s);
	if (e != ERR_OK)
		office_store_failed(d->c, s);
	d->us = clock_machine().mono_us - from;
	return e;
}

static enum err drop(struct dropping *d)
{
	enum err e = office_now(d->c, &d->now);
	size_t asked = 0;

	d->limit = DROP_FIRST;
	while (e == ERR_OK && d->n == asked) {
		asked = d->limit;
		e = office_write(d->c, drop_some, d);
		d->limit = office_import_pace(asked, d->us, office_slice_us(d->c->host));
	}
	return e;
}

enum err campaign_drop_rest(struct office_call *c, int64_t campaign)
{
	struct dropping d = { .c = c, .campaign = campaign };

	return drop(&d);
}

enum err campaign_forget(struct office_call *c, int64_t campaign)
{
	struct dropping d = { .c = c, .campaign = campaign, .forget = true };

	return drop(&d);
}

enum err campaign_stop(struct office_call *c)
{
	struct campaign_move m;
	enum err e = campaign_plain(c, CAMPAIGN_DEED_STOP, NULL, &m);

	if (e == ERR_OK)
		e = campaign_drop_rest(c, m.row.id);
	if (e == ERR_OK)
		office_say(c, "%.*s: stopped for good after %" PRId64 " messages",
		           STR_ARG(m.row.code), m.row.sent);
	return e;
}

enum err campaign_lesson(struct office_call *c)
{
	struct campaign_move m = { .c = c, .deed = CAMPAIGN_DEED_LESSON, .quiet = true };
	enum err e = campaign_code(c, &m.code);

	if (e == ERR_OK)
		e = campaign_signed(&m);
	if (e == ERR_OK && m.note.n == 0) {
		fault_set(c->fault, "what was learned? expected a text");
		e = ERR_SYNTAX;
	}
	if (e == ERR_OK)
		e = campaign_move(&m);
	if (e == ERR_OK)
		office_say(c, "%.*s: noted", STR_ARG(m.row.code));
	return e;
}

/* ---- everything ---- */

struct switching {
	struct office_call *c;
	struct str value;
};

static enum err set_stopped(struct store *s, void *arg)
{
	const struct switching *w = arg;
	const enum err e = store_set_setting(s, STORE_PUSH_STOPPED, w->value);

	if (e != ERR_OK)
		office_store_failed(w->c, s);
	return e;
}

/* To what a setting holds, and no half character. */
static struct str cut(struct str s)
{
	if (s.n <= SETTING_MAX)
		return s;
	s.n = SETTING_MAX;
	while (s.n > 0 && ((unsigned char)s.p[s.n] & 0xc0) == 0x80)
		s.n--;
	return s;
}

static enum err switch_all(struct office_call *c, bool stop)
{
	const struct office_host *h = c->host;
	struct campaign_move m = { .c = c };
	struct switching w = { .c = c, .value = STR("") };
	struct buf at = buf_make(64);
	enum err e = campaign_signed(&m);

	if (e != ERR_OK)
		return e;
	show_time(&at, m.now * 1000);
	if (stop)
		w.value = cut(arena_printf(&c->arena, "%.16s %.*s%s%.*s", buf_cstr(&at),
		                           STR_ARG(m.by), m.note.n > 0 ? ": " : "",
		                           STR_ARG(m.note)));
	buf_free(&at);
	e = office_write_campaigns(c, set_stopped, &w);
	if (e != ERR_OK)
		return e;
	LOG(h->log, LOG_WARN, stop ? "campaign.killed" : "campaign.unkilled",
	    "by=\"%.*s\"", STR_ARG(m.by));
	office_say(c, stop ? "no campaign sends anything until: smshall campaign unkill"
	                   : "what runs goes on sending");
	return ERR_OK;
}

enum err campaign_kill(struct office_call *c)
{
	return switch_all(c, true);
}

enum err campaign_unkill(struct office_call *c)
{
	return switch_all(c, false);
}

enum err campaign_not_killed(struct office_call *c)
{
	struct str killed = STR("");
	const enum err e = store_worked_out(c->host->reader, STORE_PUSH_STOPPED,
	                                    &c->arena, &killed);

	if (e != ERR_OK)
		fault_set(c->fault, "the store cannot be read: %s", err_text(e));
	if (e != ERR_OK || killed.n == 0)
		return e;
	fault_set(c->fault, "no campaign sends anything (%.*s): smshall campaign unkill",
	          STR_ARG(killed));
	return ERR_STATE;
}
