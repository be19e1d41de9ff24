/*
 * lint.c - what is wrong with a grammar although each of its lines is well formed.
 *
 * Codes with sample values and texts made from the templates are really matched:
 * a duplicate, a clash and a rule that nothing reaches all show as a text that
 * does not come out as the intent of its own rule.
 */
#include "build.h"
#include "match_priv.h"

struct lint {
	struct build *b;
	struct grammar_matcher *m;
	struct arena arena; /* reset after each text */
};

static void parse(struct lint *x, struct str text, struct grammar_command *out)
{
	const struct query q = {
		x->b->g,        x->m,      text, { GRAMMAR_NO_CONTEXT, 0 },
		x->b->g->today, &x->arena, NULL
	};

	arena_reset(&x->arena);
	match_query(&q, out);
}

static const char *name_of(const struct grammar_command *c)
{
	return c->intent != NULL ? c->intent->name
	       : c->several      ? "several intents"
	                         : "unknown";
}

/* A code with a sample of each of its slots. */
static struct str code_sample(struct lint *x, const struct rule *r)
{
	struct buf b = buf_make(1024);
	struct str s;

	buf_puts(&b, r->code);
	for (size_t i = 0; i < r->n_params; i++) {
		if (r->param[i].optional && i > 0)
			break;
		buf_putc(&b, '#');
		buf_puts(&b, slot_sample(r->param[i].type, &x->b->g->arena));
	}
	s = arena_str(&x->b->g->arena, buf_str(&b));
	buf_free(&b);
	return s;
}

static void check_code(struct lint *x, const struct rule *r)
{
	const bool bare = r->n_params == 0 || r->param[0].optional;
	struct grammar_command c;

	if (bare) {
		parse(x, r->code, &c);
		if (c.intent != &r->intent->pub)
			complain(x->b, r->line, "E101 code %.*s of %s is taken by %s",
			         STR_ARG(r->code), r->intent->pub.name, name_of(&c));
	}
	if (r->n_params == 0)
		return;
	const struct str sample = code_sample(x, r);
	parse(x, sample, &c);
	if (c.intent != &r->intent->pub)
		complain(x->b, r->line, "E102 \"%.*s\" should be %s but is %s",
		         STR_ARG(sample), r->intent->pub.name, name_of(&c));
}

/* Whether the first slot of r, or all of it, could be the rest of a longer code. */
static bool slot_reads(struct lint *x, const struct rule *r, struct str rest)
{
	struct folded *f = arena_new(&x->arena, struct folded);
	struct grammar_slot s;
	struct take t = { f, rest, 0, rest.n, x->b->g->today, &x->arena, NULL };

	memcpy(f->p, rest.p, rest.n);
	f->n = rest.n;
	if (r->n_params == 0 || r->param[0].type->kind->anything)
		return false;
	/* One octet in front that is no separator: the slot touches the code. */
	f->p[0] = 'X';
	memcpy(f->p + 1, rest.p, rest.n);
	f->n = t.end = rest.n + 1;
	t.i = 1;
	return slot_take(&r->param[0], &t, &s) && slot_at_end(&t);
}

static void check_prefix(struct lint *x, const struct rule *r)
{
	for (size_t i = 0; i < x->b->g->n_rules; i++) {
		const struct rule *o = x->b->g->rule[i];

		if (o->kind != RULE_CODE || o->intent == r->intent ||
		    o->code.n <= r->code.n || !str_starts(o->code, r->code))
			continue;
		arena_reset(&x->arena);
		if (slot_reads(
			    x, r,
			    (struct str){ o->code.p + r->code.n, o->code.n - r->code.n }))
			complain(x->b, o->line,
			         "E103 code %.*s is also %.*s of %s with a value",
			         STR_ARG(o->code), STR_ARG(r->code), r->intent->pub.name);
	}
}

/* A clash that a prefer line settles for the other one. */
static bool settled(const struct grammar *g, const struct rule *r,
                    const struct grammar_command *c)
{
	for (size_t i = 0; i < g->n_prefer; i++) {
		if (&g->prefer[i].winner->pub == c->intent &&
		    g->prefer[i].loser == r->intent)
			return true;
	}
	return false;
}

/* The shortest text made from r that another intent takes; NULL: none. */
static const struct str *witness(struct lint *x, const struct rule *r, size_t *reached)
{
	const struct str *best = NULL;
	struct grammar_command c;

	*reached = 0;
	for (size_t i = 0; i < r->n_samples; i++) {
		const struct str *s = &r->sample[i];

		parse(x, *s, &c);
		if (c.intent == (r->intent != NULL ? &r->intent->pub : NULL) &&
		    (r->intent != NULL || c.several ||
		     (r->n_either == 1 && c.n_suggestions > 0)))
			++*reached;
		else if ((c.intent != NULL || c.several) && !settled(x->b->g, r, &c) &&
		         (best == NULL || s->n < best->n))
			best = s;
	}
	return best;
}

/* Each text made from a template is that intent's, or a word forbids it. */
static void check_template(struct lint *x, const struct rule *r)
{
	struct grammar_command c;
	size_t reached;
	const struct str *s = witness(x, r, &reached);

	if (s != NULL) {
		parse(x, *s, &c);
		complain(x->b, r->line, "E201 \"%.*s\" should be %s but is %s",
		         STR_ARG(*s),
		         r->intent != NULL ? r->intent->pub.name : "asked back",
		         name_of(&c));
	} else if (reached == 0) {
		complain(
			x->b, r->line,
			"E202 no text reaches this template (is a skip word or an unless word "
			"in it?)");
	}
}

/* A charged rule about a matter says itself what else may stand there. */
static void check_fillers(struct lint *x, const struct rule *r)
{
	if (r->about != NULL && !r->about->with &&
	    r->intent->pub.effect == GRAMMAR_CHARGE)
		complain(
			x->b, r->line,
			"E304 an about line of charged intent %s needs \"with\" and its own "
			"lists",
			r->intent->pub.name);
}

static void check_context(struct lint *x, const struct rule *r)
{
	struct grammar_command c;

	for (size_t i = 0; i < r->n_samples; i++) {
		parse(x, r->sample[i], &c);
		if (c.intent == NULL)
			continue;
		if (((const struct intent *)c.intent)->reserved)
			complain(x->b, r->line, "E203 \"%.*s\" is reserved for %s",
			         STR_ARG(r->sample[i]), c.intent->name);
		else if (c.intent->effect == GRAMMAR_CHARGE)
			complain(x->b, r->line,
			         "E204 the answer \"%.*s\" is %s when nothing is open",
			         STR_ARG(r->sample[i]), c.intent->name);
	}
}

static void check_rules(struct lint *x)
{
	for (size_t i = 0; i < x->b->g->n_rules; i++) {
		const struct rule *r = x->b->g->rule[i];

		if (r->kind == RULE_CODE) {
			check_code(x, r);
			check_prefix(x, r);
		} else if (r->kind == RULE_CONTEXT) {
			check_context(x, r);
		} else {
			check_fillers(x, r);
			check_template(x, r);
		}
	}
}

static bool needs_value(const struct full_code *c)
{
	return c->entry == NULL && c->rule->n_params > 0 && !c->rule->param[0].optional;
}

/* One is nothing without a value, the other takes none: no key leads to it. */
static bool told_apart(const struct full_code *a, const struct full_code *b)
{
	return (needs_value(a) && b->rule->n_params == 0) ||
	       (needs_value(b) && a->rule->n_params == 0);
}

/* One wrong key must not lead from a harmless code to a charged one unseen. */
static void check_distance(struct lint *x)
{
	const struct grammar *g = x->b->g;

	for (size_t i = 0; i < g->n_full; i++) {
		for (size_t k = i + 1; k < g->n_full; k++) {
			const struct rule *a = g->full[i].rule, *b = g->full[k].rule;
			const bool fresh = a->fresh || b->fresh;
			unsigned cost;

			if ((a->intent->pub.effect == GRAMMAR_CHARGE) ==
			            (b->intent->pub.effect == GRAMMAR_CHARGE) ||
			    g->full[i].text.n < 3 ||
			    told_apart(&g->full[i], &g->full[k]) ||
			    !suggest_distance(g->full[i].text, g->full[k].text, &cost))
				continue;
			(fresh ? complain : warn)(
				x->b, b->line,
				"%s code %.*s (%s, %s) and %.*s (%s, %s) differ in one key",
				fresh ? "E104" : "W104", STR_ARG(g->full[i].text),
				a->intent->pub.name,
				grammar_effect_name(a->intent->pub.effect),
				STR_ARG(g->full[k].text), b->intent->pub.name,
				grammar_effect_name(b->intent->pub.effect));
		}
	}
}

static void check_intents(struct build *b)
{
	for (size_t i = 0; i < b->g->n_intents; i++) {
		const struct intent *it = b->g->intent[i];

		if (!it->has_rule)
			warn(b, it->line, "W301 intent %s has no code and no template",
			     it->pub.name);
		if (it->pub.effect != GRAMMAR_CHARGE)
			continue;
		if (!it->has_confirm)
			complain(b, it->line,
			         "E301 charged intent %s needs a confirm line",
			         it->pub.name);
		if (!it->has_no)
			complain(b, it->line, "E302 charged intent %s needs a no example",
			         it->pub.name);
		if (it->unless == 0)
			complain(b, it->line,
			         "E303 charged intent %s needs an unless line",
			         it->pub.name);
	}
}

/* Whether a pattern passes PCRE2's limits on the text in m->whole. */
static bool too_slow(struct lint *x, const pcre2_code *re)
{
	const struct folded *f = &x->m->whole;

	return re != NULL && pcre2_match(re, (PCRE2_SPTR)f->p, f->n, 0, 0, x->m->data,
	                                 x->m->limits) < PCRE2_ERROR_PARTIAL;
}

/* Long texts of one piece must not be hard on any template. */
static void check_limits(struct lint *x)
{
	static const char *const pieces[] = { "A", "1", "月", "一 " };
	struct folded *f = &x->m->whole;

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		for (f->n = 0; f->n < 480; f->n += strlen(pieces[i]))
			memcpy(f->p + f->n, pieces[i], strlen(pieces[i]));
		for (size_t k = 0; k < x->b->g->n_rules; k++) {
			const struct rule *r = x->b->g->rule[k];

			if (too_slow(x, r->exact) || too_slow(x, r->loose))
				complain(
					x->b, r->line,
					"E401 the template takes too long on a text of many \"%s\"",
					pieces[i]);
		}
	}
}

void lint_run(struct build *b)
{
	struct lint x = { b, grammar_matcher_create(b->g), arena_make(64 << 20) };

	x.m->terse = true;
	check_intents(b);
	check_limits(&x);
	check_rules(&x);
	check_distance(&x);
	arena_free(&x.arena);
	grammar_matcher_destroy(x.m);
}
