/*
 * field.c - see field_priv.h.
 */
#include "field_priv.h"
#include "model/money.h"
#include "model/package.h"
#include "model/subscriber.h"

static const char *kind_name(int i)
{
	return package_kind_name((enum package_kind)i);
}
static const char *status_name(int i)
{
	return sub_status_name((enum sub_status)i);
}
static const char *lang_name(int i)
{
	return language_name((enum language)i);
}
static const char *class_name(int i)
{
	return sub_class_name((enum sub_class)i);
}

static const char *detail_name(int i)
{
	return detail_kind_name((enum detail_kind)i);
}
static const char *resource_name(int i)
{
	return resource_kind_name((enum resource_kind)i);
}
static const char *complaint_name(int i)
{
	return complaint_state_name((enum complaint_state)i);
}
static const char *order_name(int i)
{
	return order_state_name((enum order_state)i);
}

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
		memcpy(at, &s, sizeof(s));
		return true;
	case FIELD_COUNT:
		return set_scaled(s, 1, at);
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
	case FIELD_KIND:
		return set_named(s, kind_name, at);
	case FIELD_STATUS:
		return set_named(s, status_name, at);
	case FIELD_LANGUAGE:
		return set_named(s, lang_name, at);
	case FIELD_CLASS:
		return set_named(s, class_name, at);
	case FIELD_TIME:
		return set_time(s, at);
	case FIELD_NEXT_DAY:
		return set_next_day(s, 0, at);
	case FIELD_DAY_END:
		return set_next_day(s, -1, at);
	case FIELD_DETAIL_KIND:
		return set_named(s, detail_name, at);
	case FIELD_RESOURCE_KIND:
		return set_named(s, resource_name, at);
	case FIELD_COMPLAINT:
		return set_named(s, complaint_name, at);
	case FIELD_ORDER:
		return set_named(s, order_name, at);
	case FIELD_LIST:
		return set_list(s, a, at);
	}
	return false;
}
