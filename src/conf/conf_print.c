/*
 * conf_print.c - a configuration in use, as a file without its secrets.
 */
#include "conf_priv.h"

static bool is_secret(const struct option *o)
{
	return strcmp(o->key, "password") == 0;
}

static void put_quoted(struct buf *out, const char *s)
{
	buf_putc(out, '"');
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			buf_putc(out, '\\');
		if ((unsigned char)*s < ' ')
			buf_putc(out, '?');
		else
			buf_putc(out, *s);
	}
	buf_putc(out, '"');
}

static void put_index(struct buf *out, const struct option *o, int index)
{
	struct str rest = str_of(o->choices), part;

	for (int i = 0; str_cut(&rest, '|', &part); i++) {
		if (i == index)
			buf_printf(out, "\"%.*s\"", STR_ARG(part));
	}
}

static void put_numbers(struct buf *out, const struct conf_link *l)
{
	buf_puts(out, STR("("));
	for (size_t i = 0; i < l->n_numbers; i++) {
		buf_puts(out, i > 0 ? STR(", ") : STR(" "));
		put_quoted(out, l->numbers[i]);
	}
	buf_puts(out, STR(" )"));
}

void conf_put_value(struct buf *out, const struct option *o, const void *base)
{
	const void *at = (const char *)base + o->offset;

	switch (o->type) {
	case TYPE_TEXT:
	case TYPE_CHOICE:
		if (is_secret(o) && **(char *const *)at != '\0')
			buf_puts(out, STR("\"(not shown)\""));
		else
			put_quoted(out, *(char *const *)at);
		return;
	case TYPE_NUMBER:
		buf_printf(out, "%d", *(const int *)at);
		return;
	case TYPE_FLAG:
		buf_puts(out, *(const bool *)at ? STR("true") : STR("false"));
		return;
	case TYPE_INDEX:
		put_index(out, o, (int)*(const enum conf_bind *)at);
		return;
	case TYPE_NUMBERS:
		put_numbers(out, base);
		return;
	}
}

static void put_options(struct buf *out, enum option_group group, const void *base)
{
	for (size_t i = 0; i < n_options; i++) {
		if (options[i].group != group)
			continue;
		buf_printf(out, "%s%s = ", option_places[group].indent, options[i].key);
		conf_put_value(out, &options[i], base);
		buf_puts(out, STR(";\n"));
	}
}

void conf_print(const struct conf *c, struct buf *out)
{
	for (int g = 0; g < GROUPS; g++) {
		const size_t times = g == GROUP_LINK ? c->n_links : 1;

		for (size_t i = 0; i < times; i++) {
			const void *base = g == GROUP_LINK ? (const void *)&c->links[i]
			                                   : c;

			buf_puts(out, str_of(option_places[g].open));
			put_options(out, (enum option_group)g, base);
			buf_puts(out, str_of(option_places[g].close));
		}
	}
}
