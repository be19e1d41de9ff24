/*
 * command.c - see grammar/command.h.
 */
#include <stdio.h>

#include "grammar/command.h"

static bool is_plain(char c)
{
	return (uint8_t)c > ' ' && c != '%' && c != 0x7f;
}

static void put_text(struct str s, struct buf *out)
{
	for (size_t i = 0; i < s.n; i++) {
		if (is_plain(s.p[i]))
			buf_putc(out, s.p[i]);
		else
			buf_printf(out, "%%%02X", (unsigned)(uint8_t)s.p[i]);
	}
}

static void put_slot(const struct grammar_slot *s, struct buf *out)
{
	static const char mark[] = {
		[GRAMMAR_TEXT] = '=', [GRAMMAR_MONTH] = '@', [GRAMMAR_INTS] = '#'
	};

	buf_printf(out, " %s%c", s->name, mark[s->type]);
	if (s->type == GRAMMAR_TEXT)
		put_text(s->text, out);
	if (s->type == GRAMMAR_MONTH)
		buf_printf(out, "%04d-%02d", month_year(s->month),
		           month_of_year(s->month));
	for (size_t i = 0; s->type == GRAMMAR_INTS && i < s->n_ints; i++)
		buf_printf(out, "%s%d", i > 0 ? "," : "", s->ints[i]);
}

void grammar_command_print(const struct grammar_command *c, struct buf *out)
{
	if (c->intent == NULL)
		return;
	buf_puts(out, str_of(c->intent->name));
	for (size_t i = 0; i < c->n_slots; i++)
		if (!c->slot[i].secret)
			put_slot(&c->slot[i], out);
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static enum err take_text(struct str s, struct arena *a, struct grammar_slot *out)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		int high, low;

		if (s.p[i] != '%') {
			p[n++] = s.p[i];
			continue;
		}
		if (s.n - i < 3)
			return ERR_SYNTAX;
		high = hex_value(s.p[i + 1]);
		low = hex_value(s.p[i + 2]);
		if (high < 0 || low < 0)
			return ERR_SYNTAX;
		p[n++] = (char)(high * 16 + low);
		i += 2;
	}
	out->type = GRAMMAR_TEXT;
	out->text = (struct str){ p, n };
	return ERR_OK;
}

enum {
	INTS_MAX = 99
};

static enum err take_ints(struct str s, struct arena *a, struct grammar_slot *out)
{
	int *ints = arena_array(a, int, INTS_MAX);
	size_t n = 0;
	struct str part;

	while (str_cut(&s, ',', &part)) {
		int64_t v;

		if (n == INTS_MAX || str_i64(part, &v) != ERR_OK || v < 0 ||
		    v > INT32_MAX)
			return ERR_SYNTAX;
		ints[n++] = (int)v;
	}
	out->type = GRAMMAR_INTS;
	out->ints = ints;
	out->n_ints = n;
	return n > 0 ? ERR_OK : ERR_SYNTAX;
}

static enum err take_slot(struct str s, struct arena *a, struct grammar_slot *out)
{
	size_t at = 0;
	struct str value;

	while (at < s.n && strchr("=@#", s.p[at]) == NULL)
		at++;
	if (at == 0 || at == s.n)
		return ERR_SYNTAX;
	out->name = arena_str(a, (struct str){ s.p, at }).p;
	value = (struct str){ s.p + at + 1, s.n - at - 1 };
	if (s.p[at] == '=')
		return take_text(value, a, out);
	if (s.p[at] == '#')
		return take_ints(value, a, out);
	out->type = GRAMMAR_MONTH;
	return civil_parse_month(value, &out->month);
}

static const struct grammar_intent *find_intent(const struct grammar *g, struct str name)
{
	for (size_t i = 0; i < grammar_intents(g); i++)
		if (str_eq(str_of(grammar_intent(g, i)->name), name))
			return grammar_intent(g, i);
	return NULL;
}

bool grammar_command_set(struct grammar_command *c, struct grammar_slot slot)
{
	size_t at = 0;

	while (at < c->n_slots && strcmp(c->slot[at].name, slot.name) < 0)
		at++;
	if (at < c->n_slots && strcmp(c->slot[at].name, slot.name) == 0) {
		c->slot[at] = slot;
		return true;
	}
	if (c->n_slots == GRAMMAR_SLOTS)
		return false;
	memmove(&c->slot[at + 1], &c->slot[at], (c->n_slots - at) * sizeof(slot));
	c->slot[at] = slot;
	c->n_slots++;
	return true;
}

enum err grammar_command_parse(const struct grammar *g, struct str text,
                               struct arena *arena, struct grammar_command *out)
{
	struct grammar_command c = { .rule = "dialogue" };
	struct str word;

	if (!str_cut(&text, ' ', &word))
		return ERR_SYNTAX;
	c.intent = find_intent(g, word);
	if (c.intent == NULL)
		return ERR_NOT_FOUND;
	while (str_cut(&text, ' ', &word)) {
		struct grammar_slot slot = { .name = NULL };
		const enum err e = take_slot(word, arena, &slot);

		if (e != ERR_OK)
			return e;
		if (!grammar_command_set(&c, slot))
			return ERR_RANGE;
	}
	*out = c;
	return ERR_OK;
}
