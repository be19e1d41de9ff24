/*
 * test_notices.c - what may be sent to whom, and when.
 */
#include "model/changes.h"
#include "model/group.h"
#include "support/suite.h"

#define NIGHT  INT64_C(1792463460 + 12 * 3600) /* 2026-10-20 22:31 in Shanghai */
#define MIDDAY INT64_C(1792463460 + 2 * 3600)  /* 12:31 */
#define DUSK   INT64_C(1792463460 + 8 * 3600)  /* 18:31 */

static const struct {
	bool opted_out, has;
	struct preference p;
	enum pref_category category;
	int64_t when;
	bool allowed;
} cases[] = {
	{ false, false, { 0 }, PREF_PLANS, MIDDAY, true },
	{ false, false, { 0 }, PREF_PLANS, NIGHT, false },
	{ true, false, { 0 }, PREF_PLANS, MIDDAY, false },
	{ true, true, { .from_hour = 9, .to_hour = 18 }, PREF_DATA, MIDDAY, false },
	{ false, true, { .off = 1U << PREF_PLANS }, PREF_PLANS, MIDDAY, false },
	{ false, true, { .off = 1U << PREF_PLANS }, PREF_DATA, MIDDAY, true },
	{ false, true, { .from_hour = 18, .to_hour = 21 }, PREF_DATA, MIDDAY, false },
	{ false, true, { .from_hour = 18, .to_hour = 21 }, PREF_DATA, DUSK, true },
	{ false, true, { .from_hour = 9, .to_hour = 18 }, PREF_EVENTS, DUSK, false },
	{ false, true, { .from_hour = 18, .to_hour = 24 }, PREF_EVENTS, NIGHT, false },
};

START_TEST(marketing_is_sent_as_preferred)
{
	struct preference p = cases[_i].p;
	const struct dossier d = { .known = true,
		                   .opted_out = cases[_i].opted_out,
		                   .have = NEED_PREFERENCE,
		                   .preference = cases[_i].has ? &p : NULL };

	ck_assert_int_eq(civil_zone("Asia/Shanghai"), ERR_OK);
	ck_assert_int_eq(pref_allows(&d, cases[_i].category, cases[_i].when),
	                 cases[_i].allowed);
}
END_TEST

/* A bond shows nothing unless it stands between the present owners of both. */
static const struct {
	enum bond_state state;
	int64_t asker_since, owner_since;
	bool shows;
} bonds[] = {
	{ BOND_STANDING, 10, 20, true },  { BOND_ASKED, 10, 20, false },
	{ BOND_ENDED, 10, 20, false },    { BOND_STANDING, 11, 20, false },
	{ BOND_STANDING, 10, 21, false },
};

START_TEST(a_bond_shows_what_both_owners_agreed_to)
{
	struct bond b = { .asker = 1,
		          .asker_since = bonds[_i].asker_since,
		          .msisdn = 2,
		          .owner_since = bonds[_i].owner_since,
		          .state = bonds[_i].state };
	const struct dossier asker = { .msisdn = 1,
		                       .known = true,
		                       .sub = { .owner_since = 10 } };
	const struct dossier of = { .msisdn = 2,
		                    .known = true,
		                    .have = NEED_BONDS,
		                    .sub = { .owner_since = 20 },
		                    .bonded = &b,
		                    .n_bonded = 1 };
	struct changes c = { .arena = NULL };

	ck_assert_int_eq(bond_shows(&c, &asker, &of), bonds[_i].shows);
	/* Ended in this turn already: that counts. */
	c.bonds.row = &(struct bond){ .asker = 1, .msisdn = 2, .state = BOND_ENDED };
	c.bonds.n = 1;
	ck_assert(!bond_shows(&c, &asker, &of));
}
END_TEST

/* What an administrator may do for a member is what the level of their enterprise opens. */
static const struct {
	struct place admin, member;
	enum group_level level;
	bool may;
} places[] = {
	{ { .group = { "G1", 2 }, .admin = true, .level = GROUP_BUY },
	  { .group = { "G1", 2 } },
	  GROUP_BUY,
	  true },
	{ { .group = { "G1", 2 }, .admin = true, .level = GROUP_APPROVE },
	  { .group = { "G1", 2 } },
	  GROUP_BUY,
	  false },
	{ { .group = { "G1", 2 }, .admin = true, .level = GROUP_APPROVE },
	  { .group = { "G1", 2 } },
	  GROUP_QUERY,
	  true },
	{ { .group = { "G1", 2 }, .admin = false, .level = GROUP_BUY },
	  { .group = { "G1", 2 } },
	  GROUP_QUERY,
	  false },
	{ { .group = { "G1", 2 }, .admin = true, .level = GROUP_BUY },
	  { .group = { "G2", 2 }, .admin = true, .level = GROUP_BUY },
	  GROUP_NONE,
	  false },
};

START_TEST(an_administrator_may_what_the_level_opens)
{
	struct place admin = places[_i].admin, member = places[_i].member;
	const struct dossier of_admin = { .have = NEED_PLACES,
		                          .place = &admin,
		                          .n_places = 1 };
	const struct dossier of_member = { .have = NEED_PLACES,
		                           .place = &member,
		                           .n_places = 1 };
	const struct dossier nowhere = { .have = NEED_PLACES };

	ck_assert_int_eq(group_may(&of_admin, &of_member, places[_i].level) != NULL,
	                 places[_i].may);
	ck_assert_ptr_null(group_may(&nowhere, &of_member, GROUP_NONE));
	ck_assert_ptr_null(group_may(&of_admin, &nowhere, GROUP_NONE));
}
END_TEST

/* The level of the file, else that of the class; a name that is none opens nothing. */
static const struct {
	const char *class, *level;
	enum group_level is;
} levels[] = {
	{ "sme", "", GROUP_REPORT },      { "cluster", "", GROUP_NONE },
	{ "cluster", "buy", GROUP_BUY },  { "large", "approve", GROUP_APPROVE },
	{ "public", "none", GROUP_NONE }, { "sme", "everything", GROUP_NONE },
	{ "", "", GROUP_NONE },           { "", "query", GROUP_QUERY },
};

START_TEST(a_level_is_the_files_or_the_classs)
{
	ck_assert_int_eq(
		group_level_of(str_of(levels[_i].class), str_of(levels[_i].level)),
		levels[_i].is);
}
END_TEST

SUITE("model/notices",
      tcase_add_loop_test(tc, marketing_is_sent_as_preferred, 0, COUNT_OF(cases));
      tcase_add_loop_test(tc, a_bond_shows_what_both_owners_agreed_to, 0,
                          COUNT_OF(bonds));
      tcase_add_loop_test(tc, an_administrator_may_what_the_level_opens, 0,
                          COUNT_OF(places));
      tcase_add_loop_test(tc, a_level_is_the_files_or_the_classs, 0, COUNT_OF(levels));)
