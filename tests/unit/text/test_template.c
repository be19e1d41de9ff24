/*
 * test_template.c - templates: what they print, and what they refuse.
 */
#include <stdlib.h>

#include "random.h"
#include "support/suite.h"
#include "text/template.h"

static const char *const names[] = { "balance", "name", "due", "note" };
#define NAMES (sizeof(names) / sizeof(names[0]))

static const struct str values[NAMES] = {
	{ "18.50", 5 }, { "{balance}%n[[", 13 }, { NULL, 0 }, { "", 0 }
};

static const struct {
	const char *text, *printed;
	uint32_t uses;
} good[] = {
	{ "", "", 0 },
	{ "您好。", "您好。", 0 },
	{ "余额{balance}元。", "余额18.50元。", 1 },
	{ "{balance}{balance}", "18.5018.50", 1 },
	{ "{name}", "{balance}%n[[", 2 },
	{ "{name}{due}!", "{balance}%n[[!", 6 },
	{ "{{balance}}", "{balance}", 0 },
	{ "{{{balance}}}", "{18.50}", 1 },
	{ "a[，应缴{due}元]b", "ab", 4 },
	{ "a[，余额{balance}元]b", "a，余额18.50元b", 1 },
	{ "[{balance}{due}][{balance}][{due}]x", "18.50x", 5 },
	{ "[{due}a]b[c{due}]d[e{balance}f]g", "bde18.50fg", 5 },
	{ "[a{note}b]{note}", "ab", 8 }, /* empty is not missing */
	{ "[[{balance}]]", "[18.50]", 1 },
	{ "[a[[{balance}]]b]", "a[18.50]b", 1 },
	{ "[{due}[[}}]%s%n", "%s%n", 4 },
};

START_TEST(a_template_prints)
{
	struct fault fault = { 0 };
	struct buf out = buf_make(256);
	struct template *t;

	ck_assert_msg(template_compile(str_of(good[_i].text), names, NAMES, &t, &fault) ==
	                      ERR_OK,
	              "%s", fault.text);
	template_render(t, values, &out);
	ck_assert_str_eq(buf_cstr(&out), good[_i].printed);
	ck_assert_uint_eq(template_uses(t), good[_i].uses);
	buf_free(&out);
	template_destroy(t);
}
END_TEST

static const struct {
	const char *text, *fault;
} bad[] = {
	{ "余额为{balanse}元",
	  "column 4: unknown variable {balanse}; known are {balance}, {name}, {due}, {note}" },
	{ "{}",
	  "column 1: unknown variable {}; known are {balance}, {name}, {due}, {note}" },
	{ "a{balance", "column 2: { without a name and }; write {{ for a brace" },
	{ "a{", "column 2: { without a name and }; write {{ for a brace" },
	{ "{bal\nance}", "column 1: { without a name and }; write {{ for a brace" },
	{ "{ balance}", "column 1: { without a name and }; write {{ for a brace" },
	{ "好}", "column 2: } without {; write }} for a brace" },
	{ "a]", "column 2: ] without [; write ]] for a bracket" },
	{ "ab[c{due}", "column 3: [ without ]; write [[ for a bracket" },
	{ "[{due}[{name}]]", "column 7: [ inside [...]: optional parts do not nest" },
	{ "一[确认]",
	  "column 2: [...] without a variable; write [[ and ]] for brackets" },
	{ "\xff\xff}", "column 3: } without {; write }} for a brace" },
};

START_TEST(a_bad_template_is_refused_with_its_column)
{
	struct fault fault = { 0 };
	struct template *t = NULL;

	ck_assert_int_eq(template_compile(str_of(bad[_i].text), names, NAMES, &t, &fault),
	                 ERR_SYNTAX);
	ck_assert_ptr_null(t);
	ck_assert_str_eq(fault.text, bad[_i].fault);
}
END_TEST

START_TEST(too_long_a_template_is_refused)
{
	struct fault fault = { 0 };
	struct buf text = buf_make(1 << 17);
	struct template *t = NULL;

	while (text.n < (1 << 16))
		buf_puts(&text, STR("{{"));
	ck_assert_int_eq(template_compile(buf_str(&text), names, NAMES, &t, &fault),
	                 ERR_OK);
	template_destroy(t);
	buf_puts(&text, STR("x"));
	ck_assert_int_eq(template_compile(buf_str(&text), names, NAMES, &t, &fault),
	                 ERR_SYNTAX);
	buf_free(&text);
}
END_TEST

/* Whatever the values hold, each stands in the output as it is. */
START_TEST(values_are_never_read_as_templates)
{
	static const struct random_kind kinds[] = {
		{ '{', '}' }, { '[', ']' }, { '%', '%' }, { 'a', 'z' }, { 1, 0x7ff }
	};
	uint64_t seed = 99;
	struct fault fault = { 0 };
	struct template *t;

	ck_assert_int_eq(template_compile(STR("<{name}|[{balance}]|{due}>"), names, NAMES,
	                                  &t, &fault),
	                 ERR_OK);
	for (int round = 0; round < 2000; round++) {
		struct buf v[NAMES], want = buf_make(4096), out = buf_make(4096);
		struct str given[NAMES];

		for (size_t i = 0; i < NAMES; i++) {
			v[i] = buf_make(1024);
			random_text(&seed, kinds, 5, 1 + random_below(&seed, 20), &v[i]);
			given[i] = buf_str(&v[i]);
		}
		buf_printf(&want, "<%.*s|%.*s|%.*s>", STR_ARG(given[1]),
		           STR_ARG(given[0]), STR_ARG(given[2]));
		template_render(t, given, &out);
		ck_assert(str_eq(buf_str(&want), buf_str(&out)));
		for (size_t i = 0; i < NAMES; i++)
			buf_free(&v[i]);
		buf_free(&want);
		buf_free(&out);
	}
	template_destroy(t);
}
END_TEST

SUITE("text/template", {
	tcase_add_loop_test(tc, a_template_prints, 0, COUNT_OF(good));
	tcase_add_loop_test(tc, a_bad_template_is_refused_with_its_column, 0,
	                    COUNT_OF(bad));
	tcase_add_test(tc, too_long_a_template_is_refused);
	tcase_add_test(tc, values_are_never_read_as_templates);
})
