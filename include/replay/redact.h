/*
 * redact.h - what is personal, replaced by what is made up; the same each time.
 */
#ifndef REPLAY_REDACT_H
#define REPLAY_REDACT_H

#include "base/arena.h"
#include "base/buf.h"

enum {
	REDACT_RUN = 64 /* digits of one run; longer ones are cut into such */
};

struct redact;

/* All that it keeps lies in the arena, but for its tables. */
struct redact *redact_create(struct arena *a);
void redact_destroy(struct redact *r);

/*
 * The made-up number for one of a person, 13800000000 and up; service numbers (up to
 * six digits; 106…, 95…, 100…) stay.  A country code stays in front.
 */
struct str redact_number(struct redact *r, struct str digits);
int64_t redact_msisdn(struct redact *r, int64_t msisdn);

/*
 * A made-up name and a made-up run of digits.  Texts are searched for both from now on,
 * but for names so short that they would be found everywhere.
 */
struct str redact_name(struct redact *r, struct str word);
struct str redact_secret(struct redact *r, struct str digits);

/* The digits that s begins with, also full-width ones; gives the octets they take. */
size_t redact_run(struct str s, char out[static REDACT_RUN], size_t *n);

/*
 * Appends text with everything replaced.  With `secret` every run of four digits and
 * more is taken for one.
 */
void redact_text(struct redact *r, struct str text, bool secret, struct buf *out);

#endif
