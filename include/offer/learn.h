/*
 * learn.h - how probable acceptance is, learned: Beta cells and Thompson sampling.
 *
 * A cell is one stage x spend band x offer.  Draws come from a seeded generator that is
 * part of the journal: the same seed and counts, the same draws, on any machine: nothing
 * but +, -, *, / and sqrt of double is used, which IEEE 754 defines to the bit.
 */
#ifndef OFFER_LEARN_H
#define OFFER_LEARN_H

#include <stdint.h>

struct learn_cell {
	uint32_t sent, orders; /* orders <= sent */
};

struct learn_dice {
	uint64_t state[4]; /* xoshiro256++ */
};
struct learn_dice learn_dice(uint64_t seed);
uint64_t learn_roll(struct learn_dice *d);

/* What is believed before anything was sent: Beta(a, b), a and b >= 1. */
struct learn_belief {
	uint32_t a, b;
};

/* Mean of Beta(a + orders, b + sent - orders), in millionths. */
int32_t learn_mean_ppm(const struct learn_cell *c, struct learn_belief before);

/* A draw of it, in millionths. */
int32_t learn_draw_ppm(struct learn_dice *d, const struct learn_cell *c,
                       struct learn_belief before);

enum {
	LEARN_STAGES = 8
};

/*
 * How acceptance of an offer differs from what is assumed of all before anybody was asked:
 * weights of log-odds, in 1/1000.
 */
struct learn_shift {
	int32_t saving;  /* of ln(1 + yuan saved a month), nothing if it is dearer */
	int32_t depth;   /* of the saving's share of the present bill */
	int32_t refusal; /* of each offer that he refused lately; may be negative */
};
struct learn_features {
	int64_t saving_li; /* a month */
	int32_t depth_bp;
	unsigned refusals;
};

/* saving and present bill with add-ons are sums weighted by months. */
struct learn_features learn_features_of(int64_t saving_li, int64_t present_li,
                                        int64_t weight, unsigned refusals);

/* Of what is neither 0 nor certain 1 to 999,999 millionths: it can be learned about. */
int32_t learn_shifted_ppm(int32_t ppm, const struct learn_shift *s,
                          const struct learn_features *f);

/* That start as counts: as if `weight` had been asked. */
struct learn_belief learn_belief(int32_t ppm, uint32_t weight);

#endif
