/*
 * usage.c - what is used and left of this month's allowances, and when the data
 * will be used up at the pace so far.
 */
#include "../lines_priv.h"
#include "model/money.h"
#include "model/volume.h"

enum {
	FORECAST_AFTER_S = 2 * 24 * 3600 /* of the month; before, the pace says little */
};

static int64_t month_start(month_t m)
{
	return civil_to_utc(
		(struct civil){ month_year(m), month_of_year(m), 1, 0, 0, 0 });
}

/* The day on which the data ends at this pace; p == NULL when it lasts or cannot be said. */
static struct str runs_out(const struct call *c, const struct usage_month *u,
                           int64_t total_kib)
{
	const int64_t start = month_start(u->month), as_of = c->q->who->usage_as_of;
	const int64_t elapsed = as_of - start, next = month_start(u->month + 1);
	double end;

	if (elapsed < FORECAST_AFTER_S || u->data_kib <= 0 || u->data_kib >= total_kib)
		return (struct str){ NULL, 0 };
	end = (double)start + (double)elapsed * ((double)total_kib / (double)u->data_kib);
	if (end >= (double)next)
		return (struct str){ NULL, 0 };
	return call_day(c, end > (double)c->q->now ? (int64_t)end : c->q->now);
}

static void put_calls(const struct call *c, const struct package *p,
                      const struct usage_month *u, struct reply_values *v)
{
	const int64_t used = voice_minutes(u->voice_s), total = p->voice_s / 60;

	if (total == 0 && used > 0)
		v->calls_used = call_number(c, used);
	else if (used > total)
		v->calls_over = call_number(c, used - total);
	else if (total > 0)
		v->calls_left = call_number(c, total - used);
}

static void put_texts(const struct call *c, const struct package *p,
                      const struct usage_month *u, struct reply_values *v)
{
	if (p->sms == 0 && u->sms > 0)
		v->texts_used = call_number(c, u->sms);
	else if (u->sms > p->sms)
		v->texts_over = call_number(c, u->sms - p->sms);
	else if (p->sms > 0)
		v->texts_left = call_number(c, p->sms - u->sms);
}

/* Fills what the state of the data needs and names the reply for it. */
static enum reply_id put_data(const struct call *c, const struct package *p,
                              const struct usage_month *u, struct reply_values *v)
{
	struct arena *a = c->q->arena;

	v->data_used = volume_text(a, u->data_kib);
	if (p->data_block_kib <= 0)
		return REPLY_USAGE_FREE;
	if (p->data_kib > 0)
		v->data_total = volume_text(a, p->data_kib);
	v->price = call_data_price(c, p);
	if (u->data_kib > p->data_kib) {
		if (p->data_kib > 0)
			v->data_over = volume_text(a, u->data_kib - p->data_kib);
		v->price = call_data_price_at(c, p, u->data_kib);
		if (p->over_data_cap_fen > 0)
			v->cap = money_short(a, p->over_data_cap_fen);
		return REPLY_USAGE_OVER;
	}
	v->data_left = volume_text(a, p->data_kib - u->data_kib);
	v->runs_out = runs_out(c, u, p->data_kib);
	return REPLY_USAGE_LEFT;
}

static struct hall_answer answer_under(const struct call *c, const struct package *p,
                                       const struct usage_month *u)
{
	const struct tariff_bill b = tariff_bill(p, u->voice_s, u->sms, u->data_kib);
	struct reply_values v = { .package = call_package(c, p->code) };
	const enum reply_id id = put_data(c, p, u, &v);

	call_as_of(c, c->q->who->usage_as_of, &v);
	put_calls(c, p, u, &v);
	put_texts(c, p, u, &v);
	if (b.total_fen > b.fee_fen)
		v.over_cost = money_text(c->q->arena, b.total_fen - b.fee_fen);
	return call_say(c, CALL_DONE, id, &v);
}

static struct hall_answer none_yet(const struct call *c)
{
	const struct dossier *d = c->q->who;
	struct reply_values v = { 0 };

	if (lines_pending(c, &v))
		return call_say(c, "unavailable", REPLY_USAGE_BILLING, &v);
	if (d->n_usage > 0 && d->usage_as_of > 0)
		v.time = call_time(c, d->usage_as_of);
	return call_say(c, "unavailable", REPLY_USAGE_NONE, &v);
}

static struct hall_answer answer(const struct call *c)
{
	struct usage_month u;
	struct package p;
	struct reply_values v = { 0 };

	if (!call_usage(c, &u))
		return none_yet(c);
	if (call_terms(c, u.month, &p))
		return answer_under(c, &p, &u);
	call_as_of(c, c->q->who->usage_as_of, &v);
	v.data_used = volume_text(c->q->arena, u.data_kib);
	v.calls_used = call_number(c, voice_minutes(u.voice_s));
	v.texts_used = call_number(c, u.sms);
	return call_say(c, CALL_DONE, REPLY_USAGE_PLAIN, &v);
}

const struct service service_usage = {
	.intent = "usage.query",
	.access = ACCESS_READ,
	.needs = NEED_USAGE | NEED_SUBSCRIPTIONS,
	.early = NEED_ORDERS,
	.label = REPLY_LABEL_USAGE,
	.answer = answer,
};
