/*
 * evaluate.h - what a campaign has brought, with the doubt that belongs to it.
 *
 * Intention to treat: who was chosen counts, sent or not.  Intervals are two-sided and
 * given by z, 1.959964 for 95 %.  Pure arithmetic in double: the same counts, the same
 * figures.
 */
#ifndef PUSH_EVALUATE_H
#define PUSH_EVALUATE_H

#include <stddef.h>
#include <stdint.h>

#define EVALUATE_Z95 1.959963984540054

struct share {
	int64_t hits, n; /* 0 <= hits <= n; n 0: nothing is known */
};
struct interval {
	double low, high;
};

/* Wilson's score interval of a share: holds for few and for shares near 0 or 1. */
struct interval evaluate_wilson(struct share s, double z);

/* Treated against control. */
struct effect {
	double treated, control, difference;
	/*
	 * Of the difference, Newcombe's of two Wilson intervals (Statistics in Medicine
	 * 17, 1998, method 10).
	 */
	struct interval ci;
	double z, p;      /* of no difference, pooled, two-sided */
	double increment; /* difference times treated: what would not have been */
	struct interval increment_ci;
};
struct effect evaluate_effect(struct share treated, struct share control, double z);

/* treated / control with its interval on the logarithm; 0, 0..inf without hits in both. */
double evaluate_relative(struct share treated, struct share control, double z,
                         struct interval *ci);

/*
 * The chance of a split at least as uneven as seen[], if weight[] (any unit, > 0) were
 * true: Pearson's chi-square, n from 2 to 16.  Below EVALUATE_UNEVEN the assignment, or the
 * counting, is broken, and no effect is to be believed.
 */
#define EVALUATE_UNEVEN 0.001
double evaluate_sample_ratio(const int64_t *seen, const double *weight, size_t n);

/*
 * How many control targets show base becoming base + effect at two-sided alpha with that
 * power, when treated are k times as many.
 */
double evaluate_size(double base, double effect, double k, double alpha, double power);

/* The smallest rise of base that so many treated and control targets show. */
double evaluate_least(double base, double treated, double control, double alpha,
                      double power);

/* Money before (x) and after (y) of one group, summed; add with evaluate_add(). */
struct moments {
	double n, x, y, xx, xy, yy;
};
void evaluate_add(struct moments *m, double x, double y);

/* Difference of means of y, with what x explains taken out (CUPED). */
struct adjusted {
	double theta, r2; /* share of the variance that x explains */
	double difference;
	struct interval ci;
};
struct adjusted evaluate_cuped(const struct moments *treated,
                               const struct moments *control, double z);

/*
 * An interval of the difference that holds whenever, and however often, it is looked at
 * (mixture sequential test, tuned to be narrowest at `at` treated targets).
 */
struct interval evaluate_always(struct share treated, struct share control, double at,
                                double alpha);

/* Quantile of the normal distribution, 0 < p < 1; error below 1e-9. */
double evaluate_normal(double p);

#endif
