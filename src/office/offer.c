/*
 * offer.c - the task "offer": what each package would mean for one number, with the whole
 * arithmetic.
 *
 *   {"do":"offer","msisdn":"13800000001","policy":"/.../offer.conf","all":true,
 *    "csv":false,"chart":false,"now":1790000000}
 */
#include <inttypes.h>

#include "assets/assets.h"
#include "care_priv.h"
#include "offer/chart.h"
#include "office/candidates.h"
#include "text/segment.h"

enum {
	ANSWER = 1 << 20, /* octets */
	SHOWN = 3, /* packages, cheapest first, besides those pushed and answered */
	NAMED = 3  /* services */
};

struct looking {
	struct office_call *call;
	struct assets *assets;
	struct catalogue catalogue;
	struct policy policy;
	struct dossier who;
	struct hall_question q;
	struct hall_offer offer;
	struct cross cross;
	bool all, csv, chart;
};

/* ---- what is looked at ---- */

/* On the owner's thread: one number's rows, nothing is written. */
static enum err load_dossier(struct store *s, void *arg)
{
	struct looking *l = arg;
	struct dossier *d = &l->who;
	const unsigned needs = hall_offer_needs();
	enum err e = store_load_dossiers(s, &l->call->arena, &d, 1);

	if (e == ERR_OK && d->known)
		e = store_load_needs(s, &l->call->arena, &d, &needs, 1, l->q.now);
	if (e != ERR_OK)
		office_store_failed(l->call, s);
	return e;
}

static enum err read_request(struct looking *l)
{
	struct office_call *c = l->call;
	enum err e = office_msisdn(c, &l->who.msisdn);

	if (e == ERR_OK)
		e = office_now(c, &l->q.now);
	if (e == ERR_OK)
		e = office_flag(c, "all", &l->all);
	if (e == ERR_OK)
		e = office_flag(c, "csv", &l->csv);
	if (e == ERR_OK)
		e = office_flag(c, "chart", &l->chart);
	return e;
}

static enum err read_policy(struct looking *l)
{
	struct office_call *c = l->call;
	struct str path;
	enum err e;

	l->policy = l->assets->policy;
	if (!office_has(c, "policy"))
		return ERR_OK;
	e = office_text(c, "policy", &path);
	if (e == ERR_OK)
		e = assets_read_policy(arena_str(&c->arena, path).p, &c->arena,
		                       &l->policy, c->fault);
	return e;
}

static enum err load(struct looking *l)
{
	struct office_call *c = l->call;
	const struct conf *conf = c->host->conf;
	const struct hall_conf hall = {
		.default_language = assets_language(str_of(conf->default_language)),
		.hotline = str_of(conf->hotline),
	};
	enum err e = assets_load_unjudged(conf->grammar, &hall, l->q.now, &l->assets,
	                                  c->fault);

	if (e == ERR_OK)
		e = read_policy(l);
	if (e == ERR_OK)
		e = store_reader_catalogue(c->host->reader, &c->arena, &l->catalogue);
	if (e == ERR_OK)
		e = candidates_load(c->host->reader, &l->catalogue, &l->policy,
		                    &l->assets->terms, &l->assets->tools, l->q.now,
		                    &c->arena, &l->cross);
	if (e == ERR_OK)
		e = office_write(c, load_dossier, l);
	return e;
}

/* ---- what is said ---- */

static struct explained explained(const struct looking *l)
{
	return (struct explained){ &l->offer.tariffs, l->offer.policy, &l->offer.subject,
		                   &l->offer.match, l->offer.last };
}

static void put_stage(const struct looking *l, struct buf *out)
{
	const struct stage_facts *f = &l->offer.facts;
	const struct policy *p = l->offer.policy;
	int32_t bp;

	buf_printf(out, "%" PRId64 ": %s, %.*s, %.*s\n", l->who.msisdn,
	           sub_class_name(l->who.sub.class), STR_ARG(l->who.sub.region),
	           STR_ARG(l->who.sub.network));
	buf_printf(out, "stage: %s; here for %" PRId32 " month%s",
	           stage_name(l->offer.subject.stage), f->tenure_months,
	           f->tenure_months == 1 ? "" : "s");
	if (offer_trend(l->offer.policy, f, &bp))
		buf_printf(out,
		           ", trend of use %+" PRId32 " %% (growing above %" PRId32
		           " %%, declining below -%" PRId32 " %%)",
		           bp / 100, p->trend_up_bp / 100, p->trend_down_bp / 100);
	else
		buf_puts(out, STR(", no trend of use yet"));
	if (f->contract_days != INT32_MAX)
		buf_printf(out, ", contract for %" PRId32 " more days", f->contract_days);
	else
		buf_puts(out, STR(", no contract"));
	buf_printf(out, "%s%s%s%s\n\n", f->arrears ? ", owes" : "",
	           f->complaint_open ? ", a complaint is open" : "",
	           f->complained ? ", complained lately" : "",
	           f->declined_twice ? ", declined two offers lately" : "");
}

static void put_reasons(const struct looking *l, const struct candidate *of,
                        struct buf *out)
{
	for (int lang = 0; lang < LANG_COUNT; lang++) {
		const struct str s = hall_offer_reason(
			l->assets->hall, &l->q, (enum language)lang, &l->offer, of);

		buf_printf(out, "  %-8s%.*s\n", language_name((enum language)lang),
		           STR_ARG(s));
	}
}

/* Whose acceptance is looked at: that of his stage and present bill. */
static unsigned cell_of(const struct looking *l)
{
	const struct match *m = &l->offer.match;

	return learn_cell_of(l->offer.subject.stage,
	                     m->weight > 0 ? m->now.weighted_li / m->weight : 0);
}

/* In the language that he would read it in. */
static void put_worth(const struct looking *l, const struct candidate *of,
                      struct buf *out)
{
	const struct explained e = explained(l);
	const struct str s = hall_offer_reason(l->assets->hall, &l->q,
	                                       l->who.sub.language, &l->offer, of);

	const struct match *m = &l->offer.match;
	const struct learn_features features = learn_features_of(
		of->saving_li,
		m->now.weighted_li + l->offer.subject.addons_li * m->weight, m->weight,
		l->offer.refusals);
	const struct worth_asked asked = { .learned = l->cross.learned,
		                           .item = of->tariff,
		                           .cell = cell_of(l),
		                           .contacts = l->offer.contacts,
		                           .of = &features };

	explain_worth(&e, of, &asked, segment_count(s, false, false), out);
}

static void put_outcome(const struct looking *l, struct buf *out)
{
	const struct explained e = explained(l);
	const struct match *m = &l->offer.match;
	const struct candidate *pushed = offer_best(m);
	const struct candidate *asked = offer_cheapest(l->offer.policy, m);

	buf_putc(out, '\n');
	explain_outcome(&e, out);
	if (pushed != NULL) {
		buf_puts(out, STR("what he would be told:\n"));
		put_reasons(l, pushed, out);
		put_worth(l, pushed, out);
	}
	if (asked != NULL && asked != pushed) {
		buf_puts(out, STR("what is true for who asks:\n"));
		put_reasons(l, asked, out);
	}
}

static void put_cross(const struct looking *l, struct buf *out)
{
	const struct explained e = explained(l);
	const struct hall_offer *o = &l->offer;
	const struct match *m = &o->match;
	const struct cross_who who = {
		.stage = o->subject.stage,
		.margin_li = m->weight > 0 ? explain_margin(&e) : 0,
		.owned = &o->owned,
		.may = &o->services,
		.tried = &o->tried,
		.cooling = &o->subject.cooling,
		.cell = cell_of(l),
		.contacts = l->offer.contacts,
	};
	struct cross_offer best[NAMED];
	const size_t n = cross_best(&l->cross, &who, (unsigned)l->policy.segments, best,
	                            NAMED);

	explain_cross(&l->cross, &who, best, n, out);
}

static bool is_shown(const struct looking *l, size_t i)
{
	const struct match *m = &l->offer.match;
	const struct candidate *c = &m->of[i];

	return l->all || i < SHOWN || c == offer_best(m) ||
	       c == offer_cheapest(l->offer.policy, m);
}

static void put_left_out(const struct tariffs *t, struct buf *out)
{
	struct fault why;

	for (size_t i = 0; i < t->catalogue->n; i++)
		if (tariffs_without(t, i, &why))
			buf_printf(out, "left out: %s\n", why.text);
}

static void put_all(const struct looking *l, struct buf *out)
{
	const struct explained e = explained(l);
	const struct match *m = &l->offer.match;
	size_t hidden = 0;

	put_stage(l, out);
	explain_subject(&e, out);
	for (size_t i = 0; i < m->n; i++) {
		if (is_shown(l, i))
			explain_candidate(&e, &m->of[i], out);
		else
			hidden++;
	}
	if (hidden > 0)
		buf_printf(out, "\n%zu dearer packages more with --all\n", hidden);
	if (m->n > 0)
		put_outcome(l, out);
	put_cross(l, out);
	put_left_out(&l->offer.tariffs, out);
}

static void say(const struct looking *l)
{
	const struct explained e = explained(l);
	struct buf out = buf_make(ANSWER);
	struct str rest, line;

	if (l->chart)
		chart_offer(&e, office_in_english(l->call), &out);
	else if (l->csv)
		explain_csv(&e, &out);
	else
		put_all(l, &out);
	rest = buf_str(&out);
	if (rest.n > 0)
		rest.n--; /* the last newline begins no line */
	while (str_cut(&rest, '\n', &line))
		office_line(l->call, line);
	buf_free(&out);
}

static enum err run(struct office_call *c)
{
	struct grammar_command none = { .intent = NULL };
	struct looking l = { .call = c };
	enum err e = read_request(&l);

	l.q.command = &none;
	l.q.text = l.q.folded = STR("");
	l.q.who = &l.who;
	l.q.arena = &c->arena;
	if (e == ERR_OK)
		e = load(&l);
	l.q.catalogue = &l.catalogue;
	if (e == ERR_OK && !l.who.known) {
		fault_set(c->fault, "%" PRId64 " is no subscriber on record",
		          l.who.msisdn);
		e = ERR_NOT_FOUND;
	}
	if (e == ERR_OK) {
		hall_offer(l.assets->hall, &l.q, &l.policy, &l.offer);
		say(&l);
	}
	assets_destroy(l.assets);
	return e;
}

const struct office_task office_offer = { .name = "offer", .run = run };
