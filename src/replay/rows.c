/*
 * rows.c - rows of a store as the tables of a story; see record_priv.h.
 *
 * Figures are as old in the story as they were on record: a [clock] stands before the
 * rows of each age, and those of the script behind.  Numbers that the rows of these refer
 * to (bonds, requests, groups) come along with what those may see of them.
 *
 * Points are told in lots: what is left of each is a list of subscribers of its time that
 * brought so many, for a story's lists make lots as imported ones do.
 *
 * Not told: tags, which no answer rests on; PINs that no text tells (pins.c), for hashes are
 * of a key that is not in the store; an enterprise's class, which says no more than its level.
 */
#include <stddef.h>

#include "columns_priv.h"
#include "model/group.h"
#include "record_priv.h"
#include "store/store.h"

enum {
	AT_ONCE = 256 /* dossiers loaded together */
};

struct exporter {
	struct store *store;
	struct redact *redact;
	struct arena *arena;
	struct buf *out;
	const struct pins *pins;
	int64_t now; /* UTC s: the story begins */
	SET_OF(struct dossier *) known;
};

/* ---- rows of a dossier ---- */

/* How the rows of one table lie in a dossier. */
struct source {
	const char *table;
	size_t at; /* in struct record: when the row came to be; NO_TIME: not said */
	size_t (*count)(const struct dossier *d);
	void (*fill)(const struct dossier *d, size_t i, struct record *r);
	int64_t (*as_of)(const struct dossier *d); /* NULL: it has no age */
	const char *remark;                        /* before the table; or NULL */
};
#define NO_TIME SIZE_MAX

#define SOURCE(table, n_rows, ...)                                                    \
	static size_t count_##table(const struct dossier *d)                          \
	{                                                                             \
		return n_rows;                                                        \
	}                                                                             \
	static void fill_##table(const struct dossier *d, size_t i, struct record *r) \
	{                                                                             \
		(void)i;                                                              \
		__VA_ARGS__;                                                          \
	}
#define AGE(table, member)                                  \
	static int64_t age_##table(const struct dossier *d) \
	{                                                   \
		return d->member;                           \
	}
#define ROW(row_type, member, from) \
	((struct row_type){ .msisdn = d->msisdn, .member = d->from[i] })
#define OWNED(row_type, member, from)                          \
	((struct row_type){ .msisdn = d->msisdn,               \
	                    .owner_since = d->sub.owner_since, \
	                    .member = (from) })

static void unscale(struct resource *x)
{
	x->total /= resource_unit(x->kind);
	x->used /= resource_unit(x->kind);
}

static void fill_task(const struct dossier *d, const struct task_view *v,
                      struct record *r)
{
	r->task = (struct task_row){ .id = v->id,
		                     .kind = v->kind,
		                     .msisdn = d->msisdn,
		                     .owner_since = d->sub.owner_since,
		                     .at = v->at,
		                     .text = v->text,
		                     .due_at = v->due_at,
		                     .order = v->order };
	r->task_end = (struct task_end){ v->id, v->done_at, v->answer };
}

static struct group_row group_of(const struct place *p)
{
	return (struct group_row){ .code = p->of.code,
		                   .name = p->of.name,
		                   .kind = STR("enterprise"),
		                   .class = p->of.class,
		                   .level = p->of.level,
		                   .manager = p->of.manager,
		                   .phone = p->of.phone,
		                   .limit_fen = p->of.limit_fen };
}

static struct member_row member_of(const struct dossier *d, const struct place *p)
{
	return (struct member_row){ .msisdn = d->msisdn,
		                    .group = p->of.code,
		                    .role = p->admin ? STR("admin") : STR("member") };
}

#define PIN_TOLD \
	"# The PIN that was right in a text; none where none was: every one is wrong there.\n"

static struct pin bare_pin(const struct pin *p)
{
	struct pin bare = *p;

	bare.hash = STR("x");
	bare.code = STR("");
	return bare;
}

/* Services held are told by their subscriptions. */
SOURCE(subscribers, d->known ? 1 : 0,
       r->subscriber = (struct subscriber_row){ .sub = d->sub, .account = d->account })
AGE(subscribers, account.as_of)
SOURCE(usage, d->n_usage, r->usage = ROW(usage_row, usage, usage))
AGE(usage, usage_as_of)
SOURCE(bills, d->n_bill, r->bill = ROW(bill_row, line, bill))
SOURCE(payments, d->n_payments, r->payment = ROW(payment_row, payment, payment))
AGE(payments, payments_as_of)
SOURCE(details, d->n_details, r->detail = ROW(detail_row, detail, detail))
AGE(details, details_as_of)
SOURCE(resources, d->n_resources, r->resource = ROW(resource_row, resource, resource);
       unscale(&r->resource.resource))
AGE(resources, resources_as_of)
SOURCE(subscriptions, d->n_held, r->subscription = ROW(subscription_row, held, held))
SOURCE(complaints, d->n_complaints,
       r->complaint = ROW(complaint_row, complaint, complaint))
SOURCE(consents, d->n_consents, r->consent = ROW(consent_row, consent, consent))
SOURCE(orders, d->n_orders, r->order = OWNED(order_row, order, d->order[i]))
SOURCE(tasks, d->n_tasks, fill_task(d, &d->task[i], r))
SOURCE(pins, d->has_pin ? 1 : 0, r->pin = OWNED(pin_row, pin, bare_pin(&d->pin)))
SOURCE(reminders, d->n_reminders,
       r->reminder = OWNED(reminder_row, reminder, d->reminder[i]))
SOURCE(preferences, d->preference != NULL ? 1 : 0,
       r->preference = OWNED(preference_row, preference, *d->preference))
/* Both ways: of the number that decides. */
SOURCE(bonds, d->n_bonded, r->bond = d->bonded[i])
SOURCE(requests, d->n_asked_of, r->request = d->asked_of[i])
SOURCE(groups, d->n_places, r->group = group_of(&d->place[i]))
SOURCE(members, d->n_places, r->member = member_of(d, &d->place[i]))
SOURCE(coupons, d->n_coupons, r->coupon = OWNED(coupon_row, coupon, d->coupon[i]))

#define FROM(table, at) #table, at, count_##table, fill_##table
#define AT(member)      offsetof(struct record, member)
/* What others refer to comes first. */
static const struct source sources[] = {
	{ FROM(subscribers, NO_TIME), age_subscribers, NULL },
	{ FROM(usage, NO_TIME), age_usage, NULL },
	{ FROM(bills, NO_TIME), NULL, NULL },
	{ FROM(payments, AT(payment.payment.at)), age_payments, NULL },
	{ FROM(details, AT(detail.detail.at)), age_details, NULL },
	{ FROM(resources, NO_TIME), age_resources, NULL },
	{ FROM(subscriptions, AT(subscription.held.since)), NULL, NULL },
	{ FROM(complaints, AT(complaint.complaint.at)), NULL, NULL },
	{ FROM(consents, AT(consent.consent.at)), NULL, NULL },
	{ FROM(orders, AT(order.order.at)), NULL, NULL },
	{ FROM(tasks, AT(task.at)), NULL, NULL },
	{ FROM(pins, NO_TIME), NULL, PIN_TOLD },
	{ FROM(reminders, AT(reminder.reminder.since)), NULL, NULL },
	{ FROM(preferences, AT(preference.preference.at)), NULL, NULL },
	{ FROM(groups, NO_TIME), NULL, NULL },
	{ FROM(members, NO_TIME), NULL, NULL },
	{ FROM(bonds, AT(bond.asked_at)), NULL, NULL },
	{ FROM(requests, AT(request.asked_at)), NULL, NULL },
	{ FROM(coupons, AT(coupon.coupon.issued_at)), NULL, NULL },
};

/* ---- tables ---- */

static void put_head(struct exporter *x, const struct table_kind *k)
{
	buf_printf(x->out, "[%s]\n", k->name);
	for (const struct column *c = k->column; c->name != NULL; c++)
		buf_printf(x->out, "%s%s", c->name, c[1].name != NULL ? "," : "\n");
}

static void put_row(struct exporter *x, const struct table_kind *k,
                    const struct record *r)
{
	for (const struct column *c = k->column; c->name != NULL; c++) {
		field_put(c->field, (const char *)r + c->at, x->redact, x->out);
		buf_putc(x->out, c[1].name != NULL ? ',' : '\n');
	}
}

/* What the refresh of tags has counted; nothing where it has not. */
static void put_popular(struct exporter *x, const struct catalogue *all)
{
	const struct table_kind *k = table_kind_find("popular");
	bool any = false;

	for (size_t i = 0; i < all->n; i++) {
		const struct package *p = &all->package[i];

		if (p->popular == 0)
			continue;
		if (!any)
			put_head(x, k);
		any = true;
		put_row(x, k, &(struct record){ .popular = { p->code, p->popular } });
	}
}

/* What a package costs the operator is nobody's business. */
static enum err put_packages(struct exporter *x)
{
	const struct table_kind *k = table_kind_find("packages");
	struct catalogue all;
	const enum err e = store_load_catalogue(x->store, x->arena, &all);

	if (e != ERR_OK || all.n == 0)
		return e;
	put_head(x, k);
	for (size_t i = 0; i < all.n; i++) {
		struct record r = { .package = all.package[i] };

		r.package.cost_fen = 0;
		put_row(x, k, &r);
	}
	put_popular(x, &all);
	return ERR_OK;
}

/* What came to be in the story itself is no part of its beginning. */
static bool was_there(const struct exporter *x, const struct source *s,
                      const struct record *r)
{
	int64_t at;

	if (s->at == NO_TIME)
		return true;
	memcpy(&at, (const char *)r + s->at, sizeof(at));
	return at < x->now;
}

static int64_t age_of(const struct exporter *x, const struct source *s,
                      const struct dossier *d)
{
	const int64_t as_of = s->as_of != NULL ? s->as_of(d) : 0;

	return as_of > 0 ? as_of : x->now;
}

static void put_clock(struct exporter *x, int64_t as_of)
{
	const struct civil c = civil_of(as_of);

	buf_printf(x->out, "[clock]\n%04d-%02d-%02d %02d:%02d:%02d\n", c.year, c.month,
	           c.day, c.hour, c.minute, c.second);
}

/* His rows; the newest come first in a dossier, the oldest in a story. */
static void put_rows(struct exporter *x, const struct source *s,
                     const struct table_kind *k, const struct dossier *d)
{
	const size_t n = s->count(d);
	const bool newest_first = s->at != NO_TIME;
	const struct str pin = pins_of(x->pins, d->msisdn);

	for (size_t i = 0; i < n; i++) {
		struct record r = { .plain_pin = pin };

		s->fill(d, newest_first ? n - 1 - i : i, &r);
		if (was_there(x, s, &r))
			put_row(x, k, &r);
	}
}

/* ---- lots of points ---- */

static void put_lot(struct exporter *x, const struct dossier *d, int64_t at,
                    int64_t points)
{
	put_clock(x, at);
	buf_puts(x->out, STR("[subscribers]\nmsisdn,owner_since,points\n"));
	field_put(FIELD_MSISDN, &d->msisdn, x->redact, x->out);
	buf_putc(x->out, ',');
	field_put(FIELD_DATE, &d->sub.owner_since, x->redact, x->out);
	buf_printf(x->out, ",%lld\n", (long long)points);
}

/* The newest points are those of the newest lots: as points_count() divides them. */
static void put_lots(struct exporter *x, const struct dossier *d)
{
	int64_t left = d->account.points, *held;
	size_t n = 0;

	held = arena_array(x->arena, int64_t, d->n_earned + 1);
	while (n < d->n_earned && left > 0) {
		const struct points_entry *e = &d->earned[n];

		held[n] = e->points < left ? e->points : left;
		if (e->points <= 0 || points_ended(d->earned, n, e->id))
			held[n] = 0;
		left -= held[n++];
	}
	while (n-- > 0) {
		left += held[n];
		if (held[n] > 0 && d->earned[n].at < x->now)
			put_lot(x, d, d->earned[n].at, left);
	}
}

/* A table for each age; which of them comes first is all the same before the script. */
static void put_table(struct exporter *x, const struct source *s)
{
	const struct table_kind *k = table_kind_find(s->table);
	bool *done = arena_array(x->arena, bool, x->known.n + 1);

	for (size_t i = 0; i < x->known.n; i++) {
		const int64_t as_of = age_of(x, s, x->known.row[i]);

		if (done[i] || s->count(x->known.row[i]) == 0)
			continue;
		put_clock(x, as_of);
		if (s->remark != NULL)
			buf_puts(x->out, str_of(s->remark));
		put_head(x, k);
		for (size_t n = i; n < x->known.n; n++) {
			const struct dossier *d = x->known.row[n];

			if (done[n] || age_of(x, s, d) != as_of)
				continue;
			done[n] = true;
			put_rows(x, s, k, d);
		}
	}
}

/* ---- loading ---- */

enum {
	SEEN_OF_OTHERS = NEED_ACCOUNT | NEED_USAGE | NEED_BILL | NEED_SUBSCRIPTIONS |
	                 NEED_RESOURCES | NEED_ORDERS | NEED_BONDS | NEED_REQUESTS |
	                 NEED_PLACES,
	OWN = SEEN_OF_OTHERS | NEED_PAYMENTS | NEED_DETAILS | NEED_CONSENTS |
	      NEED_COMPLAINTS | NEED_TASKS | NEED_PIN | NEED_TOOLS | NEED_REMINDERS |
	      NEED_PREFERENCE | NEED_GROUP | NEED_GROUP_MONTH
};

static enum err load_some(struct exporter *x, const int64_t *msisdn, size_t n,
                          unsigned needs)
{
	struct dossier *d[AT_ONCE];
	unsigned need[AT_ONCE];
	enum err e;

	for (size_t i = 0; i < n; i++) {
		d[i] = arena_new(x->arena, struct dossier);
		d[i]->msisdn = msisdn[i];
		need[i] = needs;
	}
	e = store_load_dossiers(x->store, x->arena, d, n);
	if (e == ERR_OK)
		e = store_load_needs(x->store, x->arena, d, need, n, x->now);
	for (size_t i = 0; e == ERR_OK && i < n; i++) {
		if (d[i]->known)
			set_add(x->arena, &x->known, d[i]);
	}
	return e;
}

static enum err load(struct exporter *x, const int64_t *msisdn, size_t n, unsigned needs)
{
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < n; i += AT_ONCE)
		e = load_some(x, msisdn + i, n - i < AT_ONCE ? n - i : AT_ONCE, needs);
	return e;
}

/* Each once, those that the story is about first. */
struct numbers {
	SET_OF(int64_t) all;
};

static void refer(struct exporter *x, struct numbers *to, int64_t msisdn)
{
	for (size_t i = 0; i < to->all.n; i++)
		if (to->all.row[i] == msisdn)
			return;
	if (msisdn != 0)
		set_add(x->arena, &to->all, msisdn);
}

static void refer_to_others(struct exporter *x, struct numbers *to,
                            const struct dossier *d)
{
	for (size_t i = 0; i < d->n_bonds; i++)
		refer(x, to, d->bond[i].msisdn);
	for (size_t i = 0; i < d->n_bonded; i++)
		refer(x, to, d->bonded[i].asker);
	for (size_t i = 0; i < d->n_asked; i++)
		refer(x, to, d->asked[i].msisdn);
	for (size_t i = 0; i < d->n_asked_of; i++)
		refer(x, to, d->asked_of[i].asker);
	for (size_t i = 0; i < d->n_places; i++)
		for (size_t k = 0; k < d->place[i].n_others; k++)
			refer(x, to, d->place[i].other[k]);
	for (size_t i = 0; d->view != NULL && i < d->view->n_members; i++)
		refer(x, to, d->view->member[i]);
}

static enum err load_others(struct exporter *x, const int64_t *msisdn, size_t n)
{
	struct numbers others = { .all = { .n = 0 } };
	const size_t known = x->known.n;

	for (size_t i = 0; i < n; i++)
		set_add(x->arena, &others.all, msisdn[i]);
	for (size_t i = 0; i < known; i++)
		refer_to_others(x, &others, x->known.row[i]);
	return load(x, others.all.row + n, others.all.n - n, SEEN_OF_OTHERS);
}

enum err rows_export(const char *store, const int64_t *msisdn, size_t n, int64_t now,
                     const struct pins *pins, struct redact *r, struct arena *a,
                     struct buf *out, struct fault *fault)
{
	struct exporter x = {
		.redact = r, .arena = a, .out = out, .pins = pins, .now = now
	};
	enum err e = store_open(store, STORE_OPEN, &x.store, fault);

	if (e != ERR_OK)
		return e;
	e = put_packages(&x);
	if (e == ERR_OK)
		e = load(&x, msisdn, n, OWN);
	if (e == ERR_OK)
		e = load_others(&x, msisdn, n);
	if (e == ERR_OK) {
		for (size_t i = 0; i < x.known.n; i++)
			put_lots(&x, x.known.row[i]);
		for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
			put_table(&x, &sources[i]);
	} else {
		fault_set(fault, "%s: %s (%s)", store, err_text(e), store_fault(x.store));
	}
	store_close(x.store);
	return e;
}
