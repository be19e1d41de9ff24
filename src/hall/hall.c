/*
 * hall.c - see hall/hall.h: from a command to the service that answers it.
 */
#include <assert.h>
#include <stdlib.h>

#include "access_priv.h"
#include "base/alloc.h"
#include "hall_priv.h"
#include "model/money.h"
#include "request_priv.h"

static const struct service *const services[] = {
#define SERVICE(name) &service_##name,
#include "hall/services.def"
#undef SERVICE
};

static const struct service *find_service(const char *intent)
{
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		if (strcmp(services[i]->intent, intent) == 0)
			return services[i];
	return NULL;
}

struct hall *hall_create(const struct hall_conf *conf, const struct grammar *grammar,
                         const struct replies *replies)
{
	struct hall *h = xcalloc(1, sizeof(*h));

	h->conf = *conf;
	h->policy = conf->policy != NULL ? *conf->policy : policy_defaults();
	h->groups = conf->groups != NULL ? *conf->groups : group_rules_defaults();
	h->hotline = xstrndup(conf->hotline);
	h->conf.hotline.p = h->hotline;
	h->grammar = grammar;
	h->replies = replies;
	h->n = grammar_intents(grammar);
	h->service = xcalloc(h->n, sizeof(const struct service *));
	for (size_t i = 0; i < h->n; i++)
		h->service[i] = find_service(grammar_intent(grammar, i)->name);
	return h;
}

const struct tools *hall_tools(const struct hall *h)
{
	return h->conf.tools;
}

const struct policy *hall_policy(const struct hall *h)
{
	return &h->policy;
}

void hall_destroy(struct hall *h)
{
	if (h == NULL)
		return;
	free(h->hotline);
	free(h->service);
	free(h);
}

const struct service *hall_service(const struct hall *h,
                                   const struct grammar_intent *intent)
{
	assert(intent->index < h->n);
	return h->service[intent->index];
}

/* The service that will answer, or NULL where none will: then *rule says why if access does. */
static const struct service *admitted(const struct hall *h, const struct dossier *who,
                                      const struct grammar_command *command,
                                      const struct access_rule **refusal)
{
	const struct access_rule *rule = access_rule(who);
	const struct service *s;

	*refusal = NULL;
	if (command->intent == NULL)
		return NULL;
	s = hall_service(h, command->intent);
	if (s == NULL || (rule->open & s->access) != 0)
		return s;
	*refusal = rule;
	return NULL;
}

static unsigned needs_of(const struct hall *h, const struct hall_question *q,
                         const struct grammar_command *command)
{
	const struct access_rule *refusal;
	const struct service *s = admitted(h, q->who, command, &refusal);

	if (refusal != NULL)
		return refusal->needs;
	if (s == NULL)
		return command->intent == NULL ? NEED_UNREAD : 0;
	group_about(s, command, q->who);
	campaign_about(s, command, q);
	return s->needs | (access_early(q->now) ? s->early : 0) |
	       request_needs(q->who, s);
}

unsigned hall_needs(const struct hall *h, const struct hall_question *q)
{
	unsigned needs = 0;

	if (q->run == NULL)
		return needs_of(h, q, q->command);
	for (size_t i = 0; i < q->n_run; i++)
		needs |= needs_of(h, q, &q->run[i]);
	return needs | dialogue_needs(h, q);
}

int64_t hall_order_named(const struct hall_question *q)
{
	const struct grammar_command *run = q->run != NULL ? q->run : q->command;
	const size_t n = q->run != NULL ? q->n_run : 1;
	int64_t id;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < run[i].n_slots; k++)
			if (strcmp(run[i].slot[k].name, "order") == 0 &&
			    str_i64(run[i].slot[k].text, &id) == ERR_OK && id > 0)
				return id;
	return 0;
}

/* The notice of a status; the amount owed where it is known. */
static struct hall_answer refuse(const struct call *c, const struct access_rule *rule)
{
	const struct dossier *d = c->q->who;
	struct reply_values v = { 0 };

	if ((rule->needs & NEED_ACCOUNT) != 0 && d->has_account &&
	    d->account.balance_fen < 0) {
		v.due = money_text(c->q->arena, -d->account.balance_fen);
		v.time = call_time(c, d->account.as_of);
	}
	return call_say(c, rule->outcome, rule->notice, &v);
}

/* "" when no package is named. */
static struct str price_asked(const struct call *c)
{
	const struct grammar_slot *code = call_named(c, "code");
	const struct package *p = code != NULL
	                                  ? catalogue_find(c->q->catalogue, code->text)
	                                  : NULL;

	return p != NULL ? call_price(c, p, civil_month(c->q->now)) : STR("");
}

/* What was asked for and not to be had is evidence as well as what was done. */
static struct hall_answer note_refusal(const struct call *c, const struct service *s,
                                       struct hall_answer a)
{
	const struct str refused = STR("refused");

	if (s->carry_out != NULL && c->q->who->known &&
	    str_starts(str_of(a.outcome), refused))
		call_note(c, STEP_REFUSED, price_asked(c));
	return a;
}

struct hall_answer hall_command(const struct call *from,
                                const struct grammar_command *command)
{
	const struct access_rule *refusal;
	const struct service *s = admitted(from->hall, from->q->who, command, &refusal);
	struct hall_question q = *from->q;
	struct call c = *from;

	q.command = command;
	c.q = &q;
	if (refusal != NULL)
		return note_refusal(&c, hall_service(c.hall, command->intent),
		                    refuse(&c, refusal));
	if (s != NULL)
		return note_refusal(&c, s, s->answer(&c));
	return command->intent == NULL ? unknown_answer(&c) : unknown_not_by_sms(&c);
}

struct hall_answer hall_answer(const struct hall *h, const struct hall_question *q)
{
	struct call c = { .hall = h,
		          .q = q,
		          .language = hall_language(h, q->who, q->text,
		                                    q->command->rule) };
	struct dialogue before;

	if (q->who->open != NULL && q->reaction != HALL_RUN) {
		before = *q->who->open;
		c.answered = &before;
	}
	return dialogue_answer(&c);
}

struct str hall_notice_text(const struct hall *h, enum hall_notice n,
                            const struct dossier *who, struct str text,
                            struct arena *arena)
{
	static const enum reply_id id[] = { [HALL_TRY_LATER] = REPLY_TRY_LATER,
		                            [HALL_TOO_MANY] = REPLY_TOO_MANY,
		                            [HALL_RESEND] = REPLY_RESEND };

	return reply_render(h->replies, hall_language(h, who, text, NULL), id[n],
	                    &(struct reply_values){ .hotline = h->conf.hotline }, arena);
}
