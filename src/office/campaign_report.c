/*
 * campaign_report.c - the funnel of a campaign, by arm: from who was chosen to who still
 * has it after 90 days, with the doubt that belongs to what is seen meanwhile.
 */
#include <inttypes.h>

#include "campaign_priv.h"
#include "push/evaluate.h"
#include "push/gate.h"

enum {
	ANSWER = 65536
};

struct reporting {
	struct office_call *c;
	struct campaign_row row;
	struct campaign def;
	int64_t now;
	struct campaign_counts arm[CAMPAIGN_COUNTS];
	size_t n;
	int64_t refused[GATE_REASONS];
	struct push_rules rules;
	struct campaign_outcome outcome;
	struct campaign_alarms alarms;
};

/* X(member, label, indent) */
#define FUNNEL(X)                                        \
	X(targets, "audience", 0)                        \
	X(held, "held out", 1)                           \
	X(ready, "waiting", 1)                           \
	X(dropped, "dropped at the end", 1)              \
	X(refused, "refused by the gate", 1)             \
	X(sent, "sent", 0)                               \
	X(leaving, "on their way", 1)                    \
	X(accepted, "accepted by the SMSC", 1)           \
	X(delivered, "delivered", 1)                     \
	X(failed, "failed", 1)                           \
	X(unknown, "unknown", 1)                         \
	X(unsent, "never left", 1)                       \
	X(replied, "replied", 0)                         \
	X(ordered, "ordered by reply", 0)                \
	X(errors, "that failed", 1)                      \
	X(window, "ordered by any way in the window", 0) \
	X(effective, "effective", 0)                     \
	X(kept30, "still on after 30 days", 1)           \
	X(kept90, "still on after 90 days", 1)           \
	X(regretted, "regretted", 1)                     \
	X(opted_out, "opted out", 0)                     \
	X(complained, "complained", 0)                   \
	X(segments, "segments", 0)

static const struct line {
	const char *label, *name;
	size_t at;
	int indent;
} lines[] = {
#define X(member, label, indent) \
	{ label, #member, offsetof(struct campaign_counts, member), indent },
	FUNNEL(X)
#undef X
};
enum {
	LINES = sizeof(lines) / sizeof(lines[0])
};

static void put_yuan(struct buf *out, int64_t li)
{
	buf_printf(out, "%" PRId64 ".%02d", li / 1000, (int)(li % 1000 / 10));
}

static int64_t value(const struct campaign_counts *n, const struct line *l)
{
	return *(const int64_t *)(const void *)((const char *)n + l->at);
}

static struct str arm_name(const struct reporting *r, unsigned arm)
{
	if (arm == ARM_CONTROL)
		return STR("control");
	if (arm == ARM_UNIVERSAL)
		return STR("universal");
	return arm < r->def.n_arms ? r->def.arm[arm].name : STR("?");
}

static enum err load(struct reporting *r)
{
	struct office_call *c = r->c;
	enum err e = campaign_find(c, &r->row);

	if (e == ERR_OK)
		e = office_now(c, &r->now);
	if (e == ERR_OK)
		e = campaign_parse(arena_str(&c->arena, r->row.code).p, r->row.text,
		                   &c->arena, &r->def, c->fault);
	if (e == ERR_OK)
		e = store_campaign_counts(c->host->reader, r->row.id,
		                          r->def.attribution_days, r->now, r->arm, &r->n,
		                          c->fault);
	if (e == ERR_OK)
		e = store_campaign_refusals(c->host->reader, r->row.id, r->refused,
		                            GATE_REASONS, c->fault);
	if (e == ERR_OK)
		e = assets_read_push(c->host->conf->grammar, &c->arena, &r->rules,
		                     c->fault);
	if (e == ERR_OK)
		e = campaign_outcome_load(c, r->row.id, &r->outcome);
	if (e == ERR_OK)
		e = campaign_alarms_load(c, &r->row, &r->def, &r->rules, r->arm, r->n,
		                         &r->alarms);
	return e;
}

/* ---- as CSV ---- */

static void put_csv(const struct reporting *r, struct buf *out)
{
	buf_puts(out, STR("campaign,arm"));
	for (size_t k = 0; k < LINES; k++)
		buf_printf(out, ",%s", lines[k].name);
	buf_puts(out, STR(",cost_yuan\n"));
	for (size_t i = 0; i < r->n; i++) {
		buf_printf(out, "%.*s,%.*s", STR_ARG(r->row.code),
		           STR_ARG(arm_name(r, r->arm[i].arm)));
		for (size_t k = 0; k < LINES; k++)
			buf_printf(out, ",%" PRId64, value(&r->arm[i], &lines[k]));
		buf_putc(out, ',');
		put_yuan(out, r->arm[i].segments * r->rules.segment_li);
		buf_putc(out, '\n');
	}
}

/* What is not of an arm. */
static void put_csv_more(const struct reporting *r, struct buf *out)
{
	buf_puts(out, STR(CAMPAIGN_MORE_HEAD));
	for (int g = 0; g < GATE_REASONS; g++)
		if (r->refused[g] > 0 && g != GATE_NONE)
			buf_printf(out, "%.*s,reason,%s,0,0,%" PRId64 ",0,,,,\n",
			           STR_ARG(r->row.code), gate_name((enum gate_reason)g),
			           r->refused[g]);
	campaign_outcome_csv(&r->outcome, r->row.code, out);
	campaign_alarms_csv(&r->alarms, r->row.code, out);
}

/* ---- for people ---- */

static void put_head(const struct reporting *r, struct buf *out)
{
	buf_printf(out, "%.*s: %.*s; %s%s%.*s\n", STR_ARG(r->row.code),
	           STR_ARG(r->def.title), campaign_state_name(r->row.state),
	           r->row.why.n > 0 ? ", " : "", STR_ARG(r->row.why));
	campaign_put_opening(r->row.state, &r->def, &r->rules, r->now, out);
	buf_printf(out, "%-34s", "");
	for (size_t i = 0; i < r->n; i++)
		buf_printf(out, " %9.*s", STR_ARG(arm_name(r, r->arm[i].arm)));
	buf_printf(out, " %9s\n", "all");
}

static void put_line(const struct reporting *r, const struct line *l, struct buf *out)
{
	int64_t all = 0;

	for (size_t i = 0; i < r->n; i++)
		all += value(&r->arm[i], l);
	if (all == 0 && l->indent > 0)
		return;
	buf_printf(out, "%*s%-*s", 2 * l->indent, "", 34 - 2 * l->indent, l->label);
	for (size_t i = 0; i < r->n; i++)
		buf_printf(out, " %9" PRId64, value(&r->arm[i], l));
	buf_printf(out, " %9" PRId64 "\n", all);
}

static void put_refusals(const struct reporting *r, struct buf *out)
{
	for (int g = 0; g < GATE_REASONS; g++)
		if (r->refused[g] > 0 && g != GATE_NONE)
			buf_printf(out, "    %-30s %9" PRId64 "\n",
			           gate_name((enum gate_reason)g), r->refused[g]);
}

static void put_funnel(const struct reporting *r, struct buf *out)
{
	for (size_t k = 0; k < LINES; k++) {
		put_line(r, &lines[k], out);
		if (lines[k].at == offsetof(struct campaign_counts, refused))
			put_refusals(r, out);
	}
}

static void put_cost(const struct reporting *r, struct buf *out)
{
	int64_t all = 0;

	buf_printf(out, "%-34s", "cost, yuan");
	for (size_t i = 0; i <= r->n; i++) {
		const int64_t n = i < r->n ? r->arm[i].segments : all;
		const int64_t li = n * r->rules.segment_li;

		buf_printf(out, " %6" PRId64 ".%02d", li / 1000, (int)(li % 1000 / 10));
		all += n;
	}
	buf_putc(out, '\n');
	campaign_outcome_say_savings(&r->outcome, out);
}

/* The universal group is held out of all campaigns: it is compared with over a year. */
static void put_meanwhile(const struct reporting *r, struct buf *out)
{
	struct share treated = { 0, 0 }, control = { 0, 0 };
	struct interval ci;

	for (size_t i = 0; i < r->n; i++) {
		struct share *s = r->arm[i].arm == ARM_CONTROL ? &control : &treated;

		if (r->arm[i].arm == ARM_UNIVERSAL)
			continue;
		s->hits += r->arm[i].window;
		s->n += r->arm[i].targets;
	}
	if (treated.n == 0 || control.n == 0)
		return;
	ci = evaluate_always(treated, control, (double)treated.n, 0.05);
	buf_printf(
		out,
		"\nso far %.2f %% of those chosen and %.2f %% of those held out have it; the "
		"difference lies\nbetween %+.2f and %+.2f percentage points, whenever one "
		"looks (95 %%)%s\n",
		100 * (double)treated.hits / (double)treated.n,
		100 * (double)control.hits / (double)control.n, 100 * ci.low,
		100 * ci.high,
		r->row.state == CAMPAIGN_RUNNING || r->row.state == CAMPAIGN_PAUSED
			? "; what it brought is said once it is over (evaluate)"
			: "");
}

enum err campaign_report(struct office_call *c)
{
	struct reporting r = { .c = c };
	struct buf out = buf_make(ANSWER);
	bool csv = false, hours = false;
	enum err e = office_flag(c, "csv", &csv);

	if (e == ERR_OK)
		e = office_flag(c, "hours", &hours);
	if (e == ERR_OK)
		e = load(&r);
	if (e == ERR_OK && csv) {
		(hours ? put_csv_more : put_csv)(&r, &out);
	} else if (e == ERR_OK) {
		put_head(&r, &out);
		put_funnel(&r, &out);
		put_cost(&r, &out);
		campaign_outcome_say(&r.outcome, &out);
		put_meanwhile(&r, &out);
		campaign_alarms_say(&r.alarms, &out);
	}
	office_lines(c, &out);
	buf_free(&out);
	return e;
}
