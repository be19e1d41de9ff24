/*
 * report.c - see store/report.h.
 *
 * One statement a kind of event; all take the same values:
 *   ?1 msisdn, ?2 since (ms), ?3 limit, ?4 code, ?5 order, ?6 owner_since or -1
 * The first column is the time in ms; NULL, "" and 0 under a name in _ms are left out.
 */
#include <stdlib.h>

#include "sqlite_priv.h"
#include "store/report.h"

enum {
	VALUES = 6,
	REPORT_RANKS = 2 * STORE_REPORT_ROWS
};

/* Names of what a column "state" holds. */
struct states {
	const char *const *name;
	size_t n;
};
#define STATES(names)                                       \
	{                                                   \
		(names), sizeof(names) / sizeof((names)[0]) \
	}

static const char *const inbox_names[] = { "answered", "silent", "aside", "parked" };
static const char *const outbox_names[] = { "ready", "sending",   "done",
	                                    "dead",  "ambiguous", "unsent" };
/* SMPP 3.4 section 5.2.28 */
static const char *const receipt_names[] = { "",         "enroute", "delivered",
	                                     "expired",  "deleted", "undeliverable",
	                                     "accepted", "unknown", "rejected" };
#define X(constant, name) name,
static const char *const order_names[] = { ORDER_STATE_LIST(X) };
static const char *const complaint_names[] = { COMPLAINT_STATE_LIST(X) };
static const char *const step_names[] = { STEP_KIND_LIST(X) };
static const char *const target_names[] = { TARGET_STATE_LIST(X) };
static const char *const touch_names[] = { TOUCH_OUTCOME_LIST(X) };
#undef X

struct source {
	const char *kind;
	struct states states;
	const char *sql;
};

#define OF_TEXT "FROM inbox i JOIN outbox o ON o.id = i.id WHERE i.msisdn = ?1 AND "

/* A target t with its message o, as it was sent and what came of it. */
#define OF_PUSH                                                             \
	"FROM target t LEFT JOIN outbox o ON o.id = t.outbox AND o.id > 0 " \
	"WHERE t.msisdn = ?1 AND "
#define CAMPAIGN_OF "(SELECT code FROM campaign WHERE id = t.campaign) AS campaign"
#define SENT_BY                                                                                      \
	"o.text, o.from_digits AS sender, CASE o.state WHEN 1 THEN 'sending' WHEN 2 "                \
	"THEN 'accepted' WHEN 3 THEN 'refused' WHEN 4 THEN 'ambiguous' WHEN 5 THEN 'unsent' END AS " \
	"outcome, nullif(o.status, 0) AS status, o.done_ms, o.message_id, "

static const struct source trace[] = {
	{ "text", STATES(inbox_names),
	  "SELECT at_ms, id, state, from_digits AS sender, to_digits AS recipient, text, "
	  "intent, rule, revision, link_group, CASE settled WHEN 0 THEN 'no' END AS settled "
	  "FROM inbox WHERE msisdn = ?1 AND at_ms >= ?2 ORDER BY id DESC LIMIT ?3" },
	{ "reply", STATES(outbox_names),
	  "SELECT o.at_ms, o.id, o.state, o.text, o.done_ms, o.message_id, "
	  "nullif(o.status, 0) AS status " OF_TEXT
	  "o.at_ms >= ?2 ORDER BY o.id DESC LIMIT ?3" },
	{ "receipt", STATES(receipt_names),
	  "SELECT o.receipt_ms, o.id, o.receipt_state AS state, o.message_id, "
	  "o.receipt_error AS error " OF_TEXT
	  "o.receipt_ms >= ?2 ORDER BY o.id DESC LIMIT ?3" },
	{ "notice", STATES(outbox_names),
	  "SELECT at_ms, id, state, text, from_digits AS sender, done_ms, message_id, "
	  "nullif(status, 0) AS status FROM outbox WHERE told = ?1 AND at_ms >= ?2 "
	  "ORDER BY id DESC LIMIT ?3" },
	{ "optout",
	  { NULL, 0 },
	  "SELECT at * 1000, inbox AS id, CASE out WHEN 0 THEN 'takes marketing' ELSE "
	  "'no marketing' END AS choice FROM optout WHERE msisdn = ?1 AND at * 1000 >= ?2 "
	  "ORDER BY 1 DESC LIMIT ?3" },
	{ "task",
	  { NULL, 0 },
	  "SELECT at * 1000, inbox AS id, 'T' || id AS task, kind, text, "
	  "done_at * 1000 AS done_ms, answer FROM task WHERE msisdn = ?1 AND at * 1000 >= ?2 "
	  "ORDER BY task.id DESC LIMIT ?3" },
	{ "order", STATES(order_names),
	  "SELECT at * 1000, inbox AS id, service_order.id AS \"order\", state, kind, package, "
	  "effective_at * 1000 AS effective_ms, fee_fen, charged_fen, charged_points, price "
	  "FROM service_order "
	  "WHERE msisdn = ?1 AND at * 1000 >= ?2 ORDER BY service_order.id DESC LIMIT ?3" },
	{ "step", STATES(step_names),
	  "SELECT at * 1000, inbox AS id, kind AS state, dialogue AS prompt, "
	  "order_id AS \"order\", folded, price FROM step WHERE msisdn = ?1 "
	  "AND at * 1000 >= ?2 ORDER BY 1 DESC LIMIT ?3" },
	{ "charge",
	  { NULL, 0 },
	  "SELECT at * 1000, inbox AS id, request_id, kind, amount_fen, points, note FROM ledger "
	  "WHERE msisdn = ?1 AND at * 1000 >= ?2 ORDER BY 1 DESC LIMIT ?3" },
	{ "consent",
	  { NULL, 0 },
	  "SELECT at * 1000, subject, CASE given WHEN 0 THEN 'taken back' ELSE 'given' END "
	  "AS choice, channel, text FROM consent WHERE msisdn = ?1 AND at * 1000 >= ?2 "
	  "ORDER BY 1 DESC LIMIT ?3" },
	{ "complaint", STATES(complaint_names),
	  "SELECT at * 1000, state, kind, text FROM complaint WHERE msisdn = ?1 "
	  "AND at * 1000 >= ?2 ORDER BY 1 DESC LIMIT ?3" },
	{ "push", STATES(target_names),
	  "SELECT t.at * 1000, t.outbox AS id, t.state, " CAMPAIGN_OF
	  ", CASE t.arm WHEN 254 THEN 'control' WHEN 255 THEN 'universal' ELSE t.arm END "
	  "AS arm, t.offer, nullif(t.reason, 0) AS reason, " SENT_BY "t.why, "
	  "t.until * 1000 AS until_ms, t.replied_at * 1000 AS replied_ms " OF_PUSH
	  "t.at > 0 AND t.at * 1000 >= ?2 ORDER BY 1 DESC LIMIT ?3" },
	{ "receipt", STATES(receipt_names),
	  "SELECT o.receipt_ms, o.id, o.receipt_state AS state, o.message_id, "
	  "o.receipt_error AS error " OF_PUSH
	  "o.receipt_ms >= ?2 ORDER BY 1 DESC LIMIT ?3" },
	{ "test", STATES(outbox_names),
	  "SELECT t.at * 1000, t.outbox AS id, " CAMPAIGN_OF ", t.by, t.offer, o.state, "
	  "ifnull(o.text, t.text) AS text, o.from_digits AS sender, o.done_ms, o.message_id, "
	  "nullif(o.status, 0) AS status, t.why FROM campaign_test t "
	  "LEFT JOIN outbox o ON o.id = t.outbox AND o.id > 0 WHERE t.msisdn = ?1 "
	  "AND t.at * 1000 >= ?2 ORDER BY 1 DESC LIMIT ?3" },
	{ "touch", STATES(touch_names),
	  "SELECT at * 1000, channel, about, outcome AS state FROM touch WHERE msisdn = ?1 "
	  "AND at * 1000 >= ?2 ORDER BY 1 DESC LIMIT ?3" },
	{ "use",
	  { NULL, 0 },
	  "SELECT at * 1000, campaign, what FROM used WHERE msisdn = ?1 "
	  "AND at * 1000 >= ?2 ORDER BY 1 DESC LIMIT ?3" },
	{ "blacklist",
	  { NULL, 0 },
	  "SELECT at * 1000, by, why FROM suppressed WHERE msisdn = ?1 "
	  "AND at * 1000 >= ?2 LIMIT ?3" },
};

/* What was received and sent, behind the columns of an event e that names its text. */
#define WITH_TEXT                                                                    \
	"i.at_ms AS received_ms, i.text AS text_received, i.to_digits AS "           \
	"sent_to, i.intent, i.rule, i.revision, o.text AS reply_sent, o.done_ms AS " \
	"reply_ms, o.message_id AS reply_message_id, e.owner_since * 1000 AS "       \
	"owner_since_ms"
#define JOIN_TEXT \
	"LEFT JOIN inbox i ON i.id = e.inbox LEFT JOIN outbox o ON o.id = e.inbox "
#define OF_OWNER                                              \
	"e.msisdn = ?1 AND e.at * 1000 >= ?2 AND (?6 < 0 OR " \
	"e.owner_since IN (0, ?6)) "
#define NEWEST "ORDER BY 1 DESC LIMIT ?3"

static const struct source evidence[] = {
	{ "consent",
	  { NULL, 0 },
	  "SELECT at * 1000, subject, CASE given WHEN 0 THEN 'taken back' ELSE 'given' END "
	  "AS choice, channel, text, owner_since * 1000 AS owner_since_ms FROM consent AS e "
	  "WHERE " OF_OWNER "AND (?4 = '' OR subject = ?4) AND (?5 = 0 OR subject IN "
	  "(SELECT package FROM service_order WHERE id = ?5 AND msisdn = ?1)) " NEWEST },
	{ "optout",
	  { NULL, 0 },
	  "SELECT e.at * 1000, e.inbox AS id, CASE e.out WHEN 0 THEN 'takes marketing' ELSE "
	  "'no marketing' END AS choice, " WITH_TEXT " FROM optout e " JOIN_TEXT
	  "WHERE " OF_OWNER "AND ?4 = '' AND ?5 = 0 " NEWEST },
	{ "order", STATES(order_names),
	  "SELECT e.at * 1000, e.inbox AS id, e.id AS \"order\", e.state, e.kind, e.package, "
	  "e.effective_at * 1000 AS effective_ms, e.fee_fen, e.charged_fen, e.charged_points, "
	  "e.price, " WITH_TEXT " FROM service_order e " JOIN_TEXT "WHERE " OF_OWNER
	  "AND (?4 = '' OR e.package = ?4) AND (?5 = 0 OR e.id = ?5) " NEWEST },
	{ "step", STATES(step_names),
	  "SELECT e.at * 1000, e.inbox AS id, e.kind AS state, e.dialogue AS prompt, "
	  "e.order_id AS \"order\", e.folded, e.price, " WITH_TEXT
	  " FROM step e " JOIN_TEXT "WHERE " OF_OWNER
	  "AND (?4 = '' OR e.dialogue IN (SELECT prompt FROM service_order WHERE msisdn = ?1 "
	  "AND package = ?4) OR e.price = ?4 OR substr(e.price, 1, length(?4) + 1) = ?4 || '|') "
	  "AND (?5 = 0 OR e.order_id = ?5 OR e.dialogue IN (SELECT prompt "
	  "FROM service_order WHERE msisdn = ?1 AND id = ?5 AND prompt > 0)) " NEWEST },
	{ "charge",
	  { NULL, 0 },
	  "SELECT e.at * 1000, e.inbox AS id, e.request_id, e.kind, e.amount_fen, e.points, e.note, " WITH_TEXT
	  " FROM ledger e " JOIN_TEXT "WHERE " OF_OWNER
	  "AND (?4 = '' OR e.inbox IN (SELECT inbox FROM service_order WHERE msisdn = ?1 "
	  "AND package = ?4)) AND (?5 = 0 OR e.inbox IN (SELECT inbox FROM service_order "
	  "WHERE msisdn = ?1 AND id = ?5)) " NEWEST },
	{ "push",
	  { NULL, 0 },
	  "SELECT t.at * 1000, t.outbox AS id, " CAMPAIGN_OF
	  ", t.offer, t.price, " SENT_BY
	  "o.receipt_ms, t.until * 1000 AS until_ms, t.replied_at * 1000 AS replied_ms, "
	  "t.owner_since * 1000 AS owner_since_ms " OF_PUSH
	  "t.state = 3 AND t.at * 1000 >= ?2 AND (?6 < 0 OR t.owner_since = ?6) "
	  "AND (?4 = '' OR t.offer = ?4) AND (?5 = 0 OR t.offer IN (SELECT package FROM "
	  "service_order WHERE id = ?5 AND msisdn = ?1)) " NEWEST },
};

/* ---- one event ---- */

struct reading {
	struct sql *q;
	struct arena *arena;
	const struct source *source;
	size_t source_index;
	uint64_t rows_left; /* falls: rows come newest first */
	SET_OF(struct store_event) events;
};

static bool ends_in_ms(const char *name)
{
	const size_t n = strlen(name);

	return n > 3 && strcmp(name + n - 3, "_ms") == 0;
}

/* False when there is nothing to say under this name. */
static bool read_field(const struct reading *r, sqlite3_stmt *row, int column,
                       struct store_field *out)
{
	const struct states *s = &r->source->states;
	const char *name = sqlite3_column_name(row, column);

	*out = (struct store_field){
		.name = arena_str(r->arena, str_of(name)).p,
		.is_number = sqlite3_column_type(row, column) == SQLITE_INTEGER,
		.number = sql_col_int(row, column),
	};
	if (out->is_number && s->n > 0 && strcmp(name, "state") == 0) {
		const unsigned at = sql_col_enum(row, column, (unsigned)s->n);

		out->is_number = false;
		out->text = str_of(s->name[at]);
	} else if (!out->is_number) {
		out->text = sql_col_str(row, column, r->arena);
	}
	if (out->is_number)
		return out->number != 0 || !(ends_in_ms(name) || strcmp(name, "id") == 0);
	return out->text.n > 0;
}

/* Within one moment: by the text it belongs to, then as the sources stand. */
static int64_t rank_of(const struct reading *r, const struct store_event *e)
{
	const bool has_text = e->n > 0 && strcmp(e->field[0].name, "id") == 0;
	const uint64_t text = has_text ? (uint64_t)e->field[0].number : 0;

	return (int64_t)(text << 20 | (uint64_t)r->source_index << 12 |
	                 (r->rows_left & 0xfff));
}

static void read_event(struct reading *r, sqlite3_stmt *row)
{
	const int n = sqlite3_column_count(row);
	struct store_event e = { .kind = r->source->kind,
		                 .at_ms = sql_col_int(row, 0),
		                 .field = arena_array(r->arena, struct store_field,
		                                      (size_t)n) };

	for (int i = 1; i < n; i++) {
		if (read_field(r, row, i, &e.field[e.n]))
			e.n++;
	}
	r->rows_left--;
	e.rank = rank_of(r, &e);
	set_add(r->arena, &r->events, e);
}

static enum err read_source(struct reading *r, const struct sql_value *v)
{
	sqlite3_stmt *row = NULL;
	enum err e = sql_once(r->q, r->source->sql, v, VALUES, &row);

	if (e != ERR_OK)
		return sql_ended(e);
	for (; e == ERR_OK; e = sql_next(r->q, row))
		read_event(r, row);
	(void)sqlite3_finalize(row);
	return sql_ended(e);
}

/* ---- a report ---- */

static int by_time(const void *a, const void *b)
{
	const struct store_event *x = a, *y = b;

	if (x->at_ms != y->at_ms)
		return x->at_ms < y->at_ms ? -1 : 1;
	return x->rank < y->rank ? -1 : x->rank > y->rank;
}

static void keep_newest(struct reading *r, struct store_report *report)
{
	const size_t n = r->events.n;
	const size_t drop = n > report->limit ? n - report->limit : 0;

	if (n > 1)
		qsort(r->events.row, n, sizeof(*r->events.row), by_time);
	report->event = n > 0 ? r->events.row + drop : NULL;
	report->n = n - drop;
	report->cut = drop > 0;
}

static enum err present_owner(struct sql *q, int64_t msisdn, int64_t *out)
{
	const enum err e = sql_one_int(q, SQL_OWNER, SQL_ARGS(sql_int(msisdn)), out);

	if (e == ERR_NOT_FOUND)
		*out = -1;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err report_of(struct store_reader *reader, struct arena *a,
                          const struct source *source, size_t n,
                          struct store_report *report, struct fault *fault)
{
	struct reading r = { .q = sqlite_reader_sql(reader), .arena = a };
	int64_t owner = -1;
	enum err e = present_owner(r.q, report->msisdn, &owner);
	const struct sql_value v[VALUES] = { sql_int(report->msisdn),
		                             sql_int(report->since_ms),
		                             sql_int((int64_t)report->limit + 1),
		                             sql_text(report->code),
		                             sql_int(report->order),
		                             sql_int(owner) };

	for (size_t i = 0; i < n && e == ERR_OK; i++) {
		r.q = sqlite_reader_sql(reader);
		r.source = &source[i];
		r.source_index = i;
		r.rows_left = REPORT_RANKS;
		e = read_source(&r, v);
	}
	if (e == ERR_OK)
		keep_newest(&r, report);
	else
		fault_set(fault, "the store could not be read: %s", r.q->fault->text);
	return e;
}

enum err store_trace(struct store_reader *r, struct arena *a, struct store_report *report,
                     struct fault *fault)
{
	return report_of(r, a, trace, sizeof(trace) / sizeof(trace[0]), report, fault);
}

enum err store_evidence(struct store_reader *r, struct arena *a,
                        struct store_report *report, struct fault *fault)
{
	return report_of(r, a, evidence, sizeof(evidence) / sizeof(evidence[0]), report,
	                 fault);
}
