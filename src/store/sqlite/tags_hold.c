/*
 * tags_hold.c - whom one rule holds of, without anything being kept: audiences.
 */
#include "tags_priv.h"

static enum err load(struct store_reader *r, struct tag_rules *rules, struct arena *a,
                     struct known_slice *k)
{
	struct catalogue packages = { NULL, 0 };
	enum err e = sqlite_catalogue(sqlite_reader_sql(r), a, &packages);

	k->columns = rules->columns;
	return e == ERR_OK ? known_load(r, &packages, a, k) : e;
}

static enum err hold(struct tag_rules *rules, const struct known_slice *k,
                     struct tag_hold *out)
{
	struct str value[TAGS_MAX];
	enum err e = ERR_OK;

	for (size_t i = 0; i < k->n && e == ERR_OK; i++) {
		e = tag_rules_say(rules, &k->row[i], value);
		if (e == ERR_OK && value[0].n > 0)
			out->msisdn[out->n++] = k->row[i].msisdn;
	}
	return e;
}

/* In one transaction: people and their figures of one moment. */
enum err store_tags_hold(struct store_reader *r, struct tag_rules *rules, struct arena *a,
                         struct tag_hold *h, struct fault *fault)
{
	struct known_slice k = {
		.from = h->after, .to_most = h->to, .rows = TAG_SLICE, .now = h->now
	};
	struct sql *q = sqlite_reader_sql(r);
	enum err e = sql_script(q, "BEGIN"), ended;

	rules->fault = (struct fault){ "" };
	h->msisdn = arena_array(a, int64_t, TAG_SLICE);
	h->n = 0;
	if (e == ERR_OK)
		e = load(r, rules, a, &k);
	if (e == ERR_OK)
		e = hold(rules, &k, h);
	ended = sql_script(q, "COMMIT");
	e = e == ERR_OK ? ended : e;
	h->last = k.n < TAG_SLICE;
	h->after = k.n > 0 ? k.row[k.n - 1].msisdn : h->to;
	if (e != ERR_OK)
		fault_set(fault, "the store could not be read: %s",
		          rules->fault.text[0] != '\0' ? rules->fault.text
		                                       : q->fault->text);
	return e;
}
