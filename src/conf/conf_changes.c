/*
 * conf_changes.c - what two configurations differ in, and when that takes effect.
 */
#include "conf_priv.h"

static bool numbers_differ(const struct conf_link *a, const struct conf_link *b)
{
	if (a->n_numbers != b->n_numbers)
		return true;
	for (size_t i = 0; i < a->n_numbers; i++) {
		if (strcmp(a->numbers[i], b->numbers[i]) != 0)
			return true;
	}
	return false;
}

/* a, b: struct conf, or struct conf_link for options of links. */
static bool differs(const struct option *o, const void *a, const void *b)
{
	const void *at_a = (const char *)a + o->offset;
	const void *at_b = (const char *)b + o->offset;

	if (o->type == TYPE_NUMBERS)
		return numbers_differ(a, b);
	if (o->type == TYPE_INDEX)
		return *(const enum conf_bind *)at_a != *(const enum conf_bind *)at_b;
	if (o->type == TYPE_TEXT || o->type == TYPE_CHOICE)
		return strcmp(*(char *const *)at_a, *(char *const *)at_b) != 0;
	if (o->type == TYPE_NUMBER)
		return *(const int *)at_a != *(const int *)at_b;
	return *(const bool *)at_a != *(const bool *)at_b;
}

/* "log.level" */
static void put_key(struct buf *out, const struct option *o)
{
	const char *place = option_places[o->group].name;

	buf_printf(out, "%s%s%s", place, place[0] != '\0' ? "." : "", o->key);
}

static void put_change(struct buf *out, const struct option *o, const void *before,
                       const void *now)
{
	conf_put_value(out, o, before);
	buf_puts(out, STR(" -> "));
	conf_put_value(out, o, now);
}

/* Of all but links: those that take effect on a reload, or the others. */
static void put_keys(struct buf *out, unsigned when, const struct conf *before,
                     const struct conf *now)
{
	for (size_t i = 0; i < n_options; i++) {
		const struct option *o = &options[i];

		if (o->group == GROUP_LINK || (o->flags & OPTION_RELOAD) != when ||
		    !differs(o, before, now))
			continue;
		put_key(out, o);
		buf_puts(out, STR(": "));
		put_change(out, o, before, now);
		buf_puts(out, when != 0 ? STR(", at reload\n")
		                        : STR(", at the next start only\n"));
	}
}

static const struct conf_link *link_of(const struct conf *c, const char *name)
{
	for (size_t i = 0; i < c->n_links; i++) {
		if (strcmp(c->links[i].name, name) == 0)
			return &c->links[i];
	}
	return NULL;
}

static void put_link(struct buf *out, const struct conf_link *before,
                     const struct conf_link *now)
{
	buf_printf(out, "link %s:", now->name);
	for (size_t i = 0; i < n_options; i++) {
		if (options[i].group != GROUP_LINK || !differs(&options[i], before, now))
			continue;
		buf_printf(out, " %s: ", options[i].key);
		put_change(out, &options[i], before, now);
		buf_putc(out, ';');
	}
	buf_puts(out, STR(" it unbinds and binds again, at reload\n"));
}

static void put_links(struct buf *out, const struct conf *before, const struct conf *now)
{
	for (size_t i = 0; i < before->n_links; i++) {
		if (link_of(now, before->links[i].name) == NULL)
			buf_printf(out, "link %s: goes, it unbinds at reload\n",
			           before->links[i].name);
	}
	for (size_t i = 0; i < now->n_links; i++) {
		const struct conf_link *l = link_of(before, now->links[i].name);

		if (l == NULL)
			buf_printf(out, "link %s: is new, it binds at reload\n",
			           now->links[i].name);
		else if (!conf_link_equal(l, &now->links[i]))
			put_link(out, l, &now->links[i]);
	}
}

void conf_changes(const struct conf *started, const struct conf *running,
                  const struct conf *now, struct buf *out)
{
	put_keys(out, OPTION_RELOAD, running, now);
	put_links(out, running, now);
	put_keys(out, 0, started, now);
}

void conf_restart_keys(const struct conf *running, const struct conf *now,
                       struct buf *out)
{
	for (size_t i = 0; i < n_options; i++) {
		const struct option *o = &options[i];

		if ((o->flags & OPTION_RELOAD) != 0 || !differs(o, running, now))
			continue;
		buf_puts(out, out->n > 0 ? STR(", ") : STR(""));
		put_key(out, o);
	}
}

bool conf_link_equal(const struct conf_link *a, const struct conf_link *b)
{
	for (size_t i = 0; i < n_options; i++) {
		if (options[i].group == GROUP_LINK && differs(&options[i], a, b))
			return false;
	}
	return true;
}
