/*
 * backup.c - a copy of the running store by SQLite's backup, and the check of one.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "sqlite_priv.h"
#include "store/copy.h"

enum {
	STEPS_BETWEEN_LOOKS = 100000, /* of the virtual machine */
	PAGE_SIZE = 4096,             /* octets */
	APPLICATION_ID = 0x534d5348,
	APPLICATION_ID_AT = 68 /* octet in the header of an SQLite file */
};

struct store_backup {
	struct sql copy; /* the connection to the file */
	struct fault fault;
	sqlite3_backup *backup;
	int64_t page_size;
};

/* The file's journal and syncs would be in vain: it is thrown away when the copy fails. */
static enum err open_copy(struct store_backup *b, const char *path)
{
	enum err e = sqlite_connect(&b->copy, path, SQLITE_OPEN_READWRITE);

	if (e == ERR_OK)
		e = sql_script(&b->copy,
		               "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
	return e;
}

enum err store_backup_begin(struct store *s, const char *path, struct store_backup **out,
                            struct fault *fault)
{
	struct store_backup *b = xcalloc(1, sizeof(*b));
	enum err e;

	assert(sqlite3_get_autocommit(sql_of(s)->db) != 0);
	b->copy.fault = &b->fault;
	e = open_copy(b, path);
	if (e == ERR_OK)
		e = sql_one_int(sql_of(s), SQL_PAGE_SIZE, SQL_NO_ARGS, &b->page_size);
	if (e == ERR_OK) {
		b->backup = sqlite3_backup_init(b->copy.db, "main", sql_of(s)->db,
		                                "main");
		if (b->backup == NULL)
			e = sql_failed(&b->copy, sqlite3_errcode(b->copy.db), false);
	}
	if (e == ERR_OK) {
		*out = b;
		return ERR_OK;
	}
	fault_set(fault, "%s: %s", path, b->fault.text);
	store_backup_end(b);
	return e;
}

enum err store_backup_step(struct store_backup *b, int pages,
                           struct store_backup_progress *at, struct fault *fault)
{
	const int code = sqlite3_backup_step(b->backup, pages);
	const int total = sqlite3_backup_pagecount(b->backup);

	if (code != SQLITE_OK && code != SQLITE_DONE) {
		const enum err e = sql_failed(&b->copy, code, false);

		if (e != ERR_BUSY)
			fault_set(fault, "the copy failed: %s: %s", sqlite3_errstr(code),
			          e == ERR_FULL ? "the disk is full: make room, or "
			                          "write to another one"
			                        : "nothing was kept of it");
		return e;
	}
	*at = (struct store_backup_progress){
		.done = total - sqlite3_backup_remaining(b->backup),
		.total = total,
		.page_size = b->page_size,
		.ended = code == SQLITE_DONE,
	};
	return ERR_OK;
}

void store_backup_end(struct store_backup *b)
{
	if (b == NULL)
		return;
	(void)sqlite3_backup_finish(b->backup);
	sql_close(&b->copy);
	free(b);
}

/* ---- a file that nobody has open ---- */

bool store_is_ours(const char *path)
{
	uint8_t head[APPLICATION_ID_AT + 4];
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	const ssize_t n = fd >= 0 ? pread(fd, head, sizeof(head), 0) : -1;

	if (fd >= 0)
		(void)close(fd);
	return n == (ssize_t)sizeof(head) && memcmp(head, "SQLite format 3", 16) == 0 &&
	       be32(head + APPLICATION_ID_AT) == APPLICATION_ID;
}

static int64_t pages_read(sqlite3 *db)
{
	int n = 0, unused;

	(void)sqlite3_db_status(db, SQLITE_DBSTATUS_CACHE_MISS, &n, &unused, 0);
	return n;
}

struct sqlite_look sqlite_look(sqlite3 *db, const struct store_watch *watch)
{
	struct sqlite_look look = { .db = db, .watch = watch };
	sqlite3_file *file = NULL;
	sqlite3_int64 size = 0;

	if (sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file) ==
	            SQLITE_OK &&
	    file->pMethods != NULL && file->pMethods->xFileSize(file, &size) == SQLITE_OK)
		look.total = 2 * size;
	look.before = pages_read(db);
	return look;
}

bool sqlite_look_on(const struct sqlite_look *look)
{
	const int64_t done = (pages_read(look->db) - look->before) * PAGE_SIZE;

	return look->watch == NULL ||
	       look->watch->go_on(look->watch->ctx,
	                          done < look->total ? done : look->total, look->total);
}

static int is_over(void *ctx)
{
	return !sqlite_look_on(ctx);
}

static enum err check_pages(struct sql *q, const char *path, struct fault *fault)
{
	struct arena a = arena_make(65536);
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_QUICK_CHECK, SQL_NO_ARGS, &row);

	if (e == ERR_OK) {
		const struct str said = sql_col_str(row, 0, &a);

		if (!str_eq(said, STR("ok"))) {
			fault_set(fault, "%s: damaged: %.*s", path, STR_ARG(said));
			e = ERR_CORRUPT;
		}
		sql_done(row);
	}
	arena_free(&a);
	return e;
}

enum err store_check_file(const char *path, const struct store_watch *watch,
                          struct fault *fault)
{
	struct sqlite_look look;
	struct fault why = { "" };
	struct sql q = { .fault = &why };
	int64_t schema = 0;
	enum err e;

	if (access(path, R_OK) != 0) {
		fault_set(fault, "%s: %s", path, strerror(errno));
		return errno == ENOENT ? ERR_NOT_FOUND : ERR_REFUSED;
	}
	e = sqlite_connect_alone(&q, path);
	if (e == ERR_OK) {
		look = sqlite_look(q.db, watch);
		sqlite3_progress_handler(q.db, STEPS_BETWEEN_LOOKS, is_over, &look);
		e = sqlite_schema_known(&q, path, &schema, fault);
	}
	if (e == ERR_OK)
		e = check_pages(&q, path, fault);
	if (e == ERR_BUSY) {
		fault_set(fault, "%s: the check was cut short", path);
		e = ERR_STATE;
	}
	if (e != ERR_OK)
		fault_set(fault, "%s: %s", path, why.text);
	sql_close(&q);
	return e;
}
