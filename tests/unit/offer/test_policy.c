/*
 * test_policy.c - the file of limits and its faults.
 */
#include <stdio.h>

#include "offer/policy.h"
#include "support/suite.h"

static enum err parse(const char *name, const char *text, struct policy *out,
                      struct fault *fault)
{
	const struct policy_text row = { str_of(name), str_of(text), 17 };

	*out = policy_defaults();
	*fault = (struct fault){ "" };
	return policy_parse("offer.conf", &row, 1, out, fault);
}

START_TEST(units_are_exact)
{
	struct policy p;
	struct fault fault;

	ck_assert_int_eq(parse("mature.depth", "12.34", &p, &fault), ERR_OK);
	ck_assert_int_eq(p.stage[STAGE_MATURE].depth_bp, 1234);
	ck_assert_int_eq(parse("barred.down", "yes", &p, &fault), ERR_OK);
	ck_assert_int_eq(p.stage[STAGE_BARRED].down, 1);
	ck_assert_int_eq(parse("mature.up", "no", &p, &fault), ERR_OK);
	ck_assert_int_eq(p.stage[STAGE_MATURE].up, 0);
	ck_assert_int_eq(parse("cost.minute", "0.005", &p, &fault), ERR_OK);
	ck_assert_int_eq(p.cost_li_per[DIM_VOICE], 5);
	ck_assert_int_eq(parse("guard.material", "-5", &p, &fault), ERR_OK);
	ck_assert_int_eq(p.material_li, -5000);
	ck_assert_int_eq(parse("months.weights", "0, 0,0,1,1,62", &p, &fault), ERR_OK);
	ck_assert_int_eq(p.weight[2], 0);
	ck_assert_int_eq(p.weight[5], 62);
}
END_TEST

static const struct {
	const char *name, *text, *says;
} faults[] = {
	{ "guard.depth", "10", "there is no such limit" },
	{ "old.depth", "10", "there is no such limit" },
	{ "mature", "10", "there is no such limit" },
	{ "months.weight", "1", "there is no such limit" },
	{ "mature.depth", "ten", "expected a number" },
	{ "mature.depth", "", "expected a number" },
	{ "mature.depth", "10.123", "expected a number" },
	{ "mature.depth", "101", "0 to 100 %" },
	{ "mature.depth", "-1", "0 to 100 %" },
	{ "mature.up", "1", "yes or no" },
	{ "guard.shock", "1001", "0 to 1000 yuan" },
	{ "guard.months_least", "0", "1 to 6" },
	{ "guard.months_least", "2.5", "whole number" },
	{ "guard.again_days", "99999999999999999999", "expected" },
	{ "months.weights", "1,1,1,2,2", "six" },
	{ "months.weights", "1,1,1,2,2,3,4", "six" },
	{ "months.weights", "0,0,0,0,0,0", "1 to 64" },
	{ "months.weights", "10,10,10,10,10,15", "1 to 64" },
	{ "months.weights", "1,1,1,2,2,-1", "six" },
	{ "months.weights", "1,1,1,2,2,x", "six" },
};

START_TEST(faults_name_their_line)
{
	const struct policy before = policy_defaults();
	struct policy p;
	struct fault fault;

	ck_assert_int_ne(parse(faults[_i].name, faults[_i].text, &p, &fault), ERR_OK);
	ck_assert_msg(strstr(fault.text, "offer.conf:17: ") == fault.text &&
	                      strstr(fault.text, faults[_i].says) != NULL,
	              "%s", fault.text);
	ck_assert_mem_eq(&p, &before, sizeof(p));
}
END_TEST

START_TEST(the_table_of_the_design)
{
	static const struct {
		enum stage stage;
		int32_t down, up, depth, margin;
	} rows[STAGES] = {
		{ STAGE_NEW, 0, 0, 5, 40 },        { STAGE_GROWING, 0, 1, 15, 35 },
		{ STAGE_MATURE, 0, 1, 10, 35 },    { STAGE_ENDING, 1, 1, 25, 25 },
		{ STAGE_DECLINING, 1, 0, 25, 25 }, { STAGE_AT_RISK, 1, 0, 35, 15 },
		{ STAGE_SILENT, 1, 0, 40, 0 },     { STAGE_BARRED, 0, 0, 0, 0 },
	};
	const struct policy p = policy_defaults();

	for (size_t i = 0; i < STAGES; i++) {
		const struct stage_limits *l = &p.stage[rows[i].stage];

		ck_assert_int_eq(l->down, rows[i].down);
		ck_assert_int_eq(l->up, rows[i].up);
		ck_assert_int_eq(l->depth_bp, rows[i].depth * 100);
		ck_assert_int_eq(l->margin_bp, rows[i].margin * 100);
		ck_assert_ptr_nonnull(stage_name(rows[i].stage));
	}
	ck_assert_ptr_null(stage_name(STAGES));
}
END_TEST

SUITE("offer/policy", tcase_add_test(tc, units_are_exact);
      tcase_add_loop_test(tc, faults_name_their_line, 0,
                          (int)(sizeof(faults) / sizeof(faults[0])));
      tcase_add_test(tc, the_table_of_the_design);)
