/*
 * month.c - the forms of a month that subscribers write.
 *
 * 202602, 2026-02, 2026/2, 2026年2月, 26年2月, 2, 02, 2月, 2月份, 二月, 二〇二六年二月,
 * 本月, 这个月, 当月, 上月, 上个月, 上上个月, 去年2月, FEB, FEBRUARY 2026, LAST MONTH.
 * A month without a year is the latest such month not after now.
 */
#include "slot.h"

enum {
	YEAR_MIN = 1990,
	YEAR_MAX = 2099
};

static const struct relative {
	const char *word;
	int months; /* from the current one */
} relatives[] = {
	{ "上上个月", -2 },  { "上上月", -2 },     { "上个月", -1 }, { "上月", -1 },
	{ "这个月", 0 },     { "这月", 0 },        { "本月", 0 },    { "当月", 0 },
	{ "THIS MONTH", 0 }, { "LAST MONTH", -1 },
};

static const struct relative years[] = { { "今年", 0 }, { "去年", -1 }, { "前年", -2 } };

static const char *const english[12][2] = {
	{ "JANUARY", "JAN" }, { "FEBRUARY", "FEB" }, { "MARCH", "MAR" },
	{ "APRIL", "APR" },   { "MAY", "MAY" },      { "JUNE", "JUN" },
	{ "JULY", "JUL" },    { "AUGUST", "AUG" },   { "SEPTEMBER", "SEP" },
	{ "OCTOBER", "OCT" }, { "NOVEMBER", "NOV" }, { "DECEMBER", "DEC" },
};

static const char *const numerals[] = { "〇", "一", "二", "三", "四", "五",
	                                "六", "七", "八", "九", "十" };

bool literal_take(struct take *x, const char *literal)
{
	const size_t n = strlen(literal);

	if (x->end - x->i < n || memcmp(x->f->p + x->i, literal, n) != 0)
		return false;
	x->i += n;
	return true;
}

static void sep_skip(struct take *x)
{
	(void)(x->i < x->end && x->f->p[x->i] == FOLD_SEP && x->i++);
}

/* Reads one Chinese numeral, 0 to 10; -1 when there is none. */
static int numeral_take(struct take *x)
{
	for (int v = 0; v <= 10; v++) {
		if (literal_take(x, numerals[v]))
			return v;
	}
	if (literal_take(x, "零"))
		return 0;
	return literal_take(x, "两") ? 2 : -1;
}

/* [a]十[b] */
static bool tens(const int *d, size_t n, int *value)
{
	const bool leads = d[0] == 10;
	const int a = leads ? 1 : d[0];
	const size_t rest = leads ? 1 : 2; /* numerals up to and with 十 */
	const int b = n > rest ? d[rest] : 0;

	*value = a * 10 + b;
	return n <= rest + 1 && a > 0 && d[rest - 1] == 10 &&
	       (n == rest || (b > 0 && b < 10));
}

/* A run of at most four numerals: 二〇二六 is 2026, 二十三 is 23.  *n is how many. */
static bool numerals_take(struct take *x, int *value, size_t *n)
{
	int d[4];
	bool ten = false;

	*value = 0;
	for (*n = 0; *n < 4 && (d[*n] = numeral_take(x)) >= 0; (*n)++) {
		ten = ten || d[*n] == 10;
		*value = *value * 10 + d[*n];
	}
	return *n > 0 && (!ten || tens(d, *n, value));
}

/* A run of ASCII digits, at most six. */
static bool digits_take(struct take *x, int *value, size_t *n)
{
	*value = 0;
	for (*n = 0; x->i < x->end && is_digit(x->f->p[x->i]); (*n)++, x->i++) {
		if (*n == 6)
			return false;
		*value = *value * 10 + (x->f->p[x->i] - '0');
	}
	return *n > 0;
}

bool number_take(struct take *x, int *value, size_t *digits)
{
	struct take t = *x;
	size_t n;

	if (digits_take(&t, value, digits)) {
		if (*value > 99)
			return false;
	} else {
		t = *x;
		*digits = 0;
		if (!numerals_take(&t, value, &n) || *value > 99)
			return false;
	}
	x->i = t.i;
	return true;
}

static bool relative_take(struct take *x, month_t *m)
{
	for (size_t i = 0; i < sizeof(relatives) / sizeof(relatives[0]); i++) {
		if (literal_take(x, relatives[i].word)) {
			*m = civil_month(x->now) + relatives[i].months;
			(void)literal_take(x, "份");
			return true;
		}
	}
	return false;
}

static bool english_take(struct take *x, int *month)
{
	for (int m = 0; m < 12; m++) {
		if (literal_take(x, english[m][0]) || literal_take(x, english[m][1])) {
			*month = m + 1;
			return x->i == x->end || !is_letter(x->f->p[x->i]);
		}
	}
	return false;
}

/* FEB, FEBRUARY 2026.  *year stays 0 when none is written. */
static bool english_month(struct take *x, int *year, int *month)
{
	struct take t;
	size_t n;
	int y;

	if (!english_take(x, month))
		return false;
	t = *x;
	sep_skip(&t);
	if (digits_take(&t, &y, &n)) {
		*year = y;
		x->i = t.i;
		return n == 4;
	}
	return true;
}

/* The words 今年, 去年, 前年, or nothing. */
static void named_year(struct take *x, int *year)
{
	for (size_t i = 0; i < sizeof(years) / sizeof(years[0]); i++) {
		if (literal_take(x, years[i].word)) {
			*year = month_year(civil_month(x->now)) + years[i].months;
			(void)literal_take(x, "的");
			sep_skip(x);
			return;
		}
	}
}

/*
 * Digits or numerals that may be a year: 2026, 2026年, 26年, 二〇二六年, or 202602.
 * *year is set when they are; else the place is where it was.
 */
static void numbered_year(struct take *x, int *year, int *month)
{
	struct take t = *x;
	size_t n = 0;
	int v;
	bool ascii = digits_take(&t, &v, &n);

	if (!ascii) {
		t = *x;
		if (!numerals_take(&t, &v, &n))
			return;
	}
	if (ascii && n == 6) {
		*year = v / 100;
		*month = v % 100;
		x->i = t.i;
		return;
	}
	sep_skip(&t);
	if (!literal_take(&t, "年") && n != 4)
		return;
	if (n != 4 && n != 2)
		return;
	*year = n == 4 ? v : 2000 + v;
	sep_skip(&t);
	x->i = t.i;
}

/* The month's own number and 月, 月份. */
static bool month_number(struct take *x, int *month)
{
	struct take t;
	size_t digits;

	if (*month == 0 && (!number_take(x, month, &digits) || digits > 2))
		return false;
	t = *x;
	sep_skip(&t);
	if (literal_take(&t, "月")) {
		(void)literal_take(&t, "份");
		x->i = t.i;
	}
	return true;
}

static bool settle(int year, int month, int64_t now, month_t *out)
{
	const month_t current = civil_month(now);

	if (month < 1 || month > 12)
		return false;
	if (year == 0)
		year = month_year(current) - (month > month_of_year(current) ? 1 : 0);
	*out = month_make(year, month);
	return year >= YEAR_MIN && year <= YEAR_MAX;
}

bool month_take(const struct slot_type *t, struct take *x, struct grammar_slot *out)
{
	int year = 0, month = 0;

	(void)t;
	if (relative_take(x, &out->month))
		return true;
	if (!english_month(x, &year, &month)) {
		named_year(x, &year);
		if (year == 0)
			numbered_year(x, &year, &month);
		if (!month_number(x, &month))
			return false;
	}
	return settle(year, month, x->now, &out->month);
}

/* In a template a numeral must say 月: 一 alone is too common a word. */
void month_pattern(const struct slot_type *t, struct buf *out)
{
	static const char year[] =
		"(?:(?:20)?[0-9]{2} ?年 ?|[零〇一二三四五六七八九]{4} ?年 ?|[今去前]年的? ?|20[0-9]{2} )";
	static const char digits[] = "(?:1[0-2]|0?[1-9])(?![0-9])(?: ?月份?)?";
	static const char words[] = "(?:十[一二]?|[一二三四五六七八九]) ?月份?";

	(void)t;
	buf_puts(out, STR("(?<![0-9零〇一二三四五六七八九十])(?:20[0-9]{4}(?![0-9])"
	                  "(?: ?月份?)?|(?:"));
	buf_puts(out, str_of(year));
	buf_printf(out, "?(?:%s|%s))", digits, words);
	buf_puts(out,
	         STR("|上上个?月份?|[本当上这]月份?|[上这]个月份?|(?:LAST|THIS) MONTH"));
	for (int m = 0; m < 12; m++)
		buf_printf(out, "|(?:%s|%s)(?![A-Z])(?: ?20[0-9]{2}(?![0-9]))?",
		           english[m][0], english[m][1]);
	buf_putc(out, ')');
}
