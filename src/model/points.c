/*
 * points.c - lots of points; see model/tools.h.
 */
#include "model/tools.h"

int64_t points_expiry(int64_t earned_at, int64_t months)
{
	struct civil t = civil_of(earned_at);
	const month_t m = month_make(t.year, t.month) + (month_t)months;
	const int last = month_days(m);

	t.year = month_year(m);
	t.month = month_of_year(m);
	t.day = (t.day < last ? t.day : last) + 1;
	t.hour = t.minute = t.second = 0;
	return civil_to_utc(t);
}

bool points_ended(const struct points_entry *entry, size_t n, struct str lot)
{
	for (size_t i = 0; i < n; i++)
		if (entry[i].points <= 0 && str_eq(entry[i].lot, lot))
			return true;
	return false;
}

struct points_count points_count(int64_t balance, const struct points_entry *entry,
                                 size_t n, int64_t months, int64_t now, struct arena *a)
{
	struct points_count out = { .points = balance,
		                    .end = arena_array(a, struct points_end, n + 1) };
	int64_t left = balance > 0 ? balance : 0;

	for (size_t i = 0; i < n && left > 0; i++) {
		const struct points_entry *e = &entry[i];
		const int64_t held = e->points < left ? e->points : left;
		int64_t ends_at;

		/* What ended a lot is newer than the lot. */
		if (e->points <= 0 || points_ended(entry, i, e->id))
			continue;
		left -= held;
		ends_at = points_expiry(e->at, months);
		if (ends_at <= now) {
			out.points -= held;
			out.end[out.n_ends++] = (struct points_end){ e->id, held };
		} else if (ends_at == out.next_at) {
			out.next += held;
		} else {
			out.next = held;
			out.next_at = ends_at;
		}
	}
	return out;
}
