/*
 * csv.h - a strict reader of CSV: RFC 4180 in UTF-8, a byte order mark allowed.
 *
 * Lines end in LF or CRLF.  Quotes stand around a whole field or nowhere.  A record
 * may take CSV_RECORD_MAX octets and CSV_FIELDS_MAX fields.
 */
#ifndef STORE_CSV_H
#define STORE_CSV_H

#include "base/fault.h"
#include "base/str.h"

enum {
	CSV_RECORD_MAX = 64 * 1024,
	CSV_FIELDS_MAX = 64
};

struct csv;

/* Reads fd (borrowed, of a file) from its start; name (borrowed) is for faults. */
struct csv *csv_create(int fd, const char *name);
void csv_destroy(struct csv *c);

/* Starts again at the first record. */
void csv_rewind(struct csv *c);
/* The next record is the one that begins at this octet of the file; its line is not known. */
void csv_seek(struct csv *c, int64_t offset);

/*
 * The next record's fields (dead after the next call), *n of them, at least one.
 * ERR_END; ERR_SYNTAX, ERR_TOO_BIG and ERR_IO with a fault "NAME:LINE:COLUMN: ...".
 */
MUST_CHECK enum err csv_next(struct csv *c, struct str field[static CSV_FIELDS_MAX],
                             size_t *n, struct fault *fault);

/* Line on which the last record began, from 1. */
int64_t csv_line(const struct csv *c);

/* Where the next record begins, in octets from the file's start. */
int64_t csv_offset(const struct csv *c);

#endif
