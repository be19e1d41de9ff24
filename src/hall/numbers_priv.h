/*
 * numbers_priv.h - what the services of several numbers share.
 */
#ifndef HALL_NUMBERS_PRIV_H
#define HALL_NUMBERS_PRIV_H

#include "hall/service.h"

/* The number that the command names, or 0. */
int64_t numbers_named(const struct grammar_command *command);
size_t numbers_others(const struct hall_question *q,
                      const struct grammar_command *command,
                      int64_t out[static HALL_OTHERS]);
/* The number of a prompt or request that the command repeats, or 0. */
unsigned numbers_nonce(const struct grammar_command *command);
struct str numbers_text(const struct call *c, int64_t msisdn);
struct str numbers_masked(const struct call *c, int64_t msisdn);
/* "王经理13700000001", or none. */
struct str numbers_manager(const struct call *c, const struct group_head *h);

/*
 * Why nothing is told or done of that number (other: its dossier, or NULL): the level of an
 * enterprise of both; else, whether it exists or not, in the same words.
 */
struct hall_answer numbers_refuse(const struct call *c, int64_t msisdn,
                                  const struct dossier *other);

/* A call as if it came of that number, in its language. */
struct call numbers_as(const struct call *c, struct hall_question *q,
                       struct dossier *who);

/* Whether it is day in the hall: by night nobody asks another number anything. */
bool numbers_by_day(int64_t now);
/* Says to that number what another has done or asks: when it is day where it lives. */
void numbers_tell(const struct call *c, const struct dossier *who, struct str text);

#endif
