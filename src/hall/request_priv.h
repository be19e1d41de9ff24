/*
 * request_priv.h - what one number asks another to decide: whoever pays confirms.
 *
 * A request is an order of the asker that waits for BOND_LIFE_S: he sees it and may
 * withdraw it.  A row a number that may decide; the first answer decides for all.
 */
#ifndef HALL_REQUEST_PRIV_H
#define HALL_REQUEST_PRIV_H

#include "hall/service.h"

/* Kinds of orders: what administrators decide for the asker; what is for another number. */
#define REQUEST_APPLIED "group.apply"
#define REQUEST_FOR     "number.act"

enum {
	/* Of numbers that are asked. */
	DECIDES_NEEDS = NEED_REQUESTS,
	/* Of numbers that ask. */
	ASKS_NEEDS = NEED_REQUESTS | NEED_PLACES | NEED_ORDERS
};

/* What the service needs besides because an enterprise may bind its member. */
unsigned request_needs(const struct dossier *who, const struct service *s);

/* Whether what costs so much is an administrator's to decide and not the member's own. */
bool request_due(const struct call *c, int64_t fee_fen);
/* Asks them for the command of the call. */
struct hall_answer request_instead(const struct call *c, int64_t fee_fen);

/* "开通彩铃，5元/月", of a command such as "service.open code=CL" at that instant. */
struct str request_deed(const struct call *c, struct str command, int64_t at);
/* The command, with its code alone; "" when it is none that others may decide on. */
struct str request_command(const struct call *c, const char *intent);

/* Whether its answer may come now. */
bool request_waits(const struct request *r, int64_t now);

/* Asks a bound number for what it would pay itself. */
struct hall_answer request_of_bound(const struct call *c, struct dossier *bound,
                                    struct str command);
/* Asks all administrators of the place. */
struct hall_answer request_of_admins(const struct call *c, const struct place *p,
                                     struct str command);

/* Sends another number a text with c's own one, {number}, and the {deed} of a command. */
void request_tell(const struct call *c, struct dossier *who, enum reply_id id,
                  struct str command, struct reply_values v);

/*
 * It is decided: the answer's own row, those of the others, who are told so, and the
 * asker's order, which came to that order of the number it is for (NULL: to none).
 */
void request_decide(const struct call *c, const struct request *r, struct dossier *asker,
                    enum request_state state, const struct order *done);

/* The asker does not want it any more; whoever was asked is told so, by day. */
void request_withdraw(const struct call *c, const struct order *o);
/* The numbers that have yet to answer the request of which d has that order. */
size_t request_asked(const struct dossier *d, const struct order *o,
                     int64_t out[static HALL_OTHERS]);

/* What such an order says; false: it is an order of another kind. */
struct request_order {
	int64_t number;     /* that it is for; 0: the own */
	struct str command; /* "service.open code=CL" */
	int64_t order;      /* of that number, that it came to; 0: none yet */
	int64_t at;
};
bool request_read(const struct order *o, struct request_order *out);
/* In a list of orders: "申请：开通彩铃，5元/月". */
struct str request_name(const struct call *c, const struct request_order *o);

/* Notes among c's own orders what was done for another number. */
struct order *request_note(const struct call *c, const struct dossier *whom,
                           struct str command, const struct order *done);

/* Its day is over without an answer: what the asker is told. */
struct str request_expired(const struct call *c, struct order *o);

#endif
