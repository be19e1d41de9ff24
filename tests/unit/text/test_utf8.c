/*
 * test_utf8.c - what is UTF-8, and what is not.
 */
#include <stdlib.h>

#include "support/suite.h"
#include "text/utf8.h"

static bool reads_as(const char *p, size_t n, size_t step, uint32_t want)
{
	uint32_t cp;

	return utf8_next(p, n, &cp) == step && cp == want;
}

START_TEST(every_code_point_comes_back)
{
	char p[4];

	for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
		const size_t n = utf8_put(p, cp);
		const bool surrogate = cp >= 0xd800 && cp <= 0xdfff;
		bool ok = surrogate ? reads_as(p, n, 1, UTF8_BAD) : reads_as(p, n, n, cp);

		for (size_t cut = 1; cut < n; cut++)
			ok = ok && reads_as(p, cut, 1, UTF8_BAD);
		if (!ok)
			ck_abort_msg("U+%04X", cp);
	}
}
END_TEST

static const char *const bad[] = {
	"\x80",
	"\xbf",
	"\xc0\x80",
	"\xc1\xbf",
	"\xc3\x28",
	"\xe0\x9f\xbf",
	"\xe4\xb8\x28",
	"\xed\xa0\x80",
	"\xf0\x8f\xbf\xbf",
	"\xf4\x90\x80\x80",
	"\xf5\x80\x80\x80",
	"\xf0\x9f\x98\x28",
	"\xfe",
	"\xff",
};

START_TEST(anything_else_is_bad_and_one_octet)
{
	uint32_t cp;

	ck_assert_uint_eq(utf8_next(bad[_i], strlen(bad[_i]), &cp), 1);
	ck_assert_uint_eq(cp, UTF8_BAD);
}
END_TEST

SUITE("text/utf8", {
	tcase_add_test(tc, every_code_point_comes_back);
	tcase_add_loop_test(tc, anything_else_is_bad_and_one_octet, 0,
	                    (int)(sizeof(bad) / sizeof(bad[0])));
})
