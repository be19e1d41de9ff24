/*
 * use.h - what the hall was used for: its texts and what became of its prompts, walked by a
 * reader in slices.  Texts are there for as long as they are kept (retain.texts_days).
 */
#ifndef STORE_USE_H
#define STORE_USE_H

#include "model/dialogue.h"
#include "store/store.h"

/* A text, all of a number together, in order of their arrival. */
struct use_text {
	int64_t msisdn, at; /* UTC s */
	struct str intent;  /* "": not understood */
	bool aside;         /* it could not be answered */
};
MUST_CHECK enum err store_use_texts(struct store_reader *r, int64_t since,
                                    void (*take)(void *ctx, const struct use_text *t),
                                    void *ctx, struct fault *fault);

/* What became of a prompt of a service, in order of time. */
struct use_step {
	int64_t at;
	enum step_kind kind;
	struct str
		intent; /* of the order, else of the text that was asked about; "": neither */
};
MUST_CHECK enum err store_use_steps(struct store_reader *r, int64_t since,
                                    void (*take)(void *ctx, const struct use_step *s),
                                    void *ctx, struct fault *fault);

#endif
