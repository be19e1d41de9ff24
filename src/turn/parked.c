/*
 * parked.c - texts that wait for a PIN to be hashed.
 *
 * Hashing takes 30 ms, so a turn does not: it records the text as parked, with what the
 * text said sealed by a key outside the store, and acknowledges it.  Once that is
 * committed the work goes to another thread (pin_post), or is done at the end of
 * turn_run() where there is none.  The verdict comes back as the input of a later turn,
 * which runs the command again, records the answer and forgets the sealed row, one
 * verdict after the other, in one transaction: so wrong guesses are counted.
 * What was parked when the process died is hashed again.
 */
#include <sodium.h>

#include "grammar/command.h"
#include "model/secrets.h"
#include "turn_priv.h"

enum {
	PLAIN_MAX = 16 * 1024 /* octets of what is sealed */
};

/* ---- what is sealed: lines, an empty line, lines, an empty line, text ---- */

static void put_line(struct buf *b, struct str s)
{
	buf_puts(b, s);
	buf_putc(b, '\n');
}

/* Secrets are not in a command as text: each has a line before it. */
static struct span seal(struct turn *t, const struct job *job, const struct park *p,
                        struct str said)
{
	const struct grammar_command *c = job->question.run;
	struct buf b = buf_make(PLAIN_MAX);
	struct span sealed;

	put_line(&b, arena_printf(&t->arena, "%lld", (long long)p->msisdn));
	put_line(&b, p->check);
	put_line(&b, p->fresh);
	put_line(&b, p->hash);
	for (size_t i = 0; i < c->n_slots; i++)
		if (c->slot[i].secret)
			put_line(&b, arena_printf(&t->arena, "%s=%.*s", c->slot[i].name,
			                          STR_ARG(c->slot[i].text)));
	buf_putc(&b, '\n');
	grammar_command_print(c, &b);
	buf_putc(&b, '\n');
	if (p->rest.n > 0)
		put_line(&b, p->rest);
	buf_putc(&b, '\n');
	buf_puts(&b, said);
	sealed = pin_seal(t->conf.pin, buf_str(&b), &t->arena);
	buf_free(&b);
	return sealed;
}

static void copy_text(char *to, size_t size, struct str s)
{
	const size_t n = s.n < size ? s.n : size - 1;

	if (n > 0)
		memcpy(to, s.p, n);
	to[n] = '\0';
}

static void take_job(struct str *rest, struct pin_job *job)
{
	struct str line = { "", 0 };

	(void)str_cut(rest, '\n', &line);
	if (str_i64(line, &job->msisdn) != ERR_OK)
		job->failed = true;
	(void)str_cut(rest, '\n', &line);
	copy_text(job->check, sizeof(job->check), line);
	(void)str_cut(rest, '\n', &line);
	copy_text(job->fresh, sizeof(job->fresh), line);
	(void)str_cut(rest, '\n', &line);
	copy_text(job->stored, sizeof(job->stored), line);
}

static void take_secret(struct turn *t, struct str line, struct grammar_command *c)
{
	struct str name;

	if (str_cut(&line, '=', &name))
		(void)grammar_command_set(
			c, (struct grammar_slot){ .name = arena_str(&t->arena, name).p,
		                                  .type = GRAMMAR_TEXT,
		                                  .secret = true,
		                                  .text = line });
}

/* What the text said: commands into q->run, and what was said before it waited. */
static enum err take_commands(struct turn *t, struct str rest, struct hall_question *q)
{
	struct grammar_command *run = arena_array(&t->arena, struct grammar_command,
	                                          DIALOGUE_ITEMS);
	struct str secrets = rest, line = { "", 0 };
	size_t n = 0;

	while (str_cut(&rest, '\n', &line) && line.n > 0)
		;
	while (str_cut(&rest, '\n', &line) && line.n > 0)
		if (n < DIALOGUE_ITEMS &&
		    grammar_command_parse(t->conf.grammar, line, &t->arena, &run[n]) ==
		            ERR_OK)
			n++;
	if (n == 0)
		return ERR_NOT_FOUND;
	while (str_cut(&secrets, '\n', &line) && line.n > 0)
		take_secret(t, line, &run[0]);
	q->command = &run[0];
	q->run = run;
	q->n_run = n;
	q->said = rest.p != NULL ? rest : STR("");
	return ERR_OK;
}

static struct parked *find(struct turn *t, int64_t id)
{
	for (size_t i = 0; i < t->n_parked; i++)
		if (t->parked[i].id == id)
			return &t->parked[i];
	return NULL;
}

static bool has_room(const struct turn *t, const struct job *job)
{
	if (t->conf.pin == NULL || t->n_parked >= TURN_PARKED)
		return false;
	for (size_t i = 0; i < t->n_parked; i++)
		if (t->parked[i].from == job->in->msisdn)
			return false;
	return true;
}

bool parked_put(struct turn *t, struct job *job, const struct park *p, struct str said)
{
	struct parked *entry;

	if (!has_room(t, job) || job->question.run == NULL)
		return false;
	entry = &t->parked[t->n_parked++];
	*entry = (struct parked){ .id = job->id, .from = job->in->msisdn };
	entry->job = (struct pin_job){ .id = job->id, .msisdn = p->msisdn };
	copy_text(entry->job.check, sizeof(entry->job.check), p->check);
	copy_text(entry->job.fresh, sizeof(entry->job.fresh), p->fresh);
	copy_text(entry->job.stored, sizeof(entry->job.stored), p->hash);
	changes_add(
		&t->changes, parked,
		(struct parked_row){
			.id = job->id,
			.msisdn = job->in->msisdn,
			.owner_since = job->who->known ? job->who->sub.owner_since : 0,
			.sealed = seal(t, job, p, said) });
	return true;
}

enum err parked_recall(struct turn *t)
{
	struct parked_row *row;
	size_t n;
	enum err e = store_load_parked(t->conf.store, &t->arena, 0, &row, &n);

	for (size_t i = 0; e == ERR_OK && i < n && i < TURN_PARKED; i++) {
		struct parked *p = &t->parked[t->n_parked++];
		struct str plain;

		*p = (struct parked){ .id = row[i].id, .from = row[i].msisdn };
		p->job.id = row[i].id;
		if (t->conf.pin == NULL ||
		    pin_open(t->conf.pin, row[i].sealed, &t->arena, &plain) != ERR_OK)
			p->job.failed = true;
		else
			take_job(&plain, &p->job);
	}
	return e;
}

/* ---- the other number that a command names ---- */

static enum err load(struct turn *t, struct dossier *d, unsigned needs, int64_t now)
{
	enum err e = store_load_dossiers(t->conf.store, &t->arena, &d, 1);

	if (e == ERR_OK)
		e = store_load_needs(t->conf.store, &t->arena, &d, &needs, 1, now);
	return e;
}

enum err parked_other(struct turn *t, struct hall_question *q)
{
	const int64_t msisdn = hall_other(q);

	if (msisdn == 0)
		return ERR_OK;
	q->other = arena_new(&t->arena, struct dossier);
	q->other->msisdn = msisdn;
	return load(t, q->other, NEED_PIN | NEED_ORDERS, q->now);
}

/* ---- the verdict ---- */

static void reply(struct turn *t, const struct parked_row *row, int64_t now_ms,
                  struct str text)
{
	batch_send(t, &(struct outbox_row){ .id = row->id,
	                                    .at_ms = now_ms,
	                                    .state = OUTBOX_READY,
	                                    .group = row->group,
	                                    .from = row->to,
	                                    .to = row->from,
	                                    .text = text,
	                                    .session = row->session });
}

static struct hall_question question_of(struct turn *t, const struct parked_row *row,
                                        struct dossier *who, int64_t now)
{
	return (struct hall_question){
		.id = row->id,
		.now = now,
		.text = row->text,
		.folded = STR(""),
		.revision = grammar_revision(t->conf.grammar),
		.dice = t->conf.dice != NULL ? t->conf.dice(t->conf.dice_arg) : 0,
		.who = who,
		.catalogue = &t->catalogue,
		.changes = &t->changes,
		.arena = &t->arena,
		.said = STR(""),
	};
}

/* The hash that was compared must be the one that still counts. */
static bool still_right(const struct hall_question *q, const struct pin_job *j)
{
	const struct dossier *d = q->who->msisdn == j->msisdn ? q->who : q->other;

	return j->right && d != NULL && d->known && d->msisdn == j->msisdn &&
	       str_eq(d->pin.hash, str_of(j->stored));
}

static enum err answer(struct turn *t, const struct parked_row *row, struct dossier *who,
                       const struct pin_job *j, int64_t now_ms)
{
	struct turn_input in = { .kind = TURN_TEXT,
		                 .group = row->group,
		                 .from = row->from,
		                 .to = row->to,
		                 .msisdn = row->msisdn };
	struct job job = { .in = &in,
		           .id = row->id,
		           .question = question_of(t, row, who, now_ms / 1000) };
	struct hall_question *q = &job.question;
	struct hall_verdict v = { .fresh = str_of(j->hash) };
	struct pin_job unused = { .id = 0 };
	struct str plain;
	unsigned needs;
	enum err e = pin_open(t->conf.pin, row->sealed, &t->arena, &plain);

	if (e == ERR_OK) {
		take_job(&plain, &unused);
		e = take_commands(t, plain, q);
	}
	if (e == ERR_OK)
		e = parked_other(t, q);
	if (e != ERR_OK)
		return e;
	needs = hall_needs(t->conf.hall, q) | NEED_PIN;
	e = store_load_needs(t->conf.store, &t->arena, &who, &needs, 1, q->now);
	if (e == ERR_OK)
		e = others_load(t, &job, 1, 0, q->now);
	if (e != ERR_OK)
		return e;
	v.right = still_right(q, j);
	q->verdict = &v;
	reply(t, row, now_ms, answer_ask(t, &job).text);
	count_job(t, &job);
	others_tell(t, &job, now_ms);
	return ERR_OK;
}

/* A number that has another owner by now is not answered. */
static enum err settle(struct turn *t, const struct parked_row *row,
                       const struct pin_job *j, int64_t now_ms)
{
	struct dossier *who = arena_new(&t->arena, struct dossier);
	enum err e = ERR_OK;

	who->msisdn = row->msisdn;
	e = load(t, who, NEED_PIN, now_ms / 1000);
	if (e != ERR_OK)
		return e;
	changes_add(&t->changes, parked_done, row->id);
	if ((who->known ? who->sub.owner_since : 0) != row->owner_since)
		return ERR_OK;
	if (!j->failed && t->conf.pin != NULL)
		e = answer(t, row, who, j, now_ms);
	if (j->failed || t->conf.pin == NULL || e == ERR_CORRUPT || e == ERR_NOT_FOUND) {
		count_one(t, STR("none"), "later");
		reply(t, row, now_ms,
		      hall_notice_text(t->conf.hall, HALL_TRY_LATER, who, row->text,
		                       &t->arena));
		e = ERR_OK;
	}
	return e;
}

/* Within the transaction: the next verdict finds what this one has recorded. */
static enum err answer_one(struct turn *t, const struct pin_job *j, int64_t now_ms)
{
	struct parked_row *row;
	size_t n = 0;
	enum err e;

	batch_changes_reset(t);
	e = store_load_parked(t->conf.store, &t->arena, j->id, &row, &n);
	if (e == ERR_OK && n > 0)
		e = settle(t, &row[0], j, now_ms);
	if (e == ERR_OK)
		e = store_record(t->conf.store, &t->changes);
	if (e != ERR_OK)
		return e;
	batch_recorded(t);
	return ERR_OK;
}

static enum err attempt(struct turn *t, const struct pin_job *const *j, size_t n,
                        int64_t now_ms)
{
	const struct store_ids ids = t->ids;
	const size_t sent = t->send.n, counts = t->counts.n;
	enum err e = store_begin(t->conf.store);

	if (e != ERR_OK)
		return e;
	for (size_t i = 0; i < n && e == ERR_OK; i++)
		e = answer_one(t, j[i], now_ms);
	if (e == ERR_OK)
		e = store_commit(t->conf.store);
	if (e == ERR_OK)
		return ERR_OK;
	store_rollback(t->conf.store);
	t->ids = ids;
	t->send.n = sent;
	t->counts.n = counts;
	return e;
}

static void forget(struct turn *t, int64_t id)
{
	struct parked *p = find(t, id);

	if (p == NULL)
		return;
	*p = t->parked[--t->n_parked];
	sodium_memzero(&t->parked[t->n_parked], sizeof(t->parked[0]));
}

/* It is hashed again after a while, unless it was forgotten. */
static void give_back(struct turn *t, int64_t id)
{
	struct parked *p = find(t, id);

	if (p != NULL)
		p->posted = false;
}

/* ERR_OK: answered, and forgotten here. */
static enum err conclude(struct turn *t, const struct pin_job *j, int64_t now_ms)
{
	struct pin_job failed = *j;
	const struct pin_job *one = j;
	enum err e = attempt(t, &one, 1, now_ms);

	if (e != ERR_OK && !turn_is_of_the_store(e)) {
		failed.failed = true;
		one = &failed;
		e = attempt(t, &one, 1, now_ms);
	}
	if (e == ERR_OK)
		forget(t, j->id);
	return e;
}

enum err parked_verdicts(struct turn *t, struct turn_input **in, size_t n, int64_t now_ms)
{
	const struct pin_job *all[TURN_PARKED];
	size_t count = 0;
	enum err e = ERR_OK;

	for (size_t i = 0; i < n && count < TURN_PARKED; i++)
		if (in[i]->kind == TURN_VERDICT && find(t, in[i]->verdict->id) != NULL)
			all[count++] = in[i]->verdict;
	if (count > 1 && attempt(t, all, count, now_ms) == ERR_OK) {
		for (size_t i = 0; i < count; i++)
			forget(t, all[i]->id);
		return ERR_OK;
	}
	for (size_t i = 0; i < count && e == ERR_OK; i++)
		e = conclude(t, all[i], now_ms);
	for (size_t i = 0; i < count; i++) /* not reached, or failed */
		give_back(t, all[i]->id);
	return e;
}

/* Its PINs stay with the entry: the work may have to be done once more. */
static enum err work_here(struct turn *t, const struct parked *p, int64_t now_ms)
{
	struct pin_job job = p->job;

	if (t->conf.pin != NULL)
		pin_work(t->conf.pin, &job);
	else
		job.failed = true;
	return conclude(t, &job, now_ms);
}

enum err parked_work(struct turn *t, int64_t now_ms)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < t->n_parked && e == ERR_OK;) {
		struct parked *p = &t->parked[i];
		const size_t before = t->n_parked;

		if (t->conf.pin_post == NULL) {
			e = work_here(t, p, now_ms);
		} else if (!p->posted) {
			t->conf.pin_post(t->conf.pin_arg, &p->job);
			p->posted = true;
		}
		i += t->n_parked == before ? 1 : 0;
	}
	return e;
}
