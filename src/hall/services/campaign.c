/*
 * campaign.c - managers of campaigns by text: HD 12 says how one does, PZ 12 with the code
 * of its submission approves it, BH 12 with a reason makes it a draft again.
 *
 * Who is a manager, and which approve, is of push.conf.  Who owns or has submitted a
 * campaign does not approve it.  Everybody else gets what he would get without.  Who has
 * submitted it is told, where push.conf has his number.
 */
#include "push/campaign.h"
#include "../hall_priv.h"
#include "push/canary.h"
#include "push/evaluate.h"
#include "push/rules.h"

/* NULL: he is none. */
static const struct push_manager *manager_of(const struct hall_question *q)
{
	const struct push_rules *r = q->push;

	for (size_t i = 0; r != NULL && q->who->msisdn != 0 && i < r->n_managers; i++)
		if (r->manager[i].msisdn == q->who->msisdn)
			return &r->manager[i];
	return NULL;
}

void campaign_about(const struct service *s, const struct grammar_command *command,
                    const struct hall_question *q)
{
	if ((s->needs & NEED_CAMPAIGN) == 0)
		return;
	q->who->campaign_named = STR("");
	for (size_t i = 0; i < command->n_slots && manager_of(q) != NULL; i++)
		if (strcmp(command->slot[i].name, "campaign") == 0 ||
		    (strcmp(command->slot[i].name, "text") == 0 &&
		     q->who->campaign_named.n == 0))
			q->who->campaign_named = str_trim(command->slot[i].text);
}

static struct str state_text(const struct call *c, enum campaign_state s)
{
	static const enum reply_id id[CAMPAIGN_STATES] = {
		[CAMPAIGN_DRAFT] = REPLY_CAMPAIGN_DRAFT,
		[CAMPAIGN_SUBMITTED] = REPLY_CAMPAIGN_SUBMITTED,
		[CAMPAIGN_APPROVED] = REPLY_CAMPAIGN_APPROVED,
		[CAMPAIGN_SCHEDULED] = REPLY_CAMPAIGN_SCHEDULED,
		[CAMPAIGN_RUNNING] = REPLY_CAMPAIGN_RUNNING,
		[CAMPAIGN_PAUSED] = REPLY_CAMPAIGN_PAUSED,
		[CAMPAIGN_FINISHED] = REPLY_CAMPAIGN_FINISHED,
		[CAMPAIGN_STOPPED] = REPLY_CAMPAIGN_STOPPED,
		[CAMPAIGN_EVALUATED] = REPLY_CAMPAIGN_EVALUATED,
	};

	return call_text(c, id[s], NULL);
}

static struct reply_values named(const struct call *c, const struct campaign_row *r)
{
	return (struct reply_values){ .item = r->code,
		                      .next = call_number(c, r->id),
		                      .state = state_text(c, r->state) };
}

/* ---- HD ---- */

static struct str whole(const struct call *c, double v)
{
	return arena_printf(c->q->arena, "%.0f", v + 0.0);
}

/* The interval holds however often it is asked for. */
static void put_increment(const struct call *c, const struct campaign_tally *n,
                          struct reply_values *v)
{
	const struct share treated = { n->bought, n->treated };
	const struct share control = { n->control_bought, n->control };
	const double alpha = 0.05, many = (double)n->treated;
	struct interval i;

	if (n->treated <= 0 || n->control <= 0)
		return;
	i = evaluate_always(treated, control, many, alpha);
	v->more = whole(c, evaluate_effect(treated, control, EVALUATE_Z95).increment);
	v->low = whole(c, i.low * many);
	v->high = whole(c, i.high * many);
}

/* What a rule has found, in his language. */
static struct str harm_text(const struct call *c, const struct canary_why *w)
{
	static const enum reply_id id[CANARY_HARMS] = {
		[CANARY_OPTED_OUT] = REPLY_CAMPAIGN_OPTED_OUT,
		[CANARY_COMPLAINED] = REPLY_CAMPAIGN_COMPLAINED,
		[CANARY_FAILED] = REPLY_CAMPAIGN_FAILED,
		[CANARY_ERRORS] = REPLY_CAMPAIGN_ERRORS,
	};
	const double share = w->n > 0 ? 100.0 * (double)w->hits / (double)w->n : 0;
	const struct reply_values v = {
		.item = call_text(c, id[w->harm], NULL),
		.count = arena_printf(c->q->arena, "%.2f", share),
		.high = w->limit,
	};

	return call_text(c, REPLY_CAMPAIGN_HARM, &v);
}

/*
 * Where a state is not its own reason: the words of the person who brought it about, or
 * what a rule has found.
 */
static struct str reason_text(const struct call *c, const struct campaign_row *r)
{
	const size_t off = str_find(r->why, STR(CAMPAIGN_OFF_SALE));
	struct canary_why harm;

	if (r->state != CAMPAIGN_STOPPED && r->state != CAMPAIGN_PAUSED &&
	    r->state != CAMPAIGN_DRAFT)
		return (struct str){ NULL, 0 };
	if (canary_read(r->why, &harm))
		return harm_text(c, &harm);
	if (str_eq(r->why, STR(CAMPAIGN_TOO_LATE)))
		return call_text(c, REPLY_CAMPAIGN_TOO_LATE, NULL);
	if (off != SIZE_MAX)
		return call_text(c, REPLY_CAMPAIGN_OFF_SALE,
		                 &(struct reply_values){ .item = { r->why.p, off } });
	return r->why.n > 0 ? r->why : (struct str){ NULL, 0 };
}

static struct hall_answer say_state(const struct call *c, const struct campaign_view *w)
{
	struct reply_values v = named(c, &w->row);

	v.reason = reason_text(c, &w->row);
	v.sent = call_number(c, w->row.sent);
	if (w->seen.at != 0) {
		v.time = call_time(c, w->seen.at);
		v.delivered = call_number(c, w->seen.delivered);
		v.replied = call_number(c, w->seen.replied);
		v.ordered = call_number(c, w->seen.ordered);
		put_increment(c, &w->seen, &v);
	}
	return call_say(c, CALL_DONE, REPLY_CAMPAIGN_STATE, &v);
}

static bool is_number(struct str s)
{
	int64_t v;

	return str_i64(s, &v) == ERR_OK;
}

static struct hall_answer say_none(const struct call *c)
{
	const struct reply_values v = { .item = c->q->who->campaign_named };

	return call_say(c, CALL_NONE, REPLY_CAMPAIGN_NONE, &v);
}

bool campaign_asked(const struct call *c, struct hall_answer *out)
{
	const struct dossier *d = c->q->who;

	if (manager_of(c->q) == NULL || d->campaign_named.n == 0)
		return false;
	if (d->campaign == NULL && !is_number(d->campaign_named))
		return false; /* a time, perhaps */
	*out = d->campaign != NULL ? say_state(c, d->campaign) : say_none(c);
	return true;
}

/* ---- asking ---- */

/* "LL10, LL20", as many as three. */
static struct str offers_of(const struct call *c, const struct campaign *k)
{
	struct str s = STR("");

	for (size_t i = 0; i < k->n_offers && i < 3; i++)
		s = arena_printf(c->q->arena, "%.*s%s%.*s%s", STR_ARG(s),
		                 i > 0 ? ", " : "", STR_ARG(k->offer[i]),
		                 i == 2 && k->n_offers > 3 ? " ..." : "");
	return s;
}

static struct str sample_of(const struct campaign *k, enum language l)
{
	if (k->n_arms == 0)
		return STR("");
	return k->arm[0].text[k->arm[0].text[l].n > 0 ? l : LANG_ZH_HANS];
}

void hall_ask_approval(const struct hall *h, const struct hall_question *q,
                       const struct campaign_row *row, const struct campaign *k,
                       struct str out[HALL_ASKED])
{
	const struct call c = { .hall = h,
		                .q = q,
		                .language = hall_language(h, q->who, STR(""), NULL) };
	struct reply_values v = { .item = row->code,
		                  .next = call_number(&c, row->id),
		                  .title = k->title,
		                  .who = row->submitted_by,
		                  .passcode = row->approval,
		                  .report = sample_of(k, c.language) };

	if (k->n_offers > 0)
		v.offers = offers_of(&c, k);
	if (k->until > 0) {
		v.day = call_date(&c, k->from);
		v.last = call_date(&c, k->until - 1);
	}
	if (k->most > 0)
		v.sent = call_number(&c, k->most);
	out[0] = call_text(&c, REPLY_CAMPAIGN_ASK, &v);
	out[1] = v.report.n > 0 ? call_text(&c, REPLY_CAMPAIGN_SAMPLE, &v) : STR("");
}

/* ---- PZ, BH ---- */

/* Who has submitted it learns what became of it. */
static bool tell_who_asked(const struct call *c, const struct push_manager *by,
                           enum campaign_state state, struct str reason)
{
	const struct push_rules *r = c->q->push;
	const struct campaign_row *row = &c->q->who->campaign->row;
	struct reply_values v = named(c, row);

	v.state = state_text(c, state);
	v.who = by->name;
	if (reason.n > 0)
		v.reason = reason;
	for (size_t i = 0; i < r->n_managers; i++)
		if (campaign_is_same(r->manager[i].name, row->submitted_by) &&
		    r->manager[i].msisdn != c->q->who->msisdn) {
			changes_add(
				c->q->changes, notices,
				(struct notice){
					.msisdn = r->manager[i].msisdn,
					.inbox = c->q->id,
					.text = call_text(c, REPLY_CAMPAIGN_RULED, &v) });
			return true;
		}
	return false;
}

/* state, approval: what comes of it. */
static void rule_as(const struct call *c, const struct push_manager *by,
                    enum campaign_deed deed, enum campaign_state state,
                    struct str approval, struct str note)
{
	const struct campaign_row *r = &c->q->who->campaign->row;

	changes_add(c->q->changes, rulings,
	            (struct campaign_ruling){ .step = { .campaign = r->id,
	                                                .at = c->q->now,
	                                                .deed = deed,
	                                                .state = state,
	                                                .by = by->name,
	                                                .hash = r->hash,
	                                                .note = note },
	                                      .approval = approval });
}

static void rule(const struct call *c, const struct push_manager *by,
                 enum campaign_state state, struct str approval, struct str note)
{
	rule_as(c, by, CAMPAIGN_DEED_APPROVE, state, approval, note);
}

static struct hall_answer wrong(const struct call *c, const struct push_manager *by)
{
	const struct campaign_view *w = c->q->who->campaign;
	const int64_t left = APPROVAL_WRONG - 1 - w->tried;
	struct reply_values v = named(c, &w->row);

	rule(c, by, CAMPAIGN_SUBMITTED, left > 0 ? w->row.approval : STR(""),
	     left > 0 ? STR("by SMS: wrong code")
	              : STR("by SMS: wrong code, the last: it holds no more"));
	if (left <= 0)
		return call_say(c, "refused.ended", REPLY_CAMPAIGN_ENDED, &v);
	v.count = call_number(c, left);
	return call_say(c, "refused.code", REPLY_CAMPAIGN_WRONG, &v);
}

static struct hall_answer decide(const struct call *c, const struct push_manager *by,
                                 struct str code)
{
	const struct campaign_row *r = &c->q->who->campaign->row;
	struct reply_values v = named(c, r);
	enum campaign_state to;

	if (!campaign_may(r->state, CAMPAIGN_DEED_APPROVE, &to))
		return call_say(c, "refused.state", REPLY_CAMPAIGN_NOT_NOW, &v);
	if (!campaign_may_approve(r, by->name))
		return call_say(c, "refused.own", REPLY_CAMPAIGN_OWN, &v);
	if (r->approval.n == 0)
		return call_say(c, "refused.ended", REPLY_CAMPAIGN_ENDED, &v);
	if (!str_eq(r->approval, code))
		return wrong(c, by);
	rule(c, by, to, STR(""), STR("by SMS"));
	(void)tell_who_asked(c, by, to, STR(""));
	v.state = state_text(c, to);
	return call_say(c, CALL_DONE, REPLY_CAMPAIGN_OK, &v);
}

static struct hall_answer answer(const struct call *c)
{
	const struct push_manager *by = manager_of(c->q);
	const struct grammar_slot *code = call_named(c, "approval");

	if (by == NULL || !by->approves)
		return unknown_answer(c);
	if (c->q->who->campaign == NULL)
		return say_none(c);
	return decide(c, by, code != NULL ? code->text : STR(""));
}

const struct service service_campaign_approve = {
	.intent = "campaign.approve",
	.access = ACCESS_FREE,
	.needs = NEED_CAMPAIGN,
	.label = REPLY_LABEL_CAMPAIGN,
	.answer = answer,
};

static struct hall_answer reject(const struct call *c, const struct push_manager *by,
                                 struct str reason)
{
	const struct campaign_row *r = &c->q->who->campaign->row;
	struct reply_values v = named(c, r);
	enum campaign_state to;

	if (r->state != CAMPAIGN_SUBMITTED ||
	    !campaign_may(r->state, CAMPAIGN_DEED_REJECT, &to))
		return call_say(c, "refused.state", REPLY_CAMPAIGN_NOT_NOW, &v);
	rule_as(c, by, CAMPAIGN_DEED_REJECT, to, STR(""),
	        reason.n > 0 ? reason : STR("by SMS, without a reason"));
	if (tell_who_asked(c, by, to, reason))
		v.who = r->submitted_by;
	return call_say(c, CALL_DONE, REPLY_CAMPAIGN_REJECTED, &v);
}

static struct hall_answer answer_reject(const struct call *c)
{
	const struct push_manager *by = manager_of(c->q);
	const struct grammar_slot *text = call_named(c, "text");

	if (by == NULL || !by->approves)
		return unknown_answer(c);
	if (c->q->who->campaign == NULL)
		return say_none(c);
	return reject(c, by, text != NULL ? str_trim(text->text) : STR(""));
}

const struct service service_campaign_reject = {
	.intent = "campaign.reject",
	.access = ACCESS_FREE,
	.needs = NEED_CAMPAIGN,
	.label = REPLY_LABEL_CAMPAIGN_REJECT,
	.answer = answer_reject,
};
