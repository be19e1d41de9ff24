/*
 * step.c - see step_priv.h.
 */
#include "step_priv.h"

enum {
	BACKLOG_SLICE = 100, /* messages found READY that are read at a time */
	PUSH_SEGMENTS = 1000 /* that campaigns may send at a time */
};

static enum err failed(const struct run *r, enum err e, const char *what,
                       struct fault *fault)
{
	if (e != ERR_OK)
		fault_set(fault, "%s failed: %s (%s)", what, err_text(e),
		          store_fault(r->world.conf.store));
	return e;
}

static struct address keep_address(struct arena *a, struct address x)
{
	return (struct address){ x.ton, x.npi, arena_str(a, x.digits) };
}

/* Messages are dead after the next turn: copies them. */
static void gather(struct run *r, const struct turn_output *out)
{
	for (size_t i = 0; i < out->n; i++) {
		struct outbox_row row = out->send[i];

		row.group = arena_str(r->arena, row.group);
		row.from = keep_address(r->arena, row.from);
		row.to = keep_address(r->arena, row.to);
		row.text = arena_str(r->arena, row.text);
		set_add(r->arena, &r->got, row);
	}
}

/* ---- what becomes of messages ---- */

static bool same_address(const struct address *a, const struct address *b)
{
	return a->ton == b->ton && a->npi == b->npi && str_eq(a->digits, b->digits);
}

/* Managers are asked without having sent anything. */
static bool is_manager(const struct run *r, const struct outbox_row *row)
{
	int64_t to = 0;

	if (str_i64(row->to.digits, &to) != ERR_OK)
		return false;
	for (size_t i = 0; i < r->story->n_managers; i++)
		if (r->story->manager[i].msisdn == to)
			return true;
	return false;
}

/*
 * Whether a text of anybody came by that group to that number, from such an address: a
 * message may go to a number that has sent none.  To which, the story must say.
 */
static bool group_is_known(const struct run *r, const struct outbox_row *row)
{
	for (size_t i = 0; i < r->texts.n; i++) {
		const struct turn_input *in = &r->texts.row[i].in;

		if (same_address(&in->to, &row->from) && str_eq(in->group, row->group) &&
		    in->from.ton == row->to.ton && in->from.npi == row->to.npi)
			return true;
	}
	return false;
}

/* What a campaign has given is spoken of from its number, though nobody has written to it. */
static bool is_of_campaign(const struct outbox_row *row)
{
	return str_starts(row->from.digits, STR(RUN_ROUTE)) &&
	       row->from.digits.n == sizeof(RUN_ROUTE) - 1 + CAMPAIGN_SUFFIX_DIGITS;
}

/* The latest text that this message may answer, or NULL. */
static const struct text *answered_text(const struct run *r, const struct outbox_row *row)
{
	for (size_t i = r->texts.n; i-- > 0;) {
		const struct text *t = &r->texts.row[i];

		if (same_address(&t->in.from, &row->to) &&
		    same_address(&t->in.to, &row->from) &&
		    str_eq(t->in.group, row->group))
			return t;
	}
	return NULL;
}

static struct turn_input *mark_of(struct run *r, const struct outbox_row *row,
                                  const struct story_note *note)
{
	struct turn_input *in = arena_new(r->arena, struct turn_input);

	in->kind = TURN_MARK;
	in->at_ms = r->world.now_ms;
	in->session = r->world.session;
	in->mark = (struct outbox_mark){ .id = row->id,
		                         .state = OUTBOX_DONE,
		                         .session = r->world.session,
		                         .at_ms = r->world.now_ms };
	in->mark.message_id = arena_printf(r->arena, "M%lld", (long long)row->id);
	if (note == NULL)
		return in;
	if (note->session != 0)
		in->mark.session = note->session;
	if (note->reply_session != 0)
		in->mark.session = note->reply_session;
	if (note->refused != 0) {
		in->mark.state = OUTBOX_DEAD;
		in->mark.status = (uint32_t)note->refused;
		in->mark.message_id = STR("");
	}
	return in;
}

/* The SMSC takes r->got[from..): as the notes say, or all of them. */
static enum err settle(struct run *r, size_t from, bool by_notes, struct fault *fault)
{
	struct turn_input **marks = arena_array(r->arena, struct turn_input *,
	                                        r->got.n + 1);
	struct turn_output out = { NULL, 0 };
	size_t n = 0;

	for (size_t i = from; i < r->got.n; i++) {
		const struct text *t = answered_text(r, &r->got.row[i]);
		const struct story_note *note = by_notes && t != NULL ? t->item->note
		                                                      : NULL;

		if (t == NULL && !is_of_campaign(&r->got.row[i]) &&
		    !group_is_known(r, &r->got.row[i]) && !is_manager(r, &r->got.row[i]))
			run_fail(r, r->last_line,
			         "a message to %.*s from %.*s, but no text came that way",
			         STR_ARG(r->got.row[i].to.digits),
			         STR_ARG(r->got.row[i].from.digits));
		if (note == NULL || !note->lost)
			marks[n++] = mark_of(r, &r->got.row[i], note);
	}
	if (n == 0)
		return ERR_OK;
	return failed(r, turn_run(r->world.turn, marks, n, r->world.now_ms, &out),
	              "the turn", fault);
}

/* ---- statuses ---- */

static void compare_status(struct run *r, const struct text *t)
{
	const int line = t->ack_line != 0 ? t->ack_line : t->item->line;
	const struct str ack = arena_printf(r->arena, "ack 0x%02x",
	                                    (unsigned)t->in.status);
	struct edit edit = { EDIT_REPLACE, line, ack };

	if (t->in.status == (uint32_t)t->status)
		return;
	run_fail(r, line, "expected ack 0x%02x, got 0x%02x", (unsigned)t->status,
	         (unsigned)t->in.status);
	if (t->ack_line == 0)
		edit.kind = EDIT_INSERT;
	else if (t->in.status == TURN_OK)
		edit.kind = EDIT_DELETE;
	set_add(r->arena, &r->edits, edit);
}

/* ---- steps ---- */

/* What campaigns send now, behind the answers. */
static enum err push(struct run *r, struct fault *fault)
{
	struct turn_push push = { .segments = PUSH_SEGMENTS };
	struct turn_output out = { NULL, 0 };
	enum err e = ERR_OK;

	while (e == ERR_OK && push.next_ms <= r->world.now_ms) {
		const size_t before = r->got.n;

		e = failed(r, turn_push(r->world.turn, &push, r->world.now_ms, &out),
		           "sending of campaigns", fault);
		if (e == ERR_OK) {
			gather(r, &out);
			e = settle(r, before, false, fault);
		}
	}
	return e;
}

enum err step_text(struct run *r, const struct story_item *item, struct fault *fault)
{
	struct text t = { .item = item };
	const enum err e = input_make(r, item, &t.in, fault);

	if (e == ERR_OK)
		set_add(r->arena, &r->texts, t);
	return e;
}

static void print_outcomes(struct run *r)
{
	for (size_t i = r->unread; i < r->texts.n; i++) {
		const struct turn_input *in = &r->texts.row[i].in;

		buf_printf(r->out, "%.*s > %.*s  [%.*s %s]\n",
		           STR_ARG(r->texts.row[i].item->number),
		           STR_ARG(r->texts.row[i].item->text), STR_ARG(in->intent),
		           in->outcome != NULL ? in->outcome : "-");
	}
}

enum err step_turn(struct run *r, struct fault *fault)
{
	const size_t n = r->texts.n - r->unread;
	struct turn_input **in = arena_array(r->arena, struct turn_input *, n + 1);
	struct turn_output out = { NULL, 0 };
	const size_t before = r->got.n;
	enum err e;

	if (n == 0)
		return ERR_OK;
	for (size_t i = 0; i < n; i++)
		in[i] = &r->texts.row[r->unread + i].in;
	e = failed(r, turn_run(r->world.turn, in, n, r->world.now_ms, &out), "the turn",
	           fault);
	if (e != ERR_OK)
		return e;
	gather(r, &out);
	for (size_t i = 0; i < n; i++)
		compare_status(r, &r->texts.row[r->unread + i]);
	if (r->conf->verbose)
		print_outcomes(r);
	r->unread = r->texts.n;
	r->bare = true;
	e = settle(r, before, true, fault);
	return e == ERR_OK ? push(r, fault) : e;
}

enum err step_pass(struct run *r, int64_t ms, struct fault *fault)
{
	struct turn_output out = { NULL, 0 };
	const size_t before = r->got.n;
	enum err e;

	r->world.now_ms += ms;
	e = failed(r, turn_tick(r->world.turn, r->world.now_ms, &out), "housekeeping",
	           fault);
	if (e != ERR_OK)
		return e;
	gather(r, &out);
	e = settle(r, before, false, fault);
	return e == ERR_OK ? push(r, fault) : e;
}

enum err step_restart(struct run *r, struct fault *fault)
{
	const size_t before = r->got.n;
	struct turn_output out = { NULL, 0 };
	int64_t after = 0;
	enum err e = world_restart(&r->world, fault);

	while (e == ERR_OK) {
		e = failed(r, turn_backlog(r->world.turn, after, BACKLOG_SLICE, &out),
		           "reading what waits to be sent", fault);
		if (e != ERR_OK || out.n == 0)
			break;
		after = out.send[out.n - 1].id;
		gather(r, &out);
	}
	return e == ERR_OK ? settle(r, before, false, fault) : e;
}
