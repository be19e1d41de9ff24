/*
 * hall.h - the business hall: one command in, one answer out.
 *
 * Pure: the answer is a function of the rows in the dossier, the command, the
 * catalogue and the time.  A service changes rows only in memory and notes what
 * is to be written in struct changes; the turn records it.
 */
#ifndef HALL_HALL_H
#define HALL_HALL_H

#include "grammar/grammar.h"
#include "hall/replies.h"
#include "model/changes.h"
#include "model/package.h"

struct hall_conf {
	enum language
		default_language; /* for numbers that are no subscriber and texts in no script */
	struct str
		hotline; /* the operator's voice number, shown as the way out; "10086" */
};

struct hall; /* immutable; borrows grammar and replies */

/*
 * Ties the services to the grammar's intents.  An intent without a service is
 * answered "not by SMS yet" and changes nothing.
 */
struct hall *hall_create(const struct hall_conf *conf, const struct grammar *grammar,
                         const struct replies *replies);
void hall_destroy(struct hall *h);

struct hall_question {
	int64_t id;      /* of the text: its inbox row, and the reply's */
	int64_t now;     /* UTC s */
	struct str text; /* as received, for hand-over and evidence */
	const struct grammar_command *command;
	struct dossier *who; /* may be changed through changes.h functions */
	const struct catalogue *catalogue;
	struct changes *changes;
	struct arena *arena;
};

/* enum need bits that hall_answer() will want loaded into q->who; who's own rows are there. */
unsigned hall_needs(const struct hall *h, const struct hall_question *q);

struct hall_answer {
	struct str text; /* UTF-8, in the arena; never empty */
	const char *
		outcome; /* for log and counters: "done", "refused.lost", "unknown", …; static */
};

/* Answers; always gives a text. */
struct hall_answer hall_answer(const struct hall *h, const struct hall_question *q);

/* Texts the turn itself needs, in the language of `who` (may be NULL), or of the text. */
enum hall_notice {
	HALL_TRY_LATER, /* the request was set aside after a failure */
	HALL_TOO_MANY,  /* over the rate limit of one number; said once */
	HALL_RESEND     /* parts of a long message are missing */
};
struct str hall_notice_text(const struct hall *h, enum hall_notice n,
                            const struct dossier *who, struct str text,
                            struct arena *arena);

#endif
