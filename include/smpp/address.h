/*
 * address.h - an SME address: type of number, numbering plan, digits.
 *
 * SMPP v3.4 sections 5.2.5 to 5.2.9.  A value: it owns its digits.
 */
#ifndef SMPP_ADDRESS_H
#define SMPP_ADDRESS_H

#include <stdbool.h>

#include "base/err.h"
#include "base/span.h"
#include "base/str.h"

enum {
	SMPP_ADDRESS_DIGITS = 20
};

enum smpp_ton {
	SMPP_TON_UNKNOWN = 0,
	SMPP_TON_INTERNATIONAL = 1,
	SMPP_TON_NATIONAL = 2,
	SMPP_TON_NETWORK = 3,
	SMPP_TON_SUBSCRIBER = 4,
	SMPP_TON_ALPHANUMERIC = 5,
	SMPP_TON_ABBREVIATED = 6
};

enum {
	SMPP_NPI_UNKNOWN = 0,
	SMPP_NPI_ISDN = 1
};

struct smpp_address {
	uint8_t ton, npi, n;              /* n: octets of digits */
	char digits[SMPP_ADDRESS_DIGITS]; /* no NUL; may be letters when alphanumeric */
};

/* Copies.  ERR_LENGTH when there are more than 20 octets. */
MUST_CHECK enum err smpp_address_make(uint8_t ton, uint8_t npi, struct span digits,
                                      struct smpp_address *out);

static inline struct str smpp_address_str(const struct smpp_address *a)
{
	return (struct str){ a->digits, a->n };
}

/* Octet for octet, TON and NPI too. */
bool smpp_address_eq(const struct smpp_address *a, const struct smpp_address *b);

/*
 * The subscriber number that a source_addr stands for: its digits without
 * "+86", "0086" or "86" (or the "+" of another country).
 *
 * Returns ERR_OK, or ERR_RANGE when what is left is not a number of 5 to 15
 * digits.
 */
MUST_CHECK enum err smpp_msisdn(struct span source_addr, int64_t *out);

#endif
