/*
 * secrets.h - what is kept about a number's password (PIN, 6 digits): never the PIN.
 */
#ifndef MODEL_SECRETS_H
#define MODEL_SECRETS_H

#include "base/str.h"
#include "model/subscriber.h"

enum {
	PIN_DIGITS = 6,
	PIN_WRONG = 5,          /* in a row lock it */
	PIN_LOCK_S = 24 * 3600, /* for so long */
	PIN_FRESH_S = 10 * 60,  /* after a right one its own number is not asked again */
	PIN_CODE_S = 10 * 60,   /* life of a one-time code */
	PIN_CODES = 5,          /* of them within PIN_CODES_S */
	PIN_CODES_S = 24 * 3600
};

struct changes;
struct dossier;

/* Records d->pin as it is now. */
void changes_pin(struct changes *c, const struct dossier *d);

/* The status from now on; d's likewise. */
void changes_status(struct changes *c, struct dossier *d, enum sub_status status);

/* The language of what it is told from now on, until a list says another; d's likewise. */
void changes_language(struct changes *c, struct dossier *d, enum language language);

/* Whether the PIN takes no guesses now. */
bool pin_locked(const struct pin *p, int64_t now);

/*
 * Whether that is too easy to guess: of one or two digits only, a run (123456, 987654),
 * three digits twice, the end of the number, or a date (yymmdd).  Not 6 digits: true.
 */
bool pin_weak(struct str pin, int64_t msisdn);

#endif
