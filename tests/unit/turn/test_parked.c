/*
 * Texts that wait for a PIN: acknowledged with a durable row, answered by a verdict, hashed
 * again after a restart; wrong ones are counted (T3), and a copy of the store gives no PIN
 * away (T4).
 */
#include <sodium.h>

#include "fixture.h"
#include "model/secrets.h"

#define PIN   "246813"
#define WRONG "908174"

enum {
	WAITING = 32
};

static struct {
	struct pin_conf conf;
	struct pin_job job[64];
	size_t n;
} work;

static void on_post(void *arg, const struct pin_job *job)
{
	(void)arg;
	ck_assert_uint_lt(work.n, COUNT_OF(work.job));
	work.job[work.n++] = *job;
}

static void start_turn(bool here)
{
	const struct turn_conf conf = { .store = hall.store,
		                        .fold = hall.assets->fold,
		                        .grammar = hall.assets->grammar,
		                        .hall = hall.assets->hall,
		                        .pin = &work.conf,
		                        .pin_post = here ? NULL : on_post };

	turn_destroy(hall.turn);
	work.n = 0;
	ck_assert_int_eq(turn_create(&conf, &hall.turn, &hall.fault), ERR_OK);
}

/* The number has the PIN; hashes are posted from now on. */
static void set_up(void)
{
	static const uint8_t pepper[PIN_PEPPER] = "made up";
	struct turn_input in;
	char text[64];
	const char *code;

	set_up_people(8);
	pin_conf_make(&work.conf, pepper, true);
	start_turn(true);
	for (int i = 0; i < 8; i++) {
		ck_assert_int_eq(run_text(i, "MMCZ", &in), ERR_OK);
		ck_assert_uint_eq(hall.out.n, 1);
		code = strpbrk(hall.out.send[0].text.p, "0123456789");
		(void)snprintf(text, sizeof(text), "%.6s#" PIN "#" PIN, code);
		ck_assert_int_eq(run_text(i, text, &in), ERR_OK);
		hall.now_ms += 1000;
	}
	ck_assert_uint_eq(rows(hall.store, "parked", NULL, NULL), 0);
	start_turn(false);
}

static void tick(void)
{
	hall.now_ms += 1000;
	ck_assert_int_eq(turn_tick(hall.turn, hall.now_ms, &hall.out), ERR_OK);
}

/* The verdict on the first posted; gives the answer, "" when there is none. */
static struct str conclude(void)
{
	struct turn_input in = { .kind = TURN_VERDICT, .verdict = &work.job[0] };

	ck_assert_uint_gt(work.n, 0);
	pin_work(&work.conf, &work.job[0]);
	ck_assert_int_eq(run_all(&in, 1), ERR_OK);
	memmove(&work.job[0], &work.job[1], --work.n * sizeof(work.job[0]));
	return hall.out.n > 0 ? hall.out.send[0].text : STR("");
}

static bool says(struct str text, const char *part)
{
	return str_find(text, str_of(part)) < text.n;
}

/* Each is another text, for its blanks: an equal one would be a repetition. */
static void park(int person, const char *pin)
{
	static int blanks;
	struct turn_input in;
	char text[96];

	hall.now_ms += 1000;
	(void)snprintf(text, sizeof(text), "XGMM#%s#975318#975318%*s", pin, ++blanks % 32,
	               "");
	ck_assert_int_eq(run_text(person, text, &in), ERR_OK);
	ck_assert_uint_eq(in.status, TURN_OK);
}

START_TEST(it_is_acknowledged_first_and_answered_by_the_verdict)
{
	park(0, PIN);
	ck_assert_uint_eq(hall.out.n, 0);
	ck_assert_uint_eq(rows(hall.store, "parked", NULL, NULL), 1);
	ck_assert_uint_eq(rows(hall.store, "inbox", "state", "3"), 1);
	ck_assert_uint_eq(work.n, 1);
	ck_assert(says(conclude(), "已修改"));
	ck_assert_uint_eq(hall.out.n, 1);
	ck_assert_int_eq(hall.out.send[0].session, 7);
	ck_assert_uint_eq(rows(hall.store, "parked", NULL, NULL), 0);
	ck_assert_uint_eq(rows(hall.store, "inbox", "state", "3"), 0);
}
END_TEST

START_TEST(it_is_hashed_again_after_a_restart)
{
	park(0, PIN);
	open_again();
	start_turn(false);
	tick();
	ck_assert_uint_eq(work.n, 1);
	tick();
	ck_assert_uint_eq(work.n, 1);
	ck_assert(says(conclude(), "已修改"));
	ck_assert_uint_eq(rows(hall.store, "parked", NULL, NULL), 0);
}
END_TEST

START_TEST(a_verdict_counts_once)
{
	struct pin_job again;
	struct turn_input in = { .kind = TURN_VERDICT, .verdict = &again };

	park(0, PIN);
	again = work.job[0];
	(void)conclude();
	ck_assert_int_eq(run_all(&in, 1), ERR_OK);
	ck_assert_uint_eq(hall.out.n, 0);
}
END_TEST

/* Each is of a phone of its own, as it must be. */
static void park_other(int person)
{
	struct turn_input in;

	hall.now_ms += 10;
	ck_assert_int_eq(run_text(person, "GS 13900000000 " PIN, &in), ERR_OK);
	ck_assert_uint_eq(in.status, TURN_OK);
}

START_TEST(a_second_of_work_waits_and_more_is_told_to_try_later)
{
	for (int i = 0; i < WAITING; i++)
		park_other(100 + i);
	ck_assert_uint_eq(work.n, WAITING);
	park_other(200);
	ck_assert_uint_eq(work.n, WAITING);
	ck_assert_uint_eq(hall.out.n, 1);
	ck_assert_uint_eq(rows(hall.store, "parked", NULL, NULL), WAITING);
	(void)conclude();
	park_other(201);
	ck_assert_uint_eq(work.n, WAITING);
	ck_assert_uint_eq(hall.out.n, 0);
}
END_TEST

START_TEST(one_of_a_number_waits_at_a_time)
{
	park(4, PIN);
	park(4, PIN);
	ck_assert_uint_eq(work.n, 1);
	ck_assert_uint_eq(hall.out.n, 1);
	ck_assert(says(hall.out.send[0].text, "稍后"));
}
END_TEST

START_TEST(t3_the_sixth_is_refused_although_right)
{
	for (int i = 0; i < 4; i++) {
		park(0, WRONG);
		ck_assert(says(conclude(), "还可以试"));
		open_again();
		start_turn(false);
	}
	park(0, WRONG);
	ck_assert(says(conclude(), "锁定"));
	park(0, PIN);
	ck_assert_uint_eq(work.n, 0);
	ck_assert(says(hall.out.send[0].text, "锁定"));
	hall.now_ms += INT64_C(1000) * (PIN_LOCK_S - 30);
	park(0, PIN);
	ck_assert_uint_eq(work.n, 0);
	hall.now_ms += 60 * 1000;
	park(0, PIN);
	ck_assert(says(conclude(), "已修改"));
}
END_TEST

/* Guesses under way together: the right one among them is too late. */
START_TEST(t3_guesses_at_once_are_counted_one_by_one)
{
	char text[64];
	struct turn_input in;

	for (int i = 0; i < 4; i++) {
		park(0, WRONG);
		(void)conclude();
	}
	for (int i = 1; i < 4; i++) {
		(void)snprintf(text, sizeof(text), "GS 13900000000 %s",
		               i == 1 ? WRONG : PIN);
		ck_assert_int_eq(run_text(i, text, &in), ERR_OK);
	}
	ck_assert_uint_eq(work.n, 3);
	while (work.n > 0)
		(void)conclude();
	ck_assert_uint_eq(rows(hall.store, "subscriber", "status", "3"), 0);
}
END_TEST

/* The same, with all the verdicts in one turn: the right ones come behind the lock. */
START_TEST(t3_verdicts_of_one_turn_are_counted_one_by_one)
{
	struct turn_input in[3];

	for (int i = 0; i < 4; i++) {
		park(0, WRONG);
		(void)conclude();
	}
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(
			run_text(i + 1,
		                 i == 0 ? "GS 13900000000 " WRONG : "GS 13900000000 " PIN,
		                 &in[i]),
			ERR_OK);
	ck_assert_uint_eq(work.n, 3);
	for (int i = 0; i < 3; i++) {
		pin_work(&work.conf, &work.job[i]);
		in[i] = (struct turn_input){ .kind = TURN_VERDICT,
			                     .verdict = &work.job[i] };
	}
	ck_assert_int_eq(run_all(in, 3), ERR_OK);
	ck_assert_uint_eq(hall.out.n, 4); /* and the owner is told */
	ck_assert_uint_eq(rows(hall.store, "subscriber", "status", "3"), 0);
	ck_assert_uint_eq(rows(hall.store, "parked", NULL, NULL), 0);
}
END_TEST

/* How often the last turn has counted that of a service. */
static unsigned counted(const char *service, const char *outcome)
{
	size_t n, found = 0;
	const struct turn_count *c = turn_counts(hall.turn, &n);

	for (size_t i = 0; i < n; i++)
		found += str_eq(c[i].service, str_of(service)) &&
		                         strcmp(c[i].outcome, outcome) == 0
		                 ? 1
		                 : 0;
	return (unsigned)found;
}

static const struct {
	const char *pin, *outcome;
} verdicts[] = { { PIN, "done" }, { WRONG, "asked" } };

START_TEST(what_came_of_it_is_counted)
{
	park(0, verdicts[_i].pin);
	ck_assert_uint_eq(counted("pin.change", "started"), 1);
	ck_assert_uint_eq(counted("pin.change", "parked"), 1);
	(void)conclude();
	ck_assert_uint_eq(counted("pin.change", verdicts[_i].outcome), 1);
	ck_assert_uint_eq(counted("pin.change", "started"), 0);
}
END_TEST

START_TEST(what_a_stranger_is_refused_is_counted)
{
	struct turn_input in;

	ck_assert_int_eq(run_text(1, "GS 13900000000 " WRONG, &in), ERR_OK);
	(void)conclude();
	ck_assert_uint_eq(counted("lost.report", "refused.pin"), 1);
	park(2, PIN);
	park(2, PIN);
	ck_assert_uint_eq(counted("pin.change", "later"), 1);
}
END_TEST

/* One that cannot be looked at is answered too. */
START_TEST(a_verdict_that_failed_is_counted)
{
	park(0, PIN);
	work.job[0].failed = true;
	(void)conclude();
	ck_assert_uint_eq(counted("none", "later"), 1);
}
END_TEST

static const struct {
	bool for_ever;
	unsigned hashed_again;
} full_disks[] = { { false, 0 }, { true, 3 } };

/* Verdicts of one turn that the disk does not take: no answer is lost, and no PIN kept. */
START_TEST(verdicts_on_a_full_disk_are_hashed_again)
{
	const unsigned again = full_disks[_i].hashed_again;
	struct pin_job job[3];
	struct turn_input in[3];

	for (int i = 0; i < 3; i++) {
		park(i, PIN);
		job[i] = work.job[i];
		pin_work(&work.conf, &job[i]);
		in[i] = (struct turn_input){ .kind = TURN_VERDICT, .verdict = &job[i] };
	}
	work.n = 0;
	vfs_shim_fail(VFS_WRITE, "-wal", 1, SQLITE_FULL, full_disks[_i].for_ever);
	ck_assert_int_eq(run_all(in, 3), again > 0 ? ERR_FULL : ERR_OK);
	ck_assert_uint_eq(hall.out.n, 3 - again);
	ck_assert_uint_eq(counted("pin.change", "done"), 3 - again);
	ck_assert_uint_eq(rows(hall.store, "parked", NULL, NULL), again);
	vfs_shim_heal();
	tick();
	ck_assert_uint_eq(work.n, again);
	while (work.n > 0)
		ck_assert(says(conclude(), "已修改"));
	ck_assert_uint_eq(rows(hall.store, "parked", NULL, NULL), 0);
	ck_assert_uint_eq(rows(hall.store, "inbox", "state", "3"), 0);
	tick();
	ck_assert_uint_eq(work.n, 0);
}
END_TEST

static unsigned finds(const char *file, const char *needle)
{
	char path[128], *all = malloc(1 << 24);
	size_t n;
	unsigned found = 0;
	FILE *f;

	ck_assert_ptr_nonnull(all);
	(void)snprintf(path, sizeof(path), "%s/%s", hall.folder, file);
	f = fopen(path, "rb");
	n = f != NULL ? fread(all, 1, 1 << 24, f) : 0;
	if (f != NULL)
		(void)fclose(f);
	for (size_t i = 0; i + strlen(needle) <= n; i++)
		found += memcmp(all + i, needle, strlen(needle)) == 0 ? 1 : 0;
	free(all);
	return found;
}

/* Whatever was texted, and while a text waits, no file holds the PIN. */
START_TEST(t4_no_pin_is_in_any_file)
{
	static const char *const forms[] = { PIN, WRONG, "975318", "２４６８１３" };
	static const char *const texts[] = { "XGMM#" WRONG "#975318#975318",
		                             "CXXD",
		                             PIN,
		                             "XGMM#" PIN "#975318#97531",
		                             "GS 13900000001 " WRONG,
		                             "密码是" PIN };
	struct turn_input in;

	ck_assert_uint_gt(
		finds("hall.db-wal", "13900000000") + finds("hall.db", "13900000000"), 0);
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		hall.now_ms += 1000;
		ck_assert_int_eq(run_text(0, texts[i], &in), ERR_OK);
		for (size_t k = 0; k < COUNT_OF(forms); k++) {
			ck_assert_uint_eq(finds("hall.db", forms[k]), 0);
			ck_assert_uint_eq(finds("hall.db-wal", forms[k]), 0);
		}
		while (i != 0 && work.n > 0)
			(void)conclude();
	}
}
END_TEST

/* The hash and the sealed text say nothing without the key. */
START_TEST(t4_a_copy_without_the_pepper_cannot_be_searched)
{
	static const uint8_t none[PIN_PEPPER] = { 0 };
	struct pin_conf other;
	struct dossier d = { .msisdn = FIRST }, *one = &d;
	const unsigned need = NEED_PIN;
	struct parked_row *row;
	struct str plain;
	char guess[2][32] = { PIN, "13900000000:" PIN };
	size_t n;

	park(0, PIN);
	ck_assert_int_eq(store_load_dossiers(hall.store, &hall.arena, &one, 1), ERR_OK);
	ck_assert_int_eq(store_load_needs(hall.store, &hall.arena, &one, &need, 1, NOW_S),
	                 ERR_OK);
	ck_assert(d.has_pin);
	for (size_t i = 0; i < COUNT_OF(guess); i++)
		ck_assert_int_ne(crypto_pwhash_str_verify(d.pin.hash.p, guess[i],
		                                          strlen(guess[i])),
		                 0);
	pin_conf_make(&other, none, true);
	(void)snprintf(work.job[0].check, sizeof(work.job[0].check), PIN);
	pin_work(&other, &work.job[0]);
	ck_assert(!work.job[0].right);
	ck_assert_int_eq(store_load_parked(hall.store, &hall.arena, 0, &row, &n), ERR_OK);
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(pin_open(&other, row[0].sealed, &hall.arena, &plain),
	                 ERR_CORRUPT);
	ck_assert_int_eq(pin_open(&work.conf, row[0].sealed, &hall.arena, &plain),
	                 ERR_OK);
}
END_TEST

START_TEST(a_hash_is_of_one_number_alone)
{
	struct pin_job a = { .msisdn = 1, .fresh = PIN },
		       b = { .msisdn = 1, .check = PIN };

	pin_work(&work.conf, &a);
	ck_assert(!a.failed);
	memcpy(b.stored, a.hash, sizeof(b.stored));
	pin_work(&work.conf, &b);
	ck_assert(b.right);
	ck_assert_str_eq(b.check, "");
	(void)snprintf(b.check, sizeof(b.check), PIN);
	b.msisdn = 2;
	pin_work(&work.conf, &b);
	ck_assert(!b.right);
}
END_TEST

SUITE("turn/parked", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_checked_fixture(tc, set_up, tear_down);
      tcase_add_test(tc, it_is_acknowledged_first_and_answered_by_the_verdict);
      tcase_add_test(tc, it_is_hashed_again_after_a_restart);
      tcase_add_test(tc, a_verdict_counts_once);
      tcase_add_test(tc, a_second_of_work_waits_and_more_is_told_to_try_later);
      tcase_add_test(tc, one_of_a_number_waits_at_a_time);
      tcase_add_test(tc, t3_the_sixth_is_refused_although_right);
      tcase_add_test(tc, t3_guesses_at_once_are_counted_one_by_one);
      tcase_add_test(tc, t3_verdicts_of_one_turn_are_counted_one_by_one);
      tcase_add_loop_test(tc, what_came_of_it_is_counted, 0, COUNT_OF(verdicts));
      tcase_add_test(tc, what_a_stranger_is_refused_is_counted);
      tcase_add_test(tc, a_verdict_that_failed_is_counted);
      tcase_add_loop_test(tc, verdicts_on_a_full_disk_are_hashed_again, 0,
                          COUNT_OF(full_disks));
      tcase_add_test(tc, t4_no_pin_is_in_any_file);
      tcase_add_test(tc, t4_a_copy_without_the_pepper_cannot_be_searched);
      tcase_add_test(tc, a_hash_is_of_one_number_alone);)
