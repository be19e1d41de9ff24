/*
 * test_segment.c - texts cut into short messages, and put together again.
 */
#include <stdlib.h>
#include <utf8proc.h>

#include "random.h"
#include "support/suite.h"
#include "text/segment.h"
#include "text/utf8.h"

enum {
	MAX = SEGMENT_MAX
};

static struct arena arena;
static struct buf text;

static void setup(void)
{
	arena = arena_make(1 << 20);
	text = buf_make(1 << 20);
}

static void teardown(void)
{
	arena_free(&arena);
	buf_free(&text);
}

static struct str repeated(const char *what, unsigned times)
{
	for (unsigned i = 0; i < times; i++)
		buf_puts(&text, str_of(what));
	return buf_str(&text);
}

/* -- how many, in which alphabet ------------------------------------------------------ */

static const struct {
	const char *what, *then; /* what is repeated, and what follows it */
	unsigned times;
	bool latin1, wide_ref;
	enum coding coding;
	unsigned n;
} sizes[] = {
	{ "", "", 0, false, false, CODING_GSM7, 1 },
	{ "a", "", 160, false, false, CODING_GSM7, 1 },
	{ "a", "", 161, false, false, CODING_GSM7, 2 },
	{ "a", "", 306, false, false, CODING_GSM7, 2 },
	{ "a", "", 307, false, false, CODING_GSM7, 3 },
	{ "a", "", 304, false, true, CODING_GSM7, 2 },
	{ "a", "", 305, false, true, CODING_GSM7, 3 },
	{ "[", "", 80, false, false, CODING_GSM7, 1 },
	{ "[", "", 81, false, false, CODING_GSM7, 2 },
	{ "[", "", 152, false, false, CODING_GSM7,
	  2 }, /* 76 pairs, and a septet left over */
	{ "[", "", 153, false, false, CODING_GSM7, 3 },
	{ "[", "", 140, true, false, CODING_LATIN1, 1 },
	{ "[", "", 140, false, false, CODING_GSM7, 2 },
	{ "é", "", 160, true, false, CODING_GSM7, 1 },
	{ "ç", "", 140, true, false, CODING_LATIN1, 1 },
	{ "ç", "", 141, true, false, CODING_LATIN1, 2 },
	{ "ç", "", 268, true, false, CODING_LATIN1, 2 },
	{ "ç", "", 269, true, false, CODING_LATIN1, 3 },
	{ "ç", "", 266, true, true, CODING_LATIN1, 2 },
	{ "ç", "", 267, true, true, CODING_LATIN1, 3 },
	{ "ç", "", 70, false, false, CODING_UCS2, 1 },
	{ "话", "", 70, true, false, CODING_UCS2, 1 },
	{ "话", "", 71, true, false, CODING_UCS2, 2 },
	{ "话", "", 134, false, false, CODING_UCS2, 2 },
	{ "话", "", 135, false, false, CODING_UCS2, 3 },
	{ "话", "", 132, false, true, CODING_UCS2, 2 },
	{ "话", "", 133, false, true, CODING_UCS2, 3 },
	{ "😀", "", 35, false, false, CODING_UCS2, 1 },
	{ "😀", "", 66, false, false, CODING_UCS2,
	  2 }, /* 33 pairs, and a unit left over */
	{ "😀", "", 67, false, false, CODING_UCS2, 3 },
	{ "a", "话", 69, false, false, CODING_UCS2, 1 },
	{ "话", "", 67 * 255, false, false, CODING_UCS2, 255 },
	{ "a", "", 153 * 255, false, false, CODING_GSM7, 255 },
};

START_TEST(a_text_takes_the_fewest_segments)
{
	const struct segment_conf conf = { .latin1 = sizes[_i].latin1,
		                           .wide_ref = sizes[_i].wide_ref,
		                           .max = sizes[_i].n };
	struct segments s;
	struct str t;

	(void)repeated(sizes[_i].what, sizes[_i].times);
	t = repeated(sizes[_i].then, 1);
	ck_assert_int_eq(segment_text(t, &conf, &arena, &s), ERR_OK);
	ck_assert_int_eq(s.coding, sizes[_i].coding);
	ck_assert_uint_eq(s.n, sizes[_i].n);
	ck_assert_int_eq(s.udh, sizes[_i].n > 1);
	ck_assert_uint_eq(segment_count(t, conf.latin1, conf.wide_ref), sizes[_i].n);
}
END_TEST

START_TEST(too_long_a_text_is_refused)
{
	const struct segment_conf conf = { .max = MAX }, two = { .max = 2 };
	struct segments s;
	struct str t = repeated("话", 135);

	ck_assert_int_eq(segment_text(t, &two, &arena, &s), ERR_TOO_BIG);
	ck_assert_int_eq(segment_text(t, &conf, &arena, &s), ERR_OK);
	t = repeated("话", 67 * MAX + 1 - 135);
	ck_assert_int_eq(segment_text(t, &conf, &arena, &s), ERR_TOO_BIG);
	ck_assert_uint_eq(segment_count(t, false, false), 0);
	ck_assert_int_eq(segment_text(STR("a\xff"), &conf, &arena, &s), ERR_SYNTAX);
	ck_assert_uint_eq(segment_count(STR("\xed\xa0\x80"), false, false), 0);
}
END_TEST

START_TEST(the_header_names_reference_total_and_number)
{
	struct segment_conf conf = { .ref = 0xabcd, .max = 3 };
	struct str t = repeated("a", 400);
	struct segments s;

	for (uint8_t i = 0; i < 3; i++) {
		const uint8_t narrow[] = { 5, 0, 3, 0xcd, 3, (uint8_t)(i + 1) };
		const uint8_t wide[] = { 6, 8, 4, 0xab, 0xcd, 3, (uint8_t)(i + 1) };

		conf.wide_ref = false;
		ck_assert_int_eq(segment_text(t, &conf, &arena, &s), ERR_OK);
		ck_assert_mem_eq(s.segment[i].octets, narrow, sizeof(narrow));
		ck_assert_uint_eq(s.segment[i].n, i < 2 ? 159 : 400 - 2 * 153 + 6);
		conf.wide_ref = true;
		ck_assert_int_eq(segment_text(t, &conf, &arena, &s), ERR_OK);
		ck_assert_mem_eq(s.segment[i].octets, wide, sizeof(wide));
	}
}
END_TEST

/* -- where ---------------------------------------------------------------------------- */

static const char *const clusters[] = {
	"👨‍👩‍👧‍👦",
	"🇨🇳",
	"👍🏽",
	"1\ufe0f\u20e3",
	"e\u0301\u0323",
	"\r\n",
	"各\U000e0100",
	"ก็",
};

/* A cluster is whole in one segment, wherever it stands near the end of one. */
START_TEST(a_cluster_is_never_cut)
{
	const struct str cluster = str_of(clusters[_i]);
	const struct segment_conf conf = { .max = 3 };

	for (unsigned before = 50; before <= 70; before++) {
		struct segments s;
		bool whole = false;

		buf_reset(&text);
		(void)repeated("话", before);
		(void)repeated(clusters[_i], 1);
		ck_assert_int_eq(segment_text(repeated("费", 40), &conf, &arena, &s),
		                 ERR_OK);
		for (unsigned i = 0; i < s.n; i++) {
			struct buf out = buf_make(1024);
			const struct span all = { s.segment[i].octets, s.segment[i].n };

			coding_decode(s.coding, span_skip(all, s.udh ? 6 : 0), &out);
			whole |= str_find(buf_str(&out), cluster) != SIZE_MAX;
			buf_free(&out);
		}
		ck_assert(whole);
		arena_reset(&arena);
	}
}
END_TEST

START_TEST(too_long_a_cluster_is_cut_at_a_character)
{
	const struct segment_conf conf = { .max = 4 };
	struct segments s;

	(void)repeated("e", 1);
	ck_assert_int_eq(segment_text(repeated("\u0301", 199), &conf, &arena, &s),
	                 ERR_OK);
	ck_assert_uint_eq(s.n, 3);
	ck_assert_uint_eq(s.segment[0].n, 140);
	ck_assert_uint_eq(s.segment[1].n, 140);
}
END_TEST

/* -- any text ------------------------------------------------------------------------- */

static const struct random_kind gsm[] = {
	{ ' ', '~' }, { '[', '_' }, { 0x20ac, 0x20ac }, { '\n', '\n' }, { '\r', '\r' }
};
static const struct random_kind latin[] = { { ' ', '~' }, { 0xa0, 0xff }, { '[', '_' } };
static const struct random_kind zh[] = { { 0x4e00, 0x9fff },
	                                 { '0', '9' },
	                                 { 0xff00, 0xff5e } };
static const struct random_kind emoji[] = {
	{ 0x1f300, 0x1f64f }, { 0x200d, 0x200d },   { 0x1f3fb, 0x1f3ff },
	{ 0xfe0f, 0xfe0f },   { 0x1f1e6, 0x1f1ff }, { 0x300, 0x310 },
	{ 'a', 'z' },
};
static const struct random_kind any[] = {
	{ 0, 0x7f }, { 0x80, 0xfff }, { 0, 0xfffe }, { 0, 0x10ffff }, { 0xac00, 0xd7a3 }
};

#define KIND(k)                               \
	{                                     \
		k, sizeof(k) / sizeof((k)[0]) \
	}
static const struct {
	const struct random_kind *kind;
	uint32_t n;
} kinds[] = { KIND(gsm), KIND(latin), KIND(zh), KIND(emoji), KIND(any) };

static const unsigned limits[][2] = { [CODING_GSM7] = { 160, 159 },
	                              [CODING_LATIN1] = { 140, 140 },
	                              [CODING_UCS2] = { 140, 140 } };

/* The text of a segment alone: what was cut apart would show as U+FFFD. */
static void append_part(const struct segments *s, unsigned i, size_t header,
                        struct buf *out)
{
	const struct span all = { s->segment[i].octets, s->segment[i].n };
	struct span octets = span_skip(all, header);

	ck_assert_uint_le(all.n, limits[s->coding][s->udh]);
	/* A byte order mark that is text would be dropped. */
	if (s->coding == CODING_UCS2 && octets.n >= 2 && be16(octets.p) == 0xfeff) {
		buf_put_utf8(out, 0xfeff);
		octets = span_skip(octets, 2);
	}
	coding_decode(s->coding, octets, out);
}

/* Whether a cluster ends at each place where out was cut, when none is too long. */
static void check_cut(struct str whole, size_t at)
{
	utf8proc_int32_t state = 0, before = 0;
	bool ends = true;
	uint32_t cp;

	for (size_t i = 0; i <= at && i < whole.n;) {
		i += utf8_next(whole.p + i, whole.n - i, &cp);
		ends = before == 0 || utf8proc_grapheme_break_stateful(
					      before, (utf8proc_int32_t)cp, &state);
		before = (utf8proc_int32_t)cp;
	}
	ck_assert(ends);
}

static void check_round_trip(struct str t, const struct segment_conf *conf, bool cuts)
{
	struct buf out = buf_make(1 << 20);
	struct segments s;

	ck_assert_int_eq(segment_text(t, conf, &arena, &s), ERR_OK);
	ck_assert_uint_eq(s.n, segment_count(t, conf->latin1, conf->wide_ref));
	ck_assert(s.coding != CODING_LATIN1 || conf->latin1);
	for (unsigned i = 0; i < s.n; i++) {
		append_part(&s, i, s.udh ? 6U + conf->wide_ref : 0, &out);
		if (cuts && i + 1 < s.n)
			check_cut(t, out.n);
	}
	ck_assert(str_eq(buf_str(&out), t));
	buf_free(&out);
	arena_reset(&arena);
}

START_TEST(all_segments_together_are_the_text)
{
	uint64_t seed = 42 + (uint64_t)_i;

	for (int round = 0; round < 1500; round++) {
		const uint32_t bits = random_below(&seed, 4);
		const struct segment_conf conf = { .latin1 = (bits & 1) != 0,
			                           .wide_ref = (bits & 2) != 0,
			                           .ref = 0x1234,
			                           .max = MAX };

		buf_reset(&text);
		random_text(&seed, kinds[_i].kind, kinds[_i].n, random_below(&seed, 500),
		            &text);
		check_round_trip(buf_str(&text), &conf, kinds[_i].kind != emoji);
	}
}
END_TEST

/* Whole clusters, so that each cut must be at one's end. */
START_TEST(clusters_one_after_the_other_are_cut_between)
{
	uint64_t seed = 4711;
	const struct segment_conf conf = { .max = MAX };

	for (int round = 0; round < 500; round++) {
		const uint32_t n = random_below(&seed, 120);

		buf_reset(&text);
		for (uint32_t i = 0; i < n; i++) {
			(void)repeated(clusters[random_below(&seed, 8)], 1);
			random_text(&seed, zh, 3, random_below(&seed, 3), &text);
		}
		check_round_trip(buf_str(&text), &conf, true);
	}
}
END_TEST

SUITE("text/segment", {
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, a_text_takes_the_fewest_segments, 0, COUNT_OF(sizes));
	tcase_add_test(tc, too_long_a_text_is_refused);
	tcase_add_test(tc, the_header_names_reference_total_and_number);
	tcase_add_loop_test(tc, a_cluster_is_never_cut, 0, COUNT_OF(clusters));
	tcase_add_test(tc, too_long_a_cluster_is_cut_at_a_character);
	tcase_add_loop_test(tc, all_segments_together_are_the_text, 0, COUNT_OF(kinds));
	tcase_add_test(tc, clusters_one_after_the_other_are_cut_between);
})
