/*
 * import_priv.h - what a kind of file is: its columns, its key, where its rows go.
 *
 * A new kind is one file with a const descriptor and a line in import.c.
 */
#ifndef STORE_IMPORT_PRIV_H
#define STORE_IMPORT_PRIV_H

#include "store/import.h"

struct import_column;

/* How a cell is read into its member; false: it is not what `expected` says. */
struct import_type {
	const char *expected;
	bool (*read)(const struct import_column *c, struct str cell, struct arena *a,
	             void *to);
};

struct import_column {
	const char *name;
	const struct import_type *type;
	size_t offset;                          /* of the member in the row */
	const char *(*name_of)(unsigned value); /* of names; NULL past the end */
	const char *expected; /* instead of the type's; NULL: the type's */
	/* of numbers: bounds before the factor, what an empty cell is, decimals allowed */
	int64_t least, most, factor, when_empty;
	int decimals;
	bool may_be_empty;
	bool optional; /* may be left out of the file: the member keeps its default */
};

extern const struct import_type import_number; /* int64_t */
extern const struct import_type import_text;   /* struct str */
extern const struct import_type import_code;   /* struct str of 1 to 16 letters, digits */
extern const struct import_type import_codes;  /* struct import_list, joined by ; */
extern const struct import_type import_flag;   /* bool */
extern const struct import_type import_date;   /* int64_t UTC s */
extern const struct import_type import_month;  /* month_t */
extern const struct import_type import_name;   /* unsigned, by name_of */
extern const struct import_type import_msisdn; /* int64_t */

struct import_list {
	struct str *item;
	size_t n;
};

/* Two values that are equal exactly when the keys are. */
struct import_key {
	uint64_t high, low;
};
struct import_key import_key_of_code(struct str code);

/* Rows of one kind that lie one behind the other, and the line of each. */
struct import_rows {
	char *row;
	size_t n, size;
	int64_t *line;
};

static inline void *import_row(const struct import_rows *r, size_t i)
{
	return r->row + i * r->size;
}

struct import {
	struct store *store;
	const char *path;
	int64_t now;
	struct arena arena;         /* of the slice */
	struct catalogue catalogue; /* as it is before the file */
	struct arena catalogue_arena;
};

struct import_kind {
	const char *name;
	const struct import_column *column;
	size_t n_columns;
	size_t row_size;
	/* Before the cells are read into a zeroed row; NULL: nothing. */
	void (*defaults)(void *row);
	/* After; what follows from other members.  NULL: nothing. */
	void (*complete)(void *row);
	struct import_key (*key)(const void *row);
	/* References; the fault names path and line.  NULL: none. */
	enum err (*check)(struct import *im, const struct import_rows *r,
	                  struct fault *fault);
	enum err (*put)(struct import *im, const struct import_rows *r);
};

extern const struct import_kind import_packages, import_subscribers, import_usage;

#endif
