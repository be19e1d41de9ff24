/*
 * template.c - see text/template.h.
 *
 * Compiled to a list of operations over one piece of literal text.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "text/template.h"
#include "text/utf8.h"

enum {
	TEXT_MAX = 1 << 16 /* octets of one template */
};

enum op_kind {
	OP_TEXT,
	OP_VAR,
	OP_PART
};

struct op {
	enum op_kind kind;
	uint32_t
		a; /* OP_TEXT: offset in text; OP_VAR: index; OP_PART: bits of its variables */
	uint32_t b; /* OP_TEXT: octets; OP_PART: the operation behind the part */
};

struct template
{
	struct buf text;
	struct op *op;
	size_t n, cap;
	uint32_t uses, needs;
};

/* A template being compiled. */
struct parser {
	struct template *t;
	struct str text;
	size_t at;
	const char *const *names;
	size_t names_n;
	size_t part;    /* the open OP_PART, or NO_PART */
	size_t part_at; /* where it was opened */
	size_t closed;  /* operations so far that take no more text */
	struct fault *fault;
};

#define NO_PART SIZE_MAX

static void add_op(struct template *t, enum op_kind kind, uint32_t a, uint32_t b)
{
	if (t->n == t->cap) {
		t->cap = t->cap == 0 ? 8 : t->cap * 2;
		t->op = xrealloc(t->op, t->cap * sizeof(*t->op));
	}
	t->op[t->n++] = (struct op){ kind, a, b };
}

/* Columns count characters from 1. */
static size_t column_of(struct str text, size_t at)
{
	size_t column = 1;
	uint32_t cp;

	for (size_t i = 0; i < at; column++)
		i += utf8_next(text.p + i, text.n - i, &cp);
	return column;
}

static enum err refuse(const struct parser *p, size_t at, const char *what)
{
	fault_set(p->fault, "column %zu: %s", column_of(p->text, at), what);
	return ERR_SYNTAX;
}

static enum err refuse_name(const struct parser *p, size_t at, struct str name)
{
	struct buf known = buf_make(400);

	for (size_t i = 0; i < p->names_n; i++)
		buf_printf(&known, "%s{%s}", i == 0 ? "" : ", ", p->names[i]);
	fault_set(p->fault, "column %zu: unknown variable {%.*s}; known are %s",
	          column_of(p->text, at), STR_ARG(name),
	          p->names_n > 0 ? buf_cstr(&known) : "none");
	buf_free(&known);
	return ERR_SYNTAX;
}

/* Adds to the literal before, if that is what the last open operation is. */
static void add_text(struct parser *p, const char *s, size_t n)
{
	struct template *t = p->t;
	const size_t at = t->text.n;

	buf_put(&t->text, s, n);
	if (t->n > p->closed && t->op[t->n - 1].kind == OP_TEXT)
		t->op[t->n - 1].b += (uint32_t)n;
	else
		add_op(t, OP_TEXT, (uint32_t)at, (uint32_t)n);
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static enum err parse_var(struct parser *p)
{
	const size_t open = p->at;
	struct str name = { p->text.p + open + 1, 0 };
	size_t left = p->text.n - open - 1, i = 0;

	while (name.n < left && is_name(name.p[name.n]))
		name.n++;
	if (name.n == left || name.p[name.n] != '}')
		return refuse(p, open, "{ without a name and }; write {{ for a brace");
	while (i < p->names_n && !str_eq(name, str_of(p->names[i])))
		i++;
	if (i == p->names_n)
		return refuse_name(p, open, name);
	add_op(p->t, OP_VAR, (uint32_t)i, 0);
	p->t->uses |= UINT32_C(1) << i;
	if (p->part != NO_PART)
		p->t->op[p->part].a |= UINT32_C(1) << i;
	else
		p->t->needs |= UINT32_C(1) << i;
	p->at += name.n + 2;
	return ERR_OK;
}

static enum err open_part(struct parser *p)
{
	if (p->part != NO_PART)
		return refuse(p, p->at, "[ inside [...]: optional parts do not nest");
	p->part = p->t->n;
	p->part_at = p->at++;
	add_op(p->t, OP_PART, 0, 0);
	return ERR_OK;
}

static enum err close_part(struct parser *p)
{
	struct op *part;

	if (p->part == NO_PART)
		return refuse(p, p->at, "] without [; write ]] for a bracket");
	part = &p->t->op[p->part];
	if (part->a == 0)
		return refuse(p, p->part_at,
		              "[...] without a variable; write [[ and ]] for brackets");
	p->closed = p->t->n;
	part->b = (uint32_t)p->t->n;
	p->part = NO_PART;
	p->at++;
	return ERR_OK;
}

static enum err parse_special(struct parser *p)
{
	const char c = p->text.p[p->at];

	if (p->at + 1 < p->text.n && p->text.p[p->at + 1] == c) {
		add_text(p, &c, 1);
		p->at += 2;
		return ERR_OK;
	}
	switch (c) {
	case '{':
		return parse_var(p);
	case '[':
		return open_part(p);
	case ']':
		return close_part(p);
	default:
		return refuse(p, p->at, "} without {; write }} for a brace");
	}
}

static bool is_special(char c)
{
	return c == '{' || c == '}' || c == '[' || c == ']';
}

static enum err parse(struct parser *p)
{
	enum err e = ERR_OK;
	size_t from;

	while (e == ERR_OK && p->at < p->text.n) {
		for (from = p->at; p->at < p->text.n && !is_special(p->text.p[p->at]);)
			p->at++;
		if (p->at > from)
			add_text(p, p->text.p + from, p->at - from);
		if (p->at < p->text.n)
			e = parse_special(p);
	}
	if (e == ERR_OK && p->part != NO_PART)
		return refuse(p, p->part_at, "[ without ]; write [[ for a bracket");
	return e;
}

enum err template_compile(struct str text, const char *const *names, size_t n,
                          struct template **out, struct fault *fault)
{
	struct template *t = xcalloc(1, sizeof(*t));
	struct parser p = { t, text, 0, names, n, NO_PART, 0, 0, fault };
	enum err e;

	assert(n <= TEMPLATE_VARS);
	t->text = buf_make(TEXT_MAX);
	e = text.n <= TEXT_MAX ? parse(&p) : refuse(&p, 0, "longer than 65,536 octets");
	if (e != ERR_OK) {
		template_destroy(t);
		return e;
	}
	*out = t;
	return ERR_OK;
}

void template_destroy(struct template *t)
{
	if (t == NULL)
		return;
	buf_free(&t->text);
	free(t->op);
	free(t);
}

static uint32_t missing_of(const struct template *t, const struct str *values)
{
	uint32_t missing = 0;

	for (uint32_t left = t->uses; left != 0; left &= left - 1) {
		const unsigned i = (unsigned)__builtin_ctz(left);

		if (values[i].p == NULL)
			missing |= UINT32_C(1) << i;
	}
	return missing;
}

void template_render(const struct template *t, const struct str *values, struct buf *out)
{
	const uint32_t missing = missing_of(t, values);
	const struct op *op;

	for (size_t i = 0; i < t->n;) {
		op = &t->op[i++];
		if (op->kind == OP_TEXT)
			buf_put(out, t->text.p + op->a, op->b);
		else if (op->kind == OP_VAR)
			buf_puts(out, values[op->a]);
		else if ((op->a & missing) != 0)
			i = op->b;
	}
}

uint32_t template_uses(const struct template *t)
{
	return t->uses;
}

uint32_t template_needs(const struct template *t)
{
	return t->needs;
}
