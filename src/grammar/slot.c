/*
 * slot.c - the kinds of slots; see slot.h.
 */
#include "slot.h"

enum {
	PIN = 6 /* digits of a password */
};

static size_t digit_run(const struct take *x)
{
	size_t n = 0;

	while (x->i + n < x->end && is_digit(x->f->p[x->i + n]))
		n++;
	return n;
}

static struct str folded_part(const struct take *x, size_t from, size_t to)
{
	return arena_str(x->arena, (struct str){ x->f->p + from, to - from });
}

/* What the subscriber wrote between two places of the folded text. */
static struct str raw_part(const struct take *x, size_t from, size_t to)
{
	while (to > from && x->f->p[to - 1] == FOLD_SEP)
		to--;
	const size_t a = x->f->from[from], b = x->f->from[to];

	return arena_str(x->arena,
	                 str_trim((struct str){ x->raw.p + a, b > a ? b - a : 0 }));
}

/* Exactly min digits, so that 123456654321 holds two PINs; or min to max, all there are. */
static bool digits_value(const struct slot_type *t, struct take *x,
                         struct grammar_slot *out)
{
	const size_t run = digit_run(x),
		     n = t->min == t->max && run > t->min ? t->min : run;

	if (n < t->min || n > t->max)
		return false;
	out->text = folded_part(x, x->i, x->i + n);
	x->i += n;
	return true;
}

static void digits_regex(const struct slot_type *t, struct buf *out)
{
	buf_printf(out, "(?<![0-9])[0-9]{%u,%u}(?![0-9])", t->min, t->max);
}

static bool is_phone(struct str s)
{
	return (s.n == 11 && s.p[0] == '1' && s.p[1] >= '3') ||
	       (s.n >= 10 && s.n <= 12 && s.p[0] == '0');
}

/*
 * A telephone number, perhaps with separators inside, without +86.  It ends where
 * a run of digits ends, or a mobile number after its eleventh digit.
 */
static bool phone_value(const struct slot_type *t, struct take *x,
                        struct grammar_slot *out)
{
	struct take a = *x;
	char d[12];
	size_t n = 0;

	(void)t;
	if (digit_run(&a) != 11 && literal_take(&a, "86") && a.i < a.end &&
	    a.f->p[a.i] == FOLD_SEP)
		a.i++;
	for (; a.i < a.end && n < sizeof(d); a.i++) {
		const char c = a.f->p[a.i];

		if (is_digit(c))
			d[n++] = c;
		else if (c != FOLD_SEP || is_phone((struct str){ d, n }))
			break;
		if (n == 11 && is_phone((struct str){ d, n }) && d[0] == '1') {
			a.i++;
			break;
		}
	}
	if (!is_phone((struct str){ d, n }))
		return false;
	out->text = arena_str(x->arena, (struct str){ d, n });
	x->i = a.i;
	return true;
}

static void phone_regex(const struct slot_type *t, struct buf *out)
{
	(void)t;
	buf_puts(out, STR("(?<![0-9])(?:[0-9] ?){10,14}(?![0-9])"));
}

/* Whether it was typed with a plus in front, which folding takes for a separator. */
static bool behind_plus(const struct take *x)
{
	static const struct str signs[] = { { "+", 1 }, { "＋", 3 } };
	const size_t at = x->f->from[x->i];

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (at >= signs[i].n &&
		    memcmp(x->raw.p + at - signs[i].n, signs[i].p, signs[i].n) == 0)
			return true;
	return false;
}

/* 00852..., or +852...; not +86, nor what is a mobile number without its plus. */
static bool is_abroad(const struct take *x, bool plus)
{
	const char *p = x->f->p + x->i;

	if (digit_run(x) < (plus ? 1 : 2))
		return false;
	return plus ? digit_run(x) != 11 && memcmp(p, "86", 2) != 0
	            : memcmp(p, "00", 2) == 0;
}

/*
 * What somebody may dial, to be told why not: a telephone number, a short one, or one
 * abroad (there with separators; 00 stands for +).  No run of digits that may be a
 * password.
 */
static bool dial_value(const struct slot_type *t, struct take *x,
                       struct grammar_slot *out)
{
	const bool plus = behind_plus(x), abroad = is_abroad(x, plus);
	struct take a = *x;
	char d[20] = "00";
	size_t n = abroad && plus ? 2 : 0;

	if (!abroad && phone_value(t, x, out))
		return true;
	for (size_t run = digit_run(&a); run > 0; run = digit_run(&a)) {
		if (n + run > t->max || run == PIN || (!abroad && run >= (size_t)2 * PIN))
			return false;
		memcpy(d + n, a.f->p + a.i, run);
		n += run;
		a.i += run;
		if (!abroad || a.i + 1 >= a.end || a.f->p[a.i] != FOLD_SEP ||
		    !is_digit(a.f->p[a.i + 1]))
			break;
		a.i++;
	}
	if (n < t->min)
		return false;
	out->text = arena_str(x->arena, (struct str){ d, n });
	x->i = a.i;
	return true;
}

static void dial_regex(const struct slot_type *t, struct buf *out)
{
	buf_printf(out, "(?<![0-9])(?:[0-9] ?){%u,%u}(?![0-9])", t->min, t->max + 2);
}

/* Walks a list's names over the text; FOLD_SEP counts only between two digits. */
static uint32_t list_walk(const struct list *l, const struct take *x, size_t *end)
{
	const char *p = x->f->p;
	uint32_t at = 0, best = 0;

	for (size_t i = x->i; i < x->end; i++) {
		if (p[i] == FOLD_SEP) {
			if (i > x->i && i + 1 < x->end && is_digit(p[i - 1]) &&
			    is_digit(p[i + 1]))
				break;
			continue;
		}
		at = trie_step(&l->names, at, p[i]);
		if (at == 0)
			break;
		if (l->names.node[at].value != 0) {
			best = l->names.node[at].value;
			*end = i + 1;
		}
	}
	return best;
}

static bool list_value(const struct slot_type *t, struct take *x,
                       struct grammar_slot *out)
{
	size_t end = 0;
	const uint32_t v = list_walk(t->list, x, &end);

	if (v == 0 ||
	    (end < x->end && is_digit(x->f->p[end - 1]) && is_digit(x->f->p[end])))
		return false;
	x->entry = &t->list->entry[v - 1];
	out->text = arena_str(x->arena, x->entry->code);
	x->i = end;
	return true;
}

static void list_regex(const struct slot_type *t, struct buf *out)
{
	buf_puts(out, t->list->pattern);
}

static bool int_value(const struct slot_type *t, struct take *x, struct grammar_slot *out)
{
	const size_t run = digit_run(x);
	int v = 0, *ints;
	size_t digits;

	if (run > 9)
		return false;
	if (run == 0 && !number_take(x, &v, &digits))
		return false;
	for (size_t i = 0; i < run; i++)
		v = v * 10 + (x->f->p[x->i + i] - '0');
	if ((unsigned)v < t->min || (unsigned)v > t->max)
		return false;
	x->i += run;
	ints = arena_new(x->arena, int);
	*ints = v;
	out->ints = ints;
	out->n_ints = 1;
	return true;
}

static void int_regex(const struct slot_type *t, struct buf *out)
{
	(void)t;
	buf_puts(out, STR("(?<![0-9])[0-9]{1,9}(?![0-9])|[一二两三四五六七八九十]{1,3}"));
}

/* One of 第3个, 3号, 3, 三. */
static bool choice_take(struct take *x, int *v)
{
	static const char *const counters[] = { "个", "项", "条", "号" };
	size_t digits;

	(void)literal_take(x, "第");
	if (!number_take(x, v, &digits))
		return false;
	for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++)
		if (literal_take(x, counters[i]))
			break;
	return true;
}

static void choice_add(int *list, size_t *n, int v)
{
	for (size_t i = 0; i < *n; i++)
		if (list[i] == v)
			return;
	list[(*n)++] = v;
}

/* Several choices with separators or 和 between them: 1,3. */
static bool choices_value(const struct slot_type *t, struct take *x,
                          struct grammar_slot *out)
{
	int *list = arena_array(x->arena, int, 100); /* 0 to 99, each once */
	size_t n = 0;
	int v = 0;

	do {
		if (!choice_take(x, &v) || (unsigned)v < t->min || (unsigned)v > t->max)
			return false;
		choice_add(list, &n, v);
		while (x->i < x->end &&
		       (x->f->p[x->i] == FOLD_SEP || literal_take(x, "和")))
			x->i += x->f->p[x->i] == FOLD_SEP ? 1 : 0;
	} while (x->i < x->end);
	out->ints = list;
	out->n_ints = n;
	return true;
}

static void any_regex(const struct slot_type *t, struct buf *out)
{
	(void)t;
	buf_puts(out, STR(".+?"));
}

/* All that is left, as it was typed. */
static bool text_value(const struct slot_type *t, struct take *x,
                       struct grammar_slot *out)
{
	out->text = raw_part(x, x->i, x->end);
	x->i = x->end;
	return out->text.n >= t->min && out->text.n <= t->max;
}

/* A person's name: what stands before the first digit, as it was typed. */
static bool name_value(const struct slot_type *t, struct take *x,
                       struct grammar_slot *out)
{
	size_t end = x->i;

	while (end < x->end && !is_digit(x->f->p[end]))
		end++;
	out->text = raw_part(x, x->i, end);
	x->i = end;
	return out->text.n >= t->min && out->text.n <= t->max;
}

/* A citizen's number: 18 with a check digit or X, or the older 15. */
static bool id_value(const struct slot_type *t, struct take *x, struct grammar_slot *out)
{
	size_t n = digit_run(x);

	(void)t;
	if (n == 17 && x->i + n < x->end && x->f->p[x->i + n] == 'X')
		n++;
	if (n != 15 && n != 18)
		return false;
	out->text = folded_part(x, x->i, x->i + n);
	x->i += n;
	return true;
}

/* Letters and digits; without a separator in front only if it holds a digit. */
static bool token_run(const struct slot_type *t, struct take *x, struct grammar_slot *out,
                      bool digits_only)
{
	const bool apart = x->i == 0 || x->f->p[x->i - 1] == FOLD_SEP;
	size_t n = 0, digits = 0;

	for (; x->i + n < x->end && n <= t->max; n++) {
		const char c = x->f->p[x->i + n];

		if (!is_digit(c) && !is_letter(c))
			break;
		digits += is_digit(c) ? 1 : 0;
	}
	if (n < t->min || n > t->max || (!apart && digits == 0) ||
	    (!digits_only && digits == n))
		return false;
	out->text = folded_part(x, x->i, x->i + n);
	x->i += n;
	return true;
}

static bool token_value(const struct slot_type *t, struct take *x,
                        struct grammar_slot *out)
{
	return token_run(t, x, out, true);
}

static bool item_value(const struct slot_type *t, struct take *x,
                       struct grammar_slot *out)
{
	return token_run(t, x, out, false);
}

static void token_regex(const struct slot_type *t, struct buf *out)
{
	buf_printf(out, "(?<![A-Z0-9])[A-Z0-9]{%u,%u}(?![A-Z0-9])", t->min, t->max);
}

/* clang-format off */
static const struct slot_kind kinds[] = {
	/* name, arguments, value, min, max, anything, words, ... */
	{ "ym", "[past]", GRAMMAR_MONTH, 0, 0, false, false,
	  month_take, month_pattern, "3月" },
	{ "digits", "MIN[-MAX]", GRAMMAR_TEXT, 6, 6, false, false,
	  digits_value, digits_regex, NULL },
	{ "phone", "cn", GRAMMAR_TEXT, 0, 0, false, false,
	  phone_value, phone_regex, "13800001111" },
	{ "dial", "MIN-MAX", GRAMMAR_TEXT, 5, 17, false, false,
	  dial_value, dial_regex, "13800001111" },
	{ "list", "FILE", GRAMMAR_TEXT, 0, 0, false, false,
	  list_value, list_regex, NULL },
	{ "int", "MIN-MAX", GRAMMAR_INTS, 1, 99, false, false,
	  int_value, int_regex, NULL },
	{ "choices", "MIN-MAX", GRAMMAR_INTS, 1, 99, false, false,
	  choices_value, any_regex, "1 2" },
	{ "text", "MIN-MAX octets", GRAMMAR_TEXT, 1, 1024, true, true,
	  text_value, any_regex, "又慢又断" },
	{ "name", "MIN-MAX octets", GRAMMAR_TEXT, 2, 60, false, true,
	  name_value, any_regex, "张三" },
	{ "id", "", GRAMMAR_TEXT, 15, 18, false, false,
	  id_value, token_regex, "110101199003070011" },
	{ "token", "MIN-MAX", GRAMMAR_TEXT, 1, 20, false, true,
	  token_value, token_regex, "A1B2C3" },
	{ "item", "MIN-MAX", GRAMMAR_TEXT, 1, 20, false, true,
	  item_value, token_regex, "A1B2C3" },
};
/* clang-format on */

const struct slot_kind *slot_kind_find(struct str name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (str_eq(name, str_of(kinds[i].name)))
			return &kinds[i];
	return NULL;
}

bool slot_take(const struct param *p, struct take *x, struct grammar_slot *out)
{
	struct take t = *x;

	*out = (struct grammar_slot){ .name = p->name,
		                      .type = p->type->kind->value,
		                      .secret = p->type->secret };
	if (t.i < t.end && t.f->p[t.i] == FOLD_SEP)
		t.i++;
	if (t.i == t.end || !p->type->kind->take(p->type, &t, out))
		return false;
	*x = t;
	return true;
}

bool slot_at_end(const struct take *x)
{
	return x->i == x->end || (x->i + 1 == x->end && x->f->p[x->i] == FOLD_SEP);
}

bool slot_equal(const struct grammar_slot *a, const struct grammar_slot *b)
{
	return a->type == b->type && a->month == b->month && str_eq(a->text, b->text) &&
	       a->n_ints == b->n_ints &&
	       (a->n_ints == 0 || memcmp(a->ints, b->ints, a->n_ints * sizeof(int)) == 0);
}

bool slots_equal(const struct grammar_slot *a, const struct grammar_slot *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(a[i].name, b[i].name) != 0 || !slot_equal(&a[i], &b[i]))
			return false;
	return true;
}

bool slot_add(struct grammar_slot *slots, size_t *n, const struct grammar_slot *s)
{
	size_t at = 0;

	while (at < *n && strcmp(slots[at].name, s->name) < 0)
		at++;
	if (at < *n && strcmp(slots[at].name, s->name) == 0)
		return slot_equal(&slots[at], s);
	if (*n == GRAMMAR_SLOTS)
		return false;
	memmove(&slots[at + 1], &slots[at], (*n - at) * sizeof(slots[0]));
	slots[at] = *s;
	(*n)++;
	return true;
}

void slot_print(const struct grammar_slot *s, struct buf *out)
{
	if (s->secret)
		return;
	if (s->type == GRAMMAR_TEXT)
		buf_puts(out, s->text);
	else if (s->type == GRAMMAR_MONTH)
		buf_printf(out, "%04d%02d", month_year(s->month),
		           month_of_year(s->month));
	for (size_t i = 0; i < s->n_ints; i++)
		buf_printf(out, "%s%d", i > 0 ? "," : "", s->ints[i]);
}

struct str slot_sample(const struct slot_type *t, struct arena *arena)
{
	char digits[64] = { 0 };

	if (t->list != NULL)
		return t->list->n > 0 ? t->list->entry[0].sample : STR("");
	if (t->kind->sample != NULL)
		return str_of(t->kind->sample);
	if (t->kind->value == GRAMMAR_INTS)
		return arena_printf(arena, "%u", t->min);
	for (unsigned i = 0; i < t->min && i < sizeof(digits) - 1; i++)
		digits[i] = (char)('1' + i % 9);
	return arena_str(arena, str_of(digits));
}
