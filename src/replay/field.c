/*
 * field.c - see field_priv.h.
 */
#include <inttypes.h>

#include "field_priv.h"
#include "model/money.h"
#include "model/package.h"
#include "model/subscriber.h"

enum {
	WORDS_MAX = 65536 /* octets of one field */
};

/* Fields of enumerations: field, enumeration, what names its values. */
#define NAMED_FIELDS(X)                                           \
	X(FIELD_KIND, package_kind, package_kind_name)            \
	X(FIELD_STATUS, sub_status, sub_status_name)              \
	X(FIELD_LANGUAGE, language, language_name)                \
	X(FIELD_CLASS, sub_class, sub_class_name)                 \
	X(FIELD_DETAIL_KIND, detail_kind, detail_kind_name)       \
	X(FIELD_RESOURCE_KIND, resource_kind, resource_kind_name) \
	X(FIELD_COMPLAINT, complaint_state, complaint_state_name) \
	X(FIELD_ORDER, order_state, order_state_name)

#define X(field, type, name)                      \
	static const char *name_of_##field(int i) \
	{                                         \
		return name((enum type)i);        \
	}
NAMED_FIELDS(X)
#undef X

#define X(field, type, name) [field] = name_of_##field,
static const char *(*const names[FIELD_LIST + 1])(int) = { NAMED_FIELDS(X) };
#undef X

static bool set_named(struct str s, const char *(*name)(int), void *at)
{
	const char *n;

	for (int i = 0; (n = name(i)) != NULL; i++) {
		if (str_eq(s, str_of(n))) {
			memcpy(at, &i, sizeof(i));
			return true;
		}
	}
	return false;
}

static bool set_scaled(struct str s, int64_t scale, void *at)
{
	int64_t v;

	if (str_i64(s, &v) != ERR_OK || __builtin_mul_overflow(v, scale, &v))
		return false;
	memcpy(at, &v, sizeof(v));
	return true;
}

static bool set_int(struct str s, void *at)
{
	int64_t v;
	int i;

	if (str_i64(s, &v) != ERR_OK || v < 0 || v > INT32_MAX)
		return false;
	i = (int)v;
	memcpy(at, &i, sizeof(i));
	return true;
}

static bool set_fen(struct str s, void *at)
{
	if (!str_eq(s, STR("none")))
		return set_scaled(s, 1, at);
	memcpy(at, &(int64_t){ BILL_NONE }, sizeof(int64_t));
	return true;
}

static bool set_li(struct str s, void *at)
{
	int64_t v;

	if (money_parse(s, 1, &v) != ERR_OK)
		return false;
	memcpy(at, &v, sizeof(v));
	return true;
}

static bool set_date(struct str s, void *at)
{
	int64_t v;

	if (civil_parse_date(s, &v) != ERR_OK)
		return false;
	memcpy(at, &v, sizeof(v));
	return true;
}

static bool set_time(struct str s, void *at)
{
	int64_t v = 0;

	if (!str_eq(s, STR("none")) && civil_parse_time(s, &v) != ERR_OK)
		return false;
	memcpy(at, &v, sizeof(v));
	return true;
}

/* The first instant after the date, and `more` seconds. */
static bool set_next_day(struct str s, int64_t more, void *at)
{
	struct civil day;
	int64_t v = 0;

	if (!str_eq(s, STR("none"))) {
		if (civil_parse_date(s, &v) != ERR_OK)
			return false;
		day = civil_of(v);
		day.day++;
		v = civil_to_utc(day) + more;
	}
	memcpy(at, &v, sizeof(v));
	return true;
}

static bool set_month(struct str s, void *at)
{
	month_t v;

	if (civil_parse_month(s, &v) != ERR_OK)
		return false;
	memcpy(at, &v, sizeof(v));
	return true;
}

static bool set_flag(struct str s, void *at)
{
	const bool v = str_eq(s, STR("1"));

	memcpy(at, &v, sizeof(v));
	return v || str_eq(s, STR("0"));
}

static bool set_list(struct str s, struct arena *a, void *at)
{
	struct field_list list = { arena_array(a, struct str, s.n + 1), 0 };
	struct str part;

	while (s.n > 0 && str_cut(&s, ';', &part))
		list.item[list.n++] = str_trim(part);
	memcpy(at, &list, sizeof(list));
	return true;
}

bool field_set(enum field field, struct str s, struct arena *a, void *at)
{
	switch (field) {
	case FIELD_TEXT:
	case FIELD_WORDS:
	case FIELD_NAME:
	case FIELD_SECRET:
		memcpy(at, &s, sizeof(s));
		return true;
	case FIELD_COUNT:
	case FIELD_MSISDN:
		return set_scaled(s, 1, at);
	case FIELD_INT:
		return set_int(s, at);
	case FIELD_MINUTES:
		return set_scaled(s, 60, at);
	case FIELD_MB:
		return set_scaled(s, 1024, at);
	case FIELD_FEN:
		return set_fen(s, at);
	case FIELD_LI:
		return set_li(s, at);
	case FIELD_DATE:
		return set_date(s, at);
	case FIELD_MONTH:
		return set_month(s, at);
	case FIELD_FLAG:
		return set_flag(s, at);
	case FIELD_TIME:
		return set_time(s, at);
	case FIELD_NEXT_DAY:
		return set_next_day(s, 0, at);
	case FIELD_DAY_END:
		return set_next_day(s, -1, at);
	case FIELD_KIND:
	case FIELD_STATUS:
	case FIELD_LANGUAGE:
	case FIELD_CLASS:
	case FIELD_DETAIL_KIND:
	case FIELD_RESOURCE_KIND:
	case FIELD_COMPLAINT:
	case FIELD_ORDER:
		return set_named(s, names[field], at);
	case FIELD_OUTER:
		return outer_parse(s, at);
	case FIELD_LIST:
		return set_list(s, a, at);
	}
	return false;
}

/* ---- and back ---- */

static void put_text(struct str s, struct buf *out)
{
	const bool plain = str_find(s, STR(",")) == SIZE_MAX &&
	                   str_find(s, STR("\"")) == SIZE_MAX;

	if (!plain)
		buf_putc(out, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_putc(out, '"');
		buf_putc(out, (char)(s.p[i] == '\n' || s.p[i] == '\r' ? ' ' : s.p[i]));
	}
	if (!plain)
		buf_putc(out, '"');
}

static void put_words(const void *at, struct redact *r, struct buf *out)
{
	struct buf told = buf_make(WORDS_MAX);
	struct str s;

	memcpy(&s, at, sizeof(s));
	redact_text(r, s, false, &told);
	put_text(buf_str(&told), out);
	buf_free(&told);
}

static void put_string(enum field field, const void *at, struct redact *r,
                       struct buf *out)
{
	struct str s;

	memcpy(&s, at, sizeof(s));
	if (field == FIELD_NAME)
		s = redact_name(r, s);
	else if (field == FIELD_SECRET && s.n > 0)
		s = redact_secret(r, s);
	put_text(s, out);
}

static void put_list(const void *at, struct buf *out)
{
	struct field_list list;

	memcpy(&list, at, sizeof(list));
	for (size_t i = 0; i < list.n; i++)
		buf_printf(out, "%s%.*s", i > 0 ? ";" : "", STR_ARG(list.item[i]));
}

static void put_outer(const void *at, struct buf *out)
{
	char room[OUTER_TEXT];

	buf_puts(out, outer_text(at, room));
}

static void put_named(const void *at, const char *(*name)(int), struct buf *out)
{
	int i;

	memcpy(&i, at, sizeof(i));
	buf_puts(out, str_of(name(i)));
}

static void put_month(const void *at, struct buf *out)
{
	month_t m;

	memcpy(&m, at, sizeof(m));
	buf_printf(out, "%04d-%02d", month_year(m), month_of_year(m));
}

static void put_int(const void *at, struct buf *out)
{
	int i;

	memcpy(&i, at, sizeof(i));
	buf_printf(out, "%d", i);
}

/* back: seconds from the day's end that is stored to an instant of the day. */
static void put_date(int64_t at, int64_t back, struct buf *out)
{
	const struct civil c = civil_of(at - back);

	buf_printf(out, "%04d-%02d-%02d", c.year, c.month, c.day);
}

static void put_time(int64_t at, struct buf *out)
{
	const struct civil c = civil_of(at);

	buf_printf(out, "%04d-%02d-%02d %02d:%02d:%02d", c.year, c.month, c.day, c.hour,
	           c.minute, c.second);
}

static void put_none(int64_t v, int64_t none, enum field field, struct buf *out)
{
	if (v == none)
		buf_puts(out, STR("none"));
	else if (field == FIELD_FEN)
		buf_printf(out, "%" PRId64, v);
	else if (field == FIELD_TIME)
		put_time(v, out);
	else
		put_date(v, field == FIELD_NEXT_DAY ? 1 : 0, out);
}

static int64_t number_at(enum field field, const void *at)
{
	int64_t v = 0;

	if (field != FIELD_FLAG)
		memcpy(&v, at, sizeof(v));
	return v;
}

static void put_number(enum field field, const void *at, struct redact *r,
                       struct buf *out)
{
	static const int64_t scale[] = { [FIELD_MINUTES] = 60, [FIELD_MB] = 1024 };
	int64_t v = number_at(field, at);

	if (field == FIELD_MSISDN)
		v = redact_msisdn(r, v);
	if (field == FIELD_LI)
		buf_printf(out, "%" PRId64 ".%" PRId64, v / 10, v % 10);
	else
		buf_printf(out, "%" PRId64,
		           field == FIELD_MINUTES || field == FIELD_MB ? v / scale[field]
		                                                       : v);
}

void field_put(enum field field, const void *at, struct redact *r, struct buf *out)
{
	switch (field) {
	case FIELD_WORDS:
		put_words(at, r, out);
		return;
	case FIELD_TEXT:
	case FIELD_NAME:
	case FIELD_SECRET:
		put_string(field, at, r, out);
		return;
	case FIELD_COUNT:
	case FIELD_MSISDN:
	case FIELD_MINUTES:
	case FIELD_MB:
	case FIELD_LI:
		put_number(field, at, r, out);
		return;
	case FIELD_FEN:
		put_none(number_at(field, at), BILL_NONE, field, out);
		return;
	case FIELD_TIME:
	case FIELD_NEXT_DAY:
	case FIELD_DAY_END:
		put_none(number_at(field, at), 0, field, out);
		return;
	case FIELD_DATE:
		put_date(number_at(field, at), 0, out);
		return;
	case FIELD_MONTH:
		put_month(at, out);
		return;
	case FIELD_FLAG:
		buf_putc(out, *(const bool *)at ? '1' : '0');
		return;
	case FIELD_INT:
		put_int(at, out);
		return;
	case FIELD_KIND:
	case FIELD_STATUS:
	case FIELD_LANGUAGE:
	case FIELD_CLASS:
	case FIELD_DETAIL_KIND:
	case FIELD_RESOURCE_KIND:
	case FIELD_COMPLAINT:
	case FIELD_ORDER:
		put_named(at, names[field], out);
		return;
	case FIELD_OUTER:
		put_outer(at, out);
		return;
	case FIELD_LIST:
		put_list(at, out);
		return;
	}
}
