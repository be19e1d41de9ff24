/*
 * show.c - events of a report as text, for people and for programs.
 *
 * What subscribers wrote is shown without control characters: they could drive the
 * engineer's terminal.
 */
#include <inttypes.h>

#include "base/civil.h"
#include "care_priv.h"
#include "text/quote.h"

#define DIM   "\033[2m"
#define PLAIN "\033[0m"

static const struct {
	const char *kind, *colour;
} colours[] = {
	{ "text", "\033[1m" },    { "reply", "\033[36m" }, { "receipt", "\033[2m" },
	{ "charge", "\033[33m" }, { "order", "\033[33m" }, { "consent", "\033[32m" },
	{ "optout", "\033[32m" }, { "task", "\033[35m" },  { "complaint", "\033[31m" },
	{ "notice", "\033[36m" },
};

static const char *colour_of(const char *kind)
{
	for (size_t i = 0; i < sizeof(colours) / sizeof(colours[0]); i++) {
		if (strcmp(colours[i].kind, kind) == 0)
			return colours[i].colour;
	}
	return PLAIN;
}

void show_time(struct buf *out, int64_t ms)
{
	const int64_t s = ms >= 0 ? ms / 1000 : (ms - 999) / 1000;
	const struct civil c = civil_of(s);

	buf_printf(out, "%04d-%02d-%02d %02d:%02d:%02d.%03d", c.year, c.month, c.day,
	           c.hour, c.minute, c.second, (int)(ms - s * 1000));
}

/* A plain word is shown as it is, anything else in quotes. */
static void put_text(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		const unsigned char c = (unsigned char)s.p[i];

		if (c <= ' ' || c >= 0x7f || c == '"' || c == '\\') {
			quote_put(out, s);
			return;
		}
	}
	buf_puts(out, s);
}

static bool ends_with(const char *name, const char *end)
{
	const size_t n = strlen(name), m = strlen(end);

	return n > m && strcmp(name + n - m, end) == 0;
}

static void put_money(struct buf *out, int64_t fen)
{
	const uint64_t u = fen < 0 ? 0 - (uint64_t)fen : (uint64_t)fen;

	buf_printf(out, "%s%" PRIu64 ".%02u", fen < 0 ? "-" : "", u / 100,
	           (unsigned)(u % 100));
}

/* Times local, money in yuan; the unit leaves the name. */
static void put_field(struct buf *out, const struct store_field *f)
{
	const size_t n = strlen(f->name);

	if (f->is_number && ends_with(f->name, "_ms")) {
		buf_printf(out, " %.*s=\"", (int)n - 3, f->name);
		show_time(out, f->number);
		buf_putc(out, '"');
	} else if (f->is_number && ends_with(f->name, "_fen")) {
		buf_printf(out, " %.*s=", (int)n - 4, f->name);
		put_money(out, f->number);
	} else if (f->is_number && strcmp(f->name, "status") == 0) {
		buf_printf(out, " %s=0x%08" PRIx64, f->name, (uint64_t)f->number);
	} else if (f->is_number) {
		buf_printf(out, " %s=%" PRId64, f->name, f->number);
	} else {
		buf_printf(out, " %s=", f->name);
		put_text(out, f->text);
	}
}

static const struct store_field *find(const struct store_event *e, const char *name)
{
	for (size_t i = 0; i < e->n; i++) {
		if (strcmp(e->field[i].name, name) == 0)
			return &e->field[i];
	}
	return NULL;
}

/* Time, kind, number of the text that caused it, its words; then the rest by name. */
void show_line(struct buf *out, const struct store_event *e, bool colour)
{
	const struct store_field *id = find(e, "id"), *text = find(e, "text");

	if (colour)
		buf_puts(out, STR(DIM));
	show_time(out, e->at_ms);
	if (colour)
		buf_printf(out, PLAIN "%s", colour_of(e->kind));
	buf_printf(out, "  %-9s", e->kind);
	if (id != NULL)
		buf_printf(out, " #%-8" PRId64, id->number);
	else
		buf_printf(out, "          ");
	if (text != NULL) {
		buf_putc(out, ' ');
		quote_put(out, text->text);
	}
	if (colour)
		buf_puts(out, STR(PLAIN DIM));
	for (size_t i = 0; i < e->n; i++) {
		if (&e->field[i] != id && &e->field[i] != text)
			put_field(out, &e->field[i]);
	}
	if (colour)
		buf_puts(out, STR(PLAIN));
}

/* ---- JSON ---- */

void show_json(struct buf *out, const struct store_event *e)
{
	buf_printf(out, "{\"at_ms\":%" PRId64 ",\"event\":\"%s\"", e->at_ms, e->kind);
	for (size_t i = 0; i < e->n; i++) {
		const struct store_field *f = &e->field[i];

		buf_printf(out, ",\"%s\":", f->name);
		if (f->is_number)
			buf_printf(out, "%" PRId64, f->number);
		else
			quote_put(out, f->text);
	}
	buf_putc(out, '}');
}
