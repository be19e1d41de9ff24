/*
 * words.c - see words_priv.h.
 *
 * Texts are compared character by character: ASCII in lower case, full-width forms as
 * ASCII.  A word of letters counts only where it stands alone.
 */
#include "words_priv.h"

#include "text/utf8.h"

enum {
	FULL_WIDTH = 0xff01, /* "!" */
	FULL_WIDTH_END = 0xff5e,
	FULL_WIDTH_OFF = FULL_WIDTH - '!',
	MASKED = 0 /* no character of a text */
};

struct chars {
	uint32_t *p; /* folded */
	size_t n;
};

static uint32_t folded(uint32_t cp)
{
	if (cp >= FULL_WIDTH && cp <= FULL_WIDTH_END)
		cp -= FULL_WIDTH_OFF;
	return cp >= 'A' && cp <= 'Z' ? cp + ('a' - 'A') : cp;
}

static struct chars chars_of(struct str s, struct arena *a)
{
	struct chars c = { arena_array(a, uint32_t, s.n + 1), 0 };
	uint32_t cp;

	for (size_t i = 0; i < s.n; i += utf8_next(s.p + i, s.n - i, &cp))
		c.n++;
	c.n = 0;
	for (size_t i = 0; i < s.n;) {
		i += utf8_next(s.p + i, s.n - i, &cp);
		c.p[c.n++] = folded(cp);
	}
	return c;
}

static bool is_letter(uint32_t cp)
{
	return cp >= 'a' && cp <= 'z';
}

static bool is_digit(uint32_t cp)
{
	return cp >= '0' && cp <= '9';
}

static bool one_of(uint32_t cp, struct str set)
{
	uint32_t member;

	for (size_t i = 0; i < set.n;) {
		i += utf8_next(set.p + i, set.n - i, &member);
		if (member == cp)
			return true;
	}
	return false;
}

/* ---- words ---- */

static bool stands_at(const struct chars *t, size_t at, const struct chars *word)
{
	if (word->n == 0 || at + word->n > t->n)
		return false;
	for (size_t i = 0; i < word->n; i++)
		if (t->p[at + i] != word->p[i])
			return false;
	if (is_letter(word->p[0]) && at > 0 && is_letter(t->p[at - 1]))
		return false;
	return !is_letter(word->p[word->n - 1]) || at + word->n == t->n ||
	       !is_letter(t->p[at + word->n]);
}

static void mask(struct chars *t, const struct chars *word)
{
	for (size_t at = 0; at + word->n <= t->n; at++)
		if (stands_at(t, at, word))
			for (size_t i = 0; i < word->n; i++)
				t->p[at + i] = MASKED;
}

struct blemish words_refused(const struct push_rules *r, struct str text, struct arena *a)
{
	struct chars t = chars_of(text, a);

	for (size_t i = 0; i < r->n_allowed; i++) {
		const struct chars word = chars_of(r->allowed[i], a);

		mask(&t, &word);
	}
	for (size_t i = 0; i < r->n_words; i++) {
		const struct chars word = chars_of(r->word[i], a);

		for (size_t at = 0; at < t.n; at++)
			if (stands_at(&t, at, &word))
				return (struct blemish){ at + 1, r->word[i] };
	}
	return (struct blemish){ 0 };
}

/* ---- prices ---- */

#define NUMERALS STR("零〇一二两兩三四五六七八九十百千万萬")

static bool is_numeral(uint32_t cp)
{
	return is_digit(cp) || one_of(cp, NUMERALS);
}

static bool says(const struct chars *t, size_t at, struct str ascii)
{
	for (size_t i = 0; i < ascii.n; i++)
		if (at + i >= t->n || t->p[at + i] != (unsigned char)ascii.p[i])
			return false;
	return at + ascii.n >= t->n || !is_letter(t->p[at + ascii.n]);
}

static size_t skip_blanks(const struct chars *t, size_t at)
{
	while (at < t->n && one_of(t->p[at], STR(" \t　")))
		at++;
	return at;
}

/* Money behind a number; 元旦 and 元宵 are days. */
static bool money_at(const struct chars *t, size_t at)
{
	uint32_t next;

	at = skip_blanks(t, at);
	if (at >= t->n)
		return false;
	next = at + 1 < t->n ? t->p[at + 1] : MASKED;
	return (one_of(t->p[at], STR("元圆圓块塊")) && !one_of(next, STR("旦宵"))) ||
	       one_of(t->p[at], STR("￥¥")) || says(t, at, STR("yuan")) ||
	       says(t, at, STR("rmb")) || says(t, at, STR("cny"));
}

/* Money before one. */
static bool money_before(const struct chars *t, size_t at)
{
	while (at > 0 && one_of(t->p[at - 1], STR(" \t　")))
		at--;
	return at > 0 && (one_of(t->p[at - 1], STR("￥¥")) ||
	                  (at >= 3 &&
	                   (says(t, at - 3, STR("rmb")) || says(t, at - 3, STR("cny")))));
}

static bool amount_at(const struct chars *t, size_t at)
{
	return says(t, at, STR("{fee")) || says(t, at, STR("{saving"));
}

static struct str slice(const struct chars *t, size_t from, size_t to, struct arena *a)
{
	struct buf b = buf_make(256);
	struct str s;

	for (size_t i = from; i < to && i < from + 32; i++)
		buf_put_utf8(&b, t->p[i]);
	s = arena_str(a, buf_str(&b));
	buf_free(&b);
	return s;
}

struct blemish words_price(struct str text, struct arena *a)
{
	const struct chars t = chars_of(text, a);
	size_t end;

	for (size_t at = 0; at<t.n; at = end> at ? end : at + 1) {
		end = at;
		while (end < t.n && (is_numeral(t.p[end]) ||
		                     (end > at && one_of(t.p[end], STR(".,")) &&
		                      end + 1 < t.n && is_digit(t.p[end + 1]))))
			end++;
		if (end > at &&
		    (money_at(&t, end) || money_before(&t, at) || amount_at(&t, end)))
			return (struct blemish){ at + 1, slice(&t, at, end + 1, a) };
	}
	return (struct blemish){ 0 };
}
