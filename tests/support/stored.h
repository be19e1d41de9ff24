/*
 * stored.h - what drivers of the program read in its store.
 */
#ifndef SUPPORT_STORED_H
#define SUPPORT_STORED_H

#include <stdio.h>
#include <stdlib.h>

#include "store/inspect.h"

/* The number in that column of a row; ends the process where there is none. */
static inline int64_t stored_value(const struct store_table *table, size_t row,
                                   const char *column)
{
	int64_t v = 0;

	for (size_t i = 0; i < table->n_columns; i++) {
		if (str_eq(table->column[i], str_of(column)) &&
		    str_i64(table->value[row * table->n_columns + i], &v) == ERR_OK)
			return v;
	}
	(void)fprintf(stderr, "the store has no number in column %s\n", column);
	exit(EXIT_FAILURE);
}

#endif
