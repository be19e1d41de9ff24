/*
 * evaluate.c - see push/evaluate.h.
 */
#include "push/evaluate.h"

#include <assert.h>
#include <math.h>

/* ---- shares ---- */

static double rate(struct share s)
{
	assert(s.hits >= 0 && s.hits <= s.n);
	return s.n > 0 ? (double)s.hits / (double)s.n : 0;
}

struct interval evaluate_wilson(struct share s, double z)
{
	const double p = rate(s), n = (double)s.n, zz = z * z / n;
	const double middle = (p + zz / 2) / (1 + zz),
		     half = z * sqrt(p * (1 - p) / n + zz / n / 4) / (1 + zz);

	if (s.n == 0)
		return (struct interval){ 0, 1 };
	return (struct interval){ s.hits == 0 ? 0 : middle - half,
		                  s.hits == s.n ? 1 : middle + half };
}

static double two_sided(double z)
{
	return erfc(fabs(z) / M_SQRT2);
}

/* Standard error of the difference if both were of one kind. */
static double pooled_error(struct share a, struct share b)
{
	const double p = (double)(a.hits + b.hits) / (double)(a.n + b.n);

	if (a.n == 0 || b.n == 0)
		return 0;
	return sqrt(p * (1 - p) * (1 / (double)a.n + 1 / (double)b.n));
}

struct effect evaluate_effect(struct share treated, struct share control, double z)
{
	const double t = rate(treated), c = rate(control), d = t - c,
		     error = pooled_error(treated, control), n = (double)treated.n;
	const struct interval wt = evaluate_wilson(treated, z),
			      wc = evaluate_wilson(control, z);
	struct effect e = { .treated = t, .control = c, .difference = d };

	e.ci.low = d - hypot(t - wt.low, wc.high - c);
	e.ci.high = d + hypot(wt.high - t, c - wc.low);
	e.z = error > 0 ? d / error : 0;
	e.p = two_sided(e.z);
	e.increment = d * n;
	e.increment_ci = (struct interval){ e.ci.low * n, e.ci.high * n };
	return e;
}

double evaluate_relative(struct share treated, struct share control, double z,
                         struct interval *ci)
{
	double ratio, error;

	*ci = (struct interval){ 0, HUGE_VAL };
	if (treated.hits == 0 || control.hits == 0)
		return 0;
	ratio = rate(treated) / rate(control);
	error = sqrt((1 - rate(treated)) / (double)treated.hits +
	             (1 - rate(control)) / (double)control.hits);
	*ci = (struct interval){ ratio * exp(-z * error), ratio * exp(z * error) };
	return ratio;
}

/* ---- is the split as it was meant ---- */

/*
 * Upper tail of chi-square with `degrees` of freedom: a finite sum for each parity
 * (Abramowitz and Stegun 26.4.4 and .5).
 */
static double chi_square_tail(double x, unsigned degrees)
{
	double term, sum = 0;

	if (degrees % 2 == 0) {
		term = exp(-x / 2);
		for (unsigned i = 1; i <= degrees / 2; i++) {
			sum += term;
			term *= x / (2 * i);
		}
		return sum;
	}
	term = sqrt(2 / M_PI) * exp(-x / 2) * sqrt(x);
	for (unsigned i = 1; i < degrees; i += 2) {
		sum += term;
		term *= x / (i + 2);
	}
	return two_sided(sqrt(x)) + sum;
}

double evaluate_sample_ratio(const int64_t *seen, const double *weight, size_t n)
{
	double all = 0, weights = 0, x = 0;

	assert(n >= 2 && n <= 16);
	for (size_t i = 0; i < n; i++) {
		all += (double)seen[i];
		weights += weight[i];
	}
	if (all <= 0)
		return 1;
	for (size_t i = 0; i < n; i++) {
		const double expected = all * weight[i] / weights,
			     off = (double)seen[i] - expected;

		x += off * off / expected;
	}
	return chi_square_tail(x, (unsigned)n - 1);
}

/* ---- how many, how little ---- */

/* Acklam's rational start, then one step of Halley's method. */
double evaluate_normal(double p)
{
	static const double a[] = { -3.969683028665376e+01, 2.209460984245205e+02,
		                    -2.759285104469687e+02, 1.383577518672690e+02,
		                    -3.066479806614716e+01, 2.506628277459239e+00 },
			    b[] = { -5.447609879822406e+01, 1.615858368580409e+02,
		                    -1.556989798598866e+02, 6.680131188771972e+01,
		                    -1.328068155288572e+01 },
			    c[] = { -7.784894002430293e-03, -3.223964580411365e-01,
		                    -2.400758277161838e+00, -2.549732539343734e+00,
		                    4.374664141464968e+00,  2.938163982698783e+00 },
			    d[] = { 7.784695709041462e-03, 3.224671290700398e-01,
		                    2.445134137142996e+00, 3.754408661907416e+00 };
	const double tail = p < 0.5 ? p : 1 - p;
	double x, q, e, u;

	assert(p > 0 && p < 1);
	if (tail < 0.02425) {
		q = sqrt(-2 * log(tail));
		x = (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q +
		     c[5]) /
		    ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1);
	} else {
		q = tail - 0.5;
		u = q * q;
		x = (((((a[0] * u + a[1]) * u + a[2]) * u + a[3]) * u + a[4]) * u +
		     a[5]) *
		    q /
		    (((((b[0] * u + b[1]) * u + b[2]) * u + b[3]) * u + b[4]) * u + 1);
	}
	e = erfc(-x / M_SQRT2) / 2 - tail;
	u = e * sqrt(2 * M_PI) * exp(x * x / 2);
	x -= u / (1 + x * u / 2);
	return p < 0.5 ? x : -x;
}

double evaluate_size(double base, double effect, double k, double alpha, double power)
{
	const double treated = base + effect, mean = (base + k * treated) / (1 + k);
	const double even = evaluate_normal(1 - alpha / 2) *
	                    sqrt(mean * (1 - mean) * (1 + 1 / k));
	const double apart = evaluate_normal(power) *
	                     sqrt(base * (1 - base) + treated * (1 - treated) / k);
	const double root = (even + apart) / effect;

	return root * root;
}

double evaluate_least(double base, double treated, double control, double alpha,
                      double power)
{
	double low = 0, high = 1 - base;

	assert(treated > 0 && control > 0);
	for (unsigned i = 0; i < 60; i++) {
		const double middle = (low + high) / 2;

		if (evaluate_size(base, middle, treated / control, alpha, power) >
		    control)
			low = middle;
		else
			high = middle;
	}
	return high;
}

/* ---- money ---- */

void evaluate_add(struct moments *m, double x, double y)
{
	m->n += 1;
	m->x += x;
	m->y += y;
	m->xx += x * x;
	m->xy += x * y;
	m->yy += y * y;
}

/* Sums of squares around the group's own means. */
struct spread {
	double xx, xy, yy;
};
static struct spread spread_of(const struct moments *m)
{
	return (struct spread){ m->xx - m->x * m->x / m->n, m->xy - m->x * m->y / m->n,
		                m->yy - m->y * m->y / m->n };
}

/* Variance of the mean of y - theta x. */
static double error_of(const struct moments *m, double theta)
{
	const struct spread s = spread_of(m);
	const double rest = s.yy - 2 * theta * s.xy + theta * theta * s.xx;

	return m->n > 1 && rest > 0 ? rest / (m->n - 1) / m->n : 0;
}

struct adjusted evaluate_cuped(const struct moments *treated,
                               const struct moments *control, double z)
{
	const struct spread t = spread_of(treated), c = spread_of(control);
	const double xx = t.xx + c.xx, xy = t.xy + c.xy, yy = t.yy + c.yy;
	struct adjusted out = { .theta = xx > 0 ? xy / xx : 0,
		                .r2 = xx > 0 && yy > 0 ? xy * xy / xx / yy : 0 };
	double error;

	assert(treated->n > 0 && control->n > 0);
	out.difference = treated->y / treated->n - control->y / control->n -
	                 out.theta * (treated->x / treated->n - control->x / control->n);
	error = sqrt(error_of(treated, out.theta) + error_of(control, out.theta));
	out.ci = (struct interval){ out.difference - z * error,
		                    out.difference + z * error };
	return out;
}

/* ---- looked at every day ---- */

struct interval evaluate_always(struct share treated, struct share control, double at,
                                double alpha)
{
	const double t = rate(treated), c = rate(control), d = t - c;
	/* Variance of the difference, times treated; counts plus one, so that 0 hits are not certain. */
	const double pt = (double)(treated.hits + 1) / (double)(treated.n + 2),
		     pc = (double)(control.hits + 1) / (double)(control.n + 2);
	const double n = (double)treated.n,
		     v = pt * (1 - pt) + pc * (1 - pc) * n / (double)control.n;
	/* Of the mixing normal: narrowest near n = at (Johari et al., Howard et al.). */
	const double rho = (-2 * log(alpha) + log(-2 * log(alpha) + 1)) / at;
	const double half = sqrt(v * (n * rho + 1) / (n * n * rho) *
	                         log((n * rho + 1) / (alpha * alpha)));

	return (struct interval){ d - half, d + half };
}
