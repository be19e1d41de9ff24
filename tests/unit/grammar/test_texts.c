/*
 * test_texts.c - texts.tsv: some thousand texts written from the code table, each
 * with what it must be.  All must be right; the misses and the share of each class
 * are printed when one is not.
 */
#include "hall.h"
#include "support/suite.h"

enum {
	LINE = 4096,
	CLASSES = 64,
	COLUMNS = 7
};

enum column {
	TEXT,    /* \n \t \\ and \xHH escaped */
	CONTEXT, /* "", confirm, menu:N */
	NOW,
	INTENT, /* a|b: either; -charge: anything but a charge; !a,b: none of these */
	SLOTS,  /* a|b: either; *: any */
	EFFECT, /* *: any */
	CLASS
};

struct tally {
	char name[48];
	unsigned texts, misses;
};

static struct tally tally[CLASSES];

static struct tally *tally_of(const char *name)
{
	size_t i = 0;

	while (i < CLASSES && tally[i].texts > 0 && strcmp(tally[i].name, name) != 0)
		i++;
	ck_assert_uint_lt(i, CLASSES);
	(void)snprintf(tally[i].name, sizeof(tally[i].name), "%s", name);
	return &tally[i];
}

static char escaped(const char **p)
{
	const char c = *(*p)++;
	unsigned octet = 0;

	if (c == 'n')
		return '\n';
	if (c == 't')
		return '\t';
	if (c != 'x')
		return c;
	ck_assert_int_eq(sscanf(*p, "%2x", &octet), 1);
	*p += 2;
	return (char)octet;
}

static struct str unescape(const char *p, char out[static LINE])
{
	size_t n = 0;

	while (*p != '\0') {
		char c = *p++;

		if (c == '\\')
			c = escaped(&p);
		out[n++] = c;
	}
	return (struct str){ out, n };
}

/* Whether one of the words in list, parted by `by`, is text; "*" is any. */
static bool one_of(const char *list, char by, struct str text)
{
	struct str rest = str_of(list), one;

	if (strcmp(list, "*") == 0 || (text.n == 0 && rest.n == 0))
		return true;
	while (str_cut(&rest, by, &one))
		if (str_eq(one, text))
			return true;
	return false;
}

/* got is a line of grammar parse --tsv. */
static bool is_right(char *const want[static COLUMNS], struct str got)
{
	struct str field[4] = { { 0 } };

	for (size_t i = 0; i < 4; i++)
		(void)str_cut(&got, '\t', &field[i]);
	if (strcmp(want[INTENT], "-charge") == 0)
		return !str_eq(field[3], STR("charge"));
	if (want[INTENT][0] == '!')
		return !one_of(want[INTENT] + 1, ',', field[0]);
	return one_of(want[INTENT], '|', field[0]) &&
	       one_of(want[SLOTS], '|', field[1]) && one_of(want[EFFECT], '|', field[3]);
}

static bool run_row(char *const want[static COLUMNS])
{
	struct buf out = buf_make(LINE);
	char text[LINE];
	struct grammar_command c;
	bool right;

	hall.now = hall_time(want[NOW]);
	c = hall_match(unescape(want[TEXT], text), want[CONTEXT]);
	grammar_print_tsv(&c, &out);
	right = is_right(want, buf_str(&out));
	if (!right)
		(void)fprintf(stderr,
		              "%s: \"%s\" [%s] at %s should be %s %s %s\n    but is %s\n",
		              want[CLASS], want[TEXT], want[CONTEXT], want[NOW],
		              want[INTENT], want[SLOTS], want[EFFECT], buf_cstr(&out));
	buf_free(&out);
	return right;
}

static void split(char *line, char *column[static COLUMNS])
{
	line[strcspn(line, "\n")] = '\0';
	for (size_t i = 0; i < COLUMNS; i++) {
		column[i] = line;
		line = strchr(line, '\t');
		ck_assert_msg((line == NULL) == (i + 1 == COLUMNS), "columns of \"%s\"",
		              column[0]);
		if (line != NULL)
			*line++ = '\0';
	}
}

static unsigned report(void)
{
	unsigned misses = 0;

	for (size_t i = 0; i < CLASSES && tally[i].texts > 0; i++)
		misses += tally[i].misses;
	for (size_t i = 0; i < CLASSES && tally[i].texts > 0 && misses > 0; i++)
		(void)fprintf(stderr, "%-22s %4u of %4u right\n", tally[i].name,
		              tally[i].texts - tally[i].misses, tally[i].texts);
	return misses;
}

START_TEST(every_text_is_what_the_table_says)
{
	FILE *in = fopen("tests/unit/grammar/texts.tsv", "r");
	char line[LINE], *column[COLUMNS];
	unsigned n = 0;

	ck_assert_ptr_nonnull(in);
	while (fgets(line, sizeof(line), in) != NULL) {
		/* A text may begin with # too; comments have no columns. */
		if (line[0] == '#' && strchr(line, '\t') == NULL)
			continue;
		split(line, column);
		struct tally *t = tally_of(column[CLASS]);

		t->texts++;
		t->misses += run_row(column) ? 0 : 1;
		n++;
	}
	ck_assert_int_eq(fclose(in), 0);
	ck_assert_uint_gt(n, 900);
	ck_assert_uint_eq(report(), 0);
}
END_TEST

/* 10 KB around, behind, or instead of a code. */
START_TEST(long_texts_are_bounded)
{
	enum {
		N = 10240
	};
	static const char *const pieces[] = { " ",    "。",       "CXYE", "CXYE ",
		                              "KTCL", "1",        "余额", "不",
		                              "TS ",  "开通彩铃", "十",   "\xed\xa0",
		                              "谢谢", "a",        "101 " };
	static const char code[] = { 'c', 'x', 'y', 'e' };
	static char text[N + 64];

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		size_t n = 0;

		for (; n < N; n += strlen(pieces[i]))
			memcpy(text + n, pieces[i], strlen(pieces[i]));
		ck_assert_ptr_null(hall_match((struct str){ text, n }, "").intent);
		ck_assert_ptr_null(hall_match((struct str){ text, n }, "menu:9").intent);
		ck_assert_ptr_null(hall_match((struct str){ text, n }, "confirm").intent);
	}
	memset(text, ' ', sizeof(text));
	memcpy(text + N, code, sizeof(code));
	ck_assert_str_eq(hall_match((struct str){ text, N + 8 }, "").intent->name,
	                 "balance.query");
}
END_TEST

SUITE("texts", {
	tcase_add_unchecked_fixture(tc, hall_open, hall_close);
	tcase_add_test(tc, every_text_is_what_the_table_says);
	tcase_add_test(tc, long_texts_are_bounded);
})
