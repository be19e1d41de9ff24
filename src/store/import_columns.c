/*
 * import_columns.c - what the file of a kind holds, in words and by an example.
 */
#include <inttypes.h>

#include "import_priv.h"

/* Of a number, where its bounds allow. */
static int64_t example_number(const struct import_column *c)
{
	const int64_t usual = 100;

	if (usual > c->most)
		return c->most;
	return usual < c->least ? c->least : usual;
}

static void put_example(const struct import_column *c, struct buf *out)
{
	if (c->type->example != NULL)
		buf_puts(out, str_of(c->type->example));
	else if (c->name_of != NULL)
		buf_puts(out, str_of(c->name_of(0)));
	else
		buf_printf(out, "%" PRId64, example_number(c));
}

static void put_column(const struct import_column *c, struct buf *out)
{
	buf_printf(out, "  %-24s %s%s%s\n", c->name,
	           c->expected != NULL ? c->expected : c->type->expected,
	           c->key ? "; part of the key" : "",
	           c->optional ? "; the column may be left out" : "");
}

bool import_columns(const char *kind, struct buf *out)
{
	const struct import_kind *k = import_kind_of(str_of(kind));

	if (k == NULL)
		return false;
	buf_printf(out, "The columns of %s, in any order, as UTF-8; a key stands once:\n",
	           k->name);
	for (size_t i = 0; i < k->n_columns; i++)
		put_column(&k->column[i], out);
	buf_puts(out, STR("A file of one row:\n"));
	for (size_t i = 0; i < k->n_columns; i++)
		buf_printf(out, "%s%s", i > 0 ? "," : "", k->column[i].name);
	for (size_t i = 0; i < k->n_columns; i++) {
		buf_putc(out, i > 0 ? ',' : '\n');
		put_example(&k->column[i], out);
	}
	buf_putc(out, '\n');
	return true;
}
