/*
 * test_notices.c - what may be sent to whom, and when.
 */
#include "model/changes.h"
#include "support/suite.h"

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

SUITE("model/notices", tcase_add_loop_test(tc, a_bond_shows_what_both_owners_agreed_to, 0,
                                           COUNT_OF(bonds));)
