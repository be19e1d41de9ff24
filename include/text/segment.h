/*
 * segment.h - splits a text into short messages, at the least cost.
 *
 * One message carries 160 septets (GSM 7-bit) or 140 octets; each of several
 * gives 6 octets (8-bit reference; 7 septets) or 7 octets (16-bit; 8 septets) to
 * the concatenation header (3GPP 23.040 section 9.2.3.24.1 and .8).  A split
 * never falls inside a surrogate pair, an escape pair, or a grapheme cluster
 * (unless one cluster is longer than a whole segment).
 */
#ifndef TEXT_SEGMENT_H
#define TEXT_SEGMENT_H

#include "base/arena.h"
#include "text/coding.h"

enum {
	SEGMENT_MAX = 255,   /* segments of one text */
	SEGMENT_OCTETS = 160 /* of one segment, header included, one septet an octet */
};

struct segment {
	uint8_t n; /* octets used */
	uint8_t octets[SEGMENT_OCTETS];
};

struct segment_conf {
	bool latin1;   /* the peer may be sent ISO 8859-1 (data_coding 3) */
	bool wide_ref; /* 16-bit reference */
	uint16_t ref;  /* of this message; the low 8 bits are used unless wide_ref */
	unsigned max;  /* segments at most, 1..SEGMENT_MAX */
};

struct segments {
	enum coding coding;
	bool udh;   /* each segment begins with a user data header (esm_class 0x40) */
	unsigned n; /* of segment; at least 1, also for the empty text */
	struct segment *segment; /* in the arena given */
};

/*
 * Chooses the alphabet that needs the fewest segments (GSM 7-bit before Latin-1
 * before UCS-2 on a tie) and splits.  Returns ERR_OK, ERR_SYNTAX when utf8 is not
 * UTF-8, ERR_TOO_BIG when conf->max segments do not hold it.
 */
MUST_CHECK enum err segment_text(struct str utf8, const struct segment_conf *conf,
                                 struct arena *arena, struct segments *out);

/* How many segments segment_text() would make; 0 where it fails. */
unsigned segment_count(struct str utf8, bool latin1, bool wide_ref);

#endif
