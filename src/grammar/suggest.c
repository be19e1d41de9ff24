/*
 * suggest.c - codes one keystroke away from what was sent; never executed.
 *
 * Codes of digits are never corrected, nor digits inside a code.
 */
#include "match_priv.h"

enum {
	WORD_MAX = 40 /* octets of a text that is compared */
};

/* Keys beside one another on a letter keyboard: each row is shifted by half a key. */
static bool neighbours(char a, char b)
{
	static const char *const rows[] = { "QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM" };
	int row[2] = { -1, -1 }, at[2] = { 0, 0 };
	const char keys[2] = { a, b };

	for (int k = 0; k < 2; k++) {
		for (int r = 0; r < 3; r++) {
			const char *p = keys[k] != '\0' ? strchr(rows[r], keys[k]) : NULL;

			if (p != NULL) {
				row[k] = r;
				at[k] = (int)(p - rows[r]) * 2 + r;
			}
		}
	}
	const int dx = at[0] - at[1], dy = row[0] - row[1];

	return row[0] >= 0 && row[1] >= 0 && dx >= -2 && dx <= 2 && dy >= -1 && dy <= 1;
}

/* On one key of a telephone keypad. */
static bool same_key(char a, char b)
{
	static const char keypad[] = "22233344455566677778889999";

	return is_letter(a) && is_letter(b) && keypad[a - 'A'] == keypad[b - 'A'];
}

static bool look_alike(char a, char b)
{
	static const char pairs[][2] = {
		{ 'O', '0' }, { 'I', '1' }, { 'L', '1' }, { 'B', '8' }
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		if ((a == pairs[i][0] && b == pairs[i][1]) ||
		    (a == pairs[i][1] && b == pairs[i][0]))
			return true;
	}
	return false;
}

static bool same_rest(struct str a, size_t i, struct str b, size_t k)
{
	return a.n - i == b.n - k && memcmp(a.p + i, b.p + k, a.n - i) == 0;
}

static bool substitution(char a, char b, unsigned *cost)
{
	*cost = neighbours(a, b) || same_key(a, b) || look_alike(a, b) ? 1 : 2;
	return look_alike(a, b) || (!is_digit(a) && !is_digit(b));
}

bool suggest_distance(struct str a, struct str b, unsigned *cost)
{
	size_t i = 0;

	while (i < a.n && i < b.n && a.p[i] == b.p[i])
		i++;
	*cost = 2;
	if (a.n == b.n) {
		if (i == a.n)
			return false;
		if (same_rest(a, i + 1, b, i + 1))
			return substitution(a.p[i], b.p[i], cost);
		*cost = 1;
		return i + 1 < a.n && a.p[i] == b.p[i + 1] && a.p[i + 1] == b.p[i] &&
		       !is_digit(a.p[i]) && !is_digit(b.p[i]) &&
		       same_rest(a, i + 2, b, i + 2);
	}
	if (a.n == b.n + 1)
		return !is_digit(a.p[i]) && same_rest(a, i + 1, b, i);
	return a.n + 1 == b.n && !is_digit(b.p[i]) && same_rest(a, i, b, i + 1);
}

/* The value that a rule's slot would take, by name. */
static const struct grammar_slot *value_of(const struct param *p,
                                           const struct grammar_slot *slots, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(slots[i].name, p->name) == 0)
			return &slots[i];
	return NULL;
}

/* The intent's canonical code with the values behind it; secrets are left out. */
static struct str compose(const struct query *q, const struct intent *it,
                          const struct grammar_slot *slots, size_t n)
{
	const struct rule *r = it->canon;
	struct buf b = buf_make(512);
	struct str s;

	if (r == NULL)
		return STR("");
	buf_puts(&b, r->code);
	for (size_t i = 0; i < r->n_params; i++) {
		const struct grammar_slot *v = value_of(&r->param[i], slots, n);

		if (v == NULL || v->secret)
			continue;
		if (i > 0 || (b.n > 0 && is_digit(b.p[b.n - 1])))
			buf_putc(&b, '#');
		slot_print(v, &b);
	}
	s = b.failed ? r->code : arena_str(q->arena, buf_str(&b));
	buf_free(&b);
	return s;
}

void suggest_add(const struct query *q, const struct intent *it,
                 const struct grammar_slot *slots, size_t n, struct grammar_command *out)
{
	struct grammar_suggestion *s;

	for (size_t i = 0; i < out->n_suggestions; i++) {
		s = &out->suggestion[i];
		if (s->intent == &it->pub && s->n_slots == n) {
			bool equal = true;

			for (size_t k = 0; k < n; k++)
				equal = equal &&
				        strcmp(s->slot[k].name, slots[k].name) == 0 &&
				        slot_equal(&s->slot[k], &slots[k]);
			if (equal)
				return;
		}
	}
	if (out->n_suggestions == GRAMMAR_SUGGESTIONS)
		return;
	s = &out->suggestion[out->n_suggestions++];
	s->intent = &it->pub;
	s->n_slots = n;
	for (size_t i = 0; i < n; i++)
		s->slot[i] = slots[i];
	s->code = compose(q, it, slots, n);
}

/* The octets from..to without separators; false: too long. */
static bool squeeze(const struct folded *f, size_t from, size_t to,
                    char out[static WORD_MAX + 1], size_t *n)
{
	*n = 0;
	for (size_t i = from; i < to; i++) {
		if (f->p[i] == FOLD_SEP)
			continue;
		if (*n == WORD_MAX)
			return false;
		out[(*n)++] = f->p[i];
	}
	out[*n] = '\0';
	return true;
}

/* Puts the code in the place of the mistyped one and reads the whole again. */
static bool read_again(const struct query *q, struct str code, struct str rest,
                       struct hit *h)
{
	struct folded *f = arena_new(q->arena, struct folded);
	const struct rule *known;

	memcpy(f->p, code.p, code.n);
	memcpy(f->p + code.n, rest.p, rest.n);
	f->n = code.n + rest.n;
	return code_find(q, f, 0, f->n, h, &known);
}

/* The text's first n octets are the code mistyped; the rest is its values, or not. */
static bool correct_first(const struct query *q, const struct full_code *full,
                          struct str text, size_t n, struct hit *h, unsigned *cost)
{
	const struct str rest = { text.p + n, text.n - n };

	if (n > text.n || !suggest_distance((struct str){ text.p, n }, full->text, cost))
		return false;
	if (read_again(q, full->text, rest, h))
		return true;
	/* Values that are cut from the text as typed: the code alone is worth offering. */
	h->rule = full->rule;
	h->n_slots = 0;
	return full->entry == NULL && full->rule->wordy && rest.n > 0 &&
	       !is_letter(rest.p[0]);
}

/* cost of the correction, 0 when there is none; fills h. */
static unsigned correct(const struct query *q, const struct full_code *full,
                        struct str text, struct hit *h)
{
	unsigned cost = 0;

	if (full->text.n < q->g->suggest_min || is_digit(full->text.p[0]))
		return 0;
	if (correct_first(q, full, text, text.n, h, &cost))
		return cost;
	for (size_t n = full->text.n - 1; n <= full->text.n + 1 && n < text.n; n++)
		if (correct_first(q, full, text, n, h, &cost))
			return cost;
	return 0;
}

static void suggest_part(const struct query *q, const struct folded *f, size_t from,
                         size_t to, struct grammar_command *out)
{
	const struct query quiet = { q->g,   q->m,     q->raw, q->context,
		                     q->now, q->arena, NULL };
	char text[WORD_MAX + 1];
	struct hit h;
	size_t n;

	if (q->g->suggest_min == 0 || !squeeze(f, from, to, text, &n) || n < 2 ||
	    !is_letter(text[0]))
		return;
	for (unsigned cost = 1; cost <= 2; cost++) {
		for (size_t i = 0; i < q->g->n_full; i++) {
			const struct full_code *full = &q->g->full[i];

			if (out->n_suggestions == GRAMMAR_SUGGESTIONS)
				return;
			if (correct(&quiet, full, (struct str){ text, n }, &h) == cost)
				suggest_add(q, h.rule->intent, h.slot, h.n_slots, out);
		}
	}
}

/* Politeness was taken away; what forwards a code is, where the whole is near none. */
void suggest_near(const struct query *q, const struct folded *f,
                  struct grammar_command *out)
{
	size_t from = 0, to = f->n;

	suggest_part(q, f, 0, f->n, out);
	if (out->n_suggestions == 0 && words_unwrap(q, f, &from, &to))
		suggest_part(q, f, from, to, out);
}
