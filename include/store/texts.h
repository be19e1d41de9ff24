/*
 * texts.h - what subscribers wrote, the newest first, from a reader.
 */
#ifndef STORE_TEXTS_H
#define STORE_TEXTS_H

#include "store/store.h"

enum {
	STORE_TEXTS_MAX = 100000 /* of one query */
};

struct store_texts {
	int64_t since_ms;    /* in: none before it */
	size_t limit;        /* in: the newest; 1..STORE_TEXTS_MAX */
	bool unmatched_only; /* in: of which no rule took any */
	struct str *text;    /* out, in the arena; secrets are not kept in the store */
	size_t n;
};

/* ERR_BUSY when it took more than the reader's second. */
MUST_CHECK enum err store_texts(struct store_reader *r, struct arena *a,
                                struct store_texts *t, struct fault *fault);

#endif
