/*
 * put.c - rows of any kind into their tables.
 *
 * Rows of a number go in runs: its owner is asked for once a run.  Most kinds are one
 * statement a row whose values a small function lists.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "sqlite_priv.h"
#include "store/campaigns.h"

enum {
	VALUES_MAX = 12
};

/* What the rows of a run have in common. */
struct run {
	struct sql *q;
	struct stroll owners;
	int64_t owner_since, as_of;
};

/* ---- values of a row, behind the number and its owner ---- */

typedef size_t values_fn(const void *row, int64_t as_of, struct sql_value *v);

static size_t payment_values(const void *row, int64_t as_of, struct sql_value *v)
{
	const struct payment *p = &((const struct payment_row *)row)->payment;

	(void)as_of;
	v[0] = sql_int(p->at);
	v[1] = sql_text(p->channel);
	v[2] = sql_int(p->amount_fen);
	return 3;
}

static size_t detail_values(const void *row, int64_t as_of, struct sql_value *v)
{
	const struct detail *d = &((const struct detail_row *)row)->detail;

	(void)as_of;
	v[0] = sql_int(d->at);
	v[1] = sql_int(d->kind);
	v[2] = sql_text(d->peer);
	v[3] = sql_int(d->amount);
	v[4] = sql_int(d->fee_fen);
	return 5;
}

static size_t resource_values(const void *row, int64_t as_of, struct sql_value *v)
{
	const struct resource *r = &((const struct resource_row *)row)->resource;

	v[0] = sql_int(as_of);
	v[1] = sql_int(r->kind);
	v[2] = sql_text(r->name);
	v[3] = sql_int(r->expires_on);
	v[4] = sql_int(r->total);
	v[5] = sql_int(r->used);
	v[6] = sql_int(r->order);
	return 7;
}

static size_t subscription_values(const void *row, int64_t as_of, struct sql_value *v)
{
	const struct subscription *h = &((const struct subscription_row *)row)->held;

	(void)as_of;
	v[0] = sql_text(h->package);
	v[1] = sql_int(h->since);
	v[2] = sql_int(h->until);
	v[3] = sql_int(h->contract_until);
	v[4] = sql_int(h->penalty_fen);
	return 5;
}

static size_t complaint_values(const void *row, int64_t as_of, struct sql_value *v)
{
	const struct complaint *c = &((const struct complaint_row *)row)->complaint;

	(void)as_of;
	v[0] = sql_int(c->at);
	v[1] = sql_text(c->kind);
	v[2] = sql_int(c->state);
	v[3] = sql_text(c->text);
	return 4;
}

static size_t consent_values(const void *row, int64_t as_of, struct sql_value *v)
{
	const struct consent *c = &((const struct consent_row *)row)->consent;

	(void)as_of;
	v[0] = sql_text(c->subject);
	v[1] = sql_int(c->at);
	v[2] = sql_int(c->given);
	v[3] = sql_text(c->channel);
	v[4] = sql_text(c->text);
	return 5;
}

static size_t member_values(const void *row, int64_t as_of, struct sql_value *v)
{
	const struct member_row *m = row;

	(void)as_of;
	v[0] = sql_text(m->group);
	v[1] = sql_text(m->role);
	return 2;
}

static size_t tag_values(const void *row, int64_t as_of, struct sql_value *v)
{
	const struct tag_row *t = row;

	v[0] = sql_int(as_of);
	v[1] = sql_text(t->name);
	v[2] = sql_text(t->value);
	v[3] = sql_int(t->until);
	return 4;
}

static size_t touch_values(const void *row, int64_t as_of, struct sql_value *v)
{
	const struct touch_row *t = row;

	(void)as_of;
	v[0] = sql_int(t->at);
	v[1] = sql_text(t->channel);
	v[2] = sql_text(t->about);
	v[3] = sql_int(t->outcome);
	return 4;
}

static size_t use_values(const void *row, int64_t as_of, struct sql_value *v)
{
	const struct use_row *u = row;

	(void)as_of;
	v[0] = sql_int(u->at);
	v[1] = sql_text(u->campaign);
	v[2] = sql_text(u->what);
	return 3;
}

static size_t bill_values(const void *row, int64_t as_of, struct sql_value *v)
{
	const struct bill_row *b = row;

	(void)as_of;
	v[0] = sql_int(b->line.month);
	v[1] = sql_int(b->at);
	v[2] = sql_text(b->line.item);
	v[3] = sql_int(b->line.amount_fen);
	return 4;
}

/* ---- what goes with a row ---- */

static enum err drop_month(const struct run *run, const void *row)
{
	const struct bill_row *b = row;

	if (b->at != 0)
		return ERR_OK;
	return sql_run(run->q, SQL_BILL_DROP,
	               SQL_ARGS(sql_int(b->msisdn), sql_int(b->line.month)));
}

/* A word of an earlier owner binds nobody. */
static enum err opt_out(const struct run *run, const void *row)
{
	const struct consent_row *r = row;

	if (!str_eq(r->consent.subject, STR("marketing")) ||
	    r->consent.at < run->owner_since)
		return ERR_OK;
	return sql_run(run->q, SQL_CONSENT_OPTOUT,
	               SQL_ARGS(sql_int(r->msisdn), sql_int(run->owner_since),
	                        sql_int(!r->consent.given), sql_int(r->consent.at)));
}

static const struct put {
	enum sql_id statement;
	values_fn *values; /* NULL: the kind has a function of its own */
	enum err (*before)(const struct run *run, const void *row); /* NULL: nothing */
	size_t size;                                                /* of a row */
} kinds[STORE_KINDS] = {
#define PUT(kind, statement, type, values, before) \
	[STORE_##kind] = { SQL_##statement, values, before, sizeof(struct type) }
	PUT(BILLS, BILL_PUT, bill_row, bill_values, drop_month),
	PUT(PAYMENTS, PAYMENT_PUT, payment_row, payment_values, NULL),
	PUT(DETAILS, DETAIL_PUT, detail_row, detail_values, NULL),
	PUT(RESOURCES, RESOURCE_PUT, resource_row, resource_values, NULL),
	PUT(SUBSCRIPTIONS, SUBSCRIPTION_PUT, subscription_row, subscription_values, NULL),
	PUT(COMPLAINTS, COMPLAINT_PUT, complaint_row, complaint_values, NULL),
	PUT(CONSENTS, CONSENT_PUT, consent_row, consent_values, opt_out),
	PUT(MEMBERS, MEMBER_PUT, member_row, member_values, NULL),
	PUT(TAGS, TAG_PUT, tag_row, tag_values, NULL),
	PUT(TOUCHES, TOUCH_PUT, touch_row, touch_values, NULL),
	PUT(USES, USE_PUT, use_row, use_values, NULL),
#undef PUT
};

/* ---- runs ---- */

static enum err put_row(const struct put *p, const struct run *run, int64_t msisdn,
                        const void *row)
{
	struct sql_value v[VALUES_MAX] = { sql_int(msisdn), sql_int(run->owner_since) };
	const size_t n = 2 + p->values(row, run->as_of, v + 2);
	enum err e = p->before != NULL ? p->before(run, row) : ERR_OK;

	return e == ERR_OK ? sql_run(run->q, p->statement, v, n) : e;
}

/* n rows of one number; ERR_NOT_FOUND when it is no subscriber. */
static enum err put_run(struct run *run, enum store_kind kind, const char *rows, size_t n)
{
	const struct put *p = &kinds[kind];
	int64_t msisdn;
	enum err e;

	memcpy(&msisdn, rows, sizeof(msisdn));
	e = stroll_to(&run->owners, msisdn);
	if (e == ERR_OK)
		run->owner_since = sql_col_int(run->owners.row, 1);
	for (size_t i = 0; i < n && e == ERR_OK; i++)
		e = put_row(p, run, msisdn, rows + i * p->size);
	return e;
}

static enum err put_of_numbers(struct run *run, enum store_kind kind, const char *rows,
                               size_t n, size_t *left_out)
{
	const size_t size = kinds[kind].size;
	enum err e = ERR_OK;

	for (size_t i = 0, end; i < n && e == ERR_OK; i = end) {
		for (end = i + 1; end < n && memcmp(rows + end * size, rows + i * size,
		                                    sizeof(int64_t)) == 0;
		     end++)
			;
		e = put_run(run, kind, rows + i * size, end - i);
		if (e == ERR_NOT_FOUND) {
			*left_out += end - i;
			e = ERR_OK;
		}
	}
	stroll_end(&run->owners);
	return e;
}

/* ---- kinds ---- */

static enum err put_packages(struct sql *q, const struct package *p, size_t n)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < n && e == ERR_OK; i++)
		e = sqlite_put_package(q, &p[i]);
	return e;
}

static enum err put_groups(struct sql *q, const struct group_row *g, size_t n,
                           int64_t as_of)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < n && e == ERR_OK; i++) {
		e = sql_run(q, SQL_GROUP_PUT,
		            SQL_ARGS(sql_text(g[i].code), sql_text(g[i].name),
		                     sql_text(g[i].kind)));
		if (e == ERR_OK)
			e = sql_run(q, SQL_ENTERPRISE_DROP,
			            SQL_ARGS(sql_text(g[i].code)));
		if (e == ERR_OK && str_eq(g[i].kind, STR("enterprise")))
			e = sql_run(q, SQL_ENTERPRISE_PUT,
			            SQL_ARGS(sql_text(g[i].code), sql_text(g[i].class),
			                     sql_text(g[i].level), sql_text(g[i].manager),
			                     sql_text(g[i].phone),
			                     sql_int(g[i].limit_fen), sql_int(as_of)));
	}
	return e;
}

static enum err put_subscribers(struct store *s, const struct subscriber_row *r, size_t n)
{
	struct arena a = arena_make((size_t)1024 * 1024);
	enum err e = ERR_OK;

	for (size_t i = 0; i < n && e == ERR_OK; i++)
		e = sqlite_put_subscriber(s, &a, &r[i]);
	arena_free(&a);
	return e;
}

/* Of numbers, whether they are a subscriber's or not. */
static enum err put_suppressed(struct store *s, const struct suppressed_row *r, size_t n,
                               int64_t as_of)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < n && e == ERR_OK; i++)
		e = store_suppress(s, &r[i].msisdn, 1, true, as_of, STR("import"),
		                   r[i].why);
	return e;
}

static enum err put_clicks(struct sql *q, const struct click_row *r, size_t n,
                           size_t *left_out)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < n && e == ERR_OK; i++) {
		e = sql_run(q, SQL_CLICK_PUT,
		            SQL_ARGS(sql_text(r[i].token), sql_int(r[i].at),
		                     sql_text(r[i].what)));
		*left_out += e == ERR_OK && sql_changes(q) == 0 ? 1 : 0;
	}
	return e;
}

static enum err note_as_of(struct sql *q, struct str name, int64_t as_of)
{
	char digits[24];
	const int n = snprintf(digits, sizeof(digits), "%" PRId64, as_of);

	return sql_run(
		q, SQL_AS_OF_PUT,
		SQL_ARGS(sql_text(name), sql_text((struct str){ digits, (size_t)n })));
}

enum err sqlite_put(struct store *s, enum store_kind kind, const void *rows, size_t n,
                    int64_t as_of, size_t *left_out)
{
	struct run run = { .q = sql_of(s),
		           .owners = { .q = sql_of(s), .rows = SQL_OWNERS },
		           .as_of = as_of };
	enum err e = ERR_OK;

	assert(kind < STORE_KINDS && sqlite3_get_autocommit(run.q->db) == 0);
	sqlite_of(s)->bulk = true;
	if (kind == STORE_PACKAGES)
		return put_packages(run.q, rows, n);
	if (kind == STORE_GROUPS)
		return put_groups(run.q, rows, n, as_of);
	if (kind == STORE_SUBSCRIBERS)
		return put_subscribers(s, rows, n);
	if (kind == STORE_USAGE)
		return sqlite_put_usage(run.q, rows, n, as_of, left_out);
	if (kind == STORE_CLICKS)
		return put_clicks(run.q, rows, n, left_out);
	if (kind == STORE_SUPPRESSED)
		return put_suppressed(s, rows, n, as_of);
	if (kind == STORE_DETAILS)
		e = note_as_of(run.q, STR("details_as_of"), as_of);
	if (kind == STORE_PAYMENTS)
		e = note_as_of(run.q, STR("payments_as_of"), as_of);
	return e == ERR_OK ? put_of_numbers(&run, kind, rows, n, left_out) : e;
}
