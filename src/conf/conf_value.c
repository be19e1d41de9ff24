/*
 * conf_value.c - checks one setting against its line of the option table and stores it.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "conf_priv.h"

enum {
	DIGITS_MAX = 20 /* of a service number: what an SMPP address holds */
};

static enum err refuse(const struct reading *r, const struct option *o,
                       const config_setting_t *s, enum err e, const char *fmt, ...)
	PRINTF_LIKE(5, 6);

/* Says where and what, and gives e. */
static enum err refuse(const struct reading *r, const struct option *o,
                       const config_setting_t *s, enum err e, const char *fmt, ...)
{
	char what[256];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	fault_set(r->fault, "%s:%u: key \"%s\": %s", r->path,
	          config_setting_source_line(s), o->key, what);
	return e;
}

/* Borrows the string of s. */
static enum err take_string(const struct reading *r, const struct option *o,
                            const config_setting_t *s, struct str *out)
{
	if (config_setting_type(s) != CONFIG_TYPE_STRING)
		return refuse(r, o, s, ERR_SYNTAX,
		              "needs a text in quotes, such as \"%s\"", o->def);
	*out = str_of(config_setting_get_string(s));
	for (size_t i = 0; i < out->n; i++) {
		if ((unsigned char)out->p[i] < 0x20 || out->p[i] == 0x7f)
			return refuse(r, o, s, ERR_RANGE, "holds a control character");
	}
	return ERR_OK;
}

static void replace(char **member, struct str text)
{
	free(*member);
	*member = xstrndup(text);
}

static enum err read_text(const struct reading *r, const struct option *o,
                          const config_setting_t *s, void *member)
{
	struct str text = { 0 };
	enum err e = take_string(r, o, s, &text);

	if (e != ERR_OK)
		return e;
	if (text.n < (size_t)o->min)
		return refuse(r, o, s, ERR_RANGE, "must not be empty");
	if (text.n > (size_t)o->max)
		return refuse(r, o, s, ERR_RANGE,
		              "%zu octets are too long; it holds %d at most", text.n,
		              o->max);
	replace(member, text);
	return ERR_OK;
}

static enum err read_number(const struct reading *r, const struct option *o,
                            const config_setting_t *s, void *member)
{
	const int type = config_setting_type(s);
	long long v;

	if (type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64)
		return refuse(r, o, s, ERR_SYNTAX,
		              "needs a whole number without quotes, such as %s", o->def);
	v = config_setting_get_int64(s);
	if (v < o->min || v > o->max)
		return refuse(r, o, s, ERR_RANGE,
		              "%lld is out of bounds; it must be %d to %d", v, o->min,
		              o->max);
	*(int *)member = (int)v;
	return ERR_OK;
}

static enum err read_flag(const struct reading *r, const struct option *o,
                          const config_setting_t *s, void *member)
{
	if (config_setting_type(s) != CONFIG_TYPE_BOOL)
		return refuse(r, o, s, ERR_SYNTAX, "needs true or false without quotes");
	*(bool *)member = config_setting_get_bool(s) != 0;
	return ERR_OK;
}

static enum err take_choice(const struct reading *r, const struct option *o,
                            const config_setting_t *s, struct str *text, int *index)
{
	enum err e = take_string(r, o, s, text);

	if (e != ERR_OK)
		return e;
	*index = option_choice(o->choices, *text);
	if (*index < 0)
		return refuse(r, o, s, ERR_RANGE, "\"%.*s\" is not one of %s",
		              text->n < 40 ? (int)text->n : 40, text->p, o->choices);
	return ERR_OK;
}

static enum err read_choice(const struct reading *r, const struct option *o,
                            const config_setting_t *s, void *member)
{
	struct str text = { 0 };
	int index = 0;
	enum err e = take_choice(r, o, s, &text, &index);

	if (e == ERR_OK)
		replace(member, text);
	return e;
}

static enum err read_index(const struct reading *r, const struct option *o,
                           const config_setting_t *s, void *member)
{
	struct str text = { 0 };
	int index = 0;
	enum err e = take_choice(r, o, s, &text, &index);

	if (e == ERR_OK)
		*(enum conf_bind *)member = (enum conf_bind)index;
	return e;
}

/* Digits, with one "*" allowed at the end. */
static bool is_number(struct str s)
{
	const size_t digits = s.n > 0 && s.p[s.n - 1] == '*' ? s.n - 1 : s.n;

	for (size_t i = 0; i < digits; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	}
	return digits > 0 && digits <= DIGITS_MAX;
}

static bool has_number(const struct conf_link *l, struct str number)
{
	for (size_t i = 0; i < l->n_numbers; i++) {
		if (str_eq(str_of(l->numbers[i]), number))
			return true;
	}
	return false;
}

static enum err add_number(const struct reading *r, const struct option *o,
                           const config_setting_t *s, struct conf_link *l)
{
	struct str text = { 0 };
	enum err e = take_string(r, o, s, &text);

	if (e != ERR_OK)
		return e;
	if (!is_number(text))
		return refuse(
			r, o, s, ERR_RANGE,
			"\"%.*s\" is neither digits (\"10086\") nor a prefix (\"10086*\")",
			text.n < 40 ? (int)text.n : 40, text.p);
	if (has_number(l, text))
		return refuse(r, o, s, ERR_RANGE, "\"%s\" stands there twice", text.p);
	l->numbers[l->n_numbers++] = xstrndup(text);
	return ERR_OK;
}

static enum err read_numbers(const struct reading *r, const struct option *o,
                             const config_setting_t *s, void *member)
{
	struct conf_link *l = member;
	const int n = config_setting_length(s);
	enum err e = ERR_OK;

	if (config_setting_is_list(s) == 0 && config_setting_is_array(s) == 0)
		return refuse(
			r, o, s, ERR_SYNTAX,
			"needs a list of texts in quotes, such as ( \"10086\", \"10086*\" )");
	if (n < o->min || n > o->max)
		return refuse(r, o, s, ERR_RANGE, "%d numbers; there must be %d to %d", n,
		              o->min, o->max);
	l->numbers = xcalloc((size_t)n, sizeof(*l->numbers));
	for (int i = 0; e == ERR_OK && i < n; i++)
		e = add_number(r, o, config_setting_get_elem(s, (unsigned)i), l);
	return e;
}

enum err option_read(const struct reading *r, const struct option *o,
                     const config_setting_t *s, void *base)
{
	static enum err (*const readers[])(const struct reading *, const struct option *,
	                                   const config_setting_t *, void *) = {
		[TYPE_TEXT] = read_text,   [TYPE_NUMBER] = read_number,
		[TYPE_FLAG] = read_flag,   [TYPE_CHOICE] = read_choice,
		[TYPE_INDEX] = read_index, [TYPE_NUMBERS] = read_numbers,
	};

	return readers[o->type](r, o, s, option_member(o, base));
}
