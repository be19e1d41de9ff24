/*
 * words.c - times, names and prices as answers show them.
 */
#include <inttypes.h>

#include "hall/service.h"
#include "model/money.h"
#include "model/volume.h"

static const char *month_name(int month)
{
	static const char *const name[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
		                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

	return name[month - 1];
}

struct str call_time(const struct call *c, int64_t utc_s)
{
	const struct civil t = civil_of(utc_s);

	if (c->language == LANG_EN)
		return arena_printf(c->q->arena, "%d %s %02d:%02d", t.day,
		                    month_name(t.month), t.hour, t.minute);
	if (civil_month(utc_s) == civil_month(c->q->now))
		return arena_printf(c->q->arena, "%d日%02d:%02d", t.day, t.hour,
		                    t.minute);
	return arena_printf(c->q->arena, "%d月%d日%02d:%02d", t.month, t.day, t.hour,
	                    t.minute);
}

enum {
	DAY_S = 24 * 3600,
	OLD_DAYS = 3 /* older figures are called old */
};

static struct str age_text(const struct call *c, int64_t days)
{
	const struct reply_values v = { .count = arena_printf(c->q->arena, "%" PRId64,
		                                              days) };

	if (days == 1)
		return call_text(c, REPLY_AGE_DAY, NULL);
	return call_text(c, days > OLD_DAYS ? REPLY_AGE_OLD : REPLY_AGE_DAYS, &v);
}

void call_as_of(const struct call *c, int64_t as_of, struct reply_values *v)
{
	const int64_t days = (c->q->now - as_of) / DAY_S;

	v->time = call_time(c, as_of);
	if (days >= 1)
		v->age = age_text(c, days);
}

struct str call_date(const struct call *c, int64_t utc_s)
{
	const struct civil t = civil_of(utc_s);
	const month_t away = civil_month(utc_s) - civil_month(c->q->now);
	const bool plain = away > -12 && away < 12;
	struct arena *a = c->q->arena;

	if (c->language == LANG_EN)
		return plain ? arena_printf(a, "%d %s", t.day, month_name(t.month))
		             : arena_printf(a, "%d %s %d", t.day, month_name(t.month),
		                            t.year);
	return plain ? arena_printf(a, "%d月%d日", t.month, t.day)
	             : arena_printf(a, "%d年%d月%d日", t.year, t.month, t.day);
}

struct str call_moment(const struct call *c, int64_t utc_s)
{
	const struct civil t = civil_of(utc_s);

	return arena_printf(c->q->arena,
	                    c->language == LANG_EN ? "%.*s %02d:%02d" : "%.*s%02d:%02d",
	                    STR_ARG(call_date(c, utc_s)), t.hour, t.minute);
}

struct str call_name(const struct call *c, struct str name)
{
	const struct str none = { NULL, 0 };

	for (size_t i = 0; i < name.n && c->language == LANG_EN; i++)
		if ((unsigned char)name.p[i] >= 0x80)
			return none;
	return name.n > 0 ? name : none;
}

struct str call_channel(const struct call *c, struct str channel)
{
	static const struct {
		const char *name;
		enum reply_id word;
	} known[] = {
		{ "sms", REPLY_CHANNEL_SMS },         { "shop", REPLY_CHANNEL_SHOP },
		{ "app", REPLY_CHANNEL_APP },         { "web", REPLY_CHANNEL_WEB },
		{ "hotline", REPLY_CHANNEL_HOTLINE }, { "bank", REPLY_CHANNEL_BANK },
		{ "alipay", REPLY_CHANNEL_ALIPAY },   { "wechat", REPLY_CHANNEL_WECHAT },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (str_eq(channel, str_of(known[i].name)))
			return call_text(c, known[i].word, NULL);
	return call_name(c, channel);
}

struct str call_day(const struct call *c, int64_t utc_s)
{
	const struct civil t = civil_of(utc_s);

	if (c->language == LANG_EN)
		return arena_printf(c->q->arena, "%d %s", t.day, month_name(t.month));
	return arena_printf(c->q->arena, "%d日", t.day);
}

struct str call_month(const struct call *c, month_t month)
{
	const month_t now = civil_month(c->q->now);
	const bool plain = month <= now &&
	                   month > now - 12; /* as a month without a year is read */
	const int m = month_of_year(month), y = month_year(month);

	if (c->language == LANG_EN)
		return plain ? arena_printf(c->q->arena, "%s", month_name(m))
		             : arena_printf(c->q->arena, "%s %d", month_name(m), y);
	return plain ? arena_printf(c->q->arena, "%d月", m)
	             : arena_printf(c->q->arena, "%d年%d月", y, m);
}

struct str call_package(const struct call *c, struct str code)
{
	const struct package *p = catalogue_find(c->q->catalogue, code);

	return p != NULL ? package_name(p, c->language) : code;
}

struct str call_number(const struct call *c, int64_t v)
{
	return arena_printf(c->q->arena, "%" PRId64, v);
}
