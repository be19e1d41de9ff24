/*
 * bench_prepare.c - how fast an audience is drawn.
 *
 * usage: bench_prepare SMSHALL STORE FOLDER
 *   STORE    of SMSHALL init and populate, without campaigns; it is copied
 *   FOLDER   for the copy
 *
 * A notice for everybody is planned and approved, looked at before, and drawn, by SMSHALL
 * itself.  The yardstick inserts the same rows with the same indexes into a bare SQLite
 * database, in their order and one transaction.
 */
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"

enum {
	PATH = 4096
};

static const char definition[] =
	"campaign = { code = \"BENCH\"; title = \"Everybody\"; kind = \"care\"; "
	"category = \"services\"; owner = \"anna\"; };\n"
	"time = { from = \"2026-01-01\"; until = \"2099-12-31\"; };\n"
	"arm_a = { zh_hans = \"余额发CXYE，用量发CXLL\"; "
	"en = \"Balance: CXYE, usage: CXLL\"; };\n";

static char folder[PATH / 2];

static void die(const char *what)
{
	(void)fprintf(stderr, "bench_prepare: %s\n", what);
	exit(EXIT_FAILURE);
}

static void path_of(char out[PATH], const char *name)
{
	(void)snprintf(out, PATH, "%s/%s", folder, name);
}

static void write_file(const char *name, const char *text)
{
	char path[PATH];
	FILE *f;

	path_of(path, name);
	f = fopen(path, "w");
	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		die(path);
}

/* Seconds that it took, and of the processor. */
struct took {
	double s, cpu_s;
};

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

/* A line of the shell. */
static struct took run(const char *fmt, ...) PRINTF_LIKE(1, 2);
static struct took run(const char *fmt, ...)
{
	const int64_t from = clock_machine().mono_us;
	char line[4 * PATH];
	struct rusage used;
	va_list args;
	pid_t child;
	int status = 0;

	va_start(args, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	child = fork();
	if (child == 0) {
		(void)execl("/bin/sh", "sh", "-c", line, (char *)NULL);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &used) != child || status != 0)
		die(line);
	return (struct took){ (double)(clock_machine().mono_us - from) / 1e6,
		              seconds(used.ru_utime) + seconds(used.ru_stime) };
}

static struct took act(const char *smshall, const char *words)
{
	return run("exec '%s' campaign --config '%s/prepare.conf' %s >/dev/null", smshall,
	           folder, words);
}

static void sql(sqlite3 *db, const char *text)
{
	if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
		die(sqlite3_errmsg(db));
}

static double yardstick(const char *store)
{
	char bare[PATH], attach[2 * PATH];
	sqlite3 *db;
	int64_t from;
	double s;

	path_of(bare, "prepare-bare.db");
	(void)unlink(bare);
	(void)snprintf(attach, sizeof(attach), "ATTACH '%s' AS b", bare);
	if (sqlite3_open(store, &db) != SQLITE_OK)
		die(store);
	sql(db, attach);
	sql(db,
	    "PRAGMA b.journal_mode = WAL; PRAGMA b.synchronous = NORMAL;"
	    "CREATE TABLE b.bare (campaign, msisdn, owner_since, place, state, reason, "
	    "arm, offer, command, saving, why, price, value_li, at, outbox, segments, "
	    "until, replied_at, cell, PRIMARY KEY (campaign, msisdn)) WITHOUT ROWID;"
	    "CREATE INDEX b.bare_ready ON bare (campaign, place) WHERE state = 1;"
	    "CREATE INDEX b.bare_of ON bare (msisdn)");
	from = clock_machine().mono_us;
	sql(db, "INSERT INTO b.bare SELECT * FROM target ORDER BY campaign, msisdn");
	s = (double)(clock_machine().mono_us - from) / 1e6;
	(void)sqlite3_close(db);
	return s;
}

static double count(const char *store)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *st = NULL;
	double n;

	if (sqlite3_open(store, &db) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, "SELECT count(*) FROM target", -1, &st, NULL) !=
	            SQLITE_OK ||
	    sqlite3_step(st) != SQLITE_ROW)
		die(store);
	n = sqlite3_column_double(st, 0);
	(void)sqlite3_finalize(st);
	(void)sqlite3_close(db);
	return n;
}

static void set_up(const char *store, char copy[PATH])
{
	char conf[2 * PATH];

	path_of(copy, "prepare.db");
	(void)run("rm -f '%s' '%s'-* && cp '%s' '%s' && cp -f '%s.pepper' '%s.pepper'",
	          copy, copy, store, copy, store, copy);
	(void)snprintf(conf, sizeof(conf),
	               "store = \"sqlite:%s\";\ngrammar = \"grammar\";\n"
	               "links = ( { name = \"a\"; host = \"127.0.0.1\"; port = 9; "
	               "bind = \"transceiver\"; system_id = \"a\"; password = \"a\"; "
	               "numbers = ( \"10086\" ); trusted = true; } );\n"
	               "log = { level = \"error\"; };\n",
	               copy);
	write_file("prepare.conf", conf);
	write_file("prepare-campaign.conf", definition);
}

int main(int argc, char **argv)
{
	char copy[PATH], add[PATH];
	struct took nothing, look, draw;
	double n, bare;

	if (argc != 4)
		die("usage: bench_prepare SMSHALL STORE FOLDER");
	(void)snprintf(folder, sizeof(folder), "%s", argv[3]);
	set_up(argv[2], copy);
	(void)snprintf(add, sizeof(add), "add '%s/prepare-campaign.conf' --by anna",
	               folder);
	(void)act(argv[1], add);
	(void)act(argv[1], "submit BENCH --by anna");
	(void)act(argv[1], "approve BENCH --by bob");
	nothing = act(argv[1], "preview BENCH");
	look = act(argv[1], "preflight BENCH");
	draw = act(argv[1], "schedule BENCH --by anna");
	n = count(copy);
	bare = yardstick(copy);
	(void)printf("start and files   %8.1f s   CPU %6.1f s\n", nothing.s,
	             nothing.cpu_s);
	(void)printf("pre-flight        %8.1f s   CPU %6.1f s   %8.0f people/s\n", look.s,
	             look.cpu_s, n / look.s);
	(void)printf("drawing           %8.1f s   CPU %6.1f s   %8.0f targets/s\n",
	             draw.s, draw.cpu_s, n / draw.s);
	(void)printf("the same, bare    %8.1f s   %8.0f rows/s: %.1f times as fast\n",
	             bare, n / bare, draw.s / bare);
	return EXIT_SUCCESS;
}
