/*
 * fixture.h - the turn over the real grammar and hall and a store in a folder, on a disk
 * that fails when told to.
 */
#ifndef UNIT_TURN_FIXTURE_H
#define UNIT_TURN_FIXTURE_H

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "assets/assets.h"
#include "store/inspect.h"
#include "store/rows.h"
#include "support/house.h"
#include "support/suite.h"
#include "support/vfs_shim.h"
#include "turn/turn.h"

enum {
	PEOPLE = 4000,
	NOW_S = 1792463460 /* 2026-10-20 10:31 in Shanghai */
};
#define FIRST  INT64_C(13900000000)
#define NOW_MS (INT64_C(1000) * NOW_S)

static struct {
	char folder[64], url[128];
	struct assets *assets;
	struct store *store;
	struct turn *turn;
	struct arena arena;
	struct fault fault;
	int64_t now_ms;
	int64_t repeat_ms;             /* of the turn's configuration; 0: the default */
	const struct push_rules *push; /* likewise; NULL: no campaigns, no zones */
	struct turn_output out;
} hall;

static inline void put_person(struct store *s, int i)
{
	const struct subscriber_row row = { .sub = { .msisdn = FIRST + i,
		                                     .owner_since = 1577808000,
		                                     .joined_on = 1577808000,
		                                     .name = STR("n"),
		                                     .region = STR("r"),
		                                     .network = STR("5G"),
		                                     .puk = STR("77123456"),
		                                     .package = STR("58"),
		                                     .real_name = true },
		                            .account = { .balance_fen = 777700,
		                                         .as_of = NOW_S } };

	ck_assert_int_eq(store_put(s, STORE_SUBSCRIBERS, &row, 1, 0, NULL), ERR_OK);
}

static inline void open_store(enum store_mode mode)
{
	hall.fault.text[0] = '\0';
	ck_assert_msg(store_open(hall.url, mode, &hall.store, &hall.fault) == ERR_OK,
	              "%s", hall.fault.text);
}

static inline enum err try_turn(void)
{
	const struct turn_conf conf = { .store = hall.store,
		                        .fold = hall.assets->fold,
		                        .grammar = hall.assets->grammar,
		                        .hall = hall.assets->hall,
		                        .push = hall.push,
		                        .repeat_ms = hall.repeat_ms };

	hall.fault.text[0] = '\0';
	return turn_create(&conf, &hall.turn, &hall.fault);
}

static inline void open_turn(void)
{
	ck_assert_msg(try_turn() == ERR_OK, "%s", hall.fault.text);
}

static inline void close_hall(void)
{
	turn_destroy(hall.turn);
	store_close(hall.store);
	hall.turn = NULL;
	hall.store = NULL;
}

/* As after an end of the process; the clock stands. */
static inline void open_again(void)
{
	close_hall();
	open_store(STORE_OPEN);
	open_turn();
}

static inline void read_assets(void)
{
	const struct hall_conf conf = { .hotline = STR("10086") };

	ck_assert_msg(assets_load("grammar", &conf, NOW_S, &hall.assets, NULL,
	                          &hall.fault) == ERR_OK,
	              "%s", hall.fault.text);
}

static inline void set_up_people(int people)
{
	memset(&hall, 0, sizeof(hall));
	hall.arena = arena_make(1 << 26);
	hall.now_ms = NOW_MS;
	ck_assert_int_eq(civil_zone("Asia/Shanghai"), ERR_OK);
	(void)snprintf(hall.folder, sizeof(hall.folder), "/tmp/smshall-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(hall.folder));
	(void)snprintf(hall.url, sizeof(hall.url), "sqlite:%s/hall.db", hall.folder);
	vfs_shim_reset();
	read_assets();
	open_store(STORE_CREATE);
	ck_assert_int_eq(store_begin(hall.store), ERR_OK);
	for (int i = 0; i < people; i++)
		put_person(hall.store, i);
	ck_assert_int_eq(store_commit(hall.store), ERR_OK);
	open_turn();
}

static inline void remove_files(const char *folder)
{
	static const char *const files[] = { "hall.db", "hall.db-wal", "hall.db-shm",
		                             "hall.db.lock" };

	for (size_t i = 0; i < COUNT_OF(files); i++) {
		char path[128];

		(void)snprintf(path, sizeof(path), "%s/%s", folder, files[i]);
		(void)unlink(path);
	}
	ck_assert_int_eq(rmdir(folder), 0);
}

static inline void tear_down(void)
{
	vfs_shim_heal();
	vfs_shim_hook(NULL, NULL);
	close_hall();
	assets_destroy(hall.assets);
	arena_free(&hall.arena);
	remove_files(hall.folder);
}

static inline struct turn_input text_of(int person, const char *text)
{
	return (struct turn_input){
		.kind = TURN_TEXT,
		.at_ms = hall.now_ms,
		.session = 7,
		.group = STR("10086"),
		.from = { 1, 1, arena_printf(&hall.arena, "%" PRId64, FIRST + person) },
		.to = { 0, 1, STR("10086") },
		.msisdn = FIRST + person,
		.data_coding = 1,
		.octets = { (const uint8_t *)text, strlen(text) }
	};
}

static inline struct turn_input mark_of(int64_t id)
{
	return (struct turn_input){ .kind = TURN_MARK,
		                    .mark = { .id = id,
		                              .state = OUTBOX_DONE,
		                              .session = 7,
		                              .message_id = STR("A1"),
		                              .at_ms = hall.now_ms } };
}

static inline enum err run_all(struct turn_input *in, size_t n)
{
	struct turn_input *all[64];

	ck_assert_uint_le(n, COUNT_OF(all));
	for (size_t i = 0; i < n; i++)
		all[i] = &in[i];
	hall.out = (struct turn_output){ NULL, 0 };
	return turn_run(hall.turn, all, n, hall.now_ms, &hall.out);
}

/* One text in a turn; its status and outcome are in *in. */
static inline enum err run_text(int person, const char *text, struct turn_input *in)
{
	*in = text_of(person, text);
	return run_all(in, 1);
}

/* Rows of a table that hold value in column (any when column is NULL). */
static inline unsigned rows(struct store *s, const char *table, const char *column,
                            const char *value)
{
	struct arena a = arena_make(1 << 26);
	struct store_table found;
	unsigned n = 0;

	ck_assert_int_eq(store_inspect(s, table, &a, &found), ERR_OK);
	if (column == NULL)
		n = (unsigned)found.n_rows;
	for (size_t i = 0; column != NULL && i < found.n_rows * found.n_columns; i++) {
		if (str_eq(found.column[i % found.n_columns], str_of(column)) &&
		    str_eq(found.value[i], str_of(value)))
			n++;
	}
	arena_free(&a);
	return n;
}

#endif
