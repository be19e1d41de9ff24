/*
 * campaign_test.c - a campaign's texts to a number for tests, as that subscriber would get
 * them, each with a mark before it.
 *
 * It is no target: neither limits nor reports count it.  Its texts are composed here and
 * lie in the store until a turn sends them (turn/push_test.c).
 */
#include <inttypes.h>

#include "campaign_priv.h"
#include "text/mask.h"
#include "text/segment.h"

enum {
	NOTE_OCTETS = 128
};

static const struct str marks[LANG_COUNT] = {
	[LANG_ZH_HANS] = { "[测试]", 8 },
	[LANG_ZH_HANT] = { "[測試]", 8 },
	[LANG_EN] = { "[Test] ", 7 },
};

struct testing {
	struct office_call *c;
	struct campaign_plan plan;
	struct campaign_row row;
	int64_t msisdn;
	struct target_row target[CAMPAIGN_ARMS]; /* the same, with each arm's text */
	struct campaign_case of[CAMPAIGN_ARMS];
	struct campaign_test test[CAMPAIGN_ARMS];
	bool found; /* he would be offered something */
	bool fits;  /* the rule holds of him */
	struct arena arena;
};

/* ---- whether it may be sent ---- */

static bool is_tester(const struct push_rules *r, int64_t msisdn)
{
	for (size_t i = 0; i < r->n_testers; i++)
		if (r->tester[i] == msisdn)
			return true;
	return false;
}

static bool has_number(const struct conf *conf)
{
	for (size_t i = 0; i < conf->n_links; i++)
		if (conf->links[i].marketing[0] != '\0')
			return true;
	return false;
}

static enum err may_be_sent(struct testing *t)
{
	struct office_call *c = t->c;

	if (!is_tester(&t->plan.rules, t->msisdn)) {
		fault_set(c->fault,
		          "%" PRId64 " is no number for tests: put it into "
		          "testers.numbers of push.conf",
		          t->msisdn);
		return ERR_REFUSED;
	}
	if (!has_number(c->host->conf)) {
		fault_set(c->fault, "no link has a number that campaigns leave from: "
		                    "marketing of links, such as \"10690086\"");
		return ERR_STATE;
	}
	return campaign_not_killed(c);
}

/* ---- what he would get ---- */

/* Of who would be offered nothing: what the definition names first. */
static enum err put_first_offer(struct testing *t, const struct campaign_walk *w,
                                struct target_row *out)
{
	const struct campaign *d = &t->plan.def;
	size_t n = 0;
	const struct campaign_offer *offer = campaign_walk_offers(w, &n);

	for (size_t i = 0; i < n && d->n_offers > 0; i++) {
		if (!str_eq(offer[i].code, d->offer[0]))
			continue;
		out->offer = offer[i].code;
		if (offer[i].intent != NULL)
			out->command = arena_printf(&t->arena, "%s code=%.*s",
			                            offer[i].intent,
			                            STR_ARG(offer[i].code));
		return ERR_OK;
	}
	fault_set(t->c->fault,
	          "%" PRId64 " would be offered nothing, and offer.codes names nothing "
	          "that could be shown instead",
	          t->msisdn);
	return ERR_STATE;
}

static struct target_row plain_target(const struct testing *t)
{
	return (struct target_row){ .campaign = t->row.id,
		                    .msisdn = t->msisdn,
		                    .state = TARGET_READY,
		                    .offer = STR(""),
		                    .command = STR(""),
		                    .saving = STR(""),
		                    .why = STR(""),
		                    .price = STR("") };
}

/* Strings die with the portion. */
static void copy_target(struct testing *t, const struct target_row *from,
                        struct target_row *out)
{
	out->offer = arena_str(&t->arena, from->offer);
	out->command = arena_str(&t->arena, from->command);
	out->saving = arena_str(&t->arena, from->saving);
	out->why = arena_str(&t->arena, from->why);
}

static enum err walk_to(struct testing *t, struct campaign_walk *w,
                        struct target_row *out)
{
	struct campaign_found *found = NULL;
	struct target_row target;
	size_t n = 0;
	enum err e = campaign_walk_next(w, &found, &n);

	*out = plain_target(t);
	if (e != ERR_OK && e != ERR_END)
		return e;
	t->found = e == ERR_OK && n > 0 && found[0].msisdn == t->msisdn;
	if (!t->found)
		return put_first_offer(t, w, out);
	campaign_walk_target(w, &t->row, &found[0], 0, &target);
	copy_target(t, &target, out);
	return ERR_OK;
}

/* Whether the rule holds of him is said, and keeps nothing from being tested. */
static enum err find(struct testing *t, struct target_row *out)
{
	struct campaign_plan *p = &t->plan;
	struct tag_rules *where = p->where;
	struct campaign_found himself = { .msisdn = t->msisdn };
	struct campaign_walk *w = NULL;
	size_t n = 1;
	int64_t fit = 0;
	enum err e;

	p->where = NULL;
	e = campaign_walk_begin(p, t->msisdn - 1, &w);
	if (e == ERR_OK)
		e = walk_to(t, w, out);
	campaign_walk_end(w);
	p->where = where;
	if (e == ERR_OK && where != NULL)
		e = campaign_plan_hold(p, t->msisdn - 1, t->msisdn, &himself, &n, &fit);
	t->fits = n > 0;
	return e;
}

static enum err compose(struct testing *t, unsigned arm)
{
	const struct campaign_case *of = &t->of[arm];
	const struct target_row *target = of->target;
	struct campaign_test *test = &t->test[arm];

	if (of->segments == 0) {
		fault_set(t->c->fault, "its text is longer than limit.segments allows");
		return ERR_REFUSED;
	}
	*test = (struct campaign_test){
		.campaign = t->row.id,
		.msisdn = t->msisdn,
		.owner_since = target->owner_since,
		.at = t->plan.now,
		.offer = target->offer,
		.why = target->why,
		.text = arena_printf(&t->arena, "%.*s%.*s", STR_ARG(marks[of->language]),
		                     STR_ARG(of->text)),
	};
	test->segments = segment_count(test->text, false, true);
	return ERR_OK;
}

static enum err owner_of(struct testing *t, int64_t *out)
{
	const struct target_row anybody = plain_target(t);
	struct campaign_case of;
	const enum err e = campaign_cases(&t->plan, &anybody, 1, &t->arena, &of);

	if (e == ERR_OK && of.owner_since == 0) {
		fault_set(t->c->fault, "%" PRId64 " is no subscriber of the store",
		          t->msisdn);
		return ERR_NOT_FOUND;
	}
	if (e == ERR_OK)
		*out = of.owner_since;
	return e;
}

static enum err compose_all(struct testing *t)
{
	const size_t n = t->plan.def.n_arms;
	int64_t owner = 0;
	enum err e = owner_of(t, &owner);

	if (e == ERR_OK)
		e = find(t, &t->target[0]);
	t->target[0].owner_since = owner;
	for (unsigned i = 1; i < n; i++)
		t->target[i] = t->target[0];
	for (unsigned i = 0; i < n; i++)
		t->target[i].arm = i;
	if (e == ERR_OK)
		e = campaign_cases(&t->plan, t->target, n, &t->arena, t->of);
	for (unsigned i = 0; i < n && e == ERR_OK; i++)
		e = compose(t, i);
	return e;
}

/* ---- sending ---- */

static enum err put_tests(struct store *s, const struct campaign_move *m)
{
	const struct testing *t = m->arg;
	enum err e = ERR_OK;

	for (size_t i = 0; i < t->plan.def.n_arms && e == ERR_OK; i++) {
		struct campaign_test test = t->test[i];

		test.by = m->by;
		e = store_put_campaign_test(s, &test);
	}
	return e;
}

static enum err same_text(struct campaign_move *m, struct campaign_row *row)
{
	const struct testing *t = m->arg;

	if (str_eq(row->text, t->plan.text))
		return ERR_OK;
	fault_set(m->c->fault, "%.*s was changed this moment: look at it again",
	          STR_ARG(row->code));
	return ERR_STATE;
}

static enum err put(struct testing *t)
{
	struct campaign_move m = { .c = t->c,
		                   .deed = CAMPAIGN_DEED_TEST,
		                   .code = t->row.code,
		                   .change = same_text,
		                   .also = put_tests,
		                   .arg = t };
	char number[MASK_MAX];
	enum err e = campaign_signed(&m);

	m.note = arena_printf(&t->arena, "to %s", mask_msisdn(number, t->msisdn));
	return e == ERR_OK ? campaign_move(&m) : e;
}

/* ---- what is said ---- */

static void say_arm(const struct testing *t, unsigned i)
{
	const struct campaign_case *of = &t->of[i];

	office_say(t->c, "arm %.*s  %s  %u segment%s%s", STR_ARG(t->plan.def.arm[i].name),
	           language_name(of->language), of->segments,
	           of->segments == 1 ? "" : "s",
	           t->test[i].segments > of->segments ? ", one more with the mark" : "");
	office_line(t->c, t->test[i].text);
}

static void say_hours(const struct testing *t)
{
	const struct campaign *d = &t->plan.def;
	const struct civil now = civil_of(t->plan.now);
	const int at = now.hour * 60 + now.minute;

	if (at < d->from_min || at >= d->to_min)
		office_say(t->c,
		           "it is %02d:%02d, outside the campaign's hours (%02d:%02d-"
		           "%02d:%02d): a test leaves all the same",
		           now.hour, now.minute, d->from_min / 60, d->from_min % 60,
		           d->to_min / 60, d->to_min % 60);
}

static void say(const struct testing *t)
{
	const enum gate_reason reason = t->of[0].reason;

	for (unsigned i = 0; i < t->plan.def.n_arms; i++)
		say_arm(t, i);
	if (!t->fits)
		office_say(t->c, "audience.where does not hold of him: the campaign "
		                 "itself would leave him out");
	if (!t->found)
		office_say(t->c, "he would be offered nothing: shown is the first of "
		                 "offer.codes, without his own figures");
	if (reason != GATE_NONE)
		office_say(t->c, "the campaign itself would not be sent to him: %s",
		           gate_name(reason));
	say_hours(t);
	office_say(t->c, "%s",
	           t->c->host->reload != NULL
	                   ? "on its way; smshall trace shows what becomes of it"
	                   : "nobody serves: it leaves if smshall serve begins within "
	                     "the hour");
}

static enum err run(struct testing *t)
{
	enum err e = office_msisdn(t->c, &t->msisdn);

	if (e == ERR_OK)
		e = campaign_plan_of(t->c, &t->plan, &t->row);
	if (e == ERR_OK)
		e = campaign_plan_check(&t->plan);
	if (e == ERR_OK)
		e = may_be_sent(t);
	if (e == ERR_OK)
		e = campaign_plan_whole(&t->plan);
	if (e == ERR_OK)
		e = compose_all(t);
	if (e == ERR_OK)
		e = put(t);
	if (e == ERR_OK)
		say(t);
	return e;
}

enum err campaign_test(struct office_call *c)
{
	struct testing t = { .c = c, .plan = { .c = c }, .arena = arena_make(SIZE_MAX) };
	const enum err e = run(&t);

	campaign_plan_free(&t.plan);
	arena_free(&t.arena);
	return e;
}
