/*
 * transaction.c - begin, commit, rollback, and the checkpoint behind a commit, at the
 * latest before the next begin.
 */
#include "base/killpoint.h"
#include "sqlite_priv.h"

enum {
	CHECKPOINT_PAGES =
		8000, /* 31 MiB of WAL: between restart time and rewriting pages */
	/* While many rows come in: what texts wait for in between.  Each has four syncs, 1.5 ms
	 * on a disk: with 150 pages the import was a quarter slower there, with 1000 texts
	 * waited 2 ms in memory and 5 ms on a disk. */
	BULK_PAGES = 400,
	WAL_FRAME = 4096 + 24
};

/* Behind a transaction that was not to be synced. */
static void sync_again(struct sqlite_store *s)
{
	if (s->unsynced && sql_script(&s->sql, "PRAGMA synchronous = FULL") != ERR_OK)
		s->broken = ERR_UNKNOWN;
	s->unsynced = false;
}

/*
 * Moves the WAL into the database.  A full disk, a busy reader or want of memory only
 * puts it off; after an I/O error nothing may be written any more: the kernel may have
 * dropped the pages that it failed to sync.
 */
static enum err checkpoint(struct sqlite_store *s, int mode)
{
	enum err e = ERR_OK;
	int code, frames = 0, moved = 0;

	KILLPOINT("checkpoint.before");
	sqlite_wal_moves(s, false);
	code = sqlite3_wal_checkpoint_v2(s->sql.db, NULL, mode, &frames, &moved);
	if (code != SQLITE_OK)
		e = sql_failed(&s->sql, code, (code & 0xff) != SQLITE_NOMEM);
	KILLPOINT("checkpoint.after");
	s->tried_pages = s->wal_pages;
	s->wal.late = e != ERR_OK;
	s->again = e != ERR_OK || moved < frames;
	if (e == ERR_OK)
		s->wal.moved++;
	else
		s->wal.failed++;
	if (e == ERR_UNKNOWN || e == ERR_CORRUPT)
		s->broken = e;
	return e;
}

enum err sqlite_tend(struct store *store, enum store_tending how)
{
	struct sqlite_store *s = sqlite_of(store);
	const int due = s->bulk && how != STORE_TEND_DUE ? BULK_PAGES : CHECKPOINT_PAGES;

	if (s->wal_pages < s->tried_pages) /* it has begun anew */
		s->tried_pages = 0;
	if (s->broken == ERR_OK && (s->wal_pages - s->tried_pages >= due ||
	                            (how == STORE_TEND_AGAIN && s->again)))
		(void)checkpoint(s, SQLITE_CHECKPOINT_PASSIVE);
	return s->broken;
}

/* At its limit the WAL has to be emptied first, which a reader or a full disk prevents. */
static enum err keep_limit(struct sqlite_store *s)
{
	enum err e;

	if (s->wal_pages < s->wal_limit)
		return ERR_OK;
	(void)sqlite3_busy_timeout(s->sql.db, 0);
	e = checkpoint(s, SQLITE_CHECKPOINT_TRUNCATE);
	(void)sqlite3_busy_timeout(s->sql.db, SQLITE_BUSY_MS);
	if (e == ERR_OK)
		s->wal_pages = 0;
	if (e == ERR_BUSY)
		sqlite_name_reader(s);
	return s->broken != ERR_OK || e == ERR_OK ? s->broken : ERR_FULL;
}

void sqlite_wal(const struct store *store, struct store_wal *out)
{
	const struct sqlite_store *s = (const struct sqlite_store *)store;

	*out = s->wal;
	out->octets = (int64_t)s->wal_pages * WAL_FRAME;
}

enum err sqlite_begin(struct store *s)
{
	enum err e = sqlite_tend(s, STORE_TEND_DUE);

	sqlite_of(s)->bulk = false;
	if (e == ERR_OK)
		e = keep_limit(sqlite_of(s));
	if (e != ERR_OK)
		return e;
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
