/*
 * test_notices.c - what may be sent to whom, and when.
 */
#include "model/changes.h"
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

SUITE("model/notices",
      tcase_add_loop_test(tc, marketing_is_sent_as_preferred, 0, COUNT_OF(cases));
      tcase_add_loop_test(tc, a_bond_shows_what_both_owners_agreed_to, 0,
                          COUNT_OF(bonds));)
