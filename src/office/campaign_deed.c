/*
 * campaign_deed.c - what is done to a campaign: looked at, changed and noted in one
 * transaction of the owner.
 */
#include <inttypes.h>

#include "campaign_priv.h"

enum {
	NOTE_MAX = 500 /* octets of what is said of a deed */
};

/* ---- finding ---- */

enum err campaign_named(struct office_call *c, struct str code, struct campaign_row *out)
{
	struct campaign_row *row = NULL;
	size_t n = 0;
	enum err e = store_campaigns(c->host->reader, &c->arena, code, &row, &n,
	                             c->fault);

	if (e != ERR_OK)
		return e;
	if (n == 0 || code.n == 0) {
		campaign_none(c, code);
		return ERR_NOT_FOUND;
	}
	*out = row[0];
	return ERR_OK;
}

enum err campaign_code(struct office_call *c, struct str *out)
{
	if (office_has(c, "code"))
		return office_text(c, "code", out);
	campaign_none(c, STR(""));
	return ERR_SYNTAX;
}

enum err campaign_find(struct office_call *c, struct campaign_row *out)
{
	struct str code = STR("");
	const enum err e = campaign_code(c, &code);

	return e == ERR_OK ? campaign_named(c, code, out) : e;
}

/* ---- a deed ---- */

static enum err look(struct campaign_move *m)
{
	struct fault unheard = { .text = "" }, *const fault = m->c->fault;
	enum err e;

	m->row = (struct campaign_row){ .code = m->code };
	m->c->fault = m->may_be_new ? &unheard : fault;
	e = campaign_named(m->c, m->code, &m->row);
	m->c->fault = fault;
	if (e == ERR_NOT_FOUND && m->may_be_new)
		return ERR_OK;
	if (e != ERR_OK && m->may_be_new)
		fault_set(fault, "%s", unheard.text);
	return e;
}

static enum err put(struct store *s, struct campaign_move *m)
{
	const struct campaign_step step = { .campaign = m->row.id,
		                            .at = m->now,
		                            .deed = m->deed,
		                            .state = m->row.state,
		                            .by = m->by,
		                            .hash = m->row.hash,
		                            .note = m->note };
	enum err e = store_begin(s);

	if (e == ERR_OK)
		e = store_put_campaign(s, &m->row, &step);
	if (e == ERR_OK && m->also != NULL)
		e = m->also(s, m);
	if (e == ERR_OK)
		e = store_commit(s);
	else
		store_rollback(s);
	if (e != ERR_OK)
		office_store_failed(m->c, s);
	return e;
}

/* Nobody else writes between the look and the commit: turns and pieces take turns. */
static enum err carry_out(struct store *s, void *arg)
{
	struct campaign_move *m = arg;
	enum campaign_state to = CAMPAIGN_DRAFT, from;
	enum err e = look(m);

	if (e != ERR_OK)
		return e;
	from = m->row.state;
	if (!campaign_may(from, m->deed, &to))
		return campaign_may_not(m, &m->row);
	if (m->change != NULL)
		e = m->change(m, &m->row);
	if (e != ERR_OK)
		return e;
	m->row.state = to;
	if (m->deed != CAMPAIGN_DEED_LESSON && m->deed != CAMPAIGN_DEED_TEST) {
		m->row.at = m->now;
		m->row.why = m->note;
	}
	return put(s, m);
}

enum err campaign_move(struct campaign_move *m)
{
	const struct office_host *h = m->c->host;
	const enum err e = m->quiet ? office_write(m->c, carry_out, m)
	                            : office_write_campaigns(m->c, carry_out, m);

	if (e != ERR_OK)
		return e;
	LOG(h->log, LOG_INFO, "campaign.step", "code=%.*s deed=%s state=%s by=\"%.*s\"",
	    STR_ARG(m->row.code), campaign_deed_name(m->deed),
	    campaign_state_name(m->row.state), STR_ARG(m->by));
	return ERR_OK;
}

/* ---- what was approved ---- */

enum err campaign_still(struct campaign_plan *p, const struct campaign_row *row)
{
	struct campaign_move m = {
		.c = p->c,
		.deed = CAMPAIGN_DEED_REJECT,
		.code = row->code,
		.by = STR(CAMPAIGN_RULE),
		.now = p->now,
		.note = STR("text, rules or terms are not those that were submitted"),
	};
	enum err e;

	if (str_eq(row->hash, str_of(p->hash)))
		return ERR_OK;
	e = campaign_move(&m);
	if (e == ERR_OK)
		e = campaign_forget(p->c, row->id);
	if (e == ERR_OK)
		fault_set(
			p->c->fault,
			"%.*s: its text, the rules (push.conf) or the terms of an offer have "
			"changed since it was submitted (%.12s, now %.12s): it is a draft "
			"again; look at it and submit it anew",
			STR_ARG(row->code), row->hash.p != NULL ? row->hash.p : "",
			p->hash);
	return e == ERR_OK ? ERR_STATE : e;
}

/* ---- the request ---- */

enum err campaign_signed(struct campaign_move *m)
{
	enum err e = office_text(m->c, "by", &m->by);

	m->note = STR("");
	m->by = str_trim(m->by);
	if (e == ERR_OK && !campaign_is_name(m->by)) {
		fault_set(m->c->fault,
		          "by whom? expected a name of 1 to %d letters, digits, \"_\", "
		          "\"-\" and \".\", not \"" CAMPAIGN_RULE
		          "\" (--by NAME, else who is logged in)",
		          CAMPAIGN_NAME_MAX);
		e = ERR_SYNTAX;
	}
	if (e == ERR_OK && office_has(m->c, "why"))
		e = office_text(m->c, "why", &m->note);
	if (e == ERR_OK)
		e = office_now(m->c, &m->now);
	m->note = str_trim(m->note);
	if (e == ERR_OK && m->note.n > NOTE_MAX) {
		fault_set(m->c->fault, "expected %d octets of reason at most", NOTE_MAX);
		e = ERR_RANGE;
	}
	return e;
}

enum err campaign_plain(struct office_call *c, enum campaign_deed deed,
                        enum err (*change)(struct campaign_move *m,
                                           struct campaign_row *row),
                        struct campaign_move *m)
{
	enum err e;

	*m = (struct campaign_move){ .c = c, .deed = deed, .change = change };
	e = campaign_code(c, &m->code);
	if (e == ERR_OK)
		e = campaign_signed(m);
	return e == ERR_OK ? campaign_move(m) : e;
}
