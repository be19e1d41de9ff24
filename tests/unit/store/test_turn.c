/*
 * test_turn.c - what a turn loads and records: contract of the store, any backend.
 */
#include "fixture.h"

static struct fixture f;

static void setup(void)
{
	memory_store(&f);
}

static void teardown(void)
{
	fixture_end(&f);
}

static struct store_seen look(int64_t fingerprint, int64_t since_ms)
{
	struct store_seen seen = { .fingerprint = fingerprint, .since_ms = since_ms };

	ck_assert_int_eq(store_load_seen(f.store, &f.arena, &seen, 1), ERR_OK);
	return seen;
}

static size_t count_ready(void)
{
	struct outbox_row *rows;
	size_t n;

	ck_assert_int_eq(store_load_ready(f.store, &f.arena, 0, 100, &rows, &n), ERR_OK);
	return n;
}

/*
 * A text came on session 1 and was answered.  Steps, each a turn: D = reply done on
 * that session, X = dead, r = equal text on that session, R = the same and sent again.
 */
static const struct {
	const char *steps;
	bool unsettled;
	int64_t session; /* of the text's response, while unsettled */
	enum outbox_state reply;
	size_t ready;
} duplicates[] = {
	{ "", true, 1, OUTBOX_READY, 1 },        { "D1", false, 0, OUTBOX_READY, 0 },
	{ "D2", true, 1, OUTBOX_DONE, 0 },       { "X1", false, 0, OUTBOX_READY, 0 },
	{ "X2", true, 1, OUTBOX_DEAD, 0 },       { "r2", true, 2, OUTBOX_READY, 1 },
	{ "X2R3", true, 3, OUTBOX_READY, 1 },    { "X2R3X3", false, 0, OUTBOX_READY, 0 },
	{ "r2D2", false, 0, OUTBOX_READY, 0 },   { "r2D1", true, 2, OUTBOX_DONE, 0 },
	{ "r2r3D3", false, 0, OUTBOX_READY, 0 }, { "D2R3", true, 3, OUTBOX_READY, 1 },
	{ "D2R3D3", false, 0, OUTBOX_READY, 0 }, { "D2R3D2", true, 3, OUTBOX_DONE, 0 },
	{ "D2R3X3", false, 0, OUTBOX_READY, 0 }, { "D2r2", false, 0, OUTBOX_READY, 0 },
	{ "D1R2", false, 0, OUTBOX_READY, 0 },   { "X1R2", false, 0, OUTBOX_READY, 0 },
};

static void step(char what, int64_t session)
{
	if (what == 'D' || what == 'X')
		changes_add(&f.changes, marks,
		            mark_of(1, what == 'D' ? OUTBOX_DONE : OUTBOX_DEAD, session));
	else
		changes_add(&f.changes, repeats,
		            ((struct inbox_repeat){ 1, session, what == 'R' }));
	commit_changes(&f);
}

START_TEST(an_equal_text_meets_it_until_it_is_settled)
{
	struct store_seen seen;

	changes_add(&f.changes, inbox, text_in(1, 77, 1));
	changes_add(&f.changes, outbox, reply_out(1));
	commit_changes(&f);
	for (const char *s = duplicates[_i].steps; *s != '\0'; s += 2)
		step(s[0], s[1] - '0');
	seen = look(77, 0);
	ck_assert_int_eq(seen.found, duplicates[_i].unsettled);
	ck_assert_uint_eq(count_ready(), duplicates[_i].ready);
	if (!seen.found)
		return;
	ck_assert_int_eq(seen.id, 1);
	ck_assert_int_eq(seen.session, duplicates[_i].session);
	ck_assert_int_eq(seen.reply_state, duplicates[_i].reply);
	assert_text(seen.reply.text, "余额35.20元");
}
END_TEST

START_TEST(mark_and_repeat_of_one_turn_are_taken_in_this_order)
{
	changes_add(&f.changes, inbox, text_in(1, 77, 1));
	changes_add(&f.changes, outbox, reply_out(1));
	commit_changes(&f);
	changes_add(&f.changes, repeats, ((struct inbox_repeat){ 1, 2, false }));
	changes_add(&f.changes, marks, mark_of(1, OUTBOX_DONE, 2));
	commit_changes(&f);
	ck_assert(!look(77, 0).found);
}
END_TEST

START_TEST(seen_is_the_newest_and_not_too_old)
{
	changes_add(&f.changes, inbox, text_in(1, 77, 1));
	changes_add(&f.changes, inbox, text_in(2, 77, 4));
	changes_add(&f.changes, inbox, text_in(3, 78, 1));
	commit_changes(&f);
	ck_assert_int_eq(look(77, 0).id, 2);
	ck_assert(look(77, 2000).found);
	ck_assert(!look(77, 2001).found);
	ck_assert(!look(79, 0).found);
	ck_assert_int_eq(look(77, 0).reply_state, OUTBOX_READY); /* none yet */
}
END_TEST

START_TEST(a_silent_text_is_settled_at_once_and_one_set_aside_is_not)
{
	struct inbox_row silent = text_in(1, 77, 1), aside = text_in(2, 78, 1);

	silent.state = INBOX_SILENT;
	aside.state = INBOX_ASIDE;
	changes_add(&f.changes, inbox, silent);
	changes_add(&f.changes, inbox, aside);
	commit_changes(&f);
	ck_assert(!look(77, 0).found);
	ck_assert(look(78, 0).found);
}
END_TEST

START_TEST(a_message_comes_back_as_it_was)
{
	struct outbox_row row = reply_out(5), *rows;
	size_t n;

	row.from = (struct address){ 5, 9, STR("1008611") };
	row.receipt = true;
	changes_add(&f.changes, outbox, row);
	commit_changes(&f);
	ck_assert_int_eq(store_load_ready(f.store, &f.arena, 4, 10, &rows, &n), ERR_OK);
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(rows[0].id, 5);
	ck_assert_int_eq(rows[0].at_ms, 5000);
	ck_assert_int_eq(rows[0].state, OUTBOX_READY);
	ck_assert_int_eq(rows[0].from.ton, 5);
	ck_assert_int_eq(rows[0].from.npi, 9);
	assert_text(rows[0].from.digits, "1008611");
	assert_text(rows[0].to.digits, "8613800000001");
	assert_text(rows[0].group, "smsc-a");
	assert_text(rows[0].text, "余额35.20元");
	ck_assert(rows[0].receipt);
}
END_TEST

START_TEST(ready_messages_come_in_pages_by_id)
{
	struct outbox_row *rows;
	int64_t after = 0, expected = 1;
	size_t n = 1;

	for (int64_t id = 25; id >= 1; id--)
		changes_add(&f.changes, outbox, reply_out(id));
	commit_changes(&f);
	while (n > 0) {
		ck_assert_int_eq(
			store_load_ready(f.store, &f.arena, after, 10, &rows, &n),
			ERR_OK);
		for (size_t i = 0; i < n; i++)
			ck_assert_int_eq(rows[i].id, expected++);
		after = expected - 1;
	}
	ck_assert_int_eq(expected, 26);
}
END_TEST

START_TEST(recovery_makes_what_was_being_sent_once_ambiguous)
{
	struct outbox_row once = reply_out(2);
	size_t n = 0;

	once.state = OUTBOX_SENDING;
	changes_add(&f.changes, outbox, reply_out(1));
	changes_add(&f.changes, outbox, once);
	commit_changes(&f);
	ck_assert_int_eq(store_recover(f.store, &n), ERR_OK);
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(store_recover(f.store, &n), ERR_OK);
	ck_assert_uint_eq(n, 0);
	ck_assert_uint_eq(count_ready(), 1);
	/* a late response still settles it, and it is never sent again */
	changes_add(&f.changes, marks, mark_of(2, OUTBOX_DONE, 1));
	changes_add(&f.changes, marks, mark_of(1, OUTBOX_DONE, 1));
	commit_changes(&f);
	ck_assert_uint_eq(count_ready(), 0);
}
END_TEST

START_TEST(ids_go_on_behind_the_highest)
{
	struct dossier d = { .msisdn = NUMBER };
	struct store_ids ids;

	ck_assert_int_eq(store_ids(f.store, &ids), ERR_OK);
	ck_assert_int_eq(ids.message, 1);
	ck_assert_int_eq(ids.task, 1);
	f.changes.next_task = 41;
	changes_add(&f.changes, inbox, text_in(7, 1, 1));
	changes_add(&f.changes, outbox, reply_out(9));
	ck_assert_int_eq(
		changes_task(&f.changes, &d, STR("agent"), SINCE, 7, STR("help me")), 41);
	commit_changes(&f);
	ck_assert_int_eq(store_ids(f.store, &ids), ERR_OK);
	ck_assert_int_eq(ids.message, 10);
	ck_assert_int_eq(ids.task, 42);
}
END_TEST

START_TEST(a_number_is_opted_out_and_in_again)
{
	struct dossier d = { .msisdn = NUMBER };

	for (int out = 1; out >= 0; out--) {
		changes_opt_out(&f.changes, &d, out != 0, SINCE, 3);
		commit_changes(&f);
		ck_assert_int_eq(dossier_of(&f, NUMBER).opted_out, out);
		ck_assert(!dossier_of(&f, NUMBER).known);
	}
}
END_TEST

START_TEST(rollback_leaves_nothing)
{
	struct store_ids ids;

	changes_add(&f.changes, inbox, text_in(1, 77, 1));
	changes_add(&f.changes, outbox, reply_out(1));
	ck_assert_int_eq(store_begin(f.store), ERR_OK);
	ck_assert_int_eq(store_record(f.store, &f.changes), ERR_OK);
	ck_assert(look(77, 0).found);
	store_rollback(f.store);
	store_rollback(f.store); /* harmless */
	ck_assert(!look(77, 0).found);
	ck_assert_int_eq(store_ids(f.store, &ids), ERR_OK);
	ck_assert_int_eq(ids.message, 1);
	commit_changes(&f);
}
END_TEST

START_TEST(an_id_twice_is_refused_and_the_turn_can_go)
{
	changes_add(&f.changes, inbox, text_in(1, 77, 1));
	commit_changes(&f);
	changes_add(&f.changes, inbox, text_in(1, 78, 1));
	ck_assert_int_eq(store_begin(f.store), ERR_OK);
	ck_assert_int_eq(store_record(f.store, &f.changes), ERR_EXISTS);
	ck_assert_str_ne(store_fault(f.store), "");
	store_rollback(f.store);
	ck_assert(look(77, 0).found);
	ck_assert(!look(78, 0).found);
}
END_TEST

/* Texts are values, never SQL. */
START_TEST(hostile_texts_are_kept_as_they_are)
{
	const struct str texts[] = { STR("'); DROP TABLE inbox; --"), STR("\"' OR 1=1"),
		                     STR("a\0b"), STR("%s%n{balance}"), STR("") };
	struct outbox_row *rows;
	size_t n;

	for (int64_t i = 0; i < 5; i++) {
		struct outbox_row row = reply_out(i + 1);

		row.text = row.to.digits = texts[i];
		changes_add(&f.changes, outbox, row);
	}
	commit_changes(&f);
	ck_assert_int_eq(store_load_ready(f.store, &f.arena, 0, 10, &rows, &n), ERR_OK);
	ck_assert_uint_eq(n, 5);
	for (size_t i = 0; i < 5; i++) {
		ck_assert(str_eq(rows[i].text, texts[i]));
		ck_assert(str_eq(rows[i].to.digits, texts[i]));
	}
}
END_TEST

SUITE("store/turn", tcase_add_checked_fixture(tc, setup, teardown);
      tcase_add_loop_test(tc, an_equal_text_meets_it_until_it_is_settled, 0,
                          COUNT_OF(duplicates));
      tcase_add_test(tc, mark_and_repeat_of_one_turn_are_taken_in_this_order);
      tcase_add_test(tc, seen_is_the_newest_and_not_too_old);
      tcase_add_test(tc, a_silent_text_is_settled_at_once_and_one_set_aside_is_not);
      tcase_add_test(tc, a_message_comes_back_as_it_was);
      tcase_add_test(tc, ready_messages_come_in_pages_by_id);
      tcase_add_test(tc, recovery_makes_what_was_being_sent_once_ambiguous);
      tcase_add_test(tc, ids_go_on_behind_the_highest);
      tcase_add_test(tc, a_number_is_opted_out_and_in_again);
      tcase_add_test(tc, rollback_leaves_nothing);
      tcase_add_test(tc, an_id_twice_is_refused_and_the_turn_can_go);
      tcase_add_test(tc, hostile_texts_are_kept_as_they_are);)
