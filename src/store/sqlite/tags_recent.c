/*
 * tags_recent.c - what of `known` is of these days: the running month, lists of codes.
 */
#include "tags_priv.h"
#include "usage_blob_priv.h"

enum {
	HOUR_S = 3600,
	KIB_OF_MB = 1024
};

static void set(struct known *k, enum known_column c, int64_t v)
{
	k->v[c] = (struct known_value){ .type = KNOWN_INT, .i = v };
}

/* The latest; what is reported this month without a month of it is no use yet. */
static bool this_month(struct span held, int64_t as_of, int64_t now,
                       struct usage_month *out)
{
	const size_t n = usage_blob_count(held);
	const month_t month = civil_month(now);

	*out = (struct usage_month){ .month = month };
	if (as_of > now || civil_month(as_of) != month)
		return false;
	if (n > 0) {
		const struct usage_month u = usage_blob_get(held.p +
		                                            (n - 1) * USAGE_BLOB_MONTH);

		if (u.month == month)
			*out = u;
	}
	return true;
}

static void set_share(struct known *k, enum known_column c, int64_t used, int64_t total)
{
	if (total > 0)
		set(k, c, used / total * 100 + used % total * 100 / total);
}

void known_set_month(struct known *k, const struct package *p,
                     const struct known_month *m, int64_t now)
{
	const int64_t data = m->addon_data_kib + (p != NULL ? p->data_kib : 0),
		      voice = m->addon_voice_s + (p != NULL ? p->voice_s : 0);
	struct usage_month u;

	if (p == NULL || !this_month(m->months, m->as_of, now, &u))
		return;
	set(k, KNOWN_month_age_h, (now - m->as_of) / HOUR_S);
	set_share(k, KNOWN_month_data_pct, u.data_kib, data);
	set_share(k, KNOWN_month_voice_pct, u.voice_s, voice);
	if (data > 0)
		set(k, KNOWN_month_data_left_mb,
		    u.data_kib < data ? (data - u.data_kib) / KIB_OF_MB : 0);
}

void known_add_code(struct known *k, enum known_column c, struct str code,
                    struct arena *a)
{
	struct known_value *v = &k->v[c];
	const struct str one = arena_printf(a, " %.*s ", STR_ARG(code));

	if (str_find(v->text, one) < v->text.n || v->text.n + one.n > KNOWN_LIST_OCTETS)
		return;
	v->text = arena_printf(a, "%.*s%.*s", STR_ARG(v->text),
	                       v->text.n > 0 ? (int)one.n - 1 : (int)one.n,
	                       v->text.n > 0 ? one.p + 1 : one.p);
}
