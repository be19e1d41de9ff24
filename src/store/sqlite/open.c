/*
 * open.c - opens a store as its one owner and closes it; the backend's table.
 *
 * The clean-stop mark is the setting "clean": "1" only between store_close() and
 * the next store_open().
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/killpoint.h"
#include "sqlite_priv.h"

/* FULL: a commit is on the disk when it returns.  The cache is in KiB. */
static const char pragmas[] = "PRAGMA journal_mode = WAL;"
			      "PRAGMA synchronous = FULL;"
			      "PRAGMA wal_autocheckpoint = 0;"
			      "PRAGMA journal_size_limit = 268435456;"
			      "PRAGMA cache_size = -65536;"
			      "PRAGMA secure_delete = FAST";

static void close_store(struct store *store);

static const struct store_ops ops = {
	.close = close_store,
	.forget = sqlite_forget,
	.begin = sqlite_begin,
	.begin_bulk = sqlite_begin_bulk,
	.commit = sqlite_commit,
	.rollback = sqlite_rollback,
	.tend = sqlite_tend,
	.wal = sqlite_wal,
	.load_seen = sqlite_load_seen,
	.load_dossiers = sqlite_load_dossiers,
	.load_needs = sqlite_load_needs,
	.load_parts = sqlite_load_parts,
	.has_pins = sqlite_has_pins,
	.forget_pins = sqlite_forget_pins,
	.load_parked = sqlite_load_parked,
	.record = sqlite_record,
	.ids = sqlite_ids,
	.load_ready = sqlite_load_ready,
	.recover = sqlite_recover,
	.count_parts = sqlite_count_parts,
	.stale_parts = sqlite_stale_parts,
	.due_orders = sqlite_due_orders,
	.tasks_to_tell = sqlite_tasks_to_tell,
	.count_tasks = sqlite_count_tasks,
	.use_login = sqlite_use_login,
	.expire_dialogues = sqlite_expire_dialogues,
	.take_delayed = sqlite_take_delayed,
	.due_reminders = sqlite_due_reminders,
	.load_catalogue = sqlite_load_catalogue,
	.setting = sqlite_setting,
	.set_setting = sqlite_set_setting,
	.put = sqlite_put,
	.put_import = sqlite_put_import,
	.reader_open = sqlite_reader_open,
	.reader_close = sqlite_reader_close,
	.reader_stop = sqlite_reader_stop,
	.reader_check = sqlite_reader_check,
	.reader_has_subscribers = sqlite_reader_has_subscribers,
	.reader_has_groups = sqlite_reader_has_groups,
	.reader_catalogue = sqlite_reader_catalogue,
	.reader_imports = sqlite_reader_imports,
};

/* What SQLite has no words for. */
static enum err check_present(const char *path, const char *url, enum store_mode mode,
                              struct fault *fault)
{
	struct stat st;

	if (stat(path, &st) != 0) {
		if (mode == STORE_CREATE || (errno != ENOENT && errno != ENOTDIR))
			return ERR_OK;
		fault_set(fault, "no store at %s: create it with smshall init --store %s",
		          path, url);
		return ERR_NOT_FOUND;
	}
	if (S_ISDIR(st.st_mode)) {
		fault_set(fault,
		          "%s is a folder: name a file in it, such as %s/smshall.db", url,
		          url);
		return ERR_REFUSED;
	}
	return ERR_OK;
}

/* SQLite would let everybody read it.  When this fails, so does SQLite, with words. */
static void create_private(const char *path)
{
	const int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);

	if (fd >= 0)
		(void)close(fd);
}

static int on_commit(void *ctx, sqlite3 *db, const char *name, int pages)
{
	(void)db;
	(void)name;
	((struct sqlite_store *)ctx)->wal_pages = pages;
	sqlite_wal_committed(ctx, (uint32_t)pages);
	return SQLITE_OK;
}

/* Reads the mark of the last stop, and takes it away until ours. */
static enum err begin_ownership(struct sqlite_store *s)
{
	struct arena a = arena_make(4096);
	struct str mark = { NULL, 0 };
	enum err e = sqlite_setting(&s->store, "clean", &a, &mark);

	s->store.unclean = e == ERR_OK && !str_eq(mark, STR("1"));
	arena_free(&a);
	KILLPOINT("recovered"); /* SQLite has read the WAL; nothing is written as yet */
	if (e == ERR_OK || e == ERR_NOT_FOUND)
		e = sqlite_set_setting(&s->store, "clean", STR("0"));
	return e;
}

static enum err open_database(struct sqlite_store *s, const char *url,
                              enum store_mode mode, struct fault *fault)
{
	const int create = mode == STORE_CREATE ? SQLITE_OPEN_CREATE : 0;
	int64_t orphans = 0;
	enum err e = sqlite_connect(&s->sql, s->path, SQLITE_OPEN_READWRITE | create);

	if (e == ERR_OK && sqlite3_db_readonly(s->sql.db, "main") == 1) {
		fault_set(fault,
		          "%s: this user may not write the file: chown or chmod it",
		          s->path);
		return ERR_REFUSED;
	}
	if (e == ERR_OK)
		e = sqlite_schema(&s->sql, url, mode == STORE_CREATE, fault);
	if (e == ERR_OK)
		e = sql_script(&s->sql, pragmas);
	if (e == ERR_OK) {
		(void)sqlite3_wal_hook(s->sql.db, on_commit, s);
		e = sql_one_int(&s->sql, SQL_ORPHAN_ANY, SQL_NO_ARGS, &orphans);
	}
	s->orphans = orphans != 0;
	return e == ERR_OK ? begin_ownership(s) : e;
}

static void free_store(struct sqlite_store *s)
{
	sqlite_forget_end(s);
	sql_close(&s->sql);
	sqlite_unlock(s->lock_fd);
	free(s->path);
	free(s);
}

enum err sqlite_store_open(const char *place, const char *url, enum store_mode mode,
                           struct store **out, struct fault *fault)
{
	struct sqlite_store *s;
	enum err e = ERR_OK;

	if (!sqlite_in_memory(place))
		e = check_present(place, url, mode, fault);
	if (e != ERR_OK)
		return e;
	s = xcalloc(1, sizeof(*s));
	s->store.ops = &ops;
	s->sql.fault = &s->store.fault;
	s->path = xstrndup(str_of(place));
	s->lock_fd = -1;
	s->wal_limit = SQLITE_WAL_LIMIT;
	if (!sqlite_in_memory(place))
		e = sqlite_lock(place, &s->lock_fd, fault);
	if (e == ERR_OK && mode == STORE_CREATE && !sqlite_in_memory(place))
		create_private(place);
	if (e == ERR_OK && s->lock_fd >= 0)
		e = sqlite_wal_check(place, s->lock_fd, fault);
	if (e == ERR_OK) {
		sqlite_wal_starts(s);
		e = open_database(s, url, mode, fault);
	}
	if (e == ERR_OK) {
		*out = &s->store;
		return ERR_OK;
	}
	fault_set(fault, "%s: %s", url, s->store.fault.text);
	free_store(s);
	return e == ERR_UNKNOWN ? ERR_IO : e;
}

/* Without the mark the next owner takes it for unclean; without the end, the WAL stays. */
static bool end_ownership(struct sqlite_store *s)
{
	int in_wal = 0, moved = -1;

	if (s->broken != ERR_OK ||
	    sqlite_set_setting(&s->store, "clean", STR("1")) != ERR_OK)
		return false;
	sqlite_wal_moves(s, false);
	if (sqlite3_wal_checkpoint_v2(s->sql.db, NULL, SQLITE_CHECKPOINT_PASSIVE, &in_wal,
	                              &moved) != SQLITE_OK ||
	    moved != in_wal)
		return false;
	sqlite_wal_moves(s, true);
	return true;
}

static void close_store(struct store *store)
{
	struct sqlite_store *s = sqlite_of(store);

	sqlite_rollback(store);
	if (!end_ownership(s))
		(void)sqlite3_db_config(s->sql.db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
		                        NULL);
	free_store(s);
}
