/*
 * coding.c - see text/coding.h.
 *
 * The GSM alphabet is that of 3GPP 23.038 section 6.2.1, without national tables.
 */
#include <stdlib.h>

#include "coding_priv.h"
#include "text/utf8.h"

enum {
	ESC = 0x1b,
	REPLACEMENT = 0xfffd,
	BOM = 0xfeff
};

/* -- the GSM alphabet -------------------------------------------------------------- */

static const uint16_t gsm7[128] = {
	'@',    0xa3,  '$',    0xa5,   0xe8,   0xe9,   0xf9,   0xec, /* @£$¥èéùì */
	0xf2,   0xc7,  '\n',   0xd8,   0xf8,   '\r',   0xc5,   0xe5, /* òÇ.Øø.Åå */
	0x0394, '_',   0x03a6, 0x0393, 0x039b, 0x03a9, 0x03a0, 0x03a8, /* Δ_ΦΓΛΩΠΨ */
	0x03a3, 0x398, 0x039e, 0,      0xc6,   0xe6,   0xdf,   0xc9, /* ΣΘΞ.ÆæßÉ */
	' ',    '!',   '"',    '#',    0xa4,   '%',    '&',    '\'', /* ¤ */
	'(',    ')',   '*',    '+',    ',',    '-',    '.',    '/',  /**/
	'0',    '1',   '2',    '3',    '4',    '5',    '6',    '7',  /**/
	'8',    '9',   ':',    ';',    '<',    '=',    '>',    '?',  /**/
	0xa1,   'A',   'B',    'C',    'D',    'E',    'F',    'G',  /* ¡ */
	'H',    'I',   'J',    'K',    'L',    'M',    'N',    'O',  /**/
	'P',    'Q',   'R',    'S',    'T',    'U',    'V',    'W',  /**/
	'X',    'Y',   'Z',    0xc4,   0xd6,   0xd1,   0xdc,   0xa7, /* ÄÖÑÜ§ */
	0xbf,   'a',   'b',    'c',    'd',    'e',    'f',    'g',  /* ¿ */
	'h',    'i',   'j',    'k',    'l',    'm',    'n',    'o',  /**/
	'p',    'q',   'r',    's',    't',    'u',    'v',    'w',  /**/
	'x',    'y',   'z',    0xe4,   0xf6,   0xf1,   0xfc,   0xe0, /* äöñüà */
};

/* Characters whose septet is not their own ASCII code, by code point. */
static const struct gsm7_code {
	uint16_t cp;
	uint8_t septet;
	bool escaped; /* in the extension table */
} gsm7_codes[] = {
	{ '\f', 0x0a, true },    { '$', 0x02, false },    { '@', 0x00, false },
	{ '[', 0x3c, true },     { '\\', 0x2f, true },    { ']', 0x3e, true },
	{ '^', 0x14, true },     { '_', 0x11, false },    { '{', 0x28, true },
	{ '|', 0x40, true },     { '}', 0x29, true },     { '~', 0x3d, true },
	{ 0xa1, 0x40, false },   { 0xa3, 0x01, false },   { 0xa4, 0x24, false },
	{ 0xa5, 0x03, false },   { 0xa7, 0x5f, false },   { 0xbf, 0x60, false },
	{ 0xc4, 0x5b, false },   { 0xc5, 0x0e, false },   { 0xc6, 0x1c, false },
	{ 0xc7, 0x09, false },   { 0xc9, 0x1f, false },   { 0xd1, 0x5d, false },
	{ 0xd6, 0x5c, false },   { 0xd8, 0x0b, false },   { 0xdc, 0x5e, false },
	{ 0xdf, 0x1e, false },   { 0xe0, 0x7f, false },   { 0xe4, 0x7b, false },
	{ 0xe5, 0x0f, false },   { 0xe6, 0x1d, false },   { 0xe8, 0x04, false },
	{ 0xe9, 0x05, false },   { 0xec, 0x07, false },   { 0xf1, 0x7d, false },
	{ 0xf2, 0x08, false },   { 0xf6, 0x7c, false },   { 0xf8, 0x0c, false },
	{ 0xf9, 0x06, false },   { 0xfc, 0x7e, false },   { 0x0393, 0x13, false },
	{ 0x0394, 0x10, false }, { 0x0398, 0x19, false }, { 0x039b, 0x14, false },
	{ 0x039e, 0x1a, false }, { 0x03a0, 0x16, false }, { 0x03a3, 0x18, false },
	{ 0x03a6, 0x12, false }, { 0x03a8, 0x17, false }, { 0x03a9, 0x15, false },
	{ 0x20ac, 0x65, true },
};
#define GSM7_CODES (sizeof(gsm7_codes) / sizeof(gsm7_codes[0]))

static bool gsm7_is_ascii(uint32_t cp)
{
	return cp < 128 && cp != 0 && gsm7[cp] == cp;
}

static int by_cp(const void *key, const void *code)
{
	const uint32_t cp = *(const uint32_t *)key;
	const uint32_t at = ((const struct gsm7_code *)code)->cp;

	return (cp > at) - (cp < at);
}

static const struct gsm7_code *gsm7_find(uint32_t cp)
{
	return bsearch(&cp, gsm7_codes, GSM7_CODES, sizeof(gsm7_codes[0]), by_cp);
}

static uint32_t gsm7_extended(uint8_t septet)
{
	for (size_t i = 0; i < GSM7_CODES; i++) {
		if (gsm7_codes[i].escaped && gsm7_codes[i].septet == septet)
			return gsm7_codes[i].cp;
	}
	return REPLACEMENT;
}

size_t coding_gsm7_octets(uint32_t cp)
{
	const struct gsm7_code *code;

	if (gsm7_is_ascii(cp))
		return 1;
	code = cp <= 0x20ac ? gsm7_find(cp) : NULL;
	if (code == NULL)
		return 0;
	return code->escaped ? 2 : 1;
}

/* -- decoding ---------------------------------------------------------------------- */

/* Each reads one character of s, n > 0 octets, and returns how many it took. */
typedef size_t read_fn(struct span s, uint32_t *cp);

/* An escape without meaning is a character of its own; what follows is kept. */
static size_t read_gsm7(struct span s, uint32_t *cp)
{
	if (s.p[0] == ESC) {
		*cp = s.n > 1 ? gsm7_extended(s.p[1]) : REPLACEMENT;
		return *cp == REPLACEMENT ? 1 : 2;
	}
	*cp = s.p[0] < 128 ? gsm7[s.p[0]] : REPLACEMENT;
	return 1;
}

static size_t read_latin1(struct span s, uint32_t *cp)
{
	*cp = s.p[0];
	return 1;
}

static size_t read_ascii(struct span s, uint32_t *cp)
{
	*cp = s.p[0] < 128 ? s.p[0] : REPLACEMENT;
	return 1;
}

static size_t read_ucs2(struct span s, uint32_t *cp)
{
	uint32_t high, low;

	*cp = REPLACEMENT;
	if (s.n < 2)
		return 1;
	high = be16(s.p);
	if (high < 0xd800 || high > 0xdfff) {
		*cp = high;
		return 2;
	}
	low = s.n >= 4 ? be16(s.p + 2) : 0;
	if (high > 0xdbff || low < 0xdc00 || low > 0xdfff)
		return 2;
	*cp = 0x10000 + ((high & 0x3ff) << 10 | (low & 0x3ff));
	return 4;
}

static read_fn *const readers[] = {
	[CODING_GSM7] = read_gsm7, [CODING_LATIN1] = read_latin1,
	[CODING_UCS2] = read_ucs2, [CODING_ASCII] = read_ascii,
	[CODING_BINARY] = NULL,
};

void coding_decode(enum coding c, struct span octets, struct buf *utf8)
{
	read_fn *const read = readers[c];
	char out[4];
	uint32_t cp;

	if (read == NULL)
		return;
	if (c == CODING_UCS2 && octets.n >= 2 && be16(octets.p) == BOM)
		octets = span_skip(octets, 2);
	while (octets.n > 0) {
		octets = span_skip(octets, read(octets, &cp));
		buf_put(utf8, out, utf8_put(out, cp));
	}
}

/* -- encoding ---------------------------------------------------------------------- */

static size_t put_octet(uint32_t cp, uint32_t limit, uint8_t *out)
{
	out[0] = (uint8_t)cp;
	return cp < limit ? 1 : 0;
}

static size_t put_gsm7(uint32_t cp, uint8_t *out)
{
	const struct gsm7_code *code;

	if (gsm7_is_ascii(cp))
		return put_octet(cp, 128, out);
	code = gsm7_find(cp);
	if (code == NULL)
		return 0;
	if (!code->escaped)
		return put_octet(code->septet, 128, out);
	out[0] = ESC;
	out[1] = code->septet;
	return 2;
}

static size_t put_unit(uint32_t unit, uint8_t *out)
{
	out[0] = (uint8_t)(unit >> 8);
	out[1] = (uint8_t)unit;
	return 2;
}

static size_t put_ucs2(uint32_t cp, uint8_t *out)
{
	if (cp < 0x10000)
		return put_unit(cp, out);
	cp -= 0x10000;
	return put_unit(0xd800 | cp >> 10, out) +
	       put_unit(0xdc00 | (cp & 0x3ff), out + 2);
}

size_t coding_put(enum coding c, uint32_t cp, uint8_t out[static CODING_CHAR_MAX])
{
	switch (c) {
	case CODING_GSM7:
		return put_gsm7(cp, out);
	case CODING_LATIN1:
		return put_octet(cp, 256, out);
	case CODING_UCS2:
		return put_ucs2(cp, out);
	case CODING_ASCII:
		return put_octet(cp, 128, out);
	case CODING_BINARY:
		break;
	}
	return 0;
}

bool coding_fits(enum coding c, struct str utf8)
{
	uint8_t out[CODING_CHAR_MAX];
	uint32_t cp;

	for (size_t i = 0; i < utf8.n;) {
		i += utf8_next(utf8.p + i, utf8.n - i, &cp);
		if (cp == UTF8_BAD || coding_put(c, cp, out) == 0)
			return false;
	}
	return true;
}

enum err coding_encode(enum coding c, struct str utf8, struct buf *octets)
{
	const size_t start = octets->n;
	uint8_t out[CODING_CHAR_MAX];
	uint32_t cp;
	size_t n;

	for (size_t i = 0; i < utf8.n;) {
		i += utf8_next(utf8.p + i, utf8.n - i, &cp);
		n = cp != UTF8_BAD ? coding_put(c, cp, out) : 0;
		if (n == 0) {
			octets->n = start;
			return cp == UTF8_BAD ? ERR_SYNTAX : ERR_RANGE;
		}
		buf_put(octets, out, n);
	}
	return ERR_OK;
}

/* -- data_coding ------------------------------------------------------------------- */

/* 0x00 to 0x0F; GSM 7-bit stands for whatever the link's default is. */
static const enum coding coding_low[16] = {
	[0x1] = CODING_ASCII,  [0x2] = CODING_BINARY, [0x3] = CODING_LATIN1,
	[0x4] = CODING_BINARY, [0x5] = CODING_BINARY, /* JIS */
	[0x6] = CODING_BINARY,                        /* ISO 8859-5 */
	[0x7] = CODING_BINARY,                        /* ISO 8859-8 */
	[0x8] = CODING_UCS2,   [0x9] = CODING_BINARY, /* pictograms */
	[0xa] = CODING_BINARY,                        /* ISO 2022-JP */
	[0xd] = CODING_BINARY,                        /* JIS X 0212 */
	[0xe] = CODING_BINARY,                        /* KS C 5601 */
};

/* Bits 3 and 2 of a general group with message class. */
static const enum coding coding_general[4] = { CODING_GSM7, CODING_BINARY, CODING_UCS2,
	                                       CODING_GSM7 };

static enum coding of_dcs(uint8_t dcs)
{
	switch (dcs >> 4) {
	case 0x0:
		return coding_low[dcs];
	case 0x1:
		return coding_general[dcs >> 2 & 3];
	case 0x2:
	case 0x3: /* compressed */
		return CODING_BINARY;
	case 0xe:
		return CODING_UCS2;
	case 0xf:
		return (dcs & 4) != 0 ? CODING_BINARY : CODING_GSM7;
	default: /* message waiting; and reserved groups, to be read as GSM 7-bit */
		return CODING_GSM7;
	}
}

enum coding coding_of_dcs(uint8_t data_coding, enum coding default_alphabet)
{
	const enum coding c = of_dcs(data_coding);

	return c == CODING_GSM7 ? default_alphabet : c;
}

uint8_t coding_dcs(enum coding c)
{
	static const uint8_t dcs[] = { [CODING_GSM7] = 0x00,
		                       [CODING_LATIN1] = 0x03,
		                       [CODING_UCS2] = 0x08,
		                       [CODING_ASCII] = 0x01,
		                       [CODING_BINARY] = 0x04 };

	return dcs[c];
}
