/*
 * coding.h - message octets to UTF-8 and back: GSM 7-bit, Latin-1, UCS-2.
 *
 * GSM 03.38 default alphabet with its extension table, one septet an octet (as
 * SMPP carries it); ISO 8859-1; UCS-2 read as UTF-16BE, so that characters
 * outside the BMP survive.
 */
#ifndef TEXT_CODING_H
#define TEXT_CODING_H

#include "base/buf.h"

enum coding {
	CODING_GSM7,
	CODING_LATIN1,
	CODING_UCS2,
	CODING_ASCII,
	CODING_BINARY
};

/*
 * The alphabet that an SMPP data_coding means (3.4 section 5.2.19 and GSM 03.38
 * section 4: 0x00-0x0E, 0x10-0x1F, 0xC0-0xFF with message class and indication
 * groups).  default_alphabet is what 0x00, and the default alphabet of the other
 * groups, means on this link.  What the hall cannot read (JIS, Cyrillic, compressed)
 * is CODING_BINARY; reserved values are the default alphabet.
 */
enum coding coding_of_dcs(uint8_t data_coding, enum coding default_alphabet);

/*
 * Appends the text of octets as UTF-8.  What has no meaning (a lone surrogate, an
 * odd last octet, an unknown escape, octets over 127 in GSM 7-bit) becomes
 * U+FFFD; nothing is refused.  After an unknown escape the septet behind it is
 * read on its own.  A byte order mark FE FF before UCS-2 is dropped.  CODING_BINARY
 * gives no text at all.
 */
void coding_decode(enum coding c, struct span octets, struct buf *utf8);

/* Whether each character of the (valid UTF-8) text exists in that alphabet. */
bool coding_fits(enum coding c, struct str utf8);

/*
 * Appends text in that alphabet.  Returns ERR_OK, ERR_RANGE for a character it
 * has not, ERR_SYNTAX when utf8 is not UTF-8; nothing is appended then.
 */
MUST_CHECK enum err coding_encode(enum coding c, struct str utf8, struct buf *octets);

/* The data_coding that announces this alphabet, in the order of the enum: 0, 3, 8, 1, 4. */
uint8_t coding_dcs(enum coding c);

#endif
