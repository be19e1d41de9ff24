/*
 * test_people.c - everybody in order of number, with what is the owner's and no more.
 */
#include "raw.h"
#include "store/people.h"

#define NOW   INT64_C(1790812800) /* 2026-10-01 08:00 in Shanghai */
#define OWNED INT64_C(1780272000) /* 2026-06-01 08:00 */
#define DAY   INT64_C(86400)

static struct fixture f;
static struct store_reader *reader;
static struct taken {
	int64_t msisdn;
	char package[8], held[STORE_PEOPLE_HELD + 1];
	enum sub_status status;
	size_t n_usage;
	struct usage_month first;
} taken[8];
static size_t n;

static void take(void *ctx, const struct store_person *p)
{
	struct taken *t = &taken[n++];

	ck_assert_ptr_eq(ctx, &f);
	ck_assert_uint_le(n, COUNT_OF(taken));
	*t = (struct taken){ .msisdn = p->msisdn,
		             .status = p->status,
		             .n_usage = p->n_usage };
	ck_assert_uint_lt(p->package.n, sizeof(t->package));
	memcpy(t->package, p->package.p, p->package.n);
	for (size_t i = 0; i < p->n_held; i++) {
		ck_assert_uint_eq(p->held[i].package.n, 1);
		strncat(t->held, p->held[i].package.p, 1);
	}
	if (p->n_usage > 0)
		t->first = p->usage[0];
}

static void put_use(int64_t msisdn, int year, int m, int64_t sms)
{
	put_month(&f, msisdn,
	          (struct usage_month){ .month = month_make(year, m),
	                                .sms = sms,
	                                .bill_fen = BILL_NONE });
}

static void put_held(int64_t msisdn, const char *code, int64_t until)
{
	const struct subscription_row row = {
		msisdn, { .package = str_of(code), .since = SINCE, .until = until }
	};

	ck_assert_int_eq(store_begin(f.store), ERR_OK);
	ck_assert_int_eq(store_put(f.store, STORE_SUBSCRIPTIONS, &row, 1, SINCE, NULL),
	                 ERR_OK);
	ck_assert_int_eq(store_commit(f.store), ERR_OK);
}

static void setup(void)
{
	disk_folder(&f);
	fixture_open(&f, STORE_CREATE);
	for (int i = 0; i < 3; i++) {
		const struct subscriber_row row = person(NUMBER + 2 * i,
		                                         i == 1 ? OWNED : SINCE);

		put_person(&f, &row);
		put_use(row.sub.msisdn, 2026, 5, 10 + i);
		put_use(row.sub.msisdn, 2026, 7, 20 + i);
	}
	put_held(NUMBER, "A", 0);
	put_held(NUMBER, "B", NOW - 100 * DAY);
	put_held(NUMBER, "C", NOW - 200 * DAY);
	put_held(NUMBER + 4, "D", NOW + DAY);
	/* Rows of numbers that are no subscriber any more stand between them. */
	raw(&f, "INSERT INTO usage_month VALUES (13800000002, 0, 0, x'00');"
	        "INSERT INTO subscription (msisdn, package, since, owner_since, until, "
	        "contract_until, penalty_fen) VALUES (13800000002, 'X', 1, 0, 0, 0, 0);");
	reader = reader_of(&f);
	n = 0;
}

static void teardown(void)
{
	store_reader_close(reader);
	raw_end(&f);
}

START_TEST(all_come_in_order_with_what_is_theirs)
{
	int64_t after = 0;

	ck_assert_int_eq(store_people(reader, NOW, &after, take, &f), ERR_OK);
	ck_assert_uint_eq(n, 3);
	ck_assert_int_eq(after, NUMBER + 4);
	for (size_t i = 0; i < 3; i++) {
		ck_assert_int_eq(taken[i].msisdn, NUMBER + 2 * (int64_t)i);
		ck_assert_int_eq(taken[i].status, SUB_KEPT);
		ck_assert_str_eq(taken[i].package, "58");
	}
	ck_assert_uint_eq(taken[0].n_usage, 2);
	ck_assert_int_eq(taken[0].first.sms, 10);
	ck_assert_uint_eq(taken[2].n_usage, 2);
	ck_assert_int_eq(taken[2].first.sms, 12);
	/* The month before the owner's first is not his. */
	ck_assert_uint_eq(taken[1].n_usage, 1);
	ck_assert_int_eq(taken[1].first.sms, 21);
	/* What ended long ago is left out. */
	ck_assert_str_eq(taken[0].held, "AB");
	ck_assert_str_eq(taken[1].held, "");
	ck_assert_str_eq(taken[2].held, "D");
	ck_assert_int_eq(store_people(reader, NOW, &after, take, &f), ERR_END);
	ck_assert_uint_eq(n, 3);
}
END_TEST

START_TEST(rows_of_another_owner_are_not_shown)
{
	int64_t after = NUMBER - 1;

	raw(&f,
	    "UPDATE subscriber SET owner_since = 1790000000 WHERE msisdn = 13800000001");
	ck_assert_int_eq(store_people(reader, NOW, &after, take, &f), ERR_OK);
	ck_assert_uint_eq(taken[0].n_usage, 0);
	ck_assert_str_eq(taken[0].held, "");
}
END_TEST

START_TEST(only_those_behind_are_handed_out)
{
	int64_t after = NUMBER + 1;

	ck_assert_int_eq(store_people(reader, NOW, &after, take, &f), ERR_OK);
	ck_assert_uint_eq(n, 2);
	ck_assert_int_eq(taken[0].msisdn, NUMBER + 2);
	ck_assert_int_eq(taken[0].first.sms, 21);
}
END_TEST

SUITE("store/people", tcase_add_checked_fixture(tc, setup, teardown);
      tcase_add_test(tc, all_come_in_order_with_what_is_theirs);
      tcase_add_test(tc, rows_of_another_owner_are_not_shown);
      tcase_add_test(tc, only_those_behind_are_handed_out);)
