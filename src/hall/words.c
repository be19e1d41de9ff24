/*
 * words.c - times, names and prices as answers show them.
 */
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

	return p != NULL ? package_name(p, c->language == LANG_EN) : code;
}

enum {
	MB = 1024,
	GB = 1024 * 1024 /* KiB */
};

/* "GB" and "MB" for one of them, as in a price "5元/GB". */
static struct str block_text(struct arena *a, int64_t kib)
{
	if (kib == MB)
		return STR("MB");
	return kib == GB ? STR("GB") : volume_text(a, kib);
}

struct str call_data_price(const struct call *c, const struct package *p)
{
	if (p->data_block_kib <= 0 || p->over_data_fen_per_block <= 0)
		return (struct str){ NULL, 0 };
	return call_text(
		c, REPLY_USAGE_PRICE,
		&(struct reply_values){
			.amount = money_short(c->q->arena, p->over_data_fen_per_block),
			.data = block_text(c->q->arena, p->data_block_kib),
		});
}
