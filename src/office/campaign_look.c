/*
 * campaign_look.c - campaigns as they stand: the list, and one with all that was done.
 */
#include <inttypes.h>

#include "campaign_priv.h"
#include "store/tags.h"

/* ---- the list ---- */

static void list_one(struct office_call *c, const struct campaign_row *r)
{
	struct buf at = buf_make(64);

	show_time(&at, r->at * 1000);
	office_say(
		c, "%4" PRId64 "  %-16.*s %-10s %-12.*s %9" PRId64 " sent  %.16s%s%.*s",
		r->id, STR_ARG(r->code), campaign_state_name(r->state), STR_ARG(r->owner),
		r->sent, buf_cstr(&at), r->why.n > 0 ? "  " : "", STR_ARG(r->why));
	buf_free(&at);
}

/* Who has stopped everything, and when. */
static void say_killed(struct office_call *c)
{
	struct str who = STR("");

	if (store_worked_out(c->host->reader, STORE_PUSH_STOPPED, &c->arena, &who) ==
	            ERR_OK &&
	    who.n > 0)
		office_say(c,
		           "ALL IS STOPPED, nothing is sent until \"smshall campaign "
		           "unkill\": %.*s",
		           STR_ARG(who));
}

enum err campaign_list(struct office_call *c)
{
	struct campaign_row *row = NULL;
	size_t n = 0;
	const enum err e = store_campaigns(c->host->reader, &c->arena, STR(""), &row, &n,
	                                   c->fault);

	if (e == ERR_OK)
		say_killed(c);
	for (size_t i = 0; e == ERR_OK && i < n; i++)
		list_one(c, &row[i]);
	if (e == ERR_OK && n == 0)
		office_say(
			c,
			"no campaign yet; one begins as a file: smshall campaign add FILE");
	return e;
}

/* ---- one ---- */

static void say_step(struct office_call *c, const struct campaign_step *s)
{
	struct buf at = buf_make(64);

	show_time(&at, s->at * 1000);
	office_say(c, "%.19s  %-8s by %-12.*s -> %-9s  %.12s%s%.*s", buf_cstr(&at),
	           campaign_deed_name(s->deed), STR_ARG(s->by),
	           campaign_state_name(s->state), s->hash.n >= 12 ? s->hash.p : "",
	           s->note.n > 0 ? "  " : "", STR_ARG(s->note));
	buf_free(&at);
}

static void say_head(struct office_call *c, const struct campaign_row *r)
{
	struct buf at = buf_make(64);
	const struct str allowed = r->allowed == INT64_MAX
	                                   ? STR("all")
	                                   : arena_printf(&c->arena, "%" PRId64,
	                                                  r->allowed);

	show_time(&at, r->at * 1000);
	office_say(c, "%.*s: number %" PRId64 ", %s since %.16s%s%.*s", STR_ARG(r->code),
	           r->id, campaign_state_name(r->state), buf_cstr(&at),
	           r->why.n > 0 ? ": " : "", STR_ARG(r->why));
	office_say(c, "owner %.*s%s%.*s%s%.*s; %.12s", STR_ARG(r->owner),
	           r->submitted_by.n > 0 ? ", submitted by " : "",
	           STR_ARG(r->submitted_by), r->approved_by.n > 0 ? ", approved by " : "",
	           STR_ARG(r->approved_by), r->hash.n >= 12 ? r->hash.p : "");
	if (r->sent > 0)
		office_say(c, "%" PRId64 " sent in %" PRId64 " segments, %.*s allowed",
		           r->sent, r->segments, STR_ARG(allowed));
	buf_free(&at);
}

/* ---- its hours ---- */

void campaign_put_opening(enum campaign_state state, const struct campaign *def,
                          const struct push_rules *rules, int64_t now, struct buf *out)
{
	static const struct dossier nobody;
	const struct gate_case g = {
		.campaign = def, .rules = rules, .who = &nobody, .now = now
	};
	const int64_t opens = gate_opens_anywhere(&g);
	struct buf at = buf_make(64);

	if (opens > now && (state == CAMPAIGN_SCHEDULED || state == CAMPAIGN_RUNNING)) {
		show_time(&at, opens * 1000);
		buf_printf(
			out, "no text leaves before %.16s%s\n", buf_cstr(&at),
			opens >= def->until
				? ", and its time ends then"
				: ": its time and hours, those of push.conf, holidays");
	}
	buf_free(&at);
}

/* Of a definition that cannot be read any more: why. */
static enum err say_opening(struct office_call *c, const struct campaign_row *row)
{
	const struct str name = arena_str(&c->arena, row->code);
	struct fault fault = { .text = "" };
	struct buf out = buf_make(256);
	struct push_rules rules;
	struct campaign def;
	int64_t now;
	enum err e = office_now(c, &now);

	if (e != ERR_OK)
		return e;
	if (assets_read_push(c->host->conf->grammar, &c->arena, &rules, &fault) ==
	            ERR_OK &&
	    campaign_parse(name.p, row->text, &c->arena, &def, &fault) == ERR_OK)
		campaign_put_opening(row->state, &def, &rules, now, &out);
	else
		buf_printf(&out, "nothing leaves: %s\n", fault.text);
	office_lines(c, &out);
	buf_free(&out);
	return ERR_OK;
}

enum err campaign_show(struct office_call *c)
{
	struct campaign_row row;
	struct campaign_step *step = NULL;
	struct str rest, line;
	size_t n = 0;
	enum err e = campaign_find(c, &row);

	if (e == ERR_OK)
		e = store_campaign_steps(c->host->reader, &c->arena, row.id, &step, &n,
		                         c->fault);
	if (e == ERR_OK) {
		say_head(c, &row);
		e = say_opening(c, &row);
	}
	if (e != ERR_OK)
		return e;
	for (size_t i = 0; i < n; i++)
		say_step(c, &step[i]);
	say_killed(c);
	campaign_say_next(c, &row);
	office_say(c, " ");
	rest = str_trim(row.text);
	while (str_cut(&rest, '\n', &line))
		office_line(c, line);
	return ERR_OK;
}
