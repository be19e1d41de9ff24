/*
 * query.c - prints what a query says of a database, for the scripts beside it.
 *
 * usage: query FILE SQL     columns joined by |, a line a row; exit 1 on an error
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

static int print_row(void *unused, int n, char **value, char **name)
{
	(void)unused;
	(void)name;
	for (int i = 0; i < n; i++)
		(void)printf("%s%s", i > 0 ? "|" : "", value[i] != NULL ? value[i] : "");
	(void)putchar('\n');
	return 0;
}

int main(int argc, char **argv)
{
	sqlite3 *db = NULL;
	int code = SQLITE_MISUSE;

	if (argc == 3)
		code = sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READONLY, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_busy_timeout(db, 5000);
	if (code == SQLITE_OK)
		code = sqlite3_exec(db, argv[2], print_row, NULL, NULL);
	if (code != SQLITE_OK)
		(void)fprintf(stderr, "query: %s\n",
		              db != NULL ? sqlite3_errmsg(db) : "FILE SQL");
	(void)sqlite3_close(db);
	return code == SQLITE_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
