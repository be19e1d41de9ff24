/*
 * test_strings.c - flat files of texts: names, lines, and complaints.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/strings.h"
#include "support/suite.h"

static char path[] = "/tmp/test_strings.XXXXXX";

static void make(void)
{
	const int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(close(fd), 0);
}

static void drop(void)
{
	ck_assert_int_eq(unlink(path), 0);
}

static void write_file(const char *text, size_t n)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(text, 1, n, f), n);
	ck_assert_int_eq(fclose(f), 0);
}

/* A text in memory is read as a file is, whatever stands behind it. */
START_TEST(a_text_in_memory)
{
	static const char text[] = "a = { b = \"one\"; };\nc = 3;";
	struct conf_strings s;
	struct fault fault = { "" };

	ck_assert_int_eq(conf_strings_parse("name", (struct str){ text, 20 }, &s, &fault),
	                 ERR_OK);
	ck_assert_uint_eq(s.n, 1);
	ck_assert(str_eq(s.string[0].name, STR("a.b")));
	ck_assert(str_eq(s.string[0].text, STR("one")));
	conf_strings_free(&s);
	ck_assert_int_eq(conf_strings_parse("name", str_of(text), &s, &fault),
	                 ERR_SYNTAX);
	ck_assert_ptr_nonnull(strstr(fault.text, "name:2: c is no text"));
}
END_TEST

START_TEST(a_text_in_memory_has_a_limit)
{
	const size_t n = (1 << 20) + 1;
	char *text = malloc(n);
	struct conf_strings s;
	struct fault fault = { "" };

	ck_assert_ptr_nonnull(text);
	memset(text, '\n', n);
	ck_assert_int_eq(
		conf_strings_parse("name", (struct str){ text, n - 1 }, &s, &fault),
		ERR_OK);
	conf_strings_free(&s);
	ck_assert_int_eq(conf_strings_parse("name", (struct str){ text, n }, &s, &fault),
	                 ERR_SYNTAX);
	ck_assert_ptr_nonnull(strstr(fault.text, "over 1048576 octets"));
	free(text);
}
END_TEST

START_TEST(names_texts_and_lines)
{
	static const char text[] = "# replies\n"
				   "plain = \"top\";\n"
				   "balance = {\n"
				   "  ok = \"余额{balance}元\";\n"
				   "\n"
				   "  owing = \"two \"\n"
				   "          \"parts\";\n"
				   "};\n"
				   "empty = {};\n"
				   "bill = { ok = \"a\"; none = \"\"; };\n";
	static const struct {
		const char *name, *text;
		int line;
	} want[] = { { "plain", "top", 2 },
		     { "balance.ok", "余额{balance}元", 4 },
		     { "balance.owing", "two parts", 6 },
		     { "bill.ok", "a", 10 },
		     { "bill.none", "", 10 } };
	struct conf_strings s;
	struct fault fault = { "" };

	write_file(text, sizeof(text) - 1);
	ck_assert_int_eq(conf_strings_load(path, &s, &fault), ERR_OK);
	ck_assert_str_eq(fault.text, "");
	ck_assert_uint_eq(s.n, sizeof(want) / sizeof(want[0]));
	for (size_t i = 0; i < s.n; i++) {
		ck_assert_msg(str_eq(s.string[i].name, str_of(want[i].name)), "%zu", i);
		ck_assert_msg(str_eq(s.string[i].text, str_of(want[i].text)), "%zu", i);
		ck_assert_int_eq(s.string[i].line, want[i].line);
	}
	conf_strings_free(&s);
	ck_assert_uint_eq(s.n, 0);
	conf_strings_free(&s); /* twice is harmless */
}
END_TEST

START_TEST(no_texts_at_all)
{
	struct conf_strings s;

	write_file("", 0);
	ck_assert_int_eq(conf_strings_load(path, &s, NULL), ERR_OK);
	ck_assert_uint_eq(s.n, 0);
	conf_strings_free(&s);
}
END_TEST

#define NAME_66 "a23456789012345678901234567890123456789012345678901234567890123456"
#define BAD(text, line, words)                      \
	{                                           \
		text, sizeof(text) - 1, line, words \
	}
static const struct {
	const char *text;
	size_t n;
	int line;
	const char *words;
} bad[] = {
	BAD("a = \"x\";\nb = \n", 3, "syntax"),
	BAD("a = {\n b = \"x\n", 3, ""),
	BAD("a = {\n  b = 5;\n};", 2, "b is no text"),
	BAD("a = 5;", 1, "a is no text"),
	BAD("a = (\"x\");", 1, "a is no text"),
	BAD("a = {\n b = {\n c = \"x\"; }; };", 2, "b is no text"),
	BAD("a = { b = \"x\";\n b = \"y\"; };", 2, "duplicate"),
	BAD("a = { b = \"x\"; };\na = { c = \"y\"; };", 2, "duplicate"),
	BAD("a = \"x\";\n  @include \"/etc/passwd\"\n", 2, "@include"),
	BAD("a = \"x\";\nb\0 = \"y\";", 2, "NUL"),
	BAD("a = {\n" NAME_66 " = \"x\"; };", 2, "octets"),
	BAD("\n" NAME_66 " = \"x\";", 2, "octets"),
};

START_TEST(bad_file_is_refused_with_its_line)
{
	struct conf_strings s = { .n = 99 };
	struct fault fault = { "" };
	char place[64];

	write_file(bad[_i].text, bad[_i].n);
	ck_assert_int_eq(conf_strings_load(path, &s, &fault), ERR_SYNTAX);
	ck_assert_uint_eq(s.n, 99); /* untouched on failure */
	(void)snprintf(place, sizeof(place), "%s:%d: ", path, bad[_i].line);
	ck_assert_msg(strncmp(fault.text, place, strlen(place)) == 0, "%s", fault.text);
	ck_assert_msg(strstr(fault.text, bad[_i].words) != NULL, "%s", fault.text);
}
END_TEST

START_TEST(no_file_a_folder_and_too_long_a_file)
{
	struct conf_strings s;
	struct fault fault[3] = { { "" } };
	char *large = malloc(2 << 20);

	ck_assert_int_eq(conf_strings_load("/nowhere/x.conf", &s, &fault[0]),
	                 ERR_NOT_FOUND);
	ck_assert_ptr_nonnull(strstr(fault[0].text, "/nowhere/x.conf: "));
	ck_assert_int_eq(conf_strings_load("/tmp", &s, &fault[1]), ERR_NOT_FOUND);
	ck_assert_ptr_nonnull(strstr(fault[1].text, "/tmp: "));
	ck_assert_ptr_nonnull(large);
	memset(large, '#', 2 << 20);
	write_file(large, 2 << 20);
	free(large);
	ck_assert_int_eq(conf_strings_load(path, &s, &fault[2]), ERR_SYNTAX);
	ck_assert_ptr_nonnull(strstr(fault[2].text, "octets"));
}
END_TEST

static const char whole[] = "a = { b = \"x\"; c = \"y\\n\"; };\nd = \"z\" \"w\";\n";

/* Every prefix of a good file is either good or refused. */
START_TEST(every_prefix)
{
	struct conf_strings s;
	struct fault fault = { "" };

	write_file(whole, (size_t)_i);
	if (conf_strings_load(path, &s, &fault) == ERR_OK) {
		ck_assert_uint_le(s.n, 3);
		conf_strings_free(&s);
	} else {
		ck_assert_str_ne(fault.text, "");
	}
}
END_TEST

SUITE("conf/strings", {
	tcase_add_unchecked_fixture(tc, make, drop);
	tcase_add_test(tc, a_text_in_memory);
	tcase_add_test(tc, a_text_in_memory_has_a_limit);
	tcase_add_test(tc, names_texts_and_lines);
	tcase_add_test(tc, no_texts_at_all);
	tcase_add_loop_test(tc, bad_file_is_refused_with_its_line, 0,
	                    (int)(sizeof(bad) / sizeof(bad[0])));
	tcase_add_test(tc, no_file_a_folder_and_too_long_a_file);
	tcase_add_loop_test(tc, every_prefix, 0, (int)sizeof(whole));
})
