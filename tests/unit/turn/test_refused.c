/*
 * test_refused.c - a reply that the SMSC refuses for good, and the text it answers.
 *
 * Found by the simulator: the text came again after its response was lost with the
 * session, and was executed twice because its reply had been refused meanwhile.
 */
#include "fixture.h"

static void set_up(void)
{
	set_up_people(10);
}

static void refuse(int64_t id, int64_t session)
{
	struct turn_input in = mark_of(id);

	in.mark.state = OUTBOX_DEAD;
	in.mark.session = session;
	in.mark.status = 0x0B;
	ck_assert_int_eq(run_all(&in, 1), ERR_OK);
}

static const char *come_again(int64_t session)
{
	struct turn_input in = text_of(1, "RG");

	in.session = session;
	ck_assert_int_eq(run_all(&in, 1), ERR_OK);
	ck_assert_uint_eq(in.status, TURN_OK);
	ck_assert_uint_eq(hall.out.n, 1);
	return in.outcome;
}

START_TEST(refused_on_another_session_its_text_is_not_settled)
{
	ck_assert_str_eq(come_again(7), "done");
	refuse(hall.out.send[0].id, 8);
	ck_assert_str_eq(come_again(8), "repeat");
	ck_assert_uint_eq(rows(hall.store, "inbox", NULL, NULL), 1);
	refuse(hall.out.send[0].id, 8);
	ck_assert_str_eq(come_again(8), "done.none");
	ck_assert_uint_eq(rows(hall.store, "inbox", NULL, NULL), 2);
}
END_TEST

START_TEST(refused_on_its_own_session_its_text_is_settled)
{
	ck_assert_str_eq(come_again(7), "done");
	refuse(hall.out.send[0].id, 7);
	ck_assert_str_eq(come_again(7), "done.none");
}
END_TEST

SUITE("turn/refused", {
	tcase_add_unchecked_fixture(tc, open_house, NULL);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, refused_on_another_session_its_text_is_not_settled);
	tcase_add_test(tc, refused_on_its_own_session_its_text_is_settled);
})
