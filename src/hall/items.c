/*
 * items.c - lines of imported bills in the language of the call.
 *
 * Billing names its lines in Simplified Chinese.  Those of packages on record, and what
 * operators commonly bill, have a name in the other languages; any other stays as it is.
 */
#include "lines_priv.h"

static const struct {
	const char *name;
	enum reply_id in_words;
} common[] = {
	{ "套餐费", REPLY_ITEM_PLAN },         { "套餐月费", REPLY_ITEM_PLAN },
	{ "套餐固定费", REPLY_ITEM_PLAN },     { "套餐及固定费", REPLY_ITEM_PLAN },
	{ "月租", REPLY_ITEM_PLAN },           { "月租费", REPLY_ITEM_PLAN },
	{ "月基本费", REPLY_ITEM_PLAN },       { "通话费", REPLY_ITEM_CALLS },
	{ "语音费", REPLY_ITEM_CALLS },        { "国内通话费", REPLY_ITEM_CALLS },
	{ "语音通话费", REPLY_ITEM_CALLS },    { "短信费", REPLY_ITEM_TEXTS },
	{ "短彩信费", REPLY_ITEM_TEXTS },      { "流量费", REPLY_ITEM_DATA },
	{ "国内流量费", REPLY_ITEM_DATA },     { "上网费", REPLY_ITEM_DATA },
	{ "漫游费", REPLY_ITEM_ROAMING },      { "国际漫游费", REPLY_ITEM_ROAMING },
	{ "增值业务费", REPLY_ITEM_SERVICES }, { "信息费", REPLY_ITEM_SERVICES },
	{ "代收费", REPLY_ITEM_SERVICES },     { "优惠", REPLY_ITEM_DISCOUNT },
	{ "优惠减免", REPLY_ITEM_DISCOUNT },   { "减免", REPLY_ITEM_DISCOUNT },
};

/* "来电显示", "来电显示月费" and "来电显示功能费" of a package of that name. */
static bool is_fee_of(struct str item, const struct package *p)
{
	static const char *const ends[] = { "", "费", "月费", "功能费" };

	if (p->name_zh.n == 0 || !str_starts(item, p->name_zh))
		return false;
	item.p += p->name_zh.n;
	item.n -= p->name_zh.n;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (str_eq(item, str_of(ends[i])))
			return true;
	return false;
}

struct str line_name(const struct call *c, struct str item)
{
	const struct catalogue *all = c->q->catalogue;

	if (c->language == LANG_ZH_HANS)
		return item;
	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		if (str_eq(item, str_of(common[i].name)))
			return call_text(c, common[i].in_words, NULL);
	for (size_t i = 0; i < all->n; i++)
		if (is_fee_of(item, &all->package[i]))
			return call_text(c, REPLY_BILL_FEE,
			                 &(struct reply_values){
						 .package = package_name(&all->package[i],
			                                                 c->language) });
	return item;
}
