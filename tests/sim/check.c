/*
 * check.c - the outside checker: judges runs of the simulator by their logs and copies
 * of their stores, with no code of the house.
 *
 * usage: check FOLDER FIRST COUNT [PREFIX]    FOLDER/<seed>.log and FOLDER/<seed>.db;
 *                                             PREFIX: only invariants named so, of log alone
 *
 * The log becomes tables in memory, the store is attached, and each invariant is a
 * query whose rows are violations (invariants.def).  A line for each violation; the
 * last line is "N passed, N failed", counting seeds.
 */
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_priv.h"

enum {
	TALLIES = 32,
	VIOLATIONS_SHOWN = 4 /* of one invariant in one seed */
};

/* What is made of log and store before anything is asked. */
static const char derived[] =
	"CREATE TABLE inbox AS SELECT id, from_digits AS from_, to_digits AS to_, state, "
	"kept(text) AS body FROM store.inbox;"
	"CREATE INDEX inbox_from ON inbox (from_, body);"
	"CREATE INDEX text_body ON text (from_, body);"
	"ANALYZE main;";

/* Of log and store, also where only some invariants are asked for. */
static const char pushes[] =
	"CREATE TABLE push AS SELECT s.*, d.id AS campaign, CAST(to_ AS INTEGER) AS msisdn FROM "
	"submit s JOIN planned d USING (from_) WHERE until > 0;"
	"CREATE TABLE halt AS SELECT campaign, sent, at, (SELECT g.at FROM turned g WHERE g.go AND "
	"g.campaign = h.campaign AND g.n > h.n ORDER BY g.n LIMIT 1) AS ends, (SELECT g.sent FROM turned g WHERE "
	"g.go AND g.campaign = h.campaign AND g.n > h.n ORDER BY g.n LIMIT 1) AS sent_then FROM turned h WHERE NOT go;"
	"CREATE INDEX push_of ON push (campaign, msisdn);"
	"CREATE INDEX push_to ON push (msisdn);";

struct query {
	const char *name, *sql;
};

static const char *const excuses[] = {
#define X(kind, why, sql) \
	"INSERT INTO excuse SELECT '" kind "', '" why "', * FROM (" sql ")",
#include "excuses.def"
#undef X
};

static const struct query invariants[] = {
#define X(name, sql) { name, sql },
#include "invariants.def"
#undef X
};

enum {
	INVARIANTS = sizeof(invariants) / sizeof(invariants[0]),
	EXCUSES = sizeof(excuses) / sizeof(excuses[0])
};

void die(const char *what, const char *why)
{
	(void)fprintf(stderr, "check: %s: %s\n", what, why);
	exit(EXIT_FAILURE);
}

void run(sqlite3 *db, const char *sql)
{
	char *words = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &words) != SQLITE_OK)
		die(sql, words);
}

sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *row;

	if (sqlite3_prepare_v2(db, sql, -1, &row, NULL) != SQLITE_OK)
		die(sql, sqlite3_errmsg(db));
	return row;
}

/* ---- places where no PIN may be ---- */

/* Looks through every column of text of the store, also of tables yet to come. */
static void search_store(sqlite3 *db)
{
	sqlite3_stmt *row = prepare(
		db,
		"SELECT printf('INSERT INTO stored SELECT ''%s.%s'' FROM store.\"%w\" t "
		"WHERE EXISTS (SELECT 1 FROM secret WHERE '' '' || t.\"%w\" || '' '' GLOB "
		"''*[^0-9]'' || word || ''[^0-9]*'')', m.name, c.name, m.name, c.name) "
		"FROM store.sqlite_schema m, pragma_table_info(m.name, 'store') c "
		"WHERE m.type = 'table' AND c.type = 'TEXT'");

	while (sqlite3_step(row) == SQLITE_ROW)
		run(db, (const char *)sqlite3_column_text(row, 0));
	(void)sqlite3_finalize(row);
}

/* ---- judging ---- */

/* What was excused, and how often, in all seeds. */
static struct {
	char why[200];
	unsigned long long n;
} tally[TALLIES];

static void count_excuse(const char *why)
{
	size_t i = 0;

	while (i + 1 < TALLIES && tally[i].n > 0 && strcmp(tally[i].why, why) != 0)
		i++;
	(void)snprintf(tally[i].why, sizeof(tally[i].why), "%s", why);
	tally[i].n++;
}

/* Rows are violations; with a second column that is not NULL, excused ones. */
static bool holds(sqlite3 *db, size_t i, const char *seed)
{
	sqlite3_stmt *row = prepare(db, invariants[i].sql);
	int n = 0, code;

	while ((code = sqlite3_step(row)) == SQLITE_ROW) {
		const char *why = sqlite3_column_count(row) < 2
		                          ? NULL
		                          : (const char *)sqlite3_column_text(row, 1);

		if (why != NULL)
			count_excuse(why);
		else if (n++ < VIOLATIONS_SHOWN)
			(void)printf("seed %s: %s: %s\n", seed, invariants[i].name,
			             (const char *)sqlite3_column_text(row, 0));
	}
	if (code != SQLITE_DONE)
		die(invariants[i].name, sqlite3_errmsg(db));
	(void)sqlite3_finalize(row);
	return n == 0;
}

static void prepare_all(sqlite3 *db, const char *folder, const char *seed)
{
	char path[1024];

	run(db, derived);
	(void)snprintf(path, sizeof(path), "%s/%s.trace", folder, seed);
	log_read_trace(db, path);
	search_store(db);
	for (size_t i = 0; i < EXCUSES; i++)
		run(db, excuses[i]);
	run(db, "CREATE INDEX excuse_key ON excuse (kind, key)");
}

static bool judge(const char *folder, const char *seed, const char *prefix)
{
	char path[1024], attach[1200];
	bool good = true;
	sqlite3 *db;

	if (sqlite3_open(":memory:", &db) != SQLITE_OK)
		die("sqlite", "no memory");
	(void)snprintf(path, sizeof(path), "%s/%s.db", folder, seed);
	(void)snprintf(attach, sizeof(attach), "ATTACH '%s' AS store", path);
	log_tables(db);
	run(db, attach);
	(void)snprintf(path, sizeof(path), "%s/%s.log", folder, seed);
	run(db, "BEGIN");
	log_read(db, path);
	run(db, pushes);
	if (prefix[0] ==
	    '\0') /* those of one name need none of it: a soak's log is long */
		prepare_all(db, folder, seed);
	for (size_t i = 0; i < INVARIANTS; i++) {
		if (strncmp(invariants[i].name, prefix, strlen(prefix)) == 0)
			good = holds(db, i, seed) && good;
	}
	run(db, "COMMIT");
	(void)sqlite3_close(db);
	if (!good)
		(void)printf("seed %s: log %s\n", seed, path);
	return good;
}

int main(int argc, char **argv)
{
	unsigned long long first, count, failed = 0;

	if (argc < 4 || argc > 5) {
		(void)fputs("usage: check FOLDER FIRST COUNT [PREFIX]\n", stderr);
		return EXIT_FAILURE;
	}
	first = strtoull(argv[2], NULL, 10);
	count = strtoull(argv[3], NULL, 10);
	for (unsigned long long i = 0; i < count; i++) {
		char seed[32];

		(void)snprintf(seed, sizeof(seed), "%llu", first + i);
		failed += judge(argv[1], seed, argc == 5 ? argv[4] : "") ? 0 : 1;
	}
	for (size_t i = 0; i < TALLIES && tally[i].n > 0; i++)
		(void)printf("excused %llu %s\n", tally[i].n, tally[i].why);
	(void)printf("%llu passed, %llu failed\n", count - failed, failed);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
