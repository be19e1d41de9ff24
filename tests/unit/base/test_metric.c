/*
 * test_metric.c - figures, and the page that a monitoring system reads.
 */
#include "base/openmetrics.h"
#include "support/openmetrics.h"
#include "support/suite.h"

static const struct {
	int64_t us;
	size_t step;
} durations[] = {
	{ -5, 0 },   { 0, 0 },         { 50, 0 },        { 51, 1 },         { 100, 1 },
	{ 1000, 4 }, { 10000000, 17 }, { 10000001, 18 }, { INT64_MAX, 18 },
};

START_TEST(a_duration_counts_in_its_step)
{
	struct metric_times t = { 0 };

	metric_time(&t, durations[_i].us);
	for (size_t i = 0; i <= METRIC_STEPS; i++)
		ck_assert_uint_eq(metric_get(&t.step[i]),
		                  i == durations[_i].step ? 1 : 0);
}
END_TEST

START_TEST(a_quantile_is_the_bound_of_its_step)
{
	struct metric_times t = { 0 };

	ck_assert_uint_eq(metric_quantile(&t, 0.5), 0);
	for (int i = 0; i < 98; i++)
		metric_time(&t, 60);
	metric_time(&t, 900);
	metric_time(&t, 900);
	ck_assert_uint_eq(metric_quantile(&t, 0.5), 100);
	ck_assert_uint_eq(metric_quantile(&t, 0.99), 1000);
}
END_TEST

START_TEST(pairs_are_bounded)
{
	static struct metric_pairs p;
	uint64_t sum = 0;

	for (int i = 0; i < 1000; i++) {
		char a[80];

		(void)snprintf(a, sizeof(a), "%060d", i % 500);
		metric_pair_add(&p, str_of(a), STR("b"));
		(void)snprintf(a, sizeof(a), "short%d", i % 500);
		metric_pair_add(&p, str_of(a), STR("b"));
	}
	ck_assert_uint_eq(metric_pairs_used(&p), METRIC_PAIRS);
	for (size_t i = 0; i < METRIC_PAIRS; i++)
		sum += metric_get(&p.pair[i].n);
	ck_assert_uint_eq(sum, 2000);
	ck_assert_str_eq(p.pair[METRIC_PAIRS - 1].a, "other");
}
END_TEST

START_TEST(a_page_is_well_formed)
{
	struct buf out = buf_make(1 << 20);
	struct metric_times t = { 0 };
	struct openmetrics m;
	struct om_page *p;

	metric_time(&t, 70);
	metric_time(&t, 20000000);
	m = openmetrics_family(&out, "a_seconds", OPENMETRICS_HISTOGRAM, "h");
	openmetrics_put_times(&m, (struct openmetrics_label[5]){ { "x", "\"\\\n}" } },
	                      &t);
	openmetrics_put_times(&m, NULL, &t);
	m = openmetrics_family(&out, "b", OPENMETRICS_COUNTER, "h");
	openmetrics_put(&m, NULL, UINT64_MAX);
	m = openmetrics_family(&out, "c", OPENMETRICS_GAUGE, "h");
	openmetrics_put_us(
		&m, (struct openmetrics_label[5]){ { "x", "1" }, { "y", "2" } }, 1500000);
	openmetrics_end(&out);
	p = om_read(buf_str(&out));
	ck_assert(om_same(om_value(p, "a_seconds_count"), 2));
	ck_assert(om_same(
		om_value(p, "a_seconds_bucket{x=\"\\\"\\\\\\n}\",le=\"0.000100\"}"), 1));
	ck_assert(om_same(om_value(p, "c{x=\"1\",y=\"2\"}"), 1.5));
	free(p);
	buf_free(&out);
}
END_TEST

SUITE("base/metric", {
	tcase_add_loop_test(tc, a_duration_counts_in_its_step, 0, COUNT_OF(durations));
	tcase_add_test(tc, a_quantile_is_the_bound_of_its_step);
	tcase_add_test(tc, pairs_are_bounded);
	tcase_add_test(tc, a_page_is_well_formed);
})
