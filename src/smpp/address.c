/*
 * address.c - see smpp/address.h.
 */
#include "smpp/address.h"

enum {
	MSISDN_MIN = 5,
	MSISDN_MAX = 15 /* E.164 */
};

enum err smpp_address_make(uint8_t ton, uint8_t npi, struct span digits,
                           struct smpp_address *out)
{
	if (digits.n > SMPP_ADDRESS_DIGITS)
		return ERR_LENGTH;
	*out = (struct smpp_address){ .ton = ton, .npi = npi, .n = (uint8_t)digits.n };
	if (digits.n > 0)
		memcpy(out->digits, digits.p, digits.n);
	return ERR_OK;
}

bool smpp_address_eq(const struct smpp_address *a, const struct smpp_address *b)
{
	return a->ton == b->ton && a->npi == b->npi &&
	       str_eq(smpp_address_str(a), smpp_address_str(b));
}

static struct str without_prefix(struct str s)
{
	static const struct str prefixes[] = {
		{ "+86", 3 }, { "0086", 4 }, { "86", 2 }, { "+", 1 }
	};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		const size_t n = prefixes[i].n;

		if (str_starts(s, prefixes[i]) && s.n - n >= MSISDN_MIN)
			return (struct str){ s.p + n, s.n - n };
	}
	return s;
}

enum err smpp_msisdn(struct span source_addr, int64_t *out)
{
	const struct str s = without_prefix(
		(struct str){ (const char *)source_addr.p, source_addr.n });
	int64_t n = 0;

	if (s.n < MSISDN_MIN || s.n > MSISDN_MAX)
		return ERR_RANGE;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return ERR_RANGE;
		n = n * 10 + (s.p[i] - '0');
	}
	*out = n;
	return ERR_OK;
}
