/*
 * field_priv.h - one field of a story's table as a member of a row, and back.
 */
#ifndef REPLAY_FIELD_PRIV_H
#define REPLAY_FIELD_PRIV_H

#include "replay/redact.h"

enum field {
	FIELD_TEXT,    /* struct str, of nobody: a code, a state */
	FIELD_WORDS,   /* struct str in which a person may have written anything */
	FIELD_NAME,    /* struct str: a person's */
	FIELD_SECRET,  /* struct str: digits such as a PUK */
	FIELD_COUNT,   /* int64 */
	FIELD_MSISDN,  /* int64 */
	FIELD_INT,     /* int, or an enumeration by number */
	FIELD_MINUTES, /* stored as seconds */
	FIELD_MB,      /* stored as KiB */
	FIELD_FEN,     /* "none" is BILL_NONE */
	FIELD_LI,      /* given in fen with up to one decimal */
	FIELD_DATE,    /* UTC s of its first second */
	FIELD_MONTH,   /* month_t */
	FIELD_FLAG,    /* bool */
	FIELD_KIND,    /* these four are enumerations by their names in files */
	FIELD_STATUS,
	FIELD_LANGUAGE,
	FIELD_CLASS,
	FIELD_TIME,     /* UTC s; "none" is 0 */
	FIELD_NEXT_DAY, /* UTC s of the first instant after the date; "none" is 0 */
	FIELD_DAY_END,  /* UTC s of the last second of the date; "none" is 0 */
	FIELD_DETAIL_KIND,
	FIELD_RESOURCE_KIND,
	FIELD_COMPLAINT,
	FIELD_ORDER,
	FIELD_OUTER, /* struct outer */
	FIELD_LIST   /* struct field_list; joined by ";" in files */
};

struct field_list {
	struct str *item; /* in the arena */
	size_t n;
};

/* Reads s into the member at `at`, which has the type of its field; false when s is none. */
bool field_set(enum field field, struct str s, struct arena *a, void *at);

/*
 * Appends the member at `at` as field_set() reads it, with what is personal replaced, in
 * quotes where it needs them.  Line breaks become blanks.
 */
void field_put(enum field field, const void *at, struct redact *r, struct buf *out);

#endif
