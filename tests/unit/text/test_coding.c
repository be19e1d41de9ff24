/*
 * test_coding.c - message octets to UTF-8 and back.
 */
#include <stdlib.h>

#include "support/suite.h"
#include "text/coding.h"
#include "text/utf8.h"

/* -- data_coding -------------------------------------------------------------------- */

static const struct {
	uint8_t first, last;
	enum coding coding; /* with GSM 7-bit as the link's default */
} dcs[] = {
	{ 0x00, 0x00, CODING_GSM7 },   { 0x01, 0x01, CODING_ASCII },
	{ 0x02, 0x02, CODING_BINARY }, { 0x03, 0x03, CODING_LATIN1 },
	{ 0x04, 0x07, CODING_BINARY }, { 0x08, 0x08, CODING_UCS2 },
	{ 0x09, 0x0a, CODING_BINARY }, { 0x0b, 0x0c, CODING_GSM7 },
	{ 0x0d, 0x0e, CODING_BINARY }, { 0x0f, 0x0f, CODING_GSM7 },
	{ 0x10, 0x13, CODING_GSM7 },   { 0x14, 0x17, CODING_BINARY },
	{ 0x18, 0x1b, CODING_UCS2 },   { 0x1c, 0x1f, CODING_GSM7 },
	{ 0x20, 0x3f, CODING_BINARY }, { 0x40, 0xbf, CODING_GSM7 },
	{ 0xc0, 0xdf, CODING_GSM7 },   { 0xe0, 0xef, CODING_UCS2 },
	{ 0xf0, 0xf3, CODING_GSM7 },   { 0xf4, 0xf7, CODING_BINARY },
	{ 0xf8, 0xfb, CODING_GSM7 },   { 0xfc, 0xff, CODING_BINARY },
};

START_TEST(every_data_coding_has_an_alphabet)
{
	for (unsigned d = dcs[_i].first; d <= dcs[_i].last; d++) {
		const enum coding want = dcs[_i].coding;

		ck_assert_int_eq(coding_of_dcs((uint8_t)d, CODING_GSM7), want);
		ck_assert_int_eq(coding_of_dcs((uint8_t)d, CODING_LATIN1),
		                 want == CODING_GSM7 ? CODING_LATIN1 : want);
	}
}
END_TEST

START_TEST(an_alphabet_announces_itself)
{
	static const uint8_t want[] = { 0x00, 0x03, 0x08, 0x01, 0x04 };

	for (unsigned c = CODING_GSM7; c <= CODING_BINARY; c++) {
		ck_assert_uint_eq(coding_dcs((enum coding)c), want[c]);
		ck_assert_int_eq(coding_of_dcs(want[c], CODING_GSM7), c);
	}
}
END_TEST

/* -- decoding ----------------------------------------------------------------------- */

#define OCTETS(literal)                                         \
	{                                                       \
		(const uint8_t *)(literal), sizeof(literal) - 1 \
	}
#define BAD "\xef\xbf\xbd"

static const struct {
	enum coding coding;
	struct span octets;
	const char *text;
} decoded[] = {
	{ CODING_GSM7, OCTETS("CXYE"), "CXYE" },
	{ CODING_GSM7, OCTETS("\x00\x02\x11\x09\x20\x5f"), "@$_Ç §" },
	{ CODING_GSM7, OCTETS("\x1b\x3c\x1b\x65\x1b\x3e\x1b\x0a"), "[€]\f" },
	{ CODING_GSM7, OCTETS("1\x1b"), "1" BAD },
	{ CODING_GSM7,
	  OCTETS("\x1b"
	         "A"),
	  BAD "A" },
	{ CODING_GSM7, OCTETS("\x1b\x1b\x28"), BAD "{" },
	{ CODING_GSM7,
	  OCTETS("\x1b\x80"
	         "B\xff"),
	  BAD BAD "B" BAD },
	{ CODING_ASCII, OCTETS("a@\x80"), "a@" BAD },
	{ CODING_LATIN1, OCTETS("caf\xe9 \xa3"), "café £" },
	{ CODING_UCS2, OCTETS("\x4f\x59\x98\x9d\x00\x31"), "余额1" },
	{ CODING_UCS2, OCTETS("\xd8\x3d\xde\x00"), "😀" },
	{ CODING_UCS2, OCTETS("\xfe\xff\x4f\x59\xfe\xff"), "余\ufeff" },
	{ CODING_UCS2, OCTETS("\x4f\x59\x98"), "余" BAD },
	{ CODING_UCS2, OCTETS("\xd8\x3d"), BAD },
	{ CODING_UCS2, OCTETS("\xd8\x3d\x4f\x59"), BAD "余" },
	{ CODING_UCS2, OCTETS("\xde\x00\xd8\x3d"), BAD BAD },
	{ CODING_UCS2, OCTETS("\xd8\x3d\xd8\x3d\xde\x00"), BAD "😀" },
	{ CODING_UCS2, OCTETS("\xde\x00\xde\x01"), BAD BAD },
	{ CODING_UCS2, OCTETS("\xd8\x3d\xde"), BAD BAD },
	{ CODING_BINARY, OCTETS("CXYE"), "" },
	{ CODING_GSM7, { NULL, 0 }, "" },
};

START_TEST(octets_are_read)
{
	struct buf out = buf_make(64);

	buf_puts(&out, STR(">"));
	coding_decode(decoded[_i].coding, decoded[_i].octets, &out);
	ck_assert_str_eq(buf_cstr(&out) + 1, decoded[_i].text);
	buf_free(&out);
}
END_TEST

static bool is_utf8(struct str s)
{
	uint32_t cp = 0;

	for (size_t i = 0; i < s.n && cp != UTF8_BAD;)
		i += utf8_next(s.p + i, s.n - i, &cp);
	return cp != UTF8_BAD;
}

static bool gives_text(enum coding c, const uint8_t *p, size_t n, struct buf *out)
{
	buf_reset(out);
	coding_decode(c, (struct span){ p, n }, out);
	return !out->failed && is_utf8(buf_str(out));
}

/* Each unit alone and before, behind and between the halves of a pair. */
START_TEST(every_ucs2_unit_gives_text)
{
	struct buf out = buf_make(64);

	for (unsigned unit = 0; unit <= 0xffff; unit++) {
		const uint8_t u[] = { 0xd8,          0x3d, (uint8_t)(unit >> 8),
			              (uint8_t)unit, 0xde, 0 };

		for (size_t from = 0; from < sizeof(u); from += 2) {
			for (size_t n = 0; n <= sizeof(u) - from; n++) {
				if (!gives_text(CODING_UCS2, u + from, n, &out))
					ck_abort_msg("%04X: %zu+%zu", unit, from, n);
			}
		}
	}
	buf_free(&out);
}
END_TEST

START_TEST(every_octet_pair_gives_text)
{
	struct buf out = buf_make(64);

	for (unsigned pair = 0; pair <= 0xffff; pair++) {
		const uint8_t u[] = { (uint8_t)(pair >> 8), (uint8_t)pair };

		for (unsigned c = CODING_GSM7; c <= CODING_BINARY; c++) {
			if (!gives_text((enum coding)c, u, 2, &out))
				ck_abort_msg("%04X as %u", pair, c);
		}
	}
	buf_free(&out);
}
END_TEST

/* -- encoding ----------------------------------------------------------------------- */

/* 3GPP 23.038 section 6.2.1 in the order of its table, and the extension table. */
static const char gsm7_text[] =
	"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
	"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
static const char gsm7_more[] = "\f^{}\\[~]|€";
static const uint8_t gsm7_more_octets[] = "\x1b\x0a\x1b\x14\x1b\x28\x1b\x29\x1b\x2f"
					  "\x1b\x3c\x1b\x3d\x1b\x3e\x1b\x40\x1b\x65";

START_TEST(the_gsm_alphabet_is_that_of_the_standard)
{
	struct buf out = buf_make(256);

	ck_assert_int_eq(coding_encode(CODING_GSM7, str_of(gsm7_text), &out), ERR_OK);
	ck_assert_uint_eq(out.n, 127);
	for (size_t i = 0; i < 127; i++)
		ck_assert_uint_eq((uint8_t)out.p[i],
		                  i < 27 ? i : i + 1); /* 27 is the escape */
	buf_reset(&out);
	ck_assert_int_eq(coding_encode(CODING_GSM7, str_of(gsm7_more), &out), ERR_OK);
	ck_assert_uint_eq(out.n, sizeof(gsm7_more_octets) - 1);
	ck_assert_mem_eq(out.p, gsm7_more_octets, out.n);
	buf_free(&out);
}
END_TEST

static const uint32_t counts[] = { [CODING_GSM7] = 137,
	                           [CODING_LATIN1] = 256,
	                           [CODING_UCS2] = 0x110000 - 0x800,
	                           [CODING_ASCII] = 128,
	                           [CODING_BINARY] = 0 };

/* Encodes and decodes cp; *fits is coding_fits(), and what happens must agree. */
static bool comes_back(enum coding c, uint32_t cp, bool *fits)
{
	char p[4], octets_p[8], back_p[8];
	struct buf octets = { octets_p, 0, 8, 4, false },
		   back = { back_p, 0, 8, 4, false };
	const struct str s = { p, utf8_put(p, cp) };
	const enum err e = coding_encode(c, s, &octets);

	*fits = coding_fits(c, s);
	if (!*fits)
		return e == (cp >= 0xd800 && cp <= 0xdfff ? ERR_SYNTAX : ERR_RANGE) &&
		       octets.n == 0;
	coding_decode(c, buf_span(&octets), &back);
	/* A byte order mark is no text where a text begins. */
	return e == ERR_OK &&
	       (str_eq(buf_str(&back), s) || (c == CODING_UCS2 && cp == 0xfeff));
}

START_TEST(what_fits_comes_back)
{
	const enum coding c = (enum coding)_i;
	uint32_t n = 0;
	bool fits;

	for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
		if (!comes_back(c, cp, &fits))
			ck_abort_msg("U+%04X", cp);
		n += fits;
	}
	ck_assert_uint_eq(n, counts[c]);
}
END_TEST

START_TEST(a_refused_text_leaves_nothing)
{
	struct buf out = buf_make(16);

	buf_puts(&out, STR(">"));
	ck_assert_int_eq(coding_encode(CODING_GSM7, STR("ab单"), &out), ERR_RANGE);
	ck_assert_int_eq(coding_encode(CODING_UCS2, STR("ab\xff"), &out), ERR_SYNTAX);
	ck_assert_int_eq(coding_encode(CODING_BINARY, STR("a"), &out), ERR_RANGE);
	ck_assert_str_eq(buf_cstr(&out), ">");
	buf_free(&out);
}
END_TEST

SUITE("text/coding", {
	tcase_add_loop_test(tc, every_data_coding_has_an_alphabet, 0, COUNT_OF(dcs));
	tcase_add_test(tc, an_alphabet_announces_itself);
	tcase_add_loop_test(tc, octets_are_read, 0, COUNT_OF(decoded));
	tcase_add_test(tc, every_ucs2_unit_gives_text);
	tcase_add_test(tc, every_octet_pair_gives_text);
	tcase_add_test(tc, the_gsm_alphabet_is_that_of_the_standard);
	tcase_add_loop_test(tc, what_fits_comes_back, CODING_GSM7, CODING_BINARY + 1);
	tcase_add_test(tc, a_refused_text_leaves_nothing);
})
