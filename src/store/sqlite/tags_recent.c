/*
 * tags_recent.c - what of `known` is of these days: the running month, lists of codes.
 */
#include "tags_priv.h"

enum {
	HOUR_S = 3600,
	KIB_OF_MB = 1024
};

/* What is reported this month without a month of it is no use yet. */
static bool this_month(const struct store_person *p, const struct known_now *now,
                       struct usage_month *out)
{
	*out = (struct usage_month){ .month = now->month };
	if (p->usage_as_of > now->at || p->usage_as_of < now->month_begins)
		return false;
	if (p->n_usage > 0 && p->usage[p->n_usage - 1].month == now->month)
		*out = p->usage[p->n_usage - 1];
	return true;
}

static void set_share(struct known *k, enum known_column c, int64_t used, int64_t total)
{
	if (total > 0)
		known_set(k, c, used / total * 100 + used % total * 100 / total);
}

void known_set_month(struct known *k, const struct package *main,
                     const struct store_person *p, const struct known_addons *addons,
                     const struct known_now *now)
{
	struct usage_month u;

	if (main == NULL || !this_month(p, now, &u))
		return;
	const int64_t data = addons->data_kib + main->data_kib,
		      voice = addons->voice_s + main->voice_s;

	known_set(k, KNOWN_month_age_h, (now->at - p->usage_as_of) / HOUR_S);
	set_share(k, KNOWN_month_data_pct, u.data_kib, data);
	set_share(k, KNOWN_month_voice_pct, u.voice_s, voice);
	if (data > 0)
		known_set(k, KNOWN_month_data_left_mb,
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
