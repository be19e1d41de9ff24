/*
 * connect.c - one SQLite connection with the settings that all of ours have.
 */
#include "base/buf.h"
#include "sqlite_priv.h"

enum {
	OLDEST = 3038000, /* STRICT tables, extended codes at open, offset of an error */
	STATEMENT_MAX = 65536, /* octets of SQL text: ours are constants */
	PATH_LIMIT = 4096
};

static const struct {
	int id, value;
} limits[] = {
	{ SQLITE_LIMIT_LENGTH, 16 * 1024 * 1024 },
	{ SQLITE_LIMIT_SQL_LENGTH, STATEMENT_MAX },
	{ SQLITE_LIMIT_ATTACHED, 0 },
	{ SQLITE_LIMIT_EXPR_DEPTH, 100 },
	{ SQLITE_LIMIT_COMPOUND_SELECT, 10 },
	{ SQLITE_LIMIT_VARIABLE_NUMBER, 64 },
	{ SQLITE_LIMIT_TRIGGER_DEPTH, 1 },
	{ SQLITE_LIMIT_WORKER_THREADS, 0 },
};

static const struct {
	int id, on;
} switches[] = {
	{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
	{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
	{ SQLITE_DBCONFIG_DQS_DML, 0 },
	{ SQLITE_DBCONFIG_DQS_DDL, 0 },
	{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
};

static enum err restrain(struct sql *q)
{
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		(void)sqlite3_limit(q->db, limits[i].id, limits[i].value);
	for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++) {
		const int code = sqlite3_db_config(q->db, switches[i].id, switches[i].on,
		                                   NULL);

		if (code != SQLITE_OK)
			return sql_failed(q, code, false);
	}
	(void)sqlite3_busy_timeout(q->db, SQLITE_BUSY_MS);
	return sql_script(q, "PRAGMA mmap_size = 0; PRAGMA cell_size_check = 1; "
	                     "PRAGMA temp_store = MEMORY");
}

enum err sqlite_connect(struct sql *q, const char *path, int flags)
{
	int code;

	if (sqlite3_libversion_number() < OLDEST) {
		fault_set(q->fault, "SQLite %s is too old: 3.38.0 or later is needed",
		          sqlite3_libversion());
		return ERR_UNSUPPORTED;
	}
	/* Statistics cost a lock an allocation; refused, harmlessly, once SQLite runs. */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	code = sqlite3_open_v2(path, &q->db,
	                       flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
	return code == SQLITE_OK ? restrain(q) : sql_failed(q, code, false);
}

/* As a URI: SQLite must not make a WAL beside a file that it only reads. */
static void put_uri(struct buf *out, const char *path)
{
	buf_puts(out, STR("file:"));
	for (; *path != '\0'; path++) {
		if (strchr("?#%", *path) != NULL)
			buf_printf(out, "%%%02x", (unsigned)(unsigned char)*path);
		else
			buf_putc(out, *path);
	}
	buf_puts(out, STR("?immutable=1"));
}

enum err sqlite_connect_alone(struct sql *q, const char *path)
{
	struct buf uri = buf_make((size_t)3 * PATH_LIMIT);
	enum err e;

	put_uri(&uri, path);
	e = sqlite_connect(q, buf_cstr(&uri), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
	buf_free(&uri);
	return e;
}
