/*
 * history.c - lists of a subscriber's past: payments, details, orders and the like.
 *
 * Each is one statement with four values: the number, its owner's date, the instant
 * from which rows count, and the most rows.  Rows older than the owner, or of
 * another one, are left out.
 */
#include "model/group.h"
#include "sqlite_priv.h"

enum {
	DETAIL_MONTHS = 5, /* before the present one */
	HELD_MONTHS = 6,   /* since they ended */
	OFFERED_S = 366 * 24 * 3600,
	MANY = 256 /* rows of a list without a limit of its own */
};

/* Where rows of a list begin to count. */
enum from {
	FROM_OWNER,
	FROM_NOW,
	FROM_MONTH,
	FROM_DETAILS,
	FROM_HELD,
	FROM_OFFERED
};

static void held_of(sqlite3_stmt *row, struct arena *a, struct dossier *d, void *out)
{
	(void)d;
	*(struct subscription *)out = (struct subscription){
		.package = sql_col_str(row, 0, a),
		.since = sql_col_int(row, 1),
		.until = sql_col_int(row, 2),
		.contract_until = sql_col_int(row, 3),
		.penalty_fen = sql_col_int(row, 4),
		.trial = sql_col_int(row, 5) != 0
	};
}

static void payment_of(sqlite3_stmt *row, struct arena *a, struct dossier *d, void *out)
{
	(void)d;
	*(struct payment *)out = (struct payment){ .at = sql_col_int(row, 0),
		                                   .amount_fen = sql_col_int(row, 1),
		                                   .channel = sql_col_str(row, 2, a) };
}

static void detail_of(sqlite3_stmt *row, struct arena *a, struct dossier *d, void *out)
{
	(void)d;
	*(struct detail *)out = (struct detail){ .at = sql_col_int(row, 0),
		                                 .kind = sql_col_enum(row, 1,
		                                                      DETAIL_DATA + 1),
		                                 .peer = sql_col_str(row, 2, a),
		                                 .amount = sql_col_int(row, 3),
		                                 .fee_fen = sql_col_int(row, 4) };
}

/* All figures together are as old as the oldest of them. */
static void resource_of(sqlite3_stmt *row, struct arena *a, struct dossier *d, void *out)
{
	const int64_t as_of = sql_col_int(row, 6);

	if (d->resources_as_of == 0 || as_of < d->resources_as_of)
		d->resources_as_of = as_of;
	*(struct resource *)out = (struct resource){ .kind = sql_col_enum(
							     row, 0, RESOURCE_SMS + 1),
		                                     .name = sql_col_str(row, 1, a),
		                                     .total = sql_col_int(row, 2),
		                                     .used = sql_col_int(row, 3),
		                                     .expires_on = sql_col_int(row, 4),
		                                     .order = sql_col_int(row, 5) };
}

static void consent_of(sqlite3_stmt *row, struct arena *a, struct dossier *d, void *out)
{
	(void)d;
	*(struct consent *)out = (struct consent){ .subject = sql_col_str(row, 0, a),
		                                   .given = sql_col_int(row, 1) != 0,
		                                   .at = sql_col_int(row, 2),
		                                   .channel = sql_col_str(row, 3, a),
		                                   .text = sql_col_str(row, 4, a) };
}

void sqlite_order_row(sqlite3_stmt *row, struct arena *a, struct order *out)
{
	*out = (struct order){ .id = sql_col_int(row, 0),
		               .kind = sql_col_str(row, 1, a),
		               .package = sql_col_str(row, 2, a),
		               .state = sql_col_enum(row, 3, ORDER_STATES),
		               .at = sql_col_int(row, 4),
		               .effective_at = sql_col_int(row, 5),
		               .fee_fen = sql_col_int(row, 6),
		               .inbox = sql_col_int(row, 7),
		               .undo_until = sql_col_int(row, 8),
		               .was = sql_col_str(row, 9, a),
		               .prompt = sql_col_int(row, 10),
		               .price = sql_col_str(row, 11, a),
		               .charged_fen = sql_col_int(row, 12),
		               .charged_points = sql_col_int(row, 13) };
}

static void order_of(sqlite3_stmt *row, struct arena *a, struct dossier *d, void *out)
{
	(void)d;
	sqlite_order_row(row, a, out);
}

static void complaint_of(sqlite3_stmt *row, struct arena *a, struct dossier *d, void *out)
{
	(void)d;
	*(struct complaint *)out = (struct complaint){
		.at = sql_col_int(row, 0),
		.kind = sql_col_str(row, 1, a),
		.text = sql_col_str(row, 2, a),
		.state = sql_col_enum(row, 3, COMPLAINT_CLOSED + 1)
	};
}

static void offered_of(sqlite3_stmt *row, struct arena *a, struct dossier *d, void *out)
{
	(void)d;
	*(struct offered *)out = (struct offered){ .package = sql_col_str(row, 0, a),
		                                   .at = sql_col_int(row, 1),
		                                   .declined = sql_col_int(row, 2) == 1,
		                                   .sent = sql_col_int(row, 2) == 2 };
}

void sqlite_task_row(sqlite3_stmt *row, struct arena *a, struct task_view *out)
{
	*out = (struct task_view){ .id = sql_col_int(row, 0),
		                   .kind = sql_col_str(row, 1, a),
		                   .at = sql_col_int(row, 2),
		                   .done_at = sql_col_int(row, 3),
		                   .answer = sql_col_str(row, 4, a),
		                   .text = sql_col_str(row, 5, a),
		                   .due_at = sql_col_int(row, 6),
		                   .asked_at = sql_col_int(row, 7),
		                   .score = (int)sql_col_int(row, 8),
		                   .order = sql_col_int(row, 9),
		                   .say = sql_col_str(row, 10, a) };
}

static void task_of(sqlite3_stmt *row, struct arena *a, struct dossier *d, void *out)
{
	(void)d;
	sqlite_task_row(row, a, out);
}

static void reminder_of(sqlite3_stmt *row, struct arena *a, struct dossier *d, void *out)
{
	(void)d;
	sqlite_reminder_row(row, a, out);
}

static void preference_of(sqlite3_stmt *row, struct arena *a, struct dossier *d,
                          void *out)
{
	(void)a;
	(void)d;
	*(struct preference *)out = (struct preference){
		.off = (unsigned)sql_col_int(row, 0),
		.from_hour = (int)sql_col_int(row, 1),
		.to_hour = (int)sql_col_int(row, 2),
		.at = sql_col_int(row, 3),
		.inbox = sql_col_int(row, 4)
	};
}

static void bond_of(sqlite3_stmt *row, struct arena *a, struct dossier *d, void *out)
{
	(void)a;
	(void)d;
	*(struct bond *)out = (struct bond){ .asker = sql_col_int(row, 0),
		                             .asker_since = sql_col_int(row, 1),
		                             .msisdn = sql_col_int(row, 2),
		                             .owner_since = sql_col_int(row, 3),
		                             .state = sql_col_enum(row, 4, BOND_STATES),
		                             .asked_at = sql_col_int(row, 5),
		                             .at = sql_col_int(row, 6),
		                             .nonce = (unsigned)sql_col_int(row, 7),
		                             .wrong = (unsigned)sql_col_int(row, 8),
		                             .inbox = sql_col_int(row, 9) };
}

static void request_of(sqlite3_stmt *row, struct arena *a, struct dossier *d, void *out)
{
	(void)d;
	*(struct request *)out = (struct request){
		.asker = sql_col_int(row, 0),
		.asker_since = sql_col_int(row, 1),
		.msisdn = sql_col_int(row, 2),
		.owner_since = sql_col_int(row, 3),
		.own = sql_col_int(row, 4) != 0,
		.command = sql_col_str(row, 5, a),
		.state = sql_col_enum(row, 6, REQUEST_STATES),
		.asked_at = sql_col_int(row, 7),
		.at = sql_col_int(row, 8),
		.nonce = (unsigned)sql_col_int(row, 9),
		.wrong = (unsigned)sql_col_int(row, 10),
		.inbox = sql_col_int(row, 11)
	};
}

static const struct list {
	enum need need;
	enum sql_id statement;
	enum from from;
	int64_t most;
	size_t rows, n; /* offsets of the list and its length in a dossier */
	size_t size;    /* of a row */
	void (*read)(sqlite3_stmt *row, struct arena *a, struct dossier *d, void *out);
} lists[] = {
#define LIST(need, statement, from, most, member, count, read)                 \
	{                                                                      \
		need, statement, from, most, offsetof(struct dossier, member), \
			offsetof(struct dossier, count),                       \
			sizeof(*((struct dossier *)NULL)->member), read        \
	}
	LIST(NEED_SUBSCRIPTIONS, SQL_HELD, FROM_HELD, MANY, held, n_held, held_of),
	LIST(NEED_PAYMENTS, SQL_PAYMENTS, FROM_OWNER, HISTORY_PAYMENTS, payment,
	     n_payments, payment_of),
	LIST(NEED_DETAILS, SQL_DETAILS, FROM_DETAILS, HISTORY_DETAILS, detail, n_details,
	     detail_of),
	LIST(NEED_RESOURCES, SQL_RESOURCES, FROM_NOW, MANY, resource, n_resources,
	     resource_of),
	LIST(NEED_CONSENTS, SQL_CONSENTS, FROM_OWNER, MANY, consent, n_consents,
	     consent_of),
	LIST(NEED_ORDERS, SQL_ORDERS, FROM_MONTH, HISTORY_ORDERS, order, n_orders,
	     order_of),
	LIST(NEED_COMPLAINTS, SQL_COMPLAINTS, FROM_OWNER, HISTORY_COMPLAINTS, complaint,
	     n_complaints, complaint_of),
	LIST(NEED_OFFERED, SQL_OFFERED, FROM_OFFERED, MANY, offered, n_offered,
	     offered_of),
	LIST(NEED_REMINDERS, SQL_REMINDERS, FROM_NOW, MANY, reminder, n_reminders,
	     reminder_of),
	LIST(NEED_PREFERENCE, SQL_PREFERENCE, FROM_NOW, 1, preference, n_preference,
	     preference_of),
	LIST(NEED_BONDS, SQL_BONDS, FROM_NOW, MANY, bond, n_bonds, bond_of),
	LIST(NEED_BONDS, SQL_BONDED, FROM_NOW, MANY, bonded, n_bonded, bond_of),
	LIST(NEED_REQUESTS, SQL_REQUESTS, FROM_NOW, MANY, asked, n_asked, request_of),
	LIST(NEED_REQUESTS, SQL_REQUESTED, FROM_NOW, MANY, asked_of, n_asked_of,
	     request_of),
	LIST(NEED_PLACES, SQL_PLACES, FROM_NOW, MANY, place, n_places, sqlite_place_of),
	LIST(NEED_TASKS, SQL_TASKS, FROM_OWNER, MANY, task, n_tasks, task_of),
#undef LIST
};

static int64_t month_start(month_t m)
{
	return civil_to_utc((struct civil){
		.year = month_year(m), .month = month_of_year(m), .day = 1 });
}

/* Instants from which rows count, by enum from; the calendar is asked once for all. */
struct windows {
	int64_t from[FROM_OFFERED + 1];
};

static struct windows windows_at(int64_t now)
{
	const month_t month = civil_month(now);

	return (struct windows){ { [FROM_OWNER] = INT64_MIN,
		                   [FROM_NOW] = now,
		                   [FROM_MONTH] = month_start(month),
		                   [FROM_DETAILS] = month_start(month - DETAIL_MONTHS),
		                   [FROM_HELD] = month_start(month - HELD_MONTHS),
		                   [FROM_OFFERED] = now - OFFERED_S } };
}

/* What happened before the owner is not his; what is valid may have begun any time. */
static int64_t from_when(enum from from, const struct dossier *d, const struct windows *w)
{
	const bool happened = from == FROM_OWNER || from == FROM_DETAILS ||
	                      from == FROM_OFFERED;

	return happened && w->from[from] < d->sub.owner_since ? d->sub.owner_since
	                                                      : w->from[from];
}

static enum err load_list(struct sql *q, struct arena *a, const struct list *l,
                          struct dossier *d, const struct windows *w)
{
	void *rows = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *row;
	enum err e = sql_query(q, l->statement,
	                       SQL_ARGS(sql_int(d->msisdn), sql_int(d->sub.owner_since),
	                                sql_int(from_when(l->from, d, w)),
	                                sql_int(l->most)),
	                       &row);

	for (; e == ERR_OK; e = sql_next(q, row)) {
		rows = set_grow(a, rows, n, &cap, l->size);
		l->read(row, a, d, (char *)rows + n++ * l->size);
	}
	memcpy((char *)d + l->rows, &rows, sizeof(rows));
	memcpy((char *)d + l->n, &n, sizeof(n));
	return sql_ended(e);
}

static bool has_order(const struct dossier *d, int64_t id)
{
	for (size_t i = 0; i < d->n_orders; i++)
		if (d->order[i].id == id)
			return true;
	return false;
}

/* Behind the others: it is older than those that are always loaded. */
static enum err load_named_order(struct sql *q, struct arena *a, struct dossier *d)
{
	size_t cap = d->n_orders;
	sqlite3_stmt *row;
	enum err e;

	if (d->order_named == 0 || has_order(d, d->order_named))
		return ERR_OK;
	e = sql_query(q, SQL_ORDER_NAMED,
	              SQL_ARGS(sql_int(d->order_named), sql_int(d->msisdn),
	                       sql_int(d->sub.owner_since)),
	              &row);
	for (; e == ERR_OK; e = sql_next(q, row)) {
		d->order = set_grow(a, d->order, d->n_orders, &cap, sizeof(*d->order));
		order_of(row, a, d, &d->order[d->n_orders++]);
	}
	return sql_ended(e);
}

/* What belongs to some of the needs and is no list. */
static enum err load_beside(struct sql *q, struct arena *a, struct dossier *d,
                            unsigned need)
{
	enum err e = ERR_OK;

	if ((need & NEED_DETAILS) != 0)
		e = sql_one_int(q, SQL_AS_OF, SQL_ARGS(sql_text(STR("details_as_of"))),
		                &d->details_as_of);
	if (e == ERR_OK && (need & NEED_PAYMENTS) != 0)
		e = sql_one_int(q, SQL_AS_OF, SQL_ARGS(sql_text(STR("payments_as_of"))),
		                &d->payments_as_of);
	if (e == ERR_OK && (need & NEED_PIN) != 0)
		e = sqlite_load_pin(q, a, d);
	if (e == ERR_OK && (need & NEED_ORDERS) != 0)
		e = load_named_order(q, a, d);
	return e;
}

static bool any_list(struct dossier *const *d, const unsigned *need, size_t n)
{
	unsigned all = 0, wanted = 0;

	for (size_t k = 0; k < sizeof(lists) / sizeof(lists[0]); k++)
		all |= lists[k].need;
	for (size_t i = 0; i < n; i++)
		wanted |= d[i]->known ? need[i] & ~d[i]->have : 0;
	return (wanted & (all | NEED_PIN)) != 0;
}

enum err sqlite_load_history(struct sql *q, struct arena *a, struct dossier **d,
                             const unsigned *need, size_t n, int64_t now)
{
	struct windows w;
	enum err e = ERR_OK;

	if (!any_list(d, need, n))
		return ERR_OK;
	w = windows_at(now);
	for (size_t k = 0; k < sizeof(lists) / sizeof(lists[0]); k++) {
		for (size_t i = 0; i < n && e == ERR_OK; i++) {
			if (d[i]->known && (need[i] & ~d[i]->have & lists[k].need) != 0)
				e = load_list(q, a, &lists[k], d[i], &w);
		}
	}
	for (size_t i = 0; i < n && e == ERR_OK; i++) {
		if (d[i]->known)
			e = load_beside(q, a, d[i], need[i] & ~d[i]->have);
	}
	return e;
}
