/*
 * rules.c - what a subscriber may open: who may, what goes together, what he can pay.
 */
#include "hall_priv.h"
#include "model/group.h"
#include "model/money.h"

struct terms call_rules(const struct call *c, struct str code)
{
	return terms_of(c->hall->conf.terms, code);
}

const struct subscription *call_holding(const struct call *c, struct str code)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_held; i++)
		if (str_eq(d->held[i].package, code) &&
		    (d->held[i].until == 0 || d->held[i].until >= c->q->now))
			return &d->held[i];
	return NULL;
}

/* Services held, and the main package. */
static bool has(const struct call *c, struct str code)
{
	return call_holding(c, code) != NULL || str_eq(c->q->who->sub.package, code);
}

/* Whether one of the two excludes the other. */
static bool call_clash(const struct call *c, struct str code, struct str other)
{
	const struct terms own = call_rules(c, code), its = call_rules(c, other);

	return !str_eq(code, other) &&
	       (terms_name(&own.excludes, other) || terms_name(&its.excludes, code));
}

/* What is held that excludes the code, or that it excludes; "" when nothing. */
static struct str in_the_way(const struct call *c, struct str code, struct str instead)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i <= d->n_held; i++) {
		const struct str held = i < d->n_held ? d->held[i].package
		                                      : d->sub.package;

		if (has(c, held) && !str_eq(held, instead) && call_clash(c, code, held))
			return held;
	}
	return STR("");
}

bool call_compatible(const struct call *c, struct str code, struct str instead,
                     bool *needed, struct str *other)
{
	const struct terms own = call_rules(c, code);

	*needed = true;
	for (size_t i = 0; i < own.needs.n; i++) {
		*other = own.needs.code[i];
		if (!has(c, *other) || str_eq(*other, instead))
			return false;
	}
	*needed = false;
	*other = in_the_way(c, code, instead);
	return other->n == 0;
}

struct str call_dependent(const struct call *c, struct str code)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_held; i++) {
		const struct str held = d->held[i].package;
		const struct terms rules = call_rules(c, held);

		if (terms_name(&rules.needs, code) && call_holding(c, held) != NULL)
			return held;
	}
	return STR("");
}

const struct order *call_pending_package(const struct call *c)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_orders; i++)
		if (d->order[i].state == ORDER_ACCEPTED &&
		    str_eq(d->order[i].kind, STR("package.change")))
			return &d->order[i];
	return NULL;
}

static struct terms_who who_of(const struct call *c)
{
	const struct dossier *d = c->q->who;
	struct str *group = arena_array(c->q->arena, struct str, d->n_places + 1);

	for (size_t i = 0; i < d->n_places; i++)
		group[i] = d->place[i].of.code;
	return (struct terms_who){ network_generation(d->sub.network),
		                   d->sub.class,
		                   d->sub.region,
		                   group,
		                   d->n_places,
		                   call_owes(c),
		                   d->has_account ? d->account.credit_fen : 0 };
}

bool call_eligible(const struct call *c, const struct package *p, struct hall_answer *why)
{
	static const struct {
		const char *outcome;
		enum reply_id reply[CLASS_BUSINESS + 1]; /* by the package's class */
	} says[] = {
		[TERMS_NETWORK] = { "refused.network",
		                    { REPLY_RULES_NETWORK, REPLY_RULES_NETWORK } },
		[TERMS_CLASS] = { "refused.class",
		                  { REPLY_RULES_PERSONAL, REPLY_RULES_BUSINESS } },
		[TERMS_REGION] = { "refused.region",
		                   { REPLY_RULES_REGION, REPLY_RULES_REGION } },
		[TERMS_GROUP] = { "refused.group",
		                  { REPLY_RULES_GROUP, REPLY_RULES_GROUP } },
		[TERMS_CREDIT] = { "refused.credit",
		                   { REPLY_RULES_CREDIT, REPLY_RULES_CREDIT } },
	};
	const struct terms rules = call_rules(c, p->code);
	const struct terms_who who = who_of(c);
	const enum terms_bar bar = terms_bar(&rules, &who);
	struct reply_values v = {
		.package = call_package(c, p->code),
		.item = bar == TERMS_REGION
		                ? call_join(c, rules.regions.code, rules.regions.n)
		                : rules.network,
	};

	if (bar == TERMS_FIT)
		return true;
	if (bar == TERMS_CREDIT && rules.credit_fen > 0)
		v.amount = money_short(c->q->arena, rules.credit_fen);
	*why = call_say(c, says[bar].outcome, says[bar].reply[rules.class], &v);
	return false;
}

bool call_owes(const struct call *c)
{
	const struct dossier *d = c->q->who;

	return d->sub.status == SUB_ARREARS1 || d->sub.status == SUB_ARREARS2 ||
	       (d->has_account && d->account.balance_fen < 0);
}

bool call_covers(const struct call *c, int64_t fen)
{
	const struct dossier *d = c->q->who;

	return fen <= 0 ||
	       (d->has_account && d->account.balance_fen + d->account.credit_fen >= fen);
}

int64_t call_next_month(const struct call *c)
{
	const month_t next = civil_month(c->q->now) + 1;

	return civil_to_utc((struct civil){
		.year = month_year(next), .month = month_of_year(next), .day = 1 });
}

int64_t call_day_end(const struct call *c, int days)
{
	struct civil t = civil_of(c->q->now);

	t.day += days + 1;
	t.hour = t.minute = t.second = 0;
	return civil_to_utc(t) - 1;
}

/* ---- all of it ---- */

static struct hall_answer refuse_arrears(const struct call *c)
{
	const struct dossier *d = c->q->who;
	struct reply_values v = { 0 };

	if (d->has_account && d->account.balance_fen < 0)
		v.due = money_text(c->q->arena, -d->account.balance_fen);
	return call_say(c, "refused.arrears", REPLY_OPEN_ARREARS, &v);
}

bool call_settled(const struct call *c, struct hall_answer *why)
{
	if (!call_owes(c))
		return true;
	*why = refuse_arrears(c);
	return false;
}

static struct hall_answer refuse_rules(const struct call *c, struct str code, bool needed,
                                       struct str other)
{
	struct reply_values v = { .package = call_package(c, code) };

	v.item = call_package(c, other);
	v.code = call_code(c, needed ? "service.open" : "service.cancel", other);
	return call_say(c, "refused.rules",
	                needed ? REPLY_OPEN_NEEDS : REPLY_OPEN_EXCLUDED, &v);
}

/* Beside the main package of next month too, when its change is accepted. */
static bool goes_together(const struct call *c, struct str code, struct hall_answer *why)
{
	const struct order *next = call_pending_package(c);
	struct reply_values v = { .package = call_package(c, code) };
	struct str other;
	bool needed;

	if (!call_compatible(c, code, STR(""), &needed, &other)) {
		*why = refuse_rules(c, code, needed, other);
		return false;
	}
	if (next == NULL || !call_clash(c, code, next->package))
		return true;
	v.item = call_package(c, next->package);
	v.order = call_order_number(c, next);
	*why = call_say(c, "refused.rules", REPLY_RULES_PENDING, &v);
	return false;
}

bool call_may_use(const struct call *c, const struct package *p, struct hall_answer *why)
{
	return call_eligible(c, p, why) && goes_together(c, p->code, why) &&
	       call_settled(c, why);
}
