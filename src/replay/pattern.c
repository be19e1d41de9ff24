/*
 * pattern.c - see replay/pattern.h.
 */
#include <string.h>

#include "replay/pattern.h"

enum {
	LEAD_MAX =
		12 /* octets before a variable by which pattern_revise() finds its place */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	const char *at = c != '\0' ? strchr(digits, c) : NULL;

	if (at == NULL)
		return -1;
	return at - digits < 16 ? (int)(at - digits) : (int)(at - digits) - 6;
}

/* ---- compile ---- */

struct compiler {
	struct str rest;
	char *literal; /* the run being gathered */
	size_t n;
	struct pattern *out;
	struct fault *fault;
};

static enum err add_piece(struct compiler *c, enum pattern_kind kind, struct str text)
{
	if (c->out->n == PATTERN_PIECES) {
		fault_set(c->fault, "more than %d variables and pieces in one text",
		          PATTERN_PIECES);
		return ERR_TOO_BIG;
	}
	c->out->piece[c->out->n++] = (struct pattern_piece){ kind, text };
	return ERR_OK;
}

static enum err end_literal(struct compiler *c)
{
	const struct str text = { c->literal, c->n };

	if (c->n == 0)
		return ERR_OK;
	c->literal += c->n;
	c->n = 0;
	return add_piece(c, PATTERN_LITERAL, text);
}

static void skip(struct compiler *c, size_t n)
{
	c->rest = (struct str){ c->rest.p + n, c->rest.n - n };
}

static enum err take_escape(struct compiler *c)
{
	static const char from[] = "nts\\", to[] = "\n\t \\";
	const struct str s = c->rest;
	const char *at = s.n > 1 && s.p[1] != '\0' ? strchr(from, s.p[1]) : NULL;

	if (at != NULL) {
		c->literal[c->n++] = to[at - from];
		skip(c, 2);
		return ERR_OK;
	}
	if (s.n >= 4 && s.p[1] == 'x' && hex_digit(s.p[2]) >= 0 &&
	    hex_digit(s.p[3]) >= 0) {
		c->literal[c->n++] = (char)(hex_digit(s.p[2]) * 16 + hex_digit(s.p[3]));
		skip(c, 4);
		return ERR_OK;
	}
	fault_set(c->fault, "expected \\n, \\t, \\s, \\\\ or \\xNN after a backslash");
	return ERR_SYNTAX;
}

static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		const char c = s.p[i];

		if (!(c >= 'a' && c <= 'z') && c != '_' && !(i > 0 && is_digit(c)))
			return false;
	}
	return s.n > 0;
}

/* At an opening brace: "{{", "{*}" or "{name}". */
static enum err take_brace(struct compiler *c)
{
	const size_t close = str_find(c->rest, STR("}"));
	struct str name;
	enum err e;

	if (str_starts(c->rest, STR("{{"))) {
		c->literal[c->n++] = '{';
		skip(c, 2);
		return ERR_OK;
	}
	name = (struct str){ c->rest.p + 1, close == SIZE_MAX ? 0 : close - 1 };
	if (!str_eq(name, STR("*")) && !is_name(name)) {
		fault_set(c->fault, "expected {name}, {*} or {{ for a brace itself");
		return ERR_SYNTAX;
	}
	e = end_literal(c);
	if (e != ERR_OK)
		return e;
	skip(c, close + 1);
	return add_piece(c, name.p[0] == '*' ? PATTERN_ANY : PATTERN_VAR, name);
}

static enum err take(struct compiler *c)
{
	if (c->rest.p[0] == '\\')
		return take_escape(c);
	if (c->rest.p[0] == '{')
		return take_brace(c);
	c->literal[c->n++] = c->rest.p[0];
	skip(c, 1);
	return ERR_OK;
}

enum err pattern_compile(struct str source, struct arena *a, struct pattern *out,
                         struct fault *fault)
{
	struct compiler c = { .rest = source,
		              .literal = arena_alloc(a, source.n + 1),
		              .out = out,
		              .fault = fault };
	enum err e = ERR_OK;

	out->n = 0;
	while (e == ERR_OK && c.rest.n > 0)
		e = take(&c);
	return e == ERR_OK ? end_literal(&c) : e;
}

/* ---- match ---- */

static struct str lookup(const struct pattern_vars *vars, struct str name)
{
	for (size_t i = 0; i < vars->n; i++) {
		if (str_eq(vars->var[i].name, name))
			return vars->var[i].value;
	}
	return (struct str){ NULL, 0 };
}

static size_t digit_run(struct str s)
{
	size_t n = 0;

	while (n < s.n && is_digit(s.p[n]))
		n++;
	return n;
}

/* Octets that the piece takes at the start of s, or SIZE_MAX; may bind. */
static size_t take_piece(const struct pattern_piece *p, struct str s,
                         struct pattern_vars *vars)
{
	struct str want = p->text;
	size_t n;

	if (p->kind == PATTERN_VAR)
		want = lookup(vars, p->text);
	if (want.p != NULL)
		return str_starts(s, want) ? want.n : SIZE_MAX;
	n = digit_run(s);
	if (n == 0 || vars->n == PATTERN_VARS)
		return SIZE_MAX;
	vars->var[vars->n++] = (struct pattern_var){ p->text, { s.p, n } };
	return n;
}

/* A {*} takes nothing first, and one octet more each time what follows fails. */
bool pattern_match(const struct pattern *p, struct str text, struct pattern_vars *vars)
{
	struct pattern_vars now = *vars;
	size_t i = 0, at = 0, n;
	struct {
		size_t i, at, vars;
	} any = { 0 };

	while (i < p->n || at < text.n) {
		n = SIZE_MAX;
		if (i < p->n && p->piece[i].kind == PATTERN_ANY) {
			any.i = ++i;
			any.at = at;
			any.vars = now.n;
			continue;
		}
		if (i < p->n)
			n = take_piece(&p->piece[i],
			               (struct str){ text.p + at, text.n - at }, &now);
		if (n != SIZE_MAX) {
			at += n;
			i++;
			continue;
		}
		if (any.i == 0 || any.at == text.n)
			return false;
		at = ++any.at;
		i = any.i;
		now.n = any.vars;
	}
	*vars = now;
	return true;
}

/* ---- write ---- */

/* The piece that has no value, or NULL. */
static const struct pattern_piece *fill(const struct pattern *p,
                                        const struct pattern_vars *vars, struct buf *out)
{
	const struct pattern_piece *missing = NULL;

	for (size_t i = 0; i < p->n; i++) {
		const struct pattern_piece *piece = &p->piece[i];
		const struct str value = piece->kind == PATTERN_LITERAL
		                                 ? piece->text
		                                 : lookup(vars, piece->text);

		if (value.p != NULL) {
			buf_puts(out, value);
			continue;
		}
		buf_printf(out, "{%.*s}", STR_ARG(piece->text));
		missing = piece;
	}
	return missing;
}

enum err pattern_fill(const struct pattern *p, const struct pattern_vars *vars,
                      struct buf *out, struct fault *fault)
{
	const struct pattern_piece *missing = fill(p, vars, out);

	if (missing == NULL)
		return ERR_OK;
	fault_set(fault, "{%.*s} has no value yet; write {{ for a brace",
	          STR_ARG(missing->text));
	return ERR_NOT_FOUND;
}

void pattern_show(const struct pattern *p, const struct pattern_vars *vars,
                  struct buf *out)
{
	(void)fill(p, vars, out);
}

static void quote_octet(unsigned char c, bool edge, struct buf *out)
{
	static const char from[] = "\n\t\\{";
	static const char *const to[] = { "\\n", "\\t", "\\\\", "{{" };
	const char *at = c != '\0' ? strchr(from, c) : NULL;

	if (at != NULL)
		buf_puts(out, str_of(to[at - from]));
	else if (c == ' ' && edge)
		buf_puts(out, STR("\\s"));
	else if (c < ' ' || c == 0x7f)
		buf_printf(out, "\\x%02x", c);
	else
		buf_putc(out, (char)c);
}

void pattern_quote(struct str text, struct buf *out)
{
	for (size_t i = 0; i < text.n; i++)
		quote_octet((unsigned char)text.p[i], i == 0 || i + 1 == text.n, out);
}

/* s without its first character. */
static struct str drop_char(struct str s)
{
	do
		s = (struct str){ s.p + 1, s.n - 1 };
	while (s.n > 0 && ((unsigned char)s.p[0] & 0xc0) == 0x80);
	return s;
}

/* The words before piece i by which its place is found; at most LEAD_MAX octets. */
static struct str lead_of(const struct pattern *p, size_t i)
{
	struct str lead = { "", 0 };

	if (i > 0 && p->piece[i - 1].kind == PATTERN_LITERAL)
		lead = p->piece[i - 1].text;
	while (lead.n > LEAD_MAX)
		lead = drop_char(lead);
	return lead;
}

/* Offset behind the lead, or as much of its end as is found, where digits follow; or SIZE_MAX. */
static size_t find_place(struct str text, struct str lead)
{
	const bool at_start = lead.n == 0;

	for (; lead.n > 0 || at_start; lead = drop_char(lead)) {
		const size_t at = str_find(text, lead);

		if (at != SIZE_MAX && at + lead.n < text.n &&
		    is_digit(text.p[at + lead.n]))
			return at + lead.n;
		if (at_start)
			break;
	}
	return SIZE_MAX;
}

void pattern_revise(const struct pattern *old, struct str text, struct buf *out)
{
	for (size_t i = 0; i < old->n; i++) {
		const size_t at = old->piece[i].kind == PATTERN_VAR
		                          ? find_place(text, lead_of(old, i))
		                          : SIZE_MAX;
		size_t n;

		if (at == SIZE_MAX)
			continue;
		n = digit_run((struct str){ text.p + at, text.n - at });
		pattern_quote((struct str){ text.p, at }, out);
		buf_printf(out, "{%.*s}", STR_ARG(old->piece[i].text));
		text = (struct str){ text.p + at + n, text.n - at - n };
	}
	pattern_quote(text, out);
}
