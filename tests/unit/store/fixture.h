/*
 * fixture.h - stores and rows for the store's tests.
 */
#ifndef UNIT_STORE_FIXTURE_H
#define UNIT_STORE_FIXTURE_H

#include <stdio.h>
#include <unistd.h>

#include "store/store.h"
#include "support/suite.h"

#define NUMBER INT64_C(13800000001)
#define SINCE  INT64_C(1577808000) /* 2020-01-01 in Shanghai */

/* A store and an arena; folder is "" in memory. */
struct fixture {
	char folder[64], url[128];
	struct store *store;
	struct arena arena;
	struct changes changes;
};

static inline void fixture_open(struct fixture *f, enum store_mode mode)
{
	struct fault fault = { "" };

	ck_assert_msg(store_open(f->url, mode, &f->store, &fault) == ERR_OK, "%s",
	              fault.text);
}

static inline void fixture_reset_changes(struct fixture *f)
{
	f->changes = (struct changes){ .arena = &f->arena };
}

static inline void fixture_make(struct fixture *f)
{
	*f = (struct fixture){ .arena = arena_make(64 * 1024 * 1024) };
	ck_assert_int_eq(civil_zone("Asia/Shanghai"), ERR_OK);
	fixture_reset_changes(f);
}

static inline void memory_store(struct fixture *f)
{
	fixture_make(f);
	(void)snprintf(f->url, sizeof(f->url), "sqlite::memory:");
	fixture_open(f, STORE_CREATE);
}

/* An empty folder, and the URL of a store that is not there yet. */
static inline void disk_folder(struct fixture *f)
{
	fixture_make(f);
	(void)snprintf(f->folder, sizeof(f->folder), "/tmp/smshall-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(f->folder));
	(void)snprintf(f->url, sizeof(f->url), "sqlite:%s/hall.db", f->folder);
}

static inline void fixture_end(struct fixture *f)
{
	static const char *const files[] = { "hall.db", "hall.db-wal", "hall.db-shm",
		                             "hall.db.lock", "in.csv" };

	store_close(f->store);
	arena_free(&f->arena);
	for (size_t i = 0; f->folder[0] != '\0' && i < sizeof(files) / sizeof(files[0]);
	     i++) {
		char path[128];

		(void)snprintf(path, sizeof(path), "%s/%s", f->folder, files[i]);
		(void)unlink(path);
	}
	if (f->folder[0] != '\0')
		ck_assert_int_eq(rmdir(f->folder), 0);
}

/* Records the changes gathered so far as one turn. */
static inline void commit_changes(struct fixture *f)
{
	ck_assert_int_eq(store_begin(f->store), ERR_OK);
	ck_assert_msg(store_record(f->store, &f->changes) == ERR_OK, "%s",
	              store_fault(f->store));
	ck_assert_int_eq(store_commit(f->store), ERR_OK);
	fixture_reset_changes(f);
}

static inline struct inbox_row text_in(int64_t id, int64_t fingerprint, int64_t session)
{
	return (struct inbox_row){ .id = id,
		                   .at_ms = 1000 * id,
		                   .fingerprint = fingerprint,
		                   .session = session,
		                   .group = STR("smsc-a"),
		                   .from = { 1, 1, STR("8613800000001") },
		                   .to = { 0, 1, STR("10086") },
		                   .msisdn = NUMBER,
		                   .owner_since = SINCE,
		                   .text = STR("CXYE"),
		                   .intent = STR("balance.query") };
}

static inline struct outbox_row reply_out(int64_t id)
{
	return (struct outbox_row){ .id = id,
		                    .at_ms = 1000 * id,
		                    .group = STR("smsc-a"),
		                    .from = { 0, 1, STR("10086") },
		                    .to = { 1, 1, STR("8613800000001") },
		                    .text = STR("余额35.20元") };
}

static inline struct outbox_mark mark_of(int64_t id, enum outbox_state state,
                                         int64_t session)
{
	return (struct outbox_mark){ .id = id, .state = state, .session = session };
}

static inline struct subscriber_row person(int64_t msisdn, int64_t owner_since)
{
	return (struct subscriber_row){ .sub = { .msisdn = msisdn,
		                                 .owner_since = owner_since,
		                                 .joined_on = owner_since,
		                                 .status = SUB_KEPT,
		                                 .language = LANG_EN,
		                                 .class = CLASS_BUSINESS,
		                                 .real_name = true,
		                                 .name = STR("晓雨"),
		                                 .region = STR("Pudong"),
		                                 .network = STR("5G"),
		                                 .terminal = STR("phone"),
		                                 .puk = STR("01234567"),
		                                 .package = STR("58") },
		                        .account = { .balance_fen = -5,
		                                     .credit_fen = 7,
		                                     .points = 9,
		                                     .as_of = SINCE + 11 } };
}

static inline void put_person(struct fixture *f, const struct subscriber_row *row)
{
	ck_assert_int_eq(store_begin(f->store), ERR_OK);
	ck_assert_int_eq(store_put(f->store, STORE_SUBSCRIBERS, row, 1, 0, NULL), ERR_OK);
	ck_assert_int_eq(store_commit(f->store), ERR_OK);
}

static inline void put_month(struct fixture *f, int64_t msisdn, struct usage_month u)
{
	const struct usage_row row = { msisdn, u };

	ck_assert_int_eq(store_begin(f->store), ERR_OK);
	ck_assert_int_eq(store_put(f->store, STORE_USAGE, &row, 1, SINCE, NULL), ERR_OK);
	ck_assert_int_eq(store_commit(f->store), ERR_OK);
}

/* Everything of a number. */
static inline struct dossier dossier_of(struct fixture *f, int64_t msisdn)
{
	struct dossier d = { .msisdn = msisdn };
	const unsigned all = 2 * NEED_PIN - 1;

	ck_assert_int_eq(
		store_load_dossiers(f->store, &f->arena, (struct dossier *[]){ &d }, 1),
		ERR_OK);
	ck_assert_int_eq(store_load_needs(f->store, &f->arena, (struct dossier *[]){ &d },
	                                  &all, 1, SINCE),
	                 ERR_OK);
	return d;
}

static inline void assert_text(struct str got, const char *expected)
{
	ck_assert_msg(str_eq(got, str_of(expected)), "got \"%.*s\", expected \"%s\"",
	              STR_ARG(got), expected);
}

#endif
