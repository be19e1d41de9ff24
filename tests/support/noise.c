/*
 * noise.c - see noise.h.
 */
#include "support/noise.h"

#include <assert.h>
#include <opencc/opencc.h>
#include <string.h>

#include "base/dice.h"

enum {
	TEXT_MAX = 4096
};

unsigned noise_below(struct noise *n, unsigned max)
{
	return (unsigned)dice_below(&n->state, max);
}

struct noise noise_open(uint64_t seed)
{
	struct noise n = { .state = seed, .s2t = opencc_open("s2t.json") };

	assert(n.s2t != (void *)-1);
	return n;
}

void noise_close(struct noise *n)
{
	(void)opencc_close(n->s2t);
}

static size_t step(struct str s, size_t i)
{
	size_t n = 1;

	while (i + n < s.n && ((uint8_t)s.p[i + n] & 0xc0) == 0x80)
		n++;
	return n;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool alnum(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || is_letter(c);
}

static bool with_case(struct noise *n, struct str s, struct buf *out)
{
	const unsigned how = noise_below(n, 3);
	bool changed = false;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (alnum(c) && !is_digit(c)) {
			const bool lower = how == 0 ||
			                   (how == 1 && noise_below(n, 2) == 0);

			c = (char)(lower ? (uint8_t)c | 0x20U : (uint8_t)c & 0xdfU);
			changed = true;
		}
		buf_putc(out, c);
	}
	return changed;
}

static bool with_width(struct noise *n, struct str s, struct buf *out)
{
	bool changed = false;

	(void)n;
	for (size_t i = 0; i < s.n; i++) {
		const uint8_t c = (uint8_t)s.p[i];

		if (c > ' ' && c < 0x7f) {
			buf_put_utf8(out, 0xff00U + c - 0x20U);
			changed = true;
		} else {
			buf_putc(out, s.p[i]);
		}
	}
	return changed;
}

/* Blanks around, and doubled where there are some. */
static bool with_spacing(struct noise *n, struct str s, struct buf *out)
{
	static const char *const blank[] = { " ", "  ", "\t", "\n", "\r\n", "　" };

	if (noise_below(n, 2) == 0)
		buf_puts(out, str_of(blank[noise_below(n, 6)]));
	for (size_t i = 0; i < s.n; i++) {
		buf_putc(out, s.p[i]);
		if (s.p[i] == ' ')
			buf_puts(out, str_of(blank[noise_below(n, 2)]));
	}
	buf_puts(out, str_of(blank[noise_below(n, 6)]));
	return true;
}

static bool with_punctuation(struct noise *n, struct str s, struct buf *out)
{
	static const char *const end[] = { "。", "！", "！！",   "…",  "～",
		                           ".",  "!",  "。。。", "，", "、" };
	static const char *const around[][2] = { { "“", "”" },
		                                 { "【", "】" },
		                                 { "\"", "\"" },
		                                 { "（", "）" },
		                                 { "《", "》" } };
	const bool quoted = noise_below(n, 4) == 0;
	const unsigned k = noise_below(n, 5);

	if (quoted)
		buf_puts(out, str_of(around[k][0]));
	buf_puts(out, s);
	if (quoted)
		buf_puts(out, str_of(around[k][1]));
	else
		buf_puts(out, str_of(end[noise_below(n, 10)]));
	return true;
}

static bool with_traditional(struct noise *n, struct str s, struct buf *out)
{
	char *to = opencc_convert_utf8(n->s2t, s.p, s.n);
	const bool changed = strlen(to) != s.n || memcmp(to, s.p, s.n) != 0;

	buf_puts(out, str_of(to));
	opencc_convert_utf8_free(to);
	return changed;
}

static bool with_invisible(struct noise *n, struct str s, struct buf *out)
{
	static const uint32_t none[] = {
		0x200b, 0x200c, 0x200d, 0xfeff, 0x2060, 0x202a, 7
	};

	for (size_t i = 0; i < s.n; i += step(s, i)) {
		if (noise_below(n, 4) == 0)
			buf_put_utf8(out, none[noise_below(n, 7)]);
		buf_put(out, s.p + i, step(s, i));
	}
	buf_put_utf8(out, none[noise_below(n, 7)]);
	return true;
}

static bool with_politeness(struct noise *n, struct str s, struct buf *out)
{
	static const char *const before[] = { "请",      "您好，", "你好 ", "麻烦",
		                              "please ", "",       "" };
	static const char *const after[] = { "，谢谢",   "谢谢",    " 谢谢！",
		                             "。谢谢您", " thanks", " pls" };

	buf_puts(out, str_of(before[noise_below(n, 7)]));
	buf_puts(out, s);
	buf_puts(out, str_of(after[noise_below(n, 6)]));
	return true;
}

static bool with_forwarding(struct noise *n, struct str s, struct buf *out)
{
	static const char *const around[][2] = {
		{ "发送", "到10086" },     { "编辑短信", "发送至10086" },
		{ "发", "到10086" },       { "转发：", "" },
		{ "Fwd: ", "" },           { "回复", "到10086" },
		{ "send ", " to 10086" },  { "Re:", "" },
		{ "请发送“", "”到10086" },
	};
	const unsigned k = noise_below(n, sizeof(around) / sizeof(around[0]));

	for (size_t i = 0; i < s.n; i++)
		if (!alnum(s.p[i]) || (i == 0 && is_digit(s.p[i]))) {
			buf_puts(out, s);
			return false;
		}
	buf_puts(out, str_of(around[k][0]));
	buf_puts(out, s);
	buf_puts(out, str_of(around[k][1]));
	return true;
}

static void put_numeral(unsigned v, struct buf *out)
{
	static const char *const digit[] = { "",   "一", "二", "三", "四",
		                             "五", "六", "七", "八", "九" };

	if (v >= 100) {
		buf_printf(out, "%s百", digit[v / 100]);
		if (v % 100 > 0 && v % 100 < 10)
			buf_puts(out, STR("零"));
		else if (v % 100 >= 10 && v % 100 < 20)
			buf_puts(out, STR("一"));
	}
	v %= 100;
	if (v >= 10)
		buf_printf(out, "%s十", v < 20 ? "" : digit[v / 10]);
	buf_puts(out, str_of(digit[v % 10]));
}

/* Numbers of at most three digits in front of 元, 块 or 月. */
static bool with_numerals(struct noise *n, struct str s, struct buf *out)
{
	bool changed = false;

	(void)n;
	for (size_t i = 0; i < s.n;) {
		size_t k = i;
		unsigned v = 0;

		while (k < s.n && is_digit(s.p[k]) && k - i < 4)
			v = v * 10 + (unsigned)(s.p[k++] - '0');
		const struct str unit = { s.p + k, s.n - k };

		if (k > i && k - i < 4 && v > 0 &&
		    (str_starts(unit, STR("元")) || str_starts(unit, STR("块")) ||
		     str_starts(unit, STR("月")))) {
			put_numeral(v, out);
			changed = true;
		} else {
			k = k > i ? k : i + 1;
			buf_put(out, s.p + i, k - i);
		}
		i = k;
	}
	return changed;
}

/* Another letter of the same row of a keyboard, or of the same key of a telephone. */
static char neighbour(struct noise *n, char c)
{
	static const char *const near[] = { "qwertyuiop", "asdfghjkl", "zxcvbnm" };
	static const char *const keys[] = { "abc", "def",  "ghi", "jkl",
		                            "mno", "pqrs", "tuv", "wxyz" };
	const char low = (char)((uint8_t)c | 0x20U);
	char out = low;

	for (size_t i = 0; i < 8 && noise_below(n, 3) == 0; i++)
		if (strchr(keys[i], low) != NULL)
			out = keys[i][noise_below(n, (unsigned)strlen(keys[i]))];
	for (size_t i = 0; i < 3 && out == low; i++) {
		const char *p = strchr(near[i], low);

		if (p != NULL)
			out = p[1] != '\0' && (p == near[i] || noise_below(n, 2) == 0)
			              ? p[1]
			              : p[-1];
	}
	return (char)(is_letter(c) ? (uint8_t)out & 0xdfU : (uint8_t)out);
}

static bool with_typo(struct noise *n, struct str s, struct buf *out)
{
	size_t at[TEXT_MAX], letters = 0;

	for (size_t i = 0; i < s.n && letters < TEXT_MAX; i++)
		if (alnum(s.p[i]) && !is_digit(s.p[i]))
			at[letters++] = i;
	if (letters < 3) {
		buf_puts(out, s);
		return false;
	}
	const size_t i = at[noise_below(n, (unsigned)letters)];
	const unsigned how = noise_below(n, 4);
	const bool pair = i + 1 < s.n && alnum(s.p[i + 1]) && !is_digit(s.p[i + 1]);

	buf_put(out, s.p, i);
	if (how == 0) { /* one more */
		buf_putc(out, s.p[i]);
		buf_putc(out, neighbour(n, s.p[i]));
	} else if (how == 1) { /* another one */
		buf_putc(out, neighbour(n, s.p[i]));
	} else if (how == 2 && pair) { /* exchanged */
		buf_putc(out, s.p[i + 1]);
		buf_putc(out, s.p[i]);
		buf_put(out, s.p + i + 2, s.n - i - 2);
		return s.p[i] != s.p[i + 1];
	} /* else one less */
	buf_put(out, s.p + i + 1, s.n - i - 1);
	return true;
}

/* Characters of command words with others of the same sound. */
static const char *const sounds[] = {
	"余鱼于与预", "额鹅恶",   "话化画划", "费废非", "账帐涨掌", "单担丹", "流留刘",
	"量亮辆",     "积机基记", "分份芬",   "套讨",   "餐参残",   "详祥",   "彩采菜",
	"铃玲零",     "取去趣",   "消小校",   "订定",   "开凯",     "通同",   "人仁认",
	"工公功",     "密蜜米",   "码马吗",   "忘望往", "发法",     "票漂飘", "查察茶",
	"询寻讯",     "业夜也",   "务物误",   "优忧悠", "惠会汇",   "券卷劝", "抽丑",
	"奖讲将",     "投头",     "诉速素",   "挂瓜",   "失师",     "换环",   "改概",
	"现线先",     "显险",     "示是事",   "电点店", "来莱",     "漫慢满", "游由油",
	"手收首",     "机级鸡",   "报抱暴",   "关观官", "退推",
};

static const char *sounds_like(const char *p, size_t n)
{
	for (size_t i = 0; i < sizeof(sounds) / sizeof(sounds[0]); i++)
		for (const char *q = sounds[i]; *q != '\0'; q += 3)
			if (n == 3 && memcmp(q, p, 3) == 0)
				return sounds[i];
	return NULL;
}

static bool with_homophone(struct noise *n, struct str s, struct buf *out)
{
	size_t at[TEXT_MAX / 3], found = 0, i;
	const char *group;

	for (i = 0; i < s.n && found < TEXT_MAX / 3; i += step(s, i))
		if (sounds_like(s.p + i, step(s, i)) != NULL)
			at[found++] = i;
	if (found == 0) {
		buf_puts(out, s);
		return false;
	}
	i = at[noise_below(n, (unsigned)found)];
	group = sounds_like(s.p + i, 3);
	const char *other = group;

	while (memcmp(other, s.p + i, 3) == 0)
		other = group + (size_t)3 * noise_below(n, (unsigned)(strlen(group) / 3));
	buf_put(out, s.p, i);
	buf_put(out, other, 3);
	buf_put(out, s.p + i + 3, s.n - i - 3);
	return true;
}

/* clang-format off */
static const struct {
	const char *name;
	bool (*add)(struct noise *n, struct str s, struct buf *out);
	unsigned per_mille; /* of texts, daily */
} kinds[NOISE_KINDS] = {
	[NOISE_CASE]        = { "case", with_case, 300 },
	[NOISE_WIDTH]       = { "width", with_width, 20 },
	[NOISE_SPACING]     = { "spacing", with_spacing, 129 },
	[NOISE_PUNCTUATION] = { "punctuation", with_punctuation, 439 },
	[NOISE_TRADITIONAL] = { "traditional", with_traditional, 10 },
	[NOISE_INVISIBLE]   = { "invisible", with_invisible, 5 },
	[NOISE_POLITE]      = { "polite", with_politeness, 31 },
	[NOISE_FORWARD]     = { "forward", with_forwarding, 10 },
	[NOISE_NUMERAL]     = { "numeral", with_numerals, 160 },
	[NOISE_TYPO]        = { "typo", with_typo, 0 },
	[NOISE_HOMOPHONE]   = { "homophone", with_homophone, 0 },
};
/* clang-format on */

const char *noise_name(enum noise_kind kind)
{
	return kinds[kind].name;
}

bool noise_add(struct noise *n, enum noise_kind kind, struct str text, struct buf *out)
{
	return kinds[kind].add(n, text, out);
}

void noise_daily(struct noise *n, struct str text, struct buf *out)
{
	struct buf from = buf_make(TEXT_MAX), to = buf_make(TEXT_MAX);

	buf_puts(&from, text);
	/* What wraps comes before what stands around it. */
	for (int k = NOISE_KINDS - 1; k >= 0; k--) {
		if (noise_below(n, 1000) >= kinds[k].per_mille)
			continue;
		buf_reset(&to);
		(void)kinds[k].add(n, buf_str(&from), &to);
		buf_reset(&from);
		buf_puts(&from, buf_str(&to));
	}
	buf_puts(out, buf_str(&from));
	buf_free(&from);
	buf_free(&to);
}
