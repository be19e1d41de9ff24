/*
 * pin.c - see turn/pin.h.
 */
#include <inttypes.h>
#include <stdio.h>

#include <sodium.h>

#include "turn/pin.h"

enum {
	PASSES = 2,
	MEMORY = 19 * 1024 * 1024 /* octets */
};

static void derive(uint8_t out[static 32], const uint8_t pepper[static PIN_PEPPER],
                   const char *what)
{
	(void)crypto_generichash(out, 32, (const unsigned char *)what, strlen(what),
	                         pepper, PIN_PEPPER);
}

void pin_conf_make(struct pin_conf *out, const uint8_t pepper[static PIN_PEPPER],
                   bool cheap)
{
	*out = (struct pin_conf){ .ops = cheap ? 1 : PASSES,
		                  .octets = cheap ? crypto_pwhash_MEMLIMIT_MIN : MEMORY };
	derive(out->mac, pepper, "smshall pin");
	derive(out->box, pepper, "smshall parked");
}

void pin_conf_check(const struct pin_conf *c, char out[static 33])
{
	unsigned char hash[16];

	(void)crypto_generichash(hash, sizeof(hash), (const unsigned char *)"check", 5,
	                         c->mac, sizeof(c->mac));
	(void)sodium_bin2hex(out, 33, hash, sizeof(hash));
}

static void keyed(const struct pin_conf *c, int64_t msisdn, const char *pin,
                  char out[static 2 * crypto_auth_BYTES + 1])
{
	unsigned char mac[crypto_auth_BYTES];
	char text[40];
	const int n = snprintf(text, sizeof(text), "%" PRId64 ":%s", msisdn, pin);

	(void)crypto_auth(mac, (const unsigned char *)text, (unsigned long long)n,
	                  c->mac);
	(void)sodium_bin2hex(out, 2 * crypto_auth_BYTES + 1, mac, sizeof(mac));
	sodium_memzero(text, sizeof(text));
}

void pin_work(const struct pin_conf *c, struct pin_job *j)
{
	char mac[2 * crypto_auth_BYTES + 1];

	_Static_assert(crypto_pwhash_STRBYTES <= PIN_HASH_MAX, "a hash fits");
	_Static_assert(sizeof(c->mac) == crypto_auth_KEYBYTES, "key size");
	j->right = false;
	j->hash[0] = '\0';
	if (j->check[0] != '\0') {
		keyed(c, j->msisdn, j->check, mac);
		j->right = crypto_pwhash_str_verify(j->stored, mac, strlen(mac)) == 0;
	}
	if (j->fresh[0] != '\0') {
		keyed(c, j->msisdn, j->fresh, mac);
		j->failed |= crypto_pwhash_str(j->hash, mac, strlen(mac), c->ops,
		                               c->octets) != 0;
	}
	sodium_memzero(mac, sizeof(mac));
	sodium_memzero(j->check, sizeof(j->check));
	sodium_memzero(j->fresh, sizeof(j->fresh));
}

struct span pin_seal(const struct pin_conf *c, struct str plain, struct arena *a)
{
	const size_t head = crypto_secretbox_NONCEBYTES;
	const size_t n = head + crypto_secretbox_MACBYTES + plain.n;
	uint8_t *out = arena_alloc(a, n);

	_Static_assert(sizeof(c->box) == crypto_secretbox_KEYBYTES, "key size");
	randombytes_buf(out, head);
	(void)crypto_secretbox_easy(out + head, (const unsigned char *)plain.p, plain.n,
	                            out, c->box);
	return (struct span){ out, n };
}

enum err pin_open(const struct pin_conf *c, struct span sealed, struct arena *a,
                  struct str *plain)
{
	const size_t head = crypto_secretbox_NONCEBYTES;
	unsigned char *out;

	if (sealed.n < head + crypto_secretbox_MACBYTES)
		return ERR_CORRUPT;
	out = arena_alloc(a, sealed.n);
	if (crypto_secretbox_open_easy(out, sealed.p + head, sealed.n - head, sealed.p,
	                               c->box) != 0)
		return ERR_CORRUPT;
	*plain = (struct str){ (char *)out, sealed.n - head - crypto_secretbox_MACBYTES };
	return ERR_OK;
}
