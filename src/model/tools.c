/*
 * tools.c - the file of tools; see model/tools.h.
 */
#include <inttypes.h>

#include "model/tools.h"

enum parameter_type {
	NUMBER,
	TEXT,
	DATE,
	GIFT
};

#define AT(member) offsetof(struct tool, member)

static const struct parameter {
	const char *name;
	enum parameter_type type;
	size_t at;
	int64_t min, max;
} parameters[] = {
	{ "zh", TEXT, AT(name[0]), 0, 0 },
	{ "hant", TEXT, AT(name[1]), 0, 0 },
	{ "en", TEXT, AT(name[2]), 0, 0 },
	{ "gives", GIFT, AT(gives), 0, 0 },
	{ "what", TEXT, AT(what), 0, 0 },
	{ "with", TEXT, AT(with), 0, 0 },
	{ "amount", NUMBER, AT(amount), 1, 1000000 },
	{ "points", NUMBER, AT(points), 1, 10000000 },
	{ "fen", NUMBER, AT(fen), 1, 10000000 },
	{ "days", NUMBER, AT(days), 1, 366 },
	{ "odds", NUMBER, AT(odds), 1, TOOL_ODDS },
	{ "stock", NUMBER, AT(stock), 1, 10000000 },
	{ "every", NUMBER, AT(every), 1, 1000 },
	{ "limit", NUMBER, AT(limit), 1, 1000000 },
	{ "months", NUMBER, AT(months), 1, 120 },
	{ "from", DATE, AT(from), 0, 0 },
	{ "until", DATE, AT(until), 0, 0 },
};

/* What a kind cannot do without, as parameters joined by blanks. */
static const struct kind {
	const char *name, *required;
} kinds[TOOL_KINDS] = {
	[TOOL_REDEEM] = { "redeem", "zh en points gives" },
	[TOOL_COUPON] = { "coupon", "zh en fen days" },
	[TOOL_DRAW] = { "draw", "points limit" },
	[TOOL_PRIZE] = { "prize", "zh en odds gives" },
	[TOOL_FLASH] = { "flash", "zh en stock gives limit" },
	[TOOL_TRIAL] = { "trial", "what days" },
	[TOOL_GIFT] = { "gift", "zh en what gives" },
	[TOOL_DISCOUNT] = { "discount", "what fen" },
	[TOOL_BUNDLE] = { "bundle", "what with fen" },
	[TOOL_REBATE] = { "rebate", "what fen months" },
	[TOOL_REWARD] = { "reward", "every points limit" },
	[TOOL_POINTS] = { "points", "months" },
};

static const char *const gift_names[GIVES_COUNT] = {
#define X(constant, name) [GIVES_##constant] = (name),
	GIVES_LIST(X)
#undef X
};

const char *tool_kind_name(enum tool_kind k)
{
	return k < TOOL_KINDS ? kinds[k].name : NULL;
}

struct reading {
	const char *path;
	const struct tool_text *text;
	struct arena *a;
	struct fault *fault;
};

static enum err complain(const struct reading *r, enum err e, const char *what,
                         struct str word)
{
	fault_set(r->fault, "%s:%d: %.*s: %s \"%.*s\"", r->path, r->text->line,
	          STR_ARG(r->text->name), what, STR_ARG(word));
	return e;
}

static const struct parameter *find_parameter(struct str name)
{
	for (size_t i = 0; i < sizeof(parameters) / sizeof(parameters[0]); i++)
		if (str_eq(name, str_of(parameters[i].name)))
			return &parameters[i];
	return NULL;
}

static enum err put_number(const struct reading *r, const struct parameter *p,
                           struct str value, int64_t *out)
{
	if (str_i64(value, out) == ERR_OK && *out >= p->min && *out <= p->max)
		return ERR_OK;
	fault_set(r->fault, "%s:%d: %.*s: %s must be %" PRId64 " to %" PRId64, r->path,
	          r->text->line, STR_ARG(r->text->name), p->name, p->min, p->max);
	return ERR_RANGE;
}

static enum err put_gift(const struct reading *r, struct str value, enum gives *out)
{
	for (int g = 0; g < GIVES_COUNT; g++)
		if (str_eq(value, str_of(gift_names[g]))) {
			*out = (enum gives)g;
			return ERR_OK;
		}
	return complain(
		r, ERR_SYNTAX,
		"expected gives=nothing, data, minutes, points, money or coupon, not",
		value);
}

static enum err put_value(const struct reading *r, const struct parameter *p,
                          struct str value, struct tool *t)
{
	void *at = (char *)t + p->at;

	switch (p->type) {
	case NUMBER:
		return put_number(r, p, value, at);
	case GIFT:
		return put_gift(r, value, at);
	case DATE:
		if (civil_parse_time(value, at) == ERR_OK ||
		    civil_parse_date(value, at) == ERR_OK)
			return ERR_OK;
		return complain(r, ERR_SYNTAX,
		                "expected YYYY-MM-DD or YYYY-MM-DD HH:MM:SS, not", value);
	case TEXT:
		*(struct str *)at = arena_str(r->a, value);
		return value.n > 0 ? ERR_OK
		                   : complain(r, ERR_SYNTAX, "expected a text behind",
		                              str_of(p->name));
	}
	return ERR_SYNTAX;
}

static bool is_required(const char *required, const char *name)
{
	struct str rest = str_of(required), word;

	while (str_cut(&rest, ' ', &word))
		if (str_eq(word, str_of(name)))
			return true;
	return false;
}

static enum err put_parameters(const struct reading *r, struct tool *t)
{
	bool given[sizeof(parameters) / sizeof(parameters[0])] = { false };
	struct str rest = r->text->text, part, name;
	enum err e = ERR_OK;

	while (e == ERR_OK && str_cut(&rest, ',', &part)) {
		const struct parameter *p;

		part = str_trim(part);
		if (!str_cut(&part, '=', &name) || part.p == NULL)
			return complain(r, ERR_SYNTAX, "expected name=value, not", name);
		p = find_parameter(str_trim(name));
		if (p == NULL)
			return complain(r, ERR_SYNTAX, "no such parameter", name);
		if (given[p - parameters])
			return complain(r, ERR_SYNTAX, "given twice", name);
		given[p - parameters] = true;
		e = put_value(r, p, str_trim(part), t);
	}
	for (size_t i = 0; e == ERR_OK && i < sizeof(given); i++)
		if (!given[i] && is_required(kinds[t->kind].required, parameters[i].name))
			e = complain(r, ERR_SYNTAX, "missing",
			             str_of(parameters[i].name));
	return e;
}

static enum err put_tool(const struct reading *r, struct tool *t)
{
	struct str rest = r->text->name, group;
	int k = 0;

	(void)str_cut(&rest, '.', &group);
	while (k < TOOL_KINDS && !str_eq(group, str_of(kinds[k].name)))
		k++;
	if (k == TOOL_KINDS || rest.p == NULL)
		return complain(r, ERR_SYNTAX, "no such kind of tool", group);
	*t = (struct tool){ .kind = (enum tool_kind)k,
		            .code = arena_str(r->a, rest),
		            .what = STR(""),
		            .with = STR("") };
	return put_parameters(r, t);
}

/* What can be said of one tool only with the others read. */
static enum err check(const struct reading *r, const struct tools *all,
                      const struct tool *t)
{
	const bool gives_much = t->gives == GIVES_DATA || t->gives == GIVES_VOICE ||
	                        t->gives == GIVES_MONEY || t->gives == GIVES_POINTS;

	if (gives_much && t->amount == 0)
		return complain(r, ERR_SYNTAX, "missing", STR("amount"));
	if (t->gives == GIVES_COUPON && tools_find(all, TOOL_COUPON, t->what) == NULL)
		return complain(r, ERR_SYNTAX, "no coupon has the code", t->what);
	if (t->until != 0 && t->until <= t->from)
		return complain(r, ERR_RANGE, "until is not behind from in", t->code);
	return ERR_OK;
}

static enum err check_odds(const struct reading *r, const struct tools *all)
{
	const struct tool *t = NULL, *last = NULL;
	int64_t sum = 0, n = 0;

	for (; (t = tools_next(all, TOOL_PRIZE, t)) != NULL; n++) {
		sum += t->odds;
		last = t;
	}
	if (n == 0 || (sum == TOOL_ODDS && n <= TOOL_PRIZES && last->stock == 0))
		return ERR_OK;
	fault_set(r->fault,
	          "%s: odds of all prizes are %" PRId64
	          " together; expected %d, of at most "
	          "%d prizes, the last without stock",
	          r->path, sum, TOOL_ODDS, TOOL_PRIZES);
	return ERR_RANGE;
}

static void name_all(struct tool *t)
{
	if (t->name[0].p == NULL)
		t->name[0] = t->code;
	for (int l = 1; l < TOOL_NAMES; l++)
		if (t->name[l].p == NULL)
			t->name[l] = t->name[0];
}

enum err tools_parse(const char *path, const struct tool_text *text, size_t n,
                     struct arena *a, struct tools *out, struct fault *fault)
{
	struct tools all = { arena_array(a, struct tool, n + 1), n };
	struct reading r = { path, text, a, fault };
	enum err e = ERR_OK;

	for (size_t i = 0; i < n && e == ERR_OK; i++) {
		r.text = &text[i];
		e = put_tool(&r, &all.row[i]);
		name_all(&all.row[i]);
	}
	for (size_t i = 0; i < n && e == ERR_OK; i++) {
		r.text = &text[i];
		e = check(&r, &all, &all.row[i]);
	}
	if (e == ERR_OK)
		e = check_odds(&r, &all);
	if (e == ERR_OK)
		*out = all;
	return e;
}

const struct tool *tools_find(const struct tools *list, enum tool_kind kind,
                              struct str code)
{
	for (size_t i = 0; list != NULL && i < list->n; i++)
		if (list->row[i].kind == kind && str_eq(list->row[i].code, code))
			return &list->row[i];
	return NULL;
}

const struct tool *tools_next(const struct tools *list, enum tool_kind kind,
                              const struct tool *at)
{
	size_t i = list == NULL || at == NULL ? 0 : (size_t)(at - list->row) + 1;

	for (; list != NULL && i < list->n; i++)
		if (list->row[i].kind == kind)
			return &list->row[i];
	return NULL;
}

bool tool_open(const struct tool *t, int64_t now)
{
	return now >= t->from && (t->until == 0 || now < t->until);
}

int64_t stock_left(const struct stocks *s, const struct tool *t)
{
	for (size_t i = 0; s != NULL && i < s->n; i++) {
		struct str rest = s->row[i].tool, kind;

		(void)str_cut(&rest, '.', &kind);
		if (str_eq(kind, str_of(tool_kind_name(t->kind))) &&
		    str_eq(rest, t->code))
			return s->row[i].sold < t->stock ? t->stock - s->row[i].sold : 0;
	}
	return t->stock;
}
