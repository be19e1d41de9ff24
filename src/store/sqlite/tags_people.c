/*
 * tags_people.c - what of `known` one walk along the people gives: who he is, his account,
 * use, what he holds, and his stage, which no table has: it is that of people as the
 * matcher sees them.
 */
#include "tags_priv.h"

enum {
	DAY_S = 24 * 3600
};

struct taking {
	const struct catalogue *packages;
	struct arena *arena;
	struct known_slice *slice;
	struct known_now now;
	const struct package *last; /* of the catalogue: neighbours often have the same */
};

static const struct package *package_of(struct taking *g, struct str code)
{
	if (g->last == NULL || !str_eq(g->last->code, code))
		g->last = catalogue_find(g->packages, code);
	return g->last;
}

/* Civil time and stages are dear: a rule must ask for them. */
static bool wants(const struct taking *g, enum known_column c)
{
	return (g->slice->columns >> c & 1) != 0;
}

static void set_package(struct known *k, const struct package *p)
{
	if (p == NULL)
		return;
	known_set(k, KNOWN_fee_fen, p->fee_fen);
	known_set(k, KNOWN_allow_voice_min, p->voice_s / 60);
	known_set(k, KNOWN_allow_sms, p->sms);
	known_set(k, KNOWN_allow_data_mb, p->data_kib / 1024);
}

static int64_t months_since(int64_t from, const struct civil *now)
{
	const struct civil a = civil_of(from);
	const int64_t n = (now->year - a.year) * INT64_C(12) + now->month - a.month -
	                  (now->day < a.day ? 1 : 0);

	return n > 0 ? n : 0;
}

/* What has not happened is 0; what is not known stays NULL. */
static void set_counts(struct known *k)
{
	static const enum known_column counts[] = {
		KNOWN_months,         KNOWN_over_months,    KNOWN_silent_months,
		KNOWN_complaints_90d, KNOWN_complaint_open, KNOWN_texts_90d,
		KNOWN_roaming_90d,    KNOWN_payments_90d,   KNOWN_paid_fen_90d,
		KNOWN_opted_out,      KNOWN_uses_90d
	};
	static const enum known_column lists[] = { KNOWN_ordered_7d, KNOWN_ordered_30d,
		                                   KNOWN_ordered_90d, KNOWN_used_90d,
		                                   KNOWN_interested_90d };

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		known_set(k, counts[i], 0);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		known_set_text(k, lists[i], STR(""));
}

static void set_person(struct taking *g, const struct store_person *p,
                       const struct package *main, struct known *k)
{
	const int64_t days = (g->now.at - p->joined_on) / DAY_S;

	known_set(k, KNOWN_tenure_days, days > 0 ? days : 0);
	if (wants(g, KNOWN_tenure_months))
		known_set(k, KNOWN_tenure_months,
		          months_since(p->joined_on, &g->now.today));
	known_set(k, KNOWN_month_days_left, month_days(g->now.month) - g->now.today.day);
	known_set(k, KNOWN_arrears,
	          p->status == SUB_ARREARS1 || p->status == SUB_ARREARS2);
	known_set_text(k, KNOWN_status, str_of(sub_status_name(p->status)));
	known_set_text(k, KNOWN_language, str_of(language_name(p->language)));
	known_set_text(k, KNOWN_class, str_of(sub_class_name(p->class)));
	known_set_text(k, KNOWN_region, arena_str(g->arena, p->region));
	known_set_text(k, KNOWN_network, arena_str(g->arena, p->network));
	known_set_text(k, KNOWN_package,
	               main != NULL ? main->code : arena_str(g->arena, p->package));
}

static void set_account(const struct store_person *p, struct known *k)
{
	if (!p->has_account)
		return;
	known_set(k, KNOWN_balance_fen, p->balance_fen);
	known_set(k, KNOWN_points, p->points);
}

static void add_addon(struct known_addons *addons, const struct package *p)
{
	if (p == NULL || p->kind != PACKAGE_ADDON)
		return;
	addons->voice_s += p->voice_s;
	addons->data_kib += p->data_kib;
}

/* What is open, the longest contract of it, and what its add-ons give this month. */
static void set_held(struct taking *g, const struct store_person *p, struct known *k,
                     struct known_addons *addons)
{
	const int64_t now = g->now.at;
	int64_t services = 0, contract = 0;

	for (size_t i = 0; i < p->n_held; i++) {
		const struct subscription *h = &p->held[i];
		const int64_t left = (h->contract_until - now + DAY_S - 1) / DAY_S;

		if (h->until != 0 && h->until <= now)
			continue;
		services++;
		contract = left > contract ? left : contract;
		if (h->since <= now)
			add_addon(addons, catalogue_find(g->packages, h->package));
	}
	known_set(k, KNOWN_services, services);
	known_set(k, KNOWN_contract_days, contract);
}

static void set_stage(struct taking *g, const struct store_person *p, struct known *k)
{
	const struct known_slice *s = g->slice;
	const enum stage stage = store_person_stage(p, s->policy, s->now,
	                                            g->now.month - 1);

	known_set_text(k, KNOWN_stage, str_of(stage_name(stage)));
}

static void take(void *ctx, const struct store_person *p)
{
	struct taking *g = ctx;
	struct known_slice *s = g->slice;
	struct known *k = &s->row[s->n++];
	struct known_addons addons = { 0, 0 };
	const struct package *main = package_of(g, p->package);

	*k = (struct known){ .msisdn = p->msisdn, .owner_since = p->owner_since };
	set_counts(k);
	set_person(g, p, main, k);
	set_package(k, main);
	set_account(p, k);
	known_set_usage(k, main, p, &g->now);
	set_held(g, p, k, &addons);
	known_set_month(k, main, p, &addons, &g->now);
	if (wants(g, KNOWN_stage))
		set_stage(g, p, k);
}

static struct known_now now_of(int64_t at)
{
	struct known_now now = { .at = at,
		                 .today = civil_of(at),
		                 .month = civil_month(at) };

	now.month_begins = civil_to_utc((struct civil){
		.year = now.today.year, .month = now.today.month, .day = 1 });
	return now;
}

enum err known_people(struct sql *q, const struct catalogue *packages, struct arena *a,
                      unsigned beside, struct known_slice *s)
{
	struct taking g = {
		.packages = packages, .arena = a, .slice = s, .now = now_of(s->now)
	};
	struct people_walk w = { s->now, INT64_MAX, beside, take, &g };
	int64_t after = s->from;
	enum err e = ERR_OK;

	s->row = arena_array(a, struct known, s->rows);
	s->n = 0;
	if ((uint64_t)s->to_most - (uint64_t)s->from > s->rows)
		e = people_upto(q, s->from, s->rows, &w.upto);
	w.upto = w.upto < s->to_most ? w.upto : s->to_most;
	return e == ERR_OK ? sql_ended(people_walk(q, &w, &after)) : e;
}
