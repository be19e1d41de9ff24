/*
 * reload.c - the task "reload": the files of the running hall, read again.
 *
 *   {"do":"reload"}
 *   {"do":"reload","dry_run":true,"last":10000}
 *
 * The dry run compares what is served with what lies on the disk, and changes nothing.
 */
#include <string.h>

#include "care_priv.h"

enum {
	CHANGES = 64 * 1024 /* octets */
};

static const char *path_of(const struct office_reload *r)
{
	return r->path != NULL ? r->path : "(none)";
}

static void tell_applied(struct office_call *c, const struct office_reload *r)
{
	struct buf keys = buf_make(CHANGES);

	office_say(c, "reloaded: configuration %s, links: %zu, grammar %s, revision %s",
	           path_of(r), r->running->n_links, r->running->grammar,
	           grammar_revision(r->grammar));
	conf_restart_keys(r->started, r->running, &keys);
	if (keys.n > 0)
		office_say(c, "at the next start only: %s", buf_cstr(&keys));
	buf_free(&keys);
}

static void tell_changes(struct office_call *c, const struct office_reload *r)
{
	struct buf out = buf_make(CHANGES);

	conf_changes(r->started, r->running, r->now, &out);
	office_say(c, "configuration %s: %s", path_of(r),
	           out.n > 0 ? "would change" : "nothing would change");
	office_lines(c, &out);
	buf_free(&out);
}

static enum err tell_texts(struct office_call *c, const struct office_reload *r)
{
	const char *served = grammar_revision(r->grammar),
		   *read = grammar_revision(r->read);
	size_t n = 0;
	enum err e;

	office_say(c, "grammar %s: revision %s is served, %s would be", r->now->grammar,
	           served, read);
	e = office_differ_texts(c, r->grammar, r->read, &n);
	if (e == ERR_OK && n > 0 && strcmp(served, read) == 0)
		office_say(c,
		           "its revision is the same: raise it, so that evidence tells "
		           "the two apart");
	return e;
}

static enum err run_reload(struct office_call *c)
{
	const struct office_host *h = c->host;
	struct office_reload r;
	bool dry = false;
	enum err e = office_flag(c, "dry_run", &dry);

	if (e == ERR_OK && h->reload == NULL) {
		fault_set(c->fault,
		          "nobody serves this store: there is nothing to reload");
		e = ERR_STATE;
	}
	if (e == ERR_OK)
		e = h->reload(h->ctx, dry, &r, c->fault);
	if (e != ERR_OK)
		return e;
	if (dry) {
		tell_changes(c, &r);
		e = tell_texts(c, &r);
	} else {
		tell_applied(c, &r);
	}
	h->reload_end(h->ctx);
	return e;
}

const struct office_task office_reload = { "reload", run_reload, false, "dry_run" };
