/*
 * act.c - add-ons of another number: DBKT and DBTD for it, SQKT for oneself, PZYW agrees.
 *
 * Whoever pays confirms, by the number of a prompt of his own.  An administrator orders
 * for members at once, where the enterprise's level opens that.  For a bound number, and
 * by a member, it is only asked for: the bound number, or an administrator, is sent a
 * code, and what it costs is shown and confirmed once that has come back.
 */
#include "../access_priv.h"
#include "../hall_priv.h"
#include "../numbers_priv.h"
#include "../tools_priv.h"
#include "model/group.h"
#include "model/money.h"

enum {
	OWN_NEEDS = TOOLS_NEEDS | NEED_USAGE, /* of opening and cancelling */
	ACT_NEEDS = OWN_NEEDS | NEED_BONDS | NEED_PLACES | NEED_REQUESTS
};

/* "service.cancel code=CL" */
static struct str command_for(const struct call *c, const char *intent)
{
	return call_command(c, intent, "code", call_named(c, "code")->text);
}

/* "彩铃5元/月", or "退订彩铃". */
static struct str deed_of(const struct call *c, struct str command)
{
	struct grammar_command parsed;
	struct reply_values v = { 0 };
	const struct service *s = dialogue_service(c->hall, command, c->q->arena,
	                                           &parsed);
	struct call as = *c;
	struct hall_question q = *c->q;
	const struct package *p;

	if (s == NULL)
		return command;
	q.command = &parsed;
	as.q = &q;
	p = catalogue_find(q.catalogue, call_named(&as, "code")->text);
	v.package = call_package(c, call_named(&as, "code")->text);
	if (p != NULL && p->fee_fen > 0)
		v.fee = money_short(q.arena, p->fee_fen);
	return call_text(
		c, s == &service_service_cancel ? REPLY_ACT_CANCEL : REPLY_ACT_OPEN, &v);
}

static void tell(const struct call *c, struct dossier *who, enum reply_id id,
                 struct str command, struct str code)
{
	struct hall_question q;
	const struct call as = numbers_as(c, &q, who);

	changes_notice(c->q->changes,
	               (struct notice){ who->msisdn, c->q->id,
	                                call_text(&as, id,
	                                          &(struct reply_values){
							  .number = numbers_text(
								  c, c->q->who->msisdn),
							  .deed = deed_of(&as, command),
							  .code = code,
						  }) });
}

static bool is_done(const struct hall_answer *a)
{
	return strcmp(a->outcome, CALL_DONE) == 0;
}

/* What is said of it to one who has had it done for another number. */
static struct str done_text(const struct call *as, struct str command,
                            const struct service *s)
{
	struct reply_values v = { .number = numbers_text(as, as->q->who->msisdn),
		                  .deed = deed_of(as, command) };

	if (s == &service_service_open)
		v.code = call_code(as, "service.cancel", call_named(as, "code")->text);
	return call_text(as, REPLY_ACT_OK, &v);
}

/* Carries the command out for `whom`, as far as c's own number has confirmed it. */
static struct hall_answer act(const struct call *c, struct dossier *whom,
                              struct str command)
{
	const struct reply_values v = { .number = numbers_text(c, whom->msisdn) };
	struct grammar_command parsed;
	const struct service *s = dialogue_service(c->hall, command, c->q->arena,
	                                           &parsed);
	struct hall_question q = *c->q;
	struct call as = *c;
	struct hall_answer a;

	if (s == NULL || (access_rule(whom)->open & s->access) == 0)
		return call_say(c, "refused.closed", REPLY_NUMBERS_CLOSED, &v);
	q.who = whom;
	q.command = &parsed;
	as.q = &q;
	as.talk = c->q;
	a = s->answer(&as);
	if (whom == c->q->who)
		return a;
	if (is_done(&a))
		a.text = done_text(&as, command, s);
	else
		a.text = arena_printf(c->q->arena, "%.*s%.*s",
		                      STR_ARG(call_text(c, REPLY_ACT_FOR, &v)),
		                      STR_ARG(a.text));
	return a;
}

/* ---- asking ---- */

static bool waits(const struct request *r, int64_t now)
{
	return r->state == REQUEST_ASKED && now <= r->asked_at + BOND_LIFE_S;
}

static bool too_many(const struct call *c, const struct dossier *decides)
{
	size_t asked = 0, waiting = 0;

	for (size_t i = 0; i < c->q->who->n_asked; i++)
		asked += c->q->now < c->q->who->asked[i].asked_at + BOND_LIFE_S;
	for (size_t i = 0; i < c->q->changes->requests.n; i++)
		asked += c->q->changes->requests.row[i].asker == c->q->who->msisdn;
	for (size_t i = 0; i < decides->n_asked_of; i++)
		waiting += waits(&decides->asked_of[i], c->q->now);
	return asked >= REQUEST_ASKS || waiting >= BOND_MOST;
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

static struct hall_answer ask(const struct call *c, struct dossier *decides, bool own,
                              struct str command)
{
	const struct dossier *d = c->q->who;
	const struct reply_values v = { .number = numbers_text(c, decides->msisdn) };
	struct request r = { .asker = d->msisdn,
		             .asker_since = d->sub.owner_since,
		             .msisdn = decides->msisdn,
		             .owner_since = decides->sub.owner_since,
		             .own = own,
		             .command = command,
		             .asked_at = c->q->now,
		             .at = c->q->now,
		             .inbox = c->q->id };

	if ((access_rule(decides)->open & ACCESS_ORDER) == 0)
		return call_say(c, "refused.closed", REPLY_NUMBERS_CLOSED, &v);
	if (!notice_hours(c->q->now))
		return call_say(c, "refused.hours", REPLY_ACT_HOURS, &v);
	if (too_many(c, decides))
		return call_say(c, "refused.limit", REPLY_ACT_LIMIT, &v);
	r.nonce = draw(c, decides);
	changes_request(c->q->changes, r);
	tell(c, decides, own ? REPLY_ACT_PLEASE : REPLY_ACT_PLEASE_MEMBER, command,
	     arena_printf(c->q->arena, "PZYW%u", r.nonce));
	return call_say(c, CALL_DONE, REPLY_ACT_SENT, &v);
}

/* ---- for another number ---- */

static bool pays_himself(const struct dossier *member)
{
	return member->sub.class != CLASS_BUSINESS;
}

static struct hall_answer order(const struct call *c, struct dossier *other,
                                struct str command)
{
	const struct dossier *d = c->q->who;
	const bool may = group_may(d, other, GROUP_BUY) != NULL;
	struct hall_answer a;

	if (may && !pays_himself(other)) {
		a = act(c, other, command);
		if (is_done(&a))
			tell(c, other, REPLY_ACT_TOLD, command, STR(""));
		return a;
	}
	if (bond_shows(c->q->changes, d, other))
		return ask(c, other, true, command);
	if (!may)
		return numbers_refuse(c, other->msisdn, other);
	return call_say(
		c, "refused.payer", REPLY_ACT_PAYER,
		&(struct reply_values){ .number = numbers_text(c, other->msisdn) });
}

static struct hall_answer answer_for(const struct call *c, const char *intent)
{
	const int64_t msisdn = numbers_named(c->q->command);
	struct dossier *other = call_other(c, msisdn);
	const struct str command = command_for(c, intent);
	struct hall_answer why;

	if (!c->confirmed && !call_pin(c, c->q->who, "pin", &why))
		return why;
	if (msisdn == c->q->who->msisdn)
		return act(c, c->q->who, command);
	if (msisdn == 0 || other == NULL || !other->known)
		return numbers_refuse(c, msisdn, NULL);
	return order(c, other, command);
}

static struct hall_answer open_for(const struct call *c)
{
	return answer_for(c, "service.open");
}

static struct hall_answer cancel_for(const struct call *c)
{
	return answer_for(c, "service.cancel");
}

/* ---- by a member ---- */

/* The place by which somebody else may agree for this number, or NULL. */
static const struct place *place_of(const struct dossier *d)
{
	for (size_t i = 0; i < d->n_places; i++)
		if (d->place[i].level >= GROUP_APPROVE && d->place[i].other_admin != 0)
			return &d->place[i];
	return NULL;
}

static int64_t admin_of(const struct hall_question *q,
                        const struct grammar_command *command)
{
	const struct place *p = q->who->known ? place_of(q->who) : NULL;

	(void)command;
	return p != NULL ? p->other_admin : 0;
}

static struct hall_answer apply(const struct call *c)
{
	const struct dossier *d = c->q->who;
	const struct place *p = place_of(d);
	struct dossier *admin = p != NULL ? call_other(c, p->other_admin) : NULL;

	if (pays_himself(d) || d->n_places == 0)
		return call_say(c, "refused.payer", REPLY_ACT_OWN,
		                &(struct reply_values){
					.code = call_code(c, "service.open",
		                                          call_named(c, "code")->text) });
	if (admin == NULL || !admin->known)
		return call_say(c, "refused.level", REPLY_ACT_NO_ADMIN, NULL);
	return ask(c, admin, false, command_for(c, "service.open"));
}

/* ---- agreeing ---- */

/* The number may have come in time, and the prompt's behind it. */
static const struct request *asked_with(const struct hall_question *q, unsigned nonce,
                                        int64_t late)
{
	const struct dossier *d = q->who;

	for (size_t i = 0; i < d->n_asked_of; i++) {
		const struct request *r = request_now(q->changes, &d->asked_of[i]);

		if (r->nonce == nonce && waits(r, q->now - late))
			return r;
	}
	return NULL;
}

static struct hall_answer agree_wrong(const struct call *c)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_asked_of; i++) {
		struct request r = *request_now(c->q->changes, &d->asked_of[i]);

		if (!waits(&r, c->q->now))
			continue;
		if (++r.wrong >= BOND_WRONG) {
			r.state = REQUEST_ENDED;
			r.at = c->q->now;
		}
		changes_request(c->q->changes, r);
	}
	return call_say(c, CALL_NONE, REPLY_AGREE_NONE, NULL);
}

/* Whether the asker, in the same owner's hand, may still ask this number for that. */
static bool still_may(const struct call *c, const struct request *r,
                      const struct dossier *asker)
{
	if (asker == NULL || !asker->known || asker->sub.owner_since != r->asker_since)
		return false;
	if (r->own)
		return bond_shows(c->q->changes, asker, c->q->who);
	return group_may(c->q->who, asker, GROUP_APPROVE) != NULL && !pays_himself(asker);
}

static struct hall_answer agree(const struct call *c)
{
	const struct request *asked = asked_with(c->q, numbers_nonce(c->q->command),
	                                         c->confirmed ? BOND_LIFE_S : 0);
	struct dossier *asker = asked != NULL ? call_other(c, asked->asker) : NULL;
	struct hall_answer a;
	struct request r;

	if (asked == NULL)
		return agree_wrong(c);
	if (!still_may(c, asked, asker))
		return call_say(c, "refused.over", REPLY_AGREE_NONE, NULL);
	if (!c->confirmed && !call_pin(c, c->q->who, "pin", &a))
		return a;
	r = *asked;
	a = act(c, r.own ? c->q->who : asker, r.command);
	if (!is_done(&a))
		return a;
	r.state = REQUEST_DONE;
	r.at = c->q->now;
	changes_request(c->q->changes, r);
	tell(c, asker, r.own ? REPLY_ACT_AGREED : REPLY_ACT_TOLD, r.command, STR(""));
	return a;
}

static int64_t asker_of(const struct hall_question *q,
                        const struct grammar_command *command)
{
	const struct request *r;

	if ((q->who->have & NEED_REQUESTS) == 0 || !q->who->known)
		return 0;
	r = asked_with(q, numbers_nonce(command), BOND_LIFE_S);
	return r != NULL ? r->asker : 0;
}

#define ACT(of, intent_name, label_id, answers, number) \
	const struct service service_##of = {           \
		.intent = (intent_name),                \
		.access = ACCESS_ORDER,                 \
		.needs = ACT_NEEDS | NEED_PIN,          \
		.label = (label_id),                    \
		.answer = (answers),                    \
		.other = (number),                      \
		.other_needs = ACT_NEEDS,               \
	}
ACT(number_open, "number.open", REPLY_LABEL_ACT, open_for, numbers_other);
ACT(number_cancel, "number.cancel", REPLY_LABEL_ACT, cancel_for, numbers_other);
ACT(group_apply, "group.apply", REPLY_LABEL_ACT, apply, admin_of);
ACT(number_approve, "number.approve", REPLY_LABEL_ACT, agree, asker_of);
