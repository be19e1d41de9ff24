/*
 * conf_scan.c - reads a configuration file as characters, for what libconfig hides.
 *
 * libconfig 1.5 cuts integers to 32 bits without a word (those with the suffix L to
 * 64 bits); and a file that includes others has lines this scan would not see.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf_priv.h"

struct scan {
	struct str rest;
	unsigned line;
};

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '+' || c == '.' ||
	       c == '*';
}

/* Takes n octets, counting lines. */
static void take(struct scan *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		s->line += s->rest.p[i] == '\n' ? 1 : 0;
	s->rest.p += n;
	s->rest.n -= n;
}

/* Takes up to and with the end mark, or everything. */
static void take_through(struct scan *s, struct str end)
{
	const size_t at = str_find(s->rest, end);

	take(s, at == SIZE_MAX ? s->rest.n : at + end.n);
}

/* Takes a string. */
static enum err scan_string(const struct reading *r, struct scan *s)
{
	const unsigned line = s->line;

	take(s, 1);
	while (s->rest.n > 0 && s->rest.p[0] != '"')
		take(s, s->rest.p[0] == '\\' && s->rest.n > 1 ? 2 : 1);
	if (s->rest.n == 0) {
		fault_set(r->fault,
		          "%s:%u: the text that begins here has no closing quote",
		          r->path, line);
		return ERR_SYNTAX;
	}
	take(s, 1);
	return ERR_OK;
}

static size_t word_length(struct str s)
{
	size_t n = 0;

	while (n < s.n && is_word(s.p[n]))
		n++;
	return n;
}

/* Whether word is an integer, decimal or 0x, that 32 bits do not hold. */
static bool too_wide(struct str word)
{
	unsigned long long v;
	char digits[64], *end;
	bool hex;

	if (word.n > 0 && (word.p[0] == '+' || word.p[0] == '-')) {
		word.p++;
		word.n--;
	}
	if (word.n == 0 || word.p[0] < '0' || word.p[0] > '9')
		return false;
	if (word.n >= sizeof(digits))
		return true;
	memcpy(digits, word.p, word.n);
	digits[word.n] = '\0';
	hex = str_starts(word, STR("0x")) || str_starts(word, STR("0X"));
	errno = 0;
	v = strtoull(digits, &end, hex ? 16 : 10);
	if (*end != '\0' && *end != 'L')
		return false; /* a fraction, or no number: the parser's business */
	return errno != 0 || v > INT32_MAX;
}

static enum err scan_word(const struct reading *r, struct scan *s)
{
	const struct str word = { s->rest.p, word_length(s->rest) };

	if (too_wide(word)) {
		fault_set(
			r->fault,
			"%s:%u: %.*s: numbers go up to 2147483647; those of phones stand in quotes",
			r->path, s->line, STR_ARG(word));
		return ERR_RANGE;
	}
	take(s, word.n);
	return ERR_OK;
}

static enum err scan_next(const struct reading *r, struct scan *s)
{
	const char c = s->rest.p[0];

	if (c == '#' || str_starts(s->rest, STR("//"))) {
		take_through(s, STR("\n"));
	} else if (str_starts(s->rest, STR("/*"))) {
		take_through(s, STR("*/"));
	} else if (c == '"') {
		return scan_string(r, s);
	} else if (is_word(c)) {
		return scan_word(r, s);
	} else if (c == '@') {
		fault_set(r->fault,
		          "%s:%u: @include is not supported: keep all in one file",
		          r->path, s->line);
		return ERR_SYNTAX;
	} else {
		take(s, 1);
	}
	return ERR_OK;
}

enum err conf_scan(const struct reading *r, struct str text)
{
	struct scan s = { text, 1 };
	enum err e = ERR_OK;

	if (text.n > 0 && memchr(text.p, '\0', text.n) != NULL) {
		fault_set(r->fault, "%s: holds a NUL octet: this is no text file",
		          r->path);
		return ERR_SYNTAX;
	}
	while (e == ERR_OK && s.rest.n > 0)
		e = scan_next(r, &s);
	return e;
}

/* What libconfig's words leave out. */
static const char *remedy(const char *what)
{
	if (strcmp(what, "syntax error") == 0)
		return ": expected key = value; look for a quote, bracket or = that is "
		       "missing here or in the line before";
	return strcmp(what, "duplicate setting name") == 0
	               ? ": this key or group stands there twice; keep one"
	               : "";
}

enum err conf_tree(const struct reading *r, struct buf *text, config_t *tree)
{
	static const char mark[] = "\xef\xbb\xbf";
	const char *p = buf_cstr(text);

	if (strncmp(p, mark, sizeof(mark) - 1) == 0)
		p += sizeof(mark) - 1;
	if (config_read_string(tree, p) == CONFIG_TRUE)
		return ERR_OK;
	fault_set(r->fault, "%s:%d: %s%s", r->path, config_error_line(tree),
	          config_error_text(tree), remedy(config_error_text(tree)));
	return ERR_SYNTAX;
}

enum err conf_read_file(const char *path, size_t max, struct buf *out)
{
	FILE *f = fopen(path, "re");
	char block[4096];
	size_t n;
	bool bad;

	if (f == NULL)
		return ERR_NOT_FOUND;
	while ((n = fread(block, 1, sizeof(block), f)) > 0 && out->n <= max)
		buf_put(out, block, n);
	bad = ferror(f) != 0;
	(void)fclose(f);
	if (bad)
		return ERR_IO; /* a folder, for one */
	return out->n > max || out->failed ? ERR_TOO_BIG : ERR_OK;
}
