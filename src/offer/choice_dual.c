/*
 * choice_dual.c - the dual function: everyone's best offer at given prices.
 *
 * Sixteen subjects side by side.  One evaluation reads all cells once and is bound by
 * memory; what is summed in float goes into double after CHUNK blocks.
 */
#include <math.h>
#include <string.h>

#include "choice_priv.h"
#include "clones.h"

enum {
	CHUNK = 16
};

typedef float lanes __attribute__((vector_size(sizeof(float) * CHOICE_LANES), may_alias));
typedef int32_t masks
	__attribute__((vector_size(sizeof(float) * CHOICE_LANES), may_alias));

/* Half as many in double, as wide as a register. */
enum {
	HALF = CHOICE_LANES / 2
};
typedef float halves __attribute__((vector_size(sizeof(float) * HALF), may_alias));
typedef double wides __attribute__((vector_size(sizeof(double) * HALF)));
typedef int64_t wide_masks __attribute__((vector_size(sizeof(int64_t) * HALF)));

struct sums {
	lanes value, used[CHOICE_ROWS];
};

static inline __attribute__((always_inline)) void add_block(const lanes *cell,
                                                            unsigned keep, unsigned rows,
                                                            const float *price,
                                                            struct sums *sums)
{
	const unsigned stride = 1 + rows;
	lanes best = { 0 };
	masks which = (masks){ 0 } - 1;

	for (unsigned o = 0; o < keep; o++) {
		const lanes *at = cell + (size_t)o * stride;
		lanes worth = at[0];

		for (unsigned r = 0; r < rows; r++)
			worth -= price[r] * at[1 + r];
		const masks better = worth > best;
		best = (lanes)((better & (masks)worth) | (~better & (masks)best));
		which = (better & (int32_t)o) | (~better & which);
	}
	sums->value += best;
	for (unsigned r = 0; r < rows; r++) {
		lanes used = sums->used[r];

		for (unsigned o = 0; o < keep; o++)
			used += (lanes)((which == (int32_t)o) &
			                (masks)cell[(size_t)o * stride + 1 + r]);
		sums->used[r] = used;
	}
}

static inline double across(const lanes *v)
{
	double sum = 0;

	for (unsigned l = 0; l < CHOICE_LANES; l++)
		sum += (double)(*v)[l];
	return sum;
}

CLONES
void choice_dual_fast(const struct choice_problem *p, const double price[],
                      struct choice_dual *out)
{
	const size_t blocks = choice_blocks(p), size = choice_block_cells(p);
	const unsigned keep = p->keep, rows = p->rows;
	float rounded[CHOICE_ROWS] = { 0 };

	*out = (struct choice_dual){ 0 };
	for (unsigned r = 0; r < rows; r++) {
		rounded[r] = (float)price[r];
		out->value += (double)rounded[r] * p->limit[r];
	}
	for (size_t b = 0; b < blocks;) {
		const size_t end = b + CHUNK < blocks ? b + CHUNK : blocks;
		struct sums sums;

		memset(&sums, 0, sizeof(sums));
		for (; b < end; b++)
			add_block((const void *)(p->cell + b * size), keep, rows, rounded,
			          &sums);
		out->value += across(&sums.value);
		for (unsigned r = 0; r < rows; r++)
			out->used[r] += across(&sums.used[r]);
	}
}

CLONES
void choice_reduced(const struct choice_problem *p, size_t block, const double price[],
                    double out[CHOICE_OFFERS][CHOICE_LANES])
{
	const float *at = p->cell + block * choice_block_cells(p);

	for (unsigned o = 0; o < p->keep; o++) {
		for (unsigned l = 0; l < CHOICE_LANES; l++)
			out[o][l] = (double)at[l];
		at += CHOICE_LANES;
		for (unsigned r = 0; r < p->rows; r++, at += CHOICE_LANES)
			for (unsigned l = 0; l < CHOICE_LANES; l++)
				out[o][l] -= price[r] * (double)at[l];
	}
}

#define EITHER(which, a, b) \
	((wides)(((which) & (wide_masks)(a)) | (~(which) & (wide_masks)(b))))

/* `at`: the first cells of these lanes. */
static inline __attribute__((always_inline)) void best_half(const halves *at,
                                                            unsigned keep, unsigned rows,
                                                            const double price[],
                                                            unsigned first,
                                                            struct choice_best *out)
{
	const wides none = (wides){ 0 } - HUGE_VAL;
	wides worth = { 0 }, second = none;
	wide_masks which = (wide_masks){ 0 } + CHOICE_NONE;

	for (unsigned o = 0; o < keep; o++) {
		const wides value = __builtin_convertvector(*at, wides);
		wides red = value;

		at += 2;
		for (unsigned r = 0; r < rows; r++, at += 2)
			red -= price[r] * __builtin_convertvector(*at, wides);
		red = EITHER(value > 0, red, none);
		const wide_masks better = red > worth;
		const wides less = EITHER(better, worth, red);

		second = EITHER(less > second, less, second);
		worth = EITHER(better, red, worth);
		which = (better & (int64_t)o) | (~better & which);
	}
	for (unsigned l = 0; l < HALF; l++) {
		out->offer[first + l] = (uint8_t)which[l];
		out->worth[first + l] = worth[l];
		out->second[first + l] = second[l];
	}
}

CLONES
void choice_best(const struct choice_problem *p, size_t block, const double price[],
                 struct choice_best *out)
{
	const halves *at = (const void *)(p->cell + block * choice_block_cells(p));

	for (unsigned h = 0; h < 2; h++)
		best_half(at + h, p->keep, p->rows, price, h * HALF, out);
}
