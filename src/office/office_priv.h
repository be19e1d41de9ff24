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
};

struct office_task {
	const char *name; /* "import"; the value of "do" */
	enum err (*run)(struct office_call *c);
};

extern const struct office_task office_import, office_backup, office_trace,
	office_evidence, office_retention, office_doctor;

/* A text field; ERR_SYNTAX with a fault when it is missing or no text. */
MUST_CHECK enum err office_text(struct office_call *c, const char *key, struct str *out);
/* An msisdn given as text: digits, with or without +86.  ERR_SYNTAX with a fault. */
MUST_CHECK enum err office_msisdn(struct office_call *c, int64_t *out);
/* A line of the answer. */
void office_say(struct office_call *c, const char *fmt, ...) PRINTF_LIKE(2, 3);
MUST_CHECK enum err office_write(struct office_call *c,
                                 enum err (*work)(struct store *s, void *arg), void *arg);

#endif
