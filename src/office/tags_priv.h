/*
 * tags_priv.h - tags of one number, for the tasks that show them.
 */
#ifndef OFFICE_TAGS_PRIV_H
#define OFFICE_TAGS_PRIV_H

#include "care_priv.h"
#include "store/tags.h"

/*
 * The tags of a number from that level up, each with why, in the call's arena.
 * ERR_NOT_FOUND: it is no subscriber.
 */
MUST_CHECK enum err office_tags_of(struct office_call *c, int64_t msisdn, int64_t now,
                                   enum tag_level least, struct store_event **out,
                                   size_t *n);

/* What is typical of packages, worked out and kept.  ERR_STATE: the process ends. */
MUST_CHECK enum err office_typical(struct office_call *c, int64_t now);

#endif
