/*
 * raw.h - SQL on a store that nobody has open: rows that no function writes yet, and
 * what a test wants to see.
 */
#ifndef UNIT_STORE_RAW_H
#define UNIT_STORE_RAW_H

#include <sqlite3.h>

#include "fixture.h"

static inline const char *raw_path(const struct fixture *f)
{
	return f->url + strlen("sqlite:");
}

static inline void raw_at(const char *path, const char *sql)
{
	sqlite3 *db = NULL;
	char *why = NULL;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &why) == SQLITE_OK, "%s: %s", sql,
	              why);
	(void)sqlite3_close(db);
}

/* Between two owners. */
static inline void raw(struct fixture *f, const char *sql)
{
	store_close(f->store);
	f->store = NULL;
	raw_at(raw_path(f), sql);
	fixture_open(f, STORE_OPEN);
}

/* Reading does no harm while it is owned. */
static inline int64_t raw_int(const char *path, const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *st = NULL;
	int64_t out;

	ck_assert_int_eq(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL),
	                 SQLITE_OK);
	ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK, "%s", sql);
	ck_assert_int_eq(sqlite3_step(st), SQLITE_ROW);
	out = sqlite3_column_int64(st, 0);
	(void)sqlite3_finalize(st);
	(void)sqlite3_close(db);
	return out;
}

static inline struct store_reader *reader_of(struct fixture *f)
{
	struct fault fault = { "" };
	struct store_reader *r = NULL;

	ck_assert_msg(store_reader_open(f->store, &r, &fault) == ERR_OK, "%s",
	              fault.text);
	return r;
}

/* Removes the folder with whatever is in it. */
static inline void raw_end(struct fixture *f)
{
	char command[128];

	store_close(f->store);
	arena_free(&f->arena);
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", f->folder);
	ck_assert_int_eq(system(command), 0);
}

/* One number's whole story: text 1 orders a package, text 2 asks the balance. */
#define STORY                                                                                                                                                                 \
	"INSERT INTO inbox VALUES (1,1,0,9,11,1000000,13800000001,1577808000,257,1,"                                                                                          \
	"'8613800000001','10086','g','KTLL10','package.open','open','rev1');"                                                                                                 \
	"INSERT INTO outbox VALUES (1,2,1,1000500,1,257,'10086','8613800000001','g',"                                                                                         \
	"'10元流量包已开通',9,0,1000900,'m1',1001000,2,'',NULL);"                                                                                                      \
	"INSERT INTO inbox VALUES (2,0,0,9,12,2000000,13800000001,1577808000,257,1,"                                                                                          \
	"'8613800000001','10086','g','CX\x1b[2J','balance.query','cx','rev2');"                                                                                               \
	"INSERT INTO outbox VALUES (2,0,0,2000000,1,257,'10086','8613800000001','g',"                                                                                         \
	"'余额1.00元',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);"                                                                                                           \
	"INSERT INTO inbox VALUES (3,1,0,9,13,3000000,13900000009,0,257,1,"                                                                                                   \
	"'8613900000009','10086','g','other','','','rev2');"                                                                                                                  \
	"INSERT INTO service_order (id, msisdn, owner_since, kind, package, state, at, effective_at, fee_fen, inbox) VALUES (7,13800000001,1577808000,'service.open','LL10'," \
	"2,1000,1000,1000,1);"                                                                                                                                                \
	"INSERT INTO ledger (request_id, msisdn, owner_since, at, kind, amount_fen, inbox, note) VALUES ('r-1',13800000001,1577808000,1000,'fee',-1000,1,'LL10');"            \
	"INSERT INTO consent VALUES (13800000001,'LL10',1000,1577808000,1,'sms','KTLL10');"                                                                                   \
	"INSERT INTO consent VALUES (13800000001,'OLD',900,1400000000,1,'shop','');"                                                                                          \
	"INSERT INTO optout VALUES (13800000001,1577808000,1,1500,2);"                                                                                                        \
	"INSERT INTO complaint VALUES (13800000001,1600,'charge',1577808000,0,'why');"                                                                                        \
	"INSERT INTO subscriber VALUES (13800000001,1577808000,0,0,0,0,1,'n','r','5G','t',"                                                                                   \
	"'12345678','58',NULL);"

#endif
