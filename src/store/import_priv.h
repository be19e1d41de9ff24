/*
 * import_priv.h - what a kind of file is: its columns, its key, what its rows refer to.
 *
 * A new kind is a const descriptor and a line in import.c; its rows are those of
 * store/rows.h.
 */
#ifndef STORE_IMPORT_PRIV_H
#define STORE_IMPORT_PRIV_H

#include <sys/stat.h>

#include "store/csv.h"
#include "store/import.h"

/* ---- cells ---- */

/* Days seen, so that a date costs no search in the time zone's table. */
enum {
	IMPORT_DAYS = 2048
};
struct import_day {
	int32_t key;         /* 0: none */
	int64_t start, next; /* UTC s of its midnight and of the day after */
};

/* What reading cells needs. */
struct import_cells {
	struct arena arena; /* of the slice's strings */
	struct import_day day[IMPORT_DAYS];
};

struct import_column;

/* How a cell is read into its member; false: it is not what `expected` says. */
struct import_type {
	const char *expected;
	const char *example; /* NULL: by its column */
	bool (*read)(const struct import_column *c, struct str cell,
	             struct import_cells *s, void *row);
};

struct import_column {
	const char *name;
	const struct import_type *type;
	size_t offset;                          /* of the member in the row */
	size_t count_offset;                    /* of import_codes: of their number */
	const char *(*name_of)(unsigned value); /* of names; NULL past the end */
	const char *expected; /* instead of the type's; NULL: the type's */
	/* of numbers: bounds before the factor, what an empty cell is, decimals allowed */
	int64_t least, most, factor, when_empty;
	int decimals;
	bool may_be_empty; /* of numbers, dates, codes and names of things */
	bool optional;     /* may be left out of the file: the member keeps its default */
	bool key;          /* part of the key */
	bool together;     /* rows equal in these columns have to be neighbours */
};

extern const struct import_type import_number; /* int64_t */
extern const struct import_type import_text;   /* struct str, up to 200 octets */
extern const struct import_type import_label;  /* struct str of 1 to 200 octets */
extern const struct import_type import_code;   /* struct str of 1 to 16 letters, digits */
extern const struct import_type import_codes;  /* const struct str *, joined by ; */
extern const struct import_type import_flag;   /* bool */
extern const struct import_type import_date;   /* int64_t UTC s: its first instant */
extern const struct import_type import_date_end;  /* the last second of it; 0: empty */
extern const struct import_type import_date_next; /* the first instant after; 0: empty */
extern const struct import_type import_time;      /* int64_t UTC s */
extern const struct import_type import_month;     /* month_t */
extern const struct import_type import_name;      /* unsigned, by name_of */
extern const struct import_type import_word;      /* struct str, one of name_of */
extern const struct import_type import_msisdn;    /* int64_t */
extern const struct import_type import_outer;     /* struct outer */

/* ---- kinds ---- */

/* Rows of one kind that lie one behind the other, and the line of each. */
struct import_rows {
	char *row;
	size_t n, size;
	int64_t *line;
};

static inline void *import_row_at(const struct import_rows *r, size_t i)
{
	return r->row + i * r->size;
}

struct import_kind {
	const char *name;
	enum store_kind store;
	const struct import_column *column;
	size_t n_columns;
	size_t row_size;
	bool of_number; /* the row's first member is its number */
	bool needs_sub; /* which has to be a subscriber */
	/* Before the cells are read into a zeroed row; NULL: nothing. */
	void (*defaults)(void *row);
	/* After; what follows from other members and the row before (or NULL).  NULL: nothing. */
	void (*complete)(const struct import *im, void *row, const void *before);
	/* References besides the number.  NULL: none. */
	enum err (*check)(const struct import *im, struct store_reader *r,
	                  struct fault *fault);
};

extern const struct import_kind import_packages, import_groups, import_subscribers,
	import_usage, import_bills, import_payments, import_details, import_resources,
	import_subscriptions, import_complaints, import_consents, import_members,
	import_tags, import_touches, import_uses, import_clicks, import_suppressed;

/* ---- keys that come twice: import_keys.c ---- */

/* A hash of 96 bits: two keys of a file are the same by chance in 1 of 10^13 files. */
struct import_hash {
	uint64_t a;
	uint32_t b;
};
#define IMPORT_HASH_NONE ((struct import_hash){ 0x9e3779b97f4a7c15u, 0x85ebca6bu })
struct import_hash import_hash_add(struct import_hash h, struct str cell);

struct import_keys {
	struct import_key *key; /* owned */
	size_t n, cap;
	int64_t number; /* of the run */
	bool keep_all;  /* of the file; else those of one number's rows, which ascend */
	bool unsorted;  /* they do not: begin again with keep_all */
};

enum import_verdict {
	IMPORT_KEYS_GOOD,
	IMPORT_KEYS_TWICE,   /* line[0] has it first, then line[1] */
	IMPORT_KEYS_APART,   /* as above: rows that have to be neighbours */
	IMPORT_KEYS_UNSORTED /* begin again with keep_all */
};

/* number: of the row; ended runs are looked through. */
enum import_verdict import_keys_run(struct import_keys *k, int64_t number,
                                    int64_t line[2]);
/* apart: the key of the first of some rows that have to be neighbours. */
void import_keys_add(struct import_keys *k, struct import_hash h, bool apart,
                     int64_t line);
/* Looks through those held, and forgets them. */
enum import_verdict import_keys_end(struct import_keys *k, int64_t line[2]);
void import_keys_free(struct import_keys *k);

/* ---- rows in the order of their numbers: import_order.c ---- */

struct import_place {
	int64_t number, offset; /* where its record begins in the file */
};

struct import_order {
	struct import_place *place; /* owned; as the rows stand, then sorted */
	size_t n, cap;
	size_t next; /* to be read */
	bool sorted; /* rows are read by it */
};

void import_order_add(struct import_order *o, int64_t number, int64_t offset);
void import_order_sort(struct import_order *o);
void import_order_free(struct import_order *o);

/* ---- an import ---- */

struct import {
	const struct import_kind *kind;
	struct import_plan plan;
	struct import_row row; /* as in the table; id 0: not noted yet */
	char *path;            /* owned */
	int64_t began_us;      /* monotonic */
	int64_t slice_us;      /* that the last slice took */
	int fd;                /* owned; -1: none */
	struct csv *csv;
	int field_of[CSV_FIELDS_MAX]; /* by column of the kind; IMPORT_ABSENT */
	size_t n_fields;              /* of the header */
	struct import_cells cells;
	struct import_rows rows; /* read last; their strings are in cells.arena */
	struct {
		struct import_rows rows;
		struct arena arena; /* of their strings */
	} ready;                    /* handed over, to be stored */
	int64_t seen;               /* rows read in this pass */
	void *before;               /* a copy of the last row; its strings are dead */
	bool has_before;
	struct import_hash key, together; /* of the last row */
	struct import_keys keys;
	struct import_order order;  /* of a file whose numbers do not ascend */
	struct catalogue catalogue; /* as it is before the file */
	struct arena catalogue_arena;
	int64_t passed; /* octets of the pass before */
};

enum {
	IMPORT_ABSENT = -1
};

/* import.c: NULL when there is none of that name. */
const struct import_kind *import_kind_of(struct str name);

/* import_rows.c: the header, from the first record on; then rows behind those held. */
enum err import_header(struct import *im, struct fault *fault);
/* ERR_END behind the last. */
enum err import_next_row(struct import *im, struct fault *fault);
void import_forget_rows(struct import *im);
/* Of the row read last; 0: the kind has none. */
int64_t import_row_number(const struct import *im);
/* Octets of the file that this pass has read. */
int64_t import_octets(const struct import *im);

/* import_order.c: which order its check has found; reads the file. */
enum err import_order_find(struct import *im, struct fault *fault);

/* import_check.c: ERR_NOT_FOUND with the fault that says so. */
enum err import_refuse(const struct import *im, size_t row, const char *column,
                       struct str value, const char *expected, struct fault *fault);

#endif
