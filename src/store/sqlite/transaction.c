/*
 * transaction.c - begin, commit, rollback, and the checkpoint behind a commit.
 */
#include "sqlite_priv.h"

enum {
	CHECKPOINT_PAGES =
		8000 /* 31 MiB of WAL: between restart time and rewriting pages */
};

enum err sqlite_begin(struct store *s)
{
	if (sqlite_of(s)->broken != ERR_OK)
		return sqlite_of(s)->broken;
	return sql_run(sql_of(s), SQL_BEGIN, SQL_NO_ARGS);
}

/*
 * Moves the WAL into the database.  A full disk or a busy reader only puts it off;
 * after an I/O error nothing may be written any more: the kernel may have dropped
 * the pages that it failed to sync.
 */
static void checkpoint(struct sqlite_store *s)
{
	const int code = sqlite3_wal_checkpoint_v2(s->sql.db, NULL,
	                                           SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	const enum err e = code == SQLITE_OK ? ERR_OK : sql_failed(&s->sql, code, true);

	if (e == ERR_UNKNOWN || e == ERR_CORRUPT)
		s->broken = e;
}

enum err sqlite_commit(struct store *store)
{
	struct sqlite_store *s = sqlite_of(store);
	sqlite3_stmt *row;
	enum err e;

	if (sqlite3_get_autocommit(s->sql.db) != 0)
		return ERR_STATE;
	e = sql_query(&s->sql, SQL_COMMIT, SQL_NO_ARGS, &row);
	if (e == ERR_END) {
		if (s->wal_pages >= CHECKPOINT_PAGES)
			checkpoint(s);
		return ERR_OK;
	}
	if (e == ERR_IO) /* the records may have reached the disk */
		e = ERR_UNKNOWN;
	if (e == ERR_UNKNOWN || e == ERR_CORRUPT)
		s->broken = e;
	sqlite_rollback(store);
	return e;
}

void sqlite_rollback(struct store *s)
{
	/* Some errors have rolled back already. */
	if (sqlite3_get_autocommit(sql_of(s)->db) == 0 &&
	    sql_run(sql_of(s), SQL_ROLLBACK, SQL_NO_ARGS) != ERR_OK)
		sqlite_of(s)->broken = ERR_IO;
}
