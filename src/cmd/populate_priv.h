/*
 * populate_priv.h - a believable synthetic population, by seed.
 *
 * Subscriber i depends on the seed and i only, not on how many there are.
 */
#ifndef CMD_POPULATE_PRIV_H
#define CMD_POPULATE_PRIV_H

#include "base/arena.h"
#include "model/package.h"
#include "model/subscriber.h"
#include "store/store.h"

/* ---- random numbers: splitmix64 ---- */

struct rng {
	uint64_t state;
	double spare; /* of the last pair of normals */
	bool has_spare;
};

struct rng rng_make(uint64_t seed, uint64_t stream);
double rng_unit(struct rng *r);              /* (0, 1] */
double rng_normal(struct rng *r);            /* mean 0, sd 1 */
int64_t rng_below(struct rng *r, int64_t n); /* 0 .. n - 1 */
static inline bool rng_chance(struct rng *r, double p)
{
	return rng_unit(r) <= p;
}

/* Index of a weight, in proportion to it; weights are in 1/1000 and end with the sum 1000. */
unsigned rng_pick(struct rng *r, const int *per_mille, size_t n);

/* ---- packages ---- */

extern const struct package populate_packages[];
extern const size_t populate_n_packages;

/* ---- one subscriber ---- */

enum {
	POPULATE_CLOSED = 6, /* months with a bill */
	POPULATE_MONTHS = POPULATE_CLOSED + 1,
	POPULATE_SERVICES = 12 /* one may hold at most */
};

struct population {
	uint64_t seed;
	int64_t first;       /* msisdn of subscriber 0 */
	int64_t now;         /* UTC s: figures are as of then */
	month_t month;       /* of now */
	double month_passed; /* share of it that has passed */
	int day;             /* of now, from 1 */
	int64_t month_end;   /* UTC s: the first instant of the next */
};

struct person {
	struct subscriber_row row;
	struct str service[POPULATE_SERVICES];
	char puk[8];
	struct usage_row
		usage[POPULATE_MONTHS]; /* ascending; none before the owner's first */
	size_t n_usage;
	bool minimal; /* no package on sale would have cost less in the last closed month */
};

/* Fills *out, whose row points into it: it must not move. */
void populate_person(const struct population *p, int64_t i, struct person *out);

/* ---- their history ---- */

enum {
	POPULATE_SLICE = 10000, /* subscribers a transaction */
	POPULATE_DETAILED =
		10000 /* subscribers with details of the month, and consents */
};

/* Rows of one slice. */
struct history {
	struct arena arena;
	struct payment_row *payment;
	struct resource_row *resource;
	struct bill_row *bill;
	struct detail_row *detail;
	struct consent_row *consent;
	size_t n_payments, n_resources, n_bills, n_details, n_consents;
};
struct history *history_create(void);
void history_destroy(struct history *h);
void history_reset(struct history *h);
/* Adds rows of subscriber i, of POPULATE_SLICE at most. */
void history_add(const struct population *p, int64_t i, const struct person *who,
                 struct history *h);
enum err history_put(struct store *s, const struct history *h, int64_t as_of);

/* ---- the generator's own check table ---- */

enum {
	POPULATE_KINDS = 3 /* voice min, sms, data MB */
};

struct check_table;
struct check_table *check_table_create(void);
void check_table_destroy(struct check_table *t);
void check_table_add(struct check_table *t, const struct person *p);
void check_table_print(const struct check_table *t);

#endif
