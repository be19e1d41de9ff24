/*
 * schema.c - numbered migrations: which are applied, and applying the rest.
 *
 * A migration is never changed once released; its checksum is kept with it.  A new
 * one is a file in src/store/sql/ and a line here.
 */
#include <assert.h>

#include "sqlite_priv.h"

/* clang-format off */
#define MIGRATIONS(X) \
	X(1, hall, "001-hall.sql") \
	X(2, history, "002-history.sql") \
	X(3, dialogue, "003-dialogue.sql") \
	X(4, tools, "004-tools.sql") \
	X(5, notices, "005-notices.sql") \
	X(6, secrets, "006-secrets.sql") \
	X(7, desk, "007-desk.sql") \
	X(8, tags, "008-tags.sql") \
	X(9, groups, "009-groups.sql") \
	X(10, campaigns, "010-campaigns.sql") \
	X(11, campaign_seen, "011-campaign-seen.sql") \
	X(12, declined, "012-declined.sql") \
	X(13, chosen_language, "013-chosen-language.sql") \
	X(14, campaign_test, "014-campaign-test.sql") \
	X(15, uses, "015-uses.sql") \
	X(16, target_cell, "016-target-cell.sql") \
	X(17, purpose, "017-purpose.sql") \
	X(18, handoff, "018-handoff.sql") \
	X(19, delayed, "019-delayed.sql") \
	X(20, traditional_names, "020-traditional-names.sql") \
	X(21, touch_outcome, "021-touch-outcome.sql") \
	X(22, told, "022-told.sql") \
	X(23, outer_tiers, "023-outer-tiers.sql")

/* The SQL files as they are, each with a NUL behind it. */
#define X(number, name, file)                                     \
	__asm__(".section .rodata\n"                              \
	        "migration_" #name ":\n"                          \
	        ".incbin \"src/store/sql/" file "\"\n"            \
	        ".byte 0\n"                                       \
	        ".previous\n");                                   \
	extern const char migration_##name[];
MIGRATIONS(X)
#undef X
/* clang-format on */

static const struct migration {
	int64_t number;
	const char *name, *sql;
} migrations[] = {
#define X(number, name, file) { number, #name, migration_##name },
	MIGRATIONS(X)
#undef X
};

enum {
	N_MIGRATIONS = sizeof(migrations) / sizeof(migrations[0]),
	APPLICATION_ID = 0x534d5348 /* "SMSH", in the file's header */
};

/* FNV-1a; against changes by mistake, not by an enemy. */
static int64_t checksum(const char *text)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *text != '\0'; text++)
		h = (h ^ (uint8_t)*text) * UINT64_C(0x100000001b3);
	return (int64_t)h;
}

/* One integer by constant SQL text; absent stays as it is. */
static enum err ask(struct sql *q, const char *text, int64_t *out)
{
	sqlite3_stmt *st = NULL;
	int code = sqlite3_prepare_v2(q->db, text, -1, &st, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_step(st);
	if (code == SQLITE_ROW)
		*out = sql_col_int(st, 0);
	(void)sqlite3_finalize(st);
	return code == SQLITE_ROW || code == SQLITE_DONE ? ERR_OK
	                                                 : sql_failed(q, code, false);
}

/* A database with tables that we did not make is left alone. */
static enum err check_ours(struct sql *q, const char *url, bool *fresh,
                           struct fault *fault)
{
	int64_t id = 0, tables = 0;
	enum err e = ask(q, "PRAGMA application_id", &id);

	if (e == ERR_OK)
		e = ask(q, "SELECT count(*) FROM sqlite_schema", &tables);
	if (e == ERR_CORRUPT)
		fault_set(fault,
		          "%s: not a store: the file is no SQLite database, or damaged: "
		          "restore the newest backup with smshall restore",
		          url);
	if (e != ERR_OK)
		return e;
	*fresh = tables == 0;
	if (tables > 0 && id != APPLICATION_ID) {
		fault_set(fault, "%s: a database of another program", url);
		return ERR_STATE;
	}
	return ERR_OK;
}

static enum err check_applied(const char *url, int64_t number, int64_t sum,
                              struct fault *fault)
{
	if (number > N_MIGRATIONS) {
		fault_set(fault,
		          "%s: has schema %lld, this program knows %d: use the newer "
		          "smshall",
		          url, (long long)number, N_MIGRATIONS);
		return ERR_STATE;
	}
	if (checksum(migrations[number - 1].sql) != sum) {
		fault_set(fault,
		          "%s: its migration %lld differs from this program's: they are "
		          "not of one line",
		          url, (long long)number);
		return ERR_STATE;
	}
	return ERR_OK;
}

/* Checks what is applied and says how many that are. */
static enum err read_applied(struct sql *q, const char *url, int64_t *n,
                             struct fault *fault)
{
	sqlite3_stmt *st = NULL;
	int code = sqlite3_prepare_v2(
		q->db, "SELECT number, checksum FROM migration ORDER BY number DESC", -1,
		&st, NULL);
	enum err e = ERR_OK;

	*n = 0;
	while (code == SQLITE_OK && e == ERR_OK &&
	       (code = sqlite3_step(st)) == SQLITE_ROW) {
		const int64_t number = sql_col_int(st, 0);

		*n = *n > 0 ? *n : number;
		e = number < 1 ? ERR_CORRUPT
		               : check_applied(url, number, sql_col_int(st, 1), fault);
		code = SQLITE_OK;
	}
	if (e == ERR_OK && code != SQLITE_DONE)
		e = sql_failed(q, code, false);
	(void)sqlite3_finalize(st);
	return e;
}

static enum err note_applied(struct sql *q, const struct migration *m)
{
	sqlite3_stmt *st = NULL;
	int code = sqlite3_prepare_v2(
		q->db,
		"INSERT INTO migration (number, name, checksum) VALUES (?1, ?2, ?3)", -1,
		&st, NULL);

	if (code == SQLITE_OK) {
		(void)sqlite3_bind_int64(st, 1, m->number);
		(void)sqlite3_bind_text(st, 2, m->name, -1, SQLITE_STATIC);
		(void)sqlite3_bind_int64(st, 3, checksum(m->sql));
		code = sqlite3_step(st);
	}
	(void)sqlite3_finalize(st);
	return code == SQLITE_DONE ? ERR_OK : sql_failed(q, code, false);
}

static enum err apply(struct sql *q, int64_t from, bool fresh)
{
	enum err e = sql_script(q, "BEGIN IMMEDIATE");

	if (e == ERR_OK && fresh)
		e = sql_script(q,
		               "PRAGMA application_id = 0x534d5348;"
		               "CREATE TABLE migration (number INTEGER PRIMARY KEY, "
		               "name TEXT NOT NULL, checksum INTEGER NOT NULL) STRICT");
	for (int64_t i = from; i < N_MIGRATIONS && e == ERR_OK; i++) {
		assert(migrations[i].number == i + 1);
		e = sql_script(q, migrations[i].sql);
		if (e == ERR_OK)
			e = note_applied(q, &migrations[i]);
	}
	if (e == ERR_OK)
		e = sql_script(q, "COMMIT");
	if (e != ERR_OK && sqlite3_get_autocommit(q->db) == 0)
		(void)sqlite3_exec(q->db, "ROLLBACK", NULL, NULL, NULL);
	return e;
}

enum err sqlite_schema(struct sql *q, const char *url, bool upgrade, struct fault *fault)
{
	int64_t applied = 0;
	bool fresh = false;
	enum err e = check_ours(q, url, &fresh, fault);

	if (e == ERR_OK && !fresh)
		e = read_applied(q, url, &applied, fault);
	if (e != ERR_OK || applied == N_MIGRATIONS)
		return e;
	if (upgrade)
		return apply(q, applied, fresh);
	fault_set(
		fault,
		"%s: has schema %lld, this program needs %d: run smshall init --store %s",
		url, (long long)applied, N_MIGRATIONS, url);
	return ERR_STATE;
}

enum err sqlite_schema_known(struct sql *q, const char *url, int64_t *number,
                             struct fault *fault)
{
	bool fresh = false;
	enum err e = check_ours(q, url, &fresh, fault);

	if (e == ERR_OK && fresh) {
		fault_set(fault, "%s: an empty database, no store", url);
		return ERR_STATE;
	}
	return e == ERR_OK ? read_applied(q, url, number, fault) : e;
}
