/*
 * act.c - orders for another number: DBKT, DBTD, DBGT for it, SQKT and SQGT for oneself.
 *
 * Whoever pays confirms, by the number of a prompt of his own.  An administrator orders
 * for members at once, where the enterprise's level opens that.  For a bound number, and
 * by a member, it is only asked for (request.c); agree.c has the answer.
 */
#include "../access_priv.h"
#include "../act_priv.h"
#include "../hall_priv.h"
#include "../numbers_priv.h"
#include "../request_priv.h"

static bool is_done(const struct hall_answer *a)
{
	return strcmp(a->outcome, CALL_DONE) == 0;
}

/* The newest order of that text and kind; it is there when the service was carried out. */
static const struct order *made(const struct call *c, const struct dossier *whom,
                                const char *kind)
{
	for (size_t i = 0; i < whom->n_orders; i++)
		if (whom->order[i].inbox == c->q->id &&
		    str_eq(whom->order[i].kind, str_of(kind)))
			return &whom->order[i];
	return NULL;
}

/* What is said of it to one who has had it done for another number. */
static struct str done_text(const struct call *c, const struct call *as,
                            struct str command, const struct order *noted)
{
	struct reply_values v = { .number = numbers_text(as, as->q->who->msisdn),
		                  .deed = request_deed(as, command, c->q->now),
		                  .order = call_order_number(c, noted) };

	if (noted->undo_until > c->q->now)
		v.code = call_undo_code(c, noted);
	return call_text(as, REPLY_ACT_OK, &v);
}

static struct hall_answer named(const struct call *c, const struct dossier *whom,
                                struct hall_answer a)
{
	const struct dialogue *open = c->q->who->open;
	const bool prompt = open != NULL && open->id == c->q->id &&
	                    open->kind == DIALOGUE_CONFIRM;
	const struct reply_values v = { .number = numbers_text(c, whom->msisdn),
		                        .peer = numbers_masked(c, whom->msisdn) };

	a.text = arena_printf(
		c->q->arena, "%.*s%.*s",
		STR_ARG(call_text(c, prompt ? REPLY_ACT_PROMPT : REPLY_ACT_FOR, &v)),
		STR_ARG(a.text));
	return a;
}

struct hall_answer act_for(const struct call *c, struct dossier *whom, struct str command,
                           const struct order **done)
{
	const struct reply_values v = { .number = numbers_text(c, whom->msisdn) };
	struct grammar_command parsed;
	const struct service *s = dialogue_service(c->hall, command, c->q->arena,
	                                           &parsed);
	struct hall_question q = *c->q;
	struct call as = *c;
	struct hall_answer a;

	*done = NULL;
	if (s == NULL || (access_rule(whom)->open & s->access) == 0)
		return call_say(c, "refused.closed", REPLY_NUMBERS_CLOSED, &v);
	q.who = whom;
	q.command = &parsed;
	as.q = &q;
	as.talk = c->q;
	a = s->answer(&as);
	if (is_done(&a))
		*done = made(c, whom, s->intent);
	if (whom == c->q->who)
		return a;
	if (*done == NULL)
		return named(c, whom, a);
	a.text = done_text(c, &as, command, request_note(c, whom, command, *done));
	return a;
}

bool act_pays_himself(const struct dossier *member)
{
	return member->sub.class != CLASS_BUSINESS;
}

/* It names no number, service or package: a bare code, chosen from suggestions. */
static struct hall_answer incomplete(const struct call *c, bool for_other)
{
	const char *intent = c->q->command->intent->name;
	const bool plan = strcmp(intent, "number.change") == 0 ||
	                  strcmp(intent, "group.change") == 0;
	struct reply_values v = { .code = call_way(c, intent) };

	if (for_other)
		v.number = call_text(c, REPLY_ACT_NUMBER, NULL);
	return call_say(c, "refused.incomplete",
	                plan ? REPLY_ACT_HOW_PLAN : REPLY_ACT_HOW_SERVICE, &v);
}

/* ---- for another number ---- */

static struct hall_answer order(const struct call *c, struct dossier *other,
                                struct str command, enum group_right right)
{
	const struct dossier *d = c->q->who;
	const bool may = group_may(&c->hall->groups, d, other, right) != NULL;
	const struct order *done;
	struct hall_answer a;

	if (may && !act_pays_himself(other)) {
		a = act_for(c, other, command, &done);
		if (done != NULL)
			request_tell(c, other, REPLY_ACT_TOLD, command,
			             (struct reply_values){ 0 });
		return a;
	}
	if (bond_shows(c->q->changes, d, other))
		return request_of_bound(c, other, command);
	if (!may)
		return numbers_refuse(c, other->msisdn, other);
	return call_say(
		c, "refused.payer", REPLY_ACT_PAYER,
		&(struct reply_values){ .number = numbers_text(c, other->msisdn) });
}

static struct hall_answer answer_for(const struct call *c, const char *intent,
                                     enum group_right right)
{
	const int64_t msisdn = numbers_named(c->q->command);
	struct dossier *other = call_other(c, msisdn);
	const struct str command = request_command(c, intent);
	const struct order *done;
	struct hall_answer why;

	if (msisdn == 0 || command.n == 0)
		return incomplete(c, true);
	if (!c->confirmed && !call_pin(c, c->q->who, "pin", &why))
		return why;
	if (msisdn == c->q->who->msisdn)
		return act_for(c, c->q->who, command, &done);
	if (other == NULL || !other->known)
		return numbers_refuse(c, msisdn, NULL);
	return order(c, other, command, right);
}

static struct hall_answer open_for(const struct call *c)
{
	return answer_for(c, "service.open", GROUP_ORDER);
}

static struct hall_answer cancel_for(const struct call *c)
{
	return answer_for(c, "service.cancel", GROUP_ORDER);
}

static struct hall_answer change_for(const struct call *c)
{
	return answer_for(c, "package.change", GROUP_CHANGE);
}

/* ---- by a member ---- */

/* The place by which somebody else may agree for this number, else any, or NULL. */
static const struct place *place_of(const struct group_rules *r, const struct dossier *d)
{
	for (size_t i = 0; i < d->n_places; i++)
		if ((group_rights(r, &d->place[i].of) & GROUP_APPROVE) != 0 &&
		    d->place[i].n_others > 0)
			return &d->place[i];
	return d->n_places > 0 ? &d->place[0] : NULL;
}

static size_t admins_of(const struct hall_question *q,
                        const struct grammar_command *command,
                        int64_t out[static HALL_OTHERS])
{
	size_t n = 0;

	(void)command;
	for (size_t i = 0; q->who->known && i < q->who->n_places; i++)
		for (size_t k = 0; k < q->who->place[i].n_others && n < HALL_OTHERS; k++)
			out[n++] = q->who->place[i].other[k];
	return n;
}

static struct hall_answer apply(const struct call *c, const char *intent)
{
	const struct place *p = place_of(&c->hall->groups, c->q->who);

	if (call_named(c, "code") == NULL)
		return incomplete(c, false);
	if (p == NULL || act_pays_himself(c->q->who))
		return call_say(c, "refused.payer", REPLY_ACT_OWN,
		                &(struct reply_values){
					.code = call_code(c, intent,
		                                          call_named(c, "code")->text) });
	return request_of_admins(c, p, request_command(c, intent));
}

static struct hall_answer apply_service(const struct call *c)
{
	return apply(c, "service.open");
}

static struct hall_answer apply_package(const struct call *c)
{
	return apply(c, "package.change");
}

#define ACT(of, intent_name, answers, number)  \
	const struct service service_##of = {  \
		.intent = (intent_name),       \
		.access = ACCESS_ORDER,        \
		.needs = ACT_NEEDS | NEED_PIN, \
		.label = REPLY_LABEL_ACT,      \
		.answer = (answers),           \
		.others = (number),            \
		.other_needs = ACT_NEEDS,      \
	}
ACT(number_open, "number.open", open_for, numbers_others);
ACT(number_cancel, "number.cancel", cancel_for, numbers_others);
ACT(number_change, "number.change", change_for, numbers_others);
ACT(group_apply, "group.apply", apply_service, admins_of);
ACT(group_apply_package, "group.change", apply_package, admins_of);
