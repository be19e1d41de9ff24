/*
 * print.c - commands as lines of `grammar parse --tsv`, and explanations.
 */
#include "match_priv.h"

const char *grammar_effect_name(enum grammar_effect e)
{
	static const char *const names[] = { "read", "set", "charge" };

	return names[e];
}

/* The octets of the UTF-8 character at p; 0 when it is malformed. */
static size_t utf8_length(const char *p, size_t n)
{
	const uint8_t c = (uint8_t)p[0];
	const size_t len = c < 0x80 ? 1 : c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;

	if ((c >= 0x80 && c < 0xc2) || c > 0xf4 || len > n)
		return 0;
	for (size_t i = 1; i < len; i++)
		if (((uint8_t)p[i] & 0xc0) != 0x80)
			return 0;
	return len;
}

static void json_string(struct str s, struct buf *out)
{
	buf_putc(out, '"');
	for (size_t i = 0; i < s.n;) {
		const size_t len = utf8_length(s.p + i, s.n - i);
		const char c = s.p[i];

		if (len == 0)
			buf_put_utf8(out, 0xfffd);
		else if (c == '"' || c == '\\')
			buf_printf(out, "\\%c", c);
		else if ((uint8_t)c < 0x20 || c == 0x7f)
			buf_printf(out, "\\u%04x", (unsigned)c);
		else
			buf_put(out, s.p + i, len);
		i += len == 0 ? 1 : len;
	}
	buf_putc(out, '"');
}

static void put_month(month_t m, struct buf *out)
{
	const int y = month_year(m), k = month_of_year(m);
	const char text[] = { (char)('0' + y / 1000),
		              (char)('0' + y / 100 % 10),
		              (char)('0' + y / 10 % 10),
		              (char)('0' + y % 10),
		              '-',
		              (char)('0' + k / 10),
		              (char)('0' + k % 10) };

	buf_put(out, text, sizeof(text));
}

void print_value(const struct grammar_slot *s, struct buf *out)
{
	if (s->type == GRAMMAR_MONTH)
		put_month(s->month, out);
	else
		for (size_t i = 0; i < s->n_ints; i++)
			buf_printf(out, "%s%d", i > 0 ? "," : "", s->ints[i]);
	buf_puts(out, s->text);
}

static void json_value(const struct grammar_slot *s, struct buf *out)
{
	const bool array = s->type == GRAMMAR_INTS && s->n_ints > 1;

	if (s->type == GRAMMAR_TEXT) {
		json_string(s->text, out);
		return;
	}
	if (s->type == GRAMMAR_MONTH || array)
		buf_putc(out, array ? '[' : '"');
	print_value(s, out);
	if (s->type == GRAMMAR_MONTH || array)
		buf_putc(out, array ? ']' : '"');
}

static void json_slots(const struct grammar_slot *slot, size_t n, struct buf *out)
{
	buf_putc(out, '{');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_putc(out, ',');
		json_string(str_of(slot[i].name), out);
		buf_putc(out, ':');
		json_value(&slot[i], out);
	}
	buf_putc(out, '}');
}

/* No printf here: it would cost more than the match. */
void grammar_print_tsv(const struct grammar_command *c, struct buf *out)
{
	buf_puts(out, c->intent != NULL ? str_of(c->intent->name) : STR("unknown"));
	buf_putc(out, '\t');
	json_slots(c->slot, c->n_slots, out);
	buf_putc(out, '\t');
	for (size_t i = 0; i < c->n_suggestions; i++) {
		if (i > 0)
			buf_puts(out, STR("; "));
		buf_puts(out, str_of(c->suggestion[i].intent->name));
		buf_putc(out, ' ');
		json_slots(c->suggestion[i].slot, c->suggestion[i].n_slots, out);
	}
	buf_putc(out, '\t');
	if (c->intent != NULL)
		buf_puts(out, str_of(grammar_effect_name(c->intent->effect)));
}

void grammar_print(const struct grammar_command *c, struct buf *out)
{
	if (c->intent == NULL) {
		buf_puts(out, c->several ? STR("unknown: more than one command\n")
		                         : STR("unknown\n"));
	} else {
		buf_printf(out, "%s ", c->intent->name);
		json_slots(c->slot, c->n_slots, out);
		buf_printf(out, "  effect %s, by %s\n",
		           grammar_effect_name(c->intent->effect), c->rule);
	}
	for (size_t i = 0; i < c->n_suggestions; i++) {
		buf_printf(out, "  perhaps %s ", c->suggestion[i].intent->name);
		json_slots(c->suggestion[i].slot, c->suggestion[i].n_slots, out);
		buf_printf(out, ": %.*s\n", STR_ARG(c->suggestion[i].code));
	}
}

void grammar_explain(const struct grammar *g, struct grammar_matcher *m, struct str text,
                     struct grammar_context context, int64_t now, struct buf *out)
{
	struct arena arena = arena_make(16 << 20);
	const struct query q = { g, m, text, context, now, &arena, out };
	struct grammar_command c;

	match_query(&q, &c);
	grammar_print(&c, out);
	arena_free(&arena);
}
