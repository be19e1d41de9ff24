/*
 * campaign_case.c - targets as they would be sent now: the text of each, its segments, and
 * what the gate says of it; then the samples of a preview made of that.
 *
 * Rows of numbers are read as turns read them, through the reader; nothing is written.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "campaign_priv.h"
#include "push/arms.h"
#include "store/people.h"
#include "text/mask.h"

enum {
	SAMPLES = 5,
	SAMPLES_MOST = 50,
	TEXT_OCTETS = 16384
};

/* ---- cases ---- */

/* As it is asked once the campaign runs, in its hours and those of the number. */
static enum gate_reason ask(struct gate_case *g)
{
	enum gate_reason reason = gate_ask(g);

	if (reason != GATE_HOURS)
		return reason;
	g->now = gate_opens(g);
	return gate_ask(g);
}

static void judge(struct campaign_plan *p, const struct target_row *t,
                  const struct dossier *who, struct arena *a, struct campaign_case *out)
{
	struct str values[PUSH_VARIABLES];
	struct buf text = buf_make(TEXT_OCTETS);
	struct ware w = { .tool = NULL };
	struct gate_case g = { .campaign = &p->def,
		               .rules = &p->rules,
		               .who = who,
		               .owner_since = t->owner_since,
		               .now = p->now > p->def.from ? p->now : p->def.from,
		               .offer = t->offer,
		               .on_sale = true,
		               .stock = INT64_MAX,
		               .budget_li = INT64_MAX };

	if (t->offer.n > 0 &&
	    ware_find(p->def.kind, t->offer, &p->packages, &p->tools, &w)) {
		g.on_sale = ware_on_sale(&w, g.now);
		g.stock = ware_stock(&w, who->stocks);
	}
	*out = (struct campaign_case){ .target = t,
		                       .owner_since = who->known ? who->sub.owner_since
		                                                 : 0,
		                       .language = who->sub.language };
	if (who->known && t->arm < p->def.n_arms) {
		const enum language l = compose_language(p->composed, t->arm,
		                                         who->sub.language);

		compose_target(&(struct compose_case){ .campaign = &p->def,
		                                       .target = t,
		                                       .salt = p->salt,
		                                       .package = who->sub.package,
		                                       .language = l,
		                                       .packages = &p->packages,
		                                       .tools = &p->tools,
		                                       .stocks = who->stocks,
		                                       .now = g.now },
		               a, values);
		out->language = l;
		out->segments = compose_render(p->composed, t->arm, l, values, &text);
		out->text = arena_str(a, buf_str(&text));
	}
	g.segments = out->segments;
	g.cost_li = out->segments * p->rules.segment_li;
	if (t->arm >= p->def.n_arms)
		g.segments = 1; /* gets none: its text is not too long */
	out->reason = ask(&g);
	buf_free(&text);
}

enum err campaign_cases(struct campaign_plan *p, const struct target_row *t, size_t n,
                        struct arena *a, struct campaign_case *out)
{
	const unsigned needs = gate_needs() | compose_loads(p->def.kind);
	struct dossier **who = arena_array(a, struct dossier *, n);
	enum err e;

	if (n == 0)
		return ERR_OK;
	for (size_t i = 0; i < n; i++) {
		who[i] = arena_new(a, struct dossier);
		who[i]->msisdn = t[i].msisdn;
	}
	e = store_people_dossiers(p->c->host->reader, a, who, needs, n, p->now);
	if (e != ERR_OK)
		fault_set(p->c->fault, "the subscribers cannot be read: %s", err_text(e));
	for (size_t i = 0; i < n && e == ERR_OK; i++)
		judge(p, &t[i], who[i], a, &out[i]);
	return e;
}

/* ---- a preview ---- */

static int by_place(const void *left, const void *right)
{
	const struct target_row *l = left, *r = right;

	return (l->place > r->place) - (l->place < r->place);
}

/* Treated ones of the first portions that have any. */
static enum err find_samples(struct campaign_plan *p, const struct campaign_row *row,
                             struct campaign_walk *w, size_t wanted,
                             struct target_row **out, size_t *n_out)
{
	struct campaign_found *found = NULL;
	struct target_row *t = NULL;
	size_t n = 0, all = 0;
	enum err e;

	*n_out = 0;
	do {
		e = campaign_walk_next(w, &found, &n);
		if (e != ERR_OK)
			continue;
		t = arena_array(&p->c->arena, struct target_row, n + 1);
		all = 0;
		for (size_t i = 0; i < n; i++) {
			campaign_walk_target(w, row, &found[i], 0, &t[all]);
			all += t[all].state == TARGET_READY;
		}
	} while (e == ERR_OK && all == 0);
	if (e != ERR_OK && e != ERR_END)
		return e;
	if (all == 0)
		return ERR_OK;
	qsort(t, all, sizeof(*t), by_place); /* any beginning of that order is a sample */
	*n_out = all < wanted ? all : wanted;
	*out = t;
	return ERR_OK;
}

static void say_case(struct campaign_plan *p, const struct campaign_case *k)
{
	char number[MASK_MAX];
	const int64_t li = k->segments * p->rules.segment_li;

	office_say(p->c, "%s  arm %.*s  %s  %u segment%s, %" PRId64 ".%03d yuan%s%s",
	           mask_msisdn(number, k->target->msisdn),
	           STR_ARG(p->def.arm[k->target->arm].name), language_name(k->language),
	           k->segments, k->segments == 1 ? "" : "s", li / 1000, (int)(li % 1000),
	           k->reason != GATE_NONE ? "; would be refused: " : "",
	           k->reason != GATE_NONE ? gate_name(k->reason) : "");
	office_line(p->c, k->text);
	if (k->target->command.n > 0)
		office_say(p->c, "  \"1\" runs: %.*s", STR_ARG(k->target->command));
}

static enum err preview(struct campaign_plan *p, const struct campaign_row *row,
                        int64_t wanted)
{
	struct campaign_case k[SAMPLES_MOST];
	struct campaign_walk *w = NULL;
	struct target_row *t = NULL;
	struct arena a = arena_make(SIZE_MAX);
	size_t n = 0;
	enum err e = campaign_walk_begin(p, 0, &w);

	if (e == ERR_OK)
		e = find_samples(p, row, w, (size_t)wanted, &t, &n);
	if (e == ERR_OK)
		e = campaign_cases(p, t, n, &a, k);
	for (size_t i = 0; i < n && e == ERR_OK; i++)
		say_case(p, &k[i]);
	if (e == ERR_OK && n == 0)
		office_say(p->c, "nobody fits: smshall campaign preflight %.*s says why",
		           STR_ARG(p->def.code));
	campaign_walk_end(w);
	arena_free(&a);
	return e;
}

enum err campaign_preview(struct office_call *c)
{
	struct campaign_plan p = { .c = c };
	struct campaign_row row;
	int64_t wanted = SAMPLES;
	enum err e = office_number(c, "n", 1, SAMPLES_MOST, &wanted);

	if (e == ERR_OK)
		e = campaign_plan_of(c, &p, &row);
	if (e == ERR_OK)
		e = campaign_plan_check(&p);
	if (e == ERR_OK)
		e = campaign_plan_whole(&p);
	if (e == ERR_OK)
		e = preview(&p, &row, wanted);
	campaign_plan_free(&p);
	return e;
}
