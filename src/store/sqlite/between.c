/*
 * between.c - what is asked and done at start and between turns; settings.
 */
#include "sqlite_priv.h"

enum err sqlite_ids(struct store *s, struct store_ids *out)
{
	sqlite3_stmt *row;
	enum err e = sql_query(sql_of(s), SQL_LAST_IDS, SQL_NO_ARGS, &row);
	int64_t in, sent;

	if (e != ERR_OK)
		return e;
	in = sql_col_int(row, 0);
	sent = sql_col_int(row, 1);
	out->message = (in > sent ? in : sent) + 1;
	out->task = sql_col_int(row, 2) + 1;
	out->order = sql_col_int(row, 3) + 1;
	sql_done(row);
	return ERR_OK;
}

enum err sqlite_load_ready(struct store *s, struct arena *a, int64_t after, size_t limit,
                           struct outbox_row **rows, size_t *n)
{
	struct sql *q = sql_of(s);
	SET_OF(struct outbox_row) set = { NULL, 0, 0 };
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_READY,
	                       SQL_ARGS(sql_int(after), sql_int((int64_t)limit)), &row);

	for (; e == ERR_OK; e = sql_next(q, row)) {
		struct outbox_row r;

		sqlite_outbox_row(row, a, &r);
		set_add(a, &set, r);
	}
	*rows = set.row;
	*n = set.n;
	return sql_ended(e);
}

enum err sqlite_recover(struct store *s, size_t *n_ambiguous)
{
	enum err e = sql_run(sql_of(s), SQL_RECOVER_TOLD, SQL_NO_ARGS);

	if (e == ERR_OK)
		e = sql_run(sql_of(s), SQL_RECOVER, SQL_NO_ARGS);
	if (e == ERR_OK)
		*n_ambiguous = (size_t)sql_changes(sql_of(s));
	return e;
}

enum err sqlite_count_parts(struct store *s, int64_t *n)
{
	return sql_one_int(sql_of(s), SQL_COUNT_PARTS, SQL_NO_ARGS, n);
}

enum err sqlite_stale_parts(struct store *s, struct arena *a, int64_t before_ms,
                            int64_t told_ms, size_t limit, struct part_row **rows,
                            size_t *n)
{
	struct sql *q = sql_of(s);
	SET_OF(struct part_row) set = { NULL, 0, 0 };
	sqlite3_stmt *row;
	enum err e = sql_query(
		q, SQL_STALE_PARTS,
		SQL_ARGS(sql_int(before_ms), sql_int((int64_t)limit), sql_int(told_ms)),
		&row);

	for (; e == ERR_OK; e = sql_next(q, row)) {
		const struct part_row r = {
			.key = { .from = sql_col_str(row, 0, a),
			         .to = sql_col_str(row, 1, a),
			         .group = sql_col_str(row, 2, a),
			         .ref = (uint16_t)sql_col_int(row, 3),
			         .total = (uint8_t)sql_col_int(row, 4) },
			.at_ms = sql_col_int(row, 5),
			.inbox = sql_col_int(row, 6),
			.msisdn = sql_col_int(row, 7),
		};

		set_add(a, &set, r);
	}
	*rows = set.row;
	*n = set.n;
	return sql_ended(e);
}

struct address sqlite_address(sqlite3_stmt *row, int column, struct arena *a)
{
	const int64_t kind = sql_col_int(row, column);

	return (struct address){ (uint8_t)(kind >> 8), (uint8_t)kind,
		                 sql_col_str(row, column + 1, a) };
}

enum err sqlite_due_orders(struct store *s, struct arena *a, int64_t now, size_t limit,
                           struct store_due **rows, size_t *n)
{
	struct sql *q = sql_of(s);
	SET_OF(struct store_due) set = { NULL, 0, 0 };
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_DUE_ORDERS,
	                       SQL_ARGS(sql_int(now), sql_int((int64_t)limit)), &row);

	for (; e == ERR_OK; e = sql_next(q, row)) {
		struct store_due r = { 0 };

		sqlite_order_row(row, a, &r.row.order);
		r.row.msisdn = sql_col_int(row, 14);
		r.row.owner_since = sql_col_int(row, 15);
		r.group = sql_col_str(row, 16, a);
		r.from = sqlite_address(row, 17, a);
		r.to = sqlite_address(row, 19, a);
		r.sender = sql_col_int(row, 21);
		set_add(a, &set, r);
	}
	*rows = set.row;
	*n = set.n;
	return sql_ended(e);
}

void sqlite_reminder_row(sqlite3_stmt *row, struct arena *a, struct reminder *out)
{
	*out = (struct reminder){ .kind = sql_col_str(row, 0, a),
		                  .limit_fen = sql_col_int(row, 1),
		                  .since = sql_col_int(row, 2),
		                  .inbox = sql_col_int(row, 3),
		                  .next_at = sql_col_int(row, 4),
		                  .told = sql_col_int(row, 5) };
}

enum err sqlite_due_reminders(struct store *s, struct arena *a, int64_t now, size_t limit,
                              struct store_reminder **rows, size_t *n)
{
	struct sql *q = sql_of(s);
	SET_OF(struct store_reminder) set = { NULL, 0, 0 };
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_DUE_REMINDERS,
	                       SQL_ARGS(sql_int(now), sql_int((int64_t)limit)), &row);

	for (; e == ERR_OK; e = sql_next(q, row)) {
		struct store_reminder r = { 0 };

		sqlite_reminder_row(row, a, &r.row.reminder);
		r.row.msisdn = sql_col_int(row, 6);
		r.row.owner_since = sql_col_int(row, 7);
		r.group = sql_col_str(row, 8, a);
		r.from = sqlite_address(row, 9, a);
		r.to = sqlite_address(row, 11, a);
		set_add(a, &set, r);
	}
	*rows = set.row;
	*n = set.n;
	return sql_ended(e);
}

enum err sqlite_take_delayed(struct store *s, struct arena *a, int64_t now, size_t limit,
                             struct delayed_row **rows, size_t *n)
{
	struct sql *q = sql_of(s);
	SET_OF(struct delayed_row) set = { NULL, 0, 0 };
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_DELAYED_TAKE,
	                       SQL_ARGS(sql_int(now), sql_int((int64_t)limit)), &row);

	for (; e == ERR_OK; e = sql_next(q, row)) {
		const struct delayed_row r = { .group = sql_col_str(row, 0, a),
			                       .from = sqlite_address(row, 1, a),
			                       .to = sqlite_address(row, 3, a),
			                       .text = sql_col_str(row, 5, a),
			                       .msisdn = sql_col_int(row, 6),
			                       .at = sql_col_int(row, 7) };

		if (sql_col_int(row, 8) != 0)
			set_add(a, &set, r);
	}
	*rows = set.row;
	*n = set.n;
	return sql_ended(e);
}

enum err sqlite_expire_dialogues(struct store *s, struct arena *a, int64_t before,
                                 size_t limit, struct str **prompts, size_t *n)
{
	struct sql *q = sql_of(s);
	SET_OF(struct str) set = { NULL, 0, 0 };
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_DIALOGUES_EXPIRE,
	                       SQL_ARGS(sql_int(before), sql_int((int64_t)limit)), &row);

	for (; e == ERR_OK; e = sql_next(q, row)) {
		if (sql_col_int(row, 0) != DIALOGUE_CONFIRM)
			continue;
		set_add(a, &set, sql_col_str(row, 1, a));
	}
	*prompts = set.row;
	*n = set.n;
	return sql_ended(e);
}

enum err sqlite_setting(struct store *s, const char *name, struct arena *a,
                        struct str *value)
{
	sqlite3_stmt *row;
	enum err e = sql_query(sql_of(s), SQL_SETTING, SQL_ARGS(sql_text(str_of(name))),
	                       &row);

	if (e != ERR_OK)
		return e == ERR_END ? ERR_NOT_FOUND : e;
	*value = sql_col_str(row, 0, a);
	sql_done(row);
	return ERR_OK;
}

enum err sqlite_set_setting(struct store *s, const char *name, struct str value)
{
	if (value.n == 0)
		return sql_run(sql_of(s), SQL_SETTING_DROP,
		               SQL_ARGS(sql_text(str_of(name))));
	return sql_run(
		sql_of(s), SQL_SETTING_PUT,
		SQL_ARGS(sql_text(str_of(name)),
	                 sql_blob((struct span){ (const uint8_t *)value.p, value.n })));
}
