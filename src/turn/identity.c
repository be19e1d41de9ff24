/*
 * identity.c - when two deliveries are the same text, and who is never answered.
 */
#include <sodium.h>

#include "turn_priv.h"

/*
 * 64 bits of keyed SipHash: the fingerprint is only ever compared with the few
 * thousand unsettled texts, and nobody without the key can make two collide.
 */
int64_t identity_fingerprint(struct turn *t, const struct turn_input *in)
{
	struct buf *b = &t->scratch;
	const uint8_t fixed[] = { in->from.ton, in->from.npi, in->data_coding,
		                  in->udh,      in->total,    in->seq };
	unsigned char hash[crypto_shorthash_BYTES];
	int64_t f;

	_Static_assert(sizeof(f) == sizeof(hash), "a fingerprint is one SipHash");
	_Static_assert(sizeof(t->conf.key) == crypto_shorthash_KEYBYTES, "key size");
	buf_reset(b);
	buf_puts(b, in->group);
	buf_putc(b, '\0');
	buf_puts(b, in->from.digits);
	buf_putc(b, '\0');
	buf_puts(b, in->to.digits);
	buf_putc(b, '\0');
	buf_put(b, fixed, sizeof(fixed));
	buf_put_be16(b, in->ref);
	/* Who only claims to be a subscriber, on a link not trusted, is another. */
	buf_put(b, &in->msisdn, sizeof(in->msisdn));
	buf_put(b, in->octets.p, in->octets.n);
	assert(!b->failed);
	crypto_shorthash(hash, (const unsigned char *)b->p, b->n, t->conf.key);
	memcpy(&f, hash, sizeof(f));
	return f != 0 ? f : 1; /* 0 means "none" in turn_at() */
}

bool identity_is_service(const struct turn_input *in)
{
	/* Chinese numbering: 106… are service ports, 95… and 100xx are services. */
	static const struct {
		const char *prefix;
		size_t digits_min, digits_max;
	} services[] = {
		{ "106", 4, 20 },
		{ "95", 5, 8 },
		{ "100", 5, 5 },
		{ "100", 12, 20 }, /* a service number with a suffix */
	};
	enum {
		DIGITS_SHORT = 6 /* of "86xxxx" none is a country code */
	};
	struct str d = in->from.digits;

	if (str_starts(d, STR("+86")))
		d = (struct str){ d.p + 3, d.n - 3 };
	else if (d.n > DIGITS_SHORT && str_starts(d, STR("86")))
		d = (struct str){ d.p + 2, d.n - 2 };
	if (d.n == 0 || str_eq(in->from.digits, in->to.digits))
		return true;
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
		if (d.n >= services[i].digits_min && d.n <= services[i].digits_max &&
		    str_starts(d, str_of(services[i].prefix)))
			return true;
	}
	return false;
}
