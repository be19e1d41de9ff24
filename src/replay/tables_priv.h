/*
 * tables_priv.h - the tables of a story as rows of the store.
 *
 * Columns are those of the imported files, but any may be left out: a story shows
 * only what matters to it.  Quoted fields may hold commas, but no line break.
 */
#ifndef REPLAY_TABLES_PRIV_H
#define REPLAY_TABLES_PRIV_H

#include "replay/story.h"
#include "store/store.h"
#include "turn/pin.h"

/*
 * Stores one table (an item of kind STORY_TABLE) in a transaction
 * of its own; figures are true as of `now` (UTC s), PINs are hashed by `pin`.  The fault
 * names file and line.
 */
MUST_CHECK enum err tables_store(struct store *s, const struct story_item *item,
                                 int64_t now, const struct pin_conf *pin, struct arena *a,
                                 struct fault *fault);

#endif
