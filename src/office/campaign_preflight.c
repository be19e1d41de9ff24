/*
 * campaign_preflight.c - what would happen: the whole audience through texts and gate
 * before anything is approved, and the arithmetic of push/preflight.h over its counts.
 */
#include <inttypes.h>
#include <math.h>

#include "campaign_priv.h"
#include "push/preflight.h"
#include "store/people.h"

enum {
	PIECE = 1000, /* targets judged with one arena */
	ANSWER = 32768,
	SEGMENTS_MOST = 8
};

struct flying {
	struct campaign_plan *plan;
	const struct campaign_row *row;
	struct campaign_walk *walk;
	struct target_row *target;
	struct campaign_case *judged;
	struct arena arena; /* of a piece */
	int64_t total;
	struct preflight_in in;
	int64_t arm[CAMPAIGN_ARMS], arm_segments[CAMPAIGN_ARMS];
	int64_t by_segments[SEGMENTS_MOST + 1];
	int64_t by_language[LANG_COUNT];
	int64_t value_li, gain_li, harmful; /* of those that would leave */
};

/* ---- counting ---- */

static void count_one(struct flying *f, const struct campaign_case *k)
{
	const struct target_row *t = k->target;

	f->in.audience++;
	if (k->reason != GATE_NONE) {
		f->in.reason[k->reason]++;
		return;
	}
	if (t->arm >= ARM_CONTROL) {
		*(t->arm == ARM_CONTROL ? &f->in.control : &f->in.universal) += 1;
		return;
	}
	f->in.ready++;
	f->in.segments += k->segments;
	f->arm[t->arm]++;
	f->arm_segments[t->arm] += k->segments;
	f->by_segments[k->segments < SEGMENTS_MOST ? k->segments : SEGMENTS_MOST]++;
	f->by_language[k->language]++;
	f->value_li += t->value_li;
	f->harmful += t->value_li < 0;
}

static enum err count_piece(struct flying *f, size_t from, size_t n)
{
	enum err e;

	arena_reset(&f->arena);
	e = campaign_cases(f->plan, f->target + from, n, &f->arena, f->judged);
	for (size_t i = 0; i < n && e == ERR_OK; i++)
		count_one(f, &f->judged[i]);
	return e;
}

static enum err count_portion(struct flying *f, const struct campaign_found *found,
                              size_t n)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < n; i++) {
		campaign_walk_target(f->walk, f->row, &found[i], 0, &f->target[i]);
		f->gain_li += found[i].offer[0].gain_li;
	}
	for (size_t i = 0; i < n && e == ERR_OK; i += PIECE)
		e = count_piece(f, i, n - i < PIECE ? n - i : PIECE);
	return e;
}

static enum err count_all(struct flying *f)
{
	struct office_call *c = f->plan->c;
	struct campaign_found *found = NULL;
	size_t n = 0;
	enum err e = store_people_count(c->host->reader, &f->total);

	while (e == ERR_OK && (e = campaign_walk_next(f->walk, &found, &n)) == ERR_OK) {
		if (office_is_ending(c)) {
			fault_set(c->fault,
			          "the process ends: ask again when it is back");
			return ERR_STATE;
		}
		e = count_portion(f, found, n);
		office_progress(c, campaign_walk_so_far(f->walk).people, f->total,
		                f->in.ready);
	}
	return e == ERR_END ? ERR_OK : e;
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
	const int64_t seen = campaign_walk_so_far(f->walk).offered;

	f->in.campaign = &f->plan->def;
	f->in.rules = &f->plan->rules;
	f->in.now = f->plan->now;
	f->in.accept = sells ? p->accept_bp / 10000.0 : 0;
	f->in.base = f->in.accept / 5;
	f->in.order_li = seen > 0 ? f->gain_li / seen * p->horizon : 0;
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
	const struct campaign_walked s = campaign_walk_so_far(f->walk);

	buf_printf(out, "%-34s %9" PRId64 "\n", "subscribers", s.people);
	buf_printf(out, "  %-32s %9" PRId64 "\n", "of whom the rule holds", s.fit);
	buf_printf(out, "  %-32s %9" PRId64 "\n", "of these with an offer", s.offered);
	for (int g = 0; g < GATE_REASONS; g++)
		if (f->in.reason[g] > 0)
			buf_printf(out, "    dropped: %-23s %9" PRId64 "\n",
			           gate_name((enum gate_reason)g), f->in.reason[g]);
	buf_printf(out, "%-34s %9" PRId64 "\n", "pass the gate", p->passed);
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
		"assumed: %.2f %% order, %.2f %% would untold (offer.conf, value.accept)\n",
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

static void say(const struct flying *f)
{
	struct buf out = buf_make(ANSWER);
	struct preflight p;

	preflight(&f->in, &p);
	put_audience(f, &p, &out);
	put_course(f, &p, &out);
	put_result(f, &p, &out);
	office_lines(f->plan->c, &out);
	buf_free(&out);
}

static enum err fly(struct campaign_plan *p, const struct campaign_row *row)
{
	struct flying f = { .plan = p, .row = row, .arena = arena_make(SIZE_MAX) };
	enum err e = campaign_walk_begin(p, 0, &f.walk);

	if (e != ERR_OK)
		return e;
	f.target = arena_array(&p->c->arena, struct target_row, STORE_PEOPLE_SLICE);
	f.judged = arena_array(&p->c->arena, struct campaign_case, PIECE);
	e = count_all(&f);
	if (e == ERR_OK) {
		put_assumed(&f);
		say(&f);
	}
	campaign_walk_end(f.walk);
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
