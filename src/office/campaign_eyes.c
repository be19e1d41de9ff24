/*
 * campaign_eyes.c - a definition and its two pairs of eyes: added, submitted, approved by
 * another person.
 */
#include <inttypes.h>
#include <stdio.h>

#include <sodium.h>

#include "campaign_priv.h"

enum {
	FILE_MAX = CAMPAIGN_TEXT_MAX,
	APPROVAL = 1000000, /* numbers that approve it by SMS have six digits */
	FAULTS = 8192
};

/* ---- a definition ---- */

static enum err read_file(struct office_call *c, struct str *path, struct str *text)
{
	FILE *f;
	char *p = arena_alloc(&c->arena, FILE_MAX + 1);
	enum err e = office_text(c, "path", path);

	if (e != ERR_OK)
		return e;
	f = fopen(arena_str(&c->arena, *path).p, "re");
	if (f == NULL) {
		fault_set(c->fault,
		          "%.*s: cannot be read; expected a file such as "
		          "etc/campaigns/ll10.conf",
		          STR_ARG(*path));
		return ERR_NOT_FOUND;
	}
	*text = (struct str){ p, fread(p, 1, FILE_MAX + 1, f) };
	(void)fclose(f);
	return ERR_OK;
}

static enum err draft_of(struct office_call *c, struct campaign_draft *out)
{
	struct campaign_move m = { .c = c };
	struct str kind = STR("");
	enum err e = campaign_signed(&m);

	if (e == ERR_OK && office_has(c, "kind"))
		e = office_text(c, "code", &out->code);
	if (e == ERR_OK && office_has(c, "kind"))
		e = office_text(c, "kind", &kind);
	out->owner = m.by;
	out->now = m.now;
	while (e == ERR_OK && out->kind < CAMPAIGN_KINDS &&
	       !str_eq(kind, str_of(campaign_kind_name(out->kind))))
		out->kind++;
	return e;
}

/* On the way to a file: nothing is stored. */
enum err campaign_new(struct office_call *c)
{
	struct campaign_draft d = { .kind = 0 };
	struct buf text = buf_make(FILE_MAX);
	enum err e = draft_of(c, &d);

	if (e == ERR_OK && d.kind == CAMPAIGN_KINDS) {
		fault_set(c->fault, "of which kind? expected new CODE KIND, and one of"
#define X(constant, name, sells) " " name
		          CAMPAIGN_KIND_LIST(X)
#undef X
		);
		e = ERR_SYNTAX;
	}
	if (e == ERR_OK)
		campaign_draft(&d, &text);
	office_lines(c, &text);
	buf_free(&text);
	return e;
}

static enum err put_definition(struct campaign_move *m, struct campaign_row *row)
{
	const struct campaign_plan *p = m->arg;

	if (row->id == 0)
		randombytes_buf(row->salt, sizeof(row->salt));
	row->code = p->def.code;
	row->text = p->text;
	row->hash = str_of(p->hash);
	row->owner = p->def.owner;
	row->category = p->def.category;
	row->service = !campaign_kind_sells(p->def.kind);
	row->submitted_by = row->approved_by = row->approval = STR("");
	return ERR_OK;
}

static void say_faults(struct campaign_plan *p)
{
	struct buf faults = buf_make(FAULTS);
	const size_t n = campaign_plan_faults(p, &faults);

	if (n > 0)
		office_say(p->c, "before it can be submitted:");
	office_lines(p->c, &faults);
	buf_free(&faults);
}

static enum err add(struct campaign_plan *p)
{
	struct campaign_row before = { .id = 0 };
	struct campaign_move m = { .c = p->c,
		                   .deed = CAMPAIGN_DEED_ADD,
		                   .code = p->def.code,
		                   .may_be_new = true,
		                   .quiet = true,
		                   .change = put_definition,
		                   .arg = p };
	struct fault unheard = { .text = "" }, *const fault = p->c->fault;
	enum err e = campaign_signed(&m);

	p->c->fault = &unheard;
	if (e == ERR_OK && campaign_named(p->c, m.code, &before) != ERR_OK)
		before.id = 0;
	p->c->fault = fault;
	if (e == ERR_OK)
		e = campaign_move(&m);
	if (e != ERR_OK)
		return e;
	office_say(p->c, "%.*s: %s, number %" PRId64 ", %.12s%s", STR_ARG(m.row.code),
	           campaign_state_name(m.row.state), m.row.id, p->hash,
	           before.id == 0 ? ""
	           : before.state == CAMPAIGN_APPROVED
	                   ? "; it had been approved: that is void"
	                   : "; in place of the former text");
	say_faults(p);
	return ERR_OK;
}

enum err campaign_add(struct office_call *c)
{
	struct campaign_plan p = { .c = c };
	struct str path = STR(""), text = STR("");
	enum err e = read_file(c, &path, &text);

	if (e == ERR_OK)
		e = campaign_plan_load(c, path, text, &p);
	if (e == ERR_OK)
		e = add(&p);
	campaign_plan_free(&p);
	return e;
}

enum err campaign_check_file(struct office_call *c)
{
	struct campaign_plan p = { .c = c };
	struct str path = STR(""), text = STR("");
	struct buf faults = buf_make(FAULTS);
	size_t n = 0;
	enum err e = read_file(c, &path, &text);

	if (e == ERR_OK)
		e = campaign_plan_read(c, path, text, &faults, &p);
	if (e == ERR_OK || p.def.n_places > 0) {
		*c->fault = (struct fault){ .text = "" };
		n = campaign_plan_faults(&p, &faults);
		office_lines(c, &faults);
	}
	if (e == ERR_OK && n == 0)
		office_say(c, "%.*s: %.*s, %s, can be submitted; %.12s", STR_ARG(path),
		           STR_ARG(p.def.code), campaign_kind_name(p.def.kind), p.hash);
	if (n > 0) {
		fault_set(c->fault, "%.*s: %zu fault%s", STR_ARG(path), n,
		          n > 1 ? "s" : "");
		e = ERR_REFUSED;
	}
	buf_free(&faults);
	campaign_plan_free(&p);
	return e;
}

/* ---- two pairs of eyes ---- */

static enum err put_submitted(struct campaign_move *m, struct campaign_row *row)
{
	const struct campaign_plan *p = m->arg;

	if (!str_eq(row->text, p->text)) {
		fault_set(m->c->fault, "%.*s was changed this moment: look at it again",
		          STR_ARG(row->code));
		return ERR_STATE;
	}
	row->hash = str_of(p->hash);
	row->submitted_by = m->by;
	row->approved_by = STR("");
	row->approval = arena_printf(&m->c->arena, "%06" PRIu32,
	                             randombytes_uniform(APPROVAL));
	return ERR_OK;
}

/* Who has a number in push.conf is asked by text, by the hall's next turn. */
static void say_submitted(const struct campaign_plan *p, const struct campaign_move *m)
{
	const struct push_rules *r = &p->rules;
	const bool is_owner = campaign_is_same(m->by, m->row.owner);
	struct str asked = STR("");

	for (size_t i = 0; i < r->n_managers; i++)
		if (r->manager[i].approves &&
		    campaign_may_approve(&m->row, r->manager[i].name))
			asked = arena_printf(&p->c->arena, "%.*s%s%.*s", STR_ARG(asked),
			                     asked.n > 0 ? ", " : "",
			                     STR_ARG(r->manager[i].name));
	office_say(p->c,
	           "%.*s: submitted by %.*s (%.12s); another person than %.*s%s%.*s "
	           "approves it: smshall campaign approve %.*s",
	           STR_ARG(m->row.code), STR_ARG(m->by), p->hash, STR_ARG(m->row.owner),
	           is_owner ? "" : " and ", STR_ARG(is_owner ? STR("") : m->by),
	           STR_ARG(m->row.code));
	if (asked.n > 0)
		office_say(p->c, "asked by text: %.*s", STR_ARG(asked));
	else
		office_say(p->c,
		           "nobody is asked by text: push.conf names no other approver "
		           "(managers)");
}

enum err campaign_submit(struct office_call *c)
{
	struct campaign_plan p = { .c = c };
	struct campaign_row row;
	struct campaign_move m = { .c = c,
		                   .deed = CAMPAIGN_DEED_SUBMIT,
		                   .change = put_submitted,
		                   .quiet = true,
		                   .arg = &p };
	enum err e = campaign_plan_of(c, &p, &row);

	if (e == ERR_OK)
		e = campaign_signed(&m);
	if (e == ERR_OK)
		e = campaign_plan_check(&p);
	if (e == ERR_OK) {
		m.code = row.code;
		e = campaign_move(&m);
	}
	if (e == ERR_OK)
		say_submitted(&p, &m);
	campaign_plan_free(&p);
	return e;
}

static enum err put_approved(struct campaign_move *m, struct campaign_row *row)
{
	const struct campaign_plan *p = m->arg;

	if (!str_eq(row->hash, str_of(p->hash))) {
		fault_set(m->c->fault, "%.*s was changed this moment: look at it again",
		          STR_ARG(row->code));
		return ERR_STATE;
	}
	row->approved_by = m->by;
	row->approval = STR("");
	return ERR_OK;
}

static enum err approve(struct campaign_plan *p, struct campaign_move *m,
                        const struct campaign_row *row)
{
	enum campaign_state to;
	enum err e;

	m->code = row->code;
	if (!campaign_may(row->state, m->deed, &to))
		return campaign_may_not(m, row);
	if (!campaign_may_approve(row, m->by)) {
		fault_set(p->c->fault,
		          "%.*s: %.*s %s it: another person has to approve it",
		          STR_ARG(row->code), STR_ARG(m->by),
		          campaign_is_same(m->by, row->owner) ? "owns" : "submitted");
		return ERR_REFUSED;
	}
	if (!p->rules.desk_approves) {
		fault_set(
			p->c->fault,
			"%.*s: approval.desk of push.conf is no: it is approved by text, "
			"PZ and the code, by who approves among its managers",
			STR_ARG(row->code));
		return ERR_REFUSED;
	}
	e = campaign_still(p, row);
	return e == ERR_OK ? campaign_move(m) : e;
}

enum err campaign_approve(struct office_call *c)
{
	struct campaign_plan p = { .c = c };
	struct campaign_row row;
	struct campaign_move m = { .c = c,
		                   .deed = CAMPAIGN_DEED_APPROVE,
		                   .change = put_approved,
		                   .quiet = true,
		                   .arg = &p };
	enum err e = campaign_signed(&m);

	if (e == ERR_OK)
		e = campaign_plan_of(c, &p, &row);
	if (e == ERR_OK)
		e = approve(&p, &m, &row);
	if (e == ERR_OK)
		office_say(c,
		           "%.*s: approved by %.*s (%.12s); next: smshall campaign "
		           "schedule %.*s",
		           STR_ARG(m.row.code), STR_ARG(m.by), p.hash,
		           STR_ARG(m.row.code));
	campaign_plan_free(&p);
	return e;
}

static enum err put_rejected(struct campaign_move *m, struct campaign_row *row)
{
	(void)m;
	row->approved_by = row->approval = STR("");
	return ERR_OK;
}

enum err campaign_reject(struct office_call *c)
{
	struct campaign_move m;
	enum err e = campaign_plain(c, CAMPAIGN_DEED_REJECT, put_rejected, &m);

	if (e == ERR_OK)
		e = campaign_forget(c, m.row.id);
	if (e == ERR_OK)
		office_say(c, "%.*s: a draft again", STR_ARG(m.row.code));
	return e;
}
