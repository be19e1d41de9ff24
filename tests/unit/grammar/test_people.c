/*
 * test_people.c - people.tsv: what people text, by class, with a floor for each.
 */
#include "hall.h"
#include "support/suite.h"

#include "grammar/measure.h"

enum {
	SET_MAX = 1 << 20
};

/* Percent of each class. */
static const struct {
	const char *name;
	unsigned floor;
} floors[] = {
	{ "clean", 100 },     { "case", 100 },        { "width", 100 },
	{ "spacing", 100 },   { "punctuation", 100 }, { "traditional", 100 },
	{ "natural-zh", 92 }, { "natural-en", 92 },   { "wrapped", 96 },
	{ "typo", 90 },       { "context", 100 },     { "trap", 100 },
};
#define FLOORS (sizeof(floors) / sizeof(floors[0]))

static struct str set(void)
{
	static char text[SET_MAX];
	FILE *in = fopen("tests/unit/grammar/people.tsv", "r");
	size_t n;

	ck_assert_ptr_nonnull(in);
	n = fread(text, 1, sizeof(text), in);
	ck_assert_int_eq(fclose(in), 0);
	ck_assert_uint_lt(n, sizeof(text));
	return (struct str){ text, n };
}

static void measure(struct measure *m, struct buf *report)
{
	struct fault fault = { "" };
	int64_t now = 0;

	ck_assert(measure_now(set(), &now));
	ck_assert_int_eq(now, hall_time("2026-10-20 10:31:00"));
	ck_assert_msg(measure_run(hall.g, hall.m, set(), now, m, report, &fault) ==
	                      ERR_OK,
	              "%s", fault.text);
}

/* Check takes no message of more than 8 KiB. */
static const char *last_of(struct buf *report)
{
	const size_t most = 3000;
	const char *all = buf_cstr(report);

	return report->n > most ? all + report->n - most : all;
}

START_TEST(each_class_is_above_its_floor)
{
	struct buf report = buf_make(SET_MAX);
	struct measure m;
	unsigned texts = 0;

	measure(&m, &report);
	ck_assert_uint_eq(m.n, FLOORS);
	for (size_t i = 0; i < m.n; i++) {
		ck_assert_str_eq(m.of[i].name, floors[i].name);
		ck_assert_msg(m.of[i].right * 100 >= floors[i].floor * m.of[i].texts,
		              "%s: %u of %u\n%s", m.of[i].name, m.of[i].right,
		              m.of[i].texts, last_of(&report));
		texts += m.of[i].texts;
	}
	ck_assert_uint_ge(texts, 600);
	ck_assert_msg(m.charged_false == 0, "%s", last_of(&report));
	buf_free(&report);
}
END_TEST

/* Each intent of the grammar but the answers stands in the set often enough. */
START_TEST(each_intent_is_measured)
{
	for (size_t i = 0; i < grammar_intents(hall.g); i++) {
		const char *name = grammar_intent(hall.g, i)->name;
		struct str rest = set(), line, column = STR("");
		unsigned n = 0;

		if (str_starts(str_of(name), STR("confirm.")) ||
		    strcmp(name, "menu.select") == 0 || strcmp(name, "more") == 0)
			continue;
		while (str_cut(&rest, '\n', &line)) {
			for (int k = 0; k < 4; k++)
				(void)str_cut(&line, '\t', &column);
			n += str_starts(column, str_of(name)) ? 1 : 0;
		}
		ck_assert_msg(n >= 4, "%s: %u texts", name, n);
	}
}
END_TEST

START_TEST(what_is_wrong_is_counted)
{
	static const struct {
		const char *line;
		unsigned right, charged_false;
	} rows[] = {
		{ "a\t\tCXYE\tbalance.query\t{}\n", 1, 0 },
		{ "a\t\tCXYE\tbill.query\t{}\n", 0, 0 },
		{ "a\t\tCXYE\tbill.query|balance.query\t*\n", 1, 0 },
		{ "a\t\tCXZD202602\tbill.query\t{}\n", 0, 0 },
		{ "a\t\tKTCL\t-charge\t*\n", 0, 1 },
		{ "a\t\tKTCL\tunknown\t{}\n", 0, 1 },
		{ "a\t\tCXYR\tbalance.query?\t{}\n", 1, 0 },
		{ "a\t\tCXYR\tbalance.query\t{}\n", 0, 0 },
		{ "# said\n\na\tmenu:3\t2\\n\tmenu.select\t{\"n\":2}\n", 1, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf report = buf_make(SET_MAX);
		struct fault fault = { "" };
		struct measure m;

		ck_assert_int_eq(measure_run(hall.g, hall.m, str_of(rows[i].line),
		                             hall.now, &m, &report, &fault),
		                 ERR_OK);
		ck_assert_uint_eq(m.n, 1);
		ck_assert_msg(m.of[0].right == rows[i].right, "%s", rows[i].line);
		ck_assert_uint_eq(m.charged_false, rows[i].charged_false);
		ck_assert_int_eq(report.n == 0, rows[i].right == 1);
		buf_free(&report);
	}
}
END_TEST

START_TEST(a_set_may_say_when_it_was_texted)
{
	static const struct {
		const char *set;
		bool says;
	} sets[] = {
		{ "a\t\tCXYE\tbalance.query\t{}\n", false },
		{ "# said\n# now 2026-01-02 03:04:05\na\t\tCXYE\tbalance.query\t{}\n",
		  true },
		{ "# now 2026-01-02 03:04:05\r\n", true },
		{ "# now and then\n", false },
	};

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		int64_t now = 7;

		ck_assert_int_eq(measure_now(str_of(sets[i].set), &now), sets[i].says);
		ck_assert_int_eq(now,
		                 sets[i].says ? hall_time("2026-01-02 03:04:05") : 7);
	}
}
END_TEST

START_TEST(a_line_that_is_none_is_named)
{
	static const char *const lines[] = { "a\tb\n", "a\topen\tx\ty\tz\n",
		                             "a\t\tx\ty\tz\tmore\n" };

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct buf report = buf_make(SET_MAX);
		struct fault fault = { "" };
		struct measure m;

		ck_assert_int_eq(measure_run(hall.g, hall.m, str_of(lines[i]), hall.now,
		                             &m, &report, &fault),
		                 ERR_SYNTAX);
		ck_assert_ptr_nonnull(strstr(fault.text, "line 1"));
		buf_free(&report);
	}
}
END_TEST

/* Of the Wilson interval's published examples: 81 of 263 is 25.5 to 36.6 %. */
START_TEST(intervals_are_wilsons)
{
	double low, high;

	measure_wilson(81, 263, &low, &high);
	ck_assert_double_eq_tol(low, 0.2553, 0.0005);
	ck_assert_double_eq_tol(high, 0.3662, 0.0005);
	measure_wilson(10, 10, &low, &high);
	ck_assert_double_eq_tol(low, 0.7225, 0.0005);
	ck_assert_double_eq_tol(high, 1.0, 1e-9);
}
END_TEST

SUITE("grammar/people", {
	tcase_add_unchecked_fixture(tc, hall_open, hall_close);
	tcase_add_test(tc, each_class_is_above_its_floor);
	tcase_add_test(tc, each_intent_is_measured);
	tcase_add_test(tc, what_is_wrong_is_counted);
	tcase_add_test(tc, a_set_may_say_when_it_was_texted);
	tcase_add_test(tc, a_line_that_is_none_is_named);
	tcase_add_test(tc, intervals_are_wilsons);
})
