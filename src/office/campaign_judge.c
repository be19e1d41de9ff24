/*
 * campaign_judge.c - what a campaign has brought: those chosen against those held out, by
 * intention to treat, with the doubt that belongs to it; kept as a step.  And what was
 * learned of all that were judged.
 *
 * Three counts are kept apart: orders by reply, orders in the window by any way, and what
 * would not have been (the increment).  The universal group is held out of all campaigns
 * together and is not compared with one.
 */
#include <inttypes.h>
#include <math.h>

#include "campaign_priv.h"
#include "push/evaluate.h"

enum {
	ANSWER = 32768,
	NOTE = 400,
	DAY_S = 24 * 3600
};

struct judging {
	struct office_call *c;
	struct campaign_plan plan;
	struct campaign_row row;
	int64_t ended; /* UTC s: nothing was sent since */
	struct campaign_counts arm[CAMPAIGN_COUNTS];
	size_t n;
	struct share treated, control;
	int64_t replies;
	struct campaign_return gain;
	struct moments bills[2]; /* of those chosen, of those held out */
	double split_p;          /* of the shares of the draw; 1: one group alone */
	double least;
	struct effect effect;
	struct adjusted bill;
};

/* ---- what is looked at ---- */

static void add_up(struct judging *j)
{
	for (size_t i = 0; i < j->n; i++) {
		const struct campaign_counts *a = &j->arm[i];
		struct share *s = a->arm == ARM_CONTROL ? &j->control : &j->treated;

		if (a->arm == ARM_UNIVERSAL)
			continue;
		s->hits += a->window;
		s->n += a->targets;
		j->replies += a->ordered;
		j->gain.segments += a->segments;
	}
}

static void add_money(void *ctx, const struct target_money *m)
{
	struct judging *j = ctx;

	if (m->arm != ARM_UNIVERSAL)
		evaluate_add(&j->bills[m->arm == ARM_CONTROL],
		             (double)m->before_fen / 100, (double)m->after_fen / 100);
}

static enum err find_end(struct judging *j)
{
	struct campaign_step *step = NULL;
	size_t n = 0;
	const enum err e = store_campaign_steps(j->c->host->reader, &j->c->arena,
	                                        j->row.id, &step, &n, j->c->fault);

	for (size_t i = 0; e == ERR_OK && i < n; i++)
		if (step[i].deed == CAMPAIGN_DEED_FINISH ||
		    step[i].deed == CAMPAIGN_DEED_STOP)
			j->ended = step[i].at;
	return e;
}

static enum err load(struct judging *j)
{
	struct office_call *c = j->c;
	enum err e = campaign_plan_of(c, &j->plan, &j->row);

	if (e == ERR_OK)
		e = find_end(j);
	if (e == ERR_OK)
		e = store_campaign_counts(c->host->reader, j->row.id,
		                          j->plan.def.attribution_days, j->plan.now,
		                          j->arm, &j->n, c->fault);
	if (e == ERR_OK)
		e = store_campaign_money(c->host->reader, j->row.id, add_money, j,
		                         c->fault);
	return e == ERR_OK ? campaign_return_load(&j->plan, &j->row, &j->gain) : e;
}

static enum err may_be_judged(const struct judging *j)
{
	if (j->treated.n > 0 && j->control.n > 0)
		return ERR_OK;
	fault_set(j->c->fault,
	          "%.*s: %s: there is nothing to compare; what became of everybody: "
	          "smshall campaign report %.*s",
	          STR_ARG(j->row.code),
	          j->treated.n == 0 ? "nobody was chosen"
	                            : "nobody was held out (audience.control)",
	          STR_ARG(j->row.code));
	return ERR_STATE;
}

static bool bills_known(const struct judging *j)
{
	return j->bills[0].n > 2 && j->bills[1].n > 2;
}

static void work_out(struct judging *j)
{
	const double base = j->control.hits > 0
	                            ? (double)j->control.hits / (double)j->control.n
	                            : 0.5 / (double)j->control.n;

	j->split_p = campaign_split(&j->plan.def, &j->plan.rules, j->arm, j->n);
	j->effect = evaluate_effect(j->treated, j->control, EVALUATE_Z95);
	j->least = evaluate_least(base, (double)j->treated.n, (double)j->control.n, 0.05,
	                          0.8);
	if (bills_known(j))
		j->bill = evaluate_cuped(&j->bills[0], &j->bills[1], EVALUATE_Z95);
	j->gain.cost_li = (double)(j->gain.segments * j->plan.rules.segment_li);
	j->gain.orders = j->effect.increment;
	j->gain.orders_ci = j->effect.increment_ci;
	j->gain.people = j->treated.n;
	j->gain.yuan = j->bill.difference;
	j->gain.yuan_ci = j->bill.ci;
}

/* Neither chance nor a broken draw explains it, and it is as large as can be seen. */
static bool is_effect(const struct judging *j)
{
	return j->split_p >= EVALUATE_UNEVEN &&
	       (j->effect.ci.low > 0 || j->effect.ci.high < 0) &&
	       fabs(j->effect.difference) >= j->least;
}

/* ---- what is said ---- */

static double points(double share)
{
	return 100 * share;
}

static void put_window(const struct judging *j, struct buf *out)
{
	const int64_t open = j->ended + (int64_t)j->plan.def.attribution_days * DAY_S;
	struct buf at = buf_make(64);

	show_time(&at, open * 1000);
	if (open > j->plan.now)
		buf_printf(
			out,
			"preliminary: orders up to %.16s still count; evaluate it again "
			"then\n",
			buf_cstr(&at));
	buf_free(&at);
}

static void put_split(const struct judging *j, struct buf *out)
{
	buf_printf(out,
	           "%-34s %9" PRId64 " chosen, %" PRId64
	           " held out; as drawn: p %.3f%s\n",
	           "groups", j->treated.n, j->control.n, j->split_p,
	           j->split_p < EVALUATE_UNEVEN
	                   ? " - NO: the draw or the counting is broken, believe nothing "
	                     "below"
	                   : "");
}

static void put_effect(const struct judging *j, struct buf *out)
{
	const struct effect *e = &j->effect;
	struct interval ratio;
	const double relative = evaluate_relative(j->treated, j->control, EVALUATE_Z95,
	                                          &ratio);

	buf_printf(out, "%-34s %8.2f %% of those chosen, %.2f %% of those held out\n",
	           "have the offer", points(e->treated), points(e->control));
	buf_printf(out, "%-34s %+8.2f points [%+.2f, %+.2f], p %.4f\n",
	           is_effect(j) ? "effect" : "difference", points(e->difference),
	           points(e->ci.low), points(e->ci.high), e->p);
	if (isfinite(ratio.high) && ratio.high > 0)
		buf_printf(out, "%-34s %8.2f times [%.2f, %.2f]\n", "", relative,
		           ratio.low, ratio.high);
	if (!is_effect(j))
		buf_printf(
			out,
			"  no more can be said of it: the smallest that so many would show is "
			"%.2f points\n",
			points(j->least));
}

static void put_attribution(const struct judging *j, struct buf *out)
{
	const struct effect *e = &j->effect;

	buf_puts(out, STR("orders, counted three ways that are not to be added:\n"));
	buf_printf(out, "  %-32s %9" PRId64 "\n", "by reply", j->replies);
	buf_printf(out, "  %-32s %9" PRId64 "\n", "in the window, by any way",
	           j->treated.hits);
	buf_printf(out, "  %-32s %9.0f [%.0f, %.0f]\n", "that would not have been",
	           e->increment, e->increment_ci.low, e->increment_ci.high);
}

static void put_bills(const struct judging *j, struct buf *out)
{
	const struct adjusted *b = &j->bill;

	if (!bills_known(j)) {
		buf_puts(out, STR("bills: too few are known before and after\n"));
		return;
	}
	buf_printf(
		out,
		"%-34s %+8.2f yuan a month [%+.2f, %+.2f] (CUPED: the bill before explains "
		"%.0f %%)\n",
		"bill after, against held out", b->difference, b->ci.low, b->ci.high,
		100 * b->r2);
}

/* Without an offer there are only bills to look at. */
static bool sells(const struct judging *j)
{
	return campaign_kind_sells(j->plan.def.kind);
}

static void note_orders(const struct judging *j, struct buf *out)
{
	const struct effect *e = &j->effect;

	buf_printf(
		out,
		"%s %+.2f points [%+.2f, %+.2f], p %.4f; orders brought: %.0f [%.0f, %.0f]",
		is_effect(j) ? "effect" : "no effect seen:", points(e->difference),
		points(e->ci.low), points(e->ci.high), e->p, e->increment,
		e->increment_ci.low, e->increment_ci.high);
}

static struct str note_of(struct judging *j)
{
	struct buf out = buf_make(NOTE);
	struct str s;

	if (sells(j))
		note_orders(j, &out);
	else if (!bills_known(j))
		buf_puts(&out, STR("a notice; too few bills are known"));
	else
		buf_printf(&out, "a notice: bills %+.2f yuan a month [%+.2f, %+.2f]",
		           j->bill.difference, j->bill.ci.low, j->bill.ci.high);
	if (j->split_p < EVALUATE_UNEVEN)
		buf_puts(&out, STR("; the draw is broken"));
	campaign_return_note(&j->gain, &out);
	s = arena_str(&j->c->arena, buf_str(&out));
	buf_free(&out);
	return s;
}

static void say(const struct judging *j)
{
	struct buf out = buf_make(ANSWER);

	buf_printf(&out, "%.*s: %.*s\n", STR_ARG(j->row.code),
	           STR_ARG(j->plan.def.title));
	put_window(j, &out);
	put_split(j, &out);
	if (sells(j)) {
		put_effect(j, &out);
		put_attribution(j, &out);
	}
	put_bills(j, &out);
	campaign_return_say(&j->gain, &out);
	office_lines(j->c, &out);
	buf_free(&out);
}

static enum err keep(struct judging *j)
{
	struct campaign_move m = { .c = j->c,
		                   .deed = CAMPAIGN_DEED_EVALUATE,
		                   .code = j->row.code,
		                   .note = note_of(j),
		                   .now = j->plan.now,
		                   .quiet = true };
	const enum err e = office_text(j->c, "by", &m.by);

	return e == ERR_OK ? campaign_move(&m) : e;
}

static enum err judge(struct judging *j)
{
	const struct campaign_move m = { .c = j->c, .deed = CAMPAIGN_DEED_EVALUATE };
	enum campaign_state to;
	enum err e = load(j);

	if (e == ERR_OK && !campaign_may(j->row.state, m.deed, &to))
		e = campaign_may_not(&m, &j->row);
	add_up(j);
	if (e == ERR_OK)
		e = may_be_judged(j);
	if (e != ERR_OK)
		return e;
	work_out(j);
	e = keep(j);
	if (e == ERR_OK)
		say(j);
	return e;
}

enum err campaign_evaluate(struct office_call *c)
{
	struct judging j = { .c = c, .plan = { .c = c } };
	const enum err e = judge(&j);

	campaign_plan_free(&j.plan);
	return e;
}

/* ---- what was learned ---- */

static void say_lessons(struct office_call *c, const struct campaign_row *r,
                        const struct campaign_step *step, size_t n)
{
	struct fault unheard = { .text = "" };
	struct campaign d = { .title = STR("") };
	struct str result = STR("");

	if (campaign_parse(arena_str(&c->arena, r->code).p, r->text, &c->arena, &d,
	                   &unheard) != ERR_OK)
		return;
	for (size_t i = 0; i < n; i++)
		if (step[i].deed == CAMPAIGN_DEED_EVALUATE)
			result = step[i].note;
	office_say(c, "%.*s  %s, %.*s", STR_ARG(r->code), campaign_kind_name(d.kind),
	           STR_ARG(d.title));
	office_say(c, "  for:    %.*s",
	           STR_ARG(d.where.n > 0 ? d.where : STR("everybody")));
	office_say(c, "  result: %.*s", STR_ARG(result));
	for (size_t i = 0; i < n; i++)
		if (step[i].deed == CAMPAIGN_DEED_LESSON)
			office_say(c, "  lesson: %.*s (%.*s)", STR_ARG(step[i].note),
			           STR_ARG(step[i].by));
}

enum err campaign_lessons(struct office_call *c)
{
	struct campaign_row *row = NULL;
	struct campaign_step *step = NULL;
	size_t n = 0, n_steps = 0, shown = 0;
	enum err e = store_campaigns(c->host->reader, &c->arena, STR(""), &row, &n,
	                             c->fault);

	for (size_t i = 0; e == ERR_OK && i < n; i++) {
		if (row[i].state != CAMPAIGN_EVALUATED)
			continue;
		e = store_campaign_steps(c->host->reader, &c->arena, row[i].id, &step,
		                         &n_steps, c->fault);
		if (e == ERR_OK)
			say_lessons(c, &row[i], step, n_steps);
		shown++;
	}
	if (e == ERR_OK && shown == 0)
		office_say(c,
		           "nothing was evaluated yet: smshall campaign evaluate CODE");
	return e;
}
