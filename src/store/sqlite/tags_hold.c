/*
 * tags_hold.c - whom one rule holds of, without anything being kept: audiences.
 */
#include "tags_priv.h"

enum err tag_rules_one(const char *path, struct str code, struct str rule,
                       const struct policy *policy, struct tag_rules **out,
                       struct fault *fault)
{
	const struct tag_def def = { .name = STR("audience"),
		                     .level = TAG_BASIC,
		                     .zh = code,
		                     .hant = code,
		                     .en = code,
		                     .rule = rule };

	return tag_rules_make(path, &def, 1, policy, out, fault);
}

static enum err load(struct store_reader *r, struct tag_rules *rules, struct arena *a,
                     struct known_slice *k)
{
	struct catalogue packages = { NULL, 0 };
	enum err e = sqlite_catalogue(sqlite_reader_sql(r), a, &packages);

	k->columns = rules->columns;
	k->policy = &rules->policy;
	return e == ERR_OK ? known_load(sqlite_reader_sql(r), &packages, a, k) : e;
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

enum err store_tag_holds(struct store *s, struct tag_rules *rules,
                         const struct catalogue *packages, struct arena *a,
                         int64_t msisdn, int64_t now, bool *holds)
{
	struct known_slice k = { .from = msisdn - 1,
		                 .to_most = msisdn,
		                 .rows = 1,
		                 .now = now,
		                 .columns = rules->columns,
		                 .policy = &rules->policy };
	struct str value[TAGS_MAX];
	enum err e = known_load(sql_of(s), packages, a, &k);

	if (e == ERR_OK && k.n > 0)
		e = tag_rules_say(rules, &k.row[0], value);
	if (e == ERR_OK)
		*holds = k.n > 0 && value[0].n > 0;
	return e;
}
