/*
 * diff.c - see replay/diff.h: the longest common subsequence of two lines.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "replay/diff.h"
#include "text/utf8.h"

/* A text as characters: character i is the octets from at[i] to at[i + 1]. */
struct chars {
	struct str text;
	size_t at[DIFF_MAX + 1];
	size_t n;
	bool only[DIFF_MAX]; /* the other has not this one */
};

struct mark {
	const char *on, *off;
};

static bool split(struct str text, struct chars *out)
{
	uint32_t cp;

	out->text = text;
	out->n = 0;
	for (size_t i = 0; i < text.n; i += utf8_next(text.p + i, text.n - i, &cp)) {
		if (out->n == DIFF_MAX)
			return false;
		out->only[out->n] = true;
		out->at[out->n++] = i;
	}
	out->at[out->n] = text.n;
	return true;
}

static struct str char_at(const struct chars *c, size_t i)
{
	return (struct str){ c->text.p + c->at[i], c->at[i + 1] - c->at[i] };
}

/* common[i * (b->n + 1) + j]: length of what a from i and b from j have in common. */
static void fill(const struct chars *a, const struct chars *b, uint16_t *common)
{
	const size_t width = b->n + 1;

	for (size_t i = a->n; i-- > 0;) {
		for (size_t j = b->n; j-- > 0;) {
			const uint16_t down = common[(i + 1) * width + j];
			const uint16_t right = common[i * width + j + 1];

			if (str_eq(char_at(a, i), char_at(b, j)))
				common[i * width + j] =
					(uint16_t)(common[(i + 1) * width + j + 1] + 1);
			else
				common[i * width + j] = down > right ? down : right;
		}
	}
}

static void align(struct chars *a, struct chars *b)
{
	const size_t width = b->n + 1;
	uint16_t *common = xcalloc((a->n + 1) * width, sizeof(*common));
	size_t i = 0, j = 0;

	fill(a, b, common);
	while (i < a->n && j < b->n) {
		if (str_eq(char_at(a, i), char_at(b, j))) {
			a->only[i++] = false;
			b->only[j++] = false;
		} else if (common[(i + 1) * width + j] >= common[i * width + j + 1]) {
			i++;
		} else {
			j++;
		}
	}
	free(common);
}

static void print(const char *label, const struct chars *c, struct mark mark,
                  struct buf *out)
{
	bool marked = false;

	buf_puts(out, str_of(label));
	for (size_t i = 0; i < c->n; i++) {
		if (c->only[i] != marked)
			buf_puts(out, str_of(marked ? mark.off : mark.on));
		marked = c->only[i];
		buf_puts(out, char_at(c, i));
	}
	if (marked)
		buf_puts(out, str_of(mark.off));
	buf_putc(out, '\n');
}

void diff_show(struct str expected, struct str actual, bool colour, struct buf *out)
{
	static const struct mark marks[2][2] = {
		{ { "[-", "-]" }, { "{+", "+}" } },
		{ { "\033[1;31m", "\033[0m" }, { "\033[1;32m", "\033[0m" } },
	};
	struct chars *two = xcalloc(2, sizeof(*two));

	if (split(expected, &two[0]) && split(actual, &two[1])) {
		align(&two[0], &two[1]);
		print("  expected: ", &two[0], marks[colour][0], out);
		print("  actual:   ", &two[1], marks[colour][1], out);
	} else {
		buf_printf(out, "  expected: %.*s\n  actual:   %.*s\n", STR_ARG(expected),
		           STR_ARG(actual));
	}
	free(two);
}
