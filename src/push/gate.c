/*
 * gate.c - see push/gate.h.  A reason is a predicate; the table asks them in its order.
 */
#include "push/gate.h"
#include "push/hours.h"

enum {
	DAY_S = 86400
};

static bool sells(const struct gate_case *c)
{
	return campaign_kind_sells(c->campaign->kind);
}

/* ---- the number and its owner ---- */

static bool none(const struct gate_case *c)
{
	(void)c;
	return false;
}

static bool is_gone(const struct gate_case *c)
{
	return !c->who->known || c->who->sub.owner_since != c->owner_since;
}

static bool on_blacklist(const struct gate_case *c)
{
	return c->who->suppressed;
}

/* Who owes gets notices, no offers; the others can be reached by neither. */
static bool bad_status(const struct gate_case *c)
{
	const enum sub_status s = c->who->sub.status;

	return s != SUB_ACTIVE && (s != SUB_ARREARS1 || sells(c));
}

/* ---- what he said ---- */

static bool has_opted_out(const struct gate_case *c)
{
	return c->who->opted_out;
}

/* The newest word on marketing counts; a refusal by text is opted_out. */
static bool lacks_consent(const struct gate_case *c)
{
	if (!c->rules->express)
		return false;
	for (size_t i = 0; i < c->who->n_consents; i++)
		if (str_eq(c->who->consent[i].subject, STR("marketing")))
			return !c->who->consent[i].given;
	return true;
}

static bool complained(const struct gate_case *c)
{
	const int64_t since = c->now - (int64_t)c->rules->quiet_days * DAY_S;

	for (size_t i = 0; i < c->who->n_complaints; i++)
		if (c->who->complaint[i].state != COMPLAINT_CLOSED ||
		    c->who->complaint[i].at > since)
			return true;
	return false;
}

static bool is_unwanted(const struct gate_case *c)
{
	const struct preference *p = c->who->preference;

	return p != NULL && (p->off >> c->campaign->category & 1U) != 0;
}

/* ---- time ---- */

static bool is_over(const struct gate_case *c)
{
	return c->now >= c->campaign->until;
}

/* His own hours are of marketing; without a word of him those of notices hold. */
static struct hours hours_of(const struct gate_case *c)
{
	const struct push_rules *r = c->rules;
	const struct preference *p = c->who->preference;
	const bool any_day = !sells(c) || c->campaign->holidays;
	struct hours h = { .from_min = r->from_min,
		           .to_min = r->to_min,
		           .until = c->campaign->until,
		           .holiday = r->holiday,
		           .n_holidays = any_day ? 0 : r->n_holidays };

	h = hours_within(h, c->campaign->from_min, c->campaign->to_min);
	h = hours_within(h, NOTICE_FROM_HOUR * HOUR_MINUTES,
	                 NOTICE_TO_HOUR * HOUR_MINUTES);
	if (sells(c) && p != NULL && p->to_hour != 0)
		h = hours_within(h, p->from_hour * HOUR_MINUTES,
		                 p->to_hour * HOUR_MINUTES);
	return h;
}

static int64_t earliest(const struct gate_case *c)
{
	return c->now > c->campaign->from ? c->now : c->campaign->from;
}

int64_t gate_opens(const struct gate_case *c)
{
	const struct hours h = hours_of(c);
	const struct hours_zones z = hours_zones(c->rules, c->who->sub.region);

	return hours_open(&h, &z, earliest(c));
}

int64_t gate_opens_anywhere(const struct gate_case *c)
{
	const struct hours h = hours_of(c);

	return hours_open_anywhere(&h, c->rules, earliest(c));
}

int64_t gate_closes(const struct gate_case *c)
{
	const struct hours h = hours_of(c);
	const struct hours_zones z = hours_zones(c->rules, c->who->sub.region);

	return hours_close(&h, &z, c->now);
}

static bool out_of_hours(const struct gate_case *c)
{
	return gate_opens(c) > c->now;
}

/* ---- how often ---- */

/* Of what sells, whoever sent it: a notice of service takes nobody's place. */
static int64_t pushes_since(const struct gate_case *c, int64_t since)
{
	int64_t n = 0;

	for (size_t i = 0; i < c->who->n_pushes; i++)
		n += c->who->push[i].at > since && !c->who->push[i].service ? 1 : 0;
	return n;
}

/* Whoever set anything aside, kinds or hours, has asked for less. */
static bool wants_fewer(const struct dossier *d)
{
	return d->preference != NULL &&
	       (d->preference->off != 0 || d->preference->to_hour != 0);
}

static bool is_capped(const struct gate_case *c)
{
	const struct push_rules *r = c->rules;
	const unsigned cap = wants_fewer(c->who) ? r->cap_fewer : r->cap;

	return pushes_since(c, c->now - (int64_t)r->cap_days * DAY_S) >= cap;
}

/* Having tried it, he may be asked once whether it stays. */
static int64_t tried_at(const struct gate_case *c)
{
	const struct dossier *d = c->who;
	int64_t at = INT64_MIN;

	for (size_t i = 0; i < d->n_held; i++)
		if (d->held[i].trial && d->held[i].since > at &&
		    str_eq(d->held[i].package, c->offer))
			at = d->held[i].since;
	return at;
}

/* Who told another system no is left alone with it for as long as that is known. */
static bool is_again(const struct gate_case *c)
{
	const int64_t tried = tried_at(c);
	const int64_t since = c->now - (int64_t)c->rules->again_days * DAY_S;

	for (size_t i = 0; i < c->who->n_pushes && c->offer.n > 0; i++) {
		const struct push *p = &c->who->push[i];

		if ((p->at > since || p->refused) && p->at > tried &&
		    str_eq(p->offer, c->offer))
			return true;
	}
	return false;
}

static bool is_outranked(const struct gate_case *c)
{
	return c->better;
}

/* ---- the offer ---- */

/* Who tries a service may be asked to keep it, though not to try it. */
static bool holds_it(const struct gate_case *c)
{
	const bool keeps = c->campaign->kind != CAMPAIGN_KIND_TRIAL;
	const struct dossier *d = c->who;

	if (c->offer.n == 0)
		return false;
	for (size_t i = 0; i < d->n_held; i++)
		if (str_eq(d->held[i].package, c->offer) &&
		    !(keeps && d->held[i].trial) &&
		    (d->held[i].until == 0 || d->held[i].until >= c->now))
			return true;
	return str_eq(d->sub.package, c->offer);
}

static bool is_off_sale(const struct gate_case *c)
{
	return !c->on_sale;
}

static bool out_of_stock(const struct gate_case *c)
{
	return c->stock <= 0;
}

static bool out_of_budget(const struct gate_case *c)
{
	return c->budget_li < c->cost_li;
}

static bool is_too_long(const struct gate_case *c)
{
	return c->segments == 0;
}

/* ---- the table ---- */

static const struct {
	const char *name;
	bool service, later;
	bool (*holds)(const struct gate_case *c);
} reasons[GATE_REASONS] = {
#define PREDICATE_NONE       none
#define PREDICATE_GONE       is_gone
#define PREDICATE_BLACKLIST  on_blacklist
#define PREDICATE_STATUS     bad_status
#define PREDICATE_OPTED_OUT  has_opted_out
#define PREDICATE_NO_CONSENT lacks_consent
#define PREDICATE_COMPLAINT  complained
#define PREDICATE_PREFERENCE is_unwanted
#define PREDICATE_OVER       is_over
#define PREDICATE_HOURS      out_of_hours
#define PREDICATE_CAP        is_capped
#define PREDICATE_AGAIN      is_again
#define PREDICATE_PRIORITY   is_outranked
#define PREDICATE_HELD       holds_it
#define PREDICATE_OFF_SALE   is_off_sale
#define PREDICATE_STOCK      out_of_stock
#define PREDICATE_BUDGET     out_of_budget
#define PREDICATE_TOO_LONG   is_too_long
#define PREDICATE_FAILED     none
#define PREDICATE_GRANT      none
#define X(constant, name, service, later) \
	[GATE_##constant] = { name, service, later, PREDICATE_##constant },
	GATE_LIST(X)
#undef X
};

const char *gate_name(enum gate_reason r)
{
	return r < GATE_REASONS ? reasons[r].name : NULL;
}

bool gate_is_later(enum gate_reason r)
{
	return r < GATE_REASONS && reasons[r].later;
}

unsigned gate_needs(void)
{
	return NEED_CONSENTS | NEED_COMPLAINTS | NEED_PREFERENCE | NEED_PUSHES |
	       NEED_SUBSCRIPTIONS;
}

enum gate_reason gate_ask(const struct gate_case *c)
{
	const bool commercial = sells(c);

	for (unsigned r = GATE_NONE + 1; r < GATE_REASONS; r++)
		if ((commercial || reasons[r].service) && reasons[r].holds(c))
			return (enum gate_reason)r;
	return GATE_NONE;
}
