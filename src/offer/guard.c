/*
 * guard.c - what must hold before a package is pushed, one function each.
 *
 * Shares are compared by products, so that no rounding decides.
 */
#include "offer/match.h"

enum {
	BP = 10000
};

const char *guard_name(enum guard g)
{
	static const char *const names[GUARDS] = {
#define X(constant, name) [GUARD_##constant] = (name),
		GUARD_LIST(X)
#undef X
	};

	return g < GUARDS ? names[g] : NULL;
}

static int64_t above_zero(int64_t v)
{
	return v > 0 ? v : 0;
}

static bool eligible(const struct policy *p, const struct guard_case *c)
{
	(void)p;
	return c->allowed;
}

static bool stage(const struct policy *p, const struct guard_case *c)
{
	const struct stage_limits *l = &p->stage[c->stage];

	return c->fee_step_li > 0 ? l->up != 0 : l->down != 0;
}

/* A lower bill: not too low.  A dearer one: not by much, and only where it is needed. */
static bool depth(const struct policy *p, const struct guard_case *c)
{
	if (c->saving_li >= 0)
		return c->saving_li * BP <= c->present_li * p->stage[c->stage].depth_bp;
	return c->used_bp >= p->binding_bp &&
	       -c->saving_li * BP <= c->present_li * p->up_bp;
}

static bool margin(const struct policy *p, const struct guard_case *c)
{
	const int64_t given = c->present_margin_li - c->margin_li;

	return c->margin_li * BP >= c->bill_li * p->stage[c->stage].margin_bp &&
	       given * BP <= above_zero(c->present_margin_li) * p->give_bp;
}

static bool regret(const struct policy *p, const struct guard_case *c)
{
	return (int64_t)c->months_better * BP >= (int64_t)c->months * p->regret_bp;
}

static bool shock(const struct policy *p, const struct guard_case *c)
{
	return c->worst_li <= p->shock_li;
}

static bool material(const struct policy *p, const struct guard_case *c)
{
	return c->saving_li >= p->material_li * c->weight &&
	       c->saving_li * BP >= c->present_li * p->material_bp;
}

static bool stable(const struct policy *p, const struct guard_case *c)
{
	return !c->cooling && !c->bound && (!c->estimated || p->thin_push != 0) &&
	       c->months_since_change >= p->still_months &&
	       c->months >= (unsigned)p->months_least;
}

static bool (*const passes[GUARDS])(const struct policy *p,
                                    const struct guard_case *c) = {
	[GUARD_ELIGIBLE] = eligible, [GUARD_STAGE] = stage,   [GUARD_DEPTH] = depth,
	[GUARD_MARGIN] = margin,     [GUARD_REGRET] = regret, [GUARD_SHOCK] = shock,
	[GUARD_MATERIAL] = material, [GUARD_STABLE] = stable,
};

unsigned guards_failed(const struct policy *policy, const struct guard_case *c)
{
	unsigned failed = 0;

	for (unsigned g = 0; g < GUARDS; g++)
		if (!passes[g](policy, c))
			failed |= 1U << g;
	return failed;
}
