/*
 * test_variants.c - every way to write a character that the grammar's texts use is
 * read as that character: OpenCC's Traditional to Simplified, and the forms of Hong
 * Kong, Taiwan and Japan.  A text in any of them means what it means in Simplified.
 */
#include <opencc/opencc.h>

#include "support/suite.h"
#include "text/utf8.h"
#include "unit/grammar/hall.h"

enum {
	SET_MAX = 1 << 20,
	FIRST = 0x3400, /* Han, from Extension A on ... */
	LAST = 0x9fff   /* ... to the end of the basic block */
};

static const char *const texts[] = {
	"grammar/hall.gram",        "grammar/dialect.gram",
	"grammar/services.gram",    "grammar/tasks.gram",
	"grammar/tools.gram",       "grammar/notices.gram",
	"grammar/services.tsv",     "grammar/plans.tsv",
	"grammar/errands.tsv",      "grammar/stores.tsv",
	"grammar/faq.zh-Hans.conf", "tests/unit/grammar/people.tsv",
};

static bool used[LAST + 1];

static struct str read_file(const char *path)
{
	static char text[SET_MAX];
	FILE *in = fopen(path, "r");
	size_t n;

	ck_assert_msg(in != NULL, "%s", path);
	n = fread(text, 1, sizeof(text), in);
	ck_assert_int_eq(fclose(in), 0);
	ck_assert_uint_lt(n, sizeof(text));
	return (struct str){ text, n };
}

/* The one character that s folds to, or 0. */
static uint32_t folded_char(struct str s)
{
	struct folded f;
	uint32_t c = 0;

	fold_text(hall.fold, s, &f);
	return f.n > 0 && utf8_next(f.p, f.n, &c) == f.n ? c : 0;
}

static void mark_used(struct str s)
{
	struct folded f;
	uint32_t c;

	fold_text(hall.fold, s, &f);
	for (size_t i = 0; i < f.n;) {
		i += utf8_next(f.p + i, f.n - i, &c);
		if (c >= FIRST && c <= LAST)
			used[c] = true;
	}
}

static void mark_files(void)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct str rest = read_file(texts[i]), line;

		while (rest.n > 0) {
			(void)str_cut(&rest, '\n', &line);
			mark_used(line);
		}
	}
}

/* All characters of the blocks, one a line. */
static void all_characters(struct buf *out)
{
	for (uint32_t c = FIRST; c <= LAST; c++) {
		buf_put_utf8(out, c);
		buf_putc(out, '\n');
	}
}

/* What the configuration makes of a character of use is what it folds to. */
static void check_characters(const char *config, const struct buf *list)
{
	opencc_t cc = opencc_open(config);
	unsigned tried = 0;
	char *to;

	ck_assert_ptr_ne(cc, (opencc_t)-1);
	to = opencc_convert_utf8(cc, list->p, list->n);
	struct str rest = str_of(to), all = buf_str(list), a, b;

	while (rest.n > 0) {
		(void)str_cut(&rest, '\n', &b);
		(void)str_cut(&all, '\n', &a);
		const uint32_t want = folded_char(b), got = folded_char(a);

		if (want == 0 || want > LAST || !used[want])
			continue;
		tried++;
		ck_assert_msg(got == want, "%s: %.*s is %.*s, folded U+%04X, not U+%04X",
		              config, STR_ARG(a), STR_ARG(b), (unsigned)got,
		              (unsigned)want);
	}
	ck_assert_uint_gt(tried, 800);
	opencc_convert_utf8_free(to);
	(void)opencc_close(cc);
}

START_TEST(each_form_of_a_character_is_that_character)
{
	static const char *const configs[] = { "t2s.json", "hk2s.json", "tw2s.json" };
	struct buf list = buf_make(SET_MAX);

	mark_files();
	all_characters(&list);
	for (size_t i = 0; i < sizeof(configs) / sizeof(configs[0]); i++)
		check_characters(configs[i], &list);
	buf_free(&list);
}
END_TEST

/* The last one takes Taiwan's words, too: 寬頻 for 宽带. */
static const char *const written[] = { "s2t.json", "s2hk.json", "s2tw.json",
	                               "s2twp.json" };
#define WRITTEN (sizeof(written) / sizeof(written[0]))

static void copy(char *to, size_t size, struct str s)
{
	ck_assert_uint_lt(s.n, size);
	memcpy(to, s.p, s.n);
	to[s.n] = '\0';
}

/* Free text is kept as typed: but for its form it is the same.  Taiwan's words are others. */
static bool reads_as(const char *line, const char *want, bool words)
{
	struct folded a, b;

	if (words)
		return strcspn(line, "|") == strcspn(want, "|") &&
		       memcmp(line, want, strcspn(want, "|")) == 0;
	fold_text(hall.fold, str_of(line), &a);
	fold_text(hall.fold, str_of(want), &b);
	return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

/* The text column and context of each text of the set but what is typed wrong. */
START_TEST(a_text_means_the_same_in_each_form)
{
	opencc_t cc = opencc_open(written[_i]);
	struct str rest = read_file("tests/unit/grammar/people.tsv"), line;
	unsigned all = 0, same = 0;

	ck_assert_ptr_ne(cc, (opencc_t)-1);
	hall.now = hall_time("2026-10-20 10:31:00");
	while (rest.n > 0) {
		struct str class, context, text;
		char where[16], simple[512], want[sizeof(hall.line)];
		char *other;

		(void)str_cut(&rest, '\n', &line);
		if (line.n == 0 || line.p[0] == '#' || !str_cut(&line, '\t', &class) ||
		    str_eq(class, STR("typo")) || !str_cut(&line, '\t', &context) ||
		    !str_cut(&line, '\t', &text))
			continue;
		copy(where, sizeof(where), context);
		copy(simple, sizeof(simple), text);
		(void)snprintf(want, sizeof(want), "%s", hall_parse(simple, where));
		other = opencc_convert_utf8(cc, simple, strlen(simple));
		all++;
		if (reads_as(hall_parse(other, where), want, _i + 1 == WRITTEN))
			same++;
		else
			(void)fprintf(stderr, "%s: %s -> %s: %s, not %s\n", written[_i],
			              simple, other, hall.line, want);
		opencc_convert_utf8_free(other);
	}
	(void)opencc_close(cc);
	ck_assert_uint_gt(all, 1000);
	ck_assert_msg(same == all, "%s: %u of %u", written[_i], same, all);
}
END_TEST

SUITE("grammar/variants", {
	tcase_add_unchecked_fixture(tc, hall_open, hall_close);
	tcase_add_test(tc, each_form_of_a_character_is_that_character);
	tcase_add_loop_test(tc, a_text_means_the_same_in_each_form, 0, WRITTEN);
})
