/*
 * push_target.c - one target of a campaign: through the gate, or why not.
 */
#include "push/arms.h"
#include "push_priv.h"

enum {
	TEXT_MAX = 16384 /* octets, far over what segments hold */
};

/* ---- its trial ---- */

static bool grant(const struct slice *s, const struct target_row *t, struct dossier *who)
{
	struct hall_question q = turn_question(s->t, who, s->now_ms / 1000);

	q.id = 0; /* of no text */
	return hall_grant(s->t->conf.hall, &q, t->offer);
}

/* ---- its text ---- */

/* Its segments, 0: too long; the text lies in the arena. */
static unsigned render(const struct slice *s, const struct target_row *t,
                       const struct dossier *who, struct str *text)
{
	struct turn *turn = s->t;
	const enum language l = compose_language(s->r->text, t->arm, who->sub.language);
	struct str v[PUSH_VARIABLES];
	unsigned n;

	compose_target(&(struct compose_case){ .campaign = &s->r->c,
	                                       .target = t,
	                                       .salt = s->r->salt,
	                                       .package = who->sub.package,
	                                       .language = l,
	                                       .packages = &turn->catalogue,
	                                       .tools = hall_tools(turn->conf.hall),
	                                       .stocks = who->stocks,
	                                       .now = s->now_ms / 1000 },
	               &turn->arena, v);
	buf_reset(&turn->scratch);
	n = compose_render(s->r->text, t->arm, l, v, &turn->scratch);
	*text = n > 0 ? arena_str(&turn->arena, buf_str(&turn->scratch)) : STR("");
	return n;
}

/* ---- its case ---- */

/* Of the same offer, in this slice. */
static int64_t sold_before(const struct slice *s, size_t i)
{
	int64_t n = 0;

	for (size_t k = 0; k < i; k++)
		n += s->target[k].state == TARGET_SENT &&
		     str_eq(s->target[k].offer, s->target[i].offer);
	return n;
}

/* What the campaign may still send of it, and of a flash sale what is left to be had. */
static int64_t stock_of(const struct slice *s, const struct ware *w, size_t i)
{
	const int64_t limit = running_stock(s->r, s->target[i].offer),
		      left = ware_stock(w, s->who[i]->stocks);
	const int64_t may = limit == INT64_MAX ? limit : limit - sold_before(s, i);

	return left < may ? left : may;
}

static struct gate_case case_of(const struct slice *s, size_t i, const struct ware *w,
                                unsigned segments)
{
	const struct push_rules *rules = s->t->conf.push;
	const struct target_row *t = &s->target[i];
	const int64_t stock = stock_of(s, w, i), budget = running_budget(s->r, rules);

	return (struct gate_case){
		.campaign = &s->r->c,
		.rules = rules,
		.who = s->who[i],
		.owner_since = t->owner_since,
		.now = s->now_ms / 1000,
		.better = s->better[i],
		.offer = t->offer,
		.on_sale = ware_on_sale(w, s->now_ms / 1000),
		.stock = stock,
		.budget_li = budget == INT64_MAX
		                     ? budget
		                     : budget - (int64_t)s->segments * rules->segment_li,
		.cost_li = (int64_t)segments * rules->segment_li,
		.segments = segments
	};
}

/* ---- what becomes of it ---- */

static void keep(struct slice *s, struct target_row *t, enum target_state state)
{
	t->state = state;
	t->at = s->now_ms / 1000;
	changes_add(&s->t->changes, targets, *t);
}

static void refuse(struct slice *s, struct target_row *t, enum gate_reason reason)
{
	t->reason = reason;
	s->refused[reason]++;
	keep(s, t, TARGET_REFUSED);
}

/* It stays READY, behind the others. */
static void put_off(struct slice *s, const struct gate_case *c, enum gate_reason reason)
{
	const int64_t at = reason == GATE_HOURS ? gate_opens(c) : c->now;

	s->later++;
	s->later_s = at < s->later_s ? at : s->later_s;
}

/* What others do beside it, in the same transaction. */
static void hand_off(struct slice *s, const struct target_row *t, int64_t until)
{
	struct turn *turn = s->t;
	char token[HANDOFF_TOKEN + 1];

	arms_token(s->r->salt, t->msisdn, token);
	const struct str kept = arena_str(&turn->arena, str_of(token));

	changes_add(
		&turn->changes, handoffs,
		(struct handoff_row){ .id = t->outbox,
	                              .campaign = s->r->id,
	                              .msisdn = t->msisdn,
	                              .owner_since = t->owner_since,
	                              .at = t->at,
	                              .until = until,
	                              .token = kept,
	                              .link = compose_link(&s->r->c, kept, &turn->arena),
	                              .mms = s->r->c.mms });
}

/*
 * Not where more than the message was decided: the trial is his, the MMS has been handed
 * over, or an answer was to be followed that nobody remembers.
 */
static bool may_come_again(const struct campaign *c)
{
	return !c->grant && c->mms.n == 0 && c->n_after == 0;
}

static void send(struct slice *s, struct target_row *t, const struct gate_case *c,
                 const struct package *offer, struct str text)
{
	struct turn *turn = s->t;
	const struct turn_route *route = &turn->routes.route[0];

	t->outbox = turn->ids.message++;
	t->segments = c->segments;
	t->until = t->command.n > 0 ? compose_until(&s->r->c, c->now) : 0;
	if (offer != NULL)
		t->price = package_terms(offer, &turn->arena);
	keep(s, t, TARGET_SENT);
	s->sent++;
	s->segments += c->segments;
	batch_send(turn, &(struct outbox_row){
				 .id = t->outbox,
				 .at_ms = s->now_ms,
				 .state = OUTBOX_SENDING,
				 .group = route->group,
				 .from = route_from(route, s->r->id, &turn->arena),
				 .to = number_address(turn, t->msisdn),
				 .text = text,
				 .receipt = true,
				 .lane = LANE_PUSH,
				 .valid_until = gate_closes(c),
				 .segments = c->segments,
				 .campaign = s->r->id,
				 .sells = campaign_kind_sells(s->r->c.kind),
				 .again = may_come_again(&s->r->c) });
	if (compose_hands(&s->r->c))
		hand_off(s, t, gate_closes(c));
}

void target_give_up(struct slice *s, size_t i)
{
	s->n = 1;
	refuse(s, &s->target[i], GATE_FAILED);
}

void target_decide(struct slice *s, size_t i)
{
	struct target_row *t = &s->target[i];
	struct ware w = { .tool = NULL };
	struct str text = STR("");
	struct gate_case c;
	enum gate_reason reason;
	unsigned segments;

	if (t->arm >= s->r->c.n_arms) {
		refuse(s, t, GATE_FAILED);
		return;
	}
	if (t->offer.n > 0)
		(void)ware_find(s->r->c.kind, t->offer, &s->t->catalogue,
		                hall_tools(s->t->conf.hall), &w);
	segments = s->who[i]->known ? render(s, t, s->who[i], &text) : 0;
	c = case_of(s, i, &w, segments);
	reason = gate_ask(&c);
	if (reason == GATE_NONE && s->r->c.grant && !grant(s, t, s->who[i]))
		reason = GATE_GRANT;
	if (reason == GATE_NONE)
		send(s, t, &c, w.package, text);
	else if (gate_is_later(reason))
		put_off(s, &c, reason);
	else
		refuse(s, t, reason);
}
