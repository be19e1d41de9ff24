/*
 * chart.c - text and marks of SVG charts: see chart_priv.h.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "chart_priv.h"

enum {
	EM = 100, /* widths are in 1/100 em */
	LITTLE = 8 * EM,
	BESIDE_CODE = 5 * EM, /* less of a name says nothing */
	TEXT_MOST = 512
};

static const int font_px[] = {
	[CHART_SMALL] = 12, [CHART_TEXT] = 14, [CHART_HEAD] = 16, [CHART_TITLE] = 21
};

/*
 * Blue and vermilion are told apart by all kinds of colour vision; lines differ in
 * dashes, too.  The classes are those that struct chart_spot and marks name.
 */
static const char style[] =
	"text{font-family:\"Noto Sans\",\"Noto Sans CJK SC\",\"Source Han Sans SC\","
	"\"PingFang SC\",\"Microsoft YaHei\",Arial,sans-serif;"
	"font-variant-numeric:tabular-nums}\n"
	".f0{font-size:12px}.f1{font-size:14px}"
	".f2{font-size:16px;font-weight:bold}.f3{font-size:21px;font-weight:bold}\n"
	".a1{text-anchor:middle}.a2{text-anchor:end}\n"
	".bg{fill:#fff}.ink,.s0{fill:#1b1f24}.soft{fill:#59626d}\n"
	".s1,.win{fill:#005b9a}.s2,.lose{fill:#b84a00}.s3{fill:#00775a}.s4{fill:#8f3f7c}\n"
	".l1,.l2,.l3,.l4{fill:none;stroke-width:2px;stroke-linejoin:round}\n"
	".l1{stroke:#005b9a}.main{stroke-width:4px}.l2{stroke:#b84a00;stroke-dasharray:8 4}\n"
	".l3{stroke:#00775a;stroke-dasharray:2 4}"
	".l4{stroke:#8f3f7c;stroke-dasharray:10 3 2 3}\n"
	".grid{stroke:#dfe3e8}.rule{stroke:#59626d}\n"
	".fee{fill:#c3cad3}.over{fill:#e8a33d}.same{fill:#9aa3ae}.stay{fill:#eceff3}"
	".heat{fill:#2b7bba}\n"
	"@media screen and (prefers-color-scheme:dark){\n"
	".bg{fill:#14171b}.ink,.s0{fill:#e8ebef}.soft{fill:#a3acb8}\n"
	".s1,.win{fill:#5cb3f0}.s2,.lose{fill:#f28a45}.s3{fill:#3cc79f}.s4{fill:#dc94c9}\n"
	".l1{stroke:#5cb3f0}.l2{stroke:#f28a45}.l3{stroke:#3cc79f}.l4{stroke:#dc94c9}\n"
	".grid{stroke:#30363e}.rule{stroke:#a3acb8}.fee{fill:#4a535f}.over{fill:#a86a12}"
	".same{fill:#6b7480}.stay{fill:#23282f}\n"
	"}\n";

/* ---- characters ---- */

/* Takes a code point off *s; what is no UTF-8 is U+FFFD, an octet at a time. */
static uint32_t next(struct str *s)
{
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	const uint8_t first = (uint8_t)s->p[0];
	const size_t more = first < 0x80           ? 0
	                    : (first >> 5) == 0x06 ? 1
	                    : (first >> 4) == 0x0e ? 2
	                    : (first >> 3) == 0x1e ? 3
	                                           : SIZE_MAX;
	uint32_t cp = more == 0 ? first : first & (0x3fU >> (more & 3));

	for (size_t i = 1; more != SIZE_MAX && i <= more; i++) {
		if (i >= s->n || ((uint8_t)s->p[i] & 0xc0) != 0x80) {
			cp = UINT32_MAX;
			break;
		}
		cp = cp << 6 | ((uint8_t)s->p[i] & 0x3f);
	}
	if (more == SIZE_MAX || cp == UINT32_MAX || cp < least[more]) {
		*s = (struct str){ s->p + 1, s->n - 1 };
		return 0xfffd;
	}
	*s = (struct str){ s->p + 1 + more, s->n - 1 - more };
	return cp;
}

struct range {
	uint32_t from, to;
};

static bool within(uint32_t cp, const struct range *r, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (cp >= r[i].from && cp <= r[i].to)
			return true;
	return false;
}

#define WITHIN(cp, table) within(cp, table, sizeof(table) / sizeof((table)[0]))

/* What XML forbids, what turns the reading order, marks that pile up, signs of many ems. */
static uint32_t bearable(uint32_t cp)
{
	static const struct range bad[] = {
		{ 0x00, 0x1f },       { 0x7f, 0x9f },          { 0x300, 0x36f },
		{ 0x483, 0x489 },     { 0x61c, 0x61c },        { 0x1ab0, 0x1aff },
		{ 0x1dc0, 0x1dff },   { 0x200b, 0x200f },      { 0x2028, 0x202e },
		{ 0x2060, 0x206f },   { 0x20d0, 0x20ff },      { 0xd800, 0xdfff },
		{ 0xfdf0, 0xfdff },   { 0xfe00, 0xfe0f },      { 0xfe20, 0xfe2f },
		{ 0xfeff, 0xfeff },   { 0xfff0, 0xfffb },      { 0xfffe, 0xffff },
		{ 0x12000, 0x1254f }, { 0xe0000, UINT32_MAX },
	};

	return WITHIN(cp, bad) ? 0xfffd : cp;
}

/* In 1/100 em, rather more than less. */
static int advance(uint32_t cp)
{
	static const struct range narrow[] = { { ' ', '/' }, { ':', ';' }, { 'f', 'f' },
		                               { 'i', 'j' }, { 'l', 'l' }, { 't', 't' },
		                               { 'I', 'I' }, { '|', '|' } };
	static const struct range wide[] = { { '%', '%' }, { '@', '@' }, { 'M', 'M' },
		                             { 'W', 'W' }, { 'm', 'm' }, { 'w', 'w' } };
	static const struct range medium[] = { { 'A', 'Z' }, { 0xa1, 0x24f } };

	if (WITHIN(cp, wide))
		return 92;
	if (WITHIN(cp, narrow))
		return 38;
	if (cp < 0x80)
		return cp >= 'A' && cp <= 'Z' ? 72 : 62;
	return WITHIN(cp, medium) ? 72 : EM;
}

static int width_of(struct str s)
{
	int sum = 0;

	while (s.n > 0)
		sum += advance(bearable(next(&s)));
	return sum;
}

static void put_escaped(struct buf *out, uint32_t cp)
{
	switch (cp) {
	case '&':
		buf_puts(out, STR("&amp;"));
		break;
	case '<':
		buf_puts(out, STR("&lt;"));
		break;
	case '>':
		buf_puts(out, STR("&gt;"));
		break;
	case '"':
		buf_puts(out, STR("&quot;"));
		break;
	default:
		buf_put_utf8(out, cp);
	}
}

/* Of which `left` is known; characters until no more than `most` is left of it. */
static void put_until(struct buf *out, struct str *s, int *left, int most,
                      void (*put)(struct buf *, uint32_t))
{
	while (s->n > 0 && *left > most) {
		const uint32_t cp = bearable(next(s));

		*left -= advance(cp);
		if (put != NULL && *left >= most)
			put(out, cp);
	}
}

/* The width of the figures that a name begins with. */
static int figures_of(struct str s)
{
	int sum = 0;

	for (size_t i = 0; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
		sum += advance((uint32_t)s.p[i]);
	return sum;
}

/*
 * Cut in the middle: names that begin alike mostly differ at their ends; but a price in
 * front is never cut in two.  put: a character, escaped or not.
 */
static void put_cut(struct buf *out, struct str s, int width,
                    void (*put)(struct buf *, uint32_t))
{
	int left = width_of(s);

	if (left > width) {
		const int room = width - EM;
		/* In little room the end matters most: half of 128 is 28. */
		const int tail = room < LITTLE ? room * 3 / 4 : room / 2;
		const int figures = figures_of(s);
		const int head = figures <= room && figures > room - tail ? figures
		                                                          : room - tail;

		put_until(out, &s, &left, left - head, put);
		put_until(out, &s, &left, room - head, NULL);
		buf_put_utf8(out, 0x2026);
	}
	put_until(out, &s, &left, 0, put);
}

static int room_of(const struct chart_spot *at)
{
	const int room = at->width * EM / font_px[at->font];

	return at->font >= CHART_HEAD ? room * 9 / 10 : room; /* bold letters are wider */
}

struct chart_word chart_name(const struct chart *c, const struct package *p,
                             struct chart_spot at, bool coded)
{
	struct chart_word w = { "" };
	struct buf plain = buf_make(sizeof(w.p) - 1);
	const struct str name = package_name(p, c->english ? LANG_EN : LANG_ZH_HANS);
	const int room = room_of(&at), code = width_of(p->code) + advance(' ');

	assert(room * 4 < CHART_NAME * EM);
	if (coded)
		put_cut(&plain, p->code, room, buf_put_utf8);
	if (coded && room - code >= BESIDE_CODE)
		buf_puts(&plain, STR(" "));
	if (!coded || room - code >= BESIDE_CODE)
		put_cut(&plain, name.n > 0 ? name : p->code, coded ? room - code : room,
		        buf_put_utf8);
	(void)snprintf(w.p, sizeof(w.p), "%s", buf_cstr(&plain));
	buf_free(&plain);
	return w;
}

void chart_alike(const struct chart *c, const struct package *const p[], size_t n,
                 struct chart_spot at, bool alike[])
{
	for (size_t i = 0; i < n; i++) {
		const struct chart_word name = chart_name(c, p[i], at, false);

		for (size_t k = 0; k < n; k++)
			if (k != i && p[k]->code.n > 0 && p[i]->code.n > 0 &&
			    strcmp(chart_name(c, p[k], at, false).p, name.p) == 0)
				alike[i] = true;
	}
}

/* ---- marks ---- */

void chart_text(const struct chart *c, struct chart_spot at, const char *fmt, ...)
{
	char plain[TEXT_MOST];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(plain, sizeof(plain), fmt, ap);
	va_end(ap);
	buf_printf(c->out, "<text x=\"%d\" y=\"%d\" class=\"f%d a%d %s\">", at.x, at.y,
	           (int)at.font, (int)at.anchor, at.ink);
	put_cut(c->out, str_of(plain), room_of(&at), put_escaped);
	buf_puts(c->out, STR("</text>\n"));
}

void chart_rect(const struct chart *c, int x, int y, int w, int h, const char *class)
{
	buf_printf(c->out,
	           "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" class=\"%s\"/>\n",
	           x, y, w, h, class);
}

void chart_line(const struct chart *c, int x1, int y1, int x2, int y2, const char *class)
{
	buf_printf(c->out,
	           "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" class=\"%s\"/>\n", x1,
	           y1, x2, y2, class);
}

void chart_begin(const struct chart *c, int height, const char *title)
{
	buf_printf(c->out,
	           "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	           "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
	           "viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"title\" "
	           "xml:lang=\"%s\">\n<title id=\"title\">",
	           CHART_WIDTH, height, CHART_WIDTH, height,
	           CHART_TR(c, "zh-Hans", "en"));
	put_cut(c->out, str_of(title), INT32_MAX, put_escaped);
	buf_printf(c->out, "</title>\n<style>\n%s</style>\n", style);
	chart_rect(c, 0, 0, CHART_WIDTH, height, "bg");
	chart_text(c,
	           (struct chart_spot){ CHART_EDGE, 40, CHART_WIDTH - 2 * CHART_EDGE,
	                                CHART_TITLE, CHART_START, "ink" },
	           "%s", title);
}

void chart_end(const struct chart *c)
{
	buf_puts(c->out, STR("</svg>\n"));
}
