/*
 * test_dossiers.c - dossiers of many numbers for a reader are what turns load of each.
 */
#include <stdlib.h>

#include "raw.h"
#include "store/people.h"

#define NOW INT64_C(1790812800) /* 2026-10-01 08:00 in Shanghai */
#define NEED                                                                      \
	(NEED_SUBSCRIPTIONS | NEED_CONSENTS | NEED_COMPLAINTS | NEED_PREFERENCE | \
	 NEED_PUSHES | NEED_ACCOUNT)

enum {
	PEOPLE = 400
};

/* Each table has some of the numbers, by remainders that have nothing in common. */
#define N \
	"WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i < 399) "
#define M "13800000001 + i"
#define O "CASE i % 5 WHEN 0 THEN 7 ELSE 1 END" /* some rows are of another owner */
static const char rows[] =
	"INSERT INTO subscriber (msisdn, owner_since, joined_on, status, language, class, "
	"real_name, name, region, network, terminal, puk, package) " N "SELECT " M
	", 1, 1, i % 3, i % 3, 0, 1, 'n', 'r', '5G', '', '', '58' FROM n WHERE i % 10 <> 7;"
	"INSERT INTO subscription (msisdn, package, since, owner_since, until, "
	"contract_until, penalty_fen) " N "SELECT " M ", 'A' || i, 1, " O
	", 0, 0, 0 FROM n WHERE i % 3 = 0;"
	"INSERT INTO consent (msisdn, subject, at, owner_since, given, channel, text) " N
	"SELECT " M ", 'marketing', 5 + i, " O
	", i % 2, 'sms', 't' FROM n WHERE i % 7 = 1;"
	"INSERT INTO complaint (msisdn, at, kind, owner_since, state, text) " N
	"SELECT " M ", 5, 'k', " O ", 0, '' FROM n WHERE i % 11 = 2;"
	"INSERT INTO preference (msisdn, owner_since, off, from_hour, to_hour, at, inbox) " N
	"SELECT " M ", " O ", 1 + i % 4, 0, 0, 5, 0 FROM n WHERE i % 13 = 3;"
	"INSERT INTO touch (msisdn, at, channel, about) " N "SELECT " M
	", 1790800000, 'call', '' FROM n WHERE i % 17 = 4;"
	"INSERT INTO suppressed (msisdn, at, by, why) " N "SELECT " M
	", 5, 'b', '' FROM n WHERE i % 19 = 5;"
	"INSERT INTO optout (msisdn, owner_since, out, at, inbox) " N "SELECT " M ", " O
	", i % 2, 5, 0 FROM n WHERE i % 23 IN (6, 7);"
	"INSERT INTO campaign (id, code, text, hash, category, state, owner, submitted_by, "
	"approved_by, approval, salt, allowed, step_at, drawn_at, drawn_after, at, why, sent, "
	"segments) VALUES (1, 'C', '', '', 0, 4, '', '', '', '', x'', 0, 0, 0, 0, 0, '', 0, 0);"
	"INSERT INTO target (campaign, msisdn, owner_since, place, state, reason, arm, offer, "
	"command, saving, why, price, value_li, at, outbox, segments, until, replied_at) " N
	"SELECT 1, " M ", " O
	", i, 1 + i % 4, 0, 0, 'LL', '', '', '', '', 0, 1790700000, i, "
	"1, 0, 0 FROM n WHERE i % 3 = 2;"
	"INSERT INTO campaign_test (campaign, msisdn, owner_since, at, by, offer, text, why, "
	"segments, outbox) " N "SELECT 1, " M ", " O
	", 1790800000, '', 'LL', '', '', 1, 1 FROM n WHERE i % 29 = 8;"
	"INSERT INTO account (msisdn, owner_since, balance_fen, credit_fen, points, as_of) " N
	"SELECT " M ", " O ", i, 0, 0, 1 FROM n WHERE i % 2 = 0;";

static struct fixture f;
static struct store_reader *reader;

static void setup(void)
{
	disk_folder(&f);
	fixture_open(&f, STORE_CREATE);
	raw(&f, rows);
	reader = reader_of(&f);
}

static void teardown(void)
{
	store_reader_close(reader);
	raw_end(&f);
}

static struct dossier *turn_loads(int64_t msisdn)
{
	struct dossier *d = arena_new(&f.arena, struct dossier);
	const unsigned need = NEED;

	d->msisdn = msisdn;
	ck_assert_int_eq(store_load_dossiers(f.store, &f.arena, &d, 1), ERR_OK);
	ck_assert_int_eq(store_load_needs(f.store, &f.arena, &d, &need, 1, NOW), ERR_OK);
	return d;
}

#define SAME(field) ck_assert_int_eq((int64_t)l->field, (int64_t)r->field)

static void compare(const struct dossier *l, const struct dossier *r)
{
	SAME(msisdn);
	SAME(known);
	SAME(have);
	SAME(opted_out);
	SAME(suppressed);
	SAME(sub.status);
	SAME(sub.language);
	SAME(has_account);
	SAME(account.balance_fen);
	SAME(n_held);
	SAME(n_consents);
	SAME(n_complaints);
	SAME(n_pushes);
	SAME(n_tests);
	ck_assert_int_eq(l->preference != NULL, r->preference != NULL);
	for (size_t i = 0; i < l->n_held; i++)
		ck_assert(str_eq(l->held[i].package, r->held[i].package));
	for (size_t i = 0; i < l->n_consents; i++)
		SAME(consent[i].given);
	for (size_t i = 0; i < l->n_pushes; i++)
		SAME(push[i].at);
	if (l->preference != NULL)
		SAME(preference->off);
}

/* Of every step'th number, the last first. */
static void load(int64_t step)
{
	struct dossier *d[PEOPLE];
	size_t n = 0;

	for (int64_t i = PEOPLE - 1; i >= 0; i -= step) {
		d[n] = arena_new(&f.arena, struct dossier);
		d[n++]->msisdn = NUMBER + i;
	}
	ck_assert_int_eq(store_people_dossiers(reader, &f.arena, d, NEED, n, NOW),
	                 ERR_OK);
	for (size_t k = 0; k < n; k++) {
		ck_assert_int_eq(d[k]->msisdn, NUMBER + PEOPLE - 1 - (int64_t)k * step);
		compare(turn_loads(d[k]->msisdn), d[k]);
	}
}

START_TEST(many_are_what_each_is)
{
	static const int64_t steps[] = { 1, 2, 7, 100, 1000 };

	load(steps[_i]);
}
END_TEST

SUITE("store/dossiers", tcase_add_checked_fixture(tc, setup, teardown);
      tcase_add_loop_test(tc, many_are_what_each_is, 0, 5);)
