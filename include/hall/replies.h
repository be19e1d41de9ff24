/*
 * replies.h - the texts the hall answers with, in three languages.
 *
 * Which texts there are, what each may say and how long it may get is one table,
 * hall/replies.def; the words are grammar/replies.<language>.conf, which an
 * operator may change.  Loading checks every text against the table: known name,
 * known variables, and the segment budget with every variable at its widest.
 */
#ifndef HALL_REPLIES_H
#define HALL_REPLIES_H

#include "base/arena.h"
#include "base/fault.h"
#include "model/subscriber.h"

/* A text of a reply file, with the place it came from for faults. */
struct reply_text {
	struct str name; /* "balance.ok" */
	struct str text;
	int line;
};

/* The whole of one file; borrowed during replies_create() only. */
struct reply_file {
	const char *path;
	enum language language;
	const struct reply_text *text;
	size_t n;
};

enum reply_id {
#define REPLY(id, name, segments, variables, help) REPLY_##id,
#include "hall/replies.def"
#undef REPLY
	REPLY_COUNT
};

struct replies; /* immutable; any number of threads may use it */

/*
 * Compiles the files, one for each language.  On error the fault names file,
 * line and remedy: a text missing, unknown, given twice, with an unknown
 * variable, or longer than its budget (and by how much).
 */
MUST_CHECK enum err replies_create(const struct reply_file file[LANG_COUNT],
                                   struct replies **out, struct fault *fault);
void replies_destroy(struct replies *r);

/* -- filling (the hall's services do it through service.h) ---------------------------- */

/* One member a variable; p == NULL means that there is no such value. */
struct reply_values {
#define VARIABLE(name, kind, zh, en, help) struct str name;
#include "hall/variables.def"
#undef VARIABLE
};

/*
 * The text, in the arena.  Names are cut to the width their budget counts with;
 * values are never read as templates.
 */
struct str reply_render(const struct replies *r, enum language l, enum reply_id id,
                        const struct reply_values *v, struct arena *a);

/* Whether the text keeps the reply's segment budget. */
bool reply_fits(enum reply_id id, struct str text);

/* The n items with the language's separator between. */
struct str reply_join(const struct replies *r, enum language l, const struct str *item,
                      size_t n, struct arena *a);

#endif
