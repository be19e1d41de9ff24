/*
 * compose.h - the texts of a campaign: compiled once with all that law and house ask for,
 * rendered for each target.
 *
 * A commercial text gets its way out and signature from the rules (push.conf), at its end;
 * it names prices by {price} or {fee}, never by digits before 元 or "yuan" of its own,
 * promises nothing superlative, and stays within the campaign's segments for every target.
 */
#ifndef PUSH_COMPOSE_H
#define PUSH_COMPOSE_H

#include "base/buf.h"
#include "push/campaign.h"
#include "push/rules.h"

/*
 * X(NAME, name, longest octets): variables of a text; one that has no value leaves out its
 * [part]
 */
#define PUSH_VARIABLE_LIST(X)                                                \
	X(NAME, "name", 60)       /* of the offer, in the text's language */ \
	X(FEE, "fee", 12)         /* yuan a month, or once */                \
	X(SAVING, "saving", 12)   /* yuan a month, from his own bills */     \
	X(REASON, "reason", 240)  /* the sentence from his own bills */      \
	X(VOLUME, "volume", 24)   /* what it holds: "10GB" */                \
	X(UNTIL, "until", 24)     /* the last day of the offer */            \
	X(DAYS, "days", 6)        /* of a trial */                           \
	X(REPLY, "reply", 6)      /* what to answer: "1" */                  \
	X(PACKAGE, "package", 60) /* that he has */

enum push_variable {
#define X(constant, name, most) PUSH_VAR_##constant,
	PUSH_VARIABLE_LIST(X)
#undef X
	PUSH_VARIABLES
};

struct composed; /* all arms in all languages; immutable */

/* ERR_SYNTAX, ERR_RANGE with a fault: arm, language, position, what to do. */
MUST_CHECK enum err compose_make(const struct campaign *c, const struct push_rules *r,
                                 struct composed **out, struct fault *fault);
void compose_free(struct composed *c); /* NULL is fine */

/* That in which an arm's text is rendered for it: zh_hans where the arm has none in it. */
enum language compose_language(const struct composed *c, unsigned arm, enum language l);

/*
 * Appends the text in that language (compose_language); values[]: of
 * enum push_variable, p NULL: none.  Gives its segments, 0: more than the campaign allows.
 */
unsigned compose_render(const struct composed *c, unsigned arm, enum language language,
                        const struct str values[PUSH_VARIABLES], struct buf *out);

/* The values that are known of the offered package: NAME, FEE, VOLUME; in a. */
void compose_values(const struct package *p, enum language language, struct arena *a,
                    struct str values[PUSH_VARIABLES]);

/* All of them for a target that has that package, sent to now (UTC s); in a. */
void compose_target(const struct campaign *c, const struct target_row *t,
                    struct str package, enum language language,
                    const struct catalogue *packages, int64_t now, struct arena *a,
                    struct str values[PUSH_VARIABLES]);
/* Until when "1" is the offer of a message of then: the last second of that local day. */
int64_t compose_until(const struct campaign *c, int64_t now);

#endif
