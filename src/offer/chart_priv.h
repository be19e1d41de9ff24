/*
 * chart_priv.h - the few marks that charts are made of.  Lengths are units of the viewBox.
 */
#ifndef OFFER_CHART_PRIV_H
#define OFFER_CHART_PRIV_H

#include "offer/chart.h"

enum {
	CHART_WIDTH = 1000,
	CHART_EDGE = 24, /* left and right of everything */
	CHART_NAME = 96  /* octets of a name that has been cut */
};

struct chart {
	struct buf *out;
	bool english;
};

/* A macro, so that the compiler checks both as formats. */
#define CHART_TR(c, zh, en) ((c)->english ? (en) : (zh))

/* ---- the document ---- */

/* The title is the document's name too.  Ends with chart_end(). */
void chart_begin(const struct chart *c, int height, const char *title);
void chart_end(const struct chart *c);

/* ---- text ---- */

enum chart_font {
	CHART_SMALL, /* 12 */
	CHART_TEXT,  /* 14 */
	CHART_HEAD,  /* 16, bold */
	CHART_TITLE  /* 21, bold */
};

enum chart_anchor {
	CHART_START,
	CHART_MIDDLE,
	CHART_FINISH
};

/* Where a text stands; what is wider than `width` is cut and ends with an ellipsis. */
struct chart_spot {
	int x, y, width;
	enum chart_font font;
	enum chart_anchor anchor;
	const char *ink; /* class: "ink", "soft", "s0" … "s4", "win", "lose" */
};

/* The text is made by printf and then escaped. */
void chart_text(const struct chart *c, struct chart_spot at, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

struct chart_word {
	char p[CHART_NAME];
};
/*
 * A package's name, cut to the width of the spot; coded: behind its code, or the code alone
 * where there is little room.
 */
struct chart_word chart_name(const struct chart *c, const struct package *p,
                             struct chart_spot at, bool coded);
/* Sets alike[i] where another's name is cut to the same: then they must be coded. */
void chart_alike(const struct chart *c, const struct package *const p[], size_t n,
                 struct chart_spot at, bool alike[]);

/* ---- chart_figures.c ---- */

/* "58", "0.5", "12.34"; of many digits "123,456", "1234.6万", "12.35M". */
struct chart_word chart_yuan(const struct chart *c, int64_t li);
/* "12.00", for columns; likewise. */
struct chart_word chart_yuan_full(const struct chart *c, int64_t li);
/* "-1,234,567", whole yuan. */
struct chart_word chart_yuan_whole(int64_t li);
struct chart_word chart_count(size_t n);

/* "12.3 %", signed with `sign`; "-" of nothing. */
struct chart_word chart_share(int64_t part, int64_t whole, bool sign);

/* ---- marks ---- */

void chart_rect(const struct chart *c, int x, int y, int w, int h, const char *class);
void chart_line(const struct chart *c, int x1, int y1, int x2, int y2, const char *class);

/* ---- who moves from where to where, under a course ---- */

/* The packages that most move from or to, by fee; the rest is one more, at [n]. */
struct chart_moves {
	size_t tariff[CHART_PACKAGES], n;
	bool rest; /* there is somebody at [n] */
	size_t moved;
	size_t cell[CHART_PACKAGES + 1][CHART_PACKAGES + 1]; /* [from][to] */
};
struct chart_moves chart_moves_of(const struct rehearsal *r, enum rehearse_course course);
int chart_moves_height(const struct chart_moves *m);
void chart_draw_moves(const struct chart *c, int y, const char *head,
                      const struct tariffs *t, const struct chart_moves *m);

#endif
