/*
 * office.c - the tasks of the office, and what they share.
 */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/buf.h"
#include "office_priv.h"

enum {
	ARENA = 64 * 1024 * 1024 /* octets of one call */
};

static const struct office_task *const tasks[] = {
	&office_import,    &office_backup,   &office_trace,  &office_evidence,
	&office_retention, &office_erase,    &office_doctor, &office_misses,
	&office_differ,    &office_rehearse, &office_tasks,  &office_login,
	&office_tags,      &office_offer,    &office_reload, &office_campaign,
};

/* ---- fields ---- */

bool office_has(const struct office_call *c, const char *key)
{
	return json_object_get(c->request, key) != NULL;
}

enum err office_text(struct office_call *c, const char *key, struct str *out)
{
	const json_t *v = json_object_get(c->request, key);

	if (!json_is_string(v)) {
		fault_set(c->fault, "request: \"%s\" %s: expected a text", key,
		          v == NULL ? "is missing" : "is no text");
		return ERR_SYNTAX;
	}
	*out = (struct str){ json_string_value(v), json_string_length(v) };
	return ERR_OK;
}

enum err office_number(struct office_call *c, const char *key, int64_t min, int64_t max,
                       int64_t *out)
{
	const json_t *v = json_object_get(c->request, key);

	if (v == NULL)
		return ERR_OK;
	if (!json_is_integer(v) || json_integer_value(v) < min ||
	    json_integer_value(v) > max) {
		fault_set(c->fault,
		          "request: \"%s\": expected a whole number from %lld to %lld",
		          key, (long long)min, (long long)max);
		return ERR_SYNTAX;
	}
	*out = json_integer_value(v);
	return ERR_OK;
}

enum err office_msisdn(struct office_call *c, int64_t *out)
{
	static const struct {
		struct str prefix;
		size_t digits; /* of the whole, so that 86… of five digits stays */
	} forms[] = { { { "+86", 3 }, 0 }, { { "0086", 4 }, 15 }, { { "86", 2 }, 13 } };
	struct str given, s;
	enum err e;

	if (!office_has(c, "msisdn"))
		fault_set(c->fault,
		          "msisdn: whose? expected a number such as 13800000001");
	e = office_text(c, "msisdn", &given);
	if (e != ERR_OK)
		return e;
	s = given;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]) && s.n == given.n; i++) {
		const struct str p = forms[i].prefix;

		if (str_starts(s, p) && (forms[i].digits == 0 || forms[i].digits == s.n))
			s = (struct str){ s.p + p.n, s.n - p.n };
	}
	if (s.n >= 5 && s.n <= 15 && s.p[0] >= '1' && s.p[0] <= '9' &&
	    str_i64(s, out) == ERR_OK)
		return ERR_OK;
	fault_set(c->fault,
	          "msisdn: got \"%.*s\", expected a number of 5 to 15 digits, with or "
	          "without +86",
	          given.n < 100 ? (int)given.n : 100, given.p);
	return ERR_SYNTAX;
}

/* ---- answers, writes ---- */

void office_say(struct office_call *c, const char *fmt, ...)
{
	char text[4096];
	va_list args;
	int n;

	if (c->peer == NULL || c->peer->line == NULL)
		return;
	va_start(args, fmt);
	n = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (n >= 0 && (size_t)n >= sizeof(text))
		n = (int)sizeof(text) - 1;
	c->peer->line(c->peer->ctx, (struct str){ text, n > 0 ? (size_t)n : 0 });
}

void office_progress(const struct office_call *c, int64_t done, int64_t total,
                     int64_t rows)
{
	if (c->peer != NULL && c->peer->progress != NULL)
		c->peer->progress(c->peer->ctx, done, total, rows);
}

bool office_is_ending(const struct office_call *c)
{
	return c->host->is_ending != NULL && c->host->is_ending(c->host->ctx);
}

static enum err say_if_ending(const struct office_call *c, enum err e)
{
	if (e == ERR_STATE)
		fault_set(c->fault, "the process ends: ask again when it is back");
	return e;
}

void office_begin_write(struct office_call *c,
                        enum err (*work)(struct store *s, void *arg), void *arg)
{
	const struct office_host *h = c->host;

	assert(!c->writing);
	c->writing = true;
	c->written = ERR_STATE;
	if (office_is_ending(c))
		return;
	c->written = ERR_OK;
	if (h->begin_write != NULL)
		h->begin_write(h->ctx, work, arg);
	else
		c->written = h->write(h->ctx, work, arg);
}

enum err office_end_write(struct office_call *c)
{
	const struct office_host *h = c->host;
	enum err e = c->written;

	if (e == ERR_OK && h->end_write != NULL)
		e = h->end_write(h->ctx);
	c->writing = false;
	return say_if_ending(c, e);
}

enum err office_write(struct office_call *c, enum err (*work)(struct store *s, void *arg),
                      void *arg)
{
	office_begin_write(c, work, arg);
	return office_end_write(c);
}

enum err office_write_campaigns(struct office_call *c,
                                enum err (*work)(struct store *s, void *arg), void *arg)
{
	const struct office_host *h = c->host;

	if (h->write_campaigns == NULL)
		return office_write(c, work, arg);
	assert(!c->writing);
	return say_if_ending(c, office_is_ending(c)
	                                ? ERR_STATE
	                                : h->write_campaigns(h->ctx, work, arg));
}

void office_meanwhile(const struct office_call *c)
{
	assert(!c->writing);
	if (c->host->meanwhile != NULL)
		c->host->meanwhile(c->host->ctx);
}

/* ---- requests ---- */

static void list_tasks(struct buf *out)
{
	for (size_t i = 0; i < sizeof(tasks) / sizeof(tasks[0]); i++)
		buf_printf(out, "%s%s", i > 0 ? ", " : "", tasks[i]->name);
}

static const struct office_task *task_of(const json_t *request)
{
	const char *name = json_string_value(json_object_get(request, "do"));

	for (size_t i = 0; name != NULL && i < sizeof(tasks) / sizeof(tasks[0]); i++) {
		if (strcmp(name, tasks[i]->name) == 0)
			return tasks[i];
	}
	return NULL;
}

static enum err find_task(struct office_call *c, const struct office_task **out)
{
	struct buf known = buf_make(1024);
	struct str name;
	enum err e = office_text(c, "do", &name);

	if (e != ERR_OK)
		return e;
	*out = task_of(c->request);
	if (*out != NULL)
		return ERR_OK;
	list_tasks(&known);
	fault_set(c->fault, "request: \"do\": no task \"%.*s\", expected one of %s",
	          name.n < 100 ? (int)name.n : 100, name.p, buf_cstr(&known));
	buf_free(&known);
	return ERR_SYNTAX;
}

static enum err parse(struct str request, json_t **out, struct fault *fault)
{
	json_error_t where;
	json_t *o;

	if (request.n > OFFICE_REQUEST_MAX) {
		fault_set(fault, "request: longer than %d octets", OFFICE_REQUEST_MAX);
		return ERR_SYNTAX;
	}
	o = json_loadb(request.p != NULL ? request.p : "", request.n,
	               JSON_REJECT_DUPLICATES, &where);
	if (json_is_object(o)) {
		*out = o;
		return ERR_OK;
	}
	if (o == NULL)
		fault_set(fault, "request: no JSON at octet %d: %s", where.position,
		          where.text);
	else
		fault_set(fault,
		          "request: expected a JSON object, such as {\"do\":\"import\"}");
	json_decref(o);
	return ERR_SYNTAX;
}

enum err office_do(const struct office_host *host, struct str request,
                   const struct office_peer *peer, struct fault *fault)
{
	struct office_call c = { .host = host, .peer = peer, .fault = fault };
	const struct office_task *task = NULL;
	json_t *o = NULL;
	enum err e = parse(request, &o, fault);

	if (e != ERR_OK)
		return e;
	c.request = o;
	c.arena = arena_make(ARENA);
	e = find_task(&c, &task);
	if (e == ERR_OK) {
		e = task->run(&c);
		if (e != ERR_OK)
			fault_set(fault, "%s: %s", task->name, err_text(e));
	}
	arena_free(&c.arena);
	json_decref(o);
	return e;
}

bool office_is_long(struct str request)
{
	struct fault unheard = { .text = "" };
	const struct office_task *task;
	json_t *o = NULL;
	bool is_long;

	if (parse(request, &o, &unheard) != ERR_OK)
		return false;
	task = task_of(o);
	is_long = task != NULL &&
	          (task->is_long || (task->long_if != NULL &&
	                             json_is_true(json_object_get(o, task->long_if))));
	json_decref(o);
	return is_long;
}

/* ---- what a recording has to say of requests ---- */

/* values: of the field, those that count; NULL: any word. */
static const struct {
	const char *task, *field, *values;
} deeds[] = {
	{ "import", "kind", NULL },
	{ "erase", NULL, NULL },
	{ "retention", NULL, NULL },
	{ "reload", NULL, NULL },
	{ "tags", "act", " refresh " },
	{ "tasks", "act", " take answer done drop " },
	{ "campaign", "act", " schedule pause resume stop kill unkill test " },
};

/* A word of the protocol, not one of a person. */
static bool is_plain(const char *word)
{
	return word[0] != '\0' &&
	       strspn(word, "abcdefghijklmnopqrstuvwxyz_") == strlen(word);
}

static bool counts(const char *values, const char *word)
{
	char spaced[64];

	(void)snprintf(spaced, sizeof(spaced), " %s ", word);
	return is_plain(word) && (values == NULL || strstr(values, spaced) != NULL);
}

bool office_deed(struct str request, struct buf *out)
{
	struct fault unheard = { .text = "" };
	const struct office_task *task;
	const char *word = NULL;
	json_t *o = NULL;
	size_t i = 0;
	bool is_deed;

	if (parse(request, &o, &unheard) != ERR_OK)
		return false;
	task = task_of(o);
	while (task != NULL && i < sizeof(deeds) / sizeof(deeds[0]) &&
	       strcmp(deeds[i].task, task->name) != 0)
		i++;
	is_deed = task != NULL && i < sizeof(deeds) / sizeof(deeds[0]);
	if (is_deed && deeds[i].field != NULL) {
		word = json_string_value(json_object_get(o, deeds[i].field));
		is_deed = word != NULL && counts(deeds[i].values, word);
	}
	if (is_deed)
		buf_printf(out, "%s%s%s", task->name, word != NULL ? " " : "",
		           word != NULL ? word : "");
	json_decref(o);
	return is_deed;
}

enum err office_resume(const struct office_host *host, const struct office_peer *peer,
                       struct fault *fault)
{
	struct office_call c = {
		.host = host, .peer = peer, .arena = arena_make(ARENA), .fault = fault
	};
	const enum err e = office_import_resume(&c);

	arena_free(&c.arena);
	return e;
}
