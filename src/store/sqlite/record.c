/*
 * record.c - writes what a turn changed, set by set.
 *
 * A text is settled when its reply is DONE or DEAD on the session that carries the
 * text's response; while it is not, its equal is taken for a repetition.
 */
#include <assert.h>

#include "base/killpoint.h"
#include "sqlite_priv.h"

static struct sql_value kind_of(const struct address *a)
{
	return sql_int(a->ton << 8 | a->npi);
}

static enum err record_mark(struct sqlite_store *s, const struct outbox_mark *m)
{
	enum err e = sql_run(&s->sql, SQL_MARK,
	                     SQL_ARGS(sql_int(m->id), sql_int(m->state),
	                              sql_int(m->session), sql_int(m->status),
	                              sql_int(m->at_ms), sql_text(m->message_id)));

	if (e == ERR_OK && m->again && sql_changes(&s->sql) > 0)
		e = sqlite_target_again(&s->sql, m);
	return e == ERR_OK ? sqlite_adopt_receipt(s, m) : e;
}

static enum err settle(struct sqlite_store *s, const struct outbox_mark *m)
{
	if (m->state != OUTBOX_DEAD && m->state != OUTBOX_DONE)
		return ERR_OK;
	return sql_run(&s->sql, SQL_SETTLE,
	               SQL_ARGS(sql_int(m->id), sql_int(m->session)));
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

	if (end->inbox == PART_TOLD)
		return sql_run(&s->sql, SQL_PARTS_TOLD,
		               SQL_ARGS(sql_text(k->from), sql_text(k->to),
		                        sql_text(k->group), sql_int(k->ref),
		                        sql_int(k->total), sql_int(end->at_ms)));
	if (end->inbox == 0)
		return sql_run(&s->sql, SQL_PARTS_DROP,
		               SQL_ARGS(sql_text(k->from), sql_text(k->to),
		                        sql_text(k->group), sql_int(k->ref),
		                        sql_int(k->total)));
	return sql_run(&s->sql, SQL_PARTS_USED,
	               SQL_ARGS(sql_text(k->from), sql_text(k->to), sql_text(k->group),
	                        sql_int(k->ref), sql_int(k->total), sql_int(end->inbox)));
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
	                        sql_text(r->group), sql_text(r->text), sql_int(r->told)));
}

static enum err record_delayed(struct sqlite_store *s, const struct delayed_row *r)
{
	return sql_run(&s->sql, SQL_DELAYED_PUT,
	               SQL_ARGS(sql_int(r->msisdn), sql_int(r->at), kind_of(&r->from),
	                        kind_of(&r->to), sql_text(r->from.digits),
	                        sql_text(r->to.digits), sql_text(r->group),
	                        sql_text(r->text)));
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
	                        sql_int(t->inbox), sql_text(t->text), sql_text(t->desk),
	                        sql_int(t->due_at), sql_text(t->context),
	                        sql_int(t->order)));
}

static enum err record_score(struct sqlite_store *s, const struct task_score *t)
{
	return sql_run(&s->sql, SQL_TASK_SCORE,
	               SQL_ARGS(sql_int(t->id), sql_int(t->at), sql_int(t->score)));
}

static enum err record_deed(struct sqlite_store *s, const struct task_deed *t)
{
	return sql_run(&s->sql, SQL_TASK_DEED,
	               SQL_ARGS(sql_int(t->id), sql_int(t->at), sql_text(t->by),
	                        sql_text(t->say), sql_int(t->tells), sql_int(t->ends)));
}

static enum err record_login(struct sqlite_store *s, const struct login_row *l)
{
	return sql_run(&s->sql, SQL_LOGIN_PUT,
	               SQL_ARGS(sql_int(l->msisdn), sql_int(l->owner_since),
	                        sql_text(l->code), sql_int(l->until)));
}

static enum err record_told(struct sqlite_store *s, const struct task_told *t)
{
	return sql_run(&s->sql, SQL_TASK_TOLD,
	               SQL_ARGS(sql_int(t->id), sql_int(t->tell_at)));
}

static enum err record_task_done(struct sqlite_store *s, const struct task_end *t)
{
	return sql_run(&s->sql, SQL_TASK_DONE,
	               SQL_ARGS(sql_int(t->id), sql_int(t->at), sql_text(t->answer)));
}

static enum err record_order(struct sqlite_store *s, const struct order_row *r)
{
	const struct order *o = &r->order;

	return sql_run(&s->sql, SQL_ORDER_PUT,
	               SQL_ARGS(sql_int(o->id), sql_int(r->msisdn),
	                        sql_int(r->owner_since), sql_text(o->kind),
	                        sql_text(o->package), sql_int(o->state), sql_int(o->at),
	                        sql_int(o->effective_at), sql_int(o->fee_fen),
	                        sql_int(o->inbox), sql_int(o->undo_until),
	                        sql_text(o->was), sql_int(o->prompt), sql_text(o->price),
	                        sql_int(o->charged_fen), sql_int(o->charged_points)));
}

static enum err record_pin(struct sqlite_store *s, const struct pin_row *p)
{
	const struct pin *v = &p->pin;

	return sql_run(&s->sql, SQL_PIN_PUT,
	               SQL_ARGS(sql_int(p->msisdn), sql_int(p->owner_since),
	                        sql_text(v->hash), sql_int(v->failures),
	                        sql_int(v->locked_until), sql_int(v->right_at),
	                        sql_text(v->code), sql_int(v->code_until),
	                        sql_int(v->code_wrong), sql_int(v->codes),
	                        sql_int(v->codes_since)));
}

static enum err record_status(struct sqlite_store *s, const struct status_change *r)
{
	return sql_run(&s->sql, SQL_STATUS_PUT,
	               SQL_ARGS(sql_int(r->msisdn), sql_int(r->owner_since),
	                        sql_int(r->status)));
}

static enum err record_language(struct sqlite_store *s, const struct language_change *r)
{
	return sql_run(&s->sql, SQL_LANGUAGE_PUT,
	               SQL_ARGS(sql_int(r->msisdn), sql_int(r->owner_since),
	                        sql_int(r->language)));
}

static enum err record_parked(struct sqlite_store *s, const struct parked_row *r)
{
	return sql_run(&s->sql, SQL_PARKED_PUT,
	               SQL_ARGS(sql_int(r->id), sql_int(r->msisdn),
	                        sql_int(r->owner_since), sql_blob(r->sealed)));
}

static enum err record_parked_done(struct sqlite_store *s, const int64_t *id)
{
	enum err e = sql_run(&s->sql, SQL_PARKED_DROP, SQL_ARGS(sql_int(*id)));

	if (e == ERR_OK)
		e = sql_run(&s->sql, SQL_PARKED_ANSWERED, SQL_ARGS(sql_int(*id)));
	return e;
}

static enum err record_dialogue(struct sqlite_store *s, const struct dialogue_row *r)
{
	const struct dialogue *o = &r->dialogue;

	if (r->closed)
		return sql_run(&s->sql, SQL_DIALOGUE_DROP, SQL_ARGS(sql_int(r->msisdn)));
	return sql_run(
		&s->sql, SQL_DIALOGUE_PUT,
		SQL_ARGS(sql_int(r->msisdn), sql_int(r->owner_since), sql_int(o->id),
	                 sql_int(o->kind), sql_int(o->opened_at), sql_int(o->expires_at),
	                 sql_int(o->nonce), sql_int(o->wrong), sql_int(o->fee_fen),
	                 sql_text(o->command), sql_text(o->items), sql_text(o->rest),
	                 sql_text(o->back), sql_text(o->price), sql_text(o->brief),
	                 sql_text(o->revision), sql_text(o->rule)));
}

static enum err record_step(struct sqlite_store *s, const struct step_row *r)
{
	return sql_run(&s->sql, SQL_STEP_PUT,
	               SQL_ARGS(sql_int(r->msisdn), sql_int(r->owner_since),
	                        sql_int(r->at), sql_int(r->kind), sql_int(r->dialogue),
	                        sql_int(r->inbox), sql_int(r->order), sql_text(r->folded),
	                        sql_text(r->price)));
}

static enum err record_ledger(struct sqlite_store *s, const struct ledger_row *r)
{
	return sql_run(&s->sql, SQL_LEDGER_PUT,
	               SQL_ARGS(sql_text(r->request_id), sql_int(r->msisdn),
	                        sql_int(r->owner_since), sql_int(r->at),
	                        sql_text(r->kind), sql_int(r->fen), sql_int(r->inbox),
	                        sql_text(r->note), sql_int(r->points),
	                        sql_int(r->order)));
}

static enum err record_held(struct sqlite_store *s, const struct held_row *r)
{
	const struct subscription *h = &r->held;

	return sql_run(&s->sql, SQL_HELD_RECORD,
	               SQL_ARGS(sql_int(r->msisdn), sql_int(r->owner_since),
	                        sql_text(h->package), sql_int(h->since),
	                        sql_int(h->until), sql_int(h->contract_until),
	                        sql_int(h->penalty_fen), sql_int(h->trial)));
}

static enum err record_package(struct sqlite_store *s, const struct package_change *r)
{
	return sql_run(&s->sql, SQL_PACKAGE_CHANGE,
	               SQL_ARGS(sql_int(r->msisdn), sql_int(r->owner_since),
	                        sql_text(r->package)));
}

static enum err record_consent(struct sqlite_store *s, const struct agreed_row *r)
{
	const struct consent *k = &r->consent;

	return sql_run(&s->sql, SQL_CONSENT_PUT,
	               SQL_ARGS(sql_int(r->msisdn), sql_int(r->owner_since),
	                        sql_text(k->subject), sql_int(k->at), sql_int(k->given),
	                        sql_text(k->channel), sql_text(k->text)));
}

static enum err record_reminder(struct sqlite_store *s, const struct reminder_row *r)
{
	const struct reminder *m = &r->reminder;

	return sql_run(&s->sql, SQL_REMINDER_PUT,
	               SQL_ARGS(sql_int(r->msisdn), sql_int(r->owner_since),
	                        sql_text(m->kind), sql_int(m->limit_fen),
	                        sql_int(m->since), sql_int(m->inbox), sql_int(m->next_at),
	                        sql_int(m->told)));
}

static enum err record_preference(struct sqlite_store *s, const struct preference_row *r)
{
	const struct preference *p = &r->preference;

	return sql_run(&s->sql, SQL_PREFERENCE_PUT,
	               SQL_ARGS(sql_int(r->msisdn), sql_int(r->owner_since),
	                        sql_int(p->off), sql_int(p->from_hour),
	                        sql_int(p->to_hour), sql_int(p->at), sql_int(p->inbox)));
}

static enum err record_bond(struct sqlite_store *s, const struct bond *b)
{
	return sql_run(&s->sql, SQL_BOND_PUT,
	               SQL_ARGS(sql_int(b->asker), sql_int(b->asker_since),
	                        sql_int(b->msisdn), sql_int(b->owner_since),
	                        sql_int(b->state), sql_int(b->asked_at), sql_int(b->at),
	                        sql_int(b->nonce), sql_int(b->wrong), sql_int(b->inbox)));
}

static enum err record_request(struct sqlite_store *s, const struct request *r)
{
	return sql_run(&s->sql, SQL_REQUEST_PUT,
	               SQL_ARGS(sql_int(r->asker), sql_int(r->asker_since),
	                        sql_int(r->msisdn), sql_int(r->owner_since),
	                        sql_int(r->own), sql_text(r->command), sql_int(r->state),
	                        sql_int(r->asked_at), sql_int(r->at), sql_int(r->nonce),
	                        sql_int(r->wrong), sql_int(r->inbox)));
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
	RECORD_SET(receipts, sqlite_record_receipt)
	RECORD_SET(inbox, record_inbox)
	KILLPOINT("inserted");
	RECORD_SET(outbox, record_outbox)
	RECORD_SET(delayed, record_delayed)
	RECORD_SET(optouts, record_optout)
	RECORD_SET(tasks, record_task)
	RECORD_SET(tasks_done, record_task_done)
	RECORD_SET(scores, record_score)
	RECORD_SET(deeds, record_deed)
	RECORD_SET(told, record_told)
	RECORD_SET(logins, record_login)
	RECORD_SET(orders, record_order)
	RECORD_SET(pins, record_pin)
	RECORD_SET(statuses, record_status)
	RECORD_SET(languages, record_language)
	RECORD_SET(parked, record_parked)
	RECORD_SET(parked_done, record_parked_done)
	RECORD_SET(ledger, record_ledger)
	if (e == ERR_OK)
		e = sqlite_record_tools(s, c);
	RECORD_SET(held, record_held)
	RECORD_SET(packages, record_package)
	RECORD_SET(consents, record_consent)
	RECORD_SET(reminders, record_reminder)
	RECORD_SET(preferences, record_preference)
	RECORD_SET(bonds, record_bond)
	RECORD_SET(requests, record_request)
	if (e == ERR_OK)
		e = sqlite_record_campaigns(s, c);
	if (e == ERR_OK)
		e = sqlite_record_rulings(s, c);
	RECORD_SET(steps, record_step)
	RECORD_SET(dialogues, record_dialogue)
	return e;
}
