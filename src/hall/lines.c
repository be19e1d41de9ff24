/*
 * lines.c - see lines_priv.h.
 */
#include "access_priv.h"
#include "lines_priv.h"
#include "model/money.h"

static void add(struct lines *l, struct line line)
{
	if (line.fen != 0 && l->n < LINES_MAX)
		l->line[l->n++] = line;
}

bool lines_imported(const struct call *c, month_t month, struct lines *l)
{
	const struct dossier *d = c->q->who;
	bool any = false;

	for (size_t i = 0; i < d->n_bill; i++) {
		if (d->bill[i].month != month)
			continue;
		add(l, (struct line){ .item = line_name(c, d->bill[i].item),
		                      .fen = d->bill[i].amount_fen });
		any = true;
	}
	return any;
}

static struct line fee_line(const struct call *c, const struct package *p)
{
	return (struct line){
		.item = call_text(
			c, REPLY_BILL_FEE,
			&(struct reply_values){ .package = call_package(c, p->code) }),
		.fen = p->fee_fen,
		.kind = LINE_FEE,
		.package = p,
	};
}

static void add_tariff(const struct call *c, const struct usage_month *u, struct lines *l)
{
	struct package p;
	struct tariff_bill b;

	if (!call_terms(c, u->month, &p))
		return;
	b = tariff_bill(&p, u->voice_s, u->sms, u->data_kib);
	add(l, fee_line(c, call_tariff(c)));
	add(l, (struct line){ call_text(c, REPLY_BILL_VOICE, NULL), b.over_voice_fen,
	                      LINE_CALLS, NULL });
	add(l, (struct line){ call_text(c, REPLY_BILL_SMS, NULL), b.over_sms_fen,
	                      LINE_TEXTS, NULL });
	add(l, (struct line){ call_text(c, REPLY_BILL_DATA, NULL), b.over_data_fen,
	                      LINE_DATA, NULL });
}

/* Of the month in which it was opened, what the order took; else its fee. */
static int64_t taken(const struct call *c, const struct subscription *s,
                     const struct package *p, month_t month)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; civil_month(s->since) == month && i < d->n_orders; i++)
		if (d->order[i].at == s->since &&
		    str_eq(d->order[i].kind, STR("service.open")) &&
		    str_eq(d->order[i].package, p->code))
			return d->order[i].charged_fen;
	return p->fee_fen;
}

static void add_held(const struct call *c, const struct subscription *s,
                     const struct package *p, month_t month, struct lines *l)
{
	struct line fee = fee_line(c, p);

	fee.fen = taken(c, s, p, month);
	if (!s->trial && p->kind != PACKAGE_MAIN)
		add(l, fee);
}

size_t lines_deduced(const struct call *c, const struct usage_month *u, struct lines *l)
{
	const struct dossier *d = c->q->who;
	size_t unpriced = 0;

	add_tariff(c, u, l);
	for (size_t i = 0; i < d->n_held; i++) {
		const struct package *p = catalogue_find(c->q->catalogue,
		                                         d->held[i].package);

		if (!call_held(c, &d->held[i], u->month))
			continue;
		if (p == NULL)
			unpriced++;
		else
			add_held(c, &d->held[i], p, u->month, l);
	}
	return unpriced;
}

int64_t lines_total(const struct lines *l)
{
	int64_t total = 0;

	for (size_t i = 0; i < l->n; i++)
		total += l->line[i].fen;
	return total;
}

struct str lines_expected(const struct call *c, month_t month)
{
	const struct dossier *d = c->q->who;
	const struct usage_month *u = dossier_usage(d, month);
	struct lines l = { .n = 0 };

	if (u == NULL || civil_month(d->usage_as_of) <= month || call_tariff(c) == NULL ||
	    lines_deduced(c, u, &l) > 0)
		return (struct str){ NULL, 0 };
	return money_text(c->q->arena, lines_total(&l));
}

bool lines_pending(const struct call *c, struct reply_values *v)
{
	const struct dossier *d = c->q->who;
	const month_t last = civil_month(c->q->now) - 1;
	const struct usage_month *u = dossier_usage(d, last);

	if (!access_early(c->q->now) || (d->have & NEED_USAGE) == 0 || u == NULL ||
	    u->bill_fen != BILL_NONE)
		return false;
	v->pending = call_month(c, last);
	v->expected = lines_expected(c, last);
	return true;
}
