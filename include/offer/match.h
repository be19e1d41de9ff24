/*
 * match.h - what each package would mean for one subscriber: bills, guards, reasons.
 *
 * One subscriber's arithmetic in full, for `smshall offer` and for replies, and the
 * yardstick of the mass matcher (mass.h), which gives the same verdicts.
 *
 * Sums over months are weighted by the policy's weights and not divided: a figure of a
 * month is the sum over `weight` of struct match, and every comparison is made of
 * products of whole numbers.  They fit into 63 bits: a bill above OFFER_BILL_MOST counts
 * as that.
 */
#ifndef OFFER_MATCH_H
#define OFFER_MATCH_H

#include "base/arena.h"
#include "base/buf.h"
#include "offer/policy.h"

/* li: a thousand million yuan. */
#define OFFER_BILL_MOST (INT64_C(1) << 40)

/* A set of tariffs, by index. */
struct offer_set {
	uint64_t bit[TARIFF_MOST / 64];
};

static inline bool offer_has(const struct offer_set *s, size_t i)
{
	return (s->bit[i / 64] >> (i % 64) & 1) != 0;
}

static inline void offer_add(struct offer_set *s, size_t i)
{
	s->bit[i / 64] |= UINT64_C(1) << (i % 64);
}

/* What decides besides the tariffs. */
struct subject {
	size_t tariff; /* index of the present main package; SIZE_MAX: none known */
	struct offer_set
		allowed; /* by network, class, exclusions, prerequisites, permission */
	struct offer_set cooling; /* offered or declined within again_days */
	const struct str
		*bar; /* [tariffs]: why not allowed, for people; NULL: not told */
	enum stage stage;
	/* A month, what is held besides and stays; 0..OFFER_BILL_MOST. */
	int64_t addons_li;
	int32_t months_since_change; /* of the main package; INT32_MAX: never */
	bool bound; /* by a contract that does not end soon: leaving it costs a penalty */
	/*
	 * Rating units beyond what add-ons bring: an allowance that every package would be
	 * used with takes the same from each.
	 */
	int32_t use[USAGE_MONTHS][DIMS];
	uint8_t usable;    /* a bit for each month */
	uint8_t estimated; /* of these: not his, but typical of his package */
};

/* Why a package is not pushed; bits 1 << enum guard.  X(constant, name) */
#define GUARD_LIST(X)                 \
	X(ELIGIBLE, "eligible")       \
	X(STAGE, "stage")             \
	X(DEPTH, "G1 depth")          \
	X(MARGIN, "G2 margin")        \
	X(REGRET, "G3 regret")        \
	X(SHOCK, "G4 shock")          \
	X(MATERIAL, "G5 materiality") \
	X(STABLE, "G6 stability")

enum guard {
#define X(constant, name) GUARD_##constant,
	GUARD_LIST(X)
#undef X
	GUARDS
};
const char *guard_name(enum guard g);

struct candidate {
	size_t tariff;
	int64_t bill_li[USAGE_MONTHS]; /* 0 in months that are not looked at */
	int64_t weighted_li;           /* sum of weight * bill */
	int64_t saving_li;             /* weighted, below the present: > 0 good for him */
	int64_t cost_li, margin_li;    /* weighted; margin = bill - cost */
	int64_t worst_li; /* most that one month is dearer than the present; <= 0: none is */
	unsigned months_better; /* no dearer */
	unsigned failed;        /* bits 1 << enum guard */
};

struct match {
	unsigned months;      /* that are looked at: usable, of a weight above 0 */
	uint8_t looked;       /* a bit for each */
	int64_t weight;       /* sum of their weights; 0: there is nothing to compare */
	bool thin;            /* fewer of his own than months_least */
	struct candidate now; /* the present package; nothing failed */
	struct candidate *of; /* the others on sale, cheapest first, ties by index */
	size_t n;             /* 0 without months or present package */
	/* The present package's dimension for which is paid beyond the allowance. */
	struct beyond {
		unsigned months; /* in which it was */
		int64_t li;      /* in all of them together */
	} beyond[DIMS];
};

/* Evaluates all; out->of lies in the arena. */
void offer_match(const struct tariffs *t, const struct policy *policy,
                 const struct subject *s, struct arena *a, struct match *out);

/* The best that may be pushed: passes all guards and saves most.  NULL: silence. */
const struct candidate *offer_best(const struct match *m);

/*
 * The honest answer to who asks: the cheapest that he may have, guards or not, that saves
 * asked_li a month.  NULL: the present one is.
 */
const struct candidate *offer_cheapest(const struct policy *policy,
                                       const struct match *m);
/* The next behind that one, likewise. */
const struct candidate *offer_next(const struct policy *policy, const struct match *m,
                                   const struct candidate *c);

/* A weighted sum as fen a month, to the nearest. */
int64_t offer_month_fen(const struct match *m, int64_t weighted_li);

/*
 * What an insured recommendation owes for a month: how much dearer `is` was than `was`,
 * in fen, begun ones whole; 0: it was not.
 */
int64_t offer_owed_fen(const struct tariff *was, const struct tariff *is,
                       const int32_t use[DIMS]);

/* ---- guards ---- */

/* All that they look at; sums are weighted by months. */
struct guard_case {
	size_t tariff;
	bool allowed, cooling, bound;
	bool estimated; /* some months are not his */
	enum stage stage;
	int64_t fee_step_li; /* fee of the package less that of the present; no sum */
	int64_t weight, present_li; /* the present bill with add-ons */
	int64_t bill_li, saving_li; /* of the package itself */
	int64_t margin_li, present_margin_li;
	/* Of the present package's allowances, the one most used; -1: none is used. */
	int64_t used_bp;
	unsigned months, months_better;
	int64_t worst_li;
	int32_t months_since_change;
};

/* Bits 1 << enum guard of those that fail. */
unsigned guards_failed(const struct policy *policy, const struct guard_case *c);

/* ---- stages ---- */

struct stage_facts {
	bool arrears, complaint_open;
	bool complained;     /* lately */
	bool declined_twice; /* offers or recommendations, lately */
	int32_t tenure_months;
	int32_t contract_days; /* to its end; INT32_MAX: none */
	int32_t use[USAGE_MONTHS][DIMS];
	uint8_t usable;
};

/* Days to the end of a contract, INT32_MAX: none, or it is over.  UTC s; until 0: none. */
int32_t stage_contract_days(int64_t until, int64_t now);
/* Whether a complaint, closed or not, or a refusal of then still counts. */
bool stage_lately(int64_t at, int64_t now);

/*
 * What was named to him before, in any order: which packages are not offered again yet,
 * whoever had brought them up.
 */
void offer_before(const struct tariffs *t, const struct policy *policy,
                  const struct offered *before, size_t n, int64_t now,
                  struct offer_set *cooling);
/* How many of them he said no to lately. */
unsigned offer_refusals(const struct offered *before, size_t n, int64_t now);
/* Whether that were two. */
bool stage_declined_twice(const struct offered *before, size_t n, int64_t now);

/* Messages of campaigns that were sent to him in the last 30 days. */
unsigned offer_contacts(const struct offered *before, size_t n, int64_t now);

enum stage offer_stage(const struct policy *policy, const struct stage_facts *f);

/*
 * (last two usable months - the two before) / the latter, in bp, of use as the policy's
 * costs weigh it.  False: there are not four, or nothing was used in the former.
 */
bool offer_trend(const struct policy *policy, const struct stage_facts *f, int32_t *bp);

/* ---- too few months ---- */

/*
 * The months, as bits, in which what is typical of the package counts: those that he has
 * not (own: bits), where he has fewer than months_least and it is known of enough.
 * of NULL: none.
 */
uint8_t offer_estimated(const struct policy *policy, const struct package *of,
                        enum sub_class class, uint8_t own);
struct usage_month offer_typical(const struct package *of, enum sub_class class,
                                 month_t month);

/* ---- explaining ---- */

struct explained {
	const struct tariffs *tariffs;
	const struct policy *policy;
	const struct subject *subject;
	const struct match *match;
	month_t last; /* of month index USAGE_MONTHS - 1 */
};

/* Months, weights, use, and the present package's bills by parts; lines with \n. */
void explain_subject(const struct explained *e, struct buf *out);
/*
 * A package: its bills by parts, beside the present ones; what it saves, its margin, and
 * each guard with figure, limit and verdict.
 */
void explain_candidate(const struct explained *e, const struct candidate *c,
                       struct buf *out);
struct worth_asked; /* offer/cross.h */
/*
 * What it is worth to tell him of it in so many segments, with what the policy assumes and
 * campaigns have measured; and up to which share of refusers that leave it does no harm.
 */
void explain_worth(const struct explained *e, const struct candidate *c,
                   const struct worth_asked *asked, unsigned segments, struct buf *out);
/* Two lines: what would be pushed, and what is answered to who asks. */
void explain_outcome(const struct explained *e, struct buf *out);
/* The present package's margin a month, li. */
int64_t explain_margin(const struct explained *e);
/* A header, and a line for each package, the present one first; in yuan and per cent. */
void explain_csv(const struct explained *e, struct buf *out);

#endif
