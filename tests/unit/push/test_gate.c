/*
 * test_gate.c - the last gate: each reason alone, their order over random combinations,
 * and the hours of people, house, campaign and calendar.
 */
#include <stdio.h>

#include "offer/learn.h"
#include "push/gate.h"
#include "support/suite.h"

enum {
	DAY_S = 86400,
	RANDOM_RUNS = 20000
};

/* All that a case is made of, so that it can be spoilt. */
struct world {
	struct gate_case c;
	struct campaign campaign;
	struct push_rules rules;
	struct dossier who;
	struct consent consent[2];
	struct complaint complaint[1];
	struct preference preference;
	struct subscription held[1];
	struct push push[8];
};

static int64_t at(const char *text)
{
	int64_t utc;

	ck_assert_int_eq(civil_parse_time(str_of(text), &utc), ERR_OK);
	return utc;
}

/* A Wednesday morning on which nothing stands against it. */
static void make(struct world *w)
{
	ck_assert_int_eq(civil_zone("Asia/Shanghai"), ERR_OK);
	*w = (struct world){ .rules = push_rules_defaults() };
	w->campaign = (struct campaign){ .kind = CAMPAIGN_KIND_BROADCAST,
		                         .category = PREF_DATA,
		                         .from = at("2026-11-20 00:00:00"),
		                         .until = at("2026-12-05 00:00:00"),
		                         .from_min = 600,
		                         .to_min = 1200 };
	w->consent[0] = (struct consent){ .subject = STR("marketing"),
		                          .given = true,
		                          .at = 1000 };
	w->who = (struct dossier){ .msisdn = 13800001234,
		                   .known = true,
		                   .sub = { .owner_since = 77, .package = STR("58") },
		                   .consent = w->consent,
		                   .n_consents = 1,
		                   .complaint = w->complaint,
		                   .held = w->held,
		                   .push = w->push };
	w->c = (struct gate_case){ .campaign = &w->campaign,
		                   .rules = &w->rules,
		                   .who = &w->who,
		                   .owner_since = 77,
		                   .now = at("2026-11-25 11:00:00"),
		                   .offer = STR("LLB10"),
		                   .on_sale = true,
		                   .stock = INT64_MAX,
		                   .budget_li = INT64_MAX,
		                   .cost_li = 80,
		                   .segments = 2 };
}

static void push_before(struct world *w, int64_t seconds, struct str offer)
{
	w->push[w->who.n_pushes++] = (struct push){ .campaign = 3,
		                                    .at = w->c.now - seconds,
		                                    .offer = offer };
}

/* ---- each reason alone ---- */

static void unknown(struct world *w)
{
	w->who.known = false;
}
static void other_owner(struct world *w)
{
	w->who.sub.owner_since = 78;
}
static void blacklisted(struct world *w)
{
	w->who.suppressed = true;
}
static void lost(struct world *w)
{
	w->who.sub.status = SUB_LOST;
}
static void owes(struct world *w)
{
	w->who.sub.status = SUB_ARREARS1;
}
static void ported(struct world *w)
{
	w->who.sub.status = SUB_PORTED_OUT;
}
static void opted_out(struct world *w)
{
	w->who.opted_out = true;
}
static void no_consent(struct world *w)
{
	w->who.n_consents = 0;
}
static void consent_taken_back(struct world *w)
{
	w->consent[1] = w->consent[0];
	w->consent[0].given = false;
	w->who.n_consents = 2;
}
static void consent_to_another_thing(struct world *w)
{
	w->consent[0].subject = STR("CL");
}
static void open_complaint(struct world *w)
{
	w->complaint[0] = (struct complaint){ .at = 1, .state = COMPLAINT_WORKING };
	w->who.n_complaints = 1;
}
static void late_complaint(struct world *w)
{
	w->complaint[0] = (struct complaint){ .at = w->c.now - 30 * DAY_S + 1,
		                              .state = COMPLAINT_CLOSED };
	w->who.n_complaints = 1;
}
static void not_wanted(struct world *w)
{
	w->preference.off = 1U << PREF_DATA;
	w->who.preference = &w->preference;
}
static void over(struct world *w)
{
	w->campaign.until = w->c.now;
}
static void not_begun(struct world *w)
{
	w->campaign.from = w->c.now + 1;
}
static void before_its_hours(struct world *w)
{
	w->campaign.from_min = 661;
}
static void behind_its_hours(struct world *w)
{
	w->campaign.to_min = 660;
}
static void out_of_the_house_hours(struct world *w)
{
	w->rules.from_min = 661;
}
static void out_of_his_hours(struct world *w)
{
	w->preference.from_hour = 18;
	w->preference.to_hour = 21;
	w->who.preference = &w->preference;
}
static void holiday(struct world *w)
{
	w->rules.holiday[0] = at("2026-11-25 00:00:00");
	w->rules.n_holidays = 1;
}
static void capped(struct world *w)
{
	push_before(w, 7 * DAY_S - 1, STR(""));
	push_before(w, 1, STR("CL"));
}
/* What others have sent counts. */
static void capped_by_others(struct world *w)
{
	push_before(w, 2, STR(""));
	push_before(w, 1, STR(""));
	w->push[w->who.n_pushes - 1].campaign = w->push[w->who.n_pushes - 2].campaign = 0;
}
static void capped_as_he_asked(struct world *w)
{
	push_before(w, 7 * DAY_S - 1, STR(""));
	w->preference.off = 1U << PREF_EVENTS;
	w->who.preference = &w->preference;
}
static void offered_lately(struct world *w)
{
	push_before(w, 30 * DAY_S - 1, STR("LLB10"));
}
static void refused_elsewhere(struct world *w)
{
	push_before(w, 90 * DAY_S, STR("LLB10"));
	w->push[w->who.n_pushes - 1].refused = true;
}
static void outranked(struct world *w)
{
	w->c.better = true;
}
static void held(struct world *w)
{
	w->held[0] = (struct subscription){ .package = STR("LLB10"), .until = w->c.now };
	w->who.n_held = 1;
}
static void tries_what_is_to_be_tried(struct world *w)
{
	held(w);
	w->held[0].trial = true;
	w->campaign.kind = CAMPAIGN_KIND_TRIAL;
}
static void his_package(struct world *w)
{
	w->who.sub.package = STR("LLB10");
}
static void off_sale(struct world *w)
{
	w->c.on_sale = false;
}
static void sold_out(struct world *w)
{
	w->c.stock = 0;
}
static void spent(struct world *w)
{
	w->c.budget_li = 79;
}
static void too_long(struct world *w)
{
	w->c.segments = 0;
}

static const struct {
	void (*spoil)(struct world *w);
	enum gate_reason reason;
	bool service; /* holds a notice back too */
} reasons[] = {
	{ unknown, GATE_GONE, true },
	{ other_owner, GATE_GONE, true },
	{ blacklisted, GATE_BLACKLIST, true },
	{ lost, GATE_STATUS, true },
	{ owes, GATE_STATUS, false },
	{ ported, GATE_STATUS, true },
	{ opted_out, GATE_OPTED_OUT, false },
	{ no_consent, GATE_NO_CONSENT, false },
	{ consent_taken_back, GATE_NO_CONSENT, false },
	{ consent_to_another_thing, GATE_NO_CONSENT, false },
	{ open_complaint, GATE_COMPLAINT, false },
	{ late_complaint, GATE_COMPLAINT, false },
	{ not_wanted, GATE_PREFERENCE, false },
	{ over, GATE_OVER, true },
	{ not_begun, GATE_HOURS, true },
	{ before_its_hours, GATE_HOURS, true },
	{ behind_its_hours, GATE_HOURS, true },
	{ out_of_the_house_hours, GATE_HOURS, true },
	{ out_of_his_hours, GATE_HOURS, false },
	{ holiday, GATE_HOURS, false },
	{ capped, GATE_CAP, false },
	{ capped_by_others, GATE_CAP, false },
	{ capped_as_he_asked, GATE_CAP, false },
	{ offered_lately, GATE_AGAIN, false },
	{ refused_elsewhere, GATE_AGAIN, false },
	{ outranked, GATE_PRIORITY, false },
	{ held, GATE_HELD, false },
	{ tries_what_is_to_be_tried, GATE_HELD, false },
	{ his_package, GATE_HELD, false },
	{ off_sale, GATE_OFF_SALE, false },
	{ sold_out, GATE_STOCK, false },
	{ spent, GATE_BUDGET, true },
	{ too_long, GATE_TOO_LONG, true },
};

static void ask(const struct world *w, enum gate_reason want)
{
	const enum gate_reason is = gate_ask(&w->c);

	ck_assert_msg(is == want, "\"%s\", not \"%s\"", gate_name(is), gate_name(want));
}

START_TEST(each_reason_alone)
{
	struct world w;

	make(&w);
	ask(&w, GATE_NONE);
	reasons[_i].spoil(&w);
	ask(&w, reasons[_i].reason);
	w.campaign.kind = CAMPAIGN_KIND_CARE;
	ask(&w, reasons[_i].service ? reasons[_i].reason : GATE_NONE);
}
END_TEST

START_TEST(all_reasons_are_tried)
{
	for (unsigned r = GATE_NONE + 1; r < GATE_REASONS; r++) {
		bool found = r == GATE_FAILED || r == GATE_GRANT; /* of who sends */

		for (size_t i = 0; i < COUNT_OF(reasons); i++)
			found = found || reasons[i].reason == r;
		ck_assert_msg(found, "%s", gate_name((enum gate_reason)r));
	}
	ck_assert_ptr_null(gate_name(GATE_REASONS));
}
END_TEST

/* Those that do not undo or imply another: the first that was chosen wins. */
START_TEST(of_many_reasons_the_first_wins)
{
	struct learn_dice dice = learn_dice(6);

	for (int run = 0; run < RANDOM_RUNS; run++) {
		enum gate_reason want = GATE_NONE;
		struct world w;

		make(&w);
		for (size_t i = 0; i < COUNT_OF(reasons); i++) {
			if (learn_roll(&dice) % 8 != 0 || w.who.n_pushes > 2)
				continue;
			/* A part of one dossier stands for one thing. */
			if (reasons[i].spoil == capped_as_he_asked ||
			    reasons[i].spoil == consent_to_another_thing)
				continue;
			reasons[i].spoil(&w);
			if (want == GATE_NONE || reasons[i].reason < want)
				want = reasons[i].reason;
		}
		ask(&w, want);
	}
}
END_TEST

/* ---- edges ---- */

START_TEST(what_just_passes)
{
	struct world w;

	make(&w);
	push_before(&w, 7 * DAY_S, STR(""));
	push_before(&w, 1, STR("CL"));
	push_before(&w, 30 * DAY_S, STR("LLB10"));
	for (int i = 0; i < 3; i++) { /* notices of service */
		push_before(&w, 1, STR(""));
		w.push[w.who.n_pushes - 1].service = true;
	}
	w.complaint[0] = (struct complaint){ .at = w.c.now - 30 * DAY_S,
		                             .state = COMPLAINT_CLOSED };
	w.who.n_complaints = 1;
	w.held[0] = (struct subscription){ .package = STR("LLB10"),
		                           .until = w.c.now - 1 };
	w.who.n_held = 1;
	w.c.budget_li = w.c.cost_li;
	w.c.stock = 1;
	ask(&w, GATE_NONE);
	held(&w);
	w.held[0].trial = true; /* he may be asked to keep it, once */
	w.held[0].since = w.c.now - 20 * DAY_S;
	push_before(&w, 20 * DAY_S, STR("LLB10"));
	ask(&w, GATE_NONE);
	w.push[w.who.n_pushes - 1].at++;
	ask(&w, GATE_AGAIN);
	w.who.n_pushes--;
	w.rules.express = false;
	no_consent(&w);
	ask(&w, GATE_NONE);
	w.rules.cap_fewer = 0;
	w.preference = (struct preference){ .at = 5 }; /* took all back again */
	w.who.preference = &w.preference;
	ask(&w, GATE_NONE);
}
END_TEST

static const struct {
	const char *now, *opens, *closes;
	bool holidays;
	int his_from, his_to;
} hours[] = {
	{ "2026-11-25 11:00:00", "2026-11-25 11:00:00", "2026-11-25 20:00:00", false, 0,
	  0 },
	{ "2026-11-25 10:00:00", "2026-11-25 10:00:00", "2026-11-25 20:00:00", false, 0,
	  0 },
	{ "2026-11-25 09:59:59", "2026-11-25 10:00:00", "2026-11-25 20:00:00", false, 0,
	  0 },
	{ "2026-11-25 19:59:59", "2026-11-25 19:59:59", "2026-11-25 20:00:00", false, 0,
	  0 },
	{ "2026-11-25 20:00:00", "2026-11-26 10:00:00", "2026-11-25 20:00:00", false, 0,
	  0 },
	{ "2026-11-25 00:00:00", "2026-11-25 10:00:00", "2026-11-25 20:00:00", false, 0,
	  0 },
	{ "2026-11-19 12:00:00", "2026-11-20 10:00:00", "2026-11-19 20:00:00", false, 0,
	  0 },
	/* The 28th to 30th are holidays. */
	{ "2026-11-27 20:00:00", "2026-12-01 10:00:00", "2026-11-27 20:00:00", false, 0,
	  0 },
	{ "2026-11-27 20:00:00", "2026-11-28 10:00:00", "2026-11-27 20:00:00", true, 0,
	  0 },
	/* To the end of the campaign: asked again then, it is over. */
	{ "2026-12-04 20:00:00", "2026-12-05 00:00:00", "2026-12-04 20:00:00", false, 0,
	  0 },
	/* His own. */
	{ "2026-11-25 11:00:00", "2026-11-25 18:00:00", "2026-11-25 20:00:00", false, 18,
	  21 },
	{ "2026-11-25 11:00:00", "2026-11-25 11:00:00", "2026-11-25 18:00:00", false, 9,
	  18 },
	{ "2026-11-25 11:00:00", "2026-12-05 00:00:00", "2026-11-25 10:00:00", false, 8,
	  10 },
};

START_TEST(hours_open_and_close)
{
	struct world w;

	make(&w);
	for (int i = 0; i < 3; i++)
		w.rules.holiday[i] = at("2026-11-28 00:00:00") + i * DAY_S;
	w.rules.n_holidays = 3;
	w.campaign.holidays = hours[_i].holidays;
	w.preference.from_hour = hours[_i].his_from;
	w.preference.to_hour = hours[_i].his_to;
	w.who.preference = &w.preference;
	w.c.now = at(hours[_i].now);
	ck_assert_int_eq(gate_opens(&w.c), at(hours[_i].opens));
	ck_assert_int_eq(gate_closes(&w.c), at(hours[_i].closes));
}
END_TEST

/* Where clocks change: 9 o'clock is 9 o'clock, the day it happens too. */
START_TEST(a_day_of_23_hours)
{
	struct world w;

	make(&w);
	ck_assert_int_eq(civil_zone("Europe/Berlin"), ERR_OK);
	w.campaign.from = at("2027-03-27 00:00:00");
	w.campaign.until = at("2027-04-05 00:00:00");
	w.c.now = at("2027-03-27 22:00:00");
	ck_assert_int_eq(gate_opens(&w.c), at("2027-03-28 10:00:00"));
	w.c.now = at("2027-03-28 12:00:00");
	ck_assert_int_eq(gate_closes(&w.c), at("2027-03-28 20:00:00"));
}
END_TEST

/* ---- where clocks differ ---- */

static void put_zones(struct world *w)
{
	w->rules.zone[0] = (struct push_zone){ STR("*"), 525 };
	w->rules.zone[1] = (struct push_zone){ STR("west"), 360 };
	w->rules.zone[2] = (struct push_zone){ STR("far"), -630 };
	w->rules.n_zones = 3;
}

static const struct {
	const char *region, *now, *opens, *closes;
} abroad[] = {
	{ "west", "2026-11-25 11:00:00", "2026-11-25 12:00:00", "2026-11-25 22:00:00" },
	{ "west", "2026-11-25 21:59:59", "2026-11-25 21:59:59", "2026-11-25 22:00:00" },
	{ "west", "2026-11-25 22:00:00", "2026-11-26 12:00:00", "2026-11-25 22:00:00" },
	{ "north", "2026-11-25 09:15:00", "2026-11-25 09:15:00", "2026-11-25 19:15:00" },
	{ "north", "2026-11-25 09:14:59", "2026-11-25 09:15:00", "2026-11-25 19:15:00" },
	/* His day is another one: the 24th still. */
	{ "far", "2026-11-25 11:00:00", "2026-11-25 11:00:00", "2026-11-25 14:30:00" },
	{ "far", "2026-11-25 14:30:00", "2026-11-26 04:30:00", "2026-11-25 14:30:00" },
	/* The 28th is his holiday, not the hall's. */
	{ "far", "2026-11-28 15:00:00", "2026-11-30 04:30:00", "2026-11-28 14:30:00" },
	{ "west", "2026-11-28 01:00:00", "2026-11-29 12:00:00", NULL },
	/* Not known: day in all of them, noon of the one being the other's midnight. */
	{ "", "2026-11-25 13:00:00", "2026-11-25 13:00:00", "2026-11-25 14:30:00" },
	{ "", "2026-11-25 14:30:00", "2026-11-26 12:00:00", NULL },
};

START_TEST(hours_are_those_of_where_he_lives)
{
	struct world w;

	make(&w);
	put_zones(&w);
	w.rules.holiday[0] = at("2026-11-28 00:00:00");
	w.rules.n_holidays = 1;
	w.who.sub.region = str_of(abroad[_i].region);
	w.c.now = at(abroad[_i].now);
	ck_assert_int_eq(gate_opens(&w.c), at(abroad[_i].opens));
	if (abroad[_i].closes != NULL)
		ck_assert_int_eq(gate_closes(&w.c), at(abroad[_i].closes));
}
END_TEST

static unsigned below(struct learn_dice *dice, unsigned n)
{
	return (unsigned)(learn_roll(dice) % n);
}

static bool is_day(const struct world *w, int64_t utc, int zone)
{
	const int64_t local = utc + (int64_t)zone * 60;
	const int64_t minute = local / 60 % (24 * 60);

	return minute >= w->campaign.from_min && minute < w->campaign.to_min;
}

/* The hall's is a fixed offset here, so that a day can be told without a calendar. */
static bool is_day_for_him(const struct world *w, int64_t utc)
{
	bool all = is_day(w, utc, 8 * 60);

	for (size_t i = 0; i < w->rules.n_zones; i++) {
		if (str_eq(w->rules.zone[i].region, w->who.sub.region))
			return is_day(w, utc, w->rules.zone[i].minutes);
		all = all && is_day(w, utc, w->rules.zone[i].minutes);
	}
	return all;
}

/* Whatever the offset: what passes, passes by day; when it opens is the first such moment. */
START_TEST(nothing_leaves_by_night_at_any_offset)
{
	static const char *const regions[] = { "a", "b", "c", "", "nowhere" };
	struct learn_dice dice = learn_dice(7);
	unsigned passed = 0, put_off = 0;

	for (int run = 0; run < RANDOM_RUNS; run++) {
		struct world w;
		int64_t opens;

		make(&w);
		w.rules.from_min = 0;
		w.rules.to_min = 1440;
		w.campaign.from_min = (int)below(&dice, 720);
		w.campaign.to_min = w.campaign.from_min + 1 + (int)below(&dice, 720);
		if (w.campaign.from_min < 480)
			w.campaign.from_min = 480; /* notices hold as well */
		if (w.campaign.to_min > 1260)
			w.campaign.to_min = 1260;
		w.rules.n_zones = below(&dice, 4);
		for (size_t i = 0; i < w.rules.n_zones; i++)
			w.rules.zone[i] = (struct push_zone){
				str_of(regions[i]), (int)below(&dice, 105) * 15 - 720
			};
		w.who.sub.region = str_of(regions[below(&dice, COUNT_OF(regions))]);
		w.c.now = w.campaign.from + (int64_t)below(&dice, 10 * DAY_S);
		opens = gate_opens(&w.c);
		if (gate_ask(&w.c) == GATE_NONE) {
			passed++;
			ck_assert(is_day_for_him(&w, w.c.now));
			ck_assert(is_day_for_him(&w, gate_closes(&w.c) - 1));
			ck_assert_int_gt(gate_closes(&w.c), w.c.now);
			ck_assert_int_le(gate_closes(&w.c) - w.c.now, DAY_S);
		} else if (opens < w.campaign.until) {
			put_off++;
			ck_assert(!is_day_for_him(&w, w.c.now));
			ck_assert(is_day_for_him(&w, opens));
			ck_assert(!is_day_for_him(&w, opens - 1));
			ck_assert_int_le(gate_opens_anywhere(&w.c), opens);
		}
	}
	ck_assert_uint_gt(passed, 1000);
	ck_assert_uint_gt(put_off, 1000);
}
END_TEST

START_TEST(later_are_those_that_time_cures)
{
	for (unsigned r = 0; r < GATE_REASONS; r++)
		ck_assert_int_eq(gate_is_later((enum gate_reason)r),
		                 r == GATE_HOURS || r == GATE_PRIORITY);
}
END_TEST

SUITE("push/gate", tcase_add_loop_test(tc, each_reason_alone, 0, COUNT_OF(reasons));
      tcase_add_test(tc, all_reasons_are_tried);
      tcase_add_test(tc, of_many_reasons_the_first_wins);
      tcase_add_test(tc, what_just_passes);
      tcase_add_loop_test(tc, hours_open_and_close, 0, COUNT_OF(hours));
      tcase_add_test(tc, a_day_of_23_hours);
      tcase_add_loop_test(tc, hours_are_those_of_where_he_lives, 0, COUNT_OF(abroad));
      tcase_add_test(tc, nothing_leaves_by_night_at_any_offset);
      tcase_add_test(tc, later_are_those_that_time_cures);)
