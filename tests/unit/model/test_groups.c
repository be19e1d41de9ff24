/*
 * test_groups.c - what a class of enterprises and a level of permission open, by file and
 * by default, and whom a limit binds.
 */
#include <stdio.h>

#include "model/group.h"
#include "model/subscriber.h"
#include "support/suite.h"

#define LINES(...)                                                   \
	(const struct group_text[]){ __VA_ARGS__ },                  \
		sizeof((const struct group_text[]){ __VA_ARGS__ }) / \
			sizeof(struct group_text)
#define LINE(number, of, says)                                                      \
	{                                                                           \
		.name = { of, sizeof(of) - 1 }, .text = { says, sizeof(says) - 1 }, \
		.line = (number)                                                    \
	}

static struct group_head head(const char *class, const char *level, int64_t limit_fen)
{
	return (struct group_head){ .code = STR("G1"),
		                    .class = str_of(class),
		                    .level = str_of(level),
		                    .limit_fen = limit_fen };
}

/* The level of the file, else that of the class; a name that is none opens nothing. */
static const struct {
	const char *class, *level;
	unsigned opens;
} levels[] = {
	{ "sme", "", GROUP_REPORT },
	{ "cluster", "", 0 },
	{ "cluster", "query", GROUP_REPORT | GROUP_QUERY },
	{ "large", "approve", GROUP_REPORT | GROUP_QUERY | GROUP_APPROVE },
	{ "large", "buy",
	  GROUP_REPORT | GROUP_QUERY | GROUP_APPROVE | GROUP_ORDER | GROUP_CHANGE },
	{ "public", "none", 0 },
	{ "sme", "everything", 0 },
	{ "bank", "", 0 },
	{ "", "", 0 },
	{ "", "report", GROUP_REPORT },
};

START_TEST(a_level_is_the_files_or_the_classs)
{
	const struct group_rules r = group_rules_defaults();
	const struct group_head h = head(levels[_i].class, levels[_i].level, 0);

	ck_assert_uint_eq(group_rights(&r, &h), levels[_i].opens);
}
END_TEST

/* What an administrator may do for a member is what the level of their enterprise opens. */
static const struct {
	const char *of, *level, *members;
	bool admin;
	enum group_right right;
	bool may;
} places[] = {
	{ "G1", "buy", "G1", true, GROUP_ORDER, true },
	{ "G1", "approve", "G1", true, GROUP_ORDER, false },
	{ "G1", "approve", "G1", true, GROUP_CHANGE, false },
	{ "G1", "approve", "G1", true, GROUP_QUERY, true },
	{ "G1", "none", "G1", true, GROUP_ANY, true },
	{ "G1", "none", "G1", true, GROUP_REPORT, false },
	{ "G1", "buy", "G1", false, GROUP_QUERY, false },
	{ "G1", "buy", "G1", false, GROUP_ANY, false },
	{ "G1", "buy", "G2", true, GROUP_ANY, false },
};

START_TEST(an_administrator_may_what_the_level_opens)
{
	const struct group_rules r = group_rules_defaults();
	struct place admin = { .of = { .code = str_of(places[_i].of),
		                       .level = str_of(places[_i].level) },
		               .admin = places[_i].admin };
	struct place member = { .of = { .code = str_of(places[_i].members) } };
	const struct dossier of_admin = { .have = NEED_PLACES,
		                          .place = &admin,
		                          .n_places = 1 };
	const struct dossier of_member = { .have = NEED_PLACES,
		                           .place = &member,
		                           .n_places = 1 };
	const struct dossier nowhere = { .have = NEED_PLACES };

	ck_assert_int_eq(group_may(&r, &of_admin, &of_member, places[_i].right) != NULL,
	                 places[_i].may);
	ck_assert_ptr_null(group_may(&r, &nowhere, &of_member, GROUP_ANY));
	ck_assert_ptr_null(group_may(&r, &of_admin, &nowhere, GROUP_ANY));
}
END_TEST

/* Its own limit before that of the class; only whoever the enterprise pays is bound. */
static const struct {
	enum sub_class class;
	const char *of;
	int64_t limit_fen, fee_fen;
	bool bound;
} orders[] = {
	{ CLASS_BUSINESS, "bank", 0, 2001, true },
	{ CLASS_BUSINESS, "bank", 0, 2000, false },
	{ CLASS_BUSINESS, "bank", 5000, 5000, false },
	{ CLASS_BUSINESS, "bank", 5000, 5001, true },
	{ CLASS_BUSINESS, "bank", 1, 2, true },
	{ CLASS_BUSINESS, "shop", 0, 1000000, false },
	{ CLASS_BUSINESS, "shop", 100, 101, true },
	{ CLASS_BUSINESS, "", 0, 1000000, false },
	{ CLASS_PERSONAL, "bank", 0, 2001, false },
};

static struct group_rules read_rules(void)
{
	struct group_rules r;
	struct fault fault = { .text = "" };

	ck_assert_msg(group_rules_parse("g",
	                                LINES(LINE(1, "level.all", "report, order"),
	                                      LINE(2, "bank.level", "all"),
	                                      LINE(3, "bank.limit", "20"),
	                                      LINE(4, "shop.limit", "none")),
	                                &r, &fault) == ERR_OK,
	              "%s", fault.text);
	return r;
}

START_TEST(a_limit_binds_whom_the_enterprise_pays)
{
	const struct group_rules r = read_rules();
	struct place place = { .of = head(orders[_i].of, "", orders[_i].limit_fen) };
	const struct dossier d = { .known = true,
		                   .have = NEED_PLACES,
		                   .sub = { .class = orders[_i].class },
		                   .place = &place,
		                   .n_places = 1 };

	ck_assert_int_eq(group_binds(&r, &d, orders[_i].fee_fen) != NULL,
	                 orders[_i].bound);
}
END_TEST

START_TEST(the_file_replaces_all_defaults)
{
	const struct group_rules r = read_rules();
	const struct group_head bank = head("bank", "", 0), old = head("sme", "", 0);

	ck_assert_uint_eq(group_rights(&r, &bank), GROUP_REPORT | GROUP_ORDER);
	ck_assert_uint_eq(group_rights(&r, &old), 0);
}
END_TEST

static const struct {
	struct group_text line;
	const char *fault;
} bad[] = {
	{ LINE(7, "level.all", "report; order"), "g:7: level.all = \"report; order\"" },
	{ LINE(7, "level.all", ""), "g:7:" },
	{ LINE(7, "bank.level", "all"), "expected a level that stands above it" },
	{ LINE(7, "bank.limit", "-1"), "expected yuan from 0" },
	{ LINE(7, "bank.limit", "much"), "expected yuan from 0" },
	{ LINE(7, "bank.fee", "1"), "level and limit only" },
	{ LINE(7, "bank", "1"), "level and limit only" },
};

START_TEST(a_bad_line_is_refused_and_the_old_rules_stay)
{
	struct group_rules r = group_rules_defaults();
	struct fault fault = { .text = "" };

	ck_assert_int_ne(group_rules_parse("g", &bad[_i].line, 1, &r, &fault), ERR_OK);
	ck_assert_msg(strstr(fault.text, bad[_i].fault) != NULL, "%s", fault.text);
	ck_assert_uint_eq(r.n_levels, group_rules_defaults().n_levels);
}
END_TEST

/* Not one more than there is room for. */
START_TEST(too_many_are_refused)
{
	struct group_text line[GROUP_CLASSES + 1];
	char name[GROUP_CLASSES + 1][16];
	struct group_rules r = group_rules_defaults();
	struct fault fault = { .text = "" };

	for (int level = 0; level < 2; level++) {
		for (size_t i = 0; i <= GROUP_CLASSES; i++) {
			(void)snprintf(name[i], sizeof(name[i]),
			               level ? "level.l%zu" : "c%zu.limit", i);
			line[i] = (struct group_text){ str_of(name[i]),
				                       level ? STR("report") : STR("1"),
				                       (int)i };
		}
		ck_assert_int_eq(group_rules_parse("g", line, GROUP_CLASSES, &r, &fault),
		                 ERR_OK);
		ck_assert_int_ne(
			group_rules_parse("g", line, GROUP_CLASSES + 1, &r, &fault),
			ERR_OK);
	}
}
END_TEST

SUITE("model/groups",
      tcase_add_loop_test(tc, a_level_is_the_files_or_the_classs, 0, COUNT_OF(levels));
      tcase_add_loop_test(tc, an_administrator_may_what_the_level_opens, 0,
                          COUNT_OF(places));
      tcase_add_loop_test(tc, a_limit_binds_whom_the_enterprise_pays, 0,
                          COUNT_OF(orders));
      tcase_add_test(tc, the_file_replaces_all_defaults);
      tcase_add_loop_test(tc, a_bad_line_is_refused_and_the_old_rules_stay, 0,
                          COUNT_OF(bad));
      tcase_add_test(tc, too_many_are_refused);)
