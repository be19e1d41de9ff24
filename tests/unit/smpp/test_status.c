/*
 * test_status.c - the table of command_status values.
 */
#include <string.h>

#include "smpp/status.h"
#include "support/suite.h"

START_TEST(a_status_has_name_text_and_class)
{
	static const struct {
		uint32_t status;
		const char *name;
		enum smpp_status_class class;
	} rows[] = {
		{ 0x00, "ESME_ROK", SMPP_STATUS_OK },
		{ 0x58, "ESME_RTHROTTLED", SMPP_STATUS_THROTTLED },
		{ 0x14, "ESME_RMSGQFUL", SMPP_STATUS_THROTTLED },
		{ 0x08, "ESME_RSYSERR", SMPP_STATUS_TEMPORARY },
		{ 0x64, "ESME_RX_T_APPN", SMPP_STATUS_TEMPORARY },
		{ 0x45, "ESME_RSUBMITFAIL", SMPP_STATUS_TEMPORARY },
		{ 0xfe, "ESME_RDELIVERYFAILURE", SMPP_STATUS_TEMPORARY },
		{ 0x0a, "ESME_RINVSRCADR", SMPP_STATUS_PERMANENT },
		{ 0x0b, "ESME_RINVDSTADR", SMPP_STATUS_PERMANENT },
		{ 0x0c, "ESME_RINVMSGID", SMPP_STATUS_PERMANENT },
		{ 0x33, "ESME_RINVNUMDESTS", SMPP_STATUS_PERMANENT },
		{ 0x34, "ESME_RINVDLNAME", SMPP_STATUS_PERMANENT },
		{ 0xc2, "ESME_RINVPARLEN", SMPP_STATUS_PERMANENT },
		{ 0xff, "ESME_RUNKNOWNERR", SMPP_STATUS_PERMANENT },
		{ 0x09, "ESME_?", SMPP_STATUS_PERMANENT },
		{ 0x100, "ESME_?", SMPP_STATUS_PERMANENT },
		{ 0x400, "ESME_?", SMPP_STATUS_PERMANENT },
		{ 0xffffffff, "ESME_?", SMPP_STATUS_PERMANENT },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		ck_assert_str_eq(smpp_status_name(rows[i].status), rows[i].name);
		ck_assert_int_eq(smpp_status_class(rows[i].status), rows[i].class);
		ck_assert_uint_gt(strlen(smpp_status_text(rows[i].status)), 0);
	}
}
END_TEST

/* What is tried again is a short list; a new row must be put on it on purpose. */
START_TEST(six_statuses_are_worth_another_try)
{
	unsigned again = 0, named = 0;

	for (uint32_t i = 0; i < 0x200; i++) {
		const enum smpp_status_class class = smpp_status_class(i);

		again += class == SMPP_STATUS_THROTTLED || class == SMPP_STATUS_TEMPORARY
		                 ? 1
		                 : 0;
		named += strcmp(smpp_status_name(i), "ESME_?") != 0 ? 1 : 0;
	}
	ck_assert_uint_eq(again, 6);
	ck_assert_uint_eq(named, 48);
}
END_TEST

SUITE("smpp/status", {
	tcase_add_test(tc, a_status_has_name_text_and_class);
	tcase_add_test(tc, six_statuses_are_worth_another_try);
})
