/*
 * campaign_preflight.c - what would happen: the whole audience through texts and gate
 * before anything is approved, and the arithmetic of push/preflight.h over its counts.
 */
#include <inttypes.h>
#include <math.h>

#include "campaign_priv.h"
#include "push/preflight.h"

enum {
	ANSWER = 32768,
	SEGMENTS_MOST = 8,
	PPM = 1000000
};

struct passing {
	int64_t msisdn;
	struct choose_offer first; /* of his offers */
	unsigned arm, segments;
	enum language language;
};

struct flying {
	struct campaign_plan *plan;
	const struct campaign_row *row;
	struct campaign_choice *choice; /* NULL: no limit may leave anybody out */
	struct campaign_walked seen;
	struct preflight_in in;
	int64_t passed, unworthy; /* unworthy: of these, without an offer of worth */
	SET_OF(struct passing) passing; /* all that pass, by number */
	struct arena arena;             /* of passing */
	/* Of those that would be told. */
	int64_t arm[CAMPAIGN_ARMS], arm_segments[CAMPAIGN_ARMS];
	int64_t by_segments[SEGMENTS_MOST + 1];
	int64_t by_language[LANG_COUNT];
	int64_t value_li, gain_li, q_ppm, harmful;
};

/* ---- counting ---- */

static void count_told(struct flying *f, const struct passing *p,
                       const struct choose_offer *o)
{
	if (p->arm >= ARM_CONTROL) {
		*(p->arm == ARM_CONTROL ? &f->in.control : &f->in.universal) += 1;
		return;
	}
	f->in.ready++;
	f->in.segments += p->segments;
	f->arm[p->arm]++;
	f->arm_segments[p->arm] += p->segments;
	f->by_segments[p->segments < SEGMENTS_MOST ? p->segments : SEGMENTS_MOST]++;
	f->by_language[p->language]++;
	f->gain_li += o->gain_li;
	f->q_ppm += o->q_ppm;
	f->value_li += o->value_li;
	f->harmful += o->value_li < 0;
}

static void take(void *ctx, const struct campaign_found *found,
                 const struct campaign_case *k)
{
	struct flying *f = ctx;
	bool worthy = false;

	f->in.audience++;
	if (f->choice != NULL)
		campaign_choice_add(f->choice, found, k);
	if (k->reason != GATE_NONE) {
		f->in.reason[k->reason]++;
		return;
	}
	f->passed++;
	for (size_t i = 0; i < found->n; i++)
		worthy |= found->offer[i].as.value_li > 0;
	f->unworthy += !worthy;
	set_add(&f->arena, &f->passing,
	        (struct passing){ .msisdn = found->msisdn,
	                          .first = found->offer[0].as,
	                          .arm = k->target->arm,
	                          .segments = k->segments,
	                          .language = k->language });
}

/* Both ascend. */
static void count_chosen(struct flying *f, const struct chosen *c)
{
	size_t at = 0;

	for (size_t i = 0; i < c->n; i++) {
		while (f->passing.row[at].msisdn < c->one[i].msisdn)
			at++;
		count_told(f, &f->passing.row[at], &c->one[i].offer);
	}
}

static void count_all(struct flying *f)
{
	if (f->choice != NULL && campaign_choice_is_short(f->choice)) {
		count_chosen(f, campaign_chosen(f->choice, false));
		count_chosen(f, campaign_chosen(f->choice, true));
		return;
	}
	for (size_t i = 0; i < f->passing.n; i++)
		count_told(f, &f->passing.row[i], &f->passing.row[i].first);
}

/* ---- what is taken for granted ---- */

/* Of all links that campaigns leave by; 0: nothing limits it. */
static double links_rate(const struct conf *conf)
{
	double sum = 0;

	for (size_t i = 0; i < conf->n_links; i++) {
		const struct conf_link *l = &conf->links[i];

		if (l->marketing[0] == '\0')
			continue;
		if (l->rate_per_s == 0)
			return 0;
		sum += l->rate_per_s;
	}
	return sum;
}

static double least_of(double rate, double limit)
{
	return limit > 0 && limit < rate ? limit : rate;
}

/* Segments a second: links, the campaign's own, and what systems behind the hall take. */
static double rate_of(const struct flying *f)
{
	const struct push_rules *r = &f->plan->rules;
	const double each = f->in.ready > 0 ? (double)f->in.segments / (double)f->in.ready
	                                    : 1;
	double rate = 1e6;

	rate = least_of(rate, links_rate(f->plan->c->host->conf));
	rate = least_of(rate, f->plan->def.rate_per_s);
	if (f->in.accept > 0)
		rate = least_of(rate, r->capacity_per_s / f->in.accept * each);
	return rate;
}

static void put_assumed(struct flying *f)
{
	const struct policy *p = &f->plan->assets->policy;
	const bool sells = campaign_kind_sells(f->plan->def.kind);
	const int64_t told = f->in.ready;

	f->in.campaign = &f->plan->def;
	f->in.rules = &f->plan->rules;
	f->in.now = f->plan->now;
	f->in.accept = sells && told > 0 ? (double)f->q_ppm / (double)told / PPM : 0;
	f->in.base = f->in.accept / 5;
	f->in.order_li = told > 0 ? f->gain_li / told * p->horizon : 0;
	f->in.segments_per_s = rate_of(f);
}

/* ---- what is said ---- */

static double yuan(int64_t li)
{
	return (double)li / 1000;
}

static void put_audience(const struct flying *f, const struct preflight *p,
                         struct buf *out)
{
	const struct campaign_walked s = f->seen;

	buf_printf(out, "%-34s %9" PRId64 "\n", "subscribers", s.people);
	buf_printf(out, "  %-32s %9" PRId64 "\n", "of whom the rule holds", s.fit);
	buf_printf(out, "  %-32s %9" PRId64 "\n", "of these with an offer", s.offered);
	for (int g = 0; g < GATE_REASONS; g++)
		if (f->in.reason[g] > 0)
			buf_printf(out, "    dropped: %-23s %9" PRId64 "\n",
			           gate_name((enum gate_reason)g), f->in.reason[g]);
	buf_printf(out, "%-34s %9" PRId64 "\n", "pass the gate", f->passed);
	if (p->passed < f->passed)
		buf_printf(out, "  %-32s %9" PRId64 "\n", "of these chosen, held out too",
		           p->passed);
	buf_printf(out, "  %-32s %9" PRId64 "\n", "held out of this campaign",
	           f->in.control);
	buf_printf(out, "  %-32s %9" PRId64 "\n", "held out of all campaigns",
	           f->in.universal);
	for (size_t i = 0; i < f->plan->def.n_arms; i++)
		buf_printf(out, "  arm %-28.*s %9" PRId64 "  %" PRId64 " segments\n",
		           STR_ARG(f->plan->def.arm[i].name), f->arm[i],
		           f->arm_segments[i]);
}

static void put_texts(const struct flying *f, struct buf *out)
{
	buf_puts(out, STR("  texts:"));
	for (unsigned n = 1; n <= SEGMENTS_MOST; n++)
		if (f->by_segments[n] > 0)
			buf_printf(out, " %" PRId64 " of %u segment%s,",
			           f->by_segments[n], n, n == 1 ? "" : "s");
	for (int l = 0; l < LANG_COUNT; l++)
		if (f->by_language[l] > 0)
			buf_printf(out, " %" PRId64 " in %s", f->by_language[l],
			           language_name((enum language)l));
	buf_putc(out, '\n');
}

static void put_course(const struct flying *f, const struct preflight *p, struct buf *out)
{
	struct buf at = buf_make(64);

	buf_printf(out, "%-34s %9" PRId64 "  %" PRId64 " segments, %.2f yuan\n",
	           "would be sent", p->sent, p->segments, yuan(p->cost_li));
	if (p->sent == 0) {
		buf_free(&at);
		return;
	}
	put_texts(f, out);
	show_time(&at, p->starts * 1000);
	buf_printf(out, "  from %.16s", buf_cstr(&at));
	buf_reset(&at);
	show_time(&at, p->ends * 1000);
	buf_printf(out, " to %.16s, on %u day%s, at %.0f segments a second\n",
	           buf_cstr(&at), p->days, p->days == 1 ? "" : "s", f->in.segments_per_s);
	if (p->late > 0)
		buf_printf(out,
		           "  %" PRId64
		           " would not have their turn before its time ends\n",
		           p->late);
	buf_free(&at);
}

static void put_result(const struct flying *f, const struct preflight *p, struct buf *out)
{
	if (!campaign_kind_sells(f->plan->def.kind) || p->sent == 0)
		return;
	buf_printf(
		out,
		"taken for granted: %.2f %% order (as measured, or else by offer.conf), "
		"%.2f %% would without being told\n",
		100 * f->in.accept, 100 * f->in.base);
	if (isfinite(p->least))
		buf_printf(
			out,
			"smallest effect that can be seen: %+.2f percentage points; what is "
			"assumed is %s\n",
			100 * p->least,
			p->shows ? "above that"
				 : "below that: no report "
				   "will be able to call it an effect");
	else
		buf_puts(out,
		         STR("no effect can be seen: too few are held out, or chosen\n"));
	buf_printf(
		out,
		"expected: %.0f orders, %.0f of them by the campaign; margin less cost %.2f "
		"yuan\n",
		p->orders, p->incremental, yuan(p->margin_li));
	if (f->harmful > 0)
		buf_printf(
			out,
			"%" PRId64
			" of those sent to would rather be left alone: with what "
			"offer.conf (value.leave ...)\nassumes of who leaves, telling them costs "
			"more than it brings; all together %.2f yuan\n",
			f->harmful, yuan(f->value_li));
}

/* By worth, whether it is looked at or not. */
static void put_worth(const struct flying *f, struct buf *out)
{
	if (!campaign_kind_sells(f->plan->def.kind) || f->unworthy == 0)
		return;
	buf_printf(
		out,
		"%" PRId64 " of those that pass have no offer that is expected to bring "
		"more than it costs: %s\n",
		f->unworthy,
		f->plan->def.worth > 0 ? "they are left alone (offer.worth)"
				       : "offer.worth = \"positive\" leaves them alone");
}

static void say(const struct flying *f, const struct campaign_walk *w)
{
	struct buf out = buf_make(ANSWER);
	struct preflight p;

	preflight(&f->in, &p);
	put_audience(f, &p, &out);
	if (f->choice != NULL)
		campaign_choice_say(f->choice, w, &out);
	put_course(f, &p, &out);
	put_result(f, &p, &out);
	put_worth(f, &out);
	office_lines(f->plan->c, &out);
	buf_free(&out);
}

static enum err count(struct flying *f, const struct campaign_walk *w)
{
	enum err e = ERR_OK;

	if (campaign_may_choose(&f->plan->def))
		e = campaign_choice_begin(f->plan, f->row, &f->choice);
	if (e == ERR_OK)
		e = campaign_survey(f->plan, f->row, take, f, &f->seen);
	if (e == ERR_OK && f->choice != NULL)
		e = campaign_choice_made(f->choice, w);
	if (e == ERR_OK)
		count_all(f);
	return e;
}

static enum err fly(struct campaign_plan *p, const struct campaign_row *row)
{
	struct flying f = { .plan = p, .row = row, .arena = arena_make(SIZE_MAX) };
	struct campaign_walk *w = NULL; /* for its offers */
	enum err e = campaign_walk_begin(p, 0, &w);

	if (e == ERR_OK)
		e = count(&f, w);
	if (e == ERR_OK) {
		put_assumed(&f);
		say(&f, w);
	}
	campaign_walk_end(w);
	campaign_choice_end(f.choice);
	arena_free(&f.arena);
	return e;
}

enum err campaign_preflight(struct office_call *c)
{
	struct campaign_plan p = { .c = c };
	struct campaign_row row;
	enum err e = campaign_plan_of(c, &p, &row);

	if (e == ERR_OK)
		e = campaign_plan_check(&p);
	if (e == ERR_OK)
		e = campaign_plan_whole(&p);
	if (e == ERR_OK)
		e = fly(&p, &row);
	campaign_plan_free(&p);
	return e;
}
