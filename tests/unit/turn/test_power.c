/*
 * test_power.c - the power goes at every step that a short history takes on the disk.
 *
 * At each operation, what the disk may hold by then (any subset of the unsynced writes,
 * some of them torn) is opened as a store: it must be whole, with every acknowledged
 * text and its reply in it exactly once, and no text without its reply.
 */
#include "fixture.h"

enum {
	TURNS = 7,
	PER_TURN = 3, /* texts */
	TEXTS = TURNS * PER_TURN,
	MARKS = 2 *
	        PER_TURN /* replies of the first turns are marked as sent in the third */
};

static struct {
	unsigned acked, marked;       /* texts; messages */
	unsigned steps, images, lost; /* images that are not as they must be */
	char folder[64];              /* of the image */
	uint64_t seed;
	bool counting; /* them, instead of failing */
} power;

/* Rows 1 to acked hold in that table, once each; at most a turn's more are there. */
static unsigned missing(struct store *s, const char *table)
{
	struct arena a = arena_make(1 << 26);
	unsigned seen[TEXTS + 1] = { 0 }, n = 0;
	struct store_table found;

	ck_assert_int_eq(store_inspect(s, table, &a, &found), ERR_OK);
	for (size_t i = 0; i < found.n_rows; i++) {
		int64_t id = 0;

		ck_assert_int_eq(str_i64(found.value[i * found.n_columns], &id), ERR_OK);
		ck_assert(id >= 1 && id <= power.acked + PER_TURN);
		ck_assert_uint_eq(seen[id]++, 0);
	}
	for (unsigned i = 1; i <= power.acked; i++)
		n += seen[i] == 0 ? 1 : 0;
	arena_free(&a);
	return n;
}

static enum err check_file(struct store *s, struct fault *fault)
{
	struct store_reader *r;
	enum err e = store_reader_open(s, &r, fault);

	if (e != ERR_OK)
		return e;
	e = store_reader_check(r, NULL, fault);
	store_reader_close(r);
	return e;
}

static void look_at_store(struct store *s, struct fault *fault)
{
	unsigned lost;

	if (check_file(s, fault) != ERR_OK)
		return;
	lost = missing(s, "inbox") + missing(s, "outbox");
	if (lost > 0)
		fault_set(fault, "%u acknowledged rows are lost", lost);
	if (rows(s, "inbox", NULL, NULL) != rows(s, "outbox", NULL, NULL))
		fault_set(fault, "texts and replies are not as many");
	if (rows(s, "outbox", "state", "2") < power.marked)
		fault_set(fault, "acknowledged marks are lost");
}

static void look(enum disk_left left, uint64_t seed)
{
	struct fault fault = { "" };
	struct store *s;
	char url[128];

	power.images++;
	ck_assert_ptr_nonnull(mkdtemp(power.folder));
	(void)snprintf(url, sizeof(url), "sqlite:%s/hall.db", power.folder);
	vfs_shim_power_loss(left, seed, power.folder);
	if (store_open(url, STORE_OPEN, &s, &fault) == ERR_OK) {
		look_at_store(s, &fault);
		store_close(s);
	}
	power.lost += fault.text[0] != '\0' ? 1 : 0;
	ck_assert_msg(power.counting || fault.text[0] == '\0',
	              "step %u, left %d, seed %u: %s", power.steps, (int)left,
	              (unsigned)seed, fault.text);
	remove_files(power.folder);
	(void)snprintf(power.folder, sizeof(power.folder), "%s",
	               "/tmp/smshall-test-XXXXXX");
}

static void on_step(void *ctx, enum vfs_op op, const char *file)
{
	(void)ctx;
	if (op == VFS_OPEN || op == VFS_READ || op == VFS_SHM_MAP ||
	    strncmp(file, hall.folder, strlen(hall.folder)) != 0)
		return;
	power.steps++;
	for (enum disk_left left = DISK_LEFT_ALL; left < DISK_LEFTS; left++)
		look(left, ++power.seed);
	look(DISK_LEFT_SOME, ++power.seed);
	look(DISK_LEFT_SOME, ++power.seed);
}

static void set_up(void)
{
	memset(&power, 0, sizeof(power));
	(void)snprintf(power.folder, sizeof(power.folder), "%s",
	               "/tmp/smshall-test-XXXXXX");
	power.seed = 4711;
	set_up_people(10);
	close_hall();
	vfs_shim_keep(hall.folder);
	open_store(STORE_OPEN);
	open_turn();
	vfs_shim_hook(on_step, NULL);
}

static void run_turn_of_three(int turn)
{
	struct turn_input in[PER_TURN + MARKS];
	size_t n = 0;

	for (; n < PER_TURN; n++)
		in[n] = text_of(turn, (const char *[]){ "CXYE", "CXJF", "RG" }[n]);
	for (int64_t id = 1; turn == 2 && id <= MARKS; id++)
		in[n++] = mark_of(id);
	ck_assert_int_eq(run_all(in, n), ERR_OK);
	power.acked += PER_TURN;
	power.marked += turn == 2 ? MARKS : 0;
}

/* In the middle the store is closed, which moves the WAL, and opened again. */
static void run_history(void)
{
	for (int turn = 0; turn < TURNS; turn++) {
		if (turn == 4)
			open_again();
		run_turn_of_three(turn);
	}
	close_hall();
	vfs_shim_hook(NULL, NULL);
}

START_TEST(D14_power_loss_at_every_step)
{
	run_history();
	ck_assert_uint_gt(power.steps, 100);
	ck_assert_uint_eq(power.images, 6 * power.steps);
}
END_TEST

/* The test's own teeth: a disk that only says that it has synced loses texts. */
START_TEST(D14_a_lying_disk_is_found_out)
{
	power.counting = true;
	vfs_shim_fail(VFS_SYNC, "-wal", 1, VFS_LIE, true);
	run_history();
	ck_assert_uint_gt(power.lost, 0);
}
END_TEST

SUITE("turn/power", {
	tcase_add_unchecked_fixture(tc, open_house, NULL);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, D14_power_loss_at_every_step);
	tcase_add_test(tc, D14_a_lying_disk_is_found_out);
})
