/*
 * explain_cross.c - services that go well with what is held, with the arithmetic of each.
 */
#include <inttypes.h>

#include "explain_priv.h"
#include "offer/cross.h"

enum {
	LI_OF_FEN = 10,
	PPM_OF_TENTH = 1000,
	BP_OF_TENTH = 10,
	BP = 10000
};

static struct str code_of(const struct cross *x, size_t i)
{
	return x->packages->package[i].code;
}

static void put_share(struct buf *out, const char *name, int32_t ppm)
{
	buf_puts(out, str_of(name));
	explain_share(out, ppm / PPM_OF_TENTH);
}

/* 2.40 of 2400 thousandths. */
static void put_lift(const struct cross *x, const struct lift *l, struct buf *out)
{
	const struct lift_counts *c = x->counts;
	const struct str held = code_of(x, l->held), offered = code_of(x, l->offered);

	buf_printf(out,
	           "  of %zu subscribers %" PRIu32 " hold %.*s, %" PRIu32
	           " hold %.*s, %" PRIu32 " both: lift %" PRId32 ".%02" PRId32
	           " = %zu * %" PRIu32 " / (%" PRIu32 " * %" PRIu32
	           "), 1 is chance; at least %" PRId32 ".%02" PRId32 " and %" PRId32
	           " of both\n",
	           c->n, c->one[l->held], STR_ARG(held), c->one[l->offered],
	           STR_ARG(offered), l->support, l->lift_mil / 1000,
	           l->lift_mil % 1000 / 10, c->n, l->support, c->one[l->held],
	           c->one[l->offered], x->policy->lift_bp / BP,
	           x->policy->lift_bp % BP / 100, x->policy->support);
}

static void put_accept(const struct cross *x, const struct cross_who *w,
                       const struct cross_offer *o, struct buf *out)
{
	const struct worth_asked asked = { .learned = x->learned,
		                           .item = o->lift.offered,
		                           .cell = w->cell };

	buf_puts(out, STR("  accept "));
	explain_accept(x->policy, o->trial_days > 0 ? WORTH_TRIAL : WORTH_SERVICE, &asked,
	               o->in.q_ppm, out);
	put_share(out, "; leave when left alone ", o->in.p0_ppm);
	put_share(out, ", after accepting ", o->in.pacc_ppm);
	put_share(out, ", after refusing ", o->in.prej_ppm);
	buf_putc(out, '\n');
}

static void put_offer(const struct cross *x, const struct cross_who *w,
                      const struct cross_offer *o, struct buf *out)
{
	const struct package *p = &x->packages->package[o->lift.offered];

	buf_printf(out, "\n%.*s  %.*s\n", STR_ARG(p->code), STR_ARG(p->name_zh));
	put_lift(x, &o->lift, out);
	buf_puts(out, STR("  "));
	if (o->trial_days > 0)
		buf_printf(out,
		           "%d days free first, then only by his order: ", o->trial_days);
	explain_li(out, 0, p->fee_fen * LI_OF_FEN);
	buf_puts(out, STR(" a month; margin "));
	explain_li(out, 0, (p->fee_fen - p->cost_fen) * LI_OF_FEN);
	buf_puts(out, STR(" = fee - cost "));
	explain_li(out, 0, p->cost_fen * LI_OF_FEN);
	if (o->trial_days > 0) {
		buf_puts(out, STR("; the free days cost "));
		explain_li(out, 0, o->given_li);
		buf_puts(out, STR(", and "));
		explain_share(out, x->policy->trial_kept_bp / BP_OF_TENTH);
		buf_puts(out, STR(" of those who tried order it"));
	}
	buf_putc(out, '\n');
	put_accept(x, w, o, out);
	buf_puts(out, STR("  worth of contact: "));
	explain_li(out, 0, o->value_li);
	buf_printf(out, " yuan over %" PRId32 " months%s", o->in.horizon,
	           o->value_li < 0 ? ": not worth telling" : "");
	explain_sum(&o->in, out);
}

/* What would be named if fewer owners were enough: the best, and how many hold both. */
static void put_why_none(const struct cross *x, const struct cross_who *w,
                         struct buf *out)
{
	struct policy any = *x->policy;
	const struct cross likewise = { x->packages, &any, x->counts, x->trial_days,
		                        x->learned };
	struct cross_offer o;

	any.support = 1;
	any.lift_bp = 0;
	if (x->policy->services[w->stage] == SERVICES_NONE)
		buf_printf(out, "nothing: no services are offered in the stage %s\n",
		           stage_name(w->stage));
	else if (x->counts->n == 0)
		buf_puts(out,
		         STR("nothing: who holds what is not counted yet: smshall tags "
		             "refresh\n"));
	else if (cross_best(&likewise, w, 1, &o, 1) == 0)
		buf_puts(out,
		         STR("nothing that he may have is held together with what he "
		             "holds\n"));
	else
		buf_printf(out,
		           "nothing: %.*s goes best with %.*s, but %" PRIu32
		           " hold both, at least %" PRId32 " (cross.support of "
		           "offer.conf); lift %" PRId32 ".%02" PRId32
		           ", at least %" PRId32 ".%02" PRId32 " (cross.lift)\n",
		           STR_ARG(code_of(x, o.lift.offered)),
		           STR_ARG(code_of(x, o.lift.held)), o.lift.support,
		           x->policy->support, o.lift.lift_mil / 1000,
		           o.lift.lift_mil % 1000 / 10, x->policy->lift_bp / BP,
		           x->policy->lift_bp % BP / 100);
}

void explain_cross(const struct cross *x, const struct cross_who *w,
                   const struct cross_offer *offer, size_t n, struct buf *out)
{
	buf_puts(out, STR("\ngoes well with what he holds:\n"));
	for (size_t i = 0; i < n; i++)
		put_offer(x, w, &offer[i], out);
	if (n == 0)
		put_why_none(x, w, out);
}
