/*
 * erase.c - the task "erase": what is known of a number goes, at his request.
 *
 *   {"do":"erase","msisdn":"13800000001"}
 *
 * What the law keeps (charges, orders, consents) stays under a pseudonym: a keyed hash
 * of the number, below 0.  The key is a setting of the store.
 */
#include <inttypes.h>

#include <sodium.h>

#include "base/clock.h"
#include "care_priv.h"
#include "store/sweep.h"

#define KEY_NAME "pseudonym.key"

enum {
	KEY_OCTETS = 32,
	ROWS_LEAST = 100,
	ROWS_MOST = 5000
};

struct erasing {
	struct office_call *c;
	struct store_erasure erasure;
	int64_t rows, us;
};

/* Makes the key at its first use. */
static enum err read_key(struct store *s, uint8_t key[static KEY_OCTETS])
{
	struct arena a = arena_make(4096);
	struct str value;
	enum err e = store_setting(s, KEY_NAME, &a, &value);

	if (e == ERR_NOT_FOUND) {
		randombytes_buf(key, KEY_OCTETS);
		e = store_set_setting(s, KEY_NAME,
		                      (struct str){ (const char *)key, KEY_OCTETS });
	} else if (e == ERR_OK && value.n != KEY_OCTETS) {
		e = ERR_CORRUPT;
	} else if (e == ERR_OK) {
		memcpy(key, value.p, KEY_OCTETS);
	}
	arena_free(&a);
	return e;
}

static enum err find_pseudonym(struct store *s, void *arg)
{
	struct erasing *w = arg;
	uint8_t key[KEY_OCTETS], hash[16];
	char digits[24];
	int64_t v;
	const int n = snprintf(digits, sizeof(digits), "%" PRId64, w->erasure.msisdn);
	const enum err e = read_key(s, key);

	if (e != ERR_OK) {
		office_store_failed(w->c, s);
		return e;
	}
	(void)crypto_generichash(hash, sizeof(hash), (const uint8_t *)digits,
	                         (unsigned long long)n, key, sizeof(key));
	memcpy(&v, hash, sizeof(v));
	w->erasure.pseudonym = v < 0 ? v : -v - 1; /* never 0 */
	sodium_memzero(key, sizeof(key));
	return ERR_OK;
}

static enum err step(struct store *s, void *arg)
{
	struct erasing *w = arg;
	const int64_t from = clock_machine().mono_us;
	const enum err e = store_erase_step(s, &w->erasure, (size_t)w->rows);

	w->us = clock_machine().mono_us - from;
	if (e != ERR_OK)
		office_store_failed(w->c, s);
	return e;
}

static enum err run(struct office_call *c)
{
	struct erasing w = { .c = c, .rows = ROWS_LEAST };
	const struct pace limits = { ROWS_LEAST, ROWS_MOST };
	enum err e = office_msisdn(c, &w.erasure.msisdn);

	if (e == ERR_OK)
		e = office_write(c, find_pseudonym, &w);
	while (e == ERR_OK && !w.erasure.ended) {
		e = office_write(c, step, &w);
		w.rows = office_pace(c, limits, w.rows, w.us);
		office_meanwhile(c);
	}
	if (e != ERR_OK)
		return e;
	LOG(c->host->log, LOG_WARN, "erase.done",
	    "pseudonym=%" PRId64 " dropped=%" PRId64 " kept=%" PRId64,
	    w.erasure.pseudonym, w.erasure.dropped, w.erasure.kept);
	office_say(c,
	           "%" PRId64 ": %" PRId64 " rows are gone, %" PRId64
	           " are kept under the pseudonym %" PRId64,
	           w.erasure.msisdn, w.erasure.dropped, w.erasure.kept,
	           w.erasure.pseudonym);
	return ERR_OK;
}

const struct office_task office_erase = { .name = "erase", .run = run, .is_long = true };
