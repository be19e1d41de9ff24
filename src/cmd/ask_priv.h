/*
 * ask_priv.h - how a command has a task of the office done (office/office.h): by the
 * process that owns the store, over its socket; when none runs, in this process.
 */
#ifndef CMD_ASK_PRIV_H
#define CMD_ASK_PRIV_H

#include <jansson.h>

#include "storage_priv.h"

struct ask {
	const char *name; /* of the command, in error messages */
	const struct argp *argp;
	/*
	 * Fills the request, {"do": TASK} so far, from the words of the command line.  Paths
	 * go as ask_path() gives them: the owner has another working folder.
	 */
	const char *task;
	enum err (*fill)(const void *args, json_t *request, struct fault *fault);
};

/*
 * Parses the command line into args, whose first member is a struct storage, asks, and
 * prints the answer's lines on stdout, with a bar of progress when stderr is a terminal.
 * Gives the exit status: 0, 1 with the fault on stderr, 2 for wrong usage.
 */
int ask_run(const struct ask *ask, int argc, char **argv, void *args);

/* Puts a path, made absolute, into the request. */
MUST_CHECK enum err ask_path(json_t *request, const char *key, const char *path,
                             struct fault *fault);
/* Puts a text into the request; ERR_SYNTAX when it is no UTF-8. */
MUST_CHECK enum err ask_text(json_t *request, const char *key, const char *text,
                             struct fault *fault);

#endif
