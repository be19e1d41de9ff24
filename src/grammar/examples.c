/*
 * examples.c - every ok and no line is matched when a grammar is loaded.
 */
#include "build.h"
#include "match_priv.h"

static void print_slots(const struct grammar_command *c, struct buf *out)
{
	for (size_t i = 0; i < c->n_slots; i++) {
		buf_printf(out, "%s%s=", i > 0 ? " " : "", c->slot[i].name);
		print_value(&c->slot[i], out);
	}
}

static void check(struct build *b, const struct example *x,
                  const struct grammar_command *c)
{
	const bool hit = c->intent == &x->intent->pub;
	struct buf got = buf_make(4096);

	print_slots(c, &got);
	if (x->positive && !(hit && str_eq(buf_str(&got), x->slots)))
		complain(b, x->line, "E501 \"%.*s\" -> %s %.*s, expected %s %.*s",
		         STR_ARG(x->text),
		         c->intent != NULL ? c->intent->name : "unknown",
		         STR_ARG(buf_str(&got)), x->intent->pub.name, STR_ARG(x->slots));
	if (!x->positive && hit)
		complain(b, x->line, "E502 \"%.*s\" must not be %s", STR_ARG(x->text),
		         x->intent->pub.name);
	buf_free(&got);
}

void examples_run(struct build *b)
{
	struct grammar_matcher *m = grammar_matcher_create(b->g);
	struct arena arena = arena_make(16 << 20);

	for (size_t i = 0; i < b->g->n_examples; i++) {
		const struct example *x = b->g->example[i];
		struct grammar_command c;

		arena_reset(&arena);
		grammar_match(b->g, m, x->text,
		              (struct grammar_context){ x->context, x->menu_n },
		              b->g->today, &arena, &c);
		check(b, x, &c);
	}
	arena_free(&arena);
	grammar_matcher_destroy(m);
}
