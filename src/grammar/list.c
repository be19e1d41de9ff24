/*
 * list.c - the closed sets of values: CODE<TAB>name|name<TAB>phone, a line each.
 *
 * The third column, when it is not empty, says that the slots behind this one
 * in a code apply to the entry.
 */
#include <stdlib.h>

#include "build.h"
#include "slot.h"

struct name {
	struct str text; /* folded */
};

/* Octets of the first character. */
static size_t head(struct str s)
{
	size_t n = 1;

	while (n < s.n && !begins_char(s.p[n]))
		n++;
	return n;
}

static bool same_head(struct str a, struct str b)
{
	return head(a) == head(b) && memcmp(a.p, b.p, head(a)) == 0;
}

/* By first character, of one the longer first. */
static int longer_first(const void *a, const void *b)
{
	const struct name *x = a, *y = b;

	if (!same_head(x->text, y->text))
		return str_cmp(x->text, y->text);
	if (x->text.n != y->text.n)
		return x->text.n > y->text.n ? -1 : 1;
	return str_cmp(x->text, y->text);
}

static void edge(struct buf *out, char c, const char *look)
{
	if (is_digit(c))
		buf_printf(out, "(?%s[0-9])", look);
	else if (is_letter(c))
		buf_printf(out, "(?%s[A-Z])", look);
}

static void rest_of(struct buf *out, struct str s)
{
	for (size_t k = head(s); k < s.n; k++) {
		if (s.p[k] == FOLD_SEP)
			buf_puts(out, STR(" ?"));
		else
			buf_putc(out, s.p[k]);
	}
	edge(out, s.p[s.n - 1], "!");
}

/* Names in groups by their first character, so that most fail at once. */
static void alternation(struct list *l, struct name *name, size_t n, struct arena *a)
{
	struct buf out = buf_make(MAX_PATTERN);

	qsort(name, n, sizeof(name[0]), longer_first);
	for (size_t i = 0; i < n; i++) {
		const struct str s = name[i].text;

		if (i == 0 || !same_head(s, name[i - 1].text)) {
			buf_puts(&out, i > 0 ? STR(")|") : STR(""));
			edge(&out, s.p[0], "<!");
			buf_put(&out, s.p, head(s));
			buf_puts(&out, STR("(?:"));
		} else {
			buf_putc(&out, '|');
		}
		rest_of(&out, s);
	}
	buf_putc(&out, ')');
	/* Too long for a pattern: any run, and the reader decides. */
	if (out.failed || n == 0) {
		buf_reset(&out);
		buf_puts(&out, STR(".+?"));
	}
	l->pattern = arena_str(a, buf_str(&out));
	buf_free(&out);
}

static bool plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((uint8_t)s.p[i] < 0x80 && s.p[i] != FOLD_SEP && !is_digit(s.p[i]) &&
		    !is_letter(s.p[i]))
			return false;
	}
	return s.n > 0;
}

static void add_name(struct build *b, const struct line *l, struct list *list,
                     struct name *name, size_t *n, struct str text)
{
	const struct str folded = build_fold(b, text, false);
	uint32_t *value;

	if (!plain(folded) || *n == MAX_ENTRIES) {
		complain(
			b, l,
			"expected a name of letters, digits or Han, and at most %d, not \"%.*s\"",
			MAX_ENTRIES, STR_ARG(text));
		return;
	}
	value = trie_value(&list->names, build_fold(b, text, true));
	if (*value != 0 && *value != list->n) {
		complain(b, l, "\"%.*s\" also names %.*s", STR_ARG(text),
		         STR_ARG(list->entry[*value - 1].code));
		return;
	}
	if (*value == 0)
		name[(*n)++].text = folded;
	*value = (uint32_t)list->n;
}

/* Codes are sent in replies to be typed: 18<blank>18元 lacks its tab. */
static bool is_code(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_digit(s.p[i]) && !is_letter(s.p[i]))
			return false;
	return s.n > 0 && s.n <= CODE_MAX;
}

static void add_entry(struct build *b, const struct line *l, struct list *list,
                      struct name *name, size_t *n, struct str text)
{
	struct str code, names = { 0 }, more = { 0 }, one;
	struct list_entry *e;

	(void)str_cut(&text, '\t', &code);
	(void)str_cut(&text, '\t', &names);
	(void)str_cut(&text, '\t', &more);
	if (list->n == MAX_ENTRIES) {
		complain(b, l, "at most %d entries", MAX_ENTRIES);
		return;
	}
	if (!is_code(str_trim(code))) {
		complain(b, l,
		         "expected CODE<tab>name|name, a code of at most %d capitals and "
		         "digits, not \"%.*s\"",
		         CODE_MAX, STR_ARG(str_trim(code)));
		return;
	}
	e = &list->entry[list->n++];
	e->code = arena_str(&b->g->arena, str_trim(code));
	e->more = str_trim(more).n > 0;
	add_name(b, l, list, name, n, e->code);
	e->sample = build_fold(b, e->code, false);
	while (str_cut(&names, '|', &one)) {
		if (str_trim(one).n > 0)
			add_name(b, l, list, name, n, str_trim(one));
	}
}

const struct list *list_load(struct build *b, const struct line *l, struct str file)
{
	struct arena *a = &b->g->arena;
	struct line at = { .file = arena_str(a, file).p };
	struct str text = { 0 }, row;
	struct name *name;
	struct list *list;
	size_t n = 0;

	for (size_t i = 0; i < b->g->n_lists; i++) {
		if (str_eq(b->g->list[i]->file, file))
			return b->g->list[i];
	}
	if (str_find(file, STR("/")) != SIZE_MAX || b->g->n_lists == MAX_LISTS ||
	    source_file(a, arena_printf(a, "%.*s%.*s", STR_ARG(b->dir), STR_ARG(file)).p,
	                &text) != ERR_OK) {
		complain(b, l,
		         "expected a list file beside this one, at most %d octets; "
		         "%.*s cannot be read",
		         MAX_FILE, STR_ARG(file));
		return NULL;
	}
	list = arena_new(a, struct list);
	b->g->list[b->g->n_lists++] = list;
	list->file = arena_str(a, file);
	list->entry = arena_array(a, struct list_entry, MAX_ENTRIES);
	name = arena_array(a, struct name, MAX_ENTRIES);
	while (str_cut(&text, '\n', &row)) {
		at.no++;
		row = str_trim(row);
		if (row.n > 0 && row.p[0] != '#')
			add_entry(b, &at, list, name, &n, row);
	}
	alternation(list, name, n, a);
	list->name = arena_array(a, struct str, n + 1);
	for (size_t i = 0; i < n; i++)
		list->name[list->n_names++] = name[i].text;
	return list;
}

void list_free(struct list *l)
{
	trie_free(&l->names);
}
