/*
 * office_priv.h - what a task of the office is: one file, one descriptor, one line of
 * office.c.
 */
#ifndef OFFICE_PRIV_H
#define OFFICE_PRIV_H

#include <jansson.h>

#include "office/office.h"

struct office_call {
	const struct office_host *host;
	const struct office_peer *peer;
	const json_t *request; /* an object */
	struct arena arena;    /* of this call */
	struct fault *fault;
	bool writing;     /* between office_begin_write() and office_end_write() */
	enum err written; /* what that came to, where it was done at once */
};

struct office_task {
	const char *name; /* "import"; the value of "do" */
	enum err (*run)(struct office_call *c);
	bool is_long;        /* minutes: what is short does not wait behind it */
	const char *long_if; /* a flag of the request that makes it long; may be NULL */
};

extern const struct office_task office_import, office_backup, office_trace,
	office_evidence, office_retention, office_erase, office_doctor, office_misses,
	office_differ, office_rehearse, office_tasks, office_login, office_tags,
	office_offer, office_reload, office_campaign;

/* A text field; ERR_SYNTAX with a fault when it is missing or no text. */
MUST_CHECK enum err office_text(struct office_call *c, const char *key, struct str *out);
/* An msisdn given as text: digits, with or without +86.  ERR_SYNTAX with a fault. */
MUST_CHECK enum err office_msisdn(struct office_call *c, int64_t *out);
/* Whether the request has a field of that name. */
bool office_has(const struct office_call *c, const char *key);
/* A whole number that may be left out: then *out stays.  ERR_SYNTAX with a fault. */
MUST_CHECK enum err office_number(struct office_call *c, const char *key, int64_t min,
                                  int64_t max, int64_t *out);
/* A line of the answer, cut at 4,095 octets. */
void office_say(struct office_call *c, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* How far it is, of what, and rows if they are counted (else 0). */
void office_progress(const struct office_call *c, int64_t done, int64_t total,
                     int64_t rows);
/* The process ends: stop at the next piece. */
bool office_is_ending(const struct office_call *c);
/* As host->write(); ERR_STATE with a fault when the process ends. */
MUST_CHECK enum err office_write(struct office_call *c,
                                 enum err (*work)(struct store *s, void *arg), void *arg);
/* The same of what campaigns may send: see struct office_host. */
MUST_CHECK enum err office_write_campaigns(struct office_call *c,
                                           enum err (*work)(struct store *s, void *arg),
                                           void *arg);
/* The same in two parts: see begin_write of struct office_host. */
void office_begin_write(struct office_call *c,
                        enum err (*work)(struct store *s, void *arg), void *arg);
MUST_CHECK enum err office_end_write(struct office_call *c);
/* Where no query is open on the reader and nothing is written: what is due meanwhile. */
void office_meanwhile(const struct office_call *c);

/* ---- figures.c ---- */
#define OFFICE_BACKUP "backup"
#define OFFICE_TAGS   "tags"
/*
 * Shows and keeps what came of a backup, of a refresh of all tags, or of an import (what:
 * its kind), which ends now and took us.
 */
void office_note_last(const struct office_host *host, const char *what, int64_t size,
                      int64_t us);
/* Shows what is kept. */
void office_recall_last(const struct office_host *host);

/* ---- import.c ---- */
/* Goes on with every import that runs no more. */
MUST_CHECK enum err office_import_resume(struct office_call *c);
/*
 * Microseconds that a slice of rows may take: while texts come in, a text waits for one
 * at most, and no longer than for the turn before its own.
 */
enum {
	OFFICE_BUSY_US = 300,
	OFFICE_BUSY_MOST_US = 2000,
	OFFICE_IDLE_US = 20000
};
int64_t office_slice_us(const struct office_host *host);
/* How many rows the next slice has, when rows took us microseconds to store. */
size_t office_import_pace(size_t rows, int64_t us, int64_t slice_us);

#endif
