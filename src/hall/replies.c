/*
 * replies.c - see hall/replies.h.
 *
 * A reply's vocabulary is the list of its own variables only, so that a text
 * cannot name one that its service never gives.
 */
#include <assert.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "hall/replies.h"
#include "text/segment.h"
#include "text/template.h"
#include "text/utf8.h"

enum {
	REPLY_OCTETS = 8192 /* of one text filled; far over what budgets allow */
};

enum variable_kind {
	FIGURE,
	NAME,
	LIST
};

static const struct variable {
	const char *name;
	enum variable_kind kind;
	const char *widest[LANG_COUNT];
	size_t offset; /* in struct reply_values */
} variables[] = {
#define VARIABLE(id, kind_, zh, en, help) \
	{ #id, kind_, { zh, zh, en }, offsetof(struct reply_values, id) },
#include "hall/variables.def"
#undef VARIABLE
};

enum {
	VARIABLE_COUNT = sizeof(variables) / sizeof(variables[0])
};

static const struct reply {
	const char *name;
	unsigned segments;
	const char *variables; /* names, a blank between */
} table[REPLY_COUNT] = {
#define REPLY(id, name_, segments_, variables_, help) \
	[REPLY_##id] = { name_, segments_, variables_ },
#include "hall/replies.def"
#undef REPLY
};

/* The variables of one reply, in the order of its templates' values. */
struct vocabulary {
	const struct variable *var[TEMPLATE_VARS];
	const char *name[TEMPLATE_VARS];
	size_t n;
};

struct replies {
	struct vocabulary vocabulary[REPLY_COUNT];
	struct template *text[LANG_COUNT][REPLY_COUNT];
};

static const struct variable *find_variable(struct str name)
{
	for (size_t i = 0; i < VARIABLE_COUNT; i++)
		if (str_eq(str_of(variables[i].name), name))
			return &variables[i];
	return NULL;
}

static void fill_vocabulary(struct vocabulary *v, const char *names)
{
	struct str rest = str_of(names), part;

	while (str_cut(&rest, ' ', &part)) {
		if (part.n == 0)
			continue;
		assert(v->n < TEMPLATE_VARS);
		v->var[v->n] = find_variable(part);
		assert(v->var[v->n] != NULL);
		v->name[v->n] = v->var[v->n]->name;
		v->n++;
	}
}

static bool find_reply(struct str name, enum reply_id *out)
{
	for (size_t i = 0; i < REPLY_COUNT; i++) {
		if (str_eq(str_of(table[i].name), name)) {
			*out = (enum reply_id)i;
			return true;
		}
	}
	return false;
}

/* The text with values[i] for the i-th word of its vocabulary, in b. */
static unsigned widest(const struct replies *r, enum language l, enum reply_id id,
                       struct buf *b)
{
	const struct vocabulary *v = &r->vocabulary[id];
	struct str value[TEMPLATE_VARS] = { { NULL, 0 } };

	for (size_t i = 0; i < v->n; i++)
		value[i] = str_of(v->var[i]->widest[l]);
	template_render(r->text[l][id], value, b);
	return segment_count(buf_str(b), false, true);
}

static enum err check_budget(const struct replies *r, const struct reply_file *f,
                             const struct reply_text *t, enum reply_id id,
                             struct fault *fault)
{
	struct buf b = buf_make(REPLY_OCTETS);
	const unsigned need = widest(r, f->language, id, &b);
	enum err e = ERR_OK;

	if (need == 0 || b.failed) {
		fault_set(fault, "%s:%d: %s: not UTF-8, or far too long", f->path,
		          t->line, table[id].name);
		e = ERR_SYNTAX;
	} else if (need > table[id].segments) {
		fault_set(
			fault,
			"%s:%d: %s: takes %u messages when its values are at their widest, "
			"%u allowed; shorten it (\"%.*s\")",
			f->path, t->line, table[id].name, need, table[id].segments,
			STR_ARG(buf_str(&b)));
		e = ERR_TOO_BIG;
	}
	buf_free(&b);
	return e;
}

static enum err add_text(struct replies *r, const struct reply_file *f,
                         const struct reply_text *t, struct fault *fault)
{
	struct fault why = { "" };
	enum reply_id id;
	enum err e;

	if (!find_reply(t->name, &id)) {
		fault_set(fault, "%s:%d: no reply is called %.*s; correct or remove it",
		          f->path, t->line, STR_ARG(t->name));
		return ERR_NOT_FOUND;
	}
	if (r->text[f->language][id] != NULL) {
		fault_set(fault, "%s:%d: %s is given twice; remove one", f->path, t->line,
		          table[id].name);
		return ERR_EXISTS;
	}
	if (t->text.n == 0) {
		fault_set(fault, "%s:%d: %s is empty; give it a text", f->path, t->line,
		          table[id].name);
		return ERR_SYNTAX;
	}
	e = template_compile(t->text, r->vocabulary[id].name, r->vocabulary[id].n,
	                     &r->text[f->language][id], &why);
	if (e != ERR_OK) {
		fault_set(fault, "%s:%d: %s: %s", f->path, t->line, table[id].name,
		          why.text);
		return e;
	}
	return check_budget(r, f, t, id, fault);
}

static enum err add_file(struct replies *r, const struct reply_file *f,
                         struct fault *fault)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < f->n && e == ERR_OK; i++)
		e = add_text(r, f, &f->text[i], fault);
	for (size_t i = 0; i < REPLY_COUNT && e == ERR_OK; i++) {
		if (r->text[f->language][i] == NULL) {
			fault_set(fault, "%s:%d: %s is missing; add it", f->path,
			          f->n > 0 ? f->text[f->n - 1].line : 1, table[i].name);
			e = ERR_NOT_FOUND;
		}
	}
	return e;
}

enum err replies_create(const struct reply_file file[LANG_COUNT], struct replies **out,
                        struct fault *fault)
{
	struct replies *r = xcalloc(1, sizeof(*r));
	unsigned seen = 0;
	enum err e = ERR_OK;

	for (size_t i = 0; i < REPLY_COUNT; i++)
		fill_vocabulary(&r->vocabulary[i], table[i].variables);
	for (size_t i = 0; i < LANG_COUNT && e == ERR_OK; i++) {
		seen |= 1U << file[i].language;
		e = add_file(r, &file[i], fault);
	}
	if (e != ERR_OK) {
		replies_destroy(r);
		return e;
	}
	assert(seen == (1U << LANG_COUNT) - 1);
	*out = r;
	return ERR_OK;
}

void replies_destroy(struct replies *r)
{
	if (r == NULL)
		return;
	for (size_t l = 0; l < LANG_COUNT; l++)
		for (size_t i = 0; i < REPLY_COUNT; i++)
			template_destroy(r->text[l][i]);
	free(r);
}

/* As many units as UTF-16 needs. */
static size_t width(struct str s)
{
	size_t units = 0;
	uint32_t cp;

	for (size_t i = 0; i < s.n; i += utf8_next(s.p + i, s.n - i, &cp), units++)
		if ((unsigned char)s.p[i] >= 0xf0)
			units++;
	return units;
}

/* s, or its first characters and a mark, together `units` wide at most. */
static struct str cut_to(struct str s, size_t units, struct str mark, struct arena *a)
{
	size_t end = 0, wide = width(mark);
	uint32_t cp;

	if (width(s) <= units)
		return s;
	while (end < s.n) {
		const size_t step = utf8_next(s.p + end, s.n - end, &cp);

		wide += width((struct str){ s.p + end, step });
		if (wide > units)
			break;
		end += step;
	}
	return arena_printf(a, "%.*s%.*s", (int)end, s.p, STR_ARG(mark));
}

static struct str value_of(const struct variable *var, enum language l,
                           const struct reply_values *v, struct arena *a)
{
	struct str s;

	memcpy(&s, (const char *)v + var->offset, sizeof(s));
	if (var->kind != NAME)
		return s;
	return cut_to(s, width(str_of(var->widest[l])),
	              l == LANG_EN ? STR("..") : STR("…"), a);
}

struct str reply_render(const struct replies *r, enum language l, enum reply_id id,
                        const struct reply_values *v, struct arena *a)
{
	const struct vocabulary *voc = &r->vocabulary[id];
	struct str value[TEMPLATE_VARS] = { { NULL, 0 } };
	struct buf b = buf_make(REPLY_OCTETS);
	struct str text;

	for (size_t i = 0; i < voc->n; i++)
		value[i] = value_of(voc->var[i], l, v, a);
	template_render(r->text[l][id], value, &b);
	text = arena_str(a, buf_str(&b));
	buf_free(&b);
	return text;
}

bool reply_fits(enum reply_id id, struct str text)
{
	return segment_count(text, false, true) <= table[id].segments;
}

struct str reply_join(const struct replies *r, enum language l, const struct str *item,
                      size_t n, struct arena *a)
{
	const struct str join = reply_render(r, l, REPLY_WORD_JOIN,
	                                     &(struct reply_values){ 0 }, a);
	struct buf b = buf_make(REPLY_OCTETS);
	struct str text;

	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_puts(&b, join);
		buf_puts(&b, item[i]);
	}
	text = arena_str(a, buf_str(&b));
	buf_free(&b);
	return text;
}
