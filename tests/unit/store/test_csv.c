/*
 * test_csv.c - the CSV reader against RFC 4180, its limits, and hostile input.
 */
#include "base/buf.h"
#include "fixture.h"
#include "store/csv.h"

/* Records joined by | and fields by /, then how it ended. */
static const struct {
	const char *in, *out;
	enum err end;
	const char *where; /* of the fault */
} cases[] = {
	{ "a,b\r\nc,d\r\n", "a/b|c/d|", ERR_END, "" },
	{ "a,b\nc,d", "a/b|c/d|", ERR_END, "" },
	{ "\xEF\xBB\xBF"
	  "a,b\n",
	  "a/b|", ERR_END, "" },
	{ "\xEF\xBB\xBF"
	  "\"a\",b\n",
	  "a/b|", ERR_END, "" },
	{ "", "", ERR_END, "" },
	{ "\n", "|", ERR_END, "" },
	{ ",\n", "/|", ERR_END, "" },
	{ "a,,\n", "a//|", ERR_END, "" },
	{ "\"a,b\",\"c\"\"d\"\n", "a,b/c\"d|", ERR_END, "" },
	{ "\"a\r\nb\",c\nd,e\n", "a\r\nb/c|d/e|", ERR_END, "" },
	{ "\"\",\"\"\"\"\n", "/\"|", ERR_END, "" },
	{ "晓雨,€\n", "晓雨/€|", ERR_END, "" },
	{ "a\nb\"c\n", "a|", ERR_SYNTAX, "t.csv:2:2: a field with quotes" },
	{ "\"a\"b\n", "", ERR_SYNTAX, "t.csv:1:4: expected a comma" },
	{ "a,\"b\n", "", ERR_SYNTAX, "t.csv:1:3: this quote is never closed" },
	{ "a\rb\n", "", ERR_SYNTAX, "t.csv:1:2:" },
	{ "a\n\"x\ny\"\n\xff\n", "a|x\ny|", ERR_SYNTAX, "t.csv:4:1: not UTF-8" },
	{ "a,\xc0\x80\n", "", ERR_SYNTAX, "t.csv:1:3: not UTF-8" },
	{ "a,\xed\xa0\x80\n", "", ERR_SYNTAX, "t.csv:1:3: not UTF-8" },
	{ "a,\xf4\x90\x80\x80\n", "", ERR_SYNTAX, "t.csv:1:3: not UTF-8" },
	{ "a,\xe4\xbd\n", "", ERR_SYNTAX, "t.csv:1:3: not UTF-8" },
};

static enum err walk(const char *p, size_t n, struct buf *out, struct fault *fault)
{
	FILE *file = tmpfile();
	struct str field[CSV_FIELDS_MAX];
	struct csv *c;
	size_t count;
	enum err e;

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(p, 1, n, file), n);
	ck_assert_int_eq(fflush(file), 0);
	c = csv_create(fileno(file), "t.csv");
	while ((e = csv_next(c, field, &count, fault)) == ERR_OK) {
		for (size_t i = 0; i < count; i++) {
			if (i > 0)
				buf_putc(out, '/');
			buf_puts(out, field[i]);
		}
		buf_putc(out, '|');
	}
	csv_destroy(c);
	(void)fclose(file);
	return e;
}

START_TEST(records_and_faults)
{
	struct buf out = buf_make(1000);
	struct fault fault = { "" };

	ck_assert_int_eq(walk(cases[_i].in, strlen(cases[_i].in), &out, &fault),
	                 cases[_i].end);
	ck_assert_str_eq(buf_cstr(&out), cases[_i].out);
	ck_assert_msg(strncmp(fault.text, cases[_i].where, strlen(cases[_i].where)) == 0,
	              "%s", fault.text);
	buf_free(&out);
}
END_TEST

/* Behind a seek little is read at first: short records and long ones, in any order. */
START_TEST(records_are_read_where_they_begin)
{
	const size_t length[] = { 1, 510, 511, 512, 513, CSV_RECORD_MAX - 1, 3 };
	int64_t begins[COUNT_OF(length)];
	FILE *file = tmpfile();
	struct str field[CSV_FIELDS_MAX];
	struct fault fault = { "" };
	struct csv *c;
	size_t n;

	ck_assert_ptr_nonnull(file);
	for (size_t i = 0; i < COUNT_OF(length); i++) {
		begins[i] = ftell(file);
		for (size_t k = 0; k < length[i]; k++)
			(void)fputc((int)('a' + i), file);
		(void)fputc('\n', file);
	}
	ck_assert_int_eq(fflush(file), 0);
	c = csv_create(fileno(file), "t.csv");
	for (size_t k = 0; k < 2 * COUNT_OF(length); k++) {
		const size_t i = 3 * k % COUNT_OF(length);

		csv_seek(c, begins[i]);
		ck_assert_msg(csv_next(c, field, &n, &fault) == ERR_OK, "%s", fault.text);
		ck_assert_uint_eq(n, 1);
		ck_assert_uint_eq(field[0].n, length[i]);
		ck_assert_int_eq(field[0].p[length[i] - 1], (char)('a' + i));
	}
	ck_assert_int_eq(csv_next(c, field, &n, &fault), ERR_OK); /* and on from there */
	csv_destroy(c);
	(void)fclose(file);
}
END_TEST

START_TEST(a_nul_is_no_text)
{
	struct buf out = buf_make(100);
	struct fault fault = { "" };

	ck_assert_int_eq(walk("a\0b\n", 4, &out, &fault), ERR_SYNTAX);
	buf_free(&out);
}
END_TEST

/* A file of n octets x, and one that starts a quote. */
START_TEST(a_record_without_end_is_refused)
{
	const size_t n = 8 * CSV_RECORD_MAX;
	char *p = malloc(n);

	ck_assert_ptr_nonnull(p);
	for (int quoted = 0; quoted < 2; quoted++) {
		struct buf out = buf_make(100);
		struct fault fault = { "" };

		memset(p, 'x', n);
		p[0] = quoted != 0 ? '"' : 'x';
		ck_assert_int_eq(walk(p, n, &out, &fault), ERR_TOO_BIG);
		ck_assert_ptr_nonnull(strstr(fault.text, "t.csv:1: "));
		buf_free(&out);
	}
	free(p);
}
END_TEST

START_TEST(too_many_fields_are_refused)
{
	char commas[CSV_FIELDS_MAX + 2];
	struct buf out = buf_make(1000);
	struct fault fault = { "" };

	memset(commas, ',', sizeof(commas));
	commas[CSV_FIELDS_MAX] = '\n';
	ck_assert_int_eq(walk(commas, CSV_FIELDS_MAX + 1, &out, &fault), ERR_SYNTAX);
	buf_reset(&out);
	commas[CSV_FIELDS_MAX - 1] = '\n';
	ck_assert_int_eq(walk(commas, CSV_FIELDS_MAX, &out, &fault), ERR_END);
	buf_free(&out);
}
END_TEST

/* Records cross the buffer's end wherever it falls. */
START_TEST(long_files_are_read_whole)
{
	enum {
		RECORDS = 60000
	};
	struct buf in = buf_make(4 * 1024 * 1024), out = buf_make(4 * 1024 * 1024);
	struct fault fault = { "" };
	size_t seen = 0;

	for (int i = 0; i < RECORDS; i++)
		buf_printf(&in, "%d,\"a\"\"\n%d\"\n", i, i);
	ck_assert(!in.failed);
	ck_assert_int_eq(walk(in.p, in.n, &out, &fault), ERR_END);
	for (size_t i = 0; i < out.n; i++)
		seen += out.p[i] == '|';
	ck_assert_uint_eq(seen, RECORDS);
	ck_assert_ptr_nonnull(strstr(buf_cstr(&out), "|59999/a\"\n59999|"));
	buf_free(&in);
	buf_free(&out);
}
END_TEST

/* Octet soup: it ends, and never reads beyond (under the sanitizers). */
START_TEST(soup_does_no_harm)
{
	static const char spoon[] = "a,\"\r\n\xe4\xbd\xa0\xff";
	uint32_t random = (uint32_t)_i * 2654435761U + 1;
	char soup[40];
	struct buf out = buf_make(1000);
	struct fault fault = { "" };
	enum err e;

	for (size_t i = 0; i < sizeof(soup); i++) {
		random = random * 1664525U + 1013904223U;
		soup[i] = spoon[(random >> 16) % (sizeof(spoon) - 1)];
	}
	e = walk(soup, sizeof(soup), &out, &fault);
	ck_assert(e == ERR_END || (e == ERR_SYNTAX && fault.text[0] != '\0'));
	buf_free(&out);
}
END_TEST

SUITE("store/csv", tcase_add_loop_test(tc, records_and_faults, 0, COUNT_OF(cases));
      tcase_add_test(tc, records_are_read_where_they_begin);
      tcase_add_test(tc, a_nul_is_no_text);
      tcase_add_test(tc, a_record_without_end_is_refused);
      tcase_add_test(tc, too_many_fields_are_refused);
      tcase_add_test(tc, long_files_are_read_whole);
      tcase_add_loop_test(tc, soup_does_no_harm, 0, 300);)
