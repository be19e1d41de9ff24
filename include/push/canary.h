/*
 * canary.h - a campaign starts small: 100, then 1 %, then all; what stops it meanwhile.
 *
 * Rules are one-sided: stopped when the lower 95 % Wilson bound of what went wrong is
 * above its limit, and it went wrong three times at least.
 */
#ifndef PUSH_CANARY_H
#define PUSH_CANARY_H

#include "base/buf.h"
#include "push/rules.h"

/* The second step: so many of all targets. */
int64_t canary_share(const struct push_rules *r, int64_t targets);

struct canary_counts {
	int64_t targets;                       /* to be sent in all */
	int64_t allowed, sent;                 /* so far */
	int64_t failed, opted_out, complained; /* of those sent */
	int64_t ordered, errors; /* orders by reply that stand, and that failed */
	/* UTC s of the last message sent, or of when `allowed` was set, the later one. */
	int64_t step_at;
};
enum canary_verdict {
	CANARY_GO,   /* *allowed may be sent; INT64_MAX: all */
	CANARY_WAIT, /* the step's outcome is waited for; *allowed as it was */
	CANARY_STOP  /* why names the rule with its figures */
};
enum canary_verdict canary_look(const struct push_rules *r, const struct canary_counts *n,
                                int64_t now, int64_t *allowed, struct buf *why);

/* X(constant, name): what may go wrong */
#define CANARY_HARM_LIST(X)         \
	X(OPTED_OUT, "opted out")   \
	X(COMPLAINED, "complained") \
	X(FAILED, "failed")         \
	X(ERRORS, "failed orders")

enum canary_harm {
#define X(constant, name) CANARY_##constant,
	CANARY_HARM_LIST(X)
#undef X
	CANARY_HARMS
};
/* What canary_look() has said in why: hits of n; limit: per cent.  False: none of its words. */
struct canary_why {
	enum canary_harm harm;
	int64_t hits, n;
	struct str limit;
};
bool canary_read(struct str why, struct canary_why *out);

/*
 * A line of out for each of these shares that is above three quarters of its limit, stopped
 * or not, with what its lower bound is; fewer than three hits say nothing.
 */
void canary_near(const struct push_rules *r, const struct canary_counts *n,
                 struct buf *out);

#endif
