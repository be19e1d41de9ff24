/*
 * care_priv.h - what the tasks that look after a store share.
 */
#ifndef OFFICE_CARE_PRIV_H
#define OFFICE_CARE_PRIV_H

#include "base/buf.h"
#include "office_priv.h"
#include "store/report.h"

/* ---- care.c ---- */
/* A flag that may be left out; *out stays then.  ERR_SYNTAX with a fault. */
MUST_CHECK enum err office_flag(struct office_call *c, const char *key, bool *out);
/* UTC seconds: "now" of the request, or the machine's clock. */
MUST_CHECK enum err office_now(struct office_call *c, int64_t *out);
/* Whether what is drawn is in English: by default_language. */
bool office_in_english(const struct office_call *c);
/* A line of the answer, however long; office_say() cuts. */
void office_line(struct office_call *c, struct str line);
/* Each line of out. */
void office_lines(struct office_call *c, const struct buf *out);
/* The fault for a piece of work that the store refused. */
void office_store_failed(struct office_call *c, const struct store *s);

/*
 * How much the next piece of work may do, when much of it took us microseconds: about
 * 2 ms' worth while texts are answered, ten times that else; least..most.  least is what
 * the cost of a piece itself, such as its sync, makes worth while.
 */
struct pace {
	int64_t least, most;
};
int64_t office_pace(const struct office_call *c, struct pace limits, int64_t much,
                    int64_t us);

/* ---- misses.c ---- */
/*
 * A line for each of the last texts (fields "since", "last") that the second grammar takes
 * otherwise than the first, then how many (*n).
 */
MUST_CHECK enum err office_differ_texts(struct office_call *c,
                                        const struct grammar *before,
                                        const struct grammar *after, size_t *n);

/* ---- insured.c ---- */
struct office_insured {
	int64_t promises, decided; /* months */
	int64_t owed_fen, paid_fen;
	int64_t wrong, first_wrong; /* orders paid otherwise than owed */
	int64_t stray;              /* payments for no promise */
};
/* The newest orders; full: all. */
MUST_CHECK enum err office_insured(struct office_call *c, bool full,
                                   struct office_insured *out);
/*
 * Of a decided month, by its order's price and was: what the package before would have cost
 * less what this one did (li, may be below 0; no payment counted), and what was owed.
 * False: it is not written so.
 */
bool office_insured_month(struct str price, struct str was, int64_t *saved_li,
                          int64_t *owed_fen);

/* ---- show.c ---- */
/* "2026-10-20 10:31:00.123", local. */
void show_time(struct buf *out, int64_t ms);
/* An event as one JSON object, without newline. */
void show_json(struct buf *out, const struct store_event *e);
/* An event as a line for people; colour: with the terminal's escapes. */
void show_line(struct buf *out, const struct store_event *e, bool colour);

#endif
