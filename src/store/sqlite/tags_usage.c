/*
 * tags_usage.c - what of `known` comes of the full months behind: means, excess, trends.
 */
#include "tags_priv.h"

enum {
	DAY_S = 24 * 3600,
	WINDOW_MONTHS = 6,
	TREND_MONTHS = 4, /* two against two */
	TREND_MOST = 99999,
	BASE = 10000
};

static int64_t minutes(int64_t s)
{
	return (s + 59) / 60;
}

static int64_t megabytes(int64_t kib)
{
	return (kib + 1023) / 1024;
}

struct months {
	struct usage_month row[WINDOW_MONTHS]; /* ascending */
	size_t n;
};

/* Full months of the present owner among the last six. */
static struct months months_of(const struct store_person *p, const struct known_now *now)
{
	struct months m = { .n = 0 };
	month_t first = now->month - WINDOW_MONTHS;

	if (p->owner_since > now->at - (WINDOW_MONTHS + INT64_C(1)) * 31 * DAY_S) {
		const month_t own = civil_month(p->owner_since - 1) + 1; /* a full one */

		first = own > first ? own : first;
	}
	for (size_t i = 0; i < p->n_usage && m.n < WINDOW_MONTHS; i++) {
		const struct usage_month *u = &p->usage[i];

		if (u->month >= first && u->month < now->month)
			m.row[m.n++] = *u;
	}
	return m;
}

static void set_means(struct known *k, const struct months *m)
{
	int64_t voice = 0, sms = 0, data = 0, bill = 0, billed = 0, most = 0;
	const int64_t n = (int64_t)m->n;

	for (size_t i = 0; i < m->n; i++) {
		const struct usage_month *u = &m->row[i];

		voice += u->voice_s;
		sms += u->sms;
		data += u->data_kib;
		if (u->bill_fen == BILL_NONE)
			continue;
		bill += u->bill_fen;
		most = billed == 0 || u->bill_fen > most ? u->bill_fen : most;
		known_set(k, KNOWN_bill_fen_last, u->bill_fen);
		billed++;
	}
	known_set(k, KNOWN_voice_min_avg, minutes(voice / n));
	known_set(k, KNOWN_sms_avg, sms / n);
	known_set(k, KNOWN_data_mb_avg, megabytes(data / n));
	known_set(k, KNOWN_voice_min_last, minutes(m->row[m->n - 1].voice_s));
	known_set(k, KNOWN_data_mb_last, megabytes(m->row[m->n - 1].data_kib));
	if (billed == 0)
		return;
	known_set(k, KNOWN_bill_fen_avg, bill / billed);
	known_set(k, KNOWN_bill_fen_max, most);
}

static void set_over(struct known *k, const struct months *m, const struct package *p)
{
	int64_t months = 0, over = 0, billed = 0, voice = 0, data = 0;
	const int64_t n = (int64_t)m->n;

	for (size_t i = 0; i < m->n; i++) {
		const struct usage_month *u = &m->row[i];

		months += u->voice_s > p->voice_s || u->sms > p->sms ||
		                          u->data_kib > p->data_kib
		                  ? 1
		                  : 0;
		voice += u->voice_s;
		data += u->data_kib;
		if (u->bill_fen == BILL_NONE)
			continue;
		over += u->bill_fen > p->fee_fen ? u->bill_fen - p->fee_fen : 0;
		billed++;
	}
	known_set(k, KNOWN_over_months, months);
	if (billed > 0)
		known_set(k, KNOWN_over_fen_avg, over / billed);
	if (p->voice_s > 0)
		known_set(k, KNOWN_voice_use_pct, voice / n * 100 / p->voice_s);
	if (p->data_kib > 0)
		known_set(k, KNOWN_data_use_pct, data / n * 100 / p->data_kib);
}

static int64_t value_of(const struct usage_month *u, enum known_column of)
{
	if (of == KNOWN_trend_bp)
		return u->bill_fen;
	return of == KNOWN_voice_trend_bp ? u->voice_s : u->data_kib;
}

/* (last two - two before) / two before; needs four months in a row. */
static void set_trend(struct known *k, const struct months *m, enum known_column of)
{
	int64_t half[2] = { 0, 0 }, trend;

	for (size_t i = 0; i < TREND_MONTHS; i++) {
		const struct usage_month *u = &m->row[m->n - TREND_MONTHS + i];
		const int64_t v = value_of(u, of);

		if (v == BILL_NONE)
			return;
		half[i / 2] += v;
	}
	if (half[0] <= 0)
		return;
	trend = (half[1] - half[0]) * BASE / half[0];
	trend = trend > TREND_MOST ? TREND_MOST : trend;
	known_set(k, of, trend < -TREND_MOST ? -TREND_MOST : trend);
}

static bool is_in_a_row(const struct months *m)
{
	return m->n >= TREND_MONTHS &&
	       m->row[m->n - 1].month - m->row[m->n - TREND_MONTHS].month ==
	               TREND_MONTHS - 1;
}

static int64_t count_silent(const struct months *m)
{
	int64_t n = 0;

	for (size_t i = m->n; i-- > 0; n++) {
		const struct usage_month *u = &m->row[i];

		if (u->voice_s > 0 || u->sms > 0 || u->data_kib > 0 ||
		    u->month != m->row[m->n - 1].month - n)
			break;
	}
	return n;
}

void known_set_usage(struct known *k, const struct package *main,
                     const struct store_person *p, const struct known_now *now)
{
	const struct months m = months_of(p, now);

	if (m.n == 0)
		return;
	known_set(k, KNOWN_months, (int64_t)m.n);
	set_means(k, &m);
	known_set(k, KNOWN_silent_months, count_silent(&m));
	if (main != NULL)
		set_over(k, &m, main);
	if (!is_in_a_row(&m))
		return;
	set_trend(k, &m, KNOWN_trend_bp);
	set_trend(k, &m, KNOWN_voice_trend_bp);
	set_trend(k, &m, KNOWN_data_trend_bp);
}
