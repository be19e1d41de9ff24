/*
 * openmetrics.h - a strict little reader of OpenMetrics 1.0 text: what it takes, a
 * Prometheus takes.
 *
 * Checked: each family is declared once before its samples and not interleaved with
 * others; names, labels, escapes and values are well formed; samples carry the suffix
 * of their type; no sample stands twice; units end their names; buckets of a histogram
 * ascend to +Inf, never fall, and end at its count; "# EOF" is the end.
 */
#ifndef SUPPORT_OPENMETRICS_H
#define SUPPORT_OPENMETRICS_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

enum {
	OM_FAMILIES = 256,
	OM_SAMPLES = 8192,
	OM_NAME = 512
};

struct om_page {
	char family[OM_FAMILIES][OM_NAME], type[OM_FAMILIES][16];
	size_t n_families;
	char sample[OM_SAMPLES][OM_NAME]; /* name with labels */
	double value[OM_SAMPLES];
	size_t n;
	char bucket_of[OM_NAME]; /* of the last _bucket: its labels without le */
	double le, bucket;
};

static inline bool om_same(double a, double b)
{
	return !(a < b) && !(a > b);
}

static inline bool om_is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		const char c = s.p[i];
		const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		                    c == '_' || c == ':';

		if (!letter && !(i > 0 && c >= '0' && c <= '9'))
			return false;
	}
	return s.n > 0;
}

static inline void om_copy(char out[static OM_NAME], struct str s)
{
	ck_assert_uint_lt(s.n, OM_NAME);
	memcpy(out, s.p, s.n);
	out[s.n] = '\0';
}

/* Octets of {a="b",...} at the begin of s, 0 if it does not begin so. */
static inline size_t om_labels(struct str s)
{
	size_t i = 0;

	if (s.n == 0 || s.p[0] != '{')
		return 0;
	do {
		size_t from = ++i;

		while (i < s.n && s.p[i] != '=')
			i++;
		ck_assert_msg(om_is_name((struct str){ s.p + from, i - from }),
		              "label in %.*s", STR_ARG(s));
		ck_assert(i + 1 < s.n && s.p[i + 1] == '"');
		for (i += 2; i < s.n && s.p[i] != '"'; i++) {
			ck_assert_int_ne(s.p[i], '\n');
			if (s.p[i] == '\\') {
				i++;
				ck_assert(i < s.n && strchr("\\\"n", s.p[i]) != NULL);
			}
		}
		i++;
	} while (i < s.n && s.p[i] == ',');
	ck_assert_msg(i < s.n && s.p[i] == '}', "%.*s", STR_ARG(s));
	return i + 1;
}

static inline bool om_ends(struct str s, const char *end)
{
	const size_t n = strlen(end);

	return s.n > n && memcmp(s.p + s.n - n, end, n) == 0;
}

static inline void om_head(struct om_page *p, struct str line)
{
	char word[3][OM_NAME];

	ck_assert_int_eq(
		sscanf(line.p, "# %511s %511s %511[^\n]", word[0], word[1], word[2]), 3);
	ck_assert(om_is_name(str_of(word[1])));
	if (strcmp(word[0], "TYPE") != 0) {
		ck_assert_msg(p->n_families > 0 &&
		                      strcmp(p->family[p->n_families - 1], word[1]) == 0,
		              "%.*s", STR_ARG(line));
		ck_assert(strcmp(word[0], "HELP") == 0 || strcmp(word[0], "UNIT") == 0);
		if (strcmp(word[0], "UNIT") == 0)
			ck_assert(om_ends(str_of(word[1]), word[2]));
		return;
	}
	for (size_t i = 0; i < p->n_families; i++)
		ck_assert_str_ne(p->family[i], word[1]);
	ck_assert_uint_lt(p->n_families, OM_FAMILIES);
	om_copy(p->family[p->n_families], str_of(word[1]));
	ck_assert_msg(strlen(word[2]) < 16 &&
	                      strstr("counter gauge histogram info", word[2]),
	              "type %s", word[2]);
	(void)snprintf(p->type[p->n_families++], 16, "%.15s", word[2]);
	p->bucket_of[0] = '\0';
}

static inline void om_bucket(struct om_page *p, struct str labels, double value)
{
	char of[OM_NAME];
	const char *at;
	double le;

	om_copy(of, labels);
	at = strstr(of, "le=\"");
	ck_assert_ptr_nonnull(at);
	le = strncmp(at + 4, "+Inf", 4) == 0 ? 1e300 : strtod(at + 4, NULL);
	of[at - of] = '\0';
	if (strcmp(of, p->bucket_of) == 0 && p->le < 1e299) {
		ck_assert_msg(le > p->le && value >= p->bucket, "%.*s", STR_ARG(labels));
	}
	(void)strcpy(p->bucket_of, of);
	p->le = le;
	p->bucket = value;
}

static inline void om_suffix(struct om_page *p, struct str name, struct str labels,
                             double value)
{
	const char *type = p->type[p->n_families - 1];
	const struct str family = str_of(p->family[p->n_families - 1]);
	char suffix[OM_NAME];

	ck_assert_msg(str_starts(name, family), "%.*s is not of %.*s", STR_ARG(name),
	              STR_ARG(family));
	om_copy(suffix, (struct str){ name.p + family.n, name.n - family.n });
	if (strcmp(type, "counter") == 0)
		ck_assert_str_eq(suffix, "_total");
	else if (strcmp(type, "gauge") == 0)
		ck_assert_str_eq(suffix, "");
	else if (strcmp(type, "info") == 0)
		ck_assert_str_eq(suffix, "_info");
	else if (strcmp(suffix, "_bucket") == 0)
		om_bucket(p, labels, value);
	else if (strcmp(suffix, "_count") == 0)
		ck_assert_msg(p->le > 1e299 && om_same(p->bucket, value), "%.*s",
		              STR_ARG(name));
	else
		ck_assert_str_eq(suffix, "_sum");
}

static inline void om_sample(struct om_page *p, struct str line)
{
	struct str name = line, labels, rest;
	char text[OM_NAME], *end;
	double value;

	ck_assert_uint_gt(p->n_families, 0);
	name.n = strcspn(line.p, "{ ");
	ck_assert_msg(name.n < line.n && om_is_name(name), "%.*s", STR_ARG(line));
	rest = (struct str){ line.p + name.n, line.n - name.n };
	labels = (struct str){ rest.p, om_labels(rest) };
	rest = (struct str){ rest.p + labels.n, rest.n - labels.n };
	ck_assert_msg(rest.n > 1 && rest.p[0] == ' ', "%.*s", STR_ARG(line));
	om_copy(text, (struct str){ rest.p + 1, rest.n - 1 });
	value = strtod(text, &end);
	ck_assert_msg(*end == '\0' && value >= 0, "%.*s", STR_ARG(line));
	om_suffix(p, name, labels, value);
	ck_assert_uint_lt(p->n, OM_SAMPLES);
	om_copy(p->sample[p->n], (struct str){ line.p, name.n + labels.n });
	for (size_t i = 0; i < p->n; i++)
		ck_assert_str_ne(p->sample[i], p->sample[p->n]);
	p->value[p->n++] = value;
}

/* The page, taken apart; to be freed. */
static inline struct om_page *om_read(struct str text)
{
	struct om_page *p = calloc(1, sizeof(*p));
	struct str rest = text, line;
	bool ended = false;

	ck_assert_ptr_nonnull(p);
	ck_assert(text.n > 0 && text.p[text.n - 1] == '\n');
	while (rest.n > 0 && str_cut(&rest, '\n', &line)) {
		ck_assert(!ended);
		if (str_eq(line, STR("# EOF")))
			ended = true;
		else if (str_starts(line, STR("#")))
			om_head(p, line);
		else
			om_sample(p, line);
	}
	ck_assert_msg(ended, "no # EOF");
	return p;
}

/* The value of a sample by name and labels as printed; -1 when there is none. */
static inline double om_value(const struct om_page *p, const char *sample)
{
	for (size_t i = 0; i < p->n; i++) {
		if (strcmp(p->sample[i], sample) == 0)
			return p->value[i];
	}
	return -1;
}

#endif
