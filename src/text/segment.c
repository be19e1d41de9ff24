/*
 * segment.c - see text/segment.h.
 *
 * One walk measures the text in all alphabets; nearly every reply then fits one
 * message and is written at once.  Only longer ones are looked at for clusters.
 */
#include <utf8proc.h>

#include "coding_priv.h"
#include "text/segment.h"
#include "text/utf8.h"

enum {
	ALPHABETS = 3 /* CODING_GSM7, CODING_LATIN1, CODING_UCS2: the order of choice */
};

/* Octets of text in one message, GSM 7-bit as septets. */
static const struct {
	size_t single;  /* alone */
	size_t part[2]; /* of several, with 8-bit reference and 16-bit reference */
} room[ALPHABETS] = { [CODING_GSM7] = { 160, { 153, 152 } },
	              [CODING_LATIN1] = { 140, { 134, 133 } },
	              [CODING_UCS2] = { 140, { 134, 132 } } };

/* Of a whole text in each alphabet, and whether it has all characters. */
struct measure {
	size_t octets[ALPHABETS];
	bool fits[ALPHABETS];
};

static enum err measure(struct str text, struct measure *m)
{
	uint32_t cp;
	size_t septets;

	*m = (struct measure){ .fits = { true, true, true } };
	for (size_t i = 0; i < text.n;) {
		i += utf8_next(text.p + i, text.n - i, &cp);
		if (cp == UTF8_BAD)
			return ERR_SYNTAX;
		m->octets[CODING_UCS2] += cp < 0x10000 ? 2 : 4;
		m->octets[CODING_LATIN1]++;
		m->fits[CODING_LATIN1] &= cp < 256;
		if (m->fits[CODING_GSM7]) {
			septets = coding_gsm7_octets(cp);
			m->octets[CODING_GSM7] += septets;
			m->fits[CODING_GSM7] = septets > 0;
		}
	}
	return ERR_OK;
}

static size_t octets_of(enum coding c, uint32_t cp)
{
	uint8_t out[CODING_CHAR_MAX];

	return coding_put(c, cp, out);
}

/*
 * The longest beginning of rest, whose characters the alphabet all has, that
 * fits n octets and ends at a cluster's end; of a cluster longer than that,
 * as many whole characters as fit.
 */
static struct str first_part(struct str rest, enum coding c, size_t n)
{
	size_t used = 0, cut = 0, step;
	utf8proc_int32_t state = 0, before = 0;
	uint32_t cp;

	for (size_t i = 0; i < rest.n; i += step) {
		step = utf8_next(rest.p + i, rest.n - i, &cp);
		if (i > 0 && utf8proc_grapheme_break_stateful(
				     before, (utf8proc_int32_t)cp, &state))
			cut = i;
		used += octets_of(c, cp);
		if (used > n)
			return (struct str){ rest.p, cut > 0 ? cut : i };
		before = (utf8proc_int32_t)cp;
	}
	return rest;
}

static struct str skip(struct str s, size_t n)
{
	return (struct str){ s.p + n, s.n - n };
}

/* Parts of n octets that text needs, counted up to max + 1. */
static unsigned count_parts(struct str text, enum coding c, size_t n, unsigned max)
{
	unsigned count = 0;

	for (; text.n > 0 && count <= max; count++)
		text = skip(text, first_part(text, c, n).n);
	return count;
}

struct plan {
	enum coding coding;
	unsigned n;  /* segments; max + 1 when there are too many */
	size_t part; /* octets of text in each, if several */
};

/* The first alphabet of those with the fewest segments. */
static struct plan choose(struct str text, const struct measure *m, bool latin1,
                          bool wide_ref, unsigned max)
{
	struct plan best = { CODING_UCS2, max + 1, 0 };

	for (unsigned c = CODING_GSM7; c < ALPHABETS && best.n > 1; c++) {
		const size_t part = room[c].part[wide_ref];
		unsigned n = 1;

		if (!m->fits[c] || (c == CODING_LATIN1 && !latin1))
			continue;
		if (m->octets[c] > room[c].single)
			n = count_parts(text, (enum coding)c, part, max);
		if (n < best.n)
			best = (struct plan){ (enum coding)c, n, part };
	}
	return best;
}

/* 3GPP 23.040 section 9.2.3.24.1 (8-bit reference) and .8 (16-bit). */
static void put_header(struct segment *s, const struct segment_conf *conf, unsigned total,
                       unsigned number)
{
	if (conf->wide_ref) {
		s->octets[s->n++] = 6;
		s->octets[s->n++] = 8;
		s->octets[s->n++] = 4;
		s->octets[s->n++] = (uint8_t)(conf->ref >> 8);
	} else {
		s->octets[s->n++] = 5;
		s->octets[s->n++] = 0;
		s->octets[s->n++] = 3;
	}
	s->octets[s->n++] = (uint8_t)conf->ref;
	s->octets[s->n++] = (uint8_t)total;
	s->octets[s->n++] = (uint8_t)number;
}

static void put_text(struct segment *s, enum coding c, struct str text)
{
	uint8_t out[CODING_CHAR_MAX];
	size_t n = s->n, k;
	uint32_t cp;

	for (size_t i = 0; i < text.n; n += k) {
		i += utf8_next(text.p + i, text.n - i, &cp);
		k = coding_put(c, cp, out);
		assert(n + k <= SEGMENT_OCTETS);
		memcpy(s->octets + n, out, k);
	}
	s->n = (uint8_t)n;
}

static void put_parts(struct str text, const struct plan *plan,
                      const struct segment_conf *conf, struct segment *to)
{
	struct str part;

	for (unsigned i = 0; i < plan->n; i++) {
		part = first_part(text, plan->coding, plan->part);
		put_header(&to[i], conf, plan->n, i + 1);
		put_text(&to[i], plan->coding, part);
		text = skip(text, part.n);
	}
	assert(text.n == 0);
}

enum err segment_text(struct str utf8, const struct segment_conf *conf,
                      struct arena *arena, struct segments *out)
{
	struct measure m;
	struct plan plan;
	enum err e = measure(utf8, &m);

	assert(conf->max >= 1 && conf->max <= SEGMENT_MAX);
	if (e != ERR_OK)
		return e;
	plan = choose(utf8, &m, conf->latin1, conf->wide_ref, conf->max);
	if (plan.n > conf->max)
		return ERR_TOO_BIG;
	out->coding = plan.coding;
	out->n = plan.n;
	out->udh = plan.n > 1;
	out->segment = arena_array(arena, struct segment, plan.n);
	if (plan.n == 1)
		put_text(out->segment, plan.coding, utf8);
	else
		put_parts(utf8, &plan, conf, out->segment);
	return ERR_OK;
}

unsigned segment_count(struct str utf8, bool latin1, bool wide_ref)
{
	struct measure m;
	unsigned n;

	if (measure(utf8, &m) != ERR_OK)
		return 0;
	n = choose(utf8, &m, latin1, wide_ref, SEGMENT_MAX).n;
	return n <= SEGMENT_MAX ? n : 0;
}
