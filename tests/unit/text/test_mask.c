/*
 * test_mask.c - numbers as logs show them.
 */
#include <stdio.h>
#include <string.h>

#include "support/suite.h"
#include "text/mask.h"

static const struct {
	const char *digits, *masked;
} pairs[] = {
	{ "13800001234", "138****1234" },
	{ "1380000123", "138****0123" },
	{ "+8613800001234", "+86****1234" },
	{ "138000012", "1****2" },
	{ "10086", "1****6" },
	{ "123", "1****3" },
	{ "12", "****" },
	{ "1", "****" },
	{ "", "" },
	{ "\n\"{\\0000\x1b[\x7f", "???****0???" },
	{ "123456789012345678901234567890", "123****7890" },
};

START_TEST(a_number_is_masked)
{
	char out[MASK_MAX];

	ck_assert_str_eq(mask_number(out, str_of(pairs[_i].digits)), pairs[_i].masked);
}
END_TEST

START_TEST(an_msisdn_is_masked)
{
	char out[MASK_MAX];

	ck_assert_str_eq(mask_msisdn(out, INT64_C(13800001234)), "138****1234");
	ck_assert_str_eq(mask_msisdn(out, INT64_C(8613800001234)), "861****1234");
	ck_assert_str_eq(mask_msisdn(out, 0), "****");
	ck_assert_str_eq(mask_msisdn(out, INT64_MIN), "?92****5808");
}
END_TEST

START_TEST(runs_of_so_many_digits_are_stars)
{
	static const struct {
		const char *text, *masked;
	} runs[] = {
		{ "code 123456.", "code ******." },
		{ "123456", "******" },
		{ "12345 1234567 12.3456", "12345 1234567 12.3456" },
		{ "", "" },
		{ "123456,654321", "******,******" },
	};

	for (size_t i = 0; i < COUNT_OF(runs); i++) {
		char text[32];

		(void)snprintf(text, sizeof(text), "%s", runs[i].text);
		mask_runs(text, strlen(text), 6);
		ck_assert_str_eq(text, runs[i].masked);
	}
}
END_TEST

SUITE("text/mask", {
	tcase_add_test(tc, runs_of_so_many_digits_are_stars);
	tcase_add_loop_test(tc, a_number_is_masked, 0,
	                    (int)(sizeof(pairs) / sizeof(pairs[0])));
	tcase_add_test(tc, an_msisdn_is_masked);
})
