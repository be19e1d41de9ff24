/*
 * conf_sample.c - the option table as a commented sample file.
 */
#include <stdlib.h>

#include "conf_priv.h"

/* "1..65535", "a, b or c"; nothing for free texts and flags. */
static void put_bounds(struct buf *out, const struct option *o)
{
	struct str rest = str_of(o->choices), part;
	const char *separator = " (";

	if (o->type == TYPE_NUMBER)
		buf_printf(out, " (%d..%d)", o->min, o->max);
	if (o->type != TYPE_CHOICE && o->type != TYPE_INDEX)
		return;
	while (str_cut(&rest, '|', &part)) {
		buf_printf(out, "%s%.*s", separator, STR_ARG(part));
		separator = ", ";
	}
	buf_putc(out, ')');
}

/* What a flag is where its line is left out, if that is not what the sample says. */
static void put_default(struct buf *out, const struct option *o)
{
	if (o->type == TYPE_FLAG && (o->flags & OPTION_SAMPLE) != 0)
		buf_puts(out, STR("; false where not set"));
}

static void put_value(struct buf *out, const struct option *o)
{
	const bool bare = o->type == TYPE_NUMBER || o->type == TYPE_FLAG;

	if (o->type == TYPE_NUMBERS)
		buf_printf(out, "( \"%s\" )", o->def);
	else
		buf_printf(out, bare ? "%s" : "\"%s\"", o->def);
}

static void put_option(struct buf *out, const struct option *o, const char *indent)
{
	buf_printf(out, "%s# %s", indent, o->help);
	put_bounds(out, o);
	put_default(out, o);
	buf_printf(out, "\n%s%s%s = ", indent,
	           (o->flags & OPTION_HIDDEN) != 0 ? "# " : "", o->key);
	put_value(out, o);
	buf_puts(out, STR(";\n"));
}

static void put_group(struct buf *out, enum option_group group)
{
	const struct option_place *place = &option_places[group];

	if (place->help[0] != '\0')
		buf_printf(out, "\n# %s.", place->help);
	buf_puts(out, str_of(place->open));
	for (size_t i = 0; i < n_options; i++) {
		if (options[i].group == group)
			put_option(out, &options[i], place->indent);
	}
	buf_puts(out, str_of(place->close));
}

void conf_print_sample(struct buf *out)
{
	buf_puts(
		out,
		STR("# smshall.conf - every key with its default.  Only links and, in each,\n"
	            "# name, host, system_id, password, numbers and trusted have to be set.\n"
	            "# Phone numbers are texts in quotes: libconfig cuts numbers above\n"
	            "# 2147483647.  SIGHUP applies changes, but for those that it names in\n"
	            "# the log as needing a restart.\n\n"));
	for (int g = 0; g < GROUPS; g++)
		put_group(out, (enum option_group)g);
}
