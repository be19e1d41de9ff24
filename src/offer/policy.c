/*
 * policy.c - the file of limits; see offer/policy.h.
 */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

#include "model/money.h"
#include "offer/policy.h"

enum {
	BP = 10000,
	WEIGHTS_MOST = 64,
	KIB_OF_GB = 1024 * 1024
};

const char *stage_name(enum stage s)
{
	static const char *const names[STAGES] = {
#define X(constant, name) [STAGE_##constant] = (name),
		STAGE_LIST(X)
#undef X
	};

	return s < STAGES ? names[s] : NULL;
}

int64_t policy_cost_units(enum tariff_dim d)
{
	return d == DIM_DATA ? KIB_OF_GB : 1;
}

enum err stages_parse(struct str text, int64_t out[STAGES])
{
	struct str part, name;

	while (text.n > 0 && str_cut(&text, ',', &part)) {
		enum stage s = 0;
		int64_t n;

		if (!str_cut(&part, '=', &name) ||
		    str_i64(str_trim(part), &n) != ERR_OK || n < 0)
			return ERR_SYNTAX;
		while (s < STAGES && !str_eq(str_trim(name), str_of(stage_name(s))))
			s++;
		if (s == STAGES)
			return ERR_SYNTAX;
		out[s] = n;
	}
	return ERR_OK;
}

struct policy policy_defaults(void)
{
	return (struct policy){
		.weight = { 1, 1, 1, 2, 2, 3 },
		.stage = { [STAGE_SILENT] = { 1, 0, 4000, 0 },
		           [STAGE_AT_RISK] = { 1, 0, 3500, 1500 },
		           [STAGE_NEW] = { 0, 0, 500, 4000 },
		           [STAGE_ENDING] = { 1, 1, 2500, 2500 },
		           [STAGE_DECLINING] = { 1, 0, 2500, 2500 },
		           [STAGE_GROWING] = { 0, 1, 1500, 3500 },
		           [STAGE_MATURE] = { 0, 1, 1000, 3500 } },
		.up_bp = 1000,
		.binding_bp = 9000,
		.give_bp = 3000,
		.regret_bp = 8000,
		.shock_li = 10000,
		.material_li = 5000,
		.material_bp = 500,
		.still_months = 6,
		.again_days = 30,
		.months_least = 3,
		.thin_people = 30,
		.asked_li = 1000,
		.insured_months = 3,
		.horizon = 12,
		.accept_bp = 500,
		.leave_bp = 600,
		.leave_accept_bp = 400,
		.leave_refuse_bp = 1000,
		.text_li = 80,
		.fatigue_li = 100,
		.segments = 2,
		.believed = 100,
		.explore_bp = 1000,
		.services = { [STAGE_SILENT] = SERVICES_TRIALS,
		              [STAGE_NEW] = SERVICES_TRIALS,
		              [STAGE_ENDING] = SERVICES_ALL,
		              [STAGE_DECLINING] = SERVICES_ALL,
		              [STAGE_GROWING] = SERVICES_ALL,
		              [STAGE_MATURE] = SERVICES_ALL },
		.support = 500,
		.lift_bp = 12000,
		.service_bp = 300,
		.trial_bp = 1000,
		.trial_kept_bp = 3000,
		.service_leave_accept_bp = 600,
		.service_leave_refuse_bp = 600,
		.cost_li_per = { 5, 1, 800 },
		.stimulated_bp = 1500,
		.trend_up_bp = 1500,
		.trend_down_bp = 2500,
		.new_months = 3,
		.ending_days = 60,
		.silent_months = 2,
	};
}

/* ---- the file ---- */

enum unit {
	SHARE,  /* per cent, two decimals: bp */
	YUAN,   /* three decimals: li */
	WEIGHT, /* three decimals */
	COUNT,
	YES_NO,
	SERVICES
};

/* Values that are words, from 0 up. */
static const struct {
	const char *word[3], *expected;
} words[] = {
	[YES_NO] = { { "no", "yes" }, "expected yes or no" },
	[SERVICES] = { { "no", "trials", "yes" }, "expected no, trials or yes" },
};

static const int decimals[] = { [SHARE] = 2, [YUAN] = 3, [WEIGHT] = 3, [COUNT] = 0 };

struct limit {
	const char *group, *name;
	enum unit unit;
	size_t at;
	int64_t min, max; /* in the unit of the member */
};

#define AT(member) offsetof(struct policy, member)

static const struct limit limits[] = {
	{ "guard", "up", SHARE, AT(up_bp), 0, BP },
	{ "guard", "binding", SHARE, AT(binding_bp), 0, BP },
	{ "guard", "give", SHARE, AT(give_bp), 0, BP },
	{ "guard", "regret", SHARE, AT(regret_bp), 0, BP },
	{ "guard", "shock", YUAN, AT(shock_li), 0, 1000000 },
	{ "guard", "material", YUAN, AT(material_li), -1000000, 1000000 },
	{ "guard", "material_share", SHARE, AT(material_bp), -BP, BP },
	{ "guard", "still_months", COUNT, AT(still_months), 0, 120 },
	{ "guard", "again_days", COUNT, AT(again_days), 0, 366 },
	{ "guard", "months_least", COUNT, AT(months_least), 1, USAGE_MONTHS },
	{ "guard", "thin_people", COUNT, AT(thin_people), 0, 1000000 },
	{ "guard", "thin_push", YES_NO, AT(thin_push), 0, 1 },
	{ "service", "asked", YUAN, AT(asked_li), 0, 1000000 },
	{ "service", "insured_months", COUNT, AT(insured_months), 0, 6 },
	{ "value", "horizon", COUNT, AT(horizon), 1, 60 },
	{ "value", "accept", SHARE, AT(accept_bp), 0, BP },
	{ "value", "accept_saving", WEIGHT, AT(accept.saving), -100000, 100000 },
	{ "value", "accept_depth", WEIGHT, AT(accept.depth), -100000, 100000 },
	{ "value", "accept_refused", WEIGHT, AT(accept.refusal), -100000, 100000 },
	{ "value", "leave", SHARE, AT(leave_bp), 0, BP },
	{ "value", "leave_accept", SHARE, AT(leave_accept_bp), 0, BP },
	{ "value", "leave_refuse", SHARE, AT(leave_refuse_bp), 0, BP },
	{ "value", "text", YUAN, AT(text_li), 0, 1000000 },
	{ "value", "fatigue", YUAN, AT(fatigue_li), 0, 1000000 },
	{ "value", "segments", COUNT, AT(segments), 1, 10 },
	{ "value", "believed", COUNT, AT(believed), 2, 1000000 },
	{ "value", "explore", SHARE, AT(explore_bp), 0, BP },
	{ "cross", "support", COUNT, AT(support), 1, 1000000000 },
	{ "cross", "lift", SHARE, AT(lift_bp), 0, INT64_C(100) * BP },
	{ "cross", "accept", SHARE, AT(service_bp), 0, BP },
	{ "cross", "accept_trial", SHARE, AT(trial_bp), 0, BP },
	{ "cross", "trial_kept", SHARE, AT(trial_kept_bp), 0, BP },
	{ "cross", "leave_accept", SHARE, AT(service_leave_accept_bp), 0, BP },
	{ "cross", "leave_refuse", SHARE, AT(service_leave_refuse_bp), 0, BP },
	{ "cost", "minute", YUAN, AT(cost_li_per[DIM_VOICE]), 0, 1000000 },
	{ "cost", "text", YUAN, AT(cost_li_per[DIM_SMS]), 0, 1000000 },
	{ "cost", "gb", YUAN, AT(cost_li_per[DIM_DATA]), 0, 1000000 },
	{ "cost", "stimulated", SHARE, AT(stimulated_bp), 0, INT64_C(10) * BP },
	{ "sign", "growing", SHARE, AT(trend_up_bp), 0, INT64_C(10) * BP },
	{ "sign", "declining", SHARE, AT(trend_down_bp), 0, BP },
	{ "sign", "new_months", COUNT, AT(new_months), 0, 120 },
	{ "sign", "ending_days", COUNT, AT(ending_days), 0, 3660 },
	{ "sign", "silent_months", COUNT, AT(silent_months), 1, USAGE_MONTHS },
#define X(constant, name)                                                              \
	{ name, "down", YES_NO, AT(stage[STAGE_##constant].down), 0, 1 },              \
		{ name, "up", YES_NO, AT(stage[STAGE_##constant].up), 0, 1 },          \
		{ name, "services", SERVICES, AT(services[STAGE_##constant]), 0, 2 },  \
		{ name, "depth", SHARE, AT(stage[STAGE_##constant].depth_bp), 0, BP }, \
		{ name, "margin", SHARE, AT(stage[STAGE_##constant].margin_bp), -BP, BP },
	STAGE_LIST(X)
#undef X
};

enum {
	N_LIMITS = sizeof(limits) / sizeof(limits[0])
};

struct reading {
	const char *path;
	const struct policy_text *text;
	struct fault *fault;
};

static enum err complain(const struct reading *r, enum err e, const char *what)
{
	fault_set(r->fault, "%s:%d: %.*s = \"%.*s\": %s", r->path, r->text->line,
	          STR_ARG(r->text->name), STR_ARG(r->text->text), what);
	return e;
}

static enum err range(const struct reading *r, const struct limit *l)
{
	char text[128];
	const int scale = l->unit == SHARE ? 100 : l->unit == COUNT ? 1 : 1000;
	const char *unit = l->unit == SHARE ? " %" : l->unit == YUAN ? " yuan" : "";

	(void)snprintf(text, sizeof(text), "expected %" PRId64 " to %" PRId64 "%s",
	               l->min / scale, l->max / scale, unit);
	return complain(r, ERR_RANGE, text);
}

static enum err put_word(const struct reading *r, const struct limit *l, int32_t *out)
{
	const struct str text = str_trim(r->text->text);

	for (int32_t i = 0; i <= l->max; i++) {
		if (!str_eq(text, str_of(words[l->unit].word[i])))
			continue;
		*out = i;
		return ERR_OK;
	}
	return complain(r, ERR_SYNTAX, words[l->unit].expected);
}

static enum err put_limit(const struct reading *r, const struct limit *l, int32_t *out)
{
	const struct str text = str_trim(r->text->text);
	int64_t v;

	if (l->unit == YES_NO || l->unit == SERVICES)
		return put_word(r, l, out);
	if (money_parse(text, decimals[l->unit], &v) != ERR_OK)
		return complain(r, ERR_SYNTAX,
		                l->unit == COUNT
		                        ? "expected a whole number"
		                        : "expected a number such as 10 or 0.05");
	if (v < l->min || v > l->max)
		return range(r, l);
	*out = (int32_t)v;
	return ERR_OK;
}

static enum err put_weights(const struct reading *r, int32_t weight[USAGE_MONTHS])
{
	struct str rest = r->text->text, part;
	int64_t w, sum = 0;
	size_t n = 0;

	for (; str_cut(&rest, ',', &part); n++) {
		if (n == USAGE_MONTHS || str_i64(str_trim(part), &w) != ERR_OK || w < 0 ||
		    w > WEIGHTS_MOST)
			return complain(r, ERR_SYNTAX,
			                "expected six whole numbers from 0, the oldest "
			                "month first: 1,1,1,2,2,3");
		weight[n] = (int32_t)w;
		sum += w;
	}
	if (n < USAGE_MONTHS || sum < 1 || sum > WEIGHTS_MOST)
		return complain(r, ERR_RANGE, "expected six weights, together 1 to 64");
	return ERR_OK;
}

static const struct limit *find(struct str group, struct str name)
{
	for (size_t i = 0; i < N_LIMITS; i++)
		if (str_eq(group, str_of(limits[i].group)) &&
		    str_eq(name, str_of(limits[i].name)))
			return &limits[i];
	return NULL;
}

enum err policy_parse(const char *path, const struct policy_text *text, size_t n,
                      struct policy *out, struct fault *fault)
{
	struct policy p = *out;
	enum err e = ERR_OK;

	for (size_t i = 0; i < n && e == ERR_OK; i++) {
		const struct reading r = { path, &text[i], fault };
		struct str name = text[i].name, group;
		const struct limit *l;

		if (str_eq(name, STR("months.weights"))) {
			e = put_weights(&r, p.weight);
			continue;
		}
		(void)str_cut(&name, '.', &group);
		l = find(group, name);
		e = l != NULL ? put_limit(&r, l, (int32_t *)(void *)((char *)&p + l->at))
		              : complain(&r, ERR_SYNTAX, "there is no such limit");
	}
	if (e == ERR_OK)
		*out = p;
	return e;
}
