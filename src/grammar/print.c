/*
 * print.c - commands as lines of `grammar parse --tsv`, and explanations.
 */
#include "match_priv.h"
#include "text/quote.h"

const char *grammar_effect_name(enum grammar_effect e)
{
	static const char *const names[] = { "read", "set", "charge" };

	return names[e];
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
		quote_put(out, s->text);
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
		quote_put(out, str_of(slot[i].name));
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
