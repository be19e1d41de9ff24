/*
 * wares.c - what a code of a campaign's offers is, by its kind: a package or service of the
 * store, or a tool of tools.conf.
 */
#include "push/compose.h"

static const struct way {
	enum campaign_kind kind;
	enum tool_kind tool;
	const char *intent; /* NULL: that of the package */
} ways[] = {
	{ CAMPAIGN_KIND_TRIAL, TOOL_TRIAL, "trial.open" },
	{ CAMPAIGN_KIND_FLASH, TOOL_FLASH, "flash.buy" },
	{ CAMPAIGN_KIND_COUPON, TOOL_REDEEM, "points.redeem" },
	{ CAMPAIGN_KIND_GIFT, TOOL_GIFT, NULL },
	{ CAMPAIGN_KIND_GIFT, TOOL_REDEEM, "points.redeem" },
};

static const char *intent_of(const struct package *p)
{
	return p->kind == PACKAGE_MAIN ? "package.change" : "service.open";
}

bool ware_is_tool(enum campaign_kind k)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (ways[i].kind == k)
			return true;
	return false;
}

const struct tool *ware_next(enum campaign_kind k, const struct tools *tools,
                             const struct tool *at)
{
	const struct tool *end = tools != NULL ? tools->row + tools->n : NULL;

	for (const struct tool *t = at == NULL ? (tools != NULL ? tools->row : NULL)
	                                       : at + 1;
	     t != end; t++)
		for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
			if (ways[i].kind == k && ways[i].tool == t->kind &&
			    (k != CAMPAIGN_KIND_COUPON || t->gives == GIVES_COUPON))
				return t;
	return NULL;
}

/* A gift comes with the order of a package, a trial is one: known by its code too. */
static bool is_of_package(const struct tool *t)
{
	return t->kind == TOOL_GIFT || t->kind == TOOL_TRIAL;
}

static bool is_called(const struct tool *t, struct str code)
{
	return str_eq(t->code, code) || (is_of_package(t) && str_eq(t->what, code));
}

static void put_tool(const struct tool *t, enum campaign_kind k,
                     const struct catalogue *packages, struct ware *out)
{
	*out = (struct ware){ .code = t->code, .tool = t };
	if (is_of_package(t))
		out->package = catalogue_find(packages, t->what);
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (ways[i].kind == k && ways[i].tool == t->kind)
			out->intent = ways[i].intent;
	if (out->package == NULL)
		return;
	/* What is ordered, and by what orders are counted. */
	out->code = out->package->code;
	if (out->intent == NULL)
		out->intent = intent_of(out->package);
}

bool ware_find(enum campaign_kind k, struct str code, const struct catalogue *packages,
               const struct tools *tools, struct ware *out)
{
	const struct package *p = catalogue_find(packages, code);

	for (const struct tool *t = NULL; (t = ware_next(k, tools, t)) != NULL;)
		if (is_called(t, code)) {
			put_tool(t, k, packages, out);
			return out->intent != NULL;
		}
	if (p == NULL || ware_is_tool(k))
		return false;
	*out = (struct ware){ .code = p->code,
		              .intent = intent_of(p),
		              .package = p,
		              .tool = k == CAMPAIGN_KIND_CROSS
		                              ? tools_find(tools, TOOL_TRIAL, p->code)
		                              : NULL };
	return true;
}

bool ware_on_sale(const struct ware *w, int64_t now)
{
	return (w->package == NULL || w->package->on_sale) &&
	       (w->tool == NULL || tool_open(w->tool, now));
}

int64_t ware_stock(const struct ware *w, const struct stocks *stocks)
{
	return w->tool != NULL && w->tool->stock > 0 ? stock_left(stocks, w->tool)
	                                             : INT64_MAX;
}

unsigned compose_loads(enum campaign_kind k)
{
	return k == CAMPAIGN_KIND_FLASH ? NEED_TOOLS : 0;
}
