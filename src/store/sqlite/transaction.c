/*
 * transaction.c - begin, commit, rollback, and the checkpoint behind a commit.
 */
#include "base/killpoint.h"
#include "sqlite_priv.h"

enum {
	CHECKPOINT_PAGES =
		8000, /* 31 MiB of WAL: between restart time and rewriting pages */
	BULK_PAGES =
		500 /* while rows come in: 8000 new pages would stop answers for long */
};

/* Behind a transaction that was not to be synced. */
static void sync_again(struct sqlite_store *s)
{
	if (s->unsynced && sql_script(&s->sql, "PRAGMA synchronous = FULL") != ERR_OK)
		s->broken = ERR_UNKNOWN;
	s->unsynced = false;
}

enum err sqlite_begin(struct store *s)
{
	enum err e;

	if (sqlite_of(s)->broken != ERR_OK)
		return sqlite_of(s)->broken;
	e = sql_run(sql_of(s), SQL_BEGIN, SQL_NO_ARGS);
	if (e == ERR_BUSY)
		sqlite_name_holder(sqlite_of(s));
	return e;
}

/*
 * A commit that only writes the WAL: the next that syncs it syncs this one, too.  Texts
 * need not wait for a sync with each slice of a file.
 */
enum err sqlite_begin_bulk(struct store *store)
{
	struct sqlite_store *s = sqlite_of(store);
	enum err e = s->broken;

	if (e == ERR_OK)
		e = sql_script(&s->sql, "PRAGMA synchronous = NORMAL");
	s->unsynced = e == ERR_OK;
	if (e == ERR_OK)
		e = sqlite_begin(store);
	if (e != ERR_OK)
		sync_again(s);
	return e;
}

/*
 * Moves the WAL into the database.  A full disk, a busy reader or want of memory only
 * puts it off; after an I/O error nothing may be written any more: the kernel may have
 * dropped the pages that it failed to sync.
 */
static void checkpoint(struct sqlite_store *s)
{
	enum err e = ERR_OK;
	int code;

	KILLPOINT("checkpoint.before");
	sqlite_wal_moves(s, false);
	code = sqlite3_wal_checkpoint_v2(s->sql.db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL,
	                                 NULL);
	if (code != SQLITE_OK)
		e = sql_failed(&s->sql, code, (code & 0xff) != SQLITE_NOMEM);
	else
		s->moved_pages = s->wal_pages;
	KILLPOINT("checkpoint.after");
	if (e == ERR_UNKNOWN || e == ERR_CORRUPT)
		s->broken = e;
}

/* Pages moved before count when a reader keeps the WAL from starting over. */
static bool checkpoint_is_due(struct sqlite_store *s)
{
	const int limit = s->bulk ? BULK_PAGES : CHECKPOINT_PAGES;

	if (s->wal_pages < s->moved_pages)
		s->moved_pages = 0;
	return s->wal_pages - s->moved_pages >= limit;
}

/* For the note of the commit; an older one is true as well. */
static void note_last_id(struct sqlite_store *s)
{
	int64_t id;

	if (s->lock_fd >= 0 &&
	    sql_one_int(&s->sql, SQL_LAST_TEXT, SQL_NO_ARGS, &id) == ERR_OK)
		s->note.last_id = (uint64_t)id;
}

enum err sqlite_commit(struct store *store)
{
	struct sqlite_store *s = sqlite_of(store);
	sqlite3_stmt *row;
	enum err e;

	if (sqlite3_get_autocommit(s->sql.db) != 0)
		return ERR_STATE;
	note_last_id(s);
	KILLPOINT("commit.before");
	e = sql_query(&s->sql, SQL_COMMIT, SQL_NO_ARGS, &row);
	if (e == ERR_END) {
		KILLPOINT("commit.after");
		sync_again(s);
		if (checkpoint_is_due(s))
			checkpoint(s);
		s->bulk = false;
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
		sqlite_of(s)->broken = ERR_UNKNOWN;
	sync_again(sqlite_of(s));
}
