/*
 * tags_words.c - the words of a rule: columns, listed functions and keywords, numbers,
 * strings, signs.  Everything else of SQL is refused here, where it stands.
 *
 * No word may be read differently by SQLite: signs are taken as long as it takes them
 * (-- begins a comment, -> reaches into JSON, || joins), and quotes other than ' are none.
 */
#include <ctype.h>
#include <string.h>

#include "base/near.h"
#include "tags_priv.h"

enum {
	NUMBER_MAX = 15,  /* digits: exact as integer and as real */
	STRING_MAX = 64,  /* octets */
	WILDCARDS_MAX = 3 /* % of a string: what LIKE tries grows with them */
};

#define FUNCTIONS "abs coalesce ifnull iif max min nullif round"
#define KEYWORDS  "AND OR NOT CASE WHEN THEN ELSE END IN IS NULL BETWEEN LIKE TRUE FALSE"

static const struct tag_column described[] = {
#define X(name, type, source, what) { #name, #type, what },
#include "store/known.def"
#undef X
};

const char *tag_functions(void)
{
	return FUNCTIONS;
}

const char *tag_words(void)
{
	return KEYWORDS;
}

bool tag_column(size_t i, struct tag_column *out)
{
	if (i >= KNOWN_COLUMNS)
		return false;
	*out = described[i];
	return true;
}

const char *known_name(size_t column)
{
	return described[column].name;
}

/* As SQL compares names: A is a. */
static bool same_name(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++) {
		if (tolower((unsigned char)a.p[i]) != tolower((unsigned char)b.p[i]))
			return false;
	}
	return true;
}

static bool is_listed(const char *list, struct str name)
{
	struct str rest = str_of(list), one;

	while (str_cut(&rest, ' ', &one)) {
		if (same_name(one, name))
			return true;
	}
	return false;
}

bool tag_function_is_known(const char *name)
{
	return is_listed(FUNCTIONS " like", str_of(name));
}

bool tag_word_is(const struct tag_word *w, const char *keyword)
{
	return w->kind == WORD_KEYWORD && same_name(w->text, str_of(keyword));
}

static struct tag_word bad(struct str text, const char *why)
{
	return (struct tag_word){ .kind = WORD_BAD, .text = text, .why = why };
}

static bool is_letter(char c)
{
	return isalpha((unsigned char)c) != 0 || c == '_';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The column that was mistyped; NULL: none is near. */
static const char *nearest_column(struct str text)
{
	const char *best = NULL;
	size_t least = NEAR_TYPO + 1;

	for (size_t i = 0; i < KNOWN_COLUMNS; i++) {
		const size_t d = near_distance(text, str_of(described[i].name));

		if (d < least && d < text.n) {
			least = d;
			best = described[i].name;
		}
	}
	return best;
}

static struct tag_word name_of(struct str text, bool called)
{
	struct tag_word w;

	if (called && is_listed(FUNCTIONS, text))
		return (struct tag_word){ .kind = WORD_FUNCTION, .text = text };
	if (is_listed(KEYWORDS, text))
		return (struct tag_word){ .kind = WORD_KEYWORD, .text = text };
	if (called)
		return bad(text, "no function that a rule may use: " FUNCTIONS);
	for (size_t i = 0; i < KNOWN_COLUMNS; i++) {
		if (same_name(text, str_of(described[i].name)))
			return (struct tag_word){ WORD_COLUMN, text, i, NULL, NULL };
	}
	w = bad(text, "no column of known (smshall tags columns lists them), nor a word "
	              "that a rule may use: " KEYWORDS "; texts stand in single quotes");
	w.near = nearest_column(text);
	return w;
}

static struct tag_word read_name(struct str rule, size_t from, size_t *at)
{
	size_t end = from, behind;

	while (end < rule.n && (is_letter(rule.p[end]) || is_digit(rule.p[end])))
		end++;
	for (behind = end; behind < rule.n && strchr(" \t\r\n", rule.p[behind]) != NULL;)
		behind++;
	*at = end;
	return name_of((struct str){ rule.p + from, end - from },
	               behind < rule.n && rule.p[behind] == '(');
}

static struct tag_word read_number(struct str rule, size_t from, size_t *at)
{
	size_t end = from, points = 0;
	struct str text;

	while (end < rule.n && (is_digit(rule.p[end]) || rule.p[end] == '.'))
		points += rule.p[end++] == '.' ? 1 : 0;
	*at = end;
	text = (struct str){ rule.p + from, end - from };
	if (points > 1 || rule.p[end - 1] == '.' ||
	    (end < rule.n && is_letter(rule.p[end])))
		return bad(text, "expected a number such as 30 or 0.5");
	if (text.n - points > NUMBER_MAX)
		return bad(text, "a number of more than 15 digits");
	return (struct tag_word){ .kind = WORD_NUMBER, .text = text };
}

static struct tag_word read_string(struct str rule, size_t from, size_t *at)
{
	size_t end = from + 1, wildcards = 0;

	for (; end < rule.n; end++) {
		wildcards += rule.p[end] == '%' ? 1 : 0;
		if (rule.p[end] != '\'')
			continue;
		if (end + 1 == rule.n || rule.p[end + 1] != '\'')
			break;
		end++;
	}
	*at = end < rule.n ? end + 1 : rule.n;
	if (end >= rule.n)
		return bad((struct str){ rule.p + from, 1 },
		           "a string that does not end");
	if (end - from - 1 > STRING_MAX)
		return bad((struct str){ rule.p + from, 1 },
		           "a string of more than 64 octets");
	if (wildcards > WILDCARDS_MAX)
		return bad((struct str){ rule.p + from, *at - from },
		           "more than three % in a string");
	return (struct tag_word){ .kind = WORD_TEXT,
		                  .text = { rule.p + from, *at - from } };
}

/* -1 behind another sign is a sign of its own. */
static struct tag_word read_sign(struct str rule, size_t from, size_t *at)
{
	static const char all[] = "=<>!+-*/%|&~";
	struct str text = { rule.p + from, 0 };

	while (from + text.n < rule.n && memchr(all, text.p[text.n], sizeof(all) - 1))
		text.n++;
	if (text.n > 1 && text.p[text.n - 1] == '-' && text.p[text.n - 2] != '-')
		text.n--;
	*at = from + text.n;
	if (!is_listed("= == <> != < <= > >= + - * / %", text))
		return bad(text,
		           "no sign that a rule may use: = == <> != < <= > >= + - * "
		           "/ % ( ) ,");
	return (struct tag_word){ .kind = WORD_SIGN, .text = text };
}

struct tag_word tag_word_next(struct str rule, size_t *at)
{
	size_t from = *at;
	char c;

	while (from < rule.n && rule.p[from] != '\0' &&
	       strchr(" \t\r\n", rule.p[from]) != NULL)
		from++;
	if (from >= rule.n) {
		*at = rule.n;
		return (struct tag_word){ .kind = WORD_END,
			                  .text = { rule.p + rule.n, 0 } };
	}
	c = rule.p[from];
	if (is_letter(c))
		return read_name(rule, from, at);
	if (is_digit(c))
		return read_number(rule, from, at);
	if (c == '\'')
		return read_string(rule, from, at);
	if (c != '\0' && strchr("=<>!+-*/%|&~", c) != NULL)
		return read_sign(rule, from, at);
	*at = from + 1;
	if (c == '(' || c == ')' || c == ',')
		return (struct tag_word){ .kind = WORD_SIGN,
			                  .text = { rule.p + from, 1 } };
	if (c == ';')
		return (struct tag_word){ .kind = WORD_SEMICOLON,
			                  .text = { rule.p + from, 1 } };
	return bad((struct str){ rule.p + from, 1 },
	           "no sign that a rule may use: strings stand in ', and nothing else of "
	           "SQL is known here");
}
