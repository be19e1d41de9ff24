/*
 * expr.c - templates: from  [ASK] [{month}] (账单|话费账单)  to a pattern, to sample
 * texts, and to the words of which a matching text must hold one.
 *
 * [x] may be left out, (a|b) is one of several, {slot} a value, UPPER a named
 * word list, a comma a separator that must be there; anything else stands for
 * itself.  There is no repetition, so a pattern's work is bounded by its length.
 * One pass over the text with a stack of open brackets.
 */
#include "build.h"
#include "slot.h"

enum {
	DEPTH = 8,
	ITEMS = 64,
	SCRATCH = 64 << 20
};

struct frame {
	char open;                 /* '[', '(' or 0 at the bottom */
	struct set alts, seq;      /* samples: finished alternatives; the one in hand */
	struct set any_alts, best; /* required words likewise */
	size_t best_len;           /* octets of the shortest of best; 0: none */
	bool free_alt;             /* some alternative requires nothing */
	bool weak, any_weak;       /* best, or some of any_alts, is weak */
};

/* One item of a sequence, whichever way it was made. */
struct item {
	const struct set *samples, *required;
	bool weak; /* required only where nothing else of the template is */
};

struct compiler {
	struct build *b;
	const struct line *l;
	struct frame *frame; /* DEPTH */
	size_t depth;
	size_t items;
	struct buf pattern;
	struct arena scratch; /* frames and sets */
	struct expr *e;
	bool failed;
};

static void oops(struct compiler *c, const char *what)
{
	if (!c->failed)
		complain(c->b, c->l, "%s", what);
	c->failed = true;
}

static void set_add(struct set *s, struct str x, size_t max)
{
	for (size_t i = 0; i < s->n; i++)
		if (str_eq(s->s[i], x))
			return;
	if (s->n < max)
		s->s[s->n++] = x;
}

static bool wants_blank(struct str a, struct str b)
{
	return a.n > 0 && b.n > 0 && (uint8_t)a.p[a.n - 1] < 0x80 &&
	       (uint8_t)b.p[0] < 0x80;
}

static struct str joined(struct arena *a, struct str x, struct str y)
{
	const size_t blank = wants_blank(x, y) ? 1 : 0, n = x.n + blank + y.n;
	char *p = arena_alloc(a, n + 1);

	memcpy(p, x.p, x.n);
	if (blank > 0)
		p[x.n] = ' ';
	memcpy(p + x.n + blank, y.p, y.n);
	return (struct str){ p, n };
}

/* seq x item; beyond MAX_SET each of seq still meets the items in turn. */
static void multiply(struct compiler *c, struct set *seq, const struct set *item)
{
	const size_t total = seq->n * item->n, n = total < MAX_SET ? total : MAX_SET;
	struct set *out = arena_new(&c->scratch, struct set);

	for (size_t k = 0; k < n; k++)
		set_add(out,
		        joined(&c->b->g->arena, seq->s[k * seq->n / n],
		               item->s[k % item->n]),
		        MAX_SET);
	*seq = *out;
}

static size_t shortest(const struct set *s)
{
	size_t n = s->n > 0 ? SIZE_MAX : 0;

	for (size_t i = 0; i < s->n; i++)
		n = s->s[i].n < n ? s->s[i].n : n;
	return n;
}

static void put_item(struct compiler *c, struct item item)
{
	struct frame *f = &c->frame[c->depth];
	const size_t len = item.weak && item.required->n > 0 ? 1
	                                                     : shortest(item.required);

	if (++c->items > ITEMS) {
		oops(c, "expected at most 64 words and slots in one template");
		return;
	}
	multiply(c, &f->seq, item.samples);
	if (len > f->best_len) {
		f->best = *item.required;
		f->best_len = len;
		f->weak = item.weak;
	}
}

static void open_frame(struct compiler *c, char open)
{
	struct frame *f = &c->frame[c->depth];

	*f = (struct frame){ .open = open };
	f->seq.s[0] = STR("");
	f->seq.n = 1;
}

static void end_alternative(struct frame *f)
{
	for (size_t i = 0; i < f->seq.n; i++)
		set_add(&f->alts, f->seq.s[i], MAX_SET);
	f->free_alt = f->free_alt || f->best_len == 0 ||
	              f->any_alts.n + f->best.n > MAX_REQUIRED;
	for (size_t i = 0; i < f->best.n && !f->free_alt; i++)
		set_add(&f->any_alts, f->best.s[i], MAX_REQUIRED);
	f->any_weak = f->any_weak || (f->best_len > 0 && f->weak);
	f->best.n = f->best_len = 0;
	f->seq.n = 1;
	f->seq.s[0] = STR("");
	if (f->free_alt)
		f->any_alts.n = 0;
}

static void open_bracket(struct compiler *c, char open)
{
	if (c->depth + 1 == DEPTH) {
		oops(c, "expected at most 7 brackets inside one another");
		return;
	}
	c->depth++;
	open_frame(c, open);
	buf_puts(&c->pattern, STR("(?:"));
}

static void close_bracket(struct compiler *c, char close)
{
	struct frame *f = &c->frame[c->depth];
	static const struct set nothing = { .n = 0 };

	if (f->open != (close == ']' ? '[' : '(')) {
		oops(c,
		     "expected brackets that match: [..] for what may be left out, (..|..) for "
		     "one of several");
		return;
	}
	end_alternative(f);
	if (close == ']')
		set_add(&f->alts, STR(""), MAX_SET + 1);
	buf_puts(&c->pattern, close == ']' ? STR(")?") : STR(")"));
	c->depth--;
	put_item(c, (struct item){ &f->alts, close == ']' ? &nothing : &f->any_alts,
	                           f->any_weak });
}

static void edge(struct buf *out, char c, const char *look)
{
	if (is_digit(c))
		buf_printf(out, "(?%s[0-9])", look);
	else if (is_letter(c))
		buf_printf(out, "(?%s[A-Z])", look);
}

static void put_literal(struct compiler *c, struct str token)
{
	struct str s = build_fold(c->b, token, false), rest = s, first;
	struct set *one = arena_new(&c->scratch, struct set);
	struct set *must = arena_new(&c->scratch, struct set);

	if (s.n == 0) {
		oops(c, "expected a word, not punctuation alone");
		return;
	}
	buf_puts(&c->pattern, STR(" ?"));
	edge(&c->pattern, s.p[0], "<!");
	for (size_t i = 0; i < s.n; i++) {
		const bool odd = (uint8_t)s.p[i] < 0x80 && !is_digit(s.p[i]) &&
		                 !is_letter(s.p[i]);

		if (odd)
			buf_putc(&c->pattern, '\\');
		buf_putc(&c->pattern, s.p[i]);
		if (s.p[i] == FOLD_SEP)
			buf_putc(&c->pattern, '?');
	}
	edge(&c->pattern, s.p[s.n - 1], "!");
	(void)str_cut(&rest, FOLD_SEP, &first);
	set_add(one, s, 1);
	set_add(must, first, 1);
	put_item(c, (struct item){ one, must, false });
}

static void put_word(struct compiler *c, const struct word *w)
{
	if (w->expr == NULL) {
		oops(c,
		     "this list is loose or holds marks; it cannot stand in a template");
		return;
	}
	if (w->expr->n_params > 0) {
		oops(c, "expected a word list without slots");
		return;
	}
	buf_printf(&c->pattern, "(?:%.*s)", STR_ARG(w->expr->pattern));
	put_item(c, (struct item){ &w->expr->samples, &w->expr->required, false });
}

bool expr_param(struct build *b, const struct line *l, struct str text, struct param *out)
{
	struct str name, type;
	bool optional = text.n > 0 && text.p[text.n - 1] == '?';
	struct slot_type *t;

	text.n -= optional ? 1 : 0;
	type = text;
	(void)str_cut(&type, ':', &name);
	t = build_type_find(b, type.p != NULL ? type : name);
	if (t == NULL || name.n == 0) {
		complain(b, l,
		         "expected a slot's name, not {%.*s}; declare it: slot NAME KIND",
		         STR_ARG(text));
		return false;
	}
	*out = (struct param){ arena_str(&b->g->arena, name).p, t, optional };
	return true;
}

/* The names of a short list, each up to its first separator. */
static void list_words(const struct list *l, struct set *out)
{
	for (size_t i = 0; l != NULL && l->n_names <= MAX_REQUIRED && i < l->n_names;
	     i++) {
		struct str rest = l->name[i], first;

		(void)str_cut(&rest, FOLD_SEP, &first);
		set_add(out, first, MAX_REQUIRED);
	}
}

static void put_slot(struct compiler *c, struct str text)
{
	struct set *one = arena_new(&c->scratch, struct set);
	struct set *words = arena_new(&c->scratch, struct set);
	struct param *p = &c->e->param[c->e->n_params];

	if (c->e->n_params == MAX_PARAMS) {
		oops(c, "expected at most 8 slots");
		return;
	}
	if (!expr_param(c->b, c->l, text, p)) {
		c->failed = true;
		return;
	}
	c->e->n_params++;
	buf_puts(&c->pattern, STR(" ?("));
	p->type->kind->pattern(p->type, &c->pattern);
	buf_puts(&c->pattern, p->optional ? STR(")?") : STR(")"));
	set_add(one, slot_sample(p->type, &c->b->g->arena), 1);
	if (!p->optional)
		list_words(p->type->list, words);
	put_item(c, (struct item){ one, words, true });
}

static bool is_word_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_letter(s.p[i]) && s.p[i] != '_')
			return false;
	return s.n >= 2;
}

static void put_separator(struct compiler *c)
{
	static const struct set nothing = { .n = 0 };
	struct set *one = arena_new(&c->scratch, struct set);

	buf_putc(&c->pattern, FOLD_SEP);
	set_add(one, STR(","), 1);
	put_item(c, (struct item){ one, &nothing, false });
}

static void put_token(struct compiler *c, struct str token)
{
	const struct word *w;

	if (str_eq(token, STR(","))) {
		put_separator(c);
		return;
	}
	if (!is_word_name(token)) {
		put_literal(c, token);
		return;
	}
	w = build_word_find(c->b, token);
	if (w == NULL)
		oops(c,
		     "expected a declared word list; write literal words in small letters");
	else
		put_word(c, w);
}

static size_t token_length(struct str s)
{
	size_t n = 0;

	while (n < s.n && strchr(" \t[](){}|", s.p[n]) == NULL)
		n++;
	return n;
}

/* Handles what s begins with; returns its length. */
static size_t step(struct compiler *c, struct str s)
{
	size_t n;

	switch (s.p[0]) {
	case ' ':
	case '\t':
		return 1;
	case '[':
	case '(':
		open_bracket(c, s.p[0]);
		return 1;
	case ']':
	case ')':
		close_bracket(c, s.p[0]);
		return 1;
	case '|':
		end_alternative(&c->frame[c->depth]);
		buf_putc(&c->pattern, '|');
		return 1;
	case '{':
		n = str_find(s, STR("}"));
		if (n == SIZE_MAX) {
			oops(c, "expected } behind the slot's name");
			return s.n;
		}
		put_slot(c, (struct str){ s.p + 1, n - 1 });
		return n + 1;
	case '}':
	case '\0':
		oops(c, "expected { before }");
		return 1;
	default:
		n = token_length(s);
		put_token(c, (struct str){ s.p, n });
		return n;
	}
}

struct expr *expr_compile(struct build *b, const struct line *l, struct str text)
{
	struct compiler c = { .b = b, .l = l, .pattern = buf_make(MAX_PATTERN) };
	struct arena *a = &b->g->arena;

	c.e = arena_new(a, struct expr);
	c.scratch = arena_make(SCRATCH);
	c.frame = arena_array(&c.scratch, struct frame, DEPTH);
	open_frame(&c, 0);
	for (size_t i = 0; i < text.n && !c.failed;)
		i += step(&c, (struct str){ text.p + i, text.n - i });
	if (c.depth > 0)
		oops(&c, "expected a closing bracket");
	if (c.pattern.failed)
		oops(&c, "the template is too long; break it up");
	end_alternative(&c.frame[0]);
	c.e->samples = c.frame[0].alts;
	c.e->required = c.frame[0].any_alts;
	c.e->bare = c.frame[0].any_weak;
	c.e->pattern = arena_str(a, buf_str(&c.pattern));
	buf_free(&c.pattern);
	arena_free(&c.scratch);
	return c.failed ? NULL : c.e;
}
