/*
 * tags_read.c - a rule or a score, from its text to parts: which octets are an expression,
 * and which columns it speaks of.
 */
#include "tags_priv.h"

enum {
	DEPTH_MAX = 50 /* of parentheses */
};

/* ---- faults ---- */

static int chars_between(struct str s, size_t from, size_t to)
{
	int n = 0;

	for (size_t i = from; i < to && i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80 ? 1 : 0;
	return n;
}

enum err tag_refuse(const struct tag_reading *g, size_t at, struct str word,
                    const char *why, enum err e)
{
	const struct tag_def *d = g->def;
	struct tag_place from = { 0, 0, 1 }; /* line 0: of no file */
	struct buf place = buf_make(512);
	int column;

	for (size_t i = 0; i < d->n_places && d->place[i].at <= at; i++)
		from = d->place[i];
	column = from.column + chars_between(d->rule, from.at, at);
	if (from.line > 0)
		buf_printf(&place, "%s:%d:%d: tag %.*s", g->path, from.line, column,
		           STR_ARG(d->name));
	else
		buf_printf(&place, "%s: column %d", g->path, column);
	fault_set(g->fault, "%s: %s%.*s%s%s", buf_cstr(&place), word.n > 0 ? "\"" : "",
	          word.n < 60 ? (int)word.n : 60, word.p, word.n > 0 ? "\": " : "", why);
	buf_free(&place);
	return e;
}

/* A word that no rule may hold. */
static enum err refuse_word(const struct tag_reading *g, size_t at,
                            const struct tag_word *w)
{
	struct buf why = buf_make(512);

	if (w->near != NULL)
		buf_printf(&why,
		           "no column of known; is %s meant? smshall tags columns lists "
		           "them",
		           w->near);
	else
		buf_puts(&why, str_of(w->why));
	(void)tag_refuse(g, at, w->text, buf_cstr(&why), ERR_REFUSED);
	buf_free(&why);
	return ERR_REFUSED;
}

/* ---- parts ---- */

static enum err add_part(const struct tag_reading *g, struct tag_part part)
{
	struct tag_rules *r = g->r;

	while (part.n > 0 && strchr(" \t\r\n", g->def->rule.p[part.at + part.n - 1]))
		part.n--;
	if (part.n == 0)
		return tag_refuse(g, part.at, STR(""), "expected an expression",
		                  ERR_SYNTAX);
	if (r->n_parts == TAG_PARTS_MAX)
		return tag_refuse(g, part.at, STR(""),
		                  "more than 200 rules and lines of scores", ERR_TOO_BIG);
	r->part[r->n_parts++] = part;
	r->rule[r->n].n++;
	r->rule[r->n].columns |= part.columns;
	r->columns |= part.columns;
	return ERR_OK;
}

/* What a word must be, given those before it. */
static enum err check_word(const struct tag_reading *g, const struct tag_word *w,
                           bool like, int *depth)
{
	const size_t at = (size_t)(w->text.p - g->def->rule.p);

	if (w->kind == WORD_BAD)
		return refuse_word(g, at, w);
	if (w->kind == WORD_SEMICOLON && !g->def->is_score)
		return tag_refuse(g, at, w->text, "a rule is one expression",
		                  ERR_REFUSED);
	if (like && w->kind != WORD_TEXT)
		return tag_refuse(g, at, w->text, "behind LIKE stands a string",
		                  ERR_REFUSED);
	if (w->kind != WORD_SIGN)
		return ERR_OK;
	*depth += w->text.p[0] == '(' ? 1 : w->text.p[0] == ')' ? -1 : 0;
	if (*depth < 0)
		return tag_refuse(g, at, w->text, "closes what was not opened",
		                  ERR_SYNTAX);
	if (*depth > DEPTH_MAX)
		return tag_refuse(g, at, w->text, "more than 50 open", ERR_TOO_BIG);
	return ERR_OK;
}

/* One expression from *at to its end or semicolon; *at moves behind it. */
static enum err read_part(const struct tag_reading *g, size_t *at, int64_t points)
{
	const struct str rule = g->def->rule;
	struct tag_part part = { .at = *at, .points = points };
	struct tag_word w = { .kind = WORD_SIGN };
	bool like = false;
	int depth = 0;

	while (part.at < rule.n && strchr(" \t\r\n", rule.p[part.at]) != NULL)
		part.at++;
	while (w.kind != WORD_END && w.kind != WORD_SEMICOLON) {
		enum err e;

		w = tag_word_next(rule, at);
		e = check_word(g, &w, like, &depth);
		if (e != ERR_OK)
			return e;
		like = tag_word_is(&w, "LIKE");
		if (w.kind == WORD_COLUMN)
			part.columns |= UINT64_C(1) << w.which;
	}
	part.n = (size_t)(w.text.p - rule.p);
	part.n = part.n > part.at ? part.n - part.at : 0;
	if (depth > 0)
		return tag_refuse(g, part.at + part.n, STR(""), "expected )", ERR_SYNTAX);
	return add_part(g, part);
}

/* "30", "-15": the points of a line. */
static enum err read_points(const struct tag_reading *g, size_t *at, int64_t *points)
{
	const size_t from = *at;
	struct tag_word w = tag_word_next(g->def->rule, at);
	const bool less = w.kind == WORD_SIGN && str_eq(w.text, STR("-"));

	if (less)
		w = tag_word_next(g->def->rule, at);
	if (w.kind != WORD_NUMBER || str_i64(w.text, points) != ERR_OK ||
	    *points > 1000000)
		return tag_refuse(g, from, w.text,
		                  "a line of a score begins with its points, such as 30",
		                  ERR_SYNTAX);
	*points = less ? -*points : *points;
	return ERR_OK;
}

static bool is_blank_from(struct str s, size_t at)
{
	return tag_word_next(s, &at).kind == WORD_END;
}

enum err tag_read(const struct tag_reading *g)
{
	const struct str rule = g->def->rule;
	size_t at = 0;
	enum err e = ERR_OK;

	if (rule.n > TAG_RULE_MAX)
		return tag_refuse(g, 0, STR(""), "longer than 2000 octets", ERR_TOO_BIG);
	if (!g->def->is_score)
		return read_part(g, &at, 0);
	do {
		int64_t points = 0;

		e = read_points(g, &at, &points);
		if (e == ERR_OK)
			e = read_part(g, &at, points);
	} while (e == ERR_OK && !is_blank_from(rule, at));
	return e;
}
