/*
 * test_buf.c - the growable buffer and the arena.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "support/suite.h"

START_TEST(writing_past_the_maximum_fails_for_good)
{
	struct buf b = buf_make(4);

	buf_puts(&b, STR("abc"));
	buf_puts(&b, STR("de"));
	ck_assert(b.failed);
	buf_putc(&b, 'x'); /* would fit, but the build has failed */
	ck_assert(str_eq(buf_str(&b), STR("abc")));
	ck_assert_str_eq(buf_cstr(&b), "");
	buf_reset(&b);
	buf_printf(&b, "%d", 1234);
	ck_assert(!b.failed);
	ck_assert_str_eq(buf_cstr(&b), "1234");
	buf_free(&b);
}
END_TEST

START_TEST(dropping_keeps_the_rest)
{
	struct buf b = buf_make(100);

	buf_put_be32(&b, 0x01020304);
	buf_put_be16(&b, 0x0506);
	buf_drop(&b, 4);
	ck_assert_uint_eq(b.n, 2);
	ck_assert_mem_eq(b.p, "\x05\x06", 2);
	buf_drop(&b, 2);
	ck_assert_uint_eq(b.n, 0);
	buf_free(&b);
}
END_TEST

static const struct {
	uint32_t cp;
	const char *utf8;
} points[] = {
	{ 0x41, "A" },
	{ 0x7f, "\x7f" },
	{ 0x80, "\xc2\x80" },
	{ 0x7ff, "\xdf\xbf" },
	{ 0x800, "\xe0\xa0\x80" },
	{ 0xffff, "\xef\xbf\xbf" },
	{ 0x1f600, "\xf0\x9f\x98\x80" },
	{ 0xd800, "\xef\xbf\xbd" }, /* a lone surrogate is no character */
	{ 0x110000, "\xef\xbf\xbd" },
};

START_TEST(code_points_become_utf8)
{
	struct buf b = buf_make(8);

	buf_put_utf8(&b, points[_i].cp);
	ck_assert_str_eq(buf_cstr(&b), points[_i].utf8);
	buf_free(&b);
}
END_TEST

START_TEST(an_arena_gives_aligned_zeroed_memory_again_and_again)
{
	struct arena a = arena_make(1 << 20);

	for (int round = 0; round < 3; round++) {
		for (size_t n = 1; n < 2000; n += 37) {
			unsigned char *p = arena_alloc(&a, n);

			ck_assert_uint_eq((uintptr_t)p % _Alignof(max_align_t), 0);
			for (size_t i = 0; i < n; i++)
				ck_assert_uint_eq(p[i], 0);
			memset(p, 0xff, n);
		}
		arena_reset(&a);
	}
	(void)arena_alloc(&a, 200000); /* more than a block */
	ck_assert(str_eq(arena_printf(&a, "%s-%d", "x", 7), STR("x-7")));
	arena_free(&a);
}
END_TEST

START_TEST(an_arena_past_its_limit_aborts)
{
	struct arena a = arena_make(1000);

	(void)arena_alloc(&a, 900);
	(void)arena_alloc(&a, 200);
}
END_TEST

SUITE("base/buf", tcase_add_test(tc, writing_past_the_maximum_fails_for_good);
      tcase_add_test(tc, dropping_keeps_the_rest);
      tcase_add_loop_test(tc, code_points_become_utf8, 0, (int)COUNT_OF(points));
      tcase_add_test(tc, an_arena_gives_aligned_zeroed_memory_again_and_again);
      tcase_add_test_raise_signal(tc, an_arena_past_its_limit_aborts, 6);)
