/*
 * test_misses.c - texts that were not understood, grouped; texts that change intent.
 */
#include "hall.h"
#include "support/suite.h"

#include "grammar/misses.h"

enum {
	REPORT = 1 << 20
};

static void report(const char *const *text, size_t n, size_t limit, struct buf *out)
{
	struct misses *m = misses_create(hall.g, hall.now);

	for (size_t i = 0; i < n; i++)
		misses_add(m, str_of(text[i]));
	misses_report(m, limit, out);
	misses_destroy(m);
}

START_TEST(equal_ones_are_counted_together)
{
	static const char *const texts[] = { "今晚月色真美",   "今晚月色真美！",
		                             "今晚月色真美。", "晚上吃啥",
		                             "CXYE",           "  ",
		                             "打13800001111",  "打13900002222" };
	struct buf out = buf_make(REPORT);

	report(texts, 8, 50, &out);
	ck_assert_msg(str_starts(buf_str(&out), STR("     3  \"今晚月色真美\"")), "%s",
	              buf_cstr(&out));
	ck_assert_ptr_nonnull(strstr(buf_cstr(&out), "     2  \"打###########\""));
	ck_assert_ptr_nonnull(strstr(
		buf_cstr(&out),
		"8 texts not understood when they came, 3 different; 1 understood by now\n"));
	buf_free(&out);
}
END_TEST

/* Digits never show, whatever they are part of. */
START_TEST(numbers_are_masked)
{
	static const char *const texts[] = { "密码是246810吧你说",
		                             "身份证110101199003070011" };
	struct buf out = buf_make(REPORT);

	report(texts, 2, 50, &out);
	ck_assert_ptr_null(strstr(buf_cstr(&out), "246810"));
	ck_assert_ptr_null(strstr(buf_cstr(&out), "1101"));
	ck_assert_ptr_nonnull(strstr(buf_cstr(&out), "######"));
	buf_free(&out);
}
END_TEST

START_TEST(a_line_to_add_is_proposed)
{
	static const struct {
		const char *text, *line;
	} rows[] = {
		{ "CXYR", "near balance.query" },
		{ "CXYR", "code CXYR" },
		{ "取消彩铃业无", "to add under intent " },
		{ "取消彩铃业无", "say 取消彩铃业无" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf out = buf_make(REPORT);

		report(&rows[i].text, 1, 50, &out);
		ck_assert_msg(strstr(buf_cstr(&out), rows[i].line) != NULL, "%s",
		              buf_cstr(&out));
		buf_free(&out);
	}
}
END_TEST

START_TEST(no_more_lines_than_asked_for)
{
	static const char *const texts[] = { "天气真好", "晚上吃啥", "哈哈哈" };
	struct buf out = buf_make(REPORT);
	unsigned lines = 0;

	report(texts, 3, 2, &out);
	for (size_t i = 0; i < out.n; i++)
		lines += out.p[i] == '\n' ? 1 : 0;
	ck_assert_uint_eq(lines, 3); /* and the sum */
	buf_free(&out);
}
END_TEST

START_TEST(groups_are_bounded)
{
	struct misses *m = misses_create(hall.g, hall.now);
	struct buf out = buf_make(REPORT);
	char text[32];

	for (unsigned i = 0; i < MISSES_GROUPS + 100; i++) {
		for (unsigned k = 0; k < 4; k++)
			text[k] = (char)('A' + (i >> 4 * k & 15));
		(void)snprintf(text + 4, sizeof(text) - 4, "QZZZQ");
		misses_add(m, str_of(text));
	}
	misses_report(m, 1, &out);
	ck_assert_msg(strstr(buf_cstr(&out), "4096 different and 100 more") != NULL, "%s",
	              buf_cstr(&out));
	misses_destroy(m);
	buf_free(&out);
}
END_TEST

START_TEST(what_changes_is_named)
{
	static const struct {
		const char *before, *after, *line;
	} rows[] = {
		{ "CXYE", "YE", "" },
		{ "CXYE", "CXZD", "\"x ####\"  balance.query -> bill.query\n" },
		{ "CXZD3", "CXZD2",
		  "\"x ####\"  bill.query month=2026-03 -> bill.query month=2026-02\n" },
		{ "哈哈", "KTCL",
		  "\"x ####\"  unknown -> service.open code=CL  (charged)\n" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct grammar_command after = hall_match(str_of(rows[i].after),
		                                                "");
		struct arena kept = hall.arena;
		struct buf out = buf_make(REPORT);
		struct grammar_command before;

		hall.arena = arena_make(GRAMMAR_ARENA);
		before = hall_match(str_of(rows[i].before), "");
		ck_assert_int_eq(
			misses_differ(STR("x 13800001111"), &before, &after, &out),
			rows[i].line[0] != '\0');
		ck_assert_str_eq(buf_cstr(&out), rows[i].line);
		arena_free(&hall.arena);
		hall.arena = kept;
		buf_free(&out);
	}
}
END_TEST

SUITE("grammar/misses", {
	tcase_add_unchecked_fixture(tc, hall_open, hall_close);
	tcase_add_test(tc, equal_ones_are_counted_together);
	tcase_add_test(tc, numbers_are_masked);
	tcase_add_test(tc, a_line_to_add_is_proposed);
	tcase_add_test(tc, no_more_lines_than_asked_for);
	tcase_add_test(tc, groups_are_bounded);
	tcase_add_test(tc, what_changes_is_named);
})
