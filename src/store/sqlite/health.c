/*
 * health.c - see store/health.h.
 */
#include <sys/stat.h>

#include "sqlite_priv.h"
#include "store/health.h"

enum {
	WAL_RESET_MENDED = 3051003 /* the version that mended it */
};

static enum err read_figures(struct sql *q, struct store_health *h)
{
	const struct {
		int64_t *to;
		const char *sql;
	} figures[] = {
		{ &h->schema, "SELECT max(number) FROM migration" },
		{ &h->page_size, "PRAGMA page_size" },
		{ &h->pages, "PRAGMA page_count" },
		{ &h->free_pages, "PRAGMA freelist_count" },
		{ &h->oldest_ready_ms,
		  "SELECT at_ms FROM outbox WHERE state < 2 AND state = 0 ORDER BY id LIMIT 1" },
		{ &h->newest_ms, "SELECT at_ms FROM inbox ORDER BY id DESC LIMIT 1" },
		{ &h->pins, "SELECT EXISTS (SELECT 1 FROM pin WHERE hash <> '')" },
		{ &h->open_imports, "SELECT count(*) FROM import WHERE state = 0" },
	};
	enum err e = ERR_OK;

	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]) && e == ERR_OK; i++)
		e = sql_once_int(q, figures[i].sql, figures[i].to);
	return e;
}

/* The names are the schema's own; each has a reader's time. */
static void count_table(struct store_reader *r, struct arena *a, struct store_count *c)
{
	const struct str text = arena_printf(
		a, "SELECT count(*) FROM (SELECT 1 FROM \"%s\" LIMIT %d)", c->table,
		STORE_COUNT_MAX);

	if (sql_once_int(sqlite_reader_sql(r), text.p, &c->rows) != ERR_OK)
		c->rows = -1;
}

/* All tables there are, so that a new one needs no line here. */
static enum err read_tables(struct store_reader *r, struct arena *a,
                            struct store_health *h)
{
	struct sql *q = sqlite_reader_sql(r);
	SET_OF(struct store_count) set = { NULL, 0, 0 };
	sqlite3_stmt *row = NULL;
	enum err e = sql_once(q,
	                      "SELECT name FROM sqlite_schema WHERE type = 'table' "
	                      "AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name",
	                      SQL_NO_ARGS, &row);

	if (e != ERR_OK)
		return sql_ended(e);
	for (; e == ERR_OK; e = sql_next(q, row))
		set_add(a, &set,
		        (struct store_count){ .table = sql_col_str(row, 0, a).p });
	(void)sqlite3_finalize(row);
	h->count = set.row;
	h->n_counts = set.n;
	for (size_t i = 0; i < set.n; i++)
		count_table(r, a, &set.row[i]);
	return sql_ended(e);
}

enum err store_health(struct store_reader *r, struct arena *a, struct store_health *out,
                      struct fault *fault)
{
	struct sql *q = sqlite_reader_sql(r);
	struct store_health h = {
		.path = arena_str(a, str_of(sqlite3_db_filename(q->db, "main"))).p,
		.sqlite = sqlite3_libversion(),
		.wal_reset_bug = sqlite3_libversion_number() < WAL_RESET_MENDED,
	};
	struct stat st;
	enum err e = read_figures(q, &h);

	if (stat(arena_printf(a, "%s-wal", h.path).p, &st) == 0)
		h.wal_octets = st.st_size;
	if (e == ERR_OK)
		e = read_tables(r, a, &h);
	if (e != ERR_OK) {
		fault_set(fault, "%s could not be read: %s", h.path, q->fault->text);
		return e;
	}
	*out = h;
	return ERR_OK;
}
