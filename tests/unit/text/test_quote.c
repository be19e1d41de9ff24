/*
 * test_quote.c - whatever a text holds, it is one line of JSON.
 */
#include "support/suite.h"
#include "text/quote.h"

#define TEXT(literal)                          \
	{                                      \
		(literal), sizeof(literal) - 1 \
	}

static const struct {
	struct str text;
	const char *quoted;
} cases[] = {
	{ TEXT(""), "\"\"" },
	{ TEXT("余额 CXYE 😀"), "\"余额 CXYE 😀\"" },
	{ TEXT("a\"b\\c"), "\"a\\\"b\\\\c\"" },
	{ TEXT("two\nlines\r\t"), "\"two\\nlines\\u000d\\u0009\"" },
	{ TEXT("\x1b[2J\x7f\xc2\x9b"), "\"\\u001b[2J\\u007f\\u009b\"" },
	{ TEXT("\xc2\xa0"), "\"\xc2\xa0\"" },
	{ TEXT("a\0b"), "\"a\xef\xbf\xbd"
	                "b\"" },
	{ TEXT("\xff\xe4\xbd"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
};

START_TEST(texts_are_one_line)
{
	struct buf out = buf_make(64);

	quote_put(&out, cases[_i].text);
	ck_assert_str_eq(buf_cstr(&out), cases[_i].quoted);
	buf_free(&out);
}
END_TEST

SUITE("text/quote", tcase_add_loop_test(tc, texts_are_one_line, 0, (int)COUNT_OF(cases));)
