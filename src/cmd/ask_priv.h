/*
 * ask_priv.h - how a command has a task of the office done (office/office.h): by the
 * process that owns the store, over its socket; when none runs, in this process.
 *
 * Such a command is a table: the words and options of its command line, each with the
 * field of the request that it fills.
 */
#ifndef CMD_ASK_PRIV_H
#define CMD_ASK_PRIV_H

#include <jansson.h>

#include "storage_priv.h"

enum ask_kind {
	ASK_TEXT,
	ASK_PATH, /* made absolute: the owner has another working folder */
	ASK_TIME, /* YYYY-MM-DD, or with HH:MM:SS; UTC s in the request */
	ASK_NUMBER,
	ASK_FLAG,
	ASK_OUTPUT /* a flag, too: the answer goes into this file, once it is whole */
};

enum {
	ASK_WORDS = 3,
	ASK_OPTIONS = 12
};

struct asked;
/* Gives the exit status. */
typedef int (*ask_alone)(const struct asked *a);

struct ask {
	const char *name; /* of the command, in error messages */
	const char *task; /* of the office */
	const char *args_doc, *doc;
	struct ask_word {
		const char *field;
		const char
			*missing; /* what is said when it is not there; NULL: it may be */
		enum ask_kind kind;
	} word[ASK_WORDS];
	struct ask_option {
		const char *name;
		int key;
		const char *arg; /* NULL for a flag */
		const char *help, *field;
		enum ask_kind kind;
	} option[ASK_OPTIONS];
	/* What is said when nobody serves the store; NULL: then this process does it. */
	const char *nobody;
	/* What is said behind a fault that kept it from asking anybody; may be NULL. */
	const char *unasked;
	/* By the words so far: what is done without a store, or NULL.  May be NULL. */
	ask_alone (*alone)(const struct asked *a);
	/* Before the request is sent; may be NULL.  An error ends the command. */
	enum err (*ready)(json_t *request, struct fault *fault);
};

/* What a command line said. */
struct asked {
	struct storage storage;
	const struct ask *ask;
	const char *word[ASK_WORDS], *option[ASK_OPTIONS]; /* NULL: not there */
};

/*
 * Parses the command line, asks, and prints the answer's lines on stdout, with a bar of
 * progress when stderr is a terminal.  Gives the exit status: 0, 1 with the fault on
 * stderr, 2 for wrong usage.
 */
int ask_run(const struct ask *ask, int argc, char **argv);

/* ---- ask_args.c ---- */
/* Ends the process with status 2 for wrong usage. */
void ask_parse(struct asked *a, int argc, char **argv);
/* Fills the request from what was said; ERR_SYNTAX, ERR_NOT_FOUND with a fault. */
MUST_CHECK enum err ask_fill(const struct asked *a, json_t *request, struct fault *fault);
/* A field that is a path, made absolute. */
MUST_CHECK enum err ask_path(json_t *request, const char *field, const char *path,
                             struct fault *fault);

/* ---- tags.c ---- */
/* The acts of "smshall tags" that need no store. */
ask_alone tags_alone(const struct asked *a);

/* ---- asking.c ---- */
/* Field "by", unless it is there: whoever is logged in. */
MUST_CHECK enum err ask_sign(json_t *request, struct fault *fault);

#endif
