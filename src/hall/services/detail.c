/*
 * detail.c - a month's calls, texts and data, five a page, newest first.
 *
 * Of this month and five before; where a PIN is set it is asked for.  Numbers are
 * masked: whoever holds the phone can ask.
 */
#include "hall/service.h"
#include "model/money.h"
#include "model/volume.h"
#include "text/mask.h"

enum {
	PAGE = 5,
	MONTHS_BEFORE = 5,
	SHORT_NUMBER = 6 /* digits; those of services, shown whole */
};

/* The records of one month: neighbours in the dossier, newest first. */
struct month_of {
	month_t month;
	const struct detail *row;
	size_t n;
	bool whole; /* all there are, and not only those that were loaded */
};

static struct month_of find_month(const struct call *c, month_t month)
{
	const struct dossier *d = c->q->who;
	struct month_of m = { .month = month, .row = d->detail };
	size_t from = 0, end;

	while (from < d->n_details && civil_month(d->detail[from].at) > month)
		from++;
	for (end = from; end < d->n_details && civil_month(d->detail[end].at) == month;)
		end++;
	m.n = end - from;
	if (m.n > 0)
		m.row = &d->detail[from];
	m.whole = d->n_details < HISTORY_DETAILS || end < d->n_details;
	return m;
}

static struct str masked(const struct call *c, struct str peer)
{
	char out[MASK_MAX];
	size_t digits = 0;

	for (size_t i = 0; i < peer.n; i++)
		digits += peer.p[i] >= '0' && peer.p[i] <= '9' ? 1 : 0;
	if (digits > SHORT_NUMBER)
		return arena_str(c->q->arena, str_of(mask_number(out, peer)));
	return call_name(c, peer);
}

static struct str size_text(const struct call *c, const struct detail *r)
{
	const bool calls = r->kind == DETAIL_VOICE;

	if (r->kind == DETAIL_DATA)
		return volume_text(c->q->arena, r->amount);
	return call_text(c, calls ? REPLY_SIZE_MINUTES : REPLY_SIZE_TEXTS,
	                 &(struct reply_values){
				 .count = call_number(c, calls ? voice_minutes(r->amount)
	                                                       : r->amount),
			 });
}

static struct str item_text(const struct call *c, const struct detail *r)
{
	static const enum reply_id word[] = { [DETAIL_VOICE] = REPLY_DETAIL_VOICE,
		                              [DETAIL_SMS] = REPLY_DETAIL_SMS,
		                              [DETAIL_DATA] = REPLY_DETAIL_DATA };
	struct reply_values v = {
		.moment = call_time(c, r->at),
		.kind = call_text(c, word[r->kind], NULL),
		.peer = masked(c, r->peer),
		.size = size_text(c, r),
	};

	if (r->fee_fen != 0)
		v.fee = money_text(c->q->arena, r->fee_fen);
	return call_text(c, REPLY_DETAIL_ITEM, &v);
}

static void put_sums(const struct call *c, const struct month_of *m,
                     struct reply_values *v)
{
	int64_t calls = 0, minutes = 0, fee = 0;

	for (size_t i = 0; i < m->n; i++) {
		fee += m->row[i].fee_fen;
		if (m->row[i].kind != DETAIL_VOICE)
			continue;
		calls++;
		minutes += voice_minutes(m->row[i].amount);
	}
	v->count = call_number(c, (int64_t)m->n);
	v->total = money_text(c->q->arena, fee);
	if (calls == 0)
		return;
	v->calls = call_number(c, calls);
	v->calls_used = call_number(c, minutes);
}

/* page: from 1, and not behind the last. */
static struct hall_answer say_page(const struct call *c, const struct month_of *m,
                                   size_t page, struct reply_values *v)
{
	const size_t first = (page - 1) * PAGE;
	const size_t n = m->n - first < PAGE ? m->n - first : PAGE;
	struct items items = { .n = n, .total = n };

	for (size_t i = 0; i < n; i++)
		items.item[i] = item_text(c, &m->row[first + i]);
	if (first + n < m->n) {
		v->next = call_number(c, (int64_t)page + 1);
		if (!call_busy(c))
			call_more(c, "page", (int)page + 1);
	}
	v->page = call_number(c, (int64_t)page);
	if (!m->whole)
		return call_say_list(c, CALL_DONE, REPLY_DETAIL_PART, v, &items);
	put_sums(c, m, v);
	return call_say_list(c, CALL_DONE, REPLY_DETAIL_LIST, v, &items);
}

static size_t page_asked(const struct call *c)
{
	const struct grammar_slot *s = call_named(c, "page");

	return s != NULL && s->type == GRAMMAR_INTS && s->ints[0] > 0 ? (size_t)s->ints[0]
	                                                              : 1;
}

static struct hall_answer say_month(const struct call *c, month_t month)
{
	const struct month_of m = find_month(c, month);
	const size_t pages = (m.n + PAGE - 1) / PAGE, page = page_asked(c);
	struct reply_values v = { .month = call_month(c, month) };

	if (c->q->who->details_as_of > 0)
		call_as_of(c, c->q->who->details_as_of, &v);
	if (m.n == 0 && !m.whole)
		return call_say(c, "unavailable", REPLY_DETAIL_BEYOND, &v);
	if (m.n == 0)
		return call_say(c, CALL_NONE, REPLY_DETAIL_NONE, &v);
	v.pages = call_number(c, (int64_t)pages);
	if (page > pages)
		return call_say(c, CALL_NONE, REPLY_DETAIL_PAGES, &v);
	return say_page(c, &m, page, &v);
}

static struct hall_answer answer(const struct call *c)
{
	const struct dossier *d = c->q->who;
	const month_t now = civil_month(c->q->now);
	const struct grammar_slot *asked = call_slot(c, GRAMMAR_MONTH);

	struct hall_answer refusal;

	if (!call_pin(c, c->q->who, "pin", &refusal))
		return refusal;
	/* Nothing this month yet: the latest that has something. */
	if (asked == NULL)
		return say_month(c,
		                 d->n_details > 0 ? civil_month(d->detail[0].at) : now);
	if (asked->month <= now && asked->month >= now - MONTHS_BEFORE)
		return say_month(c, asked->month);
	return call_say(c, CALL_NONE, REPLY_DETAIL_OUTSIDE,
	                &(struct reply_values){
				.month = call_month(c, asked->month),
				.since = call_month(c, now - MONTHS_BEFORE),
				.latest = call_month(c, now),
			});
}

const struct service service_detail = {
	.intent = "detail.query",
	.access = ACCESS_READ,
	.needs = NEED_DETAILS | NEED_PIN,
	.label = REPLY_LABEL_DETAILS,
	.answer = answer,
};

static struct hall_answer more(const struct call *c)
{
	return call_say(c, CALL_DONE, REPLY_MORE, NULL);
}

const struct service service_more = {
	.intent = "more",
	.access = ACCESS_FREE,
	.label = REPLY_LABEL_MORE,
	.answer = more,
};
