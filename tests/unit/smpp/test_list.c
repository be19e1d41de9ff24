/*
 * test_list.c - the lists of submit_multi; round trips are in test_pdu.c.
 */
#include <string.h>

#include "smpp/list.h"
#include "support/suite.h"

#define SPAN(literal) ((struct span){ (const void *)(literal), sizeof(literal) - 1 })

START_TEST(destinations_of_both_kinds_are_walked)
{
	struct span rest = SPAN("\1\1\1"
	                        "10086\0"
	                        "\2"
	                        "friends\0");
	struct smpp_dest d;

	ck_assert_int_eq(smpp_dest_next(&rest, &d), ERR_OK);
	ck_assert_int_eq(d.flag, SMPP_DEST_SME);
	ck_assert_mem_eq(d.address.p, "10086", 5);
	ck_assert_int_eq(smpp_dest_next(&rest, &d), ERR_OK);
	ck_assert_int_eq(d.flag, SMPP_DEST_LIST);
	ck_assert_uint_eq(d.address.n, 7);
	ck_assert_int_eq(smpp_dest_next(&rest, &d), ERR_END);
}
END_TEST

START_TEST(an_entry_at_fault_is_not_passed)
{
	static const struct {
		struct span in;
		enum err e;
	} rows[] = {
		{ { (const uint8_t *)"\3", 1 }, ERR_SYNTAX },
		{ { (const uint8_t *)"\0", 1 }, ERR_SYNTAX },
		{ { (const uint8_t *)"\1\1", 2 }, ERR_TRUNCATED },
		{ { (const uint8_t *)"\1\1\1"
		                     "12",
		    5 },
		  ERR_TRUNCATED },
		{ { (const uint8_t *)"\2"
		                     "123456789012345678901",
		    22 },
		  ERR_LENGTH },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct span rest = rows[i].in;
		struct smpp_dest d;

		ck_assert_int_eq(smpp_dest_next(&rest, &d), rows[i].e);
		ck_assert_ptr_eq(rest.p, rows[i].in.p);
	}
}
END_TEST

START_TEST(a_failure_needs_its_status)
{
	struct span rest = SPAN("\1\1"
	                        "10086\0"
	                        "\0\0\0\13");
	struct span shorter = span_first(rest, rest.n - 1);
	struct smpp_unsuccess u;

	ck_assert_int_eq(smpp_unsuccess_next(&shorter, &u), ERR_TRUNCATED);
	ck_assert_int_eq(smpp_unsuccess_next(&rest, &u), ERR_OK);
	ck_assert_uint_eq(u.status, 11);
	ck_assert_int_eq(smpp_unsuccess_next(&rest, &u), ERR_END);
}
END_TEST

START_TEST(an_address_past_its_field_fails_the_buffer)
{
	static const char digits[] = "123456789012345678901";
	struct smpp_dest d = { SMPP_DEST_SME, 1, 1, { (const void *)digits, 20 } };
	struct buf out = buf_make(100);

	smpp_dest_put(&out, &d);
	ck_assert(!out.failed);
	d.address.n = 21;
	smpp_dest_put(&out, &d);
	ck_assert(out.failed);
	buf_reset(&out);
	smpp_unsuccess_put(&out, &(struct smpp_unsuccess){ 1, 1, SPAN("1\0002"), 0 });
	ck_assert(out.failed);
	buf_free(&out);
}
END_TEST

SUITE("smpp/list", {
	tcase_add_test(tc, destinations_of_both_kinds_are_walked);
	tcase_add_test(tc, an_entry_at_fault_is_not_passed);
	tcase_add_test(tc, a_failure_needs_its_status);
	tcase_add_test(tc, an_address_past_its_field_fails_the_buffer);
})
