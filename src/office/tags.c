/*
 * tags.c - the task "tags": what is known of subscribers.
 *
 *   {"do":"tags","act":"list"}
 *   {"do":"tags","act":"show","msisdn":"13800000001"}
 *   {"do":"tags","act":"refresh","tag":"silent","refresh":true}
 *
 * A refresh goes over all subscribers in slices: the asking thread reads and works out
 * what has changed, and only that is written, as many rows at once as texts can wait for.
 * An interrupted one goes on behind its cursor, with the day from which it counts.
 */
#include <inttypes.h>

#include "assets/assets.h"
#include "base/clock.h"
#include "store/people.h"
#include "tags_priv.h"

enum {
	SLICE_ARENA = 64 * 1024 * 1024,
	PIECE_FIRST = 100, /* rows: before anything was measured */
	KEEP_EVERY =
		50000 /* subscribers: where nothing changes the cursor is kept so often */
};

/* ---- the rules ---- */

static enum err office_tag_rules(struct office_call *c, struct tag_rules **out)
{
	const char *folder = c->host->conf->grammar;
	struct policy policy;
	const enum err e = assets_read_limits(folder, &c->arena, &policy, c->fault);

	return e == ERR_OK ? assets_load_tags(
				     arena_printf(&c->arena, "%s/tags.conf", folder).p,
				     &policy, out, c->fault)
	                   : e;
}

/* ---- the list ---- */

static void list_one(struct office_call *c, const struct tag_def *d,
                     const struct tag_count *n)
{
	struct buf as_of = buf_make(64);

	if (n->holders >= 0)
		show_time(&as_of, n->as_of * 1000);
	office_say(c, "%-16.*s %-9s %10.*s  %-19.*s  %.*s / %.*s (%.*s)%s",
	           STR_ARG(d->name), tag_level_name(d->level), n->holders >= 0 ? 20 : 1,
	           n->holders >= 0 ? arena_printf(&c->arena, "%" PRId64, n->holders).p
	                           : "-",
	           as_of.n > 4 ? (int)as_of.n - 4 : 0, as_of.n > 0 ? as_of.p : "",
	           STR_ARG(d->zh), STR_ARG(d->hant), STR_ARG(d->en),
	           d->days > 0 ? "" : " [not kept]");
	buf_free(&as_of);
}

static enum err list_all(struct office_call *c, const struct tag_rules *rules)
{
	struct tag_count count[TAGS_MAX];
	size_t n;
	const struct tag_def *d = tag_rules_defs(rules, &n);
	enum err e = store_tags_counts(c->host->reader, rules, count, c->fault);

	for (size_t i = 0; i < n && e == ERR_OK; i++)
		list_one(c, &d[i], &count[i]);
	if (e == ERR_OK && n == 0)
		office_say(c, "no tags are defined: there is no %s/tags.conf",
		           c->host->conf->grammar);
	else if (e == ERR_OK && count[0].holders < 0)
		office_say(c, "(not counted yet: smshall tags refresh)");
	return e;
}

static enum err list(struct office_call *c)
{
	struct tag_rules *rules = NULL;
	enum err e = office_tag_rules(c, &rules);

	if (e == ERR_OK)
		e = list_all(c, rules);
	tag_rules_free(rules);
	return e;
}

/* ---- of one number ---- */

static void add_text(struct store_event *e, const char *name, struct str text)
{
	if (text.n > 0)
		e->field[e->n++] = (struct store_field){ name, false, 0, text };
}

static void add_number(struct store_event *e, const char *name, int64_t v)
{
	if (v != 0)
		e->field[e->n++] = (struct store_field){ name, true, v, STR("") };
}

enum {
	EVENT_FIELDS = 9
};

/* What holds now, or was kept, and why; the name stands where a text's words stand. */
static struct store_event event_of(struct arena *a, const struct tag_shown *t,
                                   int64_t now)
{
	const bool differs = t->def != NULL && t->def->days > 0 && !t->imported &&
	                     !str_eq(t->kept, t->value);
	struct store_event e = { .kind = "tag",
		                 .at_ms = (t->as_of != 0 ? t->as_of : now) * 1000,
		                 .field = arena_array(a, struct store_field,
		                                      EVENT_FIELDS) };

	add_text(&e, "name", t->name);
	add_text(&e, "value", t->imported ? t->kept : t->value);
	if (t->def != NULL) {
		add_text(&e, "level", str_of(tag_level_name(t->def->level)));
		add_text(&e, "says", t->def->zh);
		add_text(&e, "says_hant", t->def->hant);
		add_text(&e, "why", t->imported ? STR("") : t->why);
	}
	if (t->imported)
		add_text(&e, "source", STR("imported"));
	if (differs)
		add_text(&e, "kept", t->kept.n > 0 ? t->kept : STR("not yet"));
	add_number(&e, "until_ms", t->until * 1000);
	return e;
}

enum err office_tags_of(struct office_call *c, int64_t msisdn, int64_t now,
                        enum tag_level least, struct store_event **out, size_t *n)
{
	struct tag_rules *rules = NULL;
	struct tag_shown *shown = NULL;
	size_t all = 0;
	enum err e = office_tag_rules(c, &rules);

	*n = 0;
	if (e == ERR_OK)
		e = store_tags_show(c->host->reader, rules, &c->arena, msisdn, now,
		                    &shown, &all, c->fault);
	if (e == ERR_OK)
		*out = arena_array(&c->arena, struct store_event, all + 1);
	for (size_t i = 0; i < all && e == ERR_OK; i++) {
		const struct tag_shown *t = &shown[i];

		if ((t->value.n > 0 || t->kept.n > 0) &&
		    (t->def == NULL || t->def->level >= least))
			(*out)[(*n)++] = event_of(&c->arena, t, now);
	}
	/* The events speak of the definitions: they must outlive the rules. */
	for (size_t i = 0; i < *n; i++)
		for (size_t k = 0; k < (*out)[i].n; k++)
			(*out)[i].field[k].text = arena_str(&c->arena,
			                                    (*out)[i].field[k].text);
	tag_rules_free(rules);
	return e;
}

static enum err show(struct office_call *c)
{
	struct store_event *event = NULL;
	struct buf line = buf_make(65536);
	int64_t msisdn = 0, now = 0;
	size_t n = 0;
	enum err e = office_msisdn(c, &msisdn);

	if (e == ERR_OK)
		e = office_now(c, &now);
	if (e == ERR_OK)
		e = office_tags_of(c, msisdn, now, TAG_BASIC, &event, &n);
	for (size_t i = 0; i < n && e == ERR_OK; i++) {
		buf_reset(&line);
		show_line(&line, &event[i], false);
		office_line(c, buf_str(&line));
	}
	if (e == ERR_OK && n == 0)
		office_say(c, "%" PRId64 ": no tag holds", msisdn);
	buf_free(&line);
	return e;
}

/* ---- refresh ---- */

struct refreshing {
	struct office_call *c;
	struct tag_rules *rules;
	struct tag_refresh f;
	struct tag_slice slice;
	struct arena arena;
	size_t piece;    /* rows that may be written at once */
	size_t first, n; /* of slice.change: what is written now */
	bool whole;      /* it ends the slice */
	int64_t us;      /* that it took */
	int64_t kept_at; /* seen, when the cursor was kept last */
};

static enum err refused(const struct refreshing *g, const struct store *s, enum err e)
{
	if (e != ERR_OK)
		fault_set(g->c->fault,
		          "the refresh stopped: %s (%s): it goes on by itself, or with "
		          "smshall tags refresh",
		          err_text(e), store_fault(s));
	return e;
}

static enum err write_piece(struct store *s, void *arg)
{
	struct refreshing *g = arg;
	const int64_t from = clock_machine().mono_us;
	const enum err e = store_tags_write(s, g->slice.change + g->first, g->n, g->f.now,
	                                    g->whole ? &g->f : NULL);

	g->us = clock_machine().mono_us - from;
	return refused(g, s, e);
}

static enum err write_end(struct store *s, void *arg)
{
	const struct refreshing *g = arg;

	return refused(g, s, store_tags_end(s, g->rules, &g->f));
}

static void count_slice(struct refreshing *g)
{
	g->f.upto = g->slice.to;
	g->f.seen += (int64_t)g->slice.n;
	for (size_t i = 0; i < TAGS_MAX; i++)
		g->f.holders[i] += g->slice.holders[i];
	for (size_t i = 0; i < g->slice.n_changes; i++)
		*(g->slice.change[i].value.n > 0 ? &g->f.put : &g->f.dropped) += 1;
}

static enum err interrupted(const struct refreshing *g)
{
	*g->c->fault = (struct fault){ .text = "" };
	fault_set(g->c->fault, "the process ends: the refresh goes on at the next start");
	return ERR_STATE;
}

/* The cursor moves with the last piece: what was written before it is found unchanged. */
static enum err write_slice(struct refreshing *g)
{
	enum err e = ERR_OK;

	count_slice(g);
	if (g->slice.n_changes == 0 && g->f.seen - g->kept_at < KEEP_EVERY)
		return ERR_OK;
	g->first = 0;
	do {
		const size_t left = g->slice.n_changes - g->first;

		g->n = left < g->piece ? left : g->piece;
		g->whole = g->n == left;
		e = office_write(g->c, write_piece, g);
		g->first += g->n;
		g->piece = office_import_pace(g->n > 0 ? g->n : 1, g->us,
		                              office_slice_us(g->c->host));
	} while (e == ERR_OK && !g->whole);
	if (e == ERR_OK)
		g->kept_at = g->f.seen;
	return e == ERR_STATE ? interrupted(g) : e;
}

static enum err do_slice(struct refreshing *g)
{
	const struct office_host *h = g->c->host;
	enum err e;

	arena_reset(&g->arena);
	g->slice.from = g->f.upto;
	g->slice.now = g->f.now;
	g->slice.rows = TAG_SLICE;
	e = store_tags_slice(h->reader, g->rules, &g->arena, &g->slice, g->c->fault);
	if (e == ERR_BUSY && h->is_ending(h->ctx)) /* the reader was stopped */
		return interrupted(g);
	return e == ERR_OK ? write_slice(g) : e;
}

/* Where the process ends, what was typical stays until another night. */
static enum err do_typical(struct refreshing *g)
{
	const enum err e = office_typical(g->c, g->f.now);

	return e == ERR_STATE ? ERR_OK : e;
}

static enum err do_all(struct refreshing *g)
{
	const struct office_host *h = g->c->host;
	int64_t total;
	enum err e;

	g->arena = arena_make(SLICE_ARENA);
	g->piece = PIECE_FIRST;
	g->slice.last = false;
	e = store_people_count(h->reader, &total);
	while (e == ERR_OK && !g->slice.last) {
		e = h->is_ending(h->ctx) ? interrupted(g) : do_slice(g);
		office_progress(g->c, g->f.seen, total, g->f.seen);
		office_meanwhile(g->c);
	}
	if (e == ERR_OK)
		e = office_write(g->c, write_end, g);
	if (e == ERR_OK && g->slice.all)
		e = do_typical(g);
	arena_free(&g->arena);
	return e == ERR_STATE ? interrupted(g) : e;
}

static enum err carry_out(struct refreshing *g)
{
	const int64_t from = clock_machine().mono_us, had = g->f.seen;
	const enum err e = do_all(g);
	const int64_t us = clock_machine().mono_us - from;
	const double s = us > 1000 ? (double)us / 1e6 : 0.001;

	if (e != ERR_OK)
		return e;
	if (g->slice.all)
		office_note_last(g->c->host, OFFICE_TAGS, g->f.put + g->f.dropped, us);
	LOG(g->c->host->log, LOG_INFO, "tags.refreshed",
	    "subscribers=%" PRId64 " put=%" PRId64 " dropped=%" PRId64 " seconds=%.1f",
	    g->f.seen, g->f.put, g->f.dropped, s);
	office_say(g->c,
	           "tags: %" PRId64 " subscribers in %.1f s (%.0f/s), %" PRId64
	           " rows put, %" PRId64 " dropped",
	           g->f.seen, s, (double)(g->f.seen - had) / s, g->f.put, g->f.dropped);
	return ERR_OK;
}

/* Under the same rules it goes on; any other begins anew. */
static enum err begin(struct refreshing *g, struct str only, int64_t now)
{
	struct tag_refresh f;
	const enum err e = store_tags_under_way(g->c->host->reader, &g->c->arena, &f,
	                                        g->c->fault);

	g->slice.all = only.n == 0;
	g->f = (struct tag_refresh){ .only = only,
		                     .revision = tag_rules_revision(g->rules),
		                     .now = now,
		                     .upto = -1 };
	if (e == ERR_OK && f.revision == g->f.revision && str_eq(f.only, only))
		g->f = f;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err refresh_of(struct office_call *c, struct str only, int64_t now)
{
	struct tag_rules *all = NULL, *some = NULL;
	struct refreshing g = { .c = c };
	enum err e = office_tag_rules(c, &all);

	if (e == ERR_OK && only.n > 0)
		e = tag_rules_some(all, only, &some, c->fault);
	g.rules = some != NULL ? some : all;
	if (e == ERR_OK)
		e = begin(&g, only, now);
	if (e == ERR_OK)
		e = carry_out(&g);
	tag_rules_free(some);
	tag_rules_free(all);
	return e;
}

static enum err refresh(struct office_call *c)
{
	struct str only = STR("");
	int64_t now = 0;
	enum err e = office_now(c, &now);

	if (e == ERR_OK && office_has(c, "tag"))
		e = office_text(c, "tag", &only);
	return e == ERR_OK ? refresh_of(c, only, now) : e;
}

/*
 * One that an earlier life began.  Asked every minute: the rules are read only when there
 * is something to go on with.  One of a tag that is gone by now becomes one of all.
 */
static enum err resume(struct office_call *c)
{
	struct fault unheard = { .text = "" }, *const fault = c->fault;
	struct tag_refresh f;
	enum err e = store_tags_under_way(c->host->reader, &c->arena, &f, c->fault);

	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	LOG(c->host->log, LOG_INFO, "tags.resumed", "subscribers=%" PRId64, f.seen);
	c->fault = f.only.n > 0 ? &unheard : fault;
	e = refresh_of(c, f.only, f.now);
	c->fault = fault;
	if (e == ERR_NOT_FOUND && f.only.n > 0)
		return refresh_of(c, STR(""), f.now);
	fault_set(fault, "%s", unheard.text);
	return e;
}

/* ---- the task ---- */

static const struct {
	const char *name;
	enum err (*run)(struct office_call *c);
} acts[] = {
	{ "list", list },
	{ "show", show },
	{ "refresh", refresh },
	{ "resume", resume },
};

static enum err run(struct office_call *c)
{
	struct str act = STR("list");
	enum err e = office_has(c, "act") ? office_text(c, "act", &act) : ERR_OK;

	if (e != ERR_OK)
		return e;
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		if (str_eq(act, str_of(acts[i].name)))
			return acts[i].run(c);
	}
	fault_set(c->fault, "expected list, show, refresh, check or columns");
	return ERR_SYNTAX;
}

const struct office_task office_tags = { .name = "tags",
	                                 .run = run,
	                                 .long_if = "refresh" };
