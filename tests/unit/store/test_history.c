/*
 * test_history.c - what a dossier holds of the past: order, windows, limits, owners.
 */
#include "../../../src/store/sqlite/sqlite_priv.h"
#include "fixture.h"
#include "store/inspect.h"

#define DAY INT64_C(86400)

static struct fixture f;

static void setup(void)
{
	const struct subscriber_row row = (memory_store(&f), person(NUMBER, SINCE));

	put_person(&f, &row);
}

static void teardown(void)
{
	fixture_end(&f);
}

static int64_t utc(const char *text)
{
	int64_t t;

	ck_assert_int_eq(civil_parse_time(str_of(text), &t), ERR_OK);
	return t;
}

static void put_rows(enum store_kind kind, const void *rows, size_t n, int64_t as_of)
{
	ck_assert_int_eq(store_begin(f.store), ERR_OK);
	ck_assert_msg(store_put(f.store, kind, rows, n, as_of, NULL) == ERR_OK, "%s",
	              store_fault(f.store));
	ck_assert_int_eq(store_commit(f.store), ERR_OK);
}

static void run_sql(const char *text)
{
	ck_assert_msg(sql_script(sql_of(f.store), text) == ERR_OK, "%s",
	              store_fault(f.store));
}

static struct dossier dossier_at(unsigned need, int64_t now)
{
	struct dossier d = { .msisdn = NUMBER }, *one = &d;

	ck_assert_int_eq(store_load_dossiers(f.store, &f.arena, &one, 1), ERR_OK);
	ck_assert_int_eq(store_load_needs(f.store, &f.arena, &one, &need, 1, now),
	                 ERR_OK);
	return d;
}

START_TEST(payments_newest_first_and_bounded)
{
	struct payment_row row[HISTORY_PAYMENTS + 10];
	struct dossier d;

	for (int i = 0; i < HISTORY_PAYMENTS + 10; i++)
		row[i] = (struct payment_row){ NUMBER, { SINCE + i, i, STR("shop") } };
	row[0].payment.at = SINCE - 1; /* of an earlier owner */
	put_rows(STORE_PAYMENTS, row, COUNT_OF(row), SINCE);
	d = dossier_at(NEED_PAYMENTS, SINCE + DAY);
	ck_assert_uint_eq(d.n_payments, HISTORY_PAYMENTS);
	ck_assert_int_eq(d.payment[0].amount_fen, HISTORY_PAYMENTS + 9);
	ck_assert_int_eq(d.payment[1].at, SINCE + HISTORY_PAYMENTS + 8);
	assert_text(d.payment[0].channel, "shop");
	run_sql("DELETE FROM payment WHERE at >= 1577808001");
	ck_assert_uint_eq(dossier_at(NEED_PAYMENTS, SINCE + DAY).n_payments, 0);
}
END_TEST

START_TEST(details_of_this_month_and_five_before)
{
	const struct detail_row row[] = {
		{ NUMBER, { utc("2020-04-30 23:59:59"), DETAIL_SMS, STR("1"), 1, 1 } },
		{ NUMBER, { utc("2020-05-01 00:00:00"), DETAIL_DATA, STR(""), 2, 2 } },
		{ NUMBER, { utc("2020-10-20 00:00:00"), DETAIL_VOICE, STR("3"), 3, 3 } },
	};
	struct dossier d;

	ck_assert_int_eq(dossier_at(NEED_DETAILS, SINCE).details_as_of, 0);
	put_rows(STORE_DETAILS, row, COUNT_OF(row), SINCE + 77);
	d = dossier_at(NEED_DETAILS, utc("2020-10-21 08:00:00"));
	ck_assert_uint_eq(d.n_details, 2);
	ck_assert_int_eq(d.detail[0].kind, DETAIL_VOICE);
	ck_assert_int_eq(d.detail[0].amount, 3);
	ck_assert_int_eq(d.detail[0].fee_fen, 3);
	assert_text(d.detail[0].peer, "3");
	ck_assert_int_eq(d.detail[1].kind, DETAIL_DATA);
	ck_assert_int_eq(d.details_as_of, SINCE + 77);
}
END_TEST

START_TEST(details_are_bounded)
{
	struct detail_row row[HISTORY_DETAILS + 1];

	for (int i = 0; i <= HISTORY_DETAILS; i++)
		row[i] = (struct detail_row){ NUMBER,
			                      { SINCE + i, DETAIL_SMS, STR("1"), i, 1 } };
	put_rows(STORE_DETAILS, row, COUNT_OF(row), SINCE);
	ck_assert_uint_eq(dossier_at(NEED_DETAILS, SINCE + DAY).n_details,
	                  HISTORY_DETAILS);
	ck_assert_int_eq(dossier_at(NEED_DETAILS, SINCE + DAY).detail[0].amount,
	                 HISTORY_DETAILS);
}
END_TEST

START_TEST(resources_by_deduction_until_they_expire)
{
	const struct resource_row row[] = {
		{ NUMBER, { RESOURCE_SMS, STR("s"), 10, 1, 0, 3 } },
		{ NUMBER, { RESOURCE_PACK, STR("p"), 20, 2, SINCE + DAY, 1 } },
		{ NUMBER, { RESOURCE_GENERAL, STR("g"), 30, 3, SINCE + 2 * DAY, 2 } },
	};
	struct dossier d;

	put_rows(STORE_RESOURCES, row, 2, SINCE + 5);
	put_rows(STORE_RESOURCES, row + 2, 1, SINCE + 9);
	d = dossier_at(NEED_RESOURCES, SINCE + DAY - 1);
	ck_assert_uint_eq(d.n_resources, 3);
	assert_text(d.resource[0].name, "p");
	assert_text(d.resource[1].name, "g");
	ck_assert_int_eq(d.resource[1].total, 30);
	ck_assert_int_eq(d.resource[1].used, 3);
	ck_assert_int_eq(d.resource[1].expires_on, SINCE + 2 * DAY);
	ck_assert_int_eq(d.resource[2].kind, RESOURCE_SMS);
	ck_assert_int_eq(d.resources_as_of, SINCE + 5); /* the oldest */
	d = dossier_at(NEED_RESOURCES, SINCE + DAY);
	ck_assert_uint_eq(d.n_resources, 2);
	assert_text(d.resource[0].name, "g");
}
END_TEST

START_TEST(subscriptions_open_or_ended_within_six_months)
{
	const int64_t now = utc("2020-10-21 08:00:00");
	const struct subscription_row row[] = {
		{ NUMBER, { STR("A"), SINCE, 0, now + DAY, 100, false } },
		{ NUMBER, { STR("B"), SINCE, now + DAY, 0, 0, false } },
		{ NUMBER, { STR("C"), SINCE, utc("2020-04-01 00:00:00"), 0, 0, false } },
		{ NUMBER, { STR("D"), SINCE, utc("2020-03-31 23:59:59"), 0, 0, false } },
	};
	struct dossier d;

	put_rows(STORE_SUBSCRIPTIONS, row, COUNT_OF(row), SINCE);
	d = dossier_at(NEED_SUBSCRIPTIONS, now);
	ck_assert_uint_eq(d.n_held, 3);
	assert_text(d.held[0].package, "A");
	ck_assert_int_eq(d.held[0].contract_until, now + DAY);
	ck_assert_int_eq(d.held[0].penalty_fen, 100);
	ck_assert_int_eq(d.held[1].until, now + DAY);
	assert_text(d.held[2].package, "C");
}
END_TEST

/* A service with an end to come is held: the newest list of the person does not add it. */
START_TEST(a_service_that_ends_later_is_not_opened_again)
{
	static const struct str services[] = { { "B", 1 } };
	const struct subscription_row held = {
		NUMBER, { STR("B"), SINCE, SINCE + DAY, 0, 0, false }
	};
	struct subscriber_row row = person(NUMBER, SINCE);

	put_rows(STORE_SUBSCRIPTIONS, &held, 1, SINCE);
	row.service = services;
	row.n_services = 1;
	put_person(&f, &row);
	ck_assert_uint_eq(dossier_at(NEED_SUBSCRIPTIONS, SINCE).n_held, 1);
	row.account.as_of = SINCE + DAY + 1;
	put_person(&f, &row);
	ck_assert_uint_eq(dossier_at(NEED_SUBSCRIPTIONS, SINCE).n_held, 2);
}
END_TEST

START_TEST(complaints_and_consents_newest_first)
{
	const struct complaint_row complaint[] = {
		{ NUMBER, { SINCE, STR("bill"), STR("a"), COMPLAINT_OPEN } },
		{ NUMBER, { SINCE + 1, STR("net"), STR("b"), COMPLAINT_CLOSED } },
	};
	const struct consent_row consent[] = {
		{ NUMBER, { STR("A"), true, SINCE, STR("sms"), STR("yes") } },
		{ NUMBER, { STR("A"), false, SINCE + 1, STR("shop"), STR("no") } },
	};
	struct dossier d;

	put_rows(STORE_COMPLAINTS, complaint, 2, SINCE);
	put_rows(STORE_CONSENTS, consent, 2, SINCE);
	d = dossier_at(NEED_COMPLAINTS | NEED_CONSENTS, SINCE);
	ck_assert_uint_eq(d.n_complaints, 2);
	assert_text(d.complaint[0].kind, "net");
	assert_text(d.complaint[0].text, "b");
	ck_assert_int_eq(d.complaint[0].state, COMPLAINT_CLOSED);
	ck_assert_uint_eq(d.n_consents, 2);
	ck_assert(!d.consent[0].given && d.consent[1].given);
	assert_text(d.consent[0].channel, "shop");
	assert_text(d.consent[1].text, "yes");
}
END_TEST

#define OWN "13800000001, 1577808000"

START_TEST(orders_tasks_and_the_pin)
{
	struct dossier d = dossier_at(NEED_PIN, SINCE);

	ck_assert(!d.has_pin);
	run_sql("INSERT INTO service_order (id, msisdn, owner_since, kind, package, state, at, effective_at, fee_fen, inbox) VALUES (7, " OWN
	        ", 'service.open', 'CL', 2, 1577808001, 1577808002, 500, 1), (8, " OWN
	        ", 'package.change', '58', 1, 1577808003, 0, 0, 2);"
	        "INSERT INTO task (id, kind, msisdn, owner_since, at, inbox, text, done_at, answer) VALUES (1, 'agent', " OWN
	        ", 1577808001, 1, 't', 1577808009, 'done'), (2, 'aside', " OWN
	        ", 1577808001, 1, 't', 0, ''), (3, 'complaint', " OWN
	        ", 1577808004, 1, 't', 0, '');"
	        "INSERT INTO pin (msisdn, owner_since, hash, failures, locked_until) VALUES (" OWN
	        ", 'h', 0, 0)");
	d = dossier_at(NEED_ORDERS | NEED_TASKS | NEED_PIN, SINCE);
	ck_assert_uint_eq(d.n_orders, 2);
	ck_assert_int_eq(d.order[0].id, 8);
	ck_assert_int_eq(d.order[1].state, ORDER_EFFECTIVE);
	ck_assert_int_eq(d.order[1].effective_at, 1577808002);
	ck_assert_int_eq(d.order[1].fee_fen, 500);
	assert_text(d.order[1].kind, "service.open");
	assert_text(d.order[1].package, "CL");
	ck_assert_uint_eq(d.n_tasks, 2);
	ck_assert_int_eq(d.task[0].id, 3);
	ck_assert_int_eq(d.task[0].done_at, 0);
	ck_assert_int_eq(d.task[1].done_at, 1577808009);
	assert_text(d.task[1].answer, "done");
	ck_assert(d.has_pin);
}
END_TEST

/* ---- owners ---- */

static void leave_everything(void)
{
	const struct payment_row payment = { NUMBER, { SINCE, 1, STR("a") } };
	const struct detail_row detail = { NUMBER,
		                           { SINCE, DETAIL_SMS, STR("1"), 1, 1 } };
	const struct resource_row resource = { NUMBER,
		                               { RESOURCE_SMS, STR("s"), 10, 1, 0, 3 } };
	const struct subscription_row held = { NUMBER,
		                               { STR("A"), SINCE, 0, 0, 0, false } };
	const struct complaint_row complaint = {
		NUMBER, { SINCE, STR("k"), STR("t"), COMPLAINT_OPEN }
	};
	const struct consent_row consent = {
		NUMBER, { STR("marketing"), false, SINCE, STR("c"), STR("t") }
	};
	const struct member_row member = { NUMBER, STR("F1"), STR("owner") };
	const struct tag_row tag = { NUMBER, STR("n"), STR("v"), 0 };
	const struct bill_row bill = { NUMBER,
		                       { month_make(2020, 3), STR("fee"), 5800 },
		                       0 };

	put_rows(STORE_PAYMENTS, &payment, 1, SINCE);
	put_rows(STORE_DETAILS, &detail, 1, SINCE);
	put_rows(STORE_RESOURCES, &resource, 1, SINCE);
	put_rows(STORE_SUBSCRIPTIONS, &held, 1, SINCE);
	put_rows(STORE_COMPLAINTS, &complaint, 1, SINCE);
	put_rows(STORE_CONSENTS, &consent, 1, SINCE);
	put_rows(STORE_MEMBERS, &member, 1, SINCE);
	put_rows(STORE_TAGS, &tag, 1, SINCE);
	put_rows(STORE_BILLS, &bill, 1, SINCE);
	run_sql("INSERT INTO service_order (id, msisdn, owner_since, kind, package, state, at, effective_at, fee_fen, inbox) VALUES (7, " OWN
	        ", 'service.open', 'CL', 2, 1577808001, 1577808002, 500, 1);"
	        "INSERT INTO task (id, kind, msisdn, owner_since, at, inbox, text, done_at, answer) VALUES (1, 'agent', " OWN
	        ", 1577808001, 1, 't', 0, '');"
	        "INSERT INTO pin (msisdn, owner_since, hash, failures, locked_until) VALUES (" OWN
	        ", 'h', 0, 0)");
}

static size_t count_loaded(void)
{
	const struct dossier d = dossier_of(&f, NUMBER);

	return d.n_payments + d.n_details + d.n_resources + d.n_held + d.n_complaints +
	       d.n_consents + d.n_orders + d.n_tasks + d.n_bill + (d.has_pin ? 1 : 0) +
	       (d.opted_out ? 1 : 0);
}

START_TEST(nothing_of_another_owner_is_loaded)
{
	leave_everything();
	ck_assert_uint_eq(count_loaded(), 11);
	run_sql("UPDATE subscriber SET owner_since = owner_since + 1");
	ck_assert_uint_eq(count_loaded(), 0);
	run_sql("UPDATE subscriber SET owner_since = owner_since - 2");
	ck_assert_uint_eq(count_loaded(), 0);
}
END_TEST

START_TEST(a_new_owner_finds_the_tables_empty)
{
	static const char *const tables[] = { "bill",         "payment",      "detail",
		                              "resource",     "subscription", "complaint",
		                              "consent",      "group_member", "tag",
		                              "service_order" };
	const struct subscriber_row next = person(NUMBER, SINCE + 31 * DAY);

	leave_everything();
	put_person(&f, &next);
	for (size_t i = 0; i < COUNT_OF(tables); i++) {
		struct store_table t;

		ck_assert_int_eq(store_inspect(f.store, tables[i], &f.arena, &t), ERR_OK);
		ck_assert_msg(t.n_rows == 0, "%s", tables[i]);
	}
	run_sql("UPDATE subscriber SET owner_since = 1577808000");
	ck_assert_uint_eq(count_loaded(), 1); /* the task: a person has it in hand */
}
END_TEST

SUITE("store/history", tcase_add_checked_fixture(tc, setup, teardown);
      tcase_add_test(tc, payments_newest_first_and_bounded);
      tcase_add_test(tc, details_of_this_month_and_five_before);
      tcase_add_test(tc, details_are_bounded);
      tcase_add_test(tc, resources_by_deduction_until_they_expire);
      tcase_add_test(tc, subscriptions_open_or_ended_within_six_months);
      tcase_add_test(tc, a_service_that_ends_later_is_not_opened_again);
      tcase_add_test(tc, complaints_and_consents_newest_first);
      tcase_add_test(tc, orders_tasks_and_the_pin);
      tcase_add_test(tc, nothing_of_another_owner_is_loaded);
      tcase_add_test(tc, a_new_owner_finds_the_tables_empty);)
