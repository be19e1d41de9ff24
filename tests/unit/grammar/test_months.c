/*
 * test_months.c - each way to write a month, against several days of the year.
 */
#include "support/suite.h"
#include "unit/grammar/hall.h"

static const struct {
	const char *text, *want[3]; /* by the day: 2026-03-20, 2026-01-01, 2025-12-31 */
} forms[] = {
	{ "202602", { "2026-02", "2026-02", "2026-02" } },
	{ "2026-02", { "2026-02", "2026-02", "2026-02" } },
	{ "2026/2", { "2026-02", "2026-02", "2026-02" } },
	{ "2026.02", { "2026-02", "2026-02", "2026-02" } },
	{ "2026年2月", { "2026-02", "2026-02", "2026-02" } },
	{ "2026年02月份", { "2026-02", "2026-02", "2026-02" } },
	{ "26年2月", { "2026-02", "2026-02", "2026-02" } },
	{ "二〇二六年二月", { "2026-02", "2026-02", "2026-02" } },
	{ "二零二五年十二月份", { "2025-12", "2025-12", "2025-12" } },
	{ "2", { "2026-02", "2025-02", "2025-02" } },
	{ "02", { "2026-02", "2025-02", "2025-02" } },
	{ "２", { "2026-02", "2025-02", "2025-02" } },
	{ "2月", { "2026-02", "2025-02", "2025-02" } },
	{ "2 月", { "2026-02", "2025-02", "2025-02" } },
	{ "2月份", { "2026-02", "2025-02", "2025-02" } },
	{ "二月", { "2026-02", "2025-02", "2025-02" } },
	{ "1月", { "2026-01", "2026-01", "2025-01" } },
	{ "12月", { "2025-12", "2025-12", "2025-12" } },
	{ "十二月", { "2025-12", "2025-12", "2025-12" } },
	{ "十一月份", { "2025-11", "2025-11", "2025-11" } },
	{ "十月", { "2025-10", "2025-10", "2025-10" } },
	{ "3月", { "2026-03", "2025-03", "2025-03" } },
	{ "4月", { "2025-04", "2025-04", "2025-04" } },
	{ "本月", { "2026-03", "2026-01", "2025-12" } },
	{ "这个月", { "2026-03", "2026-01", "2025-12" } },
	{ "這個月", { "2026-03", "2026-01", "2025-12" } },
	{ "当月", { "2026-03", "2026-01", "2025-12" } },
	{ "上月", { "2026-02", "2025-12", "2025-11" } },
	{ "上个月", { "2026-02", "2025-12", "2025-11" } },
	{ "上上个月", { "2026-01", "2025-11", "2025-10" } },
	{ "去年2月", { "2025-02", "2025-02", "2024-02" } },
	{ "去年十二月", { "2025-12", "2025-12", "2024-12" } },
	{ "今年1月", { "2026-01", "2026-01", "2025-01" } },
	{ "feb", { "2026-02", "2025-02", "2025-02" } },
	{ "February 2026", { "2026-02", "2026-02", "2026-02" } },
	{ "last month", { "2026-02", "2025-12", "2025-11" } },
};

static const char *const days[3] = { "2026-03-20 10:00:00", "2026-01-01 00:00:00",
	                             "2025-12-31 23:59:59" };

static const struct {
	const char *before, *after;
} frames[] = {
	{ "CXZD", "" },
	{ "CXZD ", "" },
	{ "cxzd#", "" },
	{ "", "账单" },
	{ "账单 ", "" },
	{ "查", "的话费账单" },
	{ "請查一下", "的帳單，謝謝" },
};
static bool ascii(const char *s)
{
	for (; *s != '\0'; s++)
		if ((uint8_t)*s >= 0x80)
			return false;
	return true;
}

START_TEST(every_form_in_every_frame_on_every_day)
{
	char text[256], want[64];

	for (int day = 0; day < 3; day++) {
		hall.now = hall_time(days[day]);
		(void)snprintf(want, sizeof(want), "bill.query|{\"month\":\"%s\"}",
		               forms[_i].want[day]);
		for (size_t k = 0; k < COUNT_OF(frames); k++) {
			/* Letters of a month do not run into those of a code. */
			if (k == 0 && ascii(forms[_i].text) && forms[_i].text[0] > '9')
				continue;
			(void)snprintf(text, sizeof(text), "%s%s%s", frames[k].before,
			               forms[_i].text, frames[k].after);
			ck_assert_msg(strcmp(hall_intent(text, ""), want) == 0,
			              "\"%s\" on %s -> %s", text, days[day], hall.line);
		}
	}
}
END_TEST

static const char *const impossible[] = { "CXZD 0",      "CXZD 13",     "CXZD 00月",
	                                  "CXZD202600",  "CXZD 202613", "CXZD 2026-13",
	                                  "CXZD 十三月", "CXZD 189901", "CXZD 20260201",
	                                  "CXZD 2026",   "CXZD 二十月", "13月账单" };

START_TEST(an_impossible_month_gives_no_month)
{
	const struct grammar_command c = hall_match(str_of(impossible[_i]), "");

	ck_assert_uint_eq(c.n_slots, 0);
}
END_TEST

SUITE("grammar/months", {
	tcase_add_unchecked_fixture(tc, hall_open, hall_close);
	tcase_add_loop_test(tc, every_form_in_every_frame_on_every_day, 0,
	                    COUNT_OF(forms));
	tcase_add_loop_test(tc, an_impossible_month_gives_no_month, 0,
	                    COUNT_OF(impossible));
})
