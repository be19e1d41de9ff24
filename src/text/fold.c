/*
 * fold.c - see text/fold.h.
 *
 * The table holds for each character of the BMP its folded form as ready
 * octets: one load and at most three stores a character.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "fold_priv.h"
#include "text/utf8.h"

enum {
	BMP = 0x10000,
	SIDE_MAX = 1 << 18 /* octets; offsets into it have 18 bits */
};

/*
 * An entry: for no or one character the top octet is the number of octets, 0..3,
 * and these follow from the lowest up; for more the top octet is SIDE, and then
 * offset << 6 | length in the side table.
 */
#define ENTRY_N(e) ((e) >> 24)
#define SIDE       0xffU
#define ENTRY_SEP  (1U << 24 | FOLD_SEP)

struct fold {
	uint32_t bmp[BMP];
	struct buf side; /* longer forms, one after the other */
	struct fold_map map;
};

static uint32_t entry_of(struct fold *f, const struct fold_char *c)
{
	uint32_t e = c->n << 24, first;
	const bool several = c->n > 1 && utf8_next(c->p, c->n, &first) < c->n;

	if (several || c->n > 3) {
		assert(c->n < 64);
		e = SIDE << 24 | (uint32_t)f->side.n << 6 | c->n;
		buf_put(&f->side, c->p, c->n);
		return e;
	}
	for (unsigned i = 0; i < c->n; i++)
		e |= (uint32_t)(unsigned char)c->p[i] << 8 * i;
	return e;
}

static void build(struct fold *f)
{
	struct fold_char c;

	f->side = buf_make(SIDE_MAX - 1);
	for (uint32_t cp = 0; cp < BMP; cp++) {
		fold_char(&f->map, cp, &c);
		f->bmp[cp] = entry_of(f, &c);
	}
	assert(!f->side.failed);
}

enum err fold_create(const char *overlay, struct fold **out, struct fault *fault)
{
	struct fold *f = xcalloc(1, sizeof(*f));
	enum err e = fold_map_load(&f->map, overlay, fault);

	if (e != ERR_OK) {
		free(f);
		return e;
	}
	build(f);
	*out = f;
	return ERR_OK;
}

void fold_destroy(struct fold *f)
{
	if (f == NULL)
		return;
	buf_free(&f->side);
	free(f->map.pair);
	free(f);
}

/* -- folding ----------------------------------------------------------------------- */

/* A text on its way into out. */
struct writer {
	struct folded *out;
	size_t token;  /* where the token being written begins */
	size_t at;     /* raw octet of the character at hand */
	size_t sep_at; /* raw octet of the first separator not yet written */
	bool sep;      /* one is due before the next character */
	bool full;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * Whether the letters O, I and L of a token mean 0 and 1: it has nothing but
 * them and digits, the digits are the majority, and it begins with a digit, or
 * with a single letter and three digits.  So 1OO86, 2O2610 and
 * l0086 are numbers, while LL, IO, L10 and LL202610 stay what a code may be.
 */
static bool is_number(const char *p, size_t n)
{
	size_t digits = 0;

	for (size_t i = 0; i < n; i++) {
		if (is_digit(p[i]))
			digits++;
		else if (p[i] != 'O' && p[i] != 'I' && p[i] != 'L')
			return false;
	}
	if (digits <= n - digits)
		return false;
	return is_digit(p[0]) ||
	       (n >= 4 && is_digit(p[1]) && is_digit(p[2]) && is_digit(p[3]));
}

/* The token written last is whole: its look-alikes become digits. */
static void end_token(struct writer *w)
{
	char *p = w->out->p + w->token;
	const size_t n = w->out->n - w->token;

	if (!is_number(p, n))
		return;
	for (size_t i = 0; i < n; i++) {
		if (!is_digit(p[i]))
			p[i] = p[i] == 'O' ? '0' : '1';
	}
}

static void put_sep(struct writer *w)
{
	if (!w->sep && w->out->n > 0) {
		w->sep = true;
		w->sep_at = w->at;
	}
}

/* Octets of one character that is no separator; len is its length in the raw text. */
static void put_char(struct writer *w, const char *p, size_t n, size_t len)
{
	struct folded *out = w->out;

	if (out->n + w->sep + n > FOLD_MAX) {
		w->full = true;
		return;
	}
	if (w->sep) {
		end_token(w);
		out->from[out->n] = (uint16_t)w->sep_at;
		out->p[out->n++] = FOLD_SEP;
		w->token = out->n;
		w->sep = false;
	}
	for (size_t i = 0; i < n; i++) {
		out->from[out->n] = (uint16_t)w->at;
		out->p[out->n++] = p[i];
	}
	out->from[out->n] = (uint16_t)(w->at + len);
}

/* Several characters, separators among them. */
static void put_run(struct writer *w, const char *p, size_t n, size_t len)
{
	size_t step;
	uint32_t cp;

	for (size_t i = 0; i < n && !w->full; i += step) {
		step = utf8_next(p + i, n - i, &cp);
		if (cp == FOLD_SEP)
			put_sep(w);
		else
			put_char(w, p + i, step, len);
	}
}

static void put_entry(struct writer *w, const struct fold *f, uint32_t e, size_t len)
{
	const unsigned n = ENTRY_N(e);
	const char p[3] = { (char)(e & 0xff), (char)(e >> 8 & 0xff),
		            (char)(e >> 16 & 0xff) };

	if (e == ENTRY_SEP)
		put_sep(w);
	else if (n == SIDE)
		put_run(w, f->side.p + (e >> 6 & (SIDE_MAX - 1)), e & 63, len);
	else if (n > 0)
		put_char(w, p, n & 3, len);
}

static void put_code_point(struct writer *w, const struct fold *f, uint32_t cp,
                           size_t len)
{
	struct fold_char c;

	if (cp < BMP) {
		put_entry(w, f, f->bmp[cp], len);
	} else if (cp == UTF8_BAD) {
		put_sep(w);
	} else {
		fold_char(&f->map, cp, &c);
		put_run(w, c.p, c.n, len);
	}
}

void fold_text(const struct fold *f, struct str raw, struct folded *out)
{
	struct writer w = { .out = out };
	const size_t end = raw.n < UINT16_MAX ? raw.n : UINT16_MAX;
	uint32_t cp;
	size_t len;

	out->n = 0;
	out->from[0] = 0;
	for (; w.at < end && !w.full; w.at += len) {
		len = utf8_next(raw.p + w.at, end - w.at, &cp);
		put_code_point(&w, f, cp, len);
	}
	end_token(&w);
	out->p[out->n] = '\0';
}
