/*
 * csv.c - see store/csv.h.
 *
 * The buffer holds octets [at, n) not yet given out.  A record is first found whole in
 * it, by its end of line outside quotes, and then taken apart in place.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "store/csv.h"

enum {
	BUFFER = 4 * CSV_RECORD_MAX,
	NEAR = 512 /* octets read at first behind a seek: most records are shorter */
};

struct csv {
	int fd;
	const char *name;
	size_t at, n;
	int64_t line, next_line; /* of the last record, and of the one after */
	int64_t offset;          /* of buffer[at] in the file */
	size_t ahead;            /* octets to read at once */
	bool eof;
	char buffer[BUFFER];
};

struct csv *csv_create(int fd, const char *name)
{
	struct csv *c = xcalloc(1, sizeof(*c));

	c->fd = fd;
	c->name = name;
	csv_rewind(c);
	return c;
}

void csv_destroy(struct csv *c)
{
	free(c);
}

static void go_to(struct csv *c, int64_t offset, int64_t line, size_t ahead)
{
	c->at = c->n = 0;
	c->offset = offset;
	c->ahead = ahead;
	c->eof = false;
	c->line = 0;
	c->next_line = line;
}

void csv_rewind(struct csv *c)
{
	go_to(c, 0, 1, BUFFER);
}

void csv_seek(struct csv *c, int64_t offset)
{
	go_to(c, offset, 0, NEAR);
}

int64_t csv_line(const struct csv *c)
{
	return c->line;
}

int64_t csv_offset(const struct csv *c)
{
	return c->offset;
}

static void consume(struct csv *c, size_t n)
{
	c->at += n;
	c->offset += (int64_t)n;
}

static enum err fill(struct csv *c, struct fault *fault)
{
	ssize_t n;

	memmove(c->buffer, c->buffer + c->at, c->n - c->at);
	c->n -= c->at;
	c->at = 0;
	do {
		n = pread(c->fd, c->buffer + c->n,
		          BUFFER - c->n < c->ahead ? BUFFER - c->n : c->ahead,
		          c->offset + (int64_t)c->n);
	} while (n < 0 && errno == EINTR);
	if (n < 0) {
		fault_set(fault, "%s: cannot be read: %s", c->name, strerror(errno));
		return ERR_IO;
	}
	c->n += (size_t)n;
	c->eof = n == 0;
	c->ahead = BUFFER;
	if (c->offset == 0 && c->n >= 3 && memcmp(c->buffer, "\xEF\xBB\xBF", 3) == 0)
		consume(c, 3);
	return ERR_OK;
}

static enum err complain(const struct csv *c, int64_t line, size_t column,
                         struct fault *fault, const char *what)
{
	fault_set(fault, "%s:%lld:%zu: %s", c->name, (long long)line, column, what);
	return ERR_SYNTAX;
}

/* Octets of the record at c->at with its LF; 0 when the buffer ends before. */
static size_t record_length(const struct csv *c)
{
	bool quoted = false;

	for (size_t i = c->at; i < c->n; i++) {
		if (c->buffer[i] == '"')
			quoted = !quoted;
		else if (c->buffer[i] == '\n' && !quoted)
			return i - c->at + 1;
	}
	return 0;
}

/* The whole record, without its end of line. */
static enum err take_record(struct csv *c, struct str *record, struct fault *fault)
{
	size_t n = record_length(c);

	while (n == 0 && !c->eof && c->n - c->at <= CSV_RECORD_MAX) {
		const enum err e = fill(c, fault);

		if (e != ERR_OK)
			return e;
		n = record_length(c);
	}
	if (n == 0 && c->eof) {
		n = c->n - c->at;
		if (n == 0)
			return ERR_END;
	}
	c->line = c->next_line;
	if (n == 0 || n > CSV_RECORD_MAX) {
		fault_set(fault,
		          "%s:%lld: a record of more than %d octets: is a quote missing?",
		          c->name, (long long)c->line, CSV_RECORD_MAX);
		return ERR_TOO_BIG;
	}
	*record = (struct str){ c->buffer + c->at, n };
	consume(c, n);
	if (record->p[record->n - 1] == '\n')
		record->n--;
	if (record->n > 0 && record->p[record->n - 1] == '\r')
		record->n--;
	return ERR_OK;
}

/* Octets of the UTF-8 character at p, of at most n; 0 when it is none. */
static size_t utf8_length(const uint8_t *p, size_t n)
{
	static const struct {
		uint8_t low, high, second_low, second_high;
		size_t n;
	} forms[] = {
		{ 0x01, 0x7f, 0, 0, 1 },       { 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (p[0] < forms[i].low || p[0] > forms[i].high)
			continue;
		if (n < forms[i].n || (forms[i].n > 1 && (p[1] < forms[i].second_low ||
		                                          p[1] > forms[i].second_high)))
			return 0;
		for (size_t k = 2; k < forms[i].n; k++) {
			if ((p[k] & 0xc0) != 0x80)
				return 0;
		}
		return forms[i].n;
	}
	return 0;
}

/* Position of the first octet that is not UTF-8 text, or n; counts line ends inside. */
static size_t check_text(struct csv *c, struct str record)
{
	const uint8_t *p = (const uint8_t *)record.p;

	for (size_t i = 0, n; i < record.n; i += n) {
		n = p[i] >= 0x20 && p[i] < 0x7f ? 1 : utf8_length(p + i, record.n - i);
		if (n == 0)
			return i;
		c->next_line += p[i] == '\n';
	}
	return record.n;
}

/*
 * Takes the quoted field whose first quote is at *at; doubled quotes become one, in
 * place.  Leaves *at behind the closing quote; false when there is none.
 */
static bool quoted_field(char *p, size_t n, size_t *at, struct str *field)
{
	size_t from = *at + 1, to = from;

	*field = (struct str){ p + from, 0 };
	for (; from < n; from++) {
		if (p[from] == '"' && (from + 1 == n || p[from + 1] != '"')) {
			field->n = to - (*at + 1);
			*at = from + 1;
			return true;
		}
		from += p[from] == '"' ? 1 : 0;
		p[to++] = p[from];
	}
	return false;
}

/* Takes the plain field at *at; false at a quote or a carriage return inside it. */
static bool plain_field(const char *p, size_t n, size_t *at, struct str *field)
{
	const size_t from = *at;

	while (*at < n && p[*at] != ',' && p[*at] != '"' && p[*at] != '\r')
		(*at)++;
	*field = (struct str){ p + from, *at - from };
	return *at == n || p[*at] == ',';
}

static enum err split(struct csv *c, char *p, size_t n, struct str *field, size_t *count,
                      struct fault *fault)
{
	size_t at = 0;

	for (*count = 0;; at++) {
		const size_t from = at;
		const bool quoted = at < n && p[at] == '"';

		if (*count == CSV_FIELDS_MAX)
			return complain(c, c->line, at + 1, fault, "too many fields");
		if (quoted && !quoted_field(p, n, &at, &field[*count]))
			return complain(c, c->line, from + 1, fault,
			                "this quote is never closed");
		if (!quoted && !plain_field(p, n, &at, &field[*count]))
			return complain(
				c, c->line, at + 1, fault,
				"a field with quotes, line ends or commas has to stand "
				"in quotes");
		if (at < n && p[at] != ',')
			return complain(c, c->line, at + 1, fault,
			                "expected a comma behind the closing quote");
		(*count)++;
		if (at == n)
			return ERR_OK;
	}
}

enum err csv_next(struct csv *c, struct str field[static CSV_FIELDS_MAX], size_t *n,
                  struct fault *fault)
{
	struct str record;
	size_t good;
	enum err e = take_record(c, &record, fault);

	if (e != ERR_OK)
		return e;
	good = check_text(c, record);
	if (good < record.n)
		return complain(c, c->line, good + 1, fault,
		                "not UTF-8 text: save the file as UTF-8");
	c->next_line++;
	/* The record lies in our own buffer. */
	return split(c, c->buffer + (record.p - c->buffer), record.n, field, n, fault);
}
