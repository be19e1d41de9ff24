/*
 * typical.c - what is worked out of all behind the tags, each night: what customers of
 * each package and class use, for those whose own months are too few; what is held
 * together, for who may be offered one of it; what was ordered most of late, for who
 * asks; and who took what campaigns offered.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "model/popular.h"
#include "model/typical.h"
#include "offer/learned.h"
#include "offer/lift.h"
#include "store/campaigns.h"
#include "store/people.h"
#include "tags_priv.h"

enum {
	MONTHS = 6,
	ROOM = 1 << 20,      /* octets of the text of packages */
	LIFT_ROOM = 8 << 20, /* of that of pairs: TARIFF_MOST squared, of short codes */
	ANSWERED_S = 3 * 24 * 3600 /* who answers has done so by then */
};

struct adding {
	struct catalogue packages;
	month_t first, last;
	struct sum {
		int64_t people, months, voice_s, sms, data_kib;
	} * sum; /* [package][class] */
	struct lift_counts lift;
	struct learn_counts learned;
	int64_t now;
	const char *name; /* of the text */
	struct buf text;
};

static void add_held(struct adding *a, const struct store_person *p)
{
	struct offer_set owned = { 0 };

	offer_owned(&a->packages, p->package, p->held, p->n_held, a->now, &owned);
	lift_count(&a->lift, &owned, 1);
}

/* Each number once a code, however often it ordered that. */
static void add_ordered(struct adding *a, const struct store_person *p)
{
	for (size_t i = 0; i < p->n_ordered; i++)
		for (size_t k = 0; k < a->packages.n; k++)
			if (str_eq(a->packages.package[k].code, p->ordered[i]))
				a->packages.package[k].popular++;
}

static void add(void *ctx, const struct store_person *p)
{
	struct adding *a = ctx;
	const struct package *of = catalogue_find(&a->packages, p->package);
	struct sum *s;
	int64_t months = 0;

	add_held(a, p);
	add_ordered(a, p);
	if (of == NULL)
		return;
	s = &a->sum[(size_t)(of - a->packages.package) * PACKAGE_CLASSES + p->class];
	for (size_t i = 0; i < p->n_usage; i++) {
		const struct usage_month *u = &p->usage[i];

		if (u->month < a->first || u->month > a->last)
			continue;
		s->voice_s += u->voice_s;
		s->sms += u->sms;
		s->data_kib += u->data_kib;
		months++;
	}
	s->months += months;
	s->people += months > 0 ? 1 : 0;
}

static enum err add_all(struct office_call *c, struct adding *a, int64_t now)
{
	const struct office_host *h = c->host;
	int64_t after = 0;
	enum err e = ERR_OK;

	while (e == ERR_OK) {
		if (h->is_ending != NULL && h->is_ending(h->ctx))
			return ERR_STATE;
		e = store_people(h->reader, now, &after, add, a);
	}
	return e == ERR_END ? ERR_OK : e;
}

static void put_means(struct adding *a)
{
	for (size_t i = 0; i < a->packages.n * PACKAGE_CLASSES; i++) {
		const struct sum *s = &a->sum[i];

		if (s->months > 0)
			a->packages.package[i / PACKAGE_CLASSES]
				.typical[i % PACKAGE_CLASSES] = (struct typical){
				s->people, s->voice_s / s->months, s->sms / s->months,
				s->data_kib / s->months
			};
	}
}

static enum err write_text(struct store *s, void *arg)
{
	const struct adding *a = arg;

	return store_put_worked_out(s, a->name, buf_str(&a->text));
}

static enum err keep(struct office_call *c, struct adding *a, const char *name)
{
	a->name = name;
	return office_write(c, write_text, a);
}

static enum err keep_all(struct office_call *c, struct adding *a)
{
	enum err e;

	put_means(a);
	typical_print(&a->packages, &a->text);
	e = keep(c, a, TYPICAL_SETTING);
	buf_reset(&a->text);
	popular_print(&a->packages, &a->text);
	if (e == ERR_OK)
		e = keep(c, a, POPULAR_SETTING);
	buf_free(&a->text);
	a->text = buf_make(LIFT_ROOM);
	lift_print(&a->lift, &a->packages, &a->text);
	if (e == ERR_OK && !a->text.failed)
		e = keep(c, a, STORE_LIFT);
	buf_reset(&a->text);
	learned_print(&a->learned, &a->text);
	return e == ERR_OK && !a->text.failed ? keep(c, a, STORE_LEARNED) : e;
}

/* ---- what campaigns have measured ---- */

static void add_told(void *ctx, const struct target_told *t)
{
	struct adding *a = ctx;

	learn_count(&a->learned, t->offer, t->trial, t->cell, t->ordered);
}

static enum err learn_all(struct office_call *c, struct adding *a)
{
	struct campaign_row *row = NULL;
	size_t n = 0;
	enum err e = store_campaigns(c->host->reader, &c->arena, STR(""), &row, &n,
	                             c->fault);

	a->learned = learn_counts_make(&c->arena);
	for (size_t i = 0; i < n && e == ERR_OK; i++)
		if (row[i].sent > 0)
			e = store_campaign_told(c->host->reader, row[i].id,
			                        a->now - ANSWERED_S, add_told, a,
			                        c->fault);
	return e;
}

enum err office_typical(struct office_call *c, int64_t now)
{
	struct adding a = { .now = now,
		            .last = civil_month(now) - 1,
		            .text = buf_make(ROOM) };
	enum err e = store_reader_catalogue(c->host->reader, &c->arena, &a.packages);

	a.first = a.last - MONTHS + 1;
	a.sum = arena_array(&c->arena, struct sum, a.packages.n * PACKAGE_CLASSES + 1);
	a.lift = lift_counts_make(a.packages.n < TARIFF_MOST ? a.packages.n : TARIFF_MOST,
	                          &c->arena);
	for (size_t i = 0; i < a.packages.n; i++)
		a.packages.package[i].popular = 0; /* as of last night */
	if (e == ERR_OK)
		e = add_all(c, &a, now);
	if (e == ERR_OK)
		e = learn_all(c, &a);
	if (e == ERR_OK)
		e = keep_all(c, &a);
	if (e == ERR_OK && c->host->packages_changed != NULL)
		c->host->packages_changed(c->host->ctx);
	buf_free(&a.text);
	return e;
}
