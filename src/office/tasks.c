/*
 * tasks.c - the task "tasks": the work that waits for people, and what they do about it.
 *
 *   {"do":"tasks","desk":"shop","late":true,"closed":false,"csv":true}
 *   {"do":"tasks","act":"answer","task":"T2071","say":"...","by":"anna"}
 *
 * Taken: it has a person.  Answered: its subscriber is texted, and it stays open.  Done:
 * he is texted that it is, and asked how it was.  Dropped: closed, and nothing is said.
 */
#include <inttypes.h>

#include "base/civil.h"
#include "care_priv.h"
#include "store/tasks.h"
#include "text/utf8.h"

enum {
	LIMIT = 200,         /* tasks shown, unless asked for more */
	SAY_CHARS = 150,     /* of an answer: what variables.def holds {report} to */
	LINE_OCTETS = 65536, /* of a task */
	RECORD_OCTETS = 65536,
	FIELDS = 15
};

/* ---- acts ---- */

static const struct act {
	const char *name, *log;
	bool tells, ends, says; /* says: it takes words; answer needs them */
} acts[] = {
	{ "take", "task.taken", false, false, false },
	{ "answer", "task.answered", true, false, true },
	{ "done", "task.done", true, true, true },
	{ "drop", "task.dropped", false, true, false },
};

static const struct act *act_named(struct str name)
{
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
		if (str_eq(name, str_of(acts[i].name)))
			return &acts[i];
	return NULL;
}

static enum err refuse(struct office_call *c, const char *why)
{
	fault_set(c->fault, "%s", why);
	return ERR_SYNTAX;
}

/* "T2071" or "2071" */
static enum err read_id(struct office_call *c, int64_t *out)
{
	struct str s = STR("");
	const enum err e = office_has(c, "task") ? office_text(c, "task", &s) : ERR_OK;

	if (e != ERR_OK)
		return e;
	if (s.n > 0 && (s.p[0] == 'T' || s.p[0] == 't'))
		s = (struct str){ s.p + 1, s.n - 1 };
	return str_i64(s, out) == ERR_OK && *out > 0
	               ? ERR_OK
	               : refuse(c, "expected the number of a task, such as T2071");
}

static size_t count_chars(struct str s)
{
	size_t n = 0;
	uint32_t cp;

	for (size_t i = 0; i < s.n; n++)
		i += utf8_next(s.p + i, s.n - i, &cp);
	return n;
}

static enum err read_say(struct office_call *c, const struct act *act, struct str *out)
{
	*out = STR("");
	if (office_has(c, "say")) {
		const enum err e = office_text(c, "say", out);

		if (e != ERR_OK)
			return e;
	}
	*out = str_trim(*out);
	if (out->n > 0 && !act->says)
		return refuse(c, "unexpected words behind the task's number");
	if (out->n == 0 && act->says && !act->ends)
		return refuse(c, "what is he told? expected a text");
	if (count_chars(*out) > SAY_CHARS)
		return refuse(c, "a text of 150 characters at most");
	return ERR_OK;
}

/* ---- carrying one out ---- */

static enum err record(struct store *s, void *arg)
{
	struct arena a = arena_make(RECORD_OCTETS);
	struct changes changes = { .arena = &a };
	enum err e;

	changes_add(&changes, deeds, *(const struct task_deed *)arg);
	e = store_begin(s);
	if (e == ERR_OK)
		e = store_record(s, &changes);
	if (e == ERR_OK)
		e = store_commit(s);
	else
		store_rollback(s);
	arena_free(&a);
	return e;
}

static enum err find(struct office_call *c, int64_t id, struct store_task *out)
{
	struct store_tasks t = { .id = id, .limit = 1 };
	enum err e = store_tasks(c->host->reader, &c->arena, &t, c->fault);

	if (e != ERR_OK)
		return e;
	if (t.n == 0) {
		fault_set(c->fault,
		          "there is no task T%" PRId64
		          "; smshall tasks lists those that wait",
		          id);
		return ERR_NOT_FOUND;
	}
	*out = t.row[0];
	if (out->task.done_at == 0)
		return ERR_OK;
	fault_set(c->fault, "T%" PRId64 " is closed already", id);
	return ERR_STATE;
}

static void tell(struct office_call *c, const struct act *act, const struct task_deed *d,
                 const struct store_task *before)
{
	const bool was = before->by.n > 0 && !str_eq(before->by, d->by);

	LOG(c->host->log, LOG_INFO, act->log, "task=T%" PRId64 " by=\"%.*s\"", d->id,
	    STR_ARG(d->by));
	office_say(c, "T%" PRId64 ": %s, %.*s%s%.*s%s%s", d->id,
	           act->ends ? "closed" : "open", STR_ARG(d->by), was ? " (was " : "",
	           was ? (int)before->by.n : 0, was ? before->by.p : "", was ? ")" : "",
	           act->tells ? "; its subscriber is told" : "");
}

static enum err do_act(struct office_call *c, const struct act *act)
{
	struct store_task before = { .msisdn = 0 };
	struct task_deed d = { .tells = act->tells, .ends = act->ends };
	enum err e = read_id(c, &d.id);

	if (e == ERR_OK)
		e = office_text(c, "by", &d.by);
	if (e == ERR_OK)
		e = read_say(c, act, &d.say);
	if (e == ERR_OK)
		e = office_now(c, &d.at);
	if (e == ERR_OK)
		e = find(c, d.id, &before);
	if (e == ERR_OK)
		e = office_write(c, record, &d);
	if (e == ERR_OK)
		tell(c, act, &d, &before);
	return e;
}

/* ---- the list ---- */

/* All of them, empty ones too, in the order of the CSV's columns. */
static void fields_of(const struct store_task *t, int64_t now,
                      struct store_field f[static FIELDS])
{
	const struct task_view *v = &t->task;
	const bool late = v->done_at == 0 && v->due_at > 0 && v->due_at < now;
	const struct store_field all[FIELDS] = {
		{ "id", true, v->id, { NULL, 0 } },
		{ "kind", false, 0, v->kind },
		{ "desk", false, 0, t->desk },
		{ "owner", false, 0, t->by },
		{ "msisdn", true, t->msisdn, { NULL, 0 } },
		{ "at_ms", true, v->at * 1000, { NULL, 0 } },
		{ "due_ms", true, v->due_at * 1000, { NULL, 0 } },
		{ "overdue", false, 0, late ? STR("yes") : STR("") },
		{ "taken_ms", true, t->taken_at * 1000, { NULL, 0 } },
		{ "order", true, v->order, { NULL, 0 } },
		{ "text", false, 0, v->text },
		{ "context", false, 0, t->context },
		{ "answer", false, 0, v->answer },
		{ "done_ms", true, v->done_at * 1000, { NULL, 0 } },
		{ "score", true, v->score, { NULL, 0 } },
	};

	memcpy(f, all, sizeof(all));
}

static void show_task(struct buf *out, const struct store_task *t, int64_t now)
{
	struct store_field f[FIELDS], kept[FIELDS];
	struct store_event e = { .at_ms = t->task.at * 1000, .field = kept };

	fields_of(t, now, f);
	for (size_t i = 0; i < FIELDS; i++)
		if (strcmp(f[i].name, "at_ms") != 0 &&
		    (f[i].is_number ? f[i].number != 0 : f[i].text.n > 0))
			kept[e.n++] = f[i];
	e.kind = str_eq(f[7].text, STR("yes")) ? "OVERDUE" : "task";
	show_line(out, &e, false);
}

static bool is_time(const struct store_field *f)
{
	const size_t n = strlen(f->name);

	return n > 3 && strcmp(f->name + n - 3, "_ms") == 0;
}

/* A text that a spreadsheet would take for a formula gets an apostrophe before it. */
static void put_cell(struct buf *out, struct str s)
{
	buf_putc(out, '"');
	if (s.n > 0 && strchr("=+-@\t\r", s.p[0]) != NULL)
		buf_putc(out, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_putc(out, '"');
		buf_putc(out, s.p[i]);
	}
	buf_putc(out, '"');
}

static void put_moment(struct buf *out, int64_t s)
{
	const struct civil t = civil_of(s);

	if (s != 0)
		buf_printf(out, "%04d-%02d-%02d %02d:%02d:%02d", t.year, t.month, t.day,
		           t.hour, t.minute, t.second);
}

static void csv_task(struct buf *out, const struct store_task *t, int64_t now)
{
	struct store_field f[FIELDS];

	fields_of(t, now, f);
	for (size_t i = 0; i < FIELDS; i++) {
		if (i > 0)
			buf_putc(out, ',');
		if (!f[i].is_number)
			put_cell(out, f[i].text);
		else if (is_time(&f[i]))
			put_moment(out, f[i].number / 1000);
		else if (f[i].number != 0)
			buf_printf(out, "%" PRId64, f[i].number);
	}
}

static void csv_head(struct office_call *c)
{
	const struct store_task none = { .msisdn = 0 };
	struct store_field f[FIELDS];
	struct buf line = buf_make(1024);

	fields_of(&none, 0, f);
	for (size_t i = 0; i < FIELDS; i++)
		buf_printf(&line, "%s%.*s", i > 0 ? "," : "",
		           (int)(strlen(f[i].name) - (is_time(&f[i]) ? 3 : 0)),
		           f[i].name);
	office_line(c, buf_str(&line));
	buf_free(&line);
}

static void show(struct office_call *c, const struct store_tasks *t, int64_t now,
                 bool csv)
{
	struct buf line = buf_make(LINE_OCTETS);

	if (csv)
		csv_head(c);
	for (size_t i = 0; i < t->n; i++) {
		buf_reset(&line);
		if (csv)
			csv_task(&line, &t->row[i], now);
		else
			show_task(&line, &t->row[i], now);
		office_line(c, buf_str(&line));
	}
	buf_free(&line);
	if (!csv && t->n == 0)
		office_say(c, "no task to be shown");
	if (!csv && t->cut)
		office_say(c, "(the first %zu; more with --limit, up to %d)", t->n,
		           STORE_TASKS_MAX);
}

static enum err list(struct office_call *c)
{
	struct store_tasks t = { .desk = STR("") };
	int64_t now = 0, limit = LIMIT;
	bool late = false, csv = false;
	enum err e = office_now(c, &now);

	if (e == ERR_OK && office_has(c, "desk"))
		e = office_text(c, "desk", &t.desk);
	if (e == ERR_OK)
		e = office_flag(c, "late", &late);
	if (e == ERR_OK)
		e = office_flag(c, "closed", &t.closed);
	if (e == ERR_OK)
		e = office_flag(c, "csv", &csv);
	if (e == ERR_OK)
		e = office_number(c, "limit", 1, STORE_TASKS_MAX, &limit);
	t.due_by = late ? now - 1 : 0;
	t.limit = (size_t)limit;
	if (e == ERR_OK)
		e = store_tasks(c->host->reader, &c->arena, &t, c->fault);
	if (e == ERR_OK)
		show(c, &t, now, csv);
	return e;
}

static enum err run(struct office_call *c)
{
	struct str name = STR("list");
	const struct act *act;
	enum err e = office_has(c, "act") ? office_text(c, "act", &name) : ERR_OK;

	if (e != ERR_OK)
		return e;
	if (str_eq(name, STR("list")))
		return list(c);
	act = act_named(name);
	if (act != NULL)
		return do_act(c, act);
	fault_set(c->fault,
	          "there is no act \"%.*s\"; expected list, take, answer, done or drop",
	          STR_ARG(name));
	return ERR_SYNTAX;
}

const struct office_task office_tasks = { .name = "tasks", .run = run };
