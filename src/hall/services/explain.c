/*
 * explain.c - why a bill is what it is: against the one before, line by line, the
 * largest difference first, each line with the tariff or the consent behind it.
 *
 * Nothing is guessed: lines are compared only with lines of the same origin, a basis
 * is named only where tariff and usage give exactly the amount, and what the lines
 * shown leave of the difference is "other".
 */
#include <stdlib.h>

#include "../lines_priv.h"
#include "model/money.h"
#include "model/volume.h"

enum {
	SHOWN = 24 /* changes; no reply holds as many */
};

/* A line of either month; an amount of 0: the month has none such. */
struct change {
	struct line line;
	int64_t was, is;
};

struct changes_of {
	struct change change[2 * LINES_MAX];
	size_t n;
};

/* Of which a comparison is made. */
struct two_months {
	const struct usage_month *this, *last; /* last == NULL: not on record */
	struct package terms;                  /* of this month */
	bool steady; /* terms are known, and were the same in both months */
};

/* -- the basis of one line ------------------------------------------------------------ */

/* The consent behind a month's fee: the last one, unless taken back before that month. */
static struct str consent_basis(const struct call *c, struct str code, month_t month)
{
	const struct dossier *d = c->q->who;
	struct reply_values v = { .code = call_way(c, "complaint.open") };

	for (size_t i = 0; i < d->n_consents; i++) {
		const struct consent *x = &d->consent[i];

		if (!str_eq(x->subject, code) || civil_month(x->at) > month)
			continue;
		if (!x->given && civil_month(x->at) < month)
			break;
		if (!x->given)
			continue;
		v.moment = call_moment(c, x->at);
		v.channel = call_channel(c, x->channel);
		v.words = call_name(c, x->text);
		return call_text(c, REPLY_BASIS_CONSENT, &v);
	}
	return call_text(c, REPLY_BASIS_NONE, &v);
}

static bool is_service(const struct line *l)
{
	return l->package != NULL && l->package->kind != PACKAGE_MAIN;
}

static struct str basis_of(const struct call *c, const struct two_months *m,
                           const struct change *x)
{
	const struct tariff_bill b = tariff_bill(&m->terms, m->this->voice_s,
	                                         m->this->sms, m->this->data_kib);

	if (x->is == 0)
		return (struct str){ NULL, 0 };
	if (is_service(&x->line))
		return consent_basis(c, x->line.package->code, m->this->month);
	if (!m->steady)
		return (struct str){ NULL, 0 };
	if (x->line.kind == LINE_DATA && x->is == b.over_data_fen)
		return call_basis(c, &m->terms, DIM_DATA, m->this->data_kib);
	if (x->line.kind == LINE_CALLS && x->is == b.over_voice_fen)
		return call_basis(c, &m->terms, DIM_VOICE, m->this->voice_s);
	if (x->line.kind == LINE_TEXTS && x->is == b.over_sms_fen)
		return call_basis(c, &m->terms, DIM_SMS, m->this->sms);
	return (struct str){ NULL, 0 };
}

/* -- the lines of both months ----------------------------------------------------------- */

/* Words in the names of imported lines. */
static bool holds(struct str s, const char *const *word)
{
	for (; *word != NULL; word++)
		if (str_find(s, str_of(*word)) != SIZE_MAX)
			return true;
	return false;
}

/* The service whose name the line has; with another amount than its fee it is for its use. */
static const struct package *service_named(const struct call *c, const struct line *l)
{
	const struct catalogue *all = c->q->catalogue;
	const struct package *best = NULL;

	for (size_t i = 0; i < all->n; i++) {
		const struct package *p = &all->package[i];

		if (p->kind != PACKAGE_MAIN && p->name_zh.n > 0 && p->fee_fen == l->fen &&
		    str_find(l->item, p->name_zh) != SIZE_MAX &&
		    (best == NULL || p->name_zh.n > best->name_zh.n))
			best = p;
	}
	return best;
}

/* What an imported line is for, as far as its name says so. */
static void classify(const struct call *c, struct line *l)
{
	static const char *const data[] = { "流量", "上网", NULL };
	static const char *const calls[] = { "通话", "语音", NULL };
	static const char *const texts[] = { "短信", NULL };

	if (l->kind != LINE_NAMED)
		return;
	l->package = service_named(c, l);
	if (l->package != NULL)
		l->kind = LINE_FEE;
	else if (holds(l->item, data))
		l->kind = LINE_DATA;
	else if (holds(l->item, calls))
		l->kind = LINE_CALLS;
	else if (holds(l->item, texts))
		l->kind = LINE_TEXTS;
}

static struct change *find_change(struct changes_of *all, struct str item)
{
	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->change[i].line.item, item))
			return &all->change[i];
	all->change[all->n] = (struct change){ .line = { .item = item } };
	return &all->change[all->n++];
}

/* Lines of the same name are one, also within a month. */
static void merge(const struct call *c, const struct lines *this,
                  const struct lines *last, struct changes_of *all)
{
	struct change *x;

	for (size_t i = 0; i < this->n; i++) {
		x = find_change(all, this->line[i].item);
		x->line = this->line[i];
		x->is += this->line[i].fen;
		classify(c, &x->line);
	}
	for (size_t i = 0; i < last->n; i++) {
		x = find_change(all, last->line[i].item);
		x->was += last->line[i].fen;
	}
}

/* Lines of one origin: imported for both months, else deduced for both. */
static void collect(const struct call *c, const struct two_months *m,
                    struct changes_of *all)
{
	struct lines this = { .n = 0 }, last = { .n = 0 };
	const bool imported = lines_imported(c, m->this->month, &this) &&
	                      (m->last == NULL ||
	                       lines_imported(c, m->last->month, &last));

	if (!imported) {
		this.n = last.n = 0;
		if (!m->steady)
			return;
		(void)lines_deduced(c, m->this, &this);
		if (m->last != NULL)
			(void)lines_deduced(c, m->last, &last);
	}
	merge(c, &this, &last, all);
}

static int64_t distance(const struct change *x)
{
	return llabs(x->is - x->was);
}

static int largest_first(const void *left, const void *right)
{
	const struct change *l = left, *r = right;

	if (distance(l) != distance(r))
		return distance(l) > distance(r) ? -1 : 1;
	if (l->is != r->is)
		return l->is > r->is ? -1 : 1;
	return str_cmp(l->line.item, r->line.item);
}

/* Keeps what has changed, and services that are still charged; all without a month before. */
static void sort_out(const struct two_months *m, struct changes_of *all)
{
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++) {
		const struct change *x = &all->change[i];

		if (m->last == NULL || x->is != x->was || is_service(&x->line))
			all->change[n++] = *x;
	}
	all->n = n;
	if (n > 1)
		qsort(all->change, n, sizeof(all->change[0]), largest_first);
}

/* -- the answer --------------------------------------------------------------------------- */

static struct str signed_money(const struct call *c, int64_t fen)
{
	return arena_printf(c->q->arena, "%s%.*s", fen > 0 ? "+" : "",
	                    STR_ARG(money_text(c->q->arena, fen)));
}

static enum reply_id reply_for(const struct two_months *m, const struct change *x)
{
	if (m->last == NULL)
		return REPLY_EXPLAIN_ITEM;
	if (x->is == x->was)
		return REPLY_EXPLAIN_KEPT;
	if (x->was == 0)
		return x->is > 0 ? REPLY_EXPLAIN_NEW : REPLY_EXPLAIN_LINE;
	return x->is == 0 ? REPLY_EXPLAIN_GONE : REPLY_EXPLAIN_LINE;
}

static struct str change_text(const struct call *c, const struct two_months *m,
                              const struct change *x)
{
	struct arena *a = c->q->arena;

	return call_text(c, reply_for(m, x),
	                 &(struct reply_values){
				 .item = x->line.item,
				 .diff = signed_money(c, x->is - x->was),
				 .was = money_text(a, x->was),
				 .amount = money_text(a, x->is),
				 .basis = basis_of(c, m, x),
			 });
}

/* The first n changes and what they leave of the whole difference. */
static struct str list_text(const struct call *c, const struct two_months *m,
                            const struct changes_of *all, size_t n)
{
	struct str item[SHOWN + 1];
	int64_t rest = m->this->bill_fen - (m->last != NULL ? m->last->bill_fen : 0);
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		rest -= all->change[i].is - all->change[i].was;
		item[k++] = change_text(c, m, &all->change[i]);
	}
	if (rest != 0)
		item[k++] = call_text(
			c, m->last != NULL ? REPLY_EXPLAIN_OTHER : REPLY_BILL_OTHER,
			&(struct reply_values){
				.diff = signed_money(c, rest),
				.amount = money_text(c->q->arena, rest),
			});
	return call_join(c, item, k);
}

static struct hall_answer say_changes(const struct call *c, const struct two_months *m,
                                      const struct changes_of *all, enum reply_id id,
                                      struct reply_values *v)
{
	struct hall_answer answer;

	for (size_t n = all->n < SHOWN ? all->n : SHOWN; n > 0; n--) {
		v->list = list_text(c, m, all, n);
		answer = call_say(c, CALL_DONE, id, v);
		if (reply_fits(id, answer.text))
			return answer;
	}
	v->list = (struct str){ NULL, 0 };
	return call_say(c, CALL_DONE, id, v);
}

static struct hall_answer compare(const struct call *c, const struct two_months *m,
                                  struct reply_values *v)
{
	struct arena *a = c->q->arena;
	struct changes_of all = { .n = 0 };
	int64_t diff;

	collect(c, m, &all);
	sort_out(m, &all);
	if (m->last == NULL)
		return say_changes(c, m, &all, REPLY_EXPLAIN_ALONE, v);
	diff = m->this->bill_fen - m->last->bill_fen;
	v->was = money_text(a, m->last->bill_fen);
	if (all.n == 0 && diff != 0)
		return call_say(c, CALL_DONE, REPLY_EXPLAIN_UNKNOWN, v);
	v->amount = money_text(a, llabs(diff));
	if (diff == 0)
		return say_changes(c, m, &all, REPLY_EXPLAIN_SAME, v);
	return say_changes(c, m, &all, diff > 0 ? REPLY_EXPLAIN_MORE : REPLY_EXPLAIN_LESS,
	                   v);
}

/* A package changed since the first day of the months compared: older terms are not known. */
static bool is_steady(const struct call *c, month_t from)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_orders; i++) {
		const struct order *o = &d->order[i];

		if (str_eq(o->kind, STR("package.change")) &&
		    o->state == ORDER_EFFECTIVE && civil_month(o->effective_at) >= from)
			return false;
	}
	return true;
}

static const struct usage_month *billed(const struct call *c, month_t month)
{
	const struct usage_month *u = dossier_usage(c->q->who, month);

	return u != NULL && u->bill_fen != BILL_NONE && month <= civil_month(c->q->now)
	               ? u
	               : NULL;
}

static struct hall_answer answer(const struct call *c)
{
	const struct dossier *d = c->q->who;
	const month_t now = civil_month(c->q->now);
	const struct grammar_slot *asked = call_slot(c, GRAMMAR_MONTH);
	const struct usage_month *this = asked != NULL ? billed(c, asked->month)
	                                               : dossier_last_bill(d, now);
	struct two_months m = { .this = this };
	struct reply_values v = { 0 };

	/* Which months have no bill, and why, is the bill's to say. */
	if (this == NULL)
		return service_bill.answer(c);
	m.last = billed(c, this->month - 1);
	m.steady = call_terms(c, this->month, &m.terms) && is_steady(c, this->month - 1);
	v.month = call_month(c, this->month);
	v.before = call_month(c, this->month - 1);
	v.total = money_text(c->q->arena, this->bill_fen);
	v.code = call_way(c, "complaint.open");
	if (asked == NULL && this->month < now - 1) {
		v.pending = call_month(c, now - 1);
		v.expected = lines_expected(c, now - 1);
	}
	return compare(c, &m, &v);
}

const struct service service_explain = {
	.intent = "bill.explain",
	.access = ACCESS_MONEY,
	.needs = NEED_USAGE | NEED_BILL | NEED_SUBSCRIPTIONS | NEED_CONSENTS |
	         NEED_ORDERS,
	.label = REPLY_LABEL_EXPLAIN,
	.answer = answer,
};
