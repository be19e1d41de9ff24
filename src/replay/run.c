/*
 * run.c - one story: its steps in order, and what is sent against what is expected.
 *
 * A block is a run of texts (one turn), or a step such as "restart", and the
 * expectations behind it.  Its end is where what was not expected comes to light.
 */
#include <stdarg.h>

#include "replay/diff.h"
#include "run_priv.h"
#include "step_priv.h"
#include "tables_priv.h"
#include "text/segment.h"

void run_fail(struct run *r, int line, const char *fmt, ...)
{
	va_list ap;
	char text[512];

	r->failures++;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_printf(r->out, "%s:%d: %s\n", r->story->path, line, text);
}

static void edit(struct run *r, enum edit_kind kind, int line, struct str text)
{
	set_add(r->arena, &r->edits, (struct edit){ kind, line, text });
}

/* ---- messages against expectations ---- */

/* The only sender of the block's texts, or of the story's so far where it has none; else "". */
static struct str only_sender(const struct run *r)
{
	const struct text *t = r->texts.row;
	struct str sender = { "", 0 };

	for (size_t i = r->block < r->texts.n ? r->block : 0; i < r->texts.n; i++) {
		if (sender.n > 0 && !str_eq(sender, t[i].in.from.digits))
			return STR("");
		sender = t[i].in.from.digits;
	}
	return sender;
}

/* "< text" for a file, with its receiver where that is not plain. */
static struct str reply_line(struct run *r, const struct outbox_row *row,
                             const struct pattern *old)
{
	const bool plain = str_eq(only_sender(r), row->to.digits);
	struct buf b = buf_make(STORY_MAX);
	struct str line;

	if (!plain)
		buf_printf(&b, "%.*s ", STR_ARG(row->to.digits));
	buf_puts(&b, STR("< "));
	if (old != NULL)
		pattern_revise(old, row->text, &b);
	else
		pattern_quote(row->text, &b);
	line = arena_str(r->arena, buf_str(&b));
	buf_free(&b);
	return line;
}

static void show_difference(struct run *r, const struct pattern *p,
                            const struct outbox_row *row)
{
	struct buf expected = buf_make(STORY_MAX);

	pattern_show(p, &r->vars, &expected);
	diff_show(buf_str(&expected), row->text, r->conf->colour, r->out);
	buf_free(&expected);
}

/* One that is not plain is named: a story says of each message to whom it goes. */
static bool right_receiver(const struct run *r, const struct story_item *item,
                           const struct outbox_row *row)
{
	struct str want = item->number;

	if (want.n == 0)
		want = only_sender(r);
	else if (want.p[0] == '+')
		want = (struct str){ want.p + 1, want.n - 1 };
	return want.n > 0 && str_eq(want, row->to.digits);
}

static enum err compare_reply(struct run *r, const struct story_item *item,
                              struct fault *fault)
{
	const struct outbox_row *row;
	struct pattern p, revised;
	struct str line;
	enum err e;

	r->bare = false;
	if (r->taken == r->got.n) {
		run_fail(r, item->line, "expected this reply, but none came");
		edit(r, EDIT_DELETE, item->line, STR(""));
		r->bare = true;
		return ERR_OK;
	}
	row = &r->got.row[r->taken++];
	e = pattern_compile(item->text, r->arena, &p, fault);
	if (e != ERR_OK)
		return e;
	if (pattern_match(&p, row->text, &r->vars) && right_receiver(r, item, row))
		return ERR_OK;
	run_fail(r, item->line, "another reply than expected, to %.*s",
	         STR_ARG(row->to.digits));
	show_difference(r, &p, row);
	line = reply_line(r, row, &p);
	edit(r, EDIT_REPLACE, item->line, line);
	/* What follows may rest on variables of the reply as it is now. */
	line = (struct str){ line.p + str_find(line, STR("< ")) + 2,
		             line.n - str_find(line, STR("< ")) - 2 };
	e = pattern_compile(line, r->arena, &revised, fault);
	if (e == ERR_OK)
		(void)pattern_match(&revised, row->text, &r->vars);
	return e;
}

static void compare_silence(struct run *r, const struct story_item *item)
{
	r->bare = false;
	if (r->taken == r->got.n)
		return;
	edit(r, EDIT_DELETE, item->line, STR(""));
}

static void print_messages(struct run *r)
{
	for (size_t i = 0; i < r->got.n; i++) {
		const struct str text = r->got.row[i].text;

		buf_printf(r->out, "    < %.*s [%u]\n", STR_ARG(text),
		           segment_count(text, false, false));
	}
}

/* The next step begins: nothing may be left of this block. */
static void end_block(struct run *r)
{
	if (r->conf->verbose)
		print_messages(r);
	for (; r->taken < r->got.n; r->taken++) {
		const struct str line = reply_line(r, &r->got.row[r->taken], NULL);

		run_fail(r, r->last_line,
		         "a reply that the story does not expect:\n  %.*s",
		         STR_ARG(line));
		edit(r, EDIT_INSERT, r->last_line, line);
		r->bare = false;
	}
	if (r->bare) {
		run_fail(r, r->last_line,
		         "expected < and a reply, or no reply; none came");
		edit(r, EDIT_INSERT, r->last_line, STR("no reply"));
	}
	r->bare = false;
	r->got.n = r->taken = 0;
	r->block = r->texts.n;
}

/* ---- items ---- */

static enum err do_text(struct run *r, const struct story_item *item, struct fault *fault)
{
	if (r->unread == r->texts.n)
		end_block(r);
	return step_text(r, item, fault);
}

static enum err do_ack(struct run *r, const struct story_item *item, struct fault *fault)
{
	struct text *t = &r->texts.row[r->texts.n - 1];

	(void)fault;
	t->status = item->value;
	t->ack_line = item->line;
	return ERR_OK;
}

static enum err do_silence(struct run *r, const struct story_item *item,
                           struct fault *fault)
{
	(void)fault;
	compare_silence(r, item);
	return ERR_OK;
}

static enum err do_pass(struct run *r, const struct story_item *item, struct fault *fault)
{
	end_block(r);
	return step_pass(r, item->value, fault);
}

static enum err do_restart(struct run *r, const struct story_item *item,
                           struct fault *fault)
{
	(void)item;
	end_block(r);
	return step_restart(r, fault);
}

static enum err do_clock(struct run *r, const struct story_item *item,
                         struct fault *fault)
{
	end_block(r);
	if (item->value * 1000 < r->world.now_ms && r->texts.n > 0) {
		fault_set(fault, "expected a time not before that of the step above");
		return ERR_RANGE;
	}
	r->world.now_ms = item->value * 1000;
	return ERR_OK;
}

static enum err do_table(struct run *r, const struct story_item *item,
                         struct fault *fault)
{
	enum err e;

	end_block(r);
	e = tables_store(r->world.conf.store, item, r->world.now_ms / 1000,
	                 r->world.conf.pin, r->arena, fault);
	if (e == ERR_OK &&
	    (strcmp(item->table, "packages") == 0 || strcmp(item->table, "popular") == 0))
		e = turn_reload_catalogue(r->world.turn);
	if (e == ERR_OK && strcmp(item->table, "campaigns") == 0)
		e = turn_reload_campaigns(r->world.turn);
	return e;
}

static enum err do_expect(struct run *r, const struct story_item *item,
                          struct fault *fault)
{
	end_block(r);
	return expect_rows(r, item, fault);
}

typedef enum err (*item_fn)(struct run *r, const struct story_item *item,
                            struct fault *fault);

static const item_fn doers[] = {
	[STORY_CLOCK] = do_clock,      [STORY_TABLE] = do_table,
	[STORY_TEXT] = do_text,        [STORY_ACK] = do_ack,
	[STORY_REPLY] = compare_reply, [STORY_SILENCE] = do_silence,
	[STORY_PASS] = do_pass,        [STORY_RESTART] = do_restart,
	[STORY_EXPECT] = do_expect,
};

static enum err do_item(struct run *r, const struct story_item *item, struct fault *fault)
{
	const bool gathers = item->kind == STORY_TEXT || item->kind == STORY_ACK;
	enum err e = gathers ? ERR_OK : step_turn(r, fault);

	if (e == ERR_OK)
		e = doers[item->kind](r, item, fault);
	r->last_line = item->line;
	return e;
}

void run_story(struct run *r)
{
	const struct story *s = r->story;
	struct fault why = { "" };
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < s->items.n; i++) {
		r->last_line = i == 0 ? s->items.row[0].line : r->last_line;
		e = do_item(r, &s->items.row[i], &why);
		if (e != ERR_OK)
			run_fail(r, s->items.row[i].line, "%s", why.text);
	}
	if (e == ERR_OK) {
		e = step_turn(r, &why);
		if (e != ERR_OK)
			run_fail(r, r->last_line, "%s", why.text);
		end_block(r);
	}
}
