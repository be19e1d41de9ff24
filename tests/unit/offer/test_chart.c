/*
 * test_chart.c - charts are well-formed, stay within their page, bear hostile names, and
 * show the figures that they were given.
 */
#include <stdio.h>

#include "megaline.h"
#include "offer/chart.h"
#include "support/suite.h"

static struct arena arena;
static struct buf out;

static void setup(void)
{
	arena = arena_make(64 << 20);
	out = buf_make(CHART_MOST);
}

static void teardown(void)
{
	buf_free(&out);
	arena_free(&arena);
}

/* ---- a reader of SVG, for what charts are made of ---- */

struct reader {
	const char *at;
	int width, height; /* of the viewBox */
	const char *open[8];
	size_t open_n[8], depth;
};

static bool in_set(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* Decimal attribute of the tag that begins at tag; -1: not there. */
static int attribute(const char *tag, const char *name)
{
	const char *end = strchr(tag, '>'), *p = tag;
	const size_t n = strlen(name);

	while ((p = strchr(p, ' ')) != NULL && p < end)
		if (strncmp(++p, name, n) == 0 && p[n] == '=')
			return atoi(p + n + 2);
	return -1;
}

static bool has_class(const char *tag, const char *class)
{
	const char *p = strstr(tag, "class=\""), *end = strchr(tag, '>');
	const size_t n = strlen(class);

	if (p == NULL || p > end)
		return false;
	end = strchr(p + 7, '"');
	for (p += 7; (p = strstr(p, class)) != NULL && p < end; p++)
		if (in_set(p[-1], " \"") && in_set(p[n], " \""))
			return true;
	return false;
}

/* In 1/100 px; a third person's idea of a width: ideographs a square, others 0.55 of it. */
static int text_width(const char *s, const char *end, int px)
{
	int sum = 0;

	while (s < end) {
		const unsigned char c = (unsigned char)*s;

		if (c == '&')
			s = strchr(s, ';');
		s += c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
		sum += c < 0xe0 ? 55 * px : 100 * px;
	}
	return sum;
}

static void check_text(const struct reader *r, const char *tag)
{
	static const int px[] = { 12, 14, 16, 21 };
	const char *from = strchr(tag, '>') + 1, *end = strchr(from, '<');
	const int x = attribute(tag, "x"), y = attribute(tag, "y");
	int width = 0, left = x;

	for (int f = 0; f < 4; f++) {
		const char class[] = { 'f', (char)('0' + f), '\0' };

		if (has_class(tag, class))
			width = text_width(from, end, px[f]) / 100;
	}
	ck_assert_int_gt(width, 0);
	left -= has_class(tag, "a1") ? width / 2 : has_class(tag, "a2") ? width : 0;
	ck_assert_msg(left >= 0 && left + width <= r->width, "%.*s", (int)(end - tag),
	              tag);
	ck_assert_msg(y >= 12 && y <= r->height - 4, "%.*s", (int)(end - tag), tag);
}

static void check_within(const char *tag, const char *at, const char *size, int most)
{
	const int v = attribute(tag, at);
	const int n = size != NULL ? attribute(tag, size) : 0;

	ck_assert_msg(v >= 0 && n >= 0 && v + n <= most, "%s of %.80s", at, tag);
}

static void check_path(const struct reader *r, const char *tag)
{
	const char *p = strstr(tag, " d=\"") + 4;

	while (*p != '"') {
		int x, y, n;

		ck_assert_int_eq(sscanf(p + 1, "%d %d%n", &x, &y, &n), 2);
		ck_assert(in_set(*p, "ML") && x >= 0 && x <= r->width && y >= 0 &&
		          y <= r->height);
		p += 1 + n;
	}
}

static void check_element(struct reader *r, const char *tag, struct str name)
{
	if (str_eq(name, STR("svg"))) {
		r->width = attribute(tag, "width");
		r->height = attribute(tag, "height");
	} else if (str_eq(name, STR("rect"))) {
		check_within(tag, "x", "width", r->width);
		check_within(tag, "y", "height", r->height);
	} else if (str_eq(name, STR("line"))) {
		check_within(tag, "x1", NULL, r->width);
		check_within(tag, "x2", NULL, r->width);
		check_within(tag, "y1", NULL, r->height);
		check_within(tag, "y2", NULL, r->height);
	} else if (str_eq(name, STR("circle"))) {
		check_within(tag, "cx", "r", r->width);
		check_within(tag, "cy", "r", r->height);
	} else if (str_eq(name, STR("path"))) {
		check_path(r, tag);
	} else if (str_eq(name, STR("text"))) {
		check_text(r, tag);
	} else {
		ck_assert(str_eq(name, STR("title")) || str_eq(name, STR("style")));
	}
}

/* A tag's attributes are name="value" without '<' or a bare '&'. */
static const char *read_attributes(const char *p)
{
	while (*p == ' ') {
		const size_t name = strcspn(++p, "= <>\"");
		const size_t value = name + 2 + strcspn(p + name + 2, "\"<&");

		ck_assert(name > 0 && p[name] == '=' && p[name + 1] == '"');
		ck_assert_msg(p[value] == '"', "%.60s", p);
		p += value + 1;
	}
	return p;
}

static void read_tag(struct reader *r)
{
	const char *tag = r->at;
	const bool closes = tag[1] == '/';
	const char *name = tag + 1 + (closes ? 1 : 0);
	const size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz");
	const char *end = read_attributes(name + n);
	const bool empty = *end == '/';

	ck_assert_msg(n > 0 && end[empty ? 1 : 0] == '>', "%.60s", tag);
	r->at = end + (empty ? 2 : 1);
	if (closes) {
		ck_assert_uint_gt(r->depth, 0);
		r->depth--;
		ck_assert(r->open_n[r->depth] == n &&
		          memcmp(r->open[r->depth], name, n) == 0);
		return;
	}
	check_element(r, tag, (struct str){ name, n });
	if (empty)
		return;
	ck_assert_uint_lt(r->depth, COUNT_OF(r->open));
	r->open[r->depth] = name;
	r->open_n[r->depth++] = n;
}

static void read_character(struct reader *r)
{
	static const char *const entity[] = { "&amp;", "&lt;", "&gt;", "&quot;" };
	const unsigned char c = (unsigned char)*r->at;
	size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	bool known = c != '&';

	for (size_t i = 0; i < COUNT_OF(entity); i++)
		known |= strncmp(r->at, entity[i], strlen(entity[i])) == 0;
	ck_assert_msg(known, "%.20s", r->at);
	ck_assert(c >= ' ' || c == '\n');
	ck_assert(c < 0x7f || (c >= 0xc2 && c <= 0xf4));
	while (--n > 0)
		ck_assert((*++r->at & 0xc0) == 0x80);
	r->at++;
}

/* The document in out. */
static void check_document(void)
{
	static const char begin[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
	struct reader r = { .at = buf_cstr(&out) };

	ck_assert(!out.failed);
	ck_assert_uint_eq(strlen(r.at), out.n);
	ck_assert(strncmp(r.at, begin, sizeof(begin) - 1) == 0);
	for (r.at += sizeof(begin) - 1; *r.at != '\0';)
		if (*r.at == '<')
			read_tag(&r);
		else
			read_character(&r);
	ck_assert_uint_eq(r.depth, 0);
	ck_assert_ptr_null(strstr(buf_cstr(&out), "url("));
	ck_assert_ptr_null(strstr(buf_cstr(&out), "@import"));
}

static size_t times(const char *text)
{
	size_t n = 0;

	for (const char *p = buf_cstr(&out); (p = strstr(p, text)) != NULL; p++)
		n++;
	return n;
}

/* The i-th mark of a class, or NULL. */
static const char *mark(const char *element, const char *class, size_t i)
{
	for (const char *p = buf_cstr(&out); (p = strstr(p, element)) != NULL; p++)
		if (has_class(p, class) && i-- == 0)
			return p;
	return NULL;
}

static size_t marks(const char *element, const char *class)
{
	size_t n = 0;

	while (mark(element, class, n) != NULL)
		n++;
	return n;
}

/* ---- bills ---- */

struct case_of {
	struct policy policy;
	struct subject subject;
	struct match match;
};

/* The subscriber of example A; his bills are in test_match.c. */
static struct case_of user_1001(void)
{
	static const int32_t gb[] = { 7, 14, 22, 19, 19 };
	struct case_of c = { .policy = policy_defaults() };

	c.subject = (struct subject){ .tariff = SURF,
		                      .stage = STAGE_AT_RISK,
		                      .months_since_change = INT32_MAX,
		                      .usable = 0x3e };
	for (size_t i = 0; i < 5; i++)
		c.subject.use[1 + i][DIM_DATA] = gb[i] * GB;
	c.subject.use[3][DIM_SMS] = 53;
	for (size_t i = 0; i < USAGE_MONTHS; i++)
		c.policy.weight[i] = 1;
	for (size_t i = 0; i < MEGALINE; i++)
		offer_add(&c.subject.allowed, i);
	return c;
}

static void draw(struct case_of *c, const struct tariffs *t, bool english)
{
	const struct explained e = { t, &c->policy, &c->subject, &c->match,
		                     month_make(2026, 2) };

	offer_match(t, &c->policy, &c->subject, &arena, &c->match);
	buf_reset(&out);
	chart_offer(&e, english, &out);
}

START_TEST(shows_the_bills)
{
	struct case_of c = user_1001();

	draw(&c, &megaline, false);
	check_document();
	ck_assert_uint_eq(times(">20.00<"), 2);
	ck_assert_uint_eq(times(">90.09<"), 1);
	ck_assert_uint_eq(times(">60.00<"), 2);
	ck_assert_uint_eq(times(">45.00<"), 4);
	ck_assert_uint_eq(times(">61.00<"), 1);
	ck_assert_uint_eq(times(">70.09<"), 1); /* beyond the allowance */
	ck_assert_uint_eq(times(">40.00<"), 2);
	ck_assert_uint_eq(times(">50.02<"), 1);
	ck_assert_uint_eq(times(">48.20<"), 1);
	ck_assert_uint_eq(times(">1.82<"), 1);
	ck_assert_uint_eq(times(">-19.98<"), 1);
	ck_assert_uint_eq(times(">–<"), 3); /* the month without use */
	ck_assert_uint_eq(times(">2025-09<"), 1);
	ck_assert_uint_eq(times(">2026-02<"), 1);
	ck_assert_uint_eq(times("<title id=\"title\">middle：近5个月平均每月省1.82元，"
	                        "只答问、不推送</title>"),
	                  1);
	ck_assert_uint_eq(times("5个月月均50.02元，其中3个月超出套餐，共多付150.09元"),
	                  1);
	/* Either fails another guard first. */
	ck_assert_uint_eq(times("未推的套餐（个）："), 1);
}
END_TEST

START_TEST(bars_are_as_tall_as_bills)
{
	static const int yuan_1000[] = { 20000, 20000, 90090, 60000, 60000 };
	struct case_of c = user_1001();
	size_t beyond = 0;

	draw(&c, &megaline, true);
	check_document();
	/* Bars, and one swatch each behind them. */
	ck_assert_uint_eq(marks("<rect", "fee"), 5 + 1);
	ck_assert_uint_eq(marks("<rect", "over"), 3 + 1);
	for (size_t i = 0; i < 5; i++) {
		const char *fee = mark("<rect", "fee", i);
		int tall = attribute(fee, "height");
		const int foot = attribute(fee, "y") + tall;

		if (yuan_1000[i] > 20000) {
			const char *over = mark("<rect", "over", beyond++);

			ck_assert_int_eq(attribute(over, "x"), attribute(fee, "x"));
			ck_assert_int_eq(attribute(over, "y") + attribute(over, "height"),
			                 attribute(fee, "y"));
			tall += attribute(over, "height");
		}
		/* The axis ends at 100 yuan, 250 high. */
		ck_assert_int_eq(tall, yuan_1000[i] * 250 / 100000);
		ck_assert_int_eq(foot, attribute(mark("<line", "rule", 0), "y1"));
	}
	ck_assert_uint_eq(times(">100 yuan<"), 1);
	ck_assert_uint_eq(times(">0<"), 1);
}
END_TEST

START_TEST(pushed_asked_and_neither)
{
	struct case_of c = user_1001();

	/* Nothing is in the way. */
	memset(c.policy.stage, 0, sizeof(c.policy.stage));
	for (size_t i = 0; i < STAGES; i++)
		c.policy.stage[i] = (struct stage_limits){ 1, 1, 10000, -100000 };
	c.policy.give_bp = 1000000;
	c.policy.regret_bp = 0;
	c.policy.shock_li = INT32_MAX;
	c.policy.material_li = c.policy.material_bp = 0;
	c.policy.binding_bp = 0;
	c.policy.months_least = 1;
	draw(&c, &megaline, false);
	check_document();
	ck_assert_uint_eq(times("<title id=\"title\">换middle：近5个月平均每月省1.82元<"),
	                  1);
	ck_assert_uint_eq(times(">推荐 middle<"), 1);
	draw(&c, &megaline, true);
	check_document();
	ck_assert_uint_eq(times("\"title\">Move to middle: saves 1.82 yuan a month "
	                        "(last 5 months)<"),
	                  1);

	/* Who is on the best has it. */
	c.subject.tariff = MIDDLE;
	c.policy.asked_li = 5000;
	for (size_t i = 0; i < STAGES; i++)
		c.policy.stage[i].down = c.policy.stage[i].up = 0;
	draw(&c, &megaline, false);
	check_document();
	ck_assert_uint_eq(times("\"title\">留在middle：没有套餐每月能省5元以上<"), 1);
}
END_TEST

START_TEST(months_with_gaps)
{
	for (unsigned usable = 1; usable < 64; usable++) {
		struct case_of c = user_1001();
		const char *path;
		size_t pieces = 0;

		c.subject.usable = (uint8_t)usable;
		draw(&c, &megaline, usable % 2 == 0);
		check_document();
		ck_assert_uint_eq(marks("<circle", "s1"),
		                  (size_t)__builtin_popcount(usable));
		/* A line is taken up anew behind each gap. */
		path = mark("<path", "l1", 0);
		for (const char *p = strstr(path, " d=\"") + 4; *p != '"'; p++)
			pieces += *p == 'M';
		ck_assert_uint_eq(pieces,
		                  (size_t)__builtin_popcount(usable & ~(usable << 1)));
	}
}
END_TEST

START_TEST(months_that_weigh_differently_are_shown)
{
	struct case_of c = user_1001();

	draw(&c, &megaline, false);
	ck_assert_uint_eq(times("加权月均"), 0);
	c.policy.weight[5] = 7;
	draw(&c, &megaline, false);
	check_document();
	ck_assert_uint_eq(times("加权月均"), 1);
	ck_assert_uint_eq(times(">× 7<"), 1);
	ck_assert_uint_eq(times(">× 1<"), 4);
}
END_TEST

START_TEST(nothing_to_compare)
{
	struct case_of c = user_1001();

	c.subject.usable = 0;
	draw(&c, &megaline, false);
	check_document();
	c = user_1001();
	c.subject.tariff = SIZE_MAX;
	draw(&c, &megaline, true);
	check_document();
	ck_assert_uint_eq(times("There are no bills to compare"), 2);
}
END_TEST

START_TEST(bills_of_any_size)
{
	for (int32_t use = 1; use > 0 && use < USE_MOST / 3; use *= 3) {
		struct case_of c = user_1001();

		for (size_t m = 0; m < USAGE_MONTHS; m++)
			for (size_t d = 0; d < DIMS; d++)
				c.subject.use[m][d] = m == 2 ? use : use / 7;
		draw(&c, &megaline, use % 2 == 0);
		check_document();
	}
}
END_TEST

/* ---- names ---- */

#define HOSTILE(text)                                                        \
	{                                                                    \
		.code = { "x", 1 }, .name_zh = { (text), sizeof(text) - 1 }, \
		.fee_fen = 3000, .kind = PACKAGE_MAIN, .on_sale = true       \
	}

static const struct package hostile[] = {
	HOSTILE("</text><script>alert(1)</script>"),
	HOSTILE("\"/><image href=\"http://example.com/x\"/>"),
	HOSTILE("a&b&amp;&#0;%s%n%d"),
	HOSTILE("\x01\x1b[31m\r\n\t\x7f"),
	HOSTILE("\xff\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80\xe4\xbd"),
	HOSTILE("abc\xe2\x80\xae"
	        "cba\xe2\x81\xa6\xef\xbf\xbe"),
	HOSTILE("MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM"),
	HOSTILE("一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六"),
	HOSTILE("z\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81"),
	HOSTILE("]]><!-- -->"),
	HOSTILE(""),
};

/* The tariffs of the example under other names. */
static struct tariffs named(const struct package *p, struct tariff all[MEGALINE])
{
	for (size_t i = 0; i < MEGALINE; i++) {
		all[i] = megaline_tariff[i];
		all[i].package = p;
	}
	return (struct tariffs){ all, MEGALINE, NULL };
}

START_TEST(names_may_hold_anything)
{
	for (size_t i = 0; i < COUNT_OF(hostile); i++) {
		struct tariff all[MEGALINE];
		const struct tariffs t = named(&hostile[i], all);
		struct case_of c = user_1001();

		for (int english = 0; english < 2; english++) {
			draw(&c, &t, english != 0);
			check_document();
			ck_assert_uint_eq(times("<script"), 0);
			ck_assert_uint_eq(times("<image"), 0);
			ck_assert_uint_eq(times("\xe2\x80\xae"), 0);
			ck_assert_uint_eq(times("\xcc\x81"), 0);
		}
	}
}
END_TEST

START_TEST(names_are_escaped_once_and_whole)
{
	static const struct package p = HOSTILE("a<b>&\"c\"");
	struct tariff all[MEGALINE];
	const struct tariffs t = named(&p, all);
	struct case_of c = user_1001();

	draw(&c, &t, false);
	check_document();
	ck_assert_uint_ge(times(">x a&lt;b&gt;&amp;&quot;c&quot;<"), MEGALINE);
	ck_assert_uint_eq(times("&amp;lt;"), 0);
}
END_TEST

START_TEST(what_is_no_utf8_is_replaced)
{
	/* A '<' that is too long, half a character, half a pair: an octet, a sign. */
	static const struct package p = HOSTILE(
		"\xc1\xbc\xe0\x80\xbc|\xe4\xbd|\xed\xa0\xbd");
	struct tariff all[MEGALINE];
	const struct tariffs t = named(&p, all);
	struct case_of c = user_1001();

#define NONE "\xef\xbf\xbd"
	draw(&c, &t, false);
	check_document();
	ck_assert_uint_ge(
		times(">x " NONE NONE NONE NONE NONE "|" NONE NONE "|" NONE "<"), 2);
}
END_TEST

/* ---- names where lines end ---- */

/* n packages of these names, of which he has the first; codes NULL: Surf's. */
static struct tariffs called(struct case_of *c, const char *const names[],
                             const char *const codes[], size_t n, struct package p[],
                             struct tariff all[])
{
	for (size_t i = 0; i < n; i++) {
		p[i] = megaline_package[SURF];
		p[i].name_zh = str_of(names[i]);
		if (codes != NULL)
			p[i].code = str_of(codes[i]);
		all[i] = (struct tariff){ .package = &p[i] };
		offer_add(&c->subject.allowed, i);
	}
	c->subject.tariff = 0;
	return (struct tariffs){ all, n, NULL };
}

START_TEST(long_names_are_told_apart_by_their_ends)
{
	static const char *const names[] = {
		"全球通尊享家庭融合畅享套餐（含宽带与电视）88元",
		"全球通尊享家庭融合畅享套餐（含宽带与电视）128元"
	};
	struct case_of c = user_1001();
	struct package p[2];
	struct tariff all[2];
	const struct tariffs t = called(&c, names, NULL, 2, p, all);

	draw(&c, &t, false);
	check_document();
	ck_assert_uint_ge(times("88元<"), 2);
	ck_assert_uint_ge(times("128元<"), 2);
	ck_assert_uint_eq(times("……"), 0);
	ck_assert_uint_eq(times(names[0]) + times(names[1]), 0);
}
END_TEST

/* The title was cut in its middle: "saves 12.5 yu…month over". */
START_TEST(a_long_name_leaves_room_for_what_is_said_of_it)
{
	static const struct package p = {
		.code = { "x", 1 },
		.name_en = { "Global Star Unlimited Plan 98 (2025)", 36 },
		.name_zh = { "全球通畅享家庭融合尊享套餐98元档(2025版)", 56 },
		.kind = PACKAGE_MAIN,
		.on_sale = true,
	};
	struct tariff all[MEGALINE];
	const struct tariffs t = named(&p, all);
	struct case_of c = user_1001();

	c.subject.tariff = ULTIMATE;
	draw(&c, &t, true);
	check_document();
	ck_assert_uint_ge(times(" yuan a month (last 5 months); not pushed<"), 2);
	draw(&c, &t, false);
	check_document();
	ck_assert_uint_ge(times("元，只答问、不推送<"), 2);
	ck_assert_uint_ge(times("：近5个月平均每月省"), 2);
}
END_TEST

/* In a row both would be 全球通畅享…档(2025版): their codes stand in front. */
START_TEST(rows_that_look_alike_once_cut_begin_with_codes)
{
	static const char *const names[] = { "全球通畅享套餐98元档(2025版)",
		                             "全球通畅享套餐58元档(2025版)", "畅享套餐" };
	static const char *const codes[] = { "QA98", "QA58", "CX" };
	struct case_of c = user_1001();
	struct package p[3];
	struct tariff all[3];
	const struct tariffs t = called(&c, names, codes, 3, p, all);

	draw(&c, &t, false);
	check_document();
	ck_assert_uint_eq(times(">QA98 全…"), 1);
	ck_assert_uint_eq(times(">QA58 全…"), 1);
	ck_assert_uint_eq(times(">QA58 全球通畅享套餐58元档(2025版)<"), 1);
	ck_assert_uint_eq(times(">畅享套餐<"), 2);
}
END_TEST

/* Voice at 3,000 yuan a minute; nothing is cut. */
static const struct {
	int32_t minutes;
	const char *zh, *en;
} large[] = {
	{ 33, ">99000.00<", ">99000.00<" },  { 333, ">999,000<", ">999,000<" },
	{ 334, ">100.20万<", ">1.00M<" },    { 41152, ">1.23亿<", ">123.46M<" },
	{ 333000, ">9.99亿<", ">999.00M<" },
};

START_TEST(bills_of_many_digits_are_whole)
{
	for (int english = 0; english < 2; english++) {
		struct package p = { .code = { "x", 1 }, .name_zh = { "x", 1 } };
		struct tariff all[] = { { .package = &p }, { .package = &p } };
		const struct tariffs t = { all, 2, NULL };
		struct case_of c = user_1001();

		all[0].tier[DIM_VOICE] = (struct tariff_tier){ 1,
			                                       { { 0, 1, 3000000 } },
			                                       0 };
		for (size_t m = 0; m < USAGE_MONTHS; m++)
			c.subject.use[m][DIM_VOICE] = large[_i].minutes;
		offer_add(&c.subject.allowed, 1);
		c.subject.tariff = 0;
		draw(&c, &t, english != 0);
		check_document();
		ck_assert_uint_ge(times(english ? large[_i].en : large[_i].zh), 6);
		ck_assert_uint_eq(times("…"), 0);
	}
}
END_TEST

START_TEST(names_do_not_meet)
{
	enum {
		ALL = 1 + CHART_OTHERS
	};
	struct package p[ALL];
	struct tariff all[ALL];
	const struct tariffs t = { all, ALL, NULL };
	struct case_of c = user_1001();
	int last = 0, found = 0;

	/* All end in the same corner. */
	for (size_t i = 0; i < ALL; i++) {
		p[i] = megaline_package[SURF];
		all[i] = (struct tariff){ .package = &p[i] };
		offer_add(&c.subject.allowed, i);
	}
	draw(&c, &t, false);
	check_document();
	for (const char *at = buf_cstr(&out); (at = strstr(at, "<text")) != NULL; at++) {
		const int y = attribute(at, "y");

		if (attribute(at, "x") != 690)
			continue;
		ck_assert_int_ge(y, found++ > 0 ? last + 16 : 140);
		/* Above the heads of the columns that begin beside the months. */
		ck_assert_int_lt(y, attribute(mark("<line", "rule", 0), "y1"));
		last = y;
	}
	ck_assert_int_eq(found, ALL);
}
END_TEST

/* ---- a rehearsal ---- */

enum {
	MANY = 12
};

static struct package many_package[MANY];
static struct tariff many_tariff[MANY];
static char many_name[MANY][8];
static const struct tariffs many = { many_tariff, MANY, NULL };

/* Fees fall with the index: the matrix stands by fee. */
static void make_many(void)
{
	for (size_t i = 0; i < MANY; i++) {
		(void)snprintf(many_name[i], sizeof(many_name[i]), "P%zu", i);
		many_package[i] = (struct package){ .code = str_of(many_name[i]),
			                            .name_zh = str_of(many_name[i]) };
		many_tariff[i] = (struct tariff){ .package = &many_package[i],
			                          .fee_li = (int32_t)(1000 *
			                                              (MANY - i)) };
	}
}

static struct rehearsal nothing_moves(const struct policy *policy)
{
	make_many();
	return rehearsal_begin(&many, many_tariff, policy, &arena);
}

static void draw_rehearsal(const struct rehearsal *r, bool english)
{
	buf_reset(&out);
	chart_rehearsal(r, english, &out);
	check_document();
}

START_TEST(rehearsal_of_nobody)
{
	const struct policy policy = policy_defaults();
	struct rehearsal r = nothing_moves(&policy);

	draw_rehearsal(&r, false);
	ck_assert_uint_eq(marks("<rect", "win") + marks("<rect", "lose"), 0);
	ck_assert_uint_eq(marks("<rect", "heat"), 0);
	rehearsal_end(&r);
}
END_TEST

START_TEST(money_before_and_after)
{
	const struct policy policy = policy_defaults();
	struct rehearsal r = nothing_moves(&policy);
	struct rehearsed *push = &r.course[REHEARSE_PUSH];

	r.subjects = 4000;
	r.revenue_li = 1000000000;
	r.margin_li = 400000499;
	*push = (struct rehearsed){ .revenue_li = 987654321,
		                    .margin_li = 402000000,
		                    .moves = push->moves,
		                    .winners = 3210,
		                    .losers = 12,
		                    .won_li = 15000000,
		                    .insured = 7,
		                    .reserve_fen = 123456 };
	draw_rehearsal(&r, false);
	ck_assert_uint_eq(times(">1,000,000<"), 1);
	ck_assert_uint_eq(times(">400,000<"), 1);
	ck_assert_uint_eq(times(">987,654<"), 1);
	ck_assert_uint_eq(times(">402,000<"), 1);
	ck_assert_uint_eq(times(">1,235<"), 1);
	ck_assert_uint_eq(
		times("\"title\">按守则推送：月收入-1.2%，毛利+0.5%；3,210户少付，12户多付<"),
		1);
	ck_assert_uint_eq(times(">3,210户少付（80.3%），共15,000元/月<"), 1);
	rehearsal_end(&r);
}
END_TEST

START_TEST(bands_hold_whom_they_name)
{
	/* The first and last yuan of each band; the open one ends with the table. */
	static const int first[] = { 1, 2, 6, 11, 21, 51 },
			 last[] = { 1, 5, 10, 20, 50, 100 };
	const struct policy policy = policy_defaults();

	for (size_t b = 0; b < COUNT_OF(first); b++) {
		struct rehearsal r = nothing_moves(&policy);
		struct rehearsed *ask = &r.course[REHEARSE_ASK];

		ask->winners = ask->losers = 1;
		ask->yuan[REHEARSE_NOUGHT + first[b]] = 7000;
		ask->yuan[REHEARSE_NOUGHT + last[b]] += 70;
		ask->yuan[REHEARSE_NOUGHT - first[b]] = 3000;
		ask->yuan[REHEARSE_NOUGHT - last[b]] += 30;
		draw_rehearsal(&r, b % 2 == 0);
		/* One bar each, and figures of the others are 0. */
		ck_assert_uint_eq(marks("<rect", "win"), 1);
		ck_assert_uint_eq(marks("<rect", "lose"), 1);
		ck_assert_int_gt(attribute(mark("<rect", "win", 0), "width"),
		                 2 * attribute(mark("<rect", "lose", 0), "width"));
		ck_assert_uint_eq(times(">7,070<"), 1);
		ck_assert_uint_eq(times(">3,030<"), 1);
		rehearsal_end(&r);
	}
}
END_TEST

START_TEST(matrix_of_all_moves)
{
	const struct policy policy = policy_defaults();
	struct rehearsal r = nothing_moves(&policy);
	size_t *moves = r.course[REHEARSE_PUSH].moves;

	for (size_t i = 0; i < MANY; i++)
		moves[i * MANY + i] = 100000;
	for (size_t i = 0; i + 1 < MANY; i++)
		moves[i * MANY + i + 1] = 1000 + 10 * i;
	draw_rehearsal(&r, false);
	/* P0, P1, P2 and P11 have the fewest: they are the rest. */
	ck_assert_uint_eq(times("从哪里换到哪里：11,550户换套餐<"), 1);
	for (size_t i = 3; i < 10; i++) {
		char figure[16];

		(void)snprintf(figure, sizeof(figure), ">1,0%zu<", 10 * i);
		ck_assert_uint_eq(times(figure), 1);
	}
	ck_assert_uint_eq(times(">1,020<"), 1);   /* from the rest to P3 */
	ck_assert_uint_eq(times(">1,100<"), 1);   /* from P10 to the rest */
	ck_assert_uint_eq(times(">402,010<"), 1); /* within the rest; 400,000 stay */
	ck_assert_uint_eq(marks("<rect", "heat"), 9);
	ck_assert_uint_eq(marks("<rect", "stay"), 9);
	/* By fee, the dearest last. */
	ck_assert(strstr(buf_cstr(&out), ">P10<") < strstr(buf_cstr(&out), ">P9<"));
	ck_assert(strstr(buf_cstr(&out), ">P5<") < strstr(buf_cstr(&out), ">P4<"));
	rehearsal_end(&r);
}
END_TEST

/* The i-th text that is this. */
static const char *text_of(const char *text, size_t i)
{
	const char *p = buf_cstr(&out), *at;

	do
		p = strstr(p + 1, text);
	while (p != NULL && i-- > 0);
	ck_assert_ptr_nonnull(p);
	for (at = p; *at != '<'; at--)
		continue;
	return at;
}

START_TEST(rows_are_from_and_columns_to)
{
	const struct policy policy = policy_defaults();
	struct rehearsal r = nothing_moves(&policy);

	r.course[REHEARSE_ASK].moves[4 * MANY + 7] = 321;
	draw_rehearsal(&r, true);
	/* Heads are written before rows. */
	ck_assert_int_eq(attribute(text_of(">321<", 0), "y"),
	                 attribute(text_of(">P4<", 1), "y"));
	ck_assert_int_eq(attribute(text_of(">321<", 0), "x"),
	                 attribute(text_of(">P7<", 0), "x"));
	rehearsal_end(&r);
}
END_TEST

/* "12…" could be 12, 120 or 128. */
START_TEST(a_price_in_front_is_never_cut)
{
	const struct policy policy = policy_defaults();
	struct rehearsal r = nothing_moves(&policy);

	many_package[5].name_zh = STR("1280元尊享套餐");
	for (size_t i = 0; i < MANY; i++)
		r.course[REHEARSE_ASK].moves[i * MANY + (i + 1) % MANY] = i == 5 ? 20
		                                                                 : 10;
	draw_rehearsal(&r, false);
	ck_assert_uint_eq(times(">1280…"), 1);
	ck_assert_uint_eq(times("…"), 1);
	rehearsal_end(&r);
}
END_TEST

/* Cut to a column's width both would be 5G… and an end that they share. */
START_TEST(names_that_look_alike_once_cut_are_codes)
{
	const struct policy policy = policy_defaults();
	struct rehearsal r = nothing_moves(&policy);

	many_package[5].name_zh = STR("5G智享家庭融合套餐129元档（2026版）");
	many_package[6].name_zh = STR("5G智享个人融合套餐129元档（2026版）");
	for (size_t i = 0; i < MANY; i++)
		r.course[REHEARSE_ASK].moves[i * MANY + (i + 1) % MANY] = i == 5 || i == 6
		                                                                  ? 20
		                                                                  : 10;
	draw_rehearsal(&r, false);
	ck_assert_uint_eq(times(">P5<"), 1);
	ck_assert_uint_eq(times(">P6<"), 1);
	/* A row says which code that is. */
	ck_assert_uint_eq(times(">P5 5G"), 1);
	ck_assert_uint_eq(times(">P6 5G"), 1);
	rehearsal_end(&r);
}
END_TEST

START_TEST(where_all_go_is_named)
{
	const struct policy policy = policy_defaults();
	struct rehearsal r = nothing_moves(&policy);

	for (size_t i = 0; i < MANY; i++)
		r.course[REHEARSE_ASK].moves[i * MANY + 11] = i != 11 ? 10 : 0;
	draw_rehearsal(&r, true);
	ck_assert_uint_eq(times(">P11<"), 2);
	ck_assert_uint_eq(times(">the rest<"), 2);
	ck_assert_uint_eq(times(">40<"),
	                  2); /* of four that are not named, and their sum */
	rehearsal_end(&r);
}
END_TEST

START_TEST(largest_figures_fit)
{
	const struct policy policy = policy_defaults();
	struct rehearsal r = nothing_moves(&policy);

	r.subjects = 99999999;
	r.revenue_li = r.margin_li = INT64_C(99999999999000);
	for (size_t c = 0; c < REHEARSE_COURSE_COUNT; c++) {
		struct rehearsed *one = &r.course[c];

		one->revenue_li = one->won_li = one->lost_li = r.revenue_li;
		one->margin_li = -r.margin_li;
		one->winners = one->losers = one->same = 99999999;
		one->insured = 1;
		one->reserve_fen = r.revenue_li / 10;
		for (size_t i = 0; i < REHEARSE_YUAN; i++)
			one->yuan[i] = 400000;
		for (size_t i = 0; i < MANY * MANY; i++)
			one->moves[i] = 900000;
	}
	for (int english = 0; english < 2; english++)
		draw_rehearsal(&r, english != 0);
	rehearsal_end(&r);
}
END_TEST

START_TEST(a_page_too_large_fails)
{
	struct case_of c = user_1001();

	for (size_t most = 0; most < 4000; most += 97) {
		buf_free(&out);
		out = buf_make(most);
		draw(&c, &megaline, false);
		ck_assert(out.failed);
	}
}
END_TEST

SUITE("offer/chart", tcase_add_checked_fixture(tc, setup, teardown);
      tcase_add_test(tc, shows_the_bills); tcase_add_test(tc, bars_are_as_tall_as_bills);
      tcase_add_test(tc, pushed_asked_and_neither); tcase_add_test(tc, months_with_gaps);
      tcase_add_test(tc, months_that_weigh_differently_are_shown);
      tcase_add_test(tc, nothing_to_compare); tcase_add_test(tc, bills_of_any_size);
      tcase_add_test(tc, names_may_hold_anything);
      tcase_add_test(tc, names_are_escaped_once_and_whole);
      tcase_add_test(tc, rehearsal_of_nobody); tcase_add_test(tc, money_before_and_after);
      tcase_add_test(tc, bands_hold_whom_they_name);
      tcase_add_test(tc, matrix_of_all_moves);
      tcase_add_test(tc, what_is_no_utf8_is_replaced);
      tcase_add_test(tc, long_names_are_told_apart_by_their_ends);
      tcase_add_test(tc, a_long_name_leaves_room_for_what_is_said_of_it);
      tcase_add_test(tc, rows_that_look_alike_once_cut_begin_with_codes);
      tcase_add_loop_test(tc, bills_of_many_digits_are_whole, 0, COUNT_OF(large));
      tcase_add_test(tc, names_do_not_meet);
      tcase_add_test(tc, rows_are_from_and_columns_to);
      tcase_add_test(tc, a_price_in_front_is_never_cut);
      tcase_add_test(tc, names_that_look_alike_once_cut_are_codes);
      tcase_add_test(tc, where_all_go_is_named); tcase_add_test(tc, largest_figures_fit);
      tcase_add_test(tc, a_page_too_large_fails);)
