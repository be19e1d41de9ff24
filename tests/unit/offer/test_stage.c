/*
 * test_stage.c - each row of the table of stages: just inside, just outside, and which
 * of two rows that fit comes first.
 */
#include "offer/match.h"
#include "support/suite.h"

/* A contented subscriber: four months and more of the same use. */
static struct stage_facts plain(void)
{
	struct stage_facts f = { .tenure_months = 24,
		                 .contract_days = INT32_MAX,
		                 .usable = 0x3F };

	for (unsigned i = 0; i < USAGE_MONTHS; i++)
		f.use[i][DIM_VOICE] = 10000;
	return f;
}

static struct stage_facts trend(int32_t last)
{
	struct stage_facts f = plain();

	f.use[4][DIM_VOICE] = f.use[5][DIM_VOICE] = last;
	return f;
}

static enum stage stage_of(struct stage_facts f)
{
	const struct policy p = policy_defaults();

	return offer_stage(&p, &f);
}

START_TEST(rows_at_their_edges)
{
	struct stage_facts f = plain();

	ck_assert_int_eq(stage_of(f), STAGE_MATURE);
	f.tenure_months = 3;
	ck_assert_int_eq(stage_of(f), STAGE_MATURE);
	f.tenure_months = 2;
	ck_assert_int_eq(stage_of(f), STAGE_NEW);
	f = plain();
	f.contract_days = 61;
	ck_assert_int_eq(stage_of(f), STAGE_MATURE);
	f.contract_days = 60;
	ck_assert_int_eq(stage_of(f), STAGE_ENDING);
	ck_assert_int_eq(stage_of(trend(11500)), STAGE_MATURE);
	ck_assert_int_eq(stage_of(trend(11502)), STAGE_GROWING);
	ck_assert_int_eq(stage_of(trend(7500)), STAGE_MATURE);
	ck_assert_int_eq(stage_of(trend(7498)), STAGE_DECLINING);
}
END_TEST

START_TEST(silence_is_zeros_and_not_gaps)
{
	struct stage_facts f = trend(0);

	ck_assert_int_eq(stage_of(f), STAGE_SILENT);
	f.use[4][DIM_SMS] = 1;
	ck_assert_int_eq(stage_of(f), STAGE_DECLINING);
	f = trend(0);
	f.usable = 0x2F; /* the month before the last is missing */
	ck_assert_int_ne(stage_of(f), STAGE_SILENT);
}
END_TEST

START_TEST(the_first_row_that_fits)
{
	struct stage_facts f = trend(0);

	f.tenure_months = 1;
	f.contract_days = 10;
	f.complained = true;
	f.arrears = true;
	ck_assert_int_eq(stage_of(f), STAGE_BARRED);
	f.arrears = false;
	f.complaint_open = true;
	ck_assert_int_eq(stage_of(f), STAGE_BARRED);
	f.complaint_open = false;
	ck_assert_int_eq(stage_of(f), STAGE_SILENT);
	f.use[5][DIM_DATA] = 1024 * 1024;
	ck_assert_int_eq(stage_of(f), STAGE_AT_RISK);
	f.complained = false;
	ck_assert_int_eq(stage_of(f), STAGE_NEW);
	f.tenure_months = 12;
	ck_assert_int_eq(stage_of(f), STAGE_ENDING);
	f.contract_days = INT32_MAX;
	ck_assert_int_eq(stage_of(f), STAGE_DECLINING);
	f = plain();
	f.declined_twice = true;
	ck_assert_int_eq(stage_of(f), STAGE_AT_RISK);
}
END_TEST

enum {
	DAY_S = 24 * 3600
};
#define NOW INT64_C(1790812800)

/* again_days is 30, lately is 90 days. */
static const struct {
	struct {
		const char *code;
		int64_t days_ago;
		bool declined;
	} of[3];
	bool cooling[2], twice;
} before[] = {
	{ { { "A", 29, false } }, { true, false }, false },
	{ { { "A", 30, false } }, { false, false }, false },
	{ { { "B", 0, true }, { "A", 31, true } }, { false, true }, true },
	{ { { "B", 89, true }, { "C", 89, true } }, { false, false }, true },
	{ { { "B", 89, true }, { "B", 90, true } }, { false, false }, false },
	{ { { "A", 9, true }, { "B", 9, false }, { "A", 9, false } },
	  { true, true },
	  false },
};

START_TEST(what_was_offered_before_counts_for_its_time)
{
	struct package packages[] = { { .code = STR("A") }, { .code = STR("B") } };
	const struct catalogue catalogue = { packages, 2 };
	const struct tariffs t = { .catalogue = &catalogue };
	const struct policy p = policy_defaults();
	struct offered of[3];
	struct offer_set cooling = { 0 };

	for (size_t i = 0; i < COUNT_OF(of); i++)
		of[i] = (struct offered){
			.package = str_of(before[_i].of[i].code),
			.at = NOW - before[_i].of[i].days_ago * DAY_S,
			.declined = before[_i].of[i].declined,
		};
	offer_before(&t, &p, of, COUNT_OF(of), NOW, &cooling);
	for (size_t i = 0; i < 2; i++)
		ck_assert_int_eq(offer_has(&cooling, i), before[_i].cooling[i]);
	ck_assert_int_eq(stage_declined_twice(of, COUNT_OF(of), NOW), before[_i].twice);
}
END_TEST

START_TEST(contacts_are_what_campaigns_sent_in_thirty_days)
{
	static const struct {
		int64_t s_ago;
		bool sent;
		unsigned contacts;
	} row[] = { { 0, true, 1 },
		    { 30 * DAY_S - 1, true, 1 },
		    { 30 * DAY_S, true, 0 },
		    { 0, false, 0 } };
	struct offered of[3] = { 0 };

	for (size_t i = 0; i < COUNT_OF(of); i++) {
		of[i].at = NOW - row[_i].s_ago;
		of[i].sent = row[_i].sent;
		ck_assert_uint_eq(offer_contacts(of, i + 1, NOW),
		                  row[_i].contacts * (unsigned)(i + 1));
	}
	ck_assert_uint_eq(offer_contacts(NULL, 0, NOW), 0);
}
END_TEST

START_TEST(a_trend_takes_four_usable_months)
{
	const struct policy p = policy_defaults();
	struct stage_facts f = trend(20000);
	int32_t bp = 7;

	ck_assert(offer_trend(&p, &f, &bp));
	ck_assert_int_eq(bp, 10000);
	f.usable = 0x33; /* gaps are stepped over */
	ck_assert(offer_trend(&p, &f, &bp));
	ck_assert_int_eq(bp, 10000);
	f.usable = 0x38;
	ck_assert(!offer_trend(&p, &f, &bp));
	ck_assert_int_eq(stage_of(f), STAGE_MATURE);
	f = trend(5);
	for (unsigned i = 0; i < 4; i++)
		f.use[i][DIM_VOICE] = 0; /* from nothing: no share */
	ck_assert(!offer_trend(&p, &f, &bp));
	f = trend(INT32_MAX);
	f.use[2][DIM_VOICE] = 0;
	f.use[3][DIM_VOICE] = 1;
	ck_assert(offer_trend(&p, &f, &bp));
	ck_assert_int_eq(bp, INT32_MAX);
}
END_TEST

START_TEST(days_of_a_contract_are_whole_ones_to_its_end)
{
	ck_assert_int_eq(stage_contract_days(0, NOW), INT32_MAX);
	ck_assert_int_eq(stage_contract_days(NOW, NOW), INT32_MAX); /* over */
	ck_assert_int_eq(stage_contract_days(NOW + 1, NOW), 0);
	ck_assert_int_eq(stage_contract_days(NOW + DAY_S - 1, NOW), 0);
	ck_assert_int_eq(stage_contract_days(NOW + DAY_S, NOW), 1);
	ck_assert_int_eq(stage_contract_days(INT64_MAX, 0), INT32_MAX);
}
END_TEST

/* Three months are enough, thirty people are, by the defaults. */
static const struct {
	uint8_t own;
	int64_t people;
	uint8_t estimated;
} thin[] = {
	{ 0x00, 30, 0x3F }, { 0x30, 30, 0x0F }, { 0x38, 30, 0 }, { 0x3F, 30, 0 },
	{ 0x30, 29, 0 },    { 0x31, 30, 0x0E }, /* the first weighs 0 */
};

START_TEST(months_of_others_stand_in_for_who_has_too_few)
{
	struct policy p = policy_defaults();
	struct package of = { .typical[CLASS_PERSONAL].people = thin[_i].people };

	p.weight[0] = 0;
	ck_assert_uint_eq(offer_estimated(&p, &of, CLASS_PERSONAL, thin[_i].own),
	                  thin[_i].estimated);
	ck_assert_uint_eq(offer_estimated(&p, &of, CLASS_BUSINESS, thin[_i].own), 0);
	ck_assert_uint_eq(offer_estimated(&p, NULL, CLASS_PERSONAL, thin[_i].own), 0);
	p.thin_people = 0; /* nothing is estimated */
	ck_assert_uint_eq(offer_estimated(&p, &of, CLASS_PERSONAL, thin[_i].own), 0);
}
END_TEST

SUITE("offer/stage", tcase_add_test(tc, rows_at_their_edges);
      tcase_add_test(tc, silence_is_zeros_and_not_gaps);
      tcase_add_test(tc, the_first_row_that_fits);
      tcase_add_loop_test(tc, what_was_offered_before_counts_for_its_time, 0,
                          COUNT_OF(before));
      tcase_add_loop_test(tc, contacts_are_what_campaigns_sent_in_thirty_days, 0, 4);
      tcase_add_test(tc, a_trend_takes_four_usable_months);
      tcase_add_test(tc, days_of_a_contract_are_whole_ones_to_its_end);
      tcase_add_loop_test(tc, months_of_others_stand_in_for_who_has_too_few, 0,
                          COUNT_OF(thin));)
