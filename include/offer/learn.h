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

/* Where there are no counts: a logistic start; weights in 1/1000. */
struct learn_prior {
	int32_t base;
	int32_t saving;  /* of ln(1 + yuan saved a month), nothing if it is dearer */
	int32_t depth;   /* of the saving's share of the present bill */
	int32_t binding; /* of how far the binding allowance is used */
	int32_t replies; /* of each past answer to an offer; may be negative */
	int32_t stage[LEARN_STAGES];
};
struct learn_features {
	int64_t saving_li;
	int32_t depth_bp, binding_bp, replies;
	unsigned stage; /* below LEARN_STAGES */
};

/* 1 to 999,999 millionths: what cannot happen is never learned about. */
int32_t learn_prior_ppm(const struct learn_prior *p, const struct learn_features *f);

/* That start as counts: as if `weight` had been asked. */
struct learn_belief learn_belief(int32_t ppm, uint32_t weight);

#endif
