/*
 * record.c - writes what a turn changed, set by set.
 *
 * A text is settled when its reply is DONE on the session that carries the text's
 * response, or is DEAD; while it is not, its equal is taken for a repetition.
 */
#include <assert.h>

#include "sqlite_priv.h"

enum {
	ORPHAN_LIFE_MS = 24 * 3600 * 1000
};

static struct sql_value kind_of(const struct address *a)
{
	return sql_int(a->ton << 8 | a->npi);
}

/* A receipt may have come before the response that names its message. */
static enum err adopt_orphan(struct sql *q, const struct outbox_mark *m)
{
	struct arena a = arena_make(65536);
	sqlite3_stmt *row;
	enum err e = sql_query(q, SQL_ORPHAN_FIND,
	                       SQL_ARGS(sql_int(m->id), sql_text(m->message_id)), &row);

	if (e == ERR_OK) {
		const int64_t state = sql_col_int(row, 0), at_ms = sql_col_int(row, 1);
		const struct str error = sql_col_str(row, 2, &a),
				 group = sql_col_str(row, 3, &a);

		sql_done(row);
		e = sql_run(q, SQL_RECEIPT_PUT,
		            SQL_ARGS(sql_int(m->id), sql_int(state), sql_int(at_ms),
		                     sql_text(error)));
		if (e == ERR_OK)
			e = sql_run(q, SQL_ORPHAN_DROP,
			            SQL_ARGS(sql_text(m->message_id), sql_text(group)));
	}
	arena_free(&a);
	return sql_ended(e);
}

static enum err record_mark(struct sqlite_store *s, const struct outbox_mark *m)
{
	enum err e = sql_run(&s->sql, SQL_MARK,
	                     SQL_ARGS(sql_int(m->id), sql_int(m->state),
	                              sql_int(m->session), sql_int(m->status),
	                              sql_int(m->at_ms), sql_text(m->message_id)));

	if (e == ERR_OK && s->orphans && m->message_id.n > 0)
		e = adopt_orphan(&s->sql, m);
	return e;
}

static enum err settle(struct sqlite_store *s, const struct outbox_mark *m)
{
	const bool dead = m->state == OUTBOX_DEAD;

	if (!dead && m->state != OUTBOX_DONE)
		return ERR_OK;
	return sql_run(&s->sql, SQL_SETTLE,
	               SQL_ARGS(sql_int(m->id), sql_int(m->session), sql_int(dead)));
}

static enum err record_repeat(struct sqlite_store *s, const struct inbox_repeat *r)
{
	enum err e = sql_run(
		&s->sql, SQL_REPEAT,
		SQL_ARGS(sql_int(r->id), sql_int(r->session), sql_int(r->resend)));

	/* Nothing changed: a mark of this very turn has settled it. */
	if (e == ERR_OK && r->resend && sql_changes(&s->sql) > 0)
		e = sql_run(&s->sql, SQL_RESEND, SQL_ARGS(sql_int(r->id)));
	return e;
}

static enum err record_part(struct sqlite_store *s, const struct part_row *p)
{
	return sql_run(&s->sql, SQL_PART_PUT,
	               SQL_ARGS(sql_text(p->key.from), sql_text(p->key.to),
	                        sql_text(p->key.group), sql_int(p->key.ref),
	                        sql_int(p->key.total), sql_int(p->seq), sql_int(p->at_ms),
	                        sql_int(p->data_coding), sql_blob(p->octets),
	                        sql_int(p->msisdn)));
}

static enum err record_parts_done(struct sqlite_store *s, const struct parts_end *end)
{
	const struct part_key *k = &end->key;

	if (end->inbox == 0)
		return sql_run(&s->sql, SQL_PARTS_DROP,
		               SQL_ARGS(sql_text(k->from), sql_text(k->to),
		                        sql_text(k->group), sql_int(k->ref),
		                        sql_int(k->total)));
	return sql_run(&s->sql, SQL_PARTS_USED,
	               SQL_ARGS(sql_text(k->from), sql_text(k->to), sql_text(k->group),
	                        sql_int(k->ref), sql_int(k->total), sql_int(end->inbox)));
}

static enum err record_orphan(struct sqlite_store *s, const struct receipt_row *r)
{
	enum err e = sql_run(&s->sql, SQL_ORPHAN_EXPIRE,
	                     SQL_ARGS(sql_int(r->at_ms - ORPHAN_LIFE_MS)));

	s->orphans = true;
	if (e == ERR_OK)
		e = sql_run(&s->sql, SQL_ORPHAN_PUT,
		            SQL_ARGS(sql_text(r->message_id), sql_text(r->group),
		                     sql_int(r->at_ms), sql_int(r->state),
		                     sql_text(r->error)));
	return e;
}

static enum err record_receipt(struct sqlite_store *s, const struct receipt_row *r)
{
	int64_t id = 0;
	enum err e = sql_one_int(&s->sql, SQL_RECEIPT_FIND,
	                         SQL_ARGS(sql_text(r->message_id), sql_text(r->group)),
	                         &id);

	if (e == ERR_NOT_FOUND)
		return record_orphan(s, r);
	if (e != ERR_OK)
		return e;
	return sql_run(&s->sql, SQL_RECEIPT_PUT,
	               SQL_ARGS(sql_int(id), sql_int(r->state), sql_int(r->at_ms),
	                        sql_text(r->error)));
}

static enum err record_inbox(struct sqlite_store *s, const struct inbox_row *r)
{
	return sql_run(
		&s->sql, SQL_INBOX_PUT,
		SQL_ARGS(sql_int(r->id), sql_int(r->state == INBOX_SILENT),
	                 sql_int(r->state), sql_int(r->session), sql_int(r->fingerprint),
	                 sql_int(r->at_ms), sql_int(r->msisdn), sql_int(r->owner_since),
	                 kind_of(&r->from), kind_of(&r->to), sql_text(r->from.digits),
	                 sql_text(r->to.digits), sql_text(r->group), sql_text(r->text),
	                 sql_text(r->intent), sql_text(r->rule), sql_text(r->revision)));
}

static enum err record_outbox(struct sqlite_store *s, const struct outbox_row *r)
{
	return sql_run(&s->sql, SQL_OUTBOX_PUT,
	               SQL_ARGS(sql_int(r->id), sql_int(r->state), sql_int(r->receipt),
	                        sql_int(r->at_ms), kind_of(&r->from), kind_of(&r->to),
	                        sql_text(r->from.digits), sql_text(r->to.digits),
	                        sql_text(r->group), sql_text(r->text)));
}

static enum err record_optout(struct sqlite_store *s, const struct optout_change *o)
{
	return sql_run(&s->sql, SQL_OPTOUT_PUT,
	               SQL_ARGS(sql_int(o->msisdn), sql_int(o->owner_since),
	                        sql_int(o->out), sql_int(o->at), sql_int(o->inbox)));
}

static enum err record_task(struct sqlite_store *s, const struct task_row *t)
{
	return sql_run(&s->sql, SQL_TASK_PUT,
	               SQL_ARGS(sql_int(t->id), sql_text(t->kind), sql_int(t->msisdn),
	                        sql_int(t->owner_since), sql_int(t->at),
	                        sql_int(t->inbox), sql_text(t->text)));
}

#define RECORD_SET(set, record)                              \
	for (size_t i = 0; i < c->set.n && e == ERR_OK; i++) \
		e = record(s, &c->set.row[i]);

enum err sqlite_record(struct store *store, const struct changes *c)
{
	struct sqlite_store *s = sqlite_of(store);
	enum err e = ERR_OK;

	assert(sqlite3_get_autocommit(s->sql.db) == 0);
	RECORD_SET(marks, record_mark)
	RECORD_SET(marks, settle)
	RECORD_SET(repeats, record_repeat)
	RECORD_SET(parts, record_part)
	RECORD_SET(parts_done, record_parts_done)
	RECORD_SET(receipts, record_receipt)
	RECORD_SET(inbox, record_inbox)
	RECORD_SET(outbox, record_outbox)
	RECORD_SET(optouts, record_optout)
	RECORD_SET(tasks, record_task)
	return e;
}
