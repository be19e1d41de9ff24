/*
 * check_priv.h - what the files of the outside checker share: check.c judges, check_log.c
 * makes tables of a log.
 */
#ifndef TESTS_CHECK_PRIV_H
#define TESTS_CHECK_PRIV_H

#include <sqlite3.h>

enum {
	LINE = 16384 /* of a log, and of a text, at most */
};

_Noreturn void die(const char *what, const char *why);
void run(sqlite3 *db, const char *sql);
sqlite3_stmt *prepare(sqlite3 *db, const char *sql);

void log_tables(sqlite3 *db); /* empty ones, and the function kept(text) */
void log_read(sqlite3 *db, const char *path);
/* Secrets in what the gateway logged; there may be no such file. */
void log_read_trace(sqlite3 *db, const char *path);

#endif
