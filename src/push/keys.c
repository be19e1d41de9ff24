/*
 * keys.c - see keys_priv.h.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/near.h"
#include "keys_priv.h"
#include "model/money.h"

enum {
	SHOWN_MAX = 60, /* octets of a text in a fault */
	DAY_MINUTES = 24 * 60,
	MSISDN_DIGITS_MIN = 5,
	MSISDN_DIGITS_MAX = 15
};

/* For faults: s, or its beginning, so that the rest of the line is seen. */
static struct str key_shown(struct str s)
{
	size_t n = SHOWN_MAX;

	if (s.n <= SHOWN_MAX)
		return s;
	while (n > 0 && ((unsigned char)s.p[n] & 0xc0) == 0x80)
		n--;
	return (struct str){ s.p, n };
}

enum err key_complain(const struct reading *r, const struct key_text *t, enum err e,
                      const char *what)
{
	faults_add(r->faults, "%s:%d: %.*s = \"%.*s\": %s", r->path, t->line,
	           STR_ARG(t->name), STR_ARG(key_shown(t->text)), what);
	return e;
}

static struct str kept(const struct reading *r, struct str s)
{
	return r->a != NULL ? arena_str(r->a, s) : s;
}

/* ---- numbers ---- */

static const struct {
	int decimals;
	int64_t scale;
	const char *unit, *expected;
} numbers[KEY_FORMS] = {
	[KEY_COUNT] = { 0, 1, "", "expected a whole number" },
	[KEY_SHARE] = { 2, 100, " %", "expected a share in per cent such as 10 or 0.5" },
	[KEY_YUAN] = { 3, 1000, " yuan",
	               "expected an amount in yuan such as 500 or 0.04" },
};

enum err key_number(const struct reading *r, const struct key_text *t, enum key_form form,
                    int64_t min, int64_t max, int64_t *out)
{
	const int64_t scale = numbers[form].scale;
	char text[96];
	int64_t v;

	assert(scale > 0);
	if (money_parse(str_trim(t->text), numbers[form].decimals, &v) != ERR_OK)
		return key_complain(r, t, ERR_SYNTAX, numbers[form].expected);
	if (v < min || v > max) {
		(void)snprintf(text, sizeof(text), "expected %g to %.15g%s",
		               (double)min / (double)scale, (double)max / (double)scale,
		               numbers[form].unit);
		return key_complain(r, t, ERR_RANGE, text);
	}
	*out = v;
	return ERR_OK;
}

static void put(const struct key *k, void *out, int64_t v)
{
	const int32_t narrow = (int32_t)v;

	assert(k->size == sizeof(v) || (k->size == sizeof(narrow) && narrow == v));
	if (k->size == sizeof(v))
		memcpy(out, &v, sizeof(v));
	else
		memcpy(out, &narrow, sizeof(narrow));
}

static enum err read_number(const struct reading *r, const struct key *k,
                            const struct key_text *t, void *out)
{
	int64_t v;
	const enum err e = key_number(r, t, k->form, k->min, k->max, &v);

	if (e == ERR_OK)
		put(k, out, v);
	return e;
}

/* ---- words ---- */

static enum err read_choice(const struct reading *r, const struct key *k,
                            const struct key_text *t, void *out)
{
	struct str rest = str_of(k->choices), part;
	char text[160];

	for (int64_t i = 0; str_cut(&rest, '|', &part); i++) {
		if (str_eq(part, str_trim(t->text))) {
			put(k, out, i);
			return ERR_OK;
		}
	}
	(void)snprintf(text, sizeof(text), "expected one of %s", k->choices);
	return key_complain(r, t, ERR_SYNTAX, text);
}

static enum err read_yes_no(const struct reading *r, const struct key *k,
                            const struct key_text *t, void *out)
{
	const bool yes = str_eq(str_trim(t->text), STR("yes"));

	(void)k;
	if (!yes && !str_eq(str_trim(t->text), STR("no")))
		return key_complain(r, t, ERR_SYNTAX, "expected yes or no");
	memcpy(out, &yes, sizeof(yes));
	return ERR_OK;
}

static enum err too_long(const struct reading *r, const struct key *k,
                         const struct key_text *t)
{
	char text[96];

	(void)snprintf(text, sizeof(text), "expected %" PRId64 " to %" PRId64 " octets",
	               k->min, k->max);
	return key_complain(r, t, ERR_RANGE, text);
}

static enum err read_text(const struct reading *r, const struct key *k,
                          const struct key_text *t, void *out)
{
	const struct str s = str_trim(t->text);

	if (s.n < (size_t)k->min || s.n > (size_t)k->max)
		return too_long(r, k, t);
	*(struct str *)out = kept(r, s);
	return ERR_OK;
}

static bool is_code(struct str s)
{
	static const char others[] = "_-.";

	for (size_t i = 0; i < s.n; i++) {
		const char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || (c != '\0' && strchr(others, c) != NULL)))
			return false;
	}
	return s.n > 0;
}

static const char not_code[] = "expected letters, digits, \"_\", \"-\" and \".\" only";

static enum err read_code(const struct reading *r, const struct key *k,
                          const struct key_text *t, void *out)
{
	if (!is_code(str_trim(t->text)))
		return key_complain(r, t, ERR_SYNTAX, not_code);
	return read_text(r, k, t, out);
}

/* ---- times ---- */

static enum err read_day(const struct reading *r, const struct key *k,
                         const struct key_text *t, void *out)
{
	const struct str s = str_trim(t->text);
	int64_t at;
	struct civil c;

	if (civil_parse_time(s, &at) != ERR_OK) {
		if (civil_parse_date(s, &at) != ERR_OK)
			return key_complain(r, t, ERR_SYNTAX,
			                    "expected a day that exists, such as "
			                    "2026-11-25, or with a time: 2026-11-25 "
			                    "09:00:00");
		c = civil_of(at);
		c.day += k->form == KEY_UNTIL_DAY ? 1 : 0;
		at = civil_to_utc(c);
	}
	memcpy(out, &at, sizeof(at));
	return ERR_OK;
}

/* "09:30", up to "24:00" */
static bool minutes(struct str s, int *out)
{
	struct str hour, rest = s;
	int64_t h, m;

	if (!str_cut(&rest, ':', &hour) || hour.n != 2 || rest.n != 2 ||
	    hour.p[0] == '-' || rest.p[0] == '-' || str_i64(hour, &h) != ERR_OK ||
	    str_i64(rest, &m) != ERR_OK || m > 59 || h * 60 + m > DAY_MINUTES)
		return false;
	*out = (int)(h * 60 + m);
	return true;
}

static enum err read_hours(const struct reading *r, const struct key *k,
                           const struct key_text *t, void *out)
{
	struct str rest = str_trim(t->text), from;
	int m[2] = { 0, 0 };

	(void)k;
	if (!str_cut(&rest, '-', &from) || !minutes(str_trim(from), &m[0]) ||
	    rest.p == NULL || !minutes(str_trim(rest), &m[1]) || m[0] >= m[1])
		return key_complain(r, t, ERR_SYNTAX,
		                    "expected hours of one day such as 09:00-20:30");
	memcpy(out, m, sizeof(m));
	return ERR_OK;
}

/* ---- lists ---- */

/* Puts one member, of its own size, at `out`. */
typedef enum err member_fn(const struct reading *r, const struct key_text *t, void *out);

static enum err member_word(const struct reading *r, const struct key_text *t, void *out)
{
	*(struct str *)out = kept(r, t->text);
	return ERR_OK;
}

static enum err member_code(const struct reading *r, const struct key_text *t, void *out)
{
	return is_code(t->text) ? member_word(r, t, out)
	                        : key_complain(r, t, ERR_SYNTAX, not_code);
}

static enum err member_day(const struct reading *r, const struct key_text *t, void *out)
{
	int64_t at;

	if (civil_parse_date(t->text, &at) != ERR_OK)
		return key_complain(r, t, ERR_SYNTAX,
		                    "expected days that exist, such as 2027-01-01");
	memcpy(out, &at, sizeof(at));
	return ERR_OK;
}

static enum err member_number(const struct reading *r, const struct key_text *t,
                              void *out)
{
	int64_t v;

	if (t->text.n < MSISDN_DIGITS_MIN || t->text.n > MSISDN_DIGITS_MAX ||
	    str_i64(t->text, &v) != ERR_OK || v <= 0)
		return key_complain(r, t, ERR_SYNTAX,
		                    "expected subscribers' numbers, of 5 to 15 digits");
	memcpy(out, &v, sizeof(v));
	return ERR_OK;
}

/* "+0630": -1200 to +1400 */
static bool zone_minutes(struct str s, int *out)
{
	int64_t v;

	if (s.n != 5 || (s.p[0] != '+' && s.p[0] != '-') ||
	    str_i64((struct str){ s.p + 1, s.n - 1 }, &v) != ERR_OK || v < 0 ||
	    v % 100 > 59 || v > (s.p[0] == '+' ? 1400 : 1200))
		return false;
	v = v / 100 * 60 + v % 100;
	*out = (int)(s.p[0] == '+' ? v : -v);
	return true;
}

static enum err member_zone(const struct reading *r, const struct key_text *t, void *out)
{
	struct str rest = t->text, region;
	struct push_zone z;

	(void)str_cut(&rest, ' ', &region);
	if (rest.p == NULL || !zone_minutes(str_trim(rest), &z.minutes))
		return key_complain(
			r, t, ERR_SYNTAX,
			"expected regions as subscribers have them, each with "
			"hours and minutes from Greenwich: north +0800, west "
			"+0630");
	z.region = kept(r, region);
	*(struct push_zone *)out = z;
	return ERR_OK;
}

static const struct {
	member_fn *fn;
	size_t size;
} members[KEY_FORMS] = {
	[KEY_WORDS] = { member_word, sizeof(struct str) },
	[KEY_CODES] = { member_code, sizeof(struct str) },
	[KEY_DAYS] = { member_day, sizeof(int64_t) },
	[KEY_NUMBERS] = { member_number, sizeof(int64_t) },
	[KEY_ZONES] = { member_zone, sizeof(struct push_zone) },
};

static int by_value(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static enum err read_list(const struct reading *r, const struct key *k,
                          const struct key_text *t, void *out)
{
	struct key_text part = *t;
	struct str rest = t->text;
	char *base = out;
	char text[64];
	size_t n = 0;

	while (str_cut(&rest, ',', &part.text)) {
		part.text = str_trim(part.text);
		if (part.text.n == 0)
			continue;
		if (n == (size_t)k->max) {
			(void)snprintf(text, sizeof(text),
			               "expected at most %" PRId64 " of them", k->max);
			return key_complain(r, t, ERR_RANGE, text);
		}
		const enum err e = members[k->form].fn(r, &part,
		                                       base + n * members[k->form].size);

		if (e != ERR_OK)
			return e;
		n++;
	}
	if (k->form == KEY_DAYS)
		qsort(out, n, sizeof(int64_t), by_value);
	memcpy(base - k->at + k->count, &n, sizeof(n));
	return ERR_OK;
}

/* ---- all ---- */

static enum err (*const forms[KEY_FORMS])(const struct reading *r, const struct key *k,
                                          const struct key_text *t, void *out) = {
	[KEY_TEXT] = read_text,     [KEY_CODE] = read_code,    [KEY_CHOICE] = read_choice,
	[KEY_YES_NO] = read_yes_no, [KEY_COUNT] = read_number, [KEY_SHARE] = read_number,
	[KEY_YUAN] = read_number,   [KEY_FROM_DAY] = read_day, [KEY_UNTIL_DAY] = read_day,
	[KEY_HOURS] = read_hours,   [KEY_WORDS] = read_list,   [KEY_CODES] = read_list,
	[KEY_DAYS] = read_list,     [KEY_NUMBERS] = read_list, [KEY_ZONES] = read_list,
};

enum err key_read(const struct reading *r, const struct key *k, const struct key_text *t,
                  void *out)
{
	return forms[k->form](r, k, t, (char *)out + k->at);
}

const struct key *key_find(const struct reading *r, struct str name)
{
	for (size_t i = 0; i < r->n_keys; i++)
		if (str_eq(name, str_of(r->key[i].name)))
			return &r->key[i];
	return NULL;
}

void key_defaults(const struct reading *r, void *out)
{
	for (size_t i = 0; i < r->n_keys; i++) {
		const struct key *k = &r->key[i];
		const struct key_text t = { str_of(k->name), str_of(k->standard), 0 };

		if (k->standard == NULL)
			continue;
		const enum err e = key_read(r, k, &t, out);

		assert(e == ERR_OK);
		(void)e;
	}
}

static struct str group_of(struct str name)
{
	struct str rest = name, group;

	return str_cut(&rest, '.', &group) ? group : name;
}

/* All keys of the group; nothing when there is no such group. */
static void known_in(const struct reading *r, struct str group, struct buf *out)
{
	for (size_t i = 0; i < r->n_keys; i++)
		if (str_eq(group_of(str_of(r->key[i].name)), group))
			buf_printf(out, "%s%s", out->n == 0 ? "" : ", ", r->key[i].name);
}

static const char *nearest(const struct reading *r, struct str name)
{
	size_t best = NEAR_TYPO + 1;
	const char *found = NULL;

	for (size_t i = 0; i < r->n_keys; i++) {
		const size_t far = near_distance(name, str_of(r->key[i].name));

		if (far < best) {
			best = far;
			found = r->key[i].name;
		}
	}
	return found;
}

enum err key_unknown(const struct reading *r, const struct key_text *t)
{
	struct buf text = buf_make(400);
	const char *near = nearest(r, t->name);

	if (near != NULL)
		buf_printf(&text, "did you mean %s?", near);
	else
		known_in(r, group_of(t->name), &text);
	faults_add(r->faults, "%s:%d: %.*s: there is no such %s; %s%s", r->path, t->line,
	           STR_ARG(key_shown(t->name)), text.n > 0 ? "key" : "group",
	           near != NULL ? "" : "known are ",
	           text.n > 0 ? buf_cstr(&text) : r->groups);
	buf_free(&text);
	return ERR_SYNTAX;
}
