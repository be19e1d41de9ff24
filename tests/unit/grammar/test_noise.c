/*
 * test_noise.c - what noise may and may not do to what a text means.
 *
 * The texts are those of people.tsv that must be one certain intent.
 */
#include "hall.h"
#include "support/suite.h"

#include "grammar/measure.h"
#include "support/noise.h"

enum {
	SET_MAX = 1 << 20,
	TEXT_MAX = 4096,
	BASES = 4000,
	ROUNDS = 4,   /* of each kind and text */
	MISTYPED = 12 /* so that a share is known within 1 % */
};

struct base {
	char *text;
	char parsed[600]; /* intent|slots */
	bool charge, code;
};

static struct base base[BASES];
static size_t bases;
static char set[SET_MAX];

static bool is_code(const char *p)
{
	return strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == strlen(p);
}

static void add_base(char *text)
{
	const struct grammar_command c = hall_match(str_of(text), "");
	struct base *b = &base[bases];

	if (c.intent == NULL || bases == BASES)
		return;
	*b = (struct base){ .text = text, .code = is_code(text) };
	b->charge = c.intent->effect == GRAMMAR_CHARGE;
	(void)snprintf(b->parsed, sizeof(b->parsed), "%.599s", hall_intent(text, ""));
	bases++;
}

static void read_set(void)
{
	FILE *in = fopen("tests/unit/grammar/people.tsv", "r");
	char *line, *save = NULL;

	ck_assert_ptr_nonnull(in);
	set[fread(set, 1, sizeof(set) - 1, in)] = '\0';
	ck_assert_int_eq(fclose(in), 0);
	bases = 0;
	for (line = strtok_r(set, "\n", &save); line != NULL;
	     line = strtok_r(NULL, "\n", &save)) {
		char *column[5] = { line }, *p = line;
		int n = 1;

		while (n < 5 && (p = strchr(p, '\t')) != NULL) {
			*p++ = '\0';
			column[n++] = p;
		}
		/* Without context, escapes, or doubt. */
		if (n == 5 && column[1][0] == '\0' && strpbrk(column[2], "\\ ") == NULL &&
		    strpbrk(column[3], "|?-") == NULL && strcmp(column[0], "typo") != 0 &&
		    strcmp(column[0], "wrapped") != 0)
			add_base(column[2]);
	}
	ck_assert_uint_gt(bases, 300);
}

/* Free text is kept as it came: with the noise. */
static bool same(const char *parsed, const struct base *b)
{
	const size_t n = strcspn(b->parsed, "|");

	if (strstr(b->parsed, "\"text\"") != NULL ||
	    strstr(b->parsed, "\"name\"") != NULL)
		return strncmp(parsed, b->parsed, n) == 0;
	return strcmp(parsed, b->parsed) == 0;
}

/* Noise of each harmless kind leaves intent and slots as they are. */
START_TEST(harmless_noise_changes_nothing)
{
	const enum noise_kind kind = (enum noise_kind)_i;
	struct noise n = noise_open((uint64_t)_i + 1);
	unsigned tried = 0;

	for (size_t i = 0; i < bases * ROUNDS; i++) {
		const struct base *b = &base[i % bases];
		struct buf out = buf_make(TEXT_MAX);

		if (noise_add(&n, kind, str_of(b->text), &out)) {
			ck_assert_msg(same(hall_intent(buf_cstr(&out), ""), b),
			              "%s: \"%s\" is %s but \"%s\" is %s",
			              noise_name(kind), b->text, b->parsed,
			              buf_cstr(&out), hall.line);
			tried++;
		}
		buf_free(&out);
	}
	ck_assert_uint_gt(tried, 10);
	noise_close(&n);
}
END_TEST

/* The text as the grammar reads it: folded, and words of a dialect replaced. */
static struct buf read_of(struct str text)
{
	struct buf out = buf_make(TEXT_MAX);

	(void)hall_match(text, "");
	buf_puts(&out, grammar_folded(hall.m));
	return out;
}

/* Case, width, spacing around, invisibles and Traditional are one text when read. */
START_TEST(folding_undoes_noise)
{
	static const enum noise_kind kinds[] = { NOISE_CASE, NOISE_WIDTH, NOISE_INVISIBLE,
		                                 NOISE_TRADITIONAL };
	struct noise n = noise_open(7);

	for (size_t i = 0; i < bases; i++) {
		for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
			struct buf out = buf_make(TEXT_MAX), a, b;

			(void)noise_add(&n, kinds[k], str_of(base[i].text), &out);
			a = read_of(str_of(base[i].text));
			b = read_of(buf_str(&out));
			ck_assert_msg(str_eq(buf_str(&a), buf_str(&b)),
			              "%s: \"%s\" is not \"%s\"", noise_name(kinds[k]),
			              buf_cstr(&out), base[i].text);
			buf_free(&a);
			buf_free(&b);
			buf_free(&out);
		}
	}
	noise_close(&n);
}
END_TEST

/* All at their daily shares, one upon another. */
START_TEST(a_day_of_noise_is_understood)
{
	struct noise n = noise_open(20261020);
	unsigned right = 0, all = 0;

	for (size_t i = 0; i < bases * 10; i++) {
		const struct base *b = &base[i % bases];
		struct buf out = buf_make(TEXT_MAX);
		struct grammar_command c;

		noise_daily(&n, str_of(b->text), &out);
		c = hall_match(buf_str(&out), "");
		right += same(hall_intent(buf_cstr(&out), ""), b) ? 1 : 0;
		all++;
		ck_assert_msg(c.intent == NULL || c.intent->effect != GRAMMAR_CHARGE ||
		                      b->charge,
		              "\"%s\"", buf_cstr(&out));
		buf_free(&out);
	}
	ck_assert_msg(right * 1000 >= all * 995, "%u of %u", right, all);
	noise_close(&n);
}
END_TEST

/*
 * A mistyped text is right, suggested, or unknown.  The floor of
 * typed letters is what is wanted, below what is reached.  The few that are another
 * command (Peterson's undetectable share) are counted; none of those is charged unless
 * the text was.
 */
static void mistype(enum noise_kind kind, unsigned found_floor, unsigned other_ceiling)
{
	struct noise n = noise_open(41);
	unsigned all = 0, found = 0, other = 0;

	for (size_t i = 0; i < bases * MISTYPED; i++) {
		const struct base *b = &base[i % bases];
		struct buf out = buf_make(TEXT_MAX), line = buf_make(TEXT_MAX);
		const size_t name = strcspn(b->parsed, "|");
		struct grammar_command c;
		bool suggested = false;

		if (noise_add(&n, kind, str_of(b->text), &out) &&
		    strcmp(buf_cstr(&out), b->text) != 0) {
			c = hall_match(buf_str(&out), "");
			for (size_t k = 0; k < c.n_suggestions; k++)
				suggested = suggested ||
				            strncmp(c.suggestion[k].intent->name,
				                    b->parsed, name) == 0;
			all++;
			if (c.intent != NULL &&
			    strncmp(c.intent->name, b->parsed, name) == 0)
				found++;
			else if (suggested)
				found++;
			else if (c.intent != NULL)
				other++;
			ck_assert_msg(c.intent == NULL || b->charge ||
			                      c.intent->effect != GRAMMAR_CHARGE,
			              "\"%s\" of \"%s\" is %s", buf_cstr(&out), b->text,
			              hall.line);
		}
		buf_free(&out);
		buf_free(&line);
	}
	(void)fprintf(stderr, "%s: %u of %u right or suggested, %u another command\n",
	              noise_name(kind), found, all, other);
	ck_assert_msg(found * 100 >= found_floor * all, "%u of %u", found, all);
	ck_assert_msg(other * 100 <= other_ceiling * all, "%u of %u", other, all);
	noise_close(&n);
}

START_TEST(mistyped_letters_are_suggested)
{
	mistype(NOISE_TYPO, 90, 2);
}
END_TEST

START_TEST(homophones_are_suggested)
{
	mistype(NOISE_HOMOPHONE, 87, 3);
}
END_TEST

/* 不要 in front of a charged command, and a second command behind any, take it away. */
START_TEST(negation_and_company_spoil)
{
	static const char *const spoil[][2] = { { "不要", "" },
		                                { "别", "" },
		                                { "", "吗" } };
	char text[TEXT_MAX];

	for (size_t i = 0; i < bases; i++) {
		/* 彩铃不要了 is a negation itself. */
		for (size_t k = 0; k < 3 && base[i].charge && !base[i].code &&
		                   strstr(base[i].text, "不") == NULL &&
		                   strstr(base[i].text, "唔") == NULL;
		     k++) {
			(void)snprintf(text, sizeof(text), "%s%s%s", spoil[k][0],
			               base[i].text, spoil[k][1]);
			const struct grammar_command c = hall_match(str_of(text), "");

			ck_assert_msg(c.intent == NULL ||
			                      c.intent->effect != GRAMMAR_CHARGE,
			              "\"%s\" is %s", text, c.intent->name);
		}
	}
}
END_TEST

/*
 * What stands beside a command without being a second one: 积分兑换，流量; 我的套餐，改用八块钱套餐;
 * 查我订的服务，我想买10元流量包; 乱扣钱，彩铃退了; 转客服，密码忘了 tells of a 客服密码.  秒杀，commands could name an
 * item, of which the hall has none; 指令 is what may stand beside any command.
 */
static bool is_one_wish(const struct base *b)
{
	static const char *const with[] = { "package.current", "points.redeem",
		                            "optout",          "agent.handoff",
		                            "service.list",    "bill.explain" };

	for (size_t i = 0; i < COUNT_OF(with); i++)
		if (strstr(b->parsed, with[i]) != NULL)
			return true;
	return false;
}

START_TEST(two_commands_are_never_charged)
{
	struct noise n = noise_open(99);
	char text[TEXT_MAX];

	for (int i = 0; i < 20000; i++) {
		const struct base *a = &base[noise_below(&n, (unsigned)bases)];
		const struct base *b = &base[noise_below(&n, (unsigned)bases)];
		const size_t name = strcspn(a->parsed, "|");

		if (strncmp(a->parsed, b->parsed, name) == 0 ||
		    (!a->charge && !b->charge) || is_one_wish(a) || is_one_wish(b) ||
		    strstr(b->parsed, "help") != NULL)
			continue;
		(void)snprintf(text, sizeof(text), "%s，%s", a->text, b->text);
		const struct grammar_command c = hall_match(str_of(text), "");

		ck_assert_msg(c.intent == NULL || c.intent->effect != GRAMMAR_CHARGE,
		              "\"%s\" is %s", text, c.intent->name);
	}
	noise_close(&n);
}
END_TEST

SUITE("grammar/noise", {
	tcase_add_unchecked_fixture(tc, hall_open, hall_close);
	tcase_add_unchecked_fixture(tc, read_set, NULL);
	tcase_add_loop_test(tc, harmless_noise_changes_nothing, 0, NOISE_TYPO);
	tcase_add_test(tc, folding_undoes_noise);
	tcase_add_test(tc, a_day_of_noise_is_understood);
	tcase_add_test(tc, mistyped_letters_are_suggested);
	tcase_add_test(tc, homophones_are_suggested);
	tcase_add_test(tc, negation_and_company_spoil);
	tcase_add_test(tc, two_commands_are_never_charged);
})
