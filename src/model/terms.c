/*
 * terms.c - see model/terms.h.
 */
#include <inttypes.h>

#include "model/terms.h"

enum {
	DAYS_MAX = 366
};

static bool put_codes(struct str value, struct arena *a, struct terms_codes *out)
{
	struct str code;

	while (str_cut(&value, ',', &code)) {
		if (code.n == 0 || out->n == TERMS_CODES)
			return false;
		out->code[out->n++] = arena_str(a, code);
	}
	return out->n > 0;
}

static bool put_days(struct str value, int *out)
{
	int64_t days;

	if (str_i64(value, &days) != ERR_OK || days < 0 || days > DAYS_MAX)
		return false;
	*out = (int)days;
	return true;
}

static bool put_class(struct str value, struct terms *t)
{
	t->one_class = true;
	t->class = str_eq(value, str_of(sub_class_name(CLASS_BUSINESS))) ? CLASS_BUSINESS
	                                                                 : CLASS_PERSONAL;
	return str_eq(value, str_of(sub_class_name(t->class)));
}

static bool put_credit(struct str value, struct terms *t)
{
	t->by_credit = true;
	return str_i64(value, &t->credit_fen) == ERR_OK && t->credit_fen >= 0;
}

int64_t network_generation(struct str network)
{
	int64_t n;

	if (network.n < 2 || network.p[network.n - 1] != 'G' ||
	    str_i64((struct str){ network.p, network.n - 1 }, &n) != ERR_OK)
		return 0;
	return n;
}

static bool put_term(struct str name, struct str value, struct arena *a, struct terms *t)
{
	if (str_eq(name, STR("needs")))
		return put_codes(value, a, &t->needs);
	if (str_eq(name, STR("excludes")))
		return put_codes(value, a, &t->excludes);
	if (str_eq(name, STR("regions")))
		return put_codes(value, a, &t->regions);
	if (str_eq(name, STR("groups")))
		return put_codes(value, a, &t->groups);
	if (str_eq(name, STR("undo")))
		return put_days(value, &t->undo_days);
	if (str_eq(name, STR("trial")))
		return put_days(value, &t->trial_days);
	if (str_eq(name, STR("provider"))) {
		t->provider = arena_str(a, value);
		return value.n > 0;
	}
	if (str_eq(name, STR("for")))
		return put_class(value, t);
	if (str_eq(name, STR("credit")))
		return put_credit(value, t);
	if (str_eq(name, STR("network"))) {
		t->network = arena_str(a, value);
		return network_generation(value) > 0;
	}
	t->now = str_eq(value, STR("now"));
	return str_eq(name, STR("effective")) && (t->now || str_eq(value, STR("month")));
}

bool terms_name(const struct terms_codes *codes, struct str code)
{
	for (size_t i = 0; i < codes->n; i++)
		if (str_eq(codes->code[i], code))
			return true;
	return false;
}

static bool name_any(const struct terms_codes *codes, const struct str *code, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (terms_name(codes, code[i]))
			return true;
	return codes->n == 0;
}

enum terms_bar terms_bar(const struct terms *t, const struct terms_who *who)
{
	if (who->generation > 0 && network_generation(t->network) > who->generation)
		return TERMS_NETWORK;
	if (t->one_class && t->class != who->class)
		return TERMS_CLASS;
	if (!name_any(&t->regions, &who->region, 1))
		return TERMS_REGION;
	if (!name_any(&t->groups, who->group, who->n_groups))
		return TERMS_GROUP;
	return t->by_credit && (who->owes || who->credit_fen < t->credit_fen)
	               ? TERMS_CREDIT
	               : TERMS_FIT;
}

static struct terms defaults(struct str code)
{
	return (struct terms){ .code = code,
		               .provider = STR(""),
		               .network = STR(""),
		               .undo_days = TERMS_UNDO_DAYS };
}

struct terms terms_of(const struct terms_list *list, struct str code)
{
	for (size_t i = 0; list != NULL && i < list->n; i++)
		if (str_eq(list->row[i].code, code))
			return list->row[i];
	return defaults(code);
}

static bool parse_line(struct str line, struct arena *a, struct terms *t)
{
	struct str code, term, name;

	if (!str_cut(&line, '\t', &code) || code.n == 0)
		return false;
	*t = defaults(arena_str(a, code));
	while (str_cut(&line, ' ', &term)) {
		if (term.n == 0)
			continue;
		if (!str_cut(&term, '=', &name) || !put_term(name, term, a, t))
			return false;
	}
	return true;
}

enum err terms_parse(const char *path, struct str text, struct arena *a,
                     struct terms_list *out, struct fault *fault)
{
	struct str line, rest = text;
	size_t lines = 0;
	int no = 0;

	while (str_cut(&rest, '\n', &line))
		lines++;
	out->row = arena_array(a, struct terms, lines + 1);
	out->n = 0;
	while (str_cut(&text, '\n', &line)) {
		no++;
		line = str_trim(line);
		if (line.n == 0 || line.p[0] == '#')
			continue;
		if (!parse_line(line, a, &out->row[out->n])) {
			fault_set(
				fault,
				"%s:%d: expected CODE<TAB>needs=A,B excludes=A,B "
				"provider=NAME undo=DAYS trial=DAYS effective=now|month "
				"for=personal|business network=5G regions=A,B "
				"groups=A,B credit=FEN",
				path, no);
			return ERR_SYNTAX;
		}
		out->n++;
	}
	return ERR_OK;
}
