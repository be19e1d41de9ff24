/*
 * test_populate.c - the synthetic population: believable, consistent, by seed.
 */
#include <math.h>

#include "../../../src/cmd/populate_priv.h"
#include "support/suite.h"

enum {
	PEOPLE = 20000
};

static struct population population;
static struct person person;

static void setup(void)
{
	ck_assert_int_eq(civil_zone("Asia/Shanghai"), ERR_OK);
	population = (struct population){ .seed = 1,
		                          .first = 13800000000,
		                          .month_passed = 0.5 };
	ck_assert_int_eq(civil_parse_time(STR("2026-10-20 12:00:00"), &population.now),
	                 ERR_OK);
	population.month = civil_month(population.now);
}

static const struct package *package_of(struct str code)
{
	for (size_t i = 0; i < populate_n_packages; i++) {
		if (str_eq(populate_packages[i].code, code))
			return &populate_packages[i];
	}
	ck_abort_msg("no package %.*s", STR_ARG(code));
}

START_TEST(codes_are_unique_and_names_complete)
{
	for (size_t i = 0; i < populate_n_packages; i++) {
		const struct package *p = &populate_packages[i];

		ck_assert_ptr_eq(package_of(p->code), p);
		ck_assert(p->name_zh.n > 0 && p->name_en.n > 0);
	}
}
END_TEST

/* A fee among the main packages on sale names one package. */
START_TEST(fees_on_sale_are_unique)
{
	for (size_t i = 0; i < populate_n_packages; i++) {
		for (size_t j = 0; j < i; j++) {
			const struct package *p = &populate_packages[i],
					     *q = &populate_packages[j];

			ck_assert(p->kind != PACKAGE_MAIN || q->kind != PACKAGE_MAIN ||
			          !p->on_sale || !q->on_sale || p->fee_fen != q->fee_fen);
		}
	}
}
END_TEST

static int64_t expected_bill(const struct person *p, const struct usage_month *u)
{
	int64_t fen = tariff_bill(package_of(p->row.sub.package), u->voice_s, u->sms,
	                          u->data_kib)
	                      .total_fen;

	for (size_t i = 0; i < p->row.n_services; i++)
		fen += package_of(p->row.service[i])->fee_fen;
	return fen;
}

START_TEST(each_subscriber_is_consistent)
{
	for (int64_t i = 0; i < 2000; i++) {
		populate_person(&population, i, &person);
		ck_assert_int_eq(person.row.sub.msisdn, population.first + i);
		ck_assert_int_le(person.row.sub.owner_since, population.now);
		ck_assert_uint_ge(person.n_usage, 1);
		ck_assert_int_ge(person.usage[0].usage.month,
		                 civil_month(person.row.sub.owner_since));
		for (size_t m = 0; m + 1 < person.n_usage; m++)
			ck_assert_int_eq(person.usage[m].usage.bill_fen,
			                 expected_bill(&person, &person.usage[m].usage));
		ck_assert_int_eq(person.usage[person.n_usage - 1].usage.month,
		                 population.month);
		ck_assert_int_eq(person.usage[person.n_usage - 1].usage.bill_fen,
		                 BILL_NONE);
		ck_assert_uint_eq(person.row.sub.puk.n, 8);
	}
}
END_TEST

START_TEST(the_seed_makes_the_population)
{
	struct person again;

	populate_person(&population, 7, &person);
	populate_person(&population, 7, &again);
	ck_assert_uint_eq(person.n_usage, again.n_usage);
	for (size_t m = 0; m < person.n_usage; m++) {
		ck_assert_int_eq(person.usage[m].usage.voice_s,
		                 again.usage[m].usage.voice_s);
		ck_assert_int_eq(person.usage[m].usage.data_kib,
		                 again.usage[m].usage.data_kib);
	}
	ck_assert(str_eq(person.row.sub.puk, again.row.sub.puk));
	population.seed = 2;
	populate_person(&population, 7, &again);
	ck_assert(!str_eq(person.row.sub.puk, again.row.sub.puk));
}
END_TEST

struct shares {
	double n, active, hans, minimal, zero_sms, sms, voice_min, data_mb, months;
};

static struct shares shares_of(void)
{
	struct shares s = { 0 };

	for (int64_t i = 0; i < PEOPLE; i++) {
		populate_person(&population, i, &person);
		s.n++;
		s.active += person.row.sub.status == SUB_ACTIVE;
		s.hans += person.row.sub.language == LANG_ZH_HANS;
		s.minimal += person.minimal;
		for (size_t m = 0; m + 1 < person.n_usage; m++) {
			const struct usage_month *u = &person.usage[m].usage;

			s.months++;
			s.zero_sms += u->sms == 0;
			s.sms += (double)u->sms;
			s.voice_min += (double)u->voice_s / 60;
			s.data_mb += (double)u->data_kib / 1024;
		}
	}
	return s;
}

static void near(double got, double expected, double tolerance)
{
	ck_assert_msg(fabs(got - expected) <= tolerance, "got %f, expected %f", got,
	              expected);
}

/* The published figures that the generator aims at. */
START_TEST(the_whole_is_believable)
{
	const struct shares s = shares_of();

	near(s.active / s.n, 0.955, 0.006);
	ck_assert(s.active / s.n >= 0.94);
	near(s.hans / s.n, 0.97, 0.005);
	near(s.minimal / s.n, 0.60, 0.03);
	near(s.zero_sms / s.months, 0.19, 0.02);
	near(s.voice_min / s.months, 90, 4);
	near(s.sms / s.months, 10, 1);
	near(s.data_mb / s.months, 20480, 1200);
}
END_TEST

static bool has(const char *code)
{
	for (size_t i = 0; i < person.row.n_services; i++)
		if (str_eq(person.service[i], str_of(code)))
			return true;
	return false;
}

/* As often as published of each alone; and so that there is something to be sold with. */
START_TEST(services_go_together)
{
	double calls = 0, tones = 0, alerts = 0, with_calls = 0, with_alerts = 0;

	for (int64_t i = 0; i < PEOPLE; i++) {
		populate_person(&population, i, &person);
		calls += has("VOLTE");
		tones += has("CL");
		alerts += has("LDTX");
		with_calls += has("CL") && has("VOLTE");
		with_alerts += has("CL") && has("LDTX");
	}
	near(calls / PEOPLE, 0.60, 0.02);
	near(tones / PEOPLE, 0.18, 0.02);
	near(alerts / PEOPLE, 0.12, 0.02);
	ck_assert(with_calls * PEOPLE > 1.2 * tones * calls);
	ck_assert(with_alerts * PEOPLE > 2 * tones * alerts);
	ck_assert(with_calls > 0.05 * PEOPLE && with_alerts > 0.05 * PEOPLE);
}
END_TEST

SUITE("cmd/populate", tcase_add_checked_fixture(tc, setup, NULL);
      tcase_add_test(tc, codes_are_unique_and_names_complete);
      tcase_add_test(tc, fees_on_sale_are_unique);
      tcase_add_test(tc, each_subscriber_is_consistent);
      tcase_add_test(tc, the_seed_makes_the_population);
      tcase_add_test(tc, the_whole_is_believable);
      tcase_add_test(tc, services_go_together);)
