/*
 * redact.c - see replay/redact.h.
 *
 * A text is walked once.  At each place the rules are tried in order; a run of digits
 * is judged by its length: 11 from 13 up is a mobile number, 15 and more an identity or
 * bank card, others only if they are known.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#define uthash_fatal(message) alloc_failed()
#include <uthash.h>

#include "model/secrets.h"
#include "replay/redact.h"

enum {
	MOBILE = 11,    /* digits of a mobile number */
	CODE_MIN = 4,   /* digits of a PIN at least */
	STRONG = 58000, /* from 258001 on made-up passwords are not weak */
	CARD = 15       /* digits from which a run is an identity or a card */
};

#define FIRST_MADE_UP INT64_C(13800000000)

/* One thing replaced. */
struct known {
	struct str was, is;
	UT_hash_handle hh; /* by was */
};

struct redact {
	struct arena *arena;
	struct known *known;
	int64_t numbers, secrets, names; /* made up so far */
	size_t longest;                  /* octets of a name */
};

struct redact *redact_create(struct arena *a)
{
	struct redact *r = xcalloc(1, sizeof(*r));

	r->arena = a;
	return r;
}

void redact_destroy(struct redact *r)
{
	if (r == NULL)
		return;
	HASH_CLEAR(hh, r->known);
	free(r);
}

static struct str find(const struct redact *r, struct str was)
{
	struct known *k;

	HASH_FIND(hh, r->known, was.p, (unsigned)was.n, k);
	return k != NULL ? k->is : (struct str){ NULL, 0 };
}

static struct str keep(struct redact *r, struct str was, struct str is)
{
	struct known *k = arena_new(r->arena, struct known);

	k->was = arena_str(r->arena, was);
	k->is = is;
	HASH_ADD_KEYPTR(hh, r->known, k->was.p, (unsigned)k->was.n, k);
	return is;
}

/* ---- numbers ---- */

static bool is_mobile(struct str d)
{
	return d.n == MOBILE && d.p[0] == '1' && d.p[1] >= '3';
}

/* "+86", "86", "0086" and "+" in front. */
static size_t country_code(struct str d)
{
	static const char *const codes[] = { "+86", "0086", "86" };

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		const size_t n = strlen(codes[i]);

		if (d.n == n + MOBILE && str_starts(d, str_of(codes[i])))
			return n;
	}
	return d.n > 0 && d.p[0] == '+' ? 1 : 0;
}

static bool is_service(struct str d)
{
	return d.n <= 6 || str_starts(d, STR("106")) || str_starts(d, STR("95")) ||
	       str_starts(d, STR("100"));
}

/* "138****1234" of a number. */
static struct str masked(struct redact *r, struct str d)
{
	return arena_printf(r->arena, "%.3s****%.4s", d.p, d.p + MOBILE - 4);
}

static struct str made_up_number(struct redact *r, struct str digits)
{
	struct str is = find(r, digits), mask;

	if (is.p != NULL)
		return is;
	is = keep(r, digits,
	          arena_printf(r->arena, "%lld",
	                       (long long)(FIRST_MADE_UP + r->numbers++)));
	if (!is_mobile(digits))
		return is;
	/* A reply shows it so. */
	mask = masked(r, digits);
	if (find(r, mask).p == NULL)
		(void)keep(r, mask, masked(r, is));
	return is;
}

struct str redact_number(struct redact *r, struct str digits)
{
	const size_t code = country_code(digits);
	const struct str bare = { digits.p + code, digits.n - code };
	struct str is;

	if (is_service(bare))
		return digits;
	is = made_up_number(r, bare);
	return arena_printf(r->arena, "%.*s%.*s", (int)code, digits.p, STR_ARG(is));
}

int64_t redact_msisdn(struct redact *r, int64_t msisdn)
{
	const struct str is = redact_number(
		r, arena_printf(r->arena, "%lld", (long long)msisdn));
	int64_t v;

	return str_i64(is, &v) == ERR_OK ? v : msisdn;
}

/* ---- words and secrets ---- */

struct str redact_name(struct redact *r, struct str word)
{
	const struct str is = word.n > 0 ? find(r, word) : word;

	if (is.p != NULL || word.n == 0)
		return is;
	r->names++;
	/* One character, or two letters, would be found everywhere. */
	if (word.n < 3 || ((unsigned char)word.p[0] >= 0x80 && word.n < 6))
		return arena_printf(r->arena, "客户%lld", (long long)r->names);
	r->longest = word.n > r->longest ? word.n : r->longest;
	return keep(r, word, arena_printf(r->arena, "客户%lld", (long long)r->names));
}

/* "222221" and up. */
static void make_secret(char *made, size_t octets, int64_t n)
{
	memset(made, '2', octets);
	for (size_t i = octets; i-- > 1 && n > 0; n /= 10)
		made[i] = (char)('0' + n % 10);
}

/* A password that the hall would take becomes another that it takes. */
struct str redact_secret(struct redact *r, struct str digits)
{
	const bool strong = digits.n == PIN_DIGITS && !pin_weak(digits, 0);
	const struct str is = find(r, digits);
	char made[REDACT_RUN];

	if (is.p != NULL || digits.n == 0 || digits.n > sizeof(made))
		return is.p != NULL ? is : digits;
	do
		make_secret(made, digits.n, ++r->secrets + (strong ? STRONG : 0));
	while (strong && pin_weak((struct str){ made, digits.n }, 0));
	return keep(r, digits, arena_str(r->arena, (struct str){ made, digits.n }));
}

/* ---- texts ---- */

/* The digit that s begins with, also a full-width one, and its octets; -1: none. */
static int digit_at(struct str s, size_t *octets)
{
	*octets = 1;
	if (s.n > 0 && s.p[0] >= '0' && s.p[0] <= '9')
		return s.p[0] - '0';
	*octets = 3;
	if (s.n >= 3 && (unsigned char)s.p[0] == 0xef && (unsigned char)s.p[1] == 0xbc &&
	    (unsigned char)s.p[2] >= 0x90 && (unsigned char)s.p[2] <= 0x99)
		return (unsigned char)s.p[2] - 0x90;
	return -1;
}

size_t redact_run(struct str s, char out[static REDACT_RUN], size_t *n)
{
	size_t at = 0, octets;
	int d;

	*n = 0;
	while (*n < REDACT_RUN &&
	       (d = digit_at((struct str){ s.p + at, s.n - at }, &octets)) >= 0) {
		out[(*n)++] = "0123456789"[d];
		at += octets;
	}
	return at;
}

static void put_run(struct redact *r, struct str as_written, struct str digits,
                    bool secret, struct buf *out)
{
	const size_t code = country_code(digits);
	const struct str bare = { digits.p + code, digits.n - code };

	if (is_mobile(bare))
		buf_puts(out, redact_number(r, digits));
	else if (find(r, digits).p != NULL)
		buf_puts(out, find(r, digits));
	else if ((secret && digits.n >= CODE_MIN) || digits.n >= CARD)
		buf_puts(out, redact_secret(r, digits));
	else
		buf_puts(out, as_written);
}

/* "138 0000 1234", "138-0000-1234": a number in groups; octets taken, or 0. */
static size_t put_grouped(struct redact *r, struct str s, struct buf *out)
{
	static const size_t at[] = { 0, 1, 2, 4, 5, 6, 7, 9, 10, 11, 12 };
	char digits[MOBILE];
	struct str is;
	char sep;

	if (s.n < 13)
		return 0;
	sep = s.p[3];
	if ((sep != ' ' && sep != '-') || s.p[8] != sep ||
	    (s.n > 13 && s.p[13] >= '0' && s.p[13] <= '9'))
		return 0;
	for (size_t i = 0; i < MOBILE; i++) {
		digits[i] = s.p[at[i]];
		if (digits[i] < '0' || digits[i] > '9')
			return 0;
	}
	if (!is_mobile((struct str){ digits, MOBILE }))
		return 0;
	is = redact_number(r, (struct str){ digits, MOBILE });
	buf_printf(out, "%.3s%c%.4s%c%.4s", is.p, sep, is.p + 3, sep, is.p + 7);
	return 13;
}

/* "138****1234" may still name its owner. */
static size_t put_masked(const struct redact *r, struct str s, struct buf *out)
{
	struct str is;

	if (s.n < MOBILE || s.p[0] != '1' || memcmp(s.p + 3, "****", 4) != 0)
		return 0;
	for (size_t i = 0; i < MOBILE; i++) {
		if ((i < 3 || i > 6) && (s.p[i] < '0' || s.p[i] > '9'))
			return 0;
	}
	is = find(r, (struct str){ s.p, MOBILE });
	buf_puts(out, is.p != NULL ? is : STR("138****0000"));
	return MOBILE;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The longest name that s begins with; octets taken, or 0. */
static size_t put_name(struct redact *r, struct str s, bool behind_letter,
                       struct buf *out)
{
	if (behind_letter && is_letter(s.p[0]))
		return 0;
	for (size_t n = s.n < r->longest ? s.n : r->longest; n >= 3; n--) {
		const struct str is = find(r, (struct str){ s.p, n });

		if (is.p == NULL ||
		    (n < s.n && is_letter(s.p[n - 1]) && is_letter(s.p[n])))
			continue;
		buf_puts(out, is);
		return n;
	}
	return 0;
}

void redact_text(struct redact *r, struct str text, bool secret, struct buf *out)
{
	for (size_t i = 0; i < text.n;) {
		const struct str s = { text.p + i, text.n - i };
		char digits[REDACT_RUN];
		size_t n, octets = put_grouped(r, s, out);

		if (octets == 0)
			octets = put_masked(r, s, out);
		if (octets == 0) {
			octets = redact_run(s, digits, &n);
			if (octets > 0)
				put_run(r, (struct str){ s.p, octets },
				        (struct str){ digits, n }, secret, out);
		}
		if (octets == 0)
			octets = put_name(r, s, i > 0 && is_letter(text.p[i - 1]), out);
		if (octets == 0) {
			buf_putc(out, text.p[i]);
			octets = 1;
		}
		i += octets;
	}
}
