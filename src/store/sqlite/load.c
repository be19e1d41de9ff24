/*
 * load.c - what a turn asks about texts and parts seen before.
 */
#include "sqlite_priv.h"

static struct address address_of(sqlite3_stmt *row, int kind, int digits, struct arena *a)
{
	const int64_t v = sql_col_int(row, kind);

	return (struct address){ (uint8_t)(v >> 8), (uint8_t)v,
		                 sql_col_str(row, digits, a) };
}

/* The columns of SQL_REPLY and SQL_READY. */
void sqlite_outbox_row(sqlite3_stmt *row, struct arena *a, struct outbox_row *out)
{
	*out = (struct outbox_row){
		.id = sql_col_int(row, 0),
		.state = sql_col_enum(row, 1, OUTBOX_UNSENT + 1),
		.at_ms = sql_col_int(row, 2),
		.receipt = sql_col_int(row, 3) != 0,
		.from = address_of(row, 4, 6, a),
		.to = address_of(row, 5, 7, a),
		.group = sql_col_str(row, 8, a),
		.text = sql_col_str(row, 9, a),
	};
}

/* A text without a reply as yet counts as one that waits to be sent. */
static enum err load_reply(struct sql *q, struct arena *a, struct store_seen *seen)
{
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_REPLY, SQL_ARGS(sql_int(seen->id)), &row);

	seen->reply_state = OUTBOX_READY;
	if (e != ERR_OK)
		return sql_ended(e);
	sqlite_outbox_row(row, a, &seen->reply);
	seen->reply_state = seen->reply.state;
	sql_done(row);
	return ERR_OK;
}

enum err sqlite_load_seen(struct store *s, struct arena *a, struct store_seen *seen,
                          size_t n)
{
	struct sql *q = sql_of(s);
	enum err e = ERR_OK;

	for (size_t i = 0; i < n && e == ERR_OK; i++) {
		sqlite3_stmt *row;

		e = sql_query(
			q, SQL_SEEN,
			SQL_ARGS(sql_int(seen[i].fingerprint), sql_int(seen[i].since_ms)),
			&row);
		seen[i].found = e == ERR_OK;
		if (e == ERR_OK) {
			seen[i].id = sql_col_int(row, 0);
			seen[i].session = sql_col_int(row, 1);
			sql_done(row);
			e = load_reply(q, a, &seen[i]);
		}
		e = sql_ended(e);
	}
	return e;
}

static struct part_row part_of(sqlite3_stmt *row, const struct store_parts *p,
                               struct arena *a)
{
	const struct str octets = sql_col_str(row, 5, a);

	return (struct part_row){
		.key = { p->group, p->from, p->to, (uint16_t)sql_col_int(row, 0),
		         (uint8_t)sql_col_int(row, 1) },
		.seq = (uint8_t)sql_col_int(row, 2),
		.at_ms = sql_col_int(row, 3),
		.data_coding = (uint8_t)sql_col_int(row, 4),
		.octets = { (const uint8_t *)octets.p, octets.n },
		.inbox = sql_col_int(row, 6),
		.msisdn = sql_col_int(row, 7),
	};
}

enum err sqlite_load_parts(struct store *s, struct arena *a, struct store_parts *p)
{
	struct sql *q = sql_of(s);
	sqlite3_stmt *row;
	size_t cap = 0;
	enum err e = sql_query(
		q, SQL_PARTS,
		SQL_ARGS(sql_text(p->from), sql_text(p->to), sql_text(p->group)), &row);

	for (p->row = NULL, p->n = 0; e == ERR_OK; e = sql_next(q, row)) {
		p->row = set_grow(a, p->row, p->n, &cap, sizeof(*p->row));
		p->row[p->n++] = part_of(row, p, a);
	}
	return sql_ended(e);
}
