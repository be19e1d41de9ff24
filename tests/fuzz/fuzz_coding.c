/*
 * fuzz_coding.c - any octets in any alphabet: the text is UTF-8, and cutting it
 * into segments and reading these gives it back.
 *
 * The first octet holds the alphabet and the segmenting, the rest is the message.
 */
#include <stdlib.h>

#include "text/segment.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool ok)
{
	if (!ok)
		abort();
}

static void segment(struct str text, const struct segment_conf *conf)
{
	struct arena arena = arena_make(1 << 20);
	struct buf back = buf_make(1 << 20);
	struct segments s;

	if (segment_text(text, conf, &arena, &s) == ERR_OK) {
		need(s.n == segment_count(text, conf->latin1, conf->wide_ref));
		for (unsigned i = 0; i < s.n; i++) {
			const struct span all = { s.segment[i].octets, s.segment[i].n };

			coding_decode(s.coding,
			              span_skip(all, s.udh ? 6U + conf->wide_ref : 0),
			              &back);
		}
		need(back.n <= text.n);
		/* Unless marks of byte order were taken from the parts' beginnings. */
		need(str_eq(buf_str(&back), text) ||
		     str_find(text, STR("\ufeff")) < text.n);
	}
	buf_free(&back);
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t how = size > 0 ? data[0] : 0;
	const enum coding c = (enum coding)(how % 5);
	const struct segment_conf conf = { .latin1 = (how & 0x20) != 0,
		                           .wide_ref = (how & 0x40) != 0,
		                           .max = SEGMENT_MAX };
	struct buf text = buf_make(1 << 20), again = buf_make(1 << 20);
	uint32_t cp;

	if (size > 0)
		coding_decode(c, (struct span){ data + 1, size - 1 }, &text);
	need(!text.failed);
	for (size_t i = 0; i < text.n;) {
		i += utf8_next(text.p + i, text.n - i, &cp);
		need(cp != UTF8_BAD);
	}
	need(coding_fits(c, buf_str(&text)) ==
	     (coding_encode(c, buf_str(&text), &again) == ERR_OK));
	segment(buf_str(&text), &conf);
	/* And as if it were text already. */
	(void)segment_count((struct str){ (const char *)data, size }, true, false);
	buf_free(&text);
	buf_free(&again);
	return 0;
}
