/*
 * coding_priv.h - one character in an alphabet.
 */
#ifndef TEXT_CODING_PRIV_H
#define TEXT_CODING_PRIV_H

#include "text/coding.h"

enum {
	CODING_CHAR_MAX = 4 /* octets of one character in any alphabet */
};

/* Writes cp in that alphabet; returns the octets, 0 when it has no such character. */
size_t coding_put(enum coding c, uint32_t cp, uint8_t out[static CODING_CHAR_MAX]);

/* Octets of cp in GSM 7-bit, one septet an octet: 1, 2 with the escape, or 0. */
size_t coding_gsm7_octets(uint32_t cp);

#endif
