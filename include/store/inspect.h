/*
 * inspect.h - whole tables of a store as text, for replay and for people.
 */
#ifndef STORE_INSPECT_H
#define STORE_INSPECT_H

#include "store/store.h"

enum {
	STORE_INSPECT_ROWS = 10000 /* of one table at most; the rest is left out */
};

struct store_table {
	struct str *column; /* n_columns names */
	size_t n_columns;
	struct str
		*value; /* n_rows * n_columns; "" for NULL, blobs as hexadecimal digits */
	size_t n_rows;
};

/*
 * Reads a table, in order of its key; any but those of secrets and of the schema
 * (pin, setting, migration).  ERR_NOT_FOUND for another name; those of the store.
 * Strings are in the arena.
 */
MUST_CHECK enum err store_inspect(struct store *s, const char *table, struct arena *a,
                                  struct store_table *out);

#endif
