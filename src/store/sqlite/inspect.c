/*
 * inspect.c - see store/inspect.h.
 */
#include "store/inspect.h"
#include "sqlite_priv.h"

/* Each table by its constant statement: no name from outside becomes SQL. */
static const struct readable {
	const char *table, *statement;
} tables[] = {
#define TABLE(name, key)                                                   \
	{                                                                  \
#name, "SELECT * FROM " #name " ORDER BY " key " LIMIT ?1" \
	}
	TABLE(inbox, "id"),
	TABLE(outbox, "id"),
	TABLE(part, "at_ms, ref, seq"),
	TABLE(receipt_orphan, "at_ms"),
	TABLE(optout, "msisdn"),
	TABLE(task, "id"),
	TABLE(ledger, "request_id"),
	TABLE(subscriber, "msisdn"),
	TABLE(account, "msisdn"),
	TABLE(subscription, "msisdn, package, since"),
	TABLE(package, "code"),
	TABLE(usage_month, "msisdn"),
	TABLE(bill, "msisdn, month, line"),
	TABLE(payment, "msisdn, at, channel"),
	TABLE(detail, "msisdn, at, kind, peer"),
	TABLE(resource, "msisdn, kind, name, expires_on"),
	TABLE(complaint, "msisdn, at, kind"),
	TABLE(consent, "msisdn, subject, at"),
	TABLE(group_, "code"),
	TABLE(group_member, "msisdn, group_code"),
	TABLE(tag, "msisdn, name"),
	TABLE(service_order, "id"),
	TABLE(dialogue, "msisdn"),
	TABLE(step, "id"),
	TABLE(points_lot, "msisdn, at"),
	TABLE(coupon, "code"),
	TABLE(login, "msisdn"),
	TABLE(draw, "order_id"),
	TABLE(tool_stock, "tool"),
	TABLE(tool_sale, "id"),
	TABLE(reminder, "msisdn, kind"),
	TABLE(preference, "msisdn"),
	TABLE(bond, "msisdn, asker"),
	TABLE(request, "asker, msisdn, command"),
	TABLE(enterprise, "group_code"),
	TABLE(parked, "id"),
	TABLE(campaign, "id"),
	TABLE(campaign_step, "id"),
	TABLE(campaign_seen, "campaign"),
	TABLE(campaign_test, "id"),
	TABLE(handoff, "id"),
	TABLE(target, "campaign, msisdn"),
	TABLE(touch, "msisdn, at, channel"),
	TABLE(used, "msisdn, at, campaign, what"),
	TABLE(package_move, "msisdn, at"),
	TABLE(suppressed, "msisdn"),
	TABLE(import, "id"),
#undef TABLE
};

static const char *statement_of(const char *table)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		if (strcmp(table, tables[i].table) == 0)
			return tables[i].statement;
	}
	return NULL;
}

static struct str hex_of(struct arena *a, const void *p, size_t n)
{
	static const char digit[] = "0123456789abcdef";
	char *out = arena_alloc(a, 2 * n + 1);

	for (size_t i = 0; i < n; i++) {
		const unsigned octet = ((const unsigned char *)p)[i];

		out[2 * i] = digit[octet >> 4];
		out[2 * i + 1] = digit[octet & 15];
	}
	return (struct str){ out, 2 * n };
}

static struct str cell(sqlite3_stmt *row, int column, struct arena *a)
{
	const int type = sqlite3_column_type(row, column);
	const void *p = type == SQLITE_BLOB ? sqlite3_column_blob(row, column)
	                                    : sqlite3_column_text(row, column);
	const size_t n = (size_t)sqlite3_column_bytes(row, column);

	if (type == SQLITE_BLOB)
		return hex_of(a, p, n);
	return arena_str(a, (struct str){ p, p != NULL ? n : 0 });
}

static void read_columns(sqlite3_stmt *row, struct arena *a, struct store_table *out)
{
	out->n_columns = (size_t)sqlite3_column_count(row);
	out->column = arena_array(a, struct str, out->n_columns);
	for (size_t i = 0; i < out->n_columns; i++)
		out->column[i] = arena_str(a, str_of(sqlite3_column_name(row, (int)i)));
}

static int read_rows(sqlite3_stmt *row, struct arena *a, struct store_table *out)
{
	SET_OF(struct str) values = { NULL, 0, 0 };
	int code;

	while ((code = sqlite3_step(row)) == SQLITE_ROW) {
		for (size_t i = 0; i < out->n_columns; i++)
			set_add(a, &values, cell(row, (int)i, a));
		out->n_rows++;
	}
	out->value = values.row;
	return code;
}

enum err store_inspect(struct store *s, const char *table, struct arena *a,
                       struct store_table *out)
{
	struct sql *q = sql_of(s);
	const char *statement = statement_of(table);
	struct store_table t = { 0 };
	sqlite3_stmt *row;
	int code;

	if (statement == NULL)
		return ERR_NOT_FOUND;
	code = sqlite3_prepare_v2(q->db, statement, -1, &row, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_bind_int(row, 1, STORE_INSPECT_ROWS);
	if (code == SQLITE_OK) {
		read_columns(row, a, &t);
		code = read_rows(row, a, &t);
	}
	(void)sqlite3_finalize(row);
	if (code != SQLITE_DONE)
		return sql_failed(q, code, false);
	*out = t;
	return ERR_OK;
}
