/*
 * test_hours.c - when service messages may come, by region and zone (push/hours.h); those
 * of campaigns: test_gate.c.
 */
#include "push/hours.h"
#include "support/suite.h"

static int64_t at(const char *text)
{
	int64_t utc;

	ck_assert_int_eq(civil_parse_time(str_of(text), &utc), ERR_OK);
	return utc;
}

struct zone {
	const char *region;
	int minutes; /* of Greenwich; the hall's is 480 */
};
static const struct zone west[] = { { "west", 360 } },
			 two[] = { { "west", 360 }, { "far", -300 } },
			 rest[] = { { "*", 525 }, { "west", 360 } };

static const struct {
	const struct zone *zone; /* NULL: no rules at all */
	size_t n;
	const char *region, *now, *opens;
} notices[] = {
	{ NULL, 0, "west", "2026-11-25 08:00:00", "2026-11-25 08:00:00" },
	{ NULL, 0, "west", "2026-11-25 20:59:59", "2026-11-25 20:59:59" },
	{ NULL, 0, "west", "2026-11-25 21:00:00", "2026-11-26 08:00:00" },
	{ NULL, 0, "", "2026-11-25 07:59:59", "2026-11-25 08:00:00" },
	{ west, 0, "west", "2026-11-25 00:00:00", "2026-11-25 08:00:00" },
	{ west, 1, "west", "2026-11-25 09:59:59", "2026-11-25 10:00:00" },
	{ west, 1, "west", "2026-11-25 22:59:59", "2026-11-25 22:59:59" },
	{ west, 1, "west", "2026-11-25 23:00:00", "2026-11-26 10:00:00" },
	{ west, 1, "", "2026-11-25 21:30:00", "2026-11-26 10:00:00" },
	{ west, 1, "east", "2026-11-25 08:30:00", "2026-11-25 10:00:00" },
	{ rest, 2, "east", "2026-11-25 07:15:00", "2026-11-25 07:15:00" },
	{ rest, 2, "east", "2026-11-25 20:15:00", "2026-11-26 07:15:00" },
	/* Holidays are no nights: the first of October. */
	{ west, 1, "west", "2026-10-01 11:00:00", "2026-10-01 11:00:00" },
	{ two, 2, "far", "2026-11-25 11:00:00", "2026-11-25 21:00:00" },
	{ two, 2, "far", "2026-11-25 01:00:00", "2026-11-25 01:00:00" },
	/* Who may live in either has no hour of day in both: the hall's. */
	{ two, 2, "", "2026-11-25 12:00:00", "2026-11-25 12:00:00" },
	{ two, 2, "", "2026-11-25 23:00:00", "2026-11-26 08:00:00" },
};

START_TEST(notices_come_by_his_day)
{
	struct push_rules rules = push_rules_defaults();

	ck_assert_int_eq(civil_zone("Asia/Shanghai"), ERR_OK);
	for (size_t i = 0; i < notices[_i].n; i++)
		rules.zone[i] = (struct push_zone){ str_of(notices[_i].zone[i].region),
			                            notices[_i].zone[i].minutes };
	rules.n_zones = notices[_i].n;
	rules.holiday[0] = at("2026-10-01 00:00:00");
	rules.n_holidays = 1;
	ck_assert_int_eq(hours_notice(notices[_i].zone != NULL ? &rules : NULL,
	                              str_of(notices[_i].region), at(notices[_i].now)),
	                 at(notices[_i].opens));
}
END_TEST

SUITE("push/hours",
      tcase_add_loop_test(tc, notices_come_by_his_day, 0, (int)COUNT_OF(notices));)
