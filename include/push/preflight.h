/*
 * preflight.h - what a campaign will cost, how long it takes, and what can be seen of it
 * afterwards, from counts of its real audience before anything is sent.
 *
 * Pure arithmetic.  The rate is taken as constant; what is said is how it goes if nothing
 * stops it: canary's steps with their waits, the hours of house and campaign, holidays.
 */
#ifndef PUSH_PREFLIGHT_H
#define PUSH_PREFLIGHT_H

#include "push/gate.h"

struct preflight_in {
	const struct campaign *campaign;
	const struct push_rules *rules;
	int64_t now;                  /* UTC s */
	int64_t audience;             /* numbers that its rule names */
	int64_t reason[GATE_REASONS]; /* of these refused, as if asked in its hours */
	int64_t universal, control;   /* of those that pass, held out */
	int64_t ready;                /* that pass and are not held out */
	int64_t segments;             /* of all their texts as rendered */
	double segments_per_s;        /* that links, rules and campaign allow; > 0 */
	double base;                  /* share that orders without being told; 0..1 */
	double accept;                /* share of those sent to that orders; 0..1 */
	int64_t order_li;             /* margin that an order brings over the horizon */
};

struct preflight {
	int64_t passed, sent; /* sent: within limit.most and limit.budget */
	int64_t segments, cost_li;
	int64_t starts, ends; /* UTC s of the first message and behind the last one */
	unsigned days;        /* on which something leaves */
	int64_t late;         /* of `sent`, whose turn does not come before time.until */
	/*
	 * Smallest rise above base that the report can show, at 5 %, with a chance of 80 %
	 * (evaluate_least; more than 2.8 sqrt(p (1 - p) (1/n + 1/m)), as risen shares spread
	 * wider).  INFINITY: nobody is held out.
	 */
	double least;
	bool shows;                 /* accept is at least that much above base */
	double orders, incremental; /* expected; incremental: above base */
	int64_t margin_li;          /* of the incremental ones, less the cost */
};

/* Counts are >= 0 and add up: audience is reasons and passed. */
void preflight(const struct preflight_in *in, struct preflight *out);

#endif
