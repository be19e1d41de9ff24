/*
 * gate.h - the last gate before a commercial message leaves: one table of reasons, in the
 * order in which they are asked; the first that holds is counted and kept with the target.
 *
 * Asked in the transaction that makes the target SENT, so that what a subscriber said in a
 * committed text is in force.  Service messages (kinds care, survey) pass the marked ones.
 */
#ifndef PUSH_GATE_H
#define PUSH_GATE_H

#include "push/campaign.h"
#include "push/rules.h"

/* X(constant, name, service: of service messages too, later: it is asked again) */
#define GATE_LIST(X)                                                                   \
	X(NONE, "", true, false)                                                       \
	X(GONE, "number gone or another owner", true, false)                           \
	X(BLACKLIST, "blacklist", true, false)                                         \
	X(STATUS, "status", true, false) /* barred, lost, closing, ported */           \
	X(OPTED_OUT, "opted out", false, false)                                        \
	X(NO_CONSENT, "no consent", false, false)                                      \
	X(COMPLAINT, "complaint", false, false)   /* open, or lately */                \
	X(PREFERENCE, "preference", false, false) /* the category is not wanted */     \
	X(OVER, "campaign over", true, false)                                          \
	X(HOURS, "hours", true, true) /* the house's, the campaign's, his, holidays */ \
	X(CAP, "frequency cap", false, false)                                          \
	X(AGAIN, "offered lately", false, false)                                       \
	X(PRIORITY, "another campaign first", false, true)                             \
	X(HELD, "has it already", false, false)                                        \
	X(OFF_SALE, "off sale", false, false)                                          \
	X(STOCK, "stock", false, false)                                                \
	X(BUDGET, "budget", true, false)                                               \
	X(TOO_LONG, "too long", true, false)                                           \
	X(FAILED, "could not be read", true,                                           \
	  false) /* given up by the turn; never asked */                               \
	X(GRANT, "trial not to be had", true,                                          \
	  false) /* had before, held, not for him: found by the turn; never asked */

enum gate_reason {
#define X(constant, name, service, later) GATE_##constant,
	GATE_LIST(X)
#undef X
	GATE_REASONS
};
const char *gate_name(enum gate_reason r); /* NULL past the end */
bool gate_is_later(enum gate_reason r);

struct gate_case {
	const struct campaign *campaign;
	const struct push_rules *rules;
	const struct dossier *who; /* with gate_needs() */
	int64_t owner_since;       /* of the target */
	int64_t now;               /* UTC s */
	bool better; /* a target of a running campaign of higher priority is ready */
	struct str offer;
	bool on_sale;             /* the offer; true where there is none */
	int64_t stock, budget_li; /* left; INT64_MAX: no limit */
	int64_t cost_li;          /* of this message */
	unsigned segments;        /* 0: too long */
};
/* enum need bits: NEED_PREFERENCE, NEED_CONSENTS, NEED_COMPLAINTS, NEED_PUSHES, ... */
unsigned gate_needs(void);
enum gate_reason gate_ask(const struct gate_case *c);

/*
 * Hours and holidays are those of where he lives, by his region (hours.zones of push.conf);
 * where that is not known and there are several, all of them must be open.
 *
 * When what is refused for its hours is to be asked again, UTC s; and the end of the hours
 * in which `now` lies, so that nothing arrives behind it (validity_period).
 */
int64_t gate_opens(const struct gate_case *c);
int64_t gate_closes(const struct gate_case *c);
/* The first of the openings of all zones, for a campaign as a whole. */
int64_t gate_opens_anywhere(const struct gate_case *c);

#endif
