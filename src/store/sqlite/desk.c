/*
 * desk.c - what a person at the desk, and help, need to know of a number's texts; tasks.
 */
#include "sqlite_priv.h"
#include "store/tasks.h"

enum {
	WAITING_MAX = 1000 /* more are not counted */
};

enum err sqlite_load_queue(struct sql *q, struct arena *a, struct dossier *d)
{
	sqlite3_stmt *row;
	size_t n = 0;
	enum err e = sql_one_int(q, SQL_WAITING, SQL_ARGS(sql_int(WAITING_MAX)),
	                         &d->waiting);

	(void)a;
	if (e != ERR_OK)
		return e;
	e = sql_query(q, SQL_RECENT,
	              SQL_ARGS(sql_int(d->msisdn), sql_int(d->sub.owner_since),
	                       sql_int(RECENT_TEXTS)),
	              &row);
	for (; e == ERR_OK; e = sql_next(q, row))
		d->recent[n++] = sql_col_int(row, 0);
	return sql_ended(e);
}

enum err sqlite_load_unread(struct sql *q, struct arena *a, struct dossier *d)
{
	sqlite3_stmt *row;
	bool read = false;
	enum err e = sql_query(q, SQL_UNREAD,
	                       SQL_ARGS(sql_int(d->msisdn), sql_int(d->sub.owner_since),
	                                sql_int(UNREAD_MAX)),
	                       &row);

	for (; e == ERR_OK; e = sql_next(q, row)) {
		read = read || sql_col_str(row, 0, a).n > 0;
		d->unread += read ? 0 : 1;
	}
	return sql_ended(e);
}

enum err sqlite_load_habits(struct sql *q, struct arena *a, struct dossier *d)
{
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_HABITS,
	                       SQL_ARGS(sql_int(d->msisdn), sql_int(d->sub.owner_since),
	                                sql_int(HABIT_TEXTS), sql_int(HABITS)),
	                       &row);

	for (; e == ERR_OK; e = sql_next(q, row))
		d->habit[d->n_habits++] = sql_col_str(row, 0, a);
	return sql_ended(e);
}

/* ---- what people do about tasks ---- */

enum err sqlite_tasks_to_tell(struct store *s, struct arena *a, int64_t now, size_t limit,
                              struct store_told **rows, size_t *n)
{
	struct sql *q = sql_of(s);
	SET_OF(struct store_told) set = { NULL, 0, 0 };
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_TASKS_TO_TELL,
	                       SQL_ARGS(sql_int(now), sql_int((int64_t)limit)), &row);

	for (; e == ERR_OK; e = sql_next(q, row)) {
		struct store_told t = { .msisdn = sql_col_int(row, 11),
			                .owner_since = sql_col_int(row, 12),
			                .group = sql_col_str(row, 13, a),
			                .from = sqlite_address(row, 14, a),
			                .to = sqlite_address(row, 16, a) };

		sqlite_task_row(row, a, &t.task);
		set_add(a, &set, t);
	}
	*rows = set.row;
	*n = set.n;
	return sql_ended(e);
}

enum err sqlite_count_tasks(struct store *s, int64_t now, int64_t *open, int64_t *late)
{
	sqlite3_stmt *row;
	const enum err e = sql_query(sql_of(s), SQL_TASKS_OPEN,
	                             SQL_ARGS(sql_int(now), sql_int(STORE_TASKS_COUNTED)),
	                             &row);

	if (e != ERR_OK)
		return e;
	*open = sql_col_int(row, 0);
	*late = sql_col_int(row, 1);
	sql_done(row);
	return ERR_OK;
}

#define TASKS                                                                             \
	"SELECT id, kind, at, done_at, answer, text, due_at, asked_at, score, order_id, " \
	"say, msisdn, desk, context, taken_by, taken_at FROM task WHERE "
/* Those that are promised come first, the earliest promise before the others. */
#define OPEN_FIRST " ORDER BY due_at = 0, due_at, id LIMIT ?3"

/* ?1 desk, ?2 due by (0: all), ?3 limit */
static const char open_tasks[] = TASKS
	"done_at = 0 AND (?1 = '' OR desk = ?1) AND (?2 = 0 OR due_at BETWEEN 1 "
	"AND ?2)" OPEN_FIRST;
static const char closed_tasks[] = TASKS
	"done_at > 0 AND (?1 = '' OR desk = ?1) AND ?2 >= 0 ORDER BY id DESC LIMIT ?3";
static const char one_task[] = TASKS "id = ?1";

static enum err read_tasks(struct sql *q, struct arena *a, const char *text,
                           const struct sql_value *v, size_t n, struct store_tasks *t)
{
	SET_OF(struct store_task) set = { NULL, 0, 0 };
	sqlite3_stmt *row = NULL;
	enum err e = sql_once(q, text, v, n, &row);

	if (e != ERR_OK)
		return sql_ended(e);
	for (; e == ERR_OK; e = sql_next(q, row)) {
		struct store_task r = { .msisdn = sql_col_int(row, 11),
			                .desk = sql_col_str(row, 12, a),
			                .context = sql_col_str(row, 13, a),
			                .by = sql_col_str(row, 14, a),
			                .taken_at = sql_col_int(row, 15) };

		sqlite_task_row(row, a, &r.task);
		set_add(a, &set, r);
	}
	(void)sqlite3_finalize(row);
	t->cut = set.n > t->limit;
	t->row = set.row;
	t->n = t->cut ? t->limit : set.n;
	return sql_ended(e);
}

enum err store_tasks(struct store_reader *r, struct arena *a, struct store_tasks *t,
                     struct fault *fault)
{
	struct sql *q = sqlite_reader_sql(r);
	const struct sql_value all[] = { sql_text(t->desk), sql_int(t->due_by),
		                         sql_int((int64_t)t->limit + 1) };
	const struct sql_value one[] = { sql_int(t->id) };
	const enum err e = t->id != 0 ? read_tasks(q, a, one_task, one, 1, t)
	                              : read_tasks(q, a,
	                                           t->closed ? closed_tasks : open_tasks,
	                                           all, 3, t);

	if (e != ERR_OK)
		fault_set(fault, "the store could not be read: %s", q->fault->text);
	return e;
}

/* ---- signing in elsewhere ---- */

enum err sqlite_use_login(struct store *s, int64_t msisdn, struct str code, int64_t now,
                          bool *right)
{
	enum err e = sql_run(sql_of(s), SQL_LOGIN_USE,
	                     SQL_ARGS(sql_int(msisdn), sql_text(code), sql_int(now)));

	if (e != ERR_OK)
		return e;
	*right = sql_changes(sql_of(s)) > 0;
	return *right ? ERR_OK
	              : sql_run(sql_of(s), SQL_LOGIN_WRONG, SQL_ARGS(sql_int(msisdn)));
}
