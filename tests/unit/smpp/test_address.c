/*
 * test_address.c - addresses as values, and the number behind a source_addr.
 */
#include <string.h>

#include "smpp/address.h"
#include "support/suite.h"

static struct span text_of(const char *s)
{
	return (struct span){ (const uint8_t *)s, strlen(s) };
}

START_TEST(a_source_is_a_number_without_its_country)
{
	static const struct {
		const char *source;
		int64_t msisdn; /* 0: none */
	} rows[] = {
		{ "13800138000", 13800138000 },
		{ "8613800138000", 13800138000 },
		{ "+8613800138000", 13800138000 },
		{ "008613800138000", 13800138000 },
		{ "+85261234567", 85261234567 },
		{ "10086", 10086 },
		{ "86123", 86123 }, /* too short to have a country in front */
		{ "+86123", 86123 },
		{ "8610086", 10086 },
		{ "123456789012345", 123456789012345 },
		{ "1234567890123456", 0 },
		{ "1234", 0 },
		{ "", 0 },
		{ "+", 0 },
		{ "BANK", 0 },
		{ "Mobile", 0 },
		{ "138 00138000", 0 },
		{ "13800138000x", 0 },
		{ "-13800138000", 0 },
		{ "++8613800138000", 0 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t got = -1;
		const enum err e = smpp_msisdn(text_of(rows[i].source), &got);

		ck_assert_msg(e == (rows[i].msisdn > 0 ? ERR_OK : ERR_RANGE), "%s",
		              rows[i].source);
		ck_assert_int_eq(got, rows[i].msisdn > 0 ? rows[i].msisdn : -1);
	}
}
END_TEST

START_TEST(an_address_holds_twenty_octets)
{
	struct smpp_address a;

	ck_assert_int_eq(smpp_address_make(1, 1, text_of("12345678901234567890"), &a),
	                 ERR_OK);
	ck_assert_uint_eq(smpp_address_str(&a).n, 20);
	ck_assert_int_eq(smpp_address_make(1, 1, text_of("123456789012345678901"), &a),
	                 ERR_LENGTH);
	ck_assert_int_eq(smpp_address_make(0, 0, (struct span){ 0 }, &a), ERR_OK);
	ck_assert_uint_eq(smpp_address_str(&a).n, 0);
}
END_TEST

START_TEST(addresses_are_equal_in_every_member)
{
	static const struct {
		uint8_t ton, npi;
		const char *digits;
	} rows[] = { { 1, 1, "10086" }, { 0, 1, "10086" }, { 1, 0, "10086" },
		     { 1, 1, "1008" },  { 1, 1, "10085" }, { 1, 1, "" } };
	struct smpp_address a, b;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		for (size_t k = 0; k < COUNT_OF(rows); k++) {
			ck_assert_int_eq(smpp_address_make(rows[i].ton, rows[i].npi,
			                                   text_of(rows[i].digits), &a),
			                 ERR_OK);
			ck_assert_int_eq(smpp_address_make(rows[k].ton, rows[k].npi,
			                                   text_of(rows[k].digits), &b),
			                 ERR_OK);
			ck_assert(smpp_address_eq(&a, &b) == (i == k));
		}
	}
}
END_TEST

SUITE("smpp/address", {
	tcase_add_test(tc, a_source_is_a_number_without_its_country);
	tcase_add_test(tc, an_address_holds_twenty_octets);
	tcase_add_test(tc, addresses_are_equal_in_every_member);
})
