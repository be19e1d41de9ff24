/*
 * test_clash.c - grammars at fault by construction: small random ones of which it is known,
 * by counting out all texts of an alphabet of four words, what two rules have in common;
 * and for each code of lint a random minimal grammar at fault beside one that is not.
 */
#include <ctype.h>
#include <stdarg.h>

#include "support/suite.h"
#include "unit/grammar/scratch.h"
#include "unit/text/random.h"

/* Whether the text is taken; the report goes to out. */
static bool load(const struct buf *text, struct buf *out)
{
	struct grammar *g = NULL;
	enum err e;

	buf_reset(out);
	e = scratch_load(buf_str(text), &g, out);
	if (e == ERR_OK)
		grammar_destroy(g);
	return e == ERR_OK;
}

/* ---- what two rules have in common ---- */

enum {
	WORDS = 4, /* of the alphabet, a character each */
	TEXT = 6,  /* words of a text at most */
	PARTS = 3, /* of a rule */
	CHOICES = 3,
	TRIALS = 300
};

static const char *const word[WORDS] = { "甲", "乙", "丙", "丁" };

/* Words by number; shorter than TEXT of two rules that are compared: all there are. */
struct text {
	unsigned char w[TEXT];
	size_t n;
};

/* One of some words or pairs of words; of a template it may be left out. */
struct part {
	struct text choice[CHOICES];
	size_t n;
	bool optional;
};

struct made {
	bool about; /* a word of each part, in any order; else the parts in turn */
	struct part part[PARTS];
	size_t n;
};

static bool takes_in_turn(const struct made *r, const struct text *t)
{
	unsigned at = 1; /* a bit for each word behind which a part may begin */

	for (size_t i = 0; i < r->n; i++) {
		const struct part *p = &r->part[i];
		unsigned next = p->optional ? at : 0;

		for (size_t c = 0; c < p->n; c++)
			for (size_t k = 0; k + p->choice[c].n <= t->n; k++)
				if ((at >> k & 1) != 0 &&
				    memcmp(t->w + k, p->choice[c].w, p->choice[c].n) == 0)
					next |= 1U << (k + p->choice[c].n);
		at = next;
	}
	return (at >> t->n & 1) != 0;
}

/* Nothing but words of the parts, and one of each. */
static bool takes_in_any_order(const struct made *r, const struct text *t)
{
	unsigned here = 0, all = 0;

	for (size_t k = 0; k < t->n; k++)
		here |= 1U << t->w[k];
	for (size_t i = 0; i < r->n; i++) {
		unsigned of_part = 0;

		for (size_t c = 0; c < r->part[i].n; c++)
			of_part |= 1U << r->part[i].choice[c].w[0];
		if ((of_part & here) == 0)
			return false;
		all |= of_part;
	}
	return (here & ~all) == 0;
}

static bool takes(const struct made *r, const struct text *t)
{
	return r->about ? takes_in_any_order(r, t) : takes_in_turn(r, t);
}

/* What the texts of two rules are to one another. */
struct common {
	size_t shortest; /* words of the shortest of both; 0: none */
	bool all_of[2];  /* there is no text of that rule alone */
};

/* The i-th text of n words. */
static struct text nth(size_t i, size_t n)
{
	struct text t = { .n = n };

	for (size_t k = 0; k < n; k++, i /= WORDS)
		t.w[k] = (unsigned char)(i % WORDS);
	return t;
}

static struct common compare(const struct made *a, const struct made *b)
{
	struct common c = { 0, { true, true } };
	size_t n_texts = 1;

	for (size_t n = 1; n <= TEXT; n++) {
		n_texts *= WORDS;
		for (size_t i = 0; i < n_texts; i++) {
			const struct text t = nth(i, n);
			const bool of_a = takes(a, &t), of_b = takes(b, &t);

			if (of_a && of_b && c.shortest == 0)
				c.shortest = n;
			c.all_of[0] = c.all_of[0] && (!of_a || of_b);
			c.all_of[1] = c.all_of[1] && (!of_b || of_a);
		}
	}
	return c;
}

static struct part make_part(uint64_t *seed, bool single)
{
	struct part p = { .n = 1 + random_below(seed, CHOICES),
		          .optional = !single && random_below(seed, 3) == 0 };

	for (size_t c = 0; c < p.n; c++)
		p.choice[c] = nth(random_next(seed) >> 33,
		                  single ? 1 : 1 + random_below(seed, 2));
	return p;
}

static struct made make_rule(uint64_t *seed, bool about)
{
	struct made r = { .about = about, .n = 1 + random_below(seed, PARTS) };

	for (size_t i = 0; i < r.n; i++)
		r.part[i] = make_part(seed, about);
	r.part[random_below(seed, (uint32_t)r.n)].optional = false;
	return r;
}

static void put_words(struct buf *out, const struct text *t)
{
	for (size_t k = 0; k < t->n; k++)
		buf_printf(out, "%s", word[t->w[k]]);
}

static void put_part(struct buf *out, const struct part *p, const char *marks)
{
	buf_printf(out, "%.1s", marks);
	for (size_t c = 0; c < p->n; c++) {
		buf_printf(out, "%s", c > 0 ? "|" : "");
		put_words(out, &p->choice[c]);
	}
	buf_printf(out, "%s ", *marks != '\0' ? marks + 1 : "");
}

static void put_rule(struct buf *out, const char *intent, const struct made *r)
{
	buf_printf(out, "intent %s effect read\n  %s ", intent,
	           r->about ? "about" : "say");
	for (size_t i = 0; i < r->n; i++) {
		buf_printf(out, "%s", r->about && i > 0 ? "& " : "");
		put_part(out, &r->part[i],
		         r->about              ? ""
		         : r->part[i].optional ? "[]"
		                               : "()");
	}
	buf_printf(out, "\n");
}

/* The text in quotes behind that beginning of a line, or one of no words. */
static struct text told(struct buf *report, const char *begin)
{
	const char *p = strstr(buf_cstr(report), begin);
	struct text t = { .n = 0 };

	for (p = p != NULL ? p + strlen(begin) : "";
	     *p != '"' && *p != '\0' && t.n < TEXT; p += *p == ' ' ? 1 : 3)
		for (unsigned w = 0; w < WORDS; w++)
			if (strncmp(p, word[w], 3) == 0)
				t.w[t.n++] = (unsigned char)w;
	return t;
}

/* The words of the witness at that line, which must be a text of both; 0: none there. */
static size_t witness(struct buf *report, const char *begin, const struct made *r,
                      const char *grammar)
{
	const struct text t = told(report, begin);

	for (size_t i = 0; i < 2 && t.n > 0; i++)
		ck_assert_msg(takes(&r[i], &t), "%s is no text of both:\n%s%s", begin,
		              grammar, buf_cstr(report));
	return t.n;
}

/*
 * A matter is told by a word of each set, so what is more than that for one rule shows
 * only at the other one.
 */
static void ck_shortest(struct buf *report, const struct made *r, size_t shortest,
                        const char *grammar)
{
	const size_t a = witness(report, "t.gram:2: E201 \"", r, grammar),
		     b = witness(report, "t.gram:4: E201 \"", r, grammar);

	ck_assert_msg(a == shortest || b == shortest, "%zu and %zu words, not %zu:\n%s%s",
	              a, b, shortest, grammar, buf_cstr(report));
	ck_assert_msg(r->about || a == b, "%s%s", grammar, buf_cstr(report));
}

/* How many pairs of each kind there were. */
struct seen {
	unsigned clashes, long_ones, apart;
};

/* Settled, and then the loser must have a text of its own. */
static void try_settled(struct buf *text, struct buf *report, bool nothing_left,
                        bool about)
{
	bool taken;

	buf_puts(text, STR("prefer a over b\n"));
	taken = load(text, report);
	ck_assert_msg(taken == !nothing_left || (about && !taken), "settled:\n%s%s",
	              buf_cstr(text), buf_cstr(report));
	ck_assert(taken == (strstr(buf_cstr(report), "t.gram:4: E202") == NULL));
	ck_assert_ptr_null(strstr(buf_cstr(report), "E201"));
}

static void try_pair(uint64_t *seed, bool about, struct seen *seen)
{
	const struct made r[2] = { make_rule(seed, about), make_rule(seed, about) };
	const struct common c = compare(&r[0], &r[1]);
	struct buf text = buf_make(1 << 16), report = buf_make(1 << 20);

	put_rule(&text, "a", &r[0]);
	put_rule(&text, "b", &r[1]);
	ck_assert_msg(load(&text, &report) == (c.shortest == 0), "%zu words:\n%s%s",
	              c.shortest, buf_cstr(&text), buf_cstr(&report));
	if (c.shortest > 0) {
		ck_shortest(&report, r, c.shortest, buf_cstr(&text));
		seen->clashes++;
		seen->long_ones += c.shortest > 1 ? 1 : 0;
	} else {
		ck_assert_msg(report.n == 0, "%s%s", buf_cstr(&text), buf_cstr(&report));
		seen->apart++;
	}
	try_settled(&text, &report, c.shortest > 0 && c.all_of[1], about);
	buf_free(&text);
	buf_free(&report);
}

static void try_pairs(bool about)
{
	struct seen seen = { 0, 0, 0 };
	uint64_t seed = 20260901;

	for (int i = 0; i < TRIALS; i++)
		try_pair(&seed, about, &seen);
	ck_assert_uint_gt(seen.long_ones, TRIALS / 20);
	ck_assert_uint_gt(seen.clashes, seen.long_ones);
	ck_assert_uint_gt(seen.apart, TRIALS / 20);
}

START_TEST(templates_clash_where_a_text_is_of_both)
{
	try_pairs(false);
}
END_TEST

START_TEST(matters_clash_where_a_text_is_of_both)
{
	try_pairs(true);
}
END_TEST

/* ---- each code of lint ---- */

/* A word of three to five different letters, none of them a neighbour of the last one. */
static void put_code(uint64_t *seed, char out[static 8])
{
	static const char letters[] = "QETUOADGJLZCBM";
	const uint32_t n = 3 + random_below(seed, 3), at = random_below(seed, 14);

	for (uint32_t i = 0; i < n; i++)
		out[i] = letters[(at + 5 * i) % 14];
	out[n] = '\0';
}

/* What a made grammar is about: chosen before it is known whether it is at fault. */
struct draft {
	uint64_t *seed;
	char code[8], other[16]; /* the other one is two keys away, or more */
	const char *word, *another;
	unsigned digits; /* of a slot */
	bool faulty;
	struct buf *out;
};

static void put(struct draft *d, const char *fmt, ...) PRINTF_LIKE(2, 3);
static void put(struct draft *d, const char *fmt, ...)
{
	char line[512];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	buf_printf(d->out, "%s\n", line);
}

static void put_charged(struct draft *d, const char *but)
{
	if (d->out->n == 0)
		put(d, "word NEG 不|别");
	put(d, "intent charged effect charge");
	if (strcmp(but, "confirm") != 0)
		put(d, "  confirm nonce");
	if (strcmp(but, "unless") != 0)
		put(d, "  unless NEG");
	if (strcmp(but, "no") != 0)
		put(d, "  no \"不%s\"", d->word);
}

static void make_e101(struct draft *d)
{
	put(d, "intent a effect read\n  code %s", d->code);
	put(d, "intent b effect set\n  code %s", d->faulty ? d->code : d->other);
}

static void make_e102(struct draft *d)
{
	put(d, "slot n digits %u", d->digits);
	put(d, "intent a effect read\n  code %s {n}", d->code);
	put(d, "intent b effect read\n  code %s {n}", d->faulty ? d->code : d->other);
}

/* Digits behind a code as long as its slot, or one more. */
static void make_e103(struct draft *d)
{
	put(d, "slot n digits %u", d->digits);
	put(d, "intent a effect read\n  code %s {n}", d->code);
	put(d, "intent b effect read\n  code %s%.*s", d->code,
	    (int)(d->digits + (d->faulty ? 0 : 1)), "98765432");
}

/* One of Damerau's four operations on the code; the codes have no letter twice. */
static void mistype(struct draft *d)
{
	const size_t n = strlen(d->code), at = random_below(d->seed, (uint32_t)n - 1);
	char *o = d->other;

	(void)snprintf(o, sizeof(d->other), "%s", d->code);
	switch (random_below(d->seed, 4)) {
	case 0: /* left out; two letters would be too short */
		memmove(o + at, o + at + 1, n - at);
		if (n > 3)
			return;
		(void)snprintf(o, sizeof(d->other), "%sX", d->code);
		return;
	case 1: /* one more */
		memmove(o + at + 1, o + at, n - at + 1);
		o[at] = 'X';
		return;
	case 2: /* another one */
		o[at] = 'X';
		return;
	default: /* swapped */
		o[at] = d->code[at + 1];
		o[at + 1] = d->code[at];
		return;
	}
}

static void make_near(struct draft *d, const char *key)
{
	if (d->faulty)
		mistype(d);
	put_charged(d, "");
	put(d, "  %s %s", key, d->code);
	put(d, "intent b effect read\n  code %s", d->other);
}

static void make_e104(struct draft *d)
{
	make_near(d, "newcode");
}

static void make_w104(struct draft *d)
{
	make_near(d, "code");
}

/* Skip words go before a template is looked at. */
static void make_e202(struct draft *d)
{
	put(d, "skip %s", d->faulty ? d->word : d->another);
	put(d, "intent a effect read\n  say %s余额", d->word);
}

static void make_e203(struct draft *d)
{
	put(d, "intent a effect read\n  code %s", d->code);
	put(d, "intent confirm.no effect read\ncontext confirm full");
	/* in small letters: capitals would be a list */
	for (char *p = d->faulty ? d->code : d->other; *p != '\0'; p++)
		*p = (char)tolower(*p);
	put(d, "  no %s\nreserve a > context > code > say > suggest",
	    d->faulty ? d->code : d->other);
}

static void make_e204(struct draft *d)
{
	put_charged(d, "");
	put(d, "  say 开%s", d->word);
	put(d, "intent confirm.yes effect set\ncontext confirm full");
	put(d, "  yes 开%s", d->faulty ? d->word : d->another);
}

static void make_e301(struct draft *d)
{
	put_charged(d, d->faulty ? "confirm" : "");
	put(d, "  code %s", d->code);
}

static void make_e302(struct draft *d)
{
	put_charged(d, d->faulty ? "no" : "");
	put(d, "  code %s", d->code);
}

static void make_e303(struct draft *d)
{
	put_charged(d, d->faulty ? "unless" : "");
	put(d, "  code %s", d->code);
}

static void make_e304(struct draft *d)
{
	put(d, "word NEG 不|别\nword MORE 请|帮我");
	put_charged(d, "");
	put(d, "  about 开通 & %s%s", d->word, d->faulty ? "" : " with MORE");
}

/* Many equal words that may all be left out, or few. */
static void make_e401(struct draft *d)
{
	const unsigned n = d->digits + (d->faulty ? 16 : 0);

	buf_printf(d->out, "intent a effect read\n  say");
	for (unsigned i = 0; i < n; i++)
		buf_printf(d->out, " [月]");
	put(d, " (月%s|月租)", d->word);
}

static void make_e501(struct draft *d)
{
	put(d, "intent a effect read\n  code %s\n  ok \"%s\"", d->code,
	    d->faulty ? d->other : d->code);
}

static void make_e502(struct draft *d)
{
	put(d, "intent a effect read\n  say %s余额\n  no \"%s余额\"", d->word,
	    d->faulty ? d->word : d->another);
}

static void make_w301(struct draft *d)
{
	put(d, "intent a effect read\n  code %s\nintent b effect read", d->code);
	if (!d->faulty)
		put(d, "  say %s", d->word);
}

static const struct {
	const char *code;
	void (*make)(struct draft *d);
} codes[] = {
	{ "E101 ", make_e101 }, { "E102 ", make_e102 }, { "E103 ", make_e103 },
	{ "E104 ", make_e104 }, { "W104 ", make_w104 }, { "E202 ", make_e202 },
	{ "E203 ", make_e203 }, { "E204 ", make_e204 }, { "E301 ", make_e301 },
	{ "E302 ", make_e302 }, { "E303 ", make_e303 }, { "E304 ", make_e304 },
	{ "E401 ", make_e401 }, { "E501 ", make_e501 }, { "E502 ", make_e502 },
	{ "W301 ", make_w301 },
};

/* Lines of the report with the code, and without it. */
static void count_lines(const struct buf *report, const char *code, unsigned n[2])
{
	struct str rest = { report->p, report->n }, line;

	n[0] = n[1] = 0;
	while (rest.n > 0 && str_cut(&rest, '\n', &line))
		if (line.n > 0)
			n[str_find(line, str_of(code)) != SIZE_MAX ? 1 : 0]++;
}

static void try_draft(const struct draft *made, bool faulty, int i)
{
	struct buf text = buf_make(1 << 16), report = buf_make(1 << 20);
	struct draft d = *made;
	unsigned n[2];
	bool taken;

	d.faulty = faulty;
	d.out = &text;
	codes[i].make(&d);
	taken = load(&text, &report);
	count_lines(&report, codes[i].code, n);
	ck_assert_msg(taken == (!faulty || codes[i].code[0] == 'W') && n[0] == 0 &&
	                      (n[1] > 0) == faulty,
	              "%s%s:\n%s%s", codes[i].code, faulty ? "wanted" : "not wanted",
	              buf_cstr(&text), buf_cstr(&report));
	buf_free(&text);
	buf_free(&report);
}

START_TEST(each_code_is_told_of_a_grammar_at_fault_and_not_of_its_neighbour)
{
	uint64_t seed = 20260902;

	for (int k = 0; k < 40; k++) {
		struct draft d = { .seed = &seed, .digits = 2 + random_below(&seed, 4) };
		const uint32_t w = random_below(&seed, WORDS);

		d.word = word[w];
		d.another = word[(w + 1) % WORDS];
		put_code(&seed, d.code);
		(void)snprintf(d.other, sizeof(d.other), "%sXY", d.code);
		try_draft(&d, true, _i);
		try_draft(&d, false, _i);
	}
}
END_TEST

SUITE("grammar/clash", {
	tcase_add_checked_fixture(tc, scratch_open, scratch_close);
	tcase_add_test(tc, templates_clash_where_a_text_is_of_both);
	tcase_add_test(tc, matters_clash_where_a_text_is_of_both);
	tcase_add_loop_test(
		tc, each_code_is_told_of_a_grammar_at_fault_and_not_of_its_neighbour, 0,
		(int)COUNT_OF(codes));
})
