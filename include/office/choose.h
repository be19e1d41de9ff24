/*
 * choose.h - who gets which offer: what may be offered to each subscriber and the limits
 * of a campaign in, a certified choice out (offer/choice.h), at most one offer each.
 *
 * Pure arithmetic; money in li, acceptance in millionths.  What is chosen keeps every
 * limit exactly, by whole numbers; worth is proven to be within `bound_li` of the best
 * that any choice could have.
 */
#ifndef OFFICE_CHOOSE_H
#define OFFICE_CHOOSE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "offer/choice.h"

enum {
	CHOOSE_KEEP =
		8, /* offers of one subscriber; of more the worthiest are looked at */
	CHOOSE_STOCKS = 96 /* that may be limited; few of them bind at once */
};

#define CHOOSE_ANY INT64_MAX /* no limit */

struct choose_offer {
	uint16_t offer;   /* which: a number of the caller's, such as in the catalogue */
	uint8_t segments; /* of its text */
	uint8_t stage;    /* of the subscriber: enum stage */
	int32_t q_ppm;    /* accepts */
	/* A month of who accepts, for the share of profit; two million yuan at most. */
	int32_t bill_li, margin_li;
	int32_t gain_li;  /* more margin a month than without */
	int64_t value_li; /* what sending it is worth: offer_value() */
	int64_t spend_li; /* of the budget, expected: segments, and q of what it gives; >= 0 */
};

enum chosen_limit {
	CHOSEN_BUDGET, /* li */
	CHOSEN_TEXTS,
	CHOSEN_PEOPLE,
	CHOSEN_FOLLOWED, /* orders of all offers, millionths: what people have to carry out */
	CHOSEN_PROFIT, /* what orders lack to the least share of profit, li a month */
	CHOSEN_ORDERS, /* of an offer, millionths */
	CHOSEN_SENDS,  /* of an offer */
	CHOSEN_GROUP   /* people of a stage */
};

struct choose_stock {
	uint16_t offer;         /* or stage */
	int64_t n;              /* >= 0 */
	enum chosen_limit what; /* CHOSEN_ORDERS and behind it */
};

/* choose_limits_none() and what is changed of it. */
struct choose_limits {
	int64_t budget_li, texts, people; /* texts: segments; CHOOSE_ANY: no limit */
	int64_t orders;                   /* expected, of all offers; likewise */
	/* Margins of those who accept, as expected, are so much of their bills; likewise. */
	int64_t profit_bp;
	struct choose_stock stock[CHOOSE_STOCKS];
	size_t n_stocks;
	uint64_t seed; /* the same seed and input, the same choice */
};
struct choose_limits choose_limits_none(void);

/* ---- candidates ---- */

struct choosing;
/*
 * any: offers of no worth are made too, as many as limits allow and the worthiest of
 * them: worth is then counted from just below that of the worst offer.  Else who has no
 * offer of worth above 0 gets none.
 */
struct choosing *choosing_create(bool any);
void choosing_destroy(struct choosing *c); /* NULL is fine */

/*
 * What may be offered to one, each number once, in any order.  Who has no offer that may
 * be chosen takes no room; others 16 octets, and 40 for each offer.
 */
void choosing_add(struct choosing *c, int64_t msisdn, const struct choose_offer *offer,
                  size_t n);

/* Whether all of them can have the first of theirs. */
bool choosing_all_fit(const struct choosing *c, const struct choose_limits *limits);

/* ---- the choice ---- */

/* A limit that was weighed, in its own unit. */
struct chosen_row {
	enum chosen_limit what;
	uint16_t offer;
	int64_t used, limit; /* used <= limit */
	double price; /* what one more unit would be worth, about, in li; 0: it is not short */
	bool implied; /* whoever keeps the others keeps it: it is not weighed */
};

struct chosen {
	size_t subjects; /* that had an offer that may be chosen */
	size_t n;        /* that get one */
	struct chosen_one {
		int64_t msisdn;
		struct choose_offer offer;
	} * one; /* [n], in the order of adding; in the arena */
	int64_t value_li, spend_li, texts, orders_ppm; /* of all together, as expected */
	/*
	 * Worth is counted from floor_li, 0 but with choosing_create(any): value_li less n of
	 * it <= the best there is <= bound_li.
	 */
	int64_t floor_li;
	double bound_li;
	double gap; /* (bound - counted value) / bound */
	bool exact; /* proven best */
	struct chosen_row row[CHOICE_ROWS];
	size_t rows;
};

/*
 * ERR_RANGE with a fault: a limit is below 0, or more stocks are short at once than can
 * be weighed together.
 */
MUST_CHECK enum err choose(const struct choosing *c, const struct choose_limits *limits,
                           struct arena *a, struct chosen *out, struct fault *fault);

/*
 * The certificate in words, lines with \n: what is chosen, of what worth, how far from the
 * best, and what one more of each limit would be worth.  code: of an offer.
 */
void choose_explain(const struct chosen *c,
                    struct str (*code)(const void *ctx, uint16_t offer), const void *ctx,
                    struct buf *out);

#endif
