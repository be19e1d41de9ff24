/*
 * test_replies.c - the shipped reply files, and what is said about bad ones.
 */
#include "fixture.h"
#include "support/suite.h"
#include "text/coding.h"

/* The shipped files, of which a test spoils one. */
struct set {
	struct conf_strings strings[LANG_COUNT];
	struct reply_file file[LANG_COUNT];
};

static void set_open(struct set *s)
{
	read_replies(s->strings, s->file);
}

static void set_close(struct set *s)
{
	free_replies(s->strings, s->file);
}

static struct reply_text *text_of(struct set *s, enum language l, size_t i)
{
	ck_assert_uint_lt(i, s->file[l].n);
	return (struct reply_text *)(uintptr_t)&s->file[l].text[i];
}

static int line_of(struct set *s, enum language l, const char *name)
{
	for (size_t i = s->file[l].n; i-- > 0;)
		if (str_eq(text_of(s, l, i)->name, str_of(name)))
			return text_of(s, l, i)->line;
	ck_abort_msg("no %s", name);
	return 0;
}

/*
 * Expects e, and a fault that begins with the file and line and holds `words`.  The file at
 * fault is read first: what is right of the others would be judged once more for each call.
 */
static void refused(const struct set *s, enum err e, enum language l, int line,
                    const char *words)
{
	struct reply_file file[LANG_COUNT];
	struct replies *r = NULL;
	struct fault fault = { "" };
	char place[128];

	for (unsigned i = 0; i < LANG_COUNT; i++)
		file[i] = s->file[(l + i) % LANG_COUNT];
	(void)snprintf(place, sizeof(place), "%s:%d: ", reply_path[l], line);
	ck_assert_int_eq(replies_create(file, &r, &fault), e);
	ck_assert_ptr_null(r);
	ck_assert_msg(strncmp(fault.text, place, strlen(place)) == 0, "%s", fault.text);
	ck_assert_msg(strstr(fault.text, words) != NULL, "no \"%s\" in: %s", words,
	              fault.text);
}

START_TEST(shipped_files_load)
{
	replies_destroy(shipped_replies());
	replies_destroy(NULL);
}
END_TEST

START_TEST(english_is_gsm_7_bit)
{
	struct set s;

	set_open(&s);
	for (size_t i = 0; i < s.file[LANG_EN].n; i++) {
		const struct reply_text *t = text_of(&s, LANG_EN, i);

		ck_assert_msg(coding_fits(CODING_GSM7, t->text), "%.*s",
		              STR_ARG(t->name));
	}
	set_close(&s);
}
END_TEST

/* A translation that leaves a figure out, or a text in the wrong group, shows here. */
START_TEST(the_three_languages_say_the_same)
{
	struct set s;

	set_open(&s);
	for (unsigned l = 1; l < LANG_COUNT; l++) {
		ck_assert_uint_eq(s.file[l].n, s.file[0].n);
		for (size_t i = 0; i < s.file[0].n; i++) {
			struct str rest = text_of(&s, LANG_ZH_HANS, i)->text, part;
			const struct reply_text *other = text_of(&s, (enum language)l, i);

			ck_assert(
				str_eq(other->name, text_of(&s, LANG_ZH_HANS, i)->name));
			(void)str_cut(&rest, '{', &part);
			while (str_cut(&rest, '}', &part)) {
				ck_assert_msg(str_find(other->text, part) != SIZE_MAX,
				              "%.*s lacks {%.*s}", STR_ARG(other->name),
				              STR_ARG(part));
				(void)str_cut(&rest, '{', &part);
			}
		}
	}
	set_close(&s);
}
END_TEST

/* Each text in turn, the languages by turns: all of a file is read before one is missed. */
START_TEST(missing_text_is_named)
{
	struct set s;

	set_open(&s);
	for (unsigned l = 0; l < LANG_COUNT; l++)
		ck_assert_uint_eq(s.file[l].n, REPLY_COUNT);
	for (size_t i = 0; i + 1 < REPLY_COUNT; i++) {
		const enum language l = (enum language)(i % LANG_COUNT);
		const struct reply_text *last = text_of(&s, l, REPLY_COUNT - 1);
		struct reply_text *t = text_of(&s, l, i), saved = *t;

		*t = *last;
		s.file[l].n = REPLY_COUNT - 1;
		refused(&s, ERR_NOT_FOUND, l, text_of(&s, l, REPLY_COUNT - 2)->line,
		        saved.name.p); /* NUL-terminated by conf_strings */
		s.file[l].n = REPLY_COUNT;
		*t = saved;
	}
	set_close(&s);
}
END_TEST

/* No text, however short, may grow by more than its budget of four messages at most. */
START_TEST(every_budget_is_enforced)
{
	static const char more[] =
		"1234567890123456789012345678901234567890123456789012345678901234"
		"5678901234567890123456789012345678901234567890123456789012345678"
		"9012345678901234567890123456789012345678901234567890123456789012"
		"3456789012345678901234567890123456789012345678901234567890123456"
		"7890123456789012345678901234567890123456789012345678901234567890"
		"1234567890123456789012345678901234567890123456789012345678901234"
		"5678901234567890123456789012345678901234567890123456789012345678"
		"9012345678901234567890123456789012345678901234567890123456789012"
		"3456789012345678901234567890123456789012345678901234567890123456"
		"7890123456789012345678901234567890123456789012345678901234567890";
	struct set s;

	set_open(&s);
	for (unsigned l = 0; l < LANG_COUNT; l++) {
		for (size_t i = 0; i < s.file[l].n; i++) {
			struct reply_text *t = text_of(&s, (enum language)l, i),
					  *first = text_of(&s, (enum language)l, 0),
					  saved = *t, other = *first;
			char *longer = calloc(1, t->text.n + sizeof(more));

			ck_assert_ptr_nonnull(longer);
			memcpy(longer, t->text.p, t->text.n);
			memcpy(longer + t->text.n, more, sizeof(more));
			*t = other;
			*first = saved;
			first->text = str_of(longer);
			refused(&s, ERR_TOO_BIG, (enum language)l, saved.line, "allowed");
			*first = other;
			*t = saved;
			free(longer);
		}
	}
	set_close(&s);
}
END_TEST

/* A text that fits as it stands, but not with its values at their widest. */
START_TEST(budget_counts_values_at_their_widest)
{
	struct set s;
	struct reply_text *t;

	set_open(&s);
	t = text_of(&s, LANG_ZH_HANS, 0);
	ck_assert(str_eq(t->name, STR("balance.ok")));
	t->text = STR(
		"截至{time}余额{balance}元。一二三四五六七八九十一二三四五六七八九十一二三四五六"
		"七八九十一二三四五六七八九十一二三四五六");
	refused(&s, ERR_TOO_BIG, LANG_ZH_HANS, t->line,
	        "balance.ok: takes 2 messages when its values are at their widest, 1 allowed");
	set_close(&s);
}
END_TEST

/* clang-format off */
static const struct { const char *name, *text; enum err e; const char *words; } spoilt[] = {
	{ "balance.okay", "x",                 ERR_NOT_FOUND, "no reply is called balance.okay" },
	{ "",             "x",                 ERR_NOT_FOUND, "no reply is called" },
	{ "bill.ok",      "x",                 ERR_EXISTS,    "bill.ok is given twice" },
	{ "balance.ok",   "",                  ERR_SYNTAX,    "balance.ok is empty" },
	{ "balance.ok",   "{balanse}",         ERR_SYNTAX,    "unknown variable {balanse}" },
	{ "balance.ok",   "{puk}",             ERR_SYNTAX,    "unknown variable {puk}" },
	{ "balance.ok",   "{balance",          ERR_SYNTAX,    "balance.ok: column" },
	{ "balance.ok",   "[no value]",        ERR_SYNTAX,    "balance.ok: column" },
	{ "balance.ok",   "\xff\xfe{balance}", ERR_SYNTAX,    "UTF-8" },
};
/* clang-format on */

START_TEST(bad_text_is_refused_with_its_place)
{
	struct set s;
	struct reply_text *first;

	set_open(&s);
	for (unsigned l = 0; l < LANG_COUNT; l++) {
		first = text_of(&s, (enum language)l, 0);
		first->name = str_of(spoilt[_i].name);
		first->text = str_of(spoilt[_i].text);
		if (spoilt[_i].e ==
		    ERR_EXISTS) /* found where it stands the second time */
			refused(&s, ERR_EXISTS, (enum language)l,
			        line_of(&s, (enum language)l, "bill.ok"),
			        spoilt[_i].words);
		else
			refused(&s, spoilt[_i].e, (enum language)l, first->line,
			        spoilt[_i].words);
		first->name = STR("balance.ok");
		first->text = STR("x");
	}
	set_close(&s);
}
END_TEST

SUITE("hall/replies", {
	tcase_add_test(tc, shipped_files_load);
	tcase_add_test(tc, english_is_gsm_7_bit);
	tcase_add_test(tc, the_three_languages_say_the_same);
	tcase_add_test(tc, missing_text_is_named);
	tcase_add_test(tc, every_budget_is_enforced);
	tcase_add_test(tc, budget_counts_values_at_their_widest);
	tcase_add_loop_test(tc, bad_text_is_refused_with_its_place, 0,
	                    (int)COUNT_OF(spoilt));
})
