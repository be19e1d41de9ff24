/*
 * record_priv.h - what the files that record a story share.
 *
 * record.c   the whole: capture in, story out
 * talk.c     PDUs as texts and replies, gathered by sender
 * tell.c     those as the lines of a story
 * places.c   where replies hold numbers that the hall made up
 * rows.c     rows of a store as its tables
 * pins.c     PINs that people had before
 * redact.c   what is personal, replaced
 */
#ifndef REPLAY_RECORD_PRIV_H
#define REPLAY_RECORD_PRIV_H

#include "assets/assets.h"
#include "model/changes.h"
#include "replay/record.h"
#include "replay/redact.h"
#include "smpp/capture.h"
#include "smpp/udh.h"
#include "text/coding.h"

enum {
	RECORD_MESSAGES = 200000 /* texts and replies of one story */
};

/* A text that came in; part of a long one when total > 1. */
struct said {
	int64_t at_ms;
	struct str link, from, to; /* from: "+" in front when international */
	uint32_t sequence;
	bool answered;   /* its response is in the capture */
	uint32_t status; /* of it */
	uint8_t data_coding, total, seq;
	bool udh;
	uint16_t ref;
	struct span octets;
	struct str text; /* decoded */
	struct said
		*rest; /* a long message: the part behind this one, once all are there */
	struct said *head; /* the first of them */
	struct str told;   /* redacted; of a part: its share */
	bool is_told;
};

/* A message that went back. */
struct reply {
	int64_t at_ms;
	struct str link, to, from;
	uint32_t sequence; /* of its last segment */
	bool accepted;
	struct str text;
};

/* Texts of one sender, and the replies behind them. */
struct exchange {
	int64_t at_ms;
	struct str number; /* address as in stories */
	SET_OF(struct said *) texts;
	SET_OF(struct reply *) replies;
};

/* What the office was asked for meanwhile: "import usage". */
struct meanwhile {
	int64_t at_ms;
	struct str words;
};

struct talk {
	struct arena *arena;
	SET_OF(struct exchange *) exchanges; /* by time of their first message */
	SET_OF(struct meanwhile) deeds;
	unsigned n_links; /* as captured */
};

/* Gathers the PDUs of interest. */
struct talker;
struct talker *talker_create(struct arena *a, int64_t msisdn);
void talker_pdu(struct talker *t, const struct smpp_captured *c);
void talker_deed(struct talker *t, int64_t at_ms, struct str words);
/* ERR_TOO_BIG: more than RECORD_MESSAGES. */
MUST_CHECK enum err talker_end(struct talker *t, struct talk *out);
void talker_destroy(struct talker *t);

/* The lines from [clock] and [script] on. */
void tell(const struct talk *talk, const struct assets *assets, struct redact *r,
          struct record_tally *tally, struct buf *out);

/*
 * Replies by the words around what differs each time: "order", "task", "passcode" or
 * "nonce" when the digits text.p[at..at+n) are one, else NULL.
 */
struct places;
struct places *places_create(const struct assets *assets, struct arena *a);
const char *places_name(const struct places *p, struct str text, size_t at, size_t n);

/*
 * PINs of before the recording, as texts that were right tell them; made up, and made known
 * to r.  Those of other numbers ("GS 13800000001 123456") are not looked for.
 */
struct pins;
struct pins *pins_find(const struct talk *talk, const struct assets *assets,
                       struct redact *r);
/* "": not told; p may be NULL. */
struct str pins_of(const struct pins *p, int64_t msisdn);

/* The tables that the answers rest on; names and PUKs found are made known to r. */
MUST_CHECK enum err rows_export(const char *store, const int64_t *msisdn, size_t n,
                                int64_t now, const struct pins *pins, struct redact *r,
                                struct arena *a, struct buf *out, struct fault *fault);

/* The subscriber that an address of a story is, or 0. */
int64_t talk_msisdn(struct str number);

#endif
