/*
 * request.c - see request_priv.h: asking other numbers, and what becomes of it.
 */
#include "request_priv.h"

#include <assert.h>
#include <inttypes.h>

#include "access_priv.h"
#include "hall_priv.h"
#include "model/money.h"
#include "numbers_priv.h"

/* ---- who is bound ---- */

unsigned request_needs(const struct dossier *who, const struct service *s)
{
	return s->carry_out != NULL && who->known && who->sub.class == CLASS_BUSINESS
	               ? ASKS_NEEDS
	               : 0;
}

bool request_due(const struct call *c, int64_t fee_fen)
{
	return fee_fen > 0 && call_talk(c)->who == c->q->who &&
	       group_binds(&c->hall->groups, c->q->who, fee_fen) != NULL;
}

/* ---- deeds ---- */

static const struct deed {
	const char *intent;
	enum reply_id text;
} deeds[] = {
	{ "service.open", REPLY_ACT_OPEN },
	{ "service.cancel", REPLY_ACT_CANCEL },
	{ "package.change", REPLY_ACT_CHANGE },
};

static const struct deed *find_deed(const char *intent)
{
	for (size_t i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++)
		if (strcmp(deeds[i].intent, intent) == 0)
			return &deeds[i];
	return NULL;
}

struct str request_deed(const struct call *c, struct str command, int64_t at)
{
	struct grammar_command parsed;
	const struct service *s = dialogue_service(c->hall, command, c->q->arena,
	                                           &parsed);
	const struct deed *deed = s != NULL ? find_deed(s->intent) : NULL;
	struct call as = *c;
	struct hall_question q = *c->q;
	struct reply_values v = { 0 };
	const struct package *p;
	struct str code;

	if (deed == NULL)
		return command;
	q.command = &parsed;
	q.now = at;
	as.q = &q;
	code = call_named(&as, "code")->text;
	p = catalogue_find(q.catalogue, code);
	v.package = call_package(c, code);
	if (p != NULL && p->fee_fen > 0)
		v.fee = money_short(q.arena, p->fee_fen);
	if (!call_rules(c, code).now)
		v.day = call_date(c, call_next_month(&as));
	return call_text(c, deed->text, &v);
}

struct str request_command(const struct call *c, const char *intent)
{
	const struct grammar_slot *code = call_named(c, "code");

	if (code == NULL || find_deed(intent) == NULL)
		return STR("");
	return call_command(c, intent, "code", code->text);
}

/* ---- orders ---- */

static struct str was_text(const struct call *c, int64_t number, struct str command,
                           int64_t order)
{
	return arena_printf(c->q->arena, "%" PRId64 "|%.*s|%" PRId64, number,
	                    STR_ARG(command), order);
}

bool request_read(const struct order *o, struct request_order *out)
{
	struct str rest = o->was, number, order;

	*out = (struct request_order){ .command = STR(""), .at = o->at };
	if (!str_eq(o->kind, STR(REQUEST_APPLIED)) && !str_eq(o->kind, STR(REQUEST_FOR)))
		return false;
	return str_cut(&rest, '|', &number) && str_cut(&rest, '|', &out->command) &&
	       str_cut(&rest, '|', &order) && str_i64(number, &out->number) == ERR_OK &&
	       str_i64(order, &out->order) == ERR_OK;
}

struct str request_name(const struct call *c, const struct request_order *o)
{
	struct reply_values v = { .deed = request_deed(c, o->command, o->at) };

	if (o->number != 0)
		v.peer = numbers_masked(c, o->number);
	return call_text(c, o->number != 0 ? REPLY_DEED_FOR : REPLY_DEED_APPLY, &v);
}

struct order *request_note(const struct call *c, const struct dossier *whom,
                           struct str command, const struct order *done)
{
	return changes_order(
		c->q->changes, c->q->who,
		(struct order){ .kind = STR(REQUEST_FOR),
	                        .package = done->package,
	                        .state = ORDER_EFFECTIVE,
	                        .at = c->q->now,
	                        .effective_at = c->q->now,
	                        .undo_until = done->undo_until,
	                        .was = was_text(c, whom->msisdn, command, done->id),
	                        .price = STR(""),
	                        .inbox = c->q->id });
}

static struct order *order_asked(const struct call *c, int64_t number, struct str command)
{
	const struct grammar_slot *code = call_named(c, "code");

	return changes_order(
		c->q->changes, c->q->who,
		(struct order){ .kind = number != 0 ? STR(REQUEST_FOR)
	                                            : STR(REQUEST_APPLIED),
	                        .package = code != NULL ? code->text : STR(""),
	                        .state = ORDER_ACCEPTED,
	                        .at = c->q->now,
	                        .effective_at = c->q->now + BOND_LIFE_S,
	                        .undo_until = c->q->now + BOND_LIFE_S,
	                        .was = was_text(c, number, command, 0),
	                        .price = STR(""),
	                        .inbox = c->q->id });
}

/* The one that waits for this request, or NULL. */
static struct order *order_of(const struct dossier *asker, const struct request *r)
{
	struct request_order unused;

	for (size_t i = 0; i < asker->n_orders; i++)
		if (asker->order[i].inbox == r->inbox &&
		    asker->order[i].state == ORDER_ACCEPTED &&
		    request_read(&asker->order[i], &unused))
			return &asker->order[i];
	return NULL;
}

/* ---- asking ---- */

bool request_waits(const struct request *r, int64_t now)
{
	return r->state == REQUEST_ASKED && now <= r->asked_at + BOND_LIFE_S;
}

/* Texts that asked, of which each may have asked several. */
static size_t asked_lately(const struct call *c)
{
	const struct dossier *d = c->q->who;
	size_t n = 0;

	for (size_t i = 0; i < d->n_asked; i++) {
		bool again = c->q->now >= d->asked[i].asked_at + BOND_LIFE_S;

		for (size_t k = 0; k < i && !again; k++)
			again = d->asked[k].inbox == d->asked[i].inbox;
		n += !again;
	}
	return n;
}

static bool may_be_asked(const struct call *c, const struct dossier *d)
{
	size_t waiting = 0;

	if (!d->known || (access_rule(d)->open & ACCESS_ORDER) == 0)
		return false;
	for (size_t i = 0; i < d->n_asked_of; i++)
		waiting += request_waits(request_now(c->q->changes, &d->asked_of[i]),
		                         c->q->now);
	return waiting < BOND_MOST;
}

/* A number that no other request to the same number has. */
static unsigned draw(const struct call *c, const struct dossier *decides)
{
	unsigned n = BOND_NONCE_MIN + (unsigned)(c->q->dice % BOND_NONCES);
	bool taken = true;

	while (taken) {
		n = n + 1 < BOND_NONCE_MIN + BOND_NONCES ? n + 1 : BOND_NONCE_MIN;
		taken = false;
		for (size_t i = 0; i < decides->n_asked_of && !taken; i++)
			taken = decides->asked_of[i].nonce == n;
		for (size_t i = 0; i < c->q->changes->requests.n && !taken; i++)
			taken = c->q->changes->requests.row[i].nonce == n;
	}
	return n;
}

void request_tell(const struct call *c, struct dossier *who, enum reply_id id,
                  struct str command, struct reply_values v)
{
	struct hall_question q;
	const struct call as = numbers_as(c, &q, who);

	v.number = numbers_text(c, c->q->who->msisdn);
	v.deed = request_deed(&as, command, c->q->now);
	numbers_tell(c, who, call_text(&as, id, &v));
}

/* PZYW and the number of an equal request to the same one that this text replaces. */
static struct str replaced(const struct call *c, const struct request *by)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_asked; i++) {
		const struct request *r = request_now(c->q->changes, &d->asked[i]);

		if (r->msisdn == by->msisdn && r->own == by->own &&
		    r->state == REQUEST_SETTLED && r != &d->asked[i] &&
		    r->inbox != c->q->id && str_eq(r->command, by->command))
			return arena_printf(c->q->arena, "PZYW%u", r->nonce);
	}
	return (struct str){ NULL, 0 };
}

static void ask(const struct call *c, struct dossier *decides, bool own,
                struct str command)
{
	const struct dossier *d = c->q->who;
	const struct request r = { .asker = d->msisdn,
		                   .asker_since = d->sub.owner_since,
		                   .msisdn = decides->msisdn,
		                   .owner_since = decides->sub.owner_since,
		                   .own = own,
		                   .command = command,
		                   .state = REQUEST_ASKED,
		                   .asked_at = c->q->now,
		                   .at = c->q->now,
		                   .nonce = draw(c, decides),
		                   .inbox = c->q->id };

	const struct str old = replaced(c, &r);

	changes_request(c->q->changes, r);
	request_tell(
		c, decides, own ? REPLY_ACT_PLEASE : REPLY_ACT_PLEASE_MEMBER, command,
		(struct reply_values){ .nonce = arena_printf(c->q->arena, "%u", r.nonce),
	                               .code = old });
}

/* An equal request that still waits: the new one stands for it. */
static void replace(const struct call *c, bool own, struct str command)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_asked; i++) {
		const struct request *r = request_now(c->q->changes, &d->asked[i]);
		struct order *o;

		if (!request_waits(r, c->q->now) || r->own != own ||
		    !str_eq(r->command, command) || r->inbox == c->q->id)
			continue;
		o = order_of(d, r);
		if (o != NULL)
			changes_order_state(c->q->changes, c->q->who, o, ORDER_UNDONE,
			                    c->q->now);
		request_decide(c, r, c->q->who, REQUEST_SETTLED, NULL);
	}
}

static bool may_ask(const struct call *c, struct hall_answer *why)
{
	if (!numbers_by_day(c->q->now)) {
		*why = call_say(c, "refused.hours", REPLY_ACT_HOURS, NULL);
		return false;
	}
	if (asked_lately(c) < REQUEST_ASKS)
		return true;
	*why = call_say(c, "refused.limit", REPLY_ACT_LIMIT, NULL);
	return false;
}

static struct hall_answer say_asked(const struct call *c, const struct order *o,
                                    enum reply_id id, struct reply_values v)
{
	v.order = call_order_number(c, o);
	v.code = call_undo_code(c, o);
	return call_say(c, "asked.other", id, &v);
}

struct hall_answer request_of_bound(const struct call *c, struct dossier *bound,
                                    struct str command)
{
	struct reply_values v = { .number = numbers_text(c, bound->msisdn) };
	struct hall_answer why;

	if ((access_rule(bound)->open & ACCESS_ORDER) == 0)
		return call_say(c, "refused.closed", REPLY_NUMBERS_CLOSED, &v);
	if (!may_ask(c, &why))
		return why;
	if (!may_be_asked(c, bound))
		return call_say(c, "refused.limit", REPLY_ACT_LIMIT, NULL);
	replace(c, true, command);
	ask(c, bound, true, command);
	return say_asked(c, order_asked(c, bound->msisdn, command), REPLY_ACT_SENT, v);
}

struct hall_answer request_of_admins(const struct call *c, const struct place *p,
                                     struct str command)
{
	struct reply_values v = { .group = call_name(c, p->of.name),
		                  .manager = numbers_manager(c, &p->of) };
	struct dossier *admin[GROUP_ADMINS];
	struct hall_answer why;
	size_t n = 0;

	if ((group_rights(&c->hall->groups, &p->of) & GROUP_APPROVE) == 0)
		return call_say(c, "refused.level", REPLY_ACT_NO_ADMIN, &v);
	for (size_t i = 0; i < p->n_others; i++) {
		struct dossier *d = call_other(c, p->other[i]);

		if (d != NULL && may_be_asked(c, d))
			admin[n++] = d;
	}
	if (n == 0)
		return call_say(c, "refused.level", REPLY_ACT_NO_ADMIN, &v);
	if (!may_ask(c, &why))
		return why;
	replace(c, false, command);
	for (size_t i = 0; i < n; i++)
		ask(c, admin[i], false, command);
	v.deed = request_deed(c, command, c->q->now);
	v.count = arena_printf(c->q->arena, "%zu", n);
	return say_asked(c, order_asked(c, 0, command), REPLY_ACT_SENT_ADMINS, v);
}

struct hall_answer request_instead(const struct call *c, int64_t fee_fen)
{
	const struct place *p = group_binds(&c->hall->groups, c->q->who, fee_fen);
	const struct str command = request_command(c, c->q->command->intent->name);

	assert(p != NULL);
	if (command.n == 0)
		return call_say(
			c, "refused.level", REPLY_ACT_BOUND,
			&(struct reply_values){ .group = call_name(c, p->of.name),
		                                .manager = numbers_manager(c, &p->of) });
	return request_of_admins(c, p, command);
}

/* ---- what becomes of it ---- */

static void decide_row(const struct call *c, const struct request *r,
                       enum request_state state)
{
	struct request next = *r;

	next.state = state;
	next.at = c->q->now;
	changes_request(c->q->changes, next);
}

static void decide_order(const struct call *c, const struct request *r,
                         struct dossier *asker, const struct order *done)
{
	struct order *o = order_of(asker, r);
	struct request_order said;

	if (o == NULL || !request_read(o, &said))
		return;
	o->undo_until = 0;
	if (done != NULL)
		o->was = was_text(c, said.number, said.command, done->id);
	changes_order_state(c->q->changes, asker, o,
	                    done != NULL ? ORDER_EFFECTIVE : ORDER_REFUSED, c->q->now);
}

/* Of the same text, to other administrators. */
static void settle_others(const struct call *c, const struct request *decided,
                          const struct dossier *asker)
{
	for (size_t i = 0; i < asker->n_asked; i++) {
		const struct request *r = request_now(c->q->changes, &asker->asked[i]);
		struct dossier *other;

		if (r->inbox != decided->inbox || r->state != REQUEST_ASKED)
			continue;
		decide_row(c, r, REQUEST_SETTLED);
		other = call_other(c, r->msisdn);
		if (other != NULL && other->known && asker != c->q->who)
			request_tell(c, other, REPLY_ACT_SETTLED, r->command,
			             (struct reply_values){
					     .peer = numbers_masked(c, asker->msisdn) });
	}
}

void request_decide(const struct call *c, const struct request *r, struct dossier *asker,
                    enum request_state state, const struct order *done)
{
	const struct request decided = *r; /* rows move as more are written */

	decide_row(c, &decided, state);
	settle_others(c, &decided, asker);
	decide_order(c, &decided, asker, done);
}

static bool is_open(const struct request *r, const struct order *o)
{
	return r->inbox == o->inbox && r->state == REQUEST_ASKED;
}

size_t request_asked(const struct dossier *d, const struct order *o,
                     int64_t out[static HALL_OTHERS])
{
	size_t n = 0;

	for (size_t i = 0; i < d->n_asked && n < HALL_OTHERS; i++)
		if (is_open(&d->asked[i], o))
			out[n++] = d->asked[i].msisdn;
	return n;
}

void request_withdraw(const struct call *c, const struct order *o)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_asked; i++) {
		const struct request *r = request_now(c->q->changes, &d->asked[i]);
		const struct request row = *r; /* rows move as more are written */
		struct dossier *other = call_other(c, row.msisdn);

		if (!is_open(&row, o))
			continue;
		decide_row(c, &row, REQUEST_SETTLED);
		if (other != NULL && other->known &&
		    other->sub.owner_since == row.owner_since)
			request_tell(c, other, REPLY_ACT_WITHDRAWN, row.command,
			             (struct reply_values){ .deed = row.command });
	}
}

struct str request_expired(const struct call *c, struct order *o)
{
	struct reply_values v = { .order = call_order_number(c, o) };
	struct request_order said;

	changes_order_state(c->q->changes, c->q->who, o, ORDER_REFUSED, c->q->now);
	if (!request_read(o, &said))
		return STR("");
	v.deed = request_name(c, &said);
	return call_text(c, REPLY_ACT_EXPIRED, &v);
}
