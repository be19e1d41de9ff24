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
	struct push push[4];
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
static void outranked(struct world *w)
{
	w->c.better = true;
}
static void held(struct world *w)
{
	w->held[0] = (struct subscription){ .package = STR("LLB10"), .until = w->c.now };
	w->who.n_held = 1;
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
	{ capped_as_he_asked, GATE_CAP, false },
	{ offered_lately, GATE_AGAIN, false },
	{ outranked, GATE_PRIORITY, false },
	{ held, GATE_HELD, false },
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
		bool found = r == GATE_FAILED; /* whoever sends gives it, not the gate */

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
	w.complaint[0] = (struct complaint){ .at = w.c.now - 30 * DAY_S,
		                             .state = COMPLAINT_CLOSED };
	w.who.n_complaints = 1;
	w.held[0] = (struct subscription){ .package = STR("LLB10"),
		                           .until = w.c.now - 1 };
	w.who.n_held = 1;
	w.c.budget_li = w.c.cost_li;
	w.c.stock = 1;
	ask(&w, GATE_NONE);
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
      tcase_add_test(tc, later_are_those_that_time_cures);)
