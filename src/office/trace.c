/*
 * trace.c - the task "trace": what happened to a number, the oldest first.
 *
 *   {"do":"trace","msisdn":"13800000001","since":1790000000,"limit":100,
 *    "json":false,"colour":false}
 */
#include <inttypes.h>

#include "model/secrets.h"
#include "push/gate.h"
#include "tags_priv.h"
#include "text/mask.h"

enum {
	LIMIT = 100,         /* events, unless asked for more */
	LINE_OCTETS = 65536, /* of an event */
};

static void show(struct office_call *c, const struct store_report *r, bool json,
                 bool colour)
{
	struct buf line = buf_make(LINE_OCTETS);

	for (size_t i = 0; i < r->n; i++) {
		buf_reset(&line);
		if (json)
			show_json(&line, &r->event[i]);
		else
			show_line(&line, &r->event[i], colour);
		if (!line.failed)
			office_line(c, buf_str(&line));
	}
	buf_free(&line);
}

/* A reason for which a campaign sent nothing, by name. */
static void name_reason(struct store_field *f)
{
	const char *name = f->is_number && strcmp(f->name, "reason") == 0
	                           ? gate_name((enum gate_reason)f->number)
	                           : NULL;

	f->is_number = f->is_number && name == NULL;
	if (name != NULL)
		f->text = str_of(name);
}

/* A code may still be good, and who looks at a trace is not who it was given to. */
static void blank_codes(struct arena *a, struct store_field *f)
{
	char *text;

	if (f->is_number)
		return;
	text = arena_alloc(a, f->text.n + 1);
	memcpy(text, f->text.p, f->text.n);
	mask_runs(text, f->text.n, PIN_DIGITS);
	f->text.p = text;
}

static void edit(struct arena *a, const struct store_report *r)
{
	for (size_t i = 0; i < r->n; i++) {
		const bool sent = strcmp(r->event[i].kind, "reply") == 0 ||
		                  strcmp(r->event[i].kind, "notice") == 0;

		for (size_t k = 0; k < r->event[i].n; k++) {
			name_reason(&r->event[i].field[k]);
			if (sent)
				blank_codes(a, &r->event[i].field[k]);
		}
	}
}

static void tell_rest(struct office_call *c, const struct store_report *r)
{
	if (r->n == 0)
		office_say(c, "%" PRId64 ": nothing is known%s", r->msisdn,
		           r->since_ms > 0 ? " since then" : "");
	else if (r->cut)
		office_say(c,
		           "(the newest %zu events; older ones with --limit, up to %d)",
		           r->n, STORE_REPORT_ROWS);
}

/*
 * What is known of him above what master data says, and why.  Rules that cannot be read
 * do not keep the trace from being shown.
 */
static struct store_report tags_of(struct office_call *c, int64_t msisdn)
{
	struct fault unheard = { .text = "" }, *const fault = c->fault;
	struct store_report tags = { .msisdn = msisdn };
	int64_t now = 0;

	c->fault = &unheard;
	if (office_now(c, &now) != ERR_OK ||
	    office_tags_of(c, msisdn, now, TAG_APPLIED, &tags.event, &tags.n) != ERR_OK)
		tags.n = 0;
	c->fault = fault;
	return tags;
}

static enum err run(struct office_call *c)
{
	struct store_report r = { .code = STR("") }, tags;
	int64_t since = 0, limit = LIMIT;
	bool json = false, colour = false;
	enum err e = office_msisdn(c, &r.msisdn);

	if (e == ERR_OK)
		e = office_number(c, "since", 0, INT64_C(1) << 40, &since);
	if (e == ERR_OK)
		e = office_number(c, "limit", 1, STORE_REPORT_ROWS, &limit);
	if (e == ERR_OK)
		e = office_flag(c, "json", &json);
	if (e == ERR_OK)
		e = office_flag(c, "colour", &colour);
	r.since_ms = since * 1000;
	r.limit = (size_t)limit;
	if (e == ERR_OK)
		e = store_trace(c->host->reader, &c->arena, &r, c->fault);
	if (e != ERR_OK)
		return e;
	edit(&c->arena, &r);
	show(c, &r, json, colour);
	if (!json)
		tell_rest(c, &r);
	tags = tags_of(c, r.msisdn);
	show(c, &tags, json, colour);
	return ERR_OK;
}

const struct office_task office_trace = { .name = "trace", .run = run };
