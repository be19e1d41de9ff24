/*
 * push_priv.h - what campaigns have sent to a number, and what it answers.
 *
 * "1" (or yes, or a word like it) to what a campaign sent is that offer's command, run as if
 * it had been texted: so all that an order asks for is asked.  In .needs: NEED_PUSHES.
 */
#ifndef HALL_PUSH_PRIV_H
#define HALL_PUSH_PRIV_H

#include "hall/service.h"
#include "push/campaign.h"

/*
 * What a bare yes or no is about, by what is open in the dialogue; NULL: no campaign's
 * message.  Of several the newest that still holds, else the newest.
 */
const struct push *push_meant(const struct hall_question *q);
/* The same of messages for tests: one that is newer than any that is none. */
const struct push *push_tested(const struct hall_question *q);
/* Whether "1" is that offer still. */
bool push_holds(const struct push *p, int64_t now);

/* sell.c: what an add-on would have saved, in words; "": it cannot be said. */
struct str sell_why(const struct call *c, const struct package *p, bool *saves);

/* Notes the first answer to it. */
void push_replied(const struct call *c, const struct push *p);
/* What has changed since it was sent, to be said in front of the prompt; "": nothing. */
struct str push_changed(const struct call *c, const struct push *p);
/* Its time is over: what holds today. */
struct hall_answer push_over(const struct call *c, const struct push *p);
/* A number that is none of its answers, or an answer to what was not sent to him. */
struct hall_answer push_hint(const struct call *c);
/* An answer to a message for tests. */
struct hall_answer push_test(const struct call *c);
/* Not wanted: noted, so that it is not offered again. */
struct hall_answer push_declined(const struct call *c, const struct push *p);

#endif
