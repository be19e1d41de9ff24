/*
 * test_receipt.c - receipts as real SMSCs write them, and the forms of an id.
 */
#include <string.h>

#include "smpp/receipt.h"
#include "smpp/tlv.h"
#include "support/suite.h"

enum {
	RECEIPT = 0x04,
	INTERMEDIATE = 0x20
};

static struct span text_of(const char *s)
{
	return (struct span){ (const uint8_t *)s, strlen(s) };
}

static void check_span(struct span got, const char *want)
{
	ck_assert_uint_eq(got.n, strlen(want));
	if (got.n > 0)
		ck_assert_mem_eq(got.p, want, got.n);
}

#define FULL                                                                           \
	"id:0123456789 sub:001 dlvrd:001 submit date:2610201030 done date:2610201031 " \
	"stat:DELIVRD err:000 text:your balance"

/* clang-format off */
static const struct {
	const char *in;
	const char *id;
	enum smpp_message_state state;
	const char *err, *done_date, *text;
} rows[] = {
	{ FULL, "0123456789", SMPP_STATE_DELIVERED, "000", "2610201031", "your balance" },
	{ "ID:ab-1 STAT:delivrd ERR:0 TEXT:", "ab-1", SMPP_STATE_DELIVERED, "0", "", "" },
	{ "id:7 stat:DELIVRD", "7", SMPP_STATE_DELIVERED, "", "", "" },
	{ "id: 7 submit date: 2610201030 stat: FAILED err: 0123", "7", SMPP_STATE_UNDELIVERABLE, "0123", "", "" },
	{ "id:7 sub: dlvrd: stat:EXPIRED err:", "7", SMPP_STATE_EXPIRED, "", "", "" },
	{ "id:7 stat: err:001", "7", SMPP_STATE_NONE, "001", "", "" },
	{ "stat:REJECTD err:02B id:7", "7", SMPP_STATE_REJECTED, "02B", "", "" },
	{ "id:7 stat:MK:0001 err:001", "7", SMPP_STATE_NONE, "001", "", "" },
	{ "id:7\tstat:UNDELIV\r\nerr:9", "7", SMPP_STATE_UNDELIVERABLE, "9", "", "" },
	{ "id:7 done date:2610201031 stat:ENROUTE Text:id:8 stat:DELIVRD", "7", SMPP_STATE_ENROUTE, "", "2610201031", "id:8 stat:DELIVRD" },
	{ "id:550e8400-e29b-41d4-a716-446655440000 stat:ACCEPTD", "550e8400-e29b-41d4-a716-446655440000", SMPP_STATE_ACCEPTED, "", "", "" },
	{ "  id:7 id:8 whatever foo:bar stat:DELETED  ", "7", SMPP_STATE_DELETED, "", "", "" },
};
/* clang-format on */

START_TEST(texts_of_many_hands_are_read)
{
	const struct smpp_deliver_sm sm = { .esm_class = RECEIPT,
		                            .short_message = text_of(rows[_i].in) };
	struct smpp_receipt r;

	ck_assert_int_eq(smpp_receipt_read(&sm, &r), ERR_OK);
	check_span(r.id, rows[_i].id);
	ck_assert_int_eq(r.state, rows[_i].state);
	check_span(r.err, rows[_i].err);
	check_span(r.done_date, rows[_i].done_date);
	check_span(r.text, rows[_i].text);
	ck_assert(!r.intermediate);
}
END_TEST

START_TEST(a_trailing_nul_is_no_part_of_it)
{
	static const uint8_t in[] = "id:7 stat:DELIVRD err:000\0\0";
	const struct smpp_deliver_sm sm = { .esm_class = RECEIPT,
		                            .short_message = { in, sizeof(in) - 1 } };
	struct smpp_receipt r;

	ck_assert_int_eq(smpp_receipt_read(&sm, &r), ERR_OK);
	check_span(r.err, "000");
}
END_TEST

/* Read from a private copy of each length, for the address sanitizer's sake. */
START_TEST(every_prefix_is_read_within_its_bounds)
{
	for (size_t n = 0; n < sizeof(FULL); n++) {
		uint8_t *copy = malloc(n > 0 ? n : 1);
		struct smpp_deliver_sm sm = { .esm_class = RECEIPT,
			                      .short_message = { copy, n } };
		struct smpp_receipt r;

		ck_assert_ptr_nonnull(copy);
		memcpy(copy, FULL, n);
		ck_assert_int_eq(smpp_receipt_read(&sm, &r), n > 3 ? ERR_OK : ERR_SYNTAX);
		free(copy);
	}
}
END_TEST

START_TEST(parameters_win_over_the_text)
{
	struct buf tlvs = buf_make(200);
	struct smpp_deliver_sm sm = { .esm_class = INTERMEDIATE,
		                      .short_message = text_of(
					      "id:1 stat:ENROUTE err:001") };
	struct smpp_receipt r;

	smpp_tlv_put_cstr(&tlvs, SMPP_TAG_RECEIPTED_MESSAGE_ID, text_of("00AF"));
	smpp_tlv_put_u8(&tlvs, SMPP_TAG_MESSAGE_STATE, SMPP_STATE_REJECTED);
	smpp_tlv_put_octets(&tlvs, SMPP_TAG_NETWORK_ERROR_CODE,
	                    (struct span){ (const uint8_t *)"\3\0\x1b", 3 });
	sm.tlvs = buf_span(&tlvs);
	ck_assert_int_eq(smpp_receipt_read(&sm, &r), ERR_OK);
	check_span(r.id, "00AF");
	ck_assert_int_eq(r.state, SMPP_STATE_REJECTED);
	check_span(r.err, "001");
	ck_assert_uint_eq(r.network_error.n, 3);
	ck_assert(r.intermediate);
	/* Without any text at all. */
	sm.short_message.n = 0;
	ck_assert_int_eq(smpp_receipt_read(&sm, &r), ERR_OK);
	check_span(r.id, "00AF");
	buf_free(&tlvs);
}
END_TEST

START_TEST(a_state_that_is_none_does_not_win)
{
	struct smpp_deliver_sm sm = { .esm_class = RECEIPT,
		                      .short_message = text_of("id:1 stat:EXPIRED"),
		                      .tlvs = { (const uint8_t *)"\4\x27\0\1\0", 5 } };
	struct smpp_receipt r;

	ck_assert_int_eq(smpp_receipt_read(&sm, &r), ERR_OK);
	ck_assert_int_eq(r.state, SMPP_STATE_EXPIRED);
	sm.tlvs = (struct span){ (const uint8_t *)"\4\x27\0\1\11", 5 };
	ck_assert_int_eq(smpp_receipt_read(&sm, &r), ERR_OK);
	ck_assert_int_eq(r.state, SMPP_STATE_EXPIRED);
}
END_TEST

/* A receipt without the bit must not run as a command; a command must run. */
START_TEST(receipts_are_told_from_commands)
{
	static const struct {
		uint8_t esm_class;
		const char *text;
		enum err e;
	} all[] = {
		{ 0, FULL, ERR_OK },
		{ 0, " ID:7 stat:DELIVRD", ERR_OK },
		{ 0, "CXYE", ERR_NOT_FOUND },
		{ 0, "", ERR_NOT_FOUND },
		{ 0, "id:7", ERR_NOT_FOUND },
		{ 0, "id:7 text:stat:DELIVRD", ERR_NOT_FOUND },
		{ 0, "stat:DELIVRD id:7", ERR_NOT_FOUND },
		{ 0, "identity:7 stat:DELIVRD", ERR_NOT_FOUND },
		{ 0x08, "CXYE", ERR_NOT_FOUND }, /* an acknowledgement by the handset */
		{ RECEIPT, "CXYE", ERR_SYNTAX },
		{ RECEIPT, "", ERR_SYNTAX },
		{ 0x03 | RECEIPT, "id:7", ERR_OK },
		{ 0x80 | RECEIPT, "id:7", ERR_OK },
	};
	struct smpp_receipt r;

	for (size_t i = 0; i < COUNT_OF(all); i++) {
		const struct smpp_deliver_sm sm = { .esm_class = all[i].esm_class,
			                            .short_message = text_of(
							    all[i].text) };

		ck_assert_msg(smpp_receipt_read(&sm, &r) == all[i].e, "%s", all[i].text);
		ck_assert(smpp_receipt_is(&sm) == (all[i].e != ERR_NOT_FOUND));
	}
}
END_TEST

START_TEST(states_have_words_and_some_are_final)
{
	static const bool final[] = { false, false, true, true, true,
		                      true,  false, true, true };

	for (unsigned i = 0; i < COUNT_OF(final); i++) {
		const enum smpp_message_state state = i;
		const struct smpp_deliver_sm sm = { .esm_class = RECEIPT };
		char text[40] = "id:1 stat:";
		struct smpp_deliver_sm with = sm;
		struct smpp_receipt r;

		strcat(text, smpp_message_state_text(state));
		with.short_message = text_of(text);
		ck_assert_int_eq(smpp_receipt_read(&with, &r), ERR_OK);
		ck_assert_int_eq(r.state, state);
		ck_assert(smpp_message_state_final(state) == final[i]);
	}
}
END_TEST

/* -- ids --------------------------------------------------------------------- */

static bool belong(const char *in_resp, const char *in_receipt)
{
	const struct smpp_id_forms stored = smpp_id_forms(text_of(in_resp));
	const struct smpp_id_forms got = smpp_id_forms(text_of(in_receipt));

	for (size_t i = 0; i < got.n && stored.n > 0; i++) {
		if (got.form[i].n == stored.form[0].n &&
		    memcmp(got.form[i].p, stored.form[0].p, got.form[i].n) == 0)
			return true;
	}
	return false;
}

START_TEST(an_id_is_known_again_in_another_base)
{
	static const struct {
		const char *resp, *receipt;
		bool same;
	} pairs[] = {
		{ "1F", "31", true },
		{ "31", "1F", true },
		{ "000001f", "0000000031", true },
		{ "ABC", "abc", true },
		{ "0", "0000", true },
		{ "550E8400-e29b", "550e8400-E29B", true },
		{ "ffffffffffffffff", "18446744073709551615", true },
		{ "10000000000000000", "18446744073709551616", true }, /* past 64 bits */
		{ "340282366920938463463374607431768211455",
		  "ffffffffffffffffffffffffffffffff", true },
		{ "12", "13", false },
		{ "xyz", "xyy", false },
		{ "", "", false },
		{ "7", "", false },
	};

	for (size_t i = 0; i < COUNT_OF(pairs); i++)
		ck_assert_msg(belong(pairs[i].resp, pairs[i].receipt) == pairs[i].same,
		              "%s %s", pairs[i].resp, pairs[i].receipt);
}
END_TEST

START_TEST(the_longest_id_has_its_forms)
{
	char id[66];
	struct smpp_id_forms f;

	memset(id, 'f', sizeof(id));
	f = smpp_id_forms((struct span){ (const uint8_t *)id, 64 });
	ck_assert_uint_eq(f.n, 2);
	ck_assert_uint_eq(f.form[1].n, 78);
	ck_assert_mem_eq(
		f.form[1].p,
		"115792089237316195423570985008687907853269984665640564039457584007"
		"913129639935",
		78);
	f = smpp_id_forms((struct span){ (const uint8_t *)id, 65 });
	ck_assert_uint_eq(f.n, 0);
	f = smpp_id_forms(text_of("g1"));
	ck_assert_uint_eq(f.n, 1);
	f = smpp_id_forms(text_of("10"));
	ck_assert_uint_eq(f.n, 3);
}
END_TEST

SUITE("smpp/receipt", {
	tcase_add_loop_test(tc, texts_of_many_hands_are_read, 0, (int)COUNT_OF(rows));
	tcase_add_test(tc, a_trailing_nul_is_no_part_of_it);
	tcase_add_test(tc, every_prefix_is_read_within_its_bounds);
	tcase_add_test(tc, parameters_win_over_the_text);
	tcase_add_test(tc, a_state_that_is_none_does_not_win);
	tcase_add_test(tc, receipts_are_told_from_commands);
	tcase_add_test(tc, states_have_words_and_some_are_final);
	tcase_add_test(tc, an_id_is_known_again_in_another_base);
	tcase_add_test(tc, the_longest_id_has_its_forms);
})
