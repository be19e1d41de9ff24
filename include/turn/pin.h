/*
 * pin.h - what is done with PINs: hashed, and sealed while a text waits for that.
 *
 * A hash is Argon2id of HMAC-SHA-512-256(key, number and PIN); the key is made of the
 * pepper, 32 octets that are not in the store.  Without it neither a hash can be searched
 * through, nor what is sealed be opened.
 */
#ifndef TURN_PIN_H
#define TURN_PIN_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "base/str.h"

enum {
	PIN_PEPPER = 32,   /* octets */
	PIN_HASH_MAX = 128 /* octets of a hash as text, with its NUL */
};

struct pin_conf {
	uint8_t mac[32], box[32]; /* keys */
	unsigned long long ops;   /* passes of Argon2id */
	size_t octets;            /* of memory it takes */
};

/*
 * With the cost of new hashes, 2 passes over 19 MiB; each hash says what it cost itself.
 * cheap: for tests and replay, it takes microseconds instead of 30 ms.
 */
void pin_conf_make(struct pin_conf *out, const uint8_t pepper[static PIN_PEPPER],
                   bool cheap);

/* Tells peppers apart and says nothing of them: 32 hexadecimal digits and a NUL. */
void pin_conf_check(const struct pin_conf *c, char out[static 33]);

/* One text's work. */
struct pin_job {
	int64_t id;     /* of the text */
	int64_t msisdn; /* whose PIN */
	char check[8];  /* to be compared with stored; "": nothing */
	char stored[PIN_HASH_MAX];
	char fresh[8];           /* to be hashed; "": nothing */
	bool right;              /* out */
	bool failed;             /* out: no memory, or it could not be opened */
	char hash[PIN_HASH_MAX]; /* out: of fresh */
};

/* Does it, on any thread, and wipes the PINs. */
void pin_work(const struct pin_conf *c, struct pin_job *job);

struct span pin_seal(const struct pin_conf *c, struct str plain, struct arena *a);
/* ERR_CORRUPT: another key, or damaged. */
MUST_CHECK enum err pin_open(const struct pin_conf *c, struct span sealed,
                             struct arena *a, struct str *plain);

#endif
