/*
 * texts.c - see store/texts.h.
 */
#include "store/texts.h"
#include "sqlite_priv.h"

/* ?1 since (ms), ?2 limit, ?3 whether all */
#define TEXTS                                                                           \
	"SELECT text FROM inbox WHERE at_ms >= ?1 AND (?3 OR intent = '') ORDER BY id " \
	"DESC LIMIT ?2"

enum err store_texts(struct store_reader *r, struct arena *a, struct store_texts *t,
                     struct fault *fault)
{
	struct sql *q = sqlite_reader_sql(r);
	const struct sql_value v[] = { sql_int(t->since_ms), sql_int((int64_t)t->limit),
		                       sql_int(t->unmatched_only ? 0 : 1) };
	sqlite3_stmt *row = NULL;
	enum err e = sql_once(q, TEXTS, v, sizeof(v) / sizeof(v[0]), &row);
	const bool opened = e == ERR_OK;

	t->text = arena_array(a, struct str, t->limit);
	t->n = 0;
	for (; e == ERR_OK && t->n < t->limit; e = sql_next(q, row))
		t->text[t->n++] = sql_col_str(row, 0, a);
	if (opened)
		(void)sqlite3_finalize(row);
	e = sql_ended(e);
	if (e != ERR_OK)
		fault_set(fault, "the store could not be read: %s", q->fault->text);
	return e;
}
