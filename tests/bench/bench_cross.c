/*
 * bench_cross.c - a campaign chosen among everybody of a store: services that go with what
 * is held, all that may be offered, and who gets it within limits.
 *
 * usage: bench_cross sqlite:PATH
 *
 * Each without reading the store.  Yardsticks of the same run: reading it, the mass
 * matcher, and for the choice taking everybody's best without limits.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/alloc.h"
#include "office/candidates.h"
#include "store/store.h"

enum {
	SEGMENTS = 2,
	SERVICES = 8
};

struct run {
	struct arena arena;
	struct store *store;
	struct store_reader *reader;
	struct catalogue catalogue;
	struct tariffs tariffs;
	struct policy policy;
	struct lift_counts counts;
	struct cross cross;
	int32_t *days;
	struct mass_present *present;
	struct mass_candidate *candidate;
	struct choosing *choosing;
	int64_t now;
	size_t n, crossed, offers;
	double count_s, match_s, cross_s, all_s;
};

static double now_s(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void begin(struct run *r, const char *url)
{
	struct fault fault = { .text = "" };

	*r = (struct run){ .arena = arena_make(SIZE_MAX),
		           .policy = policy_defaults(),
		           .now = (int64_t)time(NULL) };
	if (store_open(url, STORE_OPEN, &r->store, &fault) != ERR_OK ||
	    store_reader_open(r->store, &r->reader, &fault) != ERR_OK ||
	    store_reader_catalogue(r->reader, &r->arena, &r->catalogue) != ERR_OK) {
		fprintf(stderr, "%s\n", fault.text);
		exit(1);
	}
	/* Contact does no harm here, so that there is something to choose. */
	r->policy.leave_refuse_bp = r->policy.leave_bp;
	tariffs_make(&r->catalogue, &r->arena, &r->tariffs);
	r->counts = lift_counts_make(r->catalogue.n, &r->arena);
	r->days = arena_array(&r->arena, int32_t, r->catalogue.n + 1);
	r->cross = (struct cross){ &r->catalogue, &r->policy, &r->counts, r->days, NULL };
	r->present = xcalloc(STORE_PEOPLE_SLICE, sizeof(*r->present));
	r->candidate = xcalloc((size_t)STORE_PEOPLE_SLICE * MASS_KEEP,
	                       sizeof(*r->candidate));
	r->choosing = choosing_create(false);
}

static void count_portion(struct run *r, const struct audience *a)
{
	const double start = now_s();

	lift_count(&r->counts, audience_services(a).owned, audience_use(a)->n);
	r->count_s += now_s() - start;
}

static void offer_portion(struct run *r, const struct audience *a)
{
	const struct candidates_portion p = { a, r->present, r->candidate };
	const size_t n = audience_use(a)->n;
	double at[4];

	at[0] = now_s();
	mass_match(&r->tariffs, &r->policy, audience_use(a), audience_subjects(a),
	           r->present, r->candidate);
	at[1] = now_s();
	for (size_t i = 0; i < n; i++) {
		struct cross_offer best[SERVICES];

		r->crossed += candidates_cross(&p, &r->cross, i, SEGMENTS, 0, best,
		                               SERVICES);
	}
	at[2] = now_s();
	for (size_t i = 0; i < n; i++) {
		struct choose_offer offer[CANDIDATES_MOST];
		const size_t some = candidates_of(&p, &r->cross, i, SEGMENTS, offer);

		r->offers += some;
		choosing_add(r->choosing, audience_who(a)[i].msisdn, offer, some);
	}
	at[3] = now_s();
	r->match_s += at[1] - at[0];
	r->cross_s += at[2] - at[1];
	r->all_s += at[3] - at[2];
	r->n += n;
}

/* Seconds of all of it. */
static double through(struct run *r,
                      void (*portion)(struct run *, const struct audience *))
{
	struct audience *a = audience_create(&r->tariffs, &r->policy, NULL, r->now);
	const double start = now_s();

	audience_want_services(a);
	while (audience_next(a, r->reader) == ERR_OK)
		portion(r, a);
	audience_destroy(a);
	return now_s() - start;
}

/* Seconds. */
static double choose_within(struct run *r, struct choose_limits l, struct chosen *out)
{
	struct fault fault = { .text = "" };
	const double start = now_s();

	if (choose(r->choosing, &l, &r->arena, out, &fault) != ERR_OK) {
		fprintf(stderr, "%s\n", fault.text);
		exit(1);
	}
	return now_s() - start;
}

/* A third of what everybody's best would take of everything, and little of the first offer. */
static void bench_choice(struct run *r)
{
	struct choose_limits l = choose_limits_none();
	struct chosen all, some;
	const double free_s = choose_within(r, l, &all);
	double took;

	l.budget_li = all.spend_li / 3;
	l.texts = all.texts / 2;
	l.people = (int64_t)all.n / 2;
	l.orders = all.orders_ppm / 3 / 1000000;
	for (uint16_t i = 0; i < 2 && all.n > 0; i++)
		l.stock[l.n_stocks++] = (struct choose_stock){ all.one[i].offer.offer,
			                                       (int64_t)all.n / 200,
			                                       CHOSEN_ORDERS };
	took = choose_within(r, l, &some);
	printf("choose_s %.3f ratio %.1f\n", took, took / free_s);
	printf("choose_gap_percent %.5f\n", 100 * some.gap);
	printf("choose_chosen %zu of %zu\n", some.n, r->n);
}

int main(int argc, char **argv)
{
	struct run r;
	double read_s;

	if (argc != 2)
		return 2;
	begin(&r, argv[1]);
	(void)through(&r, count_portion); /* into the system's cache, and counted */
	read_s = r.count_s = 0;
	r.counts = lift_counts_make(r.catalogue.n, &r.arena);
	read_s = through(&r, count_portion) - r.count_s;
	(void)through(&r, offer_portion);
	if (r.n == 0)
		return 1;
	printf("cross_read_s_per_million %.3f\n", read_s / (double)r.n * 1e6);
	printf("cross_count_s_per_million %.4f ratio %.3f\n",
	       r.count_s / (double)r.n * 1e6, r.count_s / read_s);
	printf("cross_s_per_million %.3f ratio %.2f\n", r.cross_s / (double)r.n * 1e6,
	       r.cross_s / r.match_s);
	printf("cross_offers_each %.3f of_all %.3f\n", (double)r.crossed / (double)r.n,
	       (double)r.offers / (double)r.n);
	printf("candidates_s_per_million %.3f ratio %.2f\n", r.all_s / (double)r.n * 1e6,
	       r.all_s / r.match_s);
	bench_choice(&r);
	choosing_destroy(r.choosing);
	store_reader_close(r.reader);
	store_close(r.store);
	return 0;
}
