/*
 * test_udh.c - user data headers, parts of long messages, the text behind them.
 */
#include <stdio.h>
#include <string.h>

#include "smpp/tlv.h"
#include "smpp/udh.h"
#include "support/suite.h"

#define SPAN(literal) ((struct span){ (const uint8_t *)(literal), sizeof(literal) - 1 })

/* clang-format off */
static const struct {
	const char *label;
	struct span in;
	enum err e;
	size_t text;              /* octets behind the header */
	struct smpp_concat concat; /* total 0: none */
} rows[] = {
	{ "8 bits", { (const uint8_t *)"\5\0\3\x2a\2\1YE", 8 }, ERR_OK, 2, { 0x2a, 2, 1, false } },
	{ "16 bits", { (const uint8_t *)"\6\10\4\x12\x34\3\3Y", 8 }, ERR_OK, 1, { 0x1234, 3, 3, true } },
	{ "empty header", { (const uint8_t *)"\0YE", 3 }, ERR_OK, 2, { 0 } },
	{ "no text", { (const uint8_t *)"\5\0\3\1\2\1", 6 }, ERR_OK, 0, { 1, 2, 1, false } },
	{ "ports, then part", { (const uint8_t *)"\13\5\4\xb\x84\0\0\0\3\7\2\2z", 13 }, ERR_OK, 1, { 7, 2, 2, false } },
	{ "the last counts", { (const uint8_t *)"\12\0\3\1\2\1\0\3\2\2\2", 11 }, ERR_OK, 0, { 2, 2, 2, false } },
	{ "seq 0 is skipped", { (const uint8_t *)"\5\0\3\1\2\0", 6 }, ERR_OK, 0, { 0 } },
	{ "total 0 is skipped", { (const uint8_t *)"\5\0\3\1\0\1", 6 }, ERR_OK, 0, { 0 } },
	{ "seq past total is skipped", { (const uint8_t *)"\5\0\3\1\2\3", 6 }, ERR_OK, 0, { 0 } },
	{ "nothing at all", { NULL, 0 }, ERR_TRUNCATED, 0, { 0 } },
	{ "header past the end", { (const uint8_t *)"\6\0\3\1\2\1", 6 }, ERR_TRUNCATED, 0, { 0 } },
	{ "element past the header", { (const uint8_t *)"\5\0\4\1\2\1\1", 7 }, ERR_TRUNCATED, 0, { 0 } },
	{ "half an element", { (const uint8_t *)"\6\0\3\1\2\1\0", 7 }, ERR_TRUNCATED, 0, { 0 } },
	{ "8 bits in 4 octets", { (const uint8_t *)"\6\0\4\1\2\1\1", 7 }, ERR_LENGTH, 0, { 0 } },
	{ "16 bits in 3 octets", { (const uint8_t *)"\5\10\3\1\2\1", 6 }, ERR_LENGTH, 0, { 0 } },
};
/* clang-format on */

static void check_concat(const struct smpp_concat *got, const struct smpp_concat *want)
{
	ck_assert_uint_eq(got->ref, want->ref);
	ck_assert_uint_eq(got->total, want->total);
	ck_assert_uint_eq(got->seq, want->seq);
	ck_assert(got->wide == want->wide);
}

START_TEST(headers_are_read_strictly)
{
	struct smpp_udh udh;

	ck_assert_msg(smpp_udh_read(rows[_i].in, &udh) == rows[_i].e, "%s",
	              rows[_i].label);
	if (rows[_i].e != ERR_OK)
		return;
	ck_assert_uint_eq(udh.text.n, rows[_i].text);
	ck_assert(udh.has_concat == (rows[_i].concat.total > 0));
	check_concat(&udh.concat, &rows[_i].concat);
}
END_TEST

START_TEST(every_prefix_of_a_header_is_truncated)
{
	static const uint8_t in[] = "\13\5\4\xb\x84\0\0\0\3\7\2\2";
	struct smpp_udh udh;

	for (size_t n = 0; n < sizeof(in) - 1; n++) {
		uint8_t *copy = malloc(n > 0 ? n : 1);

		ck_assert_ptr_nonnull(copy);
		memcpy(copy, in, n);
		ck_assert_int_eq(smpp_udh_read((struct span){ copy, n }, &udh),
		                 ERR_TRUNCATED);
		free(copy);
	}
}
END_TEST

START_TEST(what_is_put_is_read)
{
	static const struct smpp_concat all[] = { { 255, 2, 1, false },
		                                  { 65535, 255, 255, true } };
	struct buf out = buf_make(16);
	struct smpp_udh udh;

	for (size_t i = 0; i < COUNT_OF(all); i++) {
		buf_reset(&out);
		smpp_udh_put_concat(&out, &all[i]);
		ck_assert_uint_eq(out.n, all[i].wide ? 7 : 6);
		ck_assert_int_eq(smpp_udh_read(buf_span(&out), &udh), ERR_OK);
		check_concat(&udh.concat, &all[i]);
	}
	buf_free(&out);
}
END_TEST

static struct buf sar(uint16_t ref, uint8_t total, uint8_t seq)
{
	struct buf tlvs = buf_make(100);

	smpp_tlv_put_u16(&tlvs, SMPP_TAG_SAR_MSG_REF_NUM, ref);
	smpp_tlv_put_u8(&tlvs, SMPP_TAG_SAR_TOTAL_SEGMENTS, total);
	smpp_tlv_put_u8(&tlvs, SMPP_TAG_SAR_SEGMENT_SEQNUM, seq);
	return tlvs;
}

START_TEST(parts_may_be_told_by_parameters)
{
	struct buf tlvs = sar(0xabcd, 3, 2);
	struct smpp_deliver_sm sm = { .tlvs = buf_span(&tlvs) };
	struct smpp_concat c;

	ck_assert_int_eq(smpp_concat_of(&sm, &c), ERR_OK);
	check_concat(&c, &(struct smpp_concat){ 0xabcd, 3, 2, true });
	/* A header wins. */
	sm.esm_class = SMPP_ESM_UDHI;
	sm.short_message = SPAN("\5\0\3\1\2\1");
	ck_assert_int_eq(smpp_concat_of(&sm, &c), ERR_OK);
	check_concat(&c, &(struct smpp_concat){ 1, 2, 1, false });
	/* Two of three are none. */
	sm.esm_class = 0;
	sm.tlvs.n = 6 + 5;
	ck_assert_int_eq(smpp_concat_of(&sm, &c), ERR_NOT_FOUND);
	sm.tlvs.n = 6 + 4;
	ck_assert_int_eq(smpp_concat_of(&sm, &c), ERR_TRUNCATED);
	buf_free(&tlvs);
	tlvs = sar(1, 2, 3);
	sm.tlvs = buf_span(&tlvs);
	ck_assert_int_eq(smpp_concat_of(&sm, &c), ERR_NOT_FOUND);
	buf_free(&tlvs);
}
END_TEST

START_TEST(text_comes_from_short_message_or_payload)
{
	struct buf tlvs = buf_make(100);
	struct smpp_deliver_sm sm = { .short_message = SPAN("CXYE") };
	struct span text;

	smpp_tlv_put_octets(&tlvs, SMPP_TAG_MESSAGE_PAYLOAD, SPAN("\5\0\3\1\2\1CXLL"));
	sm.tlvs = buf_span(&tlvs);
	ck_assert_int_eq(smpp_message_octets(&sm, &text), ERR_OK);
	ck_assert_mem_eq(text.p, "CXYE", 4);
	sm.short_message.n = 0;
	ck_assert_int_eq(smpp_message_octets(&sm, &text), ERR_OK);
	ck_assert_uint_eq(text.n, 10);
	sm.esm_class = SMPP_ESM_UDHI;
	ck_assert_int_eq(smpp_message_octets(&sm, &text), ERR_OK);
	ck_assert_uint_eq(text.n, 4);
	ck_assert_mem_eq(text.p, "CXLL", 4);
	/* A header announced where there is nothing: once a null pointer in the field. */
	sm.tlvs.n = 0;
	ck_assert_int_eq(smpp_message_octets(&sm, &text), ERR_TRUNCATED);
	sm.esm_class = 0;
	ck_assert_int_eq(smpp_message_octets(&sm, &text), ERR_OK);
	ck_assert_uint_eq(text.n, 0);
	buf_free(&tlvs);
}
END_TEST

START_TEST(other_pdus_read_as_deliver_sm)
{
	const struct smpp_submit_sm submit = { .destination_addr = SPAN("10086"),
		                               .esm_class = 0x40,
		                               .data_coding = 8,
		                               .short_message = SPAN("x") };
	const struct smpp_data_sm data = { .source_addr = SPAN("13800138000"),
		                           .data_coding = 4,
		                           .tlvs = SPAN("\4\x24\0\2YE") };
	struct smpp_deliver_sm sm = smpp_deliver_of_submit(&submit);
	struct span text;

	ck_assert_uint_eq(sm.destination_addr.n, 5);
	ck_assert_uint_eq(sm.esm_class, 0x40);
	ck_assert_uint_eq(sm.data_coding, 8);
	ck_assert_uint_eq(sm.short_message.n, 1);
	sm = smpp_deliver_of_data(&data);
	ck_assert_uint_eq(sm.source_addr.n, 11);
	ck_assert_uint_eq(sm.data_coding, 4);
	ck_assert_int_eq(smpp_message_octets(&sm, &text), ERR_OK);
	ck_assert_mem_eq(text.p, "YE", 2);
}
END_TEST

SUITE("smpp/udh", {
	tcase_add_loop_test(tc, headers_are_read_strictly, 0, (int)COUNT_OF(rows));
	tcase_add_test(tc, every_prefix_of_a_header_is_truncated);
	tcase_add_test(tc, what_is_put_is_read);
	tcase_add_test(tc, parts_may_be_told_by_parameters);
	tcase_add_test(tc, text_comes_from_short_message_or_payload);
	tcase_add_test(tc, other_pdus_read_as_deliver_sm);
})
