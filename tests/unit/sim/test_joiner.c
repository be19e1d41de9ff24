/*
 * test_joiner.c - parts of long messages in any order, doubled, mixed and damaged.
 */
#include <string.h>

#include "../src/sim/handset_priv.h"
#include "support/suite.h"

static struct joiner joiner;
static struct buf whole;

static void set_up(void)
{
	joiner = (struct joiner){ .age = 0 };
	whole = buf_make(1 << 16);
}

static void tear_down(void)
{
	joiner_free(&joiner);
	buf_free(&whole);
}

static unsigned take(const char *from, uint16_t ref, uint8_t total, uint8_t seq,
                     const char *text)
{
	struct buf octets = buf_make(512);
	struct smpp_deliver_sm sm = { .source_addr = { (const uint8_t *)from,
		                                       strlen(from) },
		                      .esm_class = SMPP_ESM_UDHI };
	unsigned parts;

	smpp_udh_put_concat(&octets, &(struct smpp_concat){ ref, total, seq, ref > 255 });
	buf_puts(&octets, str_of(text));
	sm.short_message = buf_span(&octets);
	buf_reset(&whole);
	parts = joiner_take(&joiner, &sm, &whole);
	buf_free(&octets);
	return parts;
}

START_TEST(a_whole_message_passes)
{
	const struct smpp_deliver_sm sm = { .short_message = { (const uint8_t *)"CXYE",
		                                               4 } };

	ck_assert_uint_eq(joiner_take(&joiner, &sm, &whole), 1);
	ck_assert_str_eq(buf_cstr(&whole), "CXYE");
}
END_TEST

START_TEST(parts_are_joined_in_every_order)
{
	static const uint8_t orders[6][3] = { { 1, 2, 3 }, { 1, 3, 2 }, { 2, 1, 3 },
		                              { 2, 3, 1 }, { 3, 1, 2 }, { 3, 2, 1 } };
	static const char *const texts[] = { "one ", "two ", "three" };
	const uint8_t *order = orders[_i % 6];
	const uint16_t ref = _i < 6 ? 7 : 700;

	ck_assert_uint_eq(take("10086", ref, 3, order[0], texts[order[0] - 1]), 0);
	ck_assert_uint_eq(take("10086", ref, 3, order[1], texts[order[1] - 1]), 0);
	ck_assert_uint_eq(take("10086", ref, 3, order[1], "doubled"), 0);
	ck_assert_uint_eq(take("10086", ref, 3, order[2], texts[order[2] - 1]), 3);
	ck_assert_str_eq(buf_cstr(&whole), "one two three");
}
END_TEST

START_TEST(messages_under_way_are_not_mixed)
{
	ck_assert_uint_eq(take("10086", 1, 2, 1, "a"), 0);
	ck_assert_uint_eq(take("10086", 2, 2, 1, "b"), 0); /* another reference */
	ck_assert_uint_eq(take("10010", 1, 2, 1, "c"), 0); /* another sender */
	ck_assert_uint_eq(take("10086", 1, 3, 1, "d"), 0); /* another total */
	ck_assert_uint_eq(take("10086", 2, 2, 2, "B"), 2);
	ck_assert_str_eq(buf_cstr(&whole), "bB");
	ck_assert_uint_eq(take("10010", 1, 2, 2, "C"), 2);
	ck_assert_str_eq(buf_cstr(&whole), "cC");
	ck_assert_uint_eq(take("10086", 1, 2, 2, "A"), 2);
	ck_assert_str_eq(buf_cstr(&whole), "aA");
}
END_TEST

START_TEST(the_oldest_incomplete_one_gives_way)
{
	for (uint16_t ref = 1; ref <= JOIN_SETS + 1; ref++)
		ck_assert_uint_eq(take("10086", ref, 2, 1, "x"), 0);
	ck_assert_uint_eq(take("10086", 2, 2, 2, "y"), 2); /* the second is still there */
	ck_assert_uint_eq(take("10086", 1, 2, 2, "y"), 0); /* the first is not */
}
END_TEST

START_TEST(what_is_malformed_is_dropped)
{
	struct smpp_deliver_sm sm = { .source_addr = { (const uint8_t *)"10086", 5 },
		                      .esm_class = SMPP_ESM_UDHI,
		                      .short_message = { (const uint8_t *)"\x40\x00\x03",
		                                         3 } };

	ck_assert_uint_eq(joiner_take(&joiner, &sm, &whole), 0);
	ck_assert_uint_eq(take("", 1, 2, 1, "no sender"), 0);
	ck_assert_uint_eq(take("0123456789012345678901234567890123456789", 1, 2, 1, "x"),
	                  0);
	ck_assert_uint_eq(take("10086", 1, 2, 1, ""), 0);
	ck_assert_uint_eq(whole.n, 0);
}
END_TEST

SUITE("joiner", {
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, a_whole_message_passes);
	tcase_add_loop_test(tc, parts_are_joined_in_every_order, 0, 12);
	tcase_add_test(tc, messages_under_way_are_not_mixed);
	tcase_add_test(tc, the_oldest_incomplete_one_gives_way);
	tcase_add_test(tc, what_is_malformed_is_dropped);
})
