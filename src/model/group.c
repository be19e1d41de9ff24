/*
 * group.c - see model/group.h.
 */
#include "model/group.h"

#include <assert.h>

#include "model/money.h"
#include "model/subscriber.h"

#define ALL_OF(a) (sizeof(a) / sizeof((a)[0]))

static const char *const rights[] = {
#define X(constant, name) name,
	GROUP_RIGHT_LIST(X)
#undef X
};

struct group_rules group_rules_defaults(void)
{
	const unsigned query = GROUP_REPORT | GROUP_QUERY;

	return (struct group_rules){
		.level = { { STR("none"), 0 },
		           { STR("report"), GROUP_REPORT },
		           { STR("query"), query },
		           { STR("approve"), query | GROUP_APPROVE },
		           { STR("buy"),
		             query | GROUP_APPROVE | GROUP_ORDER | GROUP_CHANGE } },
		.n_levels = 5,
		.class = { { STR("sme"), STR("report"), GROUP_NO_LIMIT },
		           { STR("large"), STR("report"), GROUP_NO_LIMIT },
		           { STR("public"), STR("report"), GROUP_NO_LIMIT },
		           { STR("cluster"), STR("none"), GROUP_NO_LIMIT } },
		.n_classes = 4,
	};
}

/* ---- the file ---- */

struct reading {
	const char *path;
	const struct group_text *text;
	struct group_rules *out;
	struct fault *fault;
};

static enum err complain(const struct reading *r, const char *expected)
{
	fault_set(r->fault, "%s:%d: %.*s = \"%.*s\": expected %s", r->path, r->text->line,
	          STR_ARG(r->text->name), STR_ARG(r->text->text), expected);
	return ERR_SYNTAX;
}

static const struct group_level *find_level(const struct group_rules *r, struct str name)
{
	for (size_t i = 0; i < r->n_levels; i++)
		if (str_eq(r->level[i].name, name))
			return &r->level[i];
	return NULL;
}

static const struct group_class *find_class(const struct group_rules *r, struct str name)
{
	for (size_t i = 0; i < r->n_classes; i++)
		if (str_eq(r->class[i].name, name))
			return &r->class[i];
	return NULL;
}

static enum err put_level(const struct reading *r, struct str name)
{
	struct group_level level = { .name = name };
	struct str rest = r->text->text, word;

	if (r->out->n_levels == GROUP_LEVELS)
		return complain(r, "no more than 16 levels");
	while (str_cut(&rest, ',', &word)) {
		size_t i = 0;

		word = str_trim(word);
		while (i < ALL_OF(rights) && !str_eq(word, str_of(rights[i])))
			i++;
		if (i == ALL_OF(rights) && !str_eq(word, STR("nothing")))
			return complain(r, "report, query, approve, order, change, with "
			                   "commas between, or nothing");
		level.rights |= i < ALL_OF(rights) ? 1U << i : 0;
	}
	r->out->level[r->out->n_levels++] = level;
	return ERR_OK;
}

static enum err put_limit(const struct reading *r, struct group_class *k)
{
	const struct str text = str_trim(r->text->text);

	k->limit_fen = GROUP_NO_LIMIT;
	if (str_eq(text, STR("none")))
		return ERR_OK;
	if (money_parse(text, 2, &k->limit_fen) != ERR_OK || k->limit_fen < 0)
		return complain(r, "yuan from 0, such as 50, or none");
	return ERR_OK;
}

static enum err put_class(const struct reading *r, struct str name, struct str what)
{
	struct group_class *k = NULL;

	for (size_t i = 0; i < r->out->n_classes; i++)
		if (str_eq(r->out->class[i].name, name))
			k = &r->out->class[i];
	if (k == NULL && r->out->n_classes == GROUP_CLASSES)
		return complain(r, "no more than 16 classes");
	if (k == NULL) {
		k = &r->out->class[r->out->n_classes++];
		*k = (struct group_class){ name, STR("none"), GROUP_NO_LIMIT };
	}
	if (str_eq(what, STR("limit")))
		return put_limit(r, k);
	if (!str_eq(what, STR("level")))
		return complain(r, "the names level and limit only");
	k->level = str_trim(r->text->text);
	return find_level(r->out, k->level) != NULL
	               ? ERR_OK
	               : complain(r, "a level that stands above it");
}

enum err group_rules_parse(const char *path, const struct group_text *text, size_t n,
                           struct group_rules *out, struct fault *fault)
{
	struct group_rules parsed = { .n_levels = 0 };
	struct reading r = { path, text, &parsed, fault };
	enum err e = ERR_OK;

	for (size_t i = 0; i < n && e == ERR_OK; i++) {
		struct str what = text[i].name, name;

		r.text = &text[i];
		(void)str_cut(&what, '.', &name);
		e = str_eq(name, STR("level")) ? put_level(&r, what)
		                               : put_class(&r, name, what);
	}
	if (e == ERR_OK)
		*out = parsed;
	return e;
}

/* ---- enterprises ---- */

unsigned group_rights(const struct group_rules *r, const struct group_head *h)
{
	const struct group_class *k = find_class(r, h->class);
	struct str name = h->level;
	const struct group_level *level;

	if (name.n == 0 && k != NULL)
		name = k->level;
	level = find_level(r, name);
	return level != NULL ? level->rights : 0;
}

int64_t group_limit(const struct group_rules *r, const struct group_head *h)
{
	const struct group_class *k = find_class(r, h->class);

	if (h->limit_fen > 0)
		return h->limit_fen;
	return k != NULL ? k->limit_fen : GROUP_NO_LIMIT;
}

const struct place *group_may(const struct group_rules *r, const struct dossier *admin,
                              const struct dossier *member, enum group_right right)
{
	assert((admin->have & NEED_PLACES) != 0 && (member->have & NEED_PLACES) != 0);
	for (size_t i = 0; i < admin->n_places; i++) {
		const struct place *p = &admin->place[i];

		if (!p->admin || (group_rights(r, &p->of) & right) != (unsigned)right)
			continue;
		for (size_t k = 0; k < member->n_places; k++)
			if (str_eq(p->of.code, member->place[k].of.code))
				return p;
	}
	return NULL;
}

const struct place *group_binds(const struct group_rules *r, const struct dossier *member,
                                int64_t fee_fen)
{
	if (!member->known || member->sub.class != CLASS_BUSINESS)
		return NULL;
	assert((member->have & NEED_PLACES) != 0);
	for (size_t i = 0; i < member->n_places; i++) {
		const int64_t limit = group_limit(r, &member->place[i].of);

		if (limit != GROUP_NO_LIMIT && fee_fen > limit)
			return &member->place[i];
	}
	return NULL;
}
