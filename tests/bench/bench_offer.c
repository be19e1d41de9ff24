/*
 * bench_offer.c - the matcher over a million subscribers, and its yardsticks.
 *
 * All times are CPU seconds of one thread.  The matcher is asked as the program asks it:
 * portion by portion of STORE_PEOPLE_SLICE, with the same room for the answers of each.
 *
 * usage: bench_offer [SUBSCRIBERS] [PACKAGES]   (1000000 64)
 *        bench_offer URL [PACKAGES]             of all in that store, with main packages
 *                                               made up until there are so many
 *
 * Use is lognormal, six months, three dimensions; packages have voice and texts by the
 * unit and data by blocks with a cap.  Yardsticks of the same run, on fewer subscribers:
 * the scalar calculator (cheapest package alone), and SQLite asked by SQL for the
 * cheapest, and for what comes of it if everybody takes it.  Their answers are compared.
 */
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/dice.h"
#include "offer/rehearse.h"
#include "office/audience.h"

enum {
	GB = 1024 * 1024,
	SCALAR_N = STORE_PEOPLE_SLICE, /* of the scalar yardstick */
	SQL_N = 2000,                  /* of that of SQL */
	PLANS = 64,
	RUNS = 5
};

struct draw {
	uint64_t state;
};

static double unit(struct draw *d)
{
	return ((double)(dice_next(&d->state) >> 11) + 1) * 0x1p-53;
}

static double lognormal(struct draw *d, double mean, double sigma)
{
	const double z = sqrt(-2 * log(unit(d))) * cos(2 * M_PI * unit(d));

	return mean * exp(sigma * z - sigma * sigma / 2);
}

static double now_s(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* ---- what is asked about ---- */

static struct catalogue packages(size_t n, struct draw *d)
{
	struct package *p = xcalloc(n + 1, sizeof(*p));

	for (size_t i = 0; i < n; i++) {
		char code[32];
		const int64_t yuan = 8 + (int64_t)(192 * unit(d));

		(void)snprintf(code, sizeof(code), "P%03zu", i);
		p[i] = (struct package){
			.code = str_of(xstrndup(str_of(code))),
			.fee_fen = 100 * yuan,
			.voice_s = 60 * (int64_t)(5 * (double)yuan * unit(d)),
			.sms = (int64_t)((double)yuan * unit(d)),
			.data_kib = GB * (int64_t)((double)yuan * unit(d)),
			.over_voice_li_per_min = 100 + (int64_t)(150 * unit(d)),
			.over_sms_li = 100,
			.over_data_fen_per_block = 300 + (int64_t)(300 * unit(d)),
			.data_block_kib = GB,
			.over_data_cap_fen = 20000,
			.cost_fen = 40 * yuan,
			.on_sale = true,
		};
	}
	return (struct catalogue){ p, n };
}

static struct usage_set people(size_t n, struct draw *d)
{
	struct usage_set u = usage_set_make(n, month_make(2026, 9));

	for (size_t i = 0; i < n; i++) {
		const double voice = lognormal(d, 90, 1), sms = lognormal(d, 10, 1.4),
			     data = lognormal(d, 20, 1.1);
		struct usage_month m[USAGE_MONTHS];

		for (int k = 0; k < USAGE_MONTHS; k++) {
			const double f = 0.7 + 0.6 * unit(d);
			const double kib = data * f * GB;

			m[k] = (struct usage_month){
				.month = u.last - USAGE_MONTHS + 1 + k,
				.voice_s = (int64_t)(60 * voice * f),
				.sms = (int64_t)(sms * f),
				.data_kib = (int64_t)(kib < 300.0 * GB ? kib : 300.0 * GB)
			};
		}
		usage_set_put(&u, i, m, USAGE_MONTHS);
	}
	return u;
}

struct asked {
	struct arena arena;
	struct tariffs tariffs;
	struct policy policy;
	struct usage_set use;
	struct offer_set all;
	struct mass_subjects subjects;
	struct mass_present *present;
	struct mass_candidate *out; /* of a portion */
};

struct portion {
	struct usage_set use;
	struct mass_subjects subjects;
};

static struct asked ask_make(size_t n, size_t n_packages)
{
	struct draw d = { 11 };
	struct catalogue *c = xcalloc(1, sizeof(*c));
	struct asked a = { .arena = arena_make(SIZE_MAX), .policy = policy_defaults() };
	uint16_t *tariff = xcalloc(n, sizeof(*tariff));
	uint8_t *stage = xcalloc(n, 1), *since = xcalloc(n, 1);

	*c = packages(n_packages, &d);
	tariffs_make(c, &a.arena, &a.tariffs);
	a.use = people(n, &d);
	for (size_t i = 0; i < n_packages; i++)
		offer_add(&a.all, i);
	for (size_t i = 0; i < n; i++) {
		tariff[i] = (uint16_t)(unit(&d) * (double)n_packages * 0.999);
		stage[i] = (uint8_t)(i % STAGES);
		since[i] = 255;
	}
	a.subjects = (struct mass_subjects){ .tariff = tariff,
		                             .stage = stage,
		                             .allowed_class = xcalloc(n, 2),
		                             .addons_li = xcalloc(n, 4),
		                             .months_since_change = since,
		                             .bound = xcalloc(n, sizeof(bool)) };
	a.present = xcalloc(STORE_PEOPLE_SLICE, sizeof(*a.present));
	a.out = xcalloc(STORE_PEOPLE_SLICE, MASS_KEEP * sizeof(*a.out));
	return a;
}

static size_t fewer(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Subscribers from `first` on, as many as the store hands out at once. */
static struct portion portion(const struct asked *a, size_t first)
{
	struct portion p = { a->use, a->subjects };

	p.use.use = usage_block(&a->use, first / USAGE_LANES);
	p.use.usable += first;
	p.use.n = fewer(a->use.n - first, STORE_PEOPLE_SLICE);
	p.subjects.tariff += first;
	p.subjects.stage += first;
	p.subjects.allowed_class += first;
	p.subjects.addons_li += first;
	p.subjects.months_since_change += first;
	p.subjects.bound += first;
	return p;
}

static void match_portion(struct asked *a, size_t first)
{
	const struct portion p = portion(a, first);

	mass_match(&a->tariffs, &a->policy, &p.use, &p.subjects, a->present, a->out);
}

/* ---- the yardsticks ---- */

/* Weighted, of all months. */
static int64_t scalar_total(const struct asked *a, size_t p,
                            int32_t use[USAGE_MONTHS][DIMS])
{
	int64_t li = 0;

	for (size_t m = 0; m < USAGE_MONTHS; m++)
		li += a->policy.weight[m] * tariff_bill_li(&a->tariffs.tariff[p], use[m]);
	return li;
}

static double scalar_s(const struct asked *a, size_t n)
{
	const double start = now_s();

	for (size_t i = 0; i < n; i++) {
		int32_t use[USAGE_MONTHS][DIMS];
		int64_t least = INT64_MAX;
		uint8_t usable;

		usage_set_get(&a->use, i, use, &usable);
		for (size_t p = 0; p < a->tariffs.n; p++) {
			const int64_t li = scalar_total(a, p, use);

			least = p != a->subjects.tariff[i] && li < least ? li : least;
		}
		if (least != scalar_total(a, a->subjects.tariff[i], use) -
		                     a->out[i * MASS_KEEP].saving_li)
			abort();
	}
	return now_s() - start;
}

static void sql(sqlite3 *db, const char *text)
{
	if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK) {
		fprintf(stderr, "%s\n", sqlite3_errmsg(db));
		abort();
	}
}

static void sql_packages(const struct asked *a, sqlite3 *db)
{
	char text[512];

	for (size_t p = 0; p < a->tariffs.n; p++) {
		const struct tariff *t = &a->tariffs.tariff[p];

		(void)snprintf(
			text, sizeof(text),
			"INSERT INTO package VALUES (%zu, %d, %d, %d, %d, %d, %d, %d, %d, %d)",
			p, t->fee_li, t->tier[0].piece[0].from, t->tier[0].piece[0].li,
			t->tier[1].piece[0].from, t->tier[1].piece[0].li,
			t->tier[2].piece[0].from, t->tier[2].piece[0].li,
			t->tier[2].piece[0].block, t->tier[2].cap_li);
		sql(db, text);
	}
}

static void sql_people(const struct asked *a, sqlite3 *db, size_t n)
{
	char text[512];

	for (size_t i = 0; i < n; i++) {
		int32_t use[USAGE_MONTHS][DIMS];
		uint8_t usable;

		usage_set_get(&a->use, i, use, &usable);
		for (size_t m = 0; m < USAGE_MONTHS; m++) {
			(void)snprintf(
				text, sizeof(text),
				"INSERT INTO use VALUES (%zu, %zu, %d, %d, %d, %d)", i, m,
				a->policy.weight[m], use[m][0], use[m][1], use[m][2]);
			sql(db, text);
		}
		(void)snprintf(text, sizeof(text), "INSERT INTO has VALUES (%zu, %u)", i,
		               a->subjects.tariff[i]);
		sql(db, text);
	}
}

static int64_t sql_number(sqlite3 *db, const char *text)
{
	sqlite3_stmt *st = NULL;
	int64_t v;

	if (sqlite3_prepare_v2(db, text, -1, &st, NULL) != SQLITE_OK ||
	    sqlite3_step(st) != SQLITE_ROW)
		abort();
	v = sqlite3_column_int64(st, 0);
	(void)sqlite3_finalize(st);
	return v;
}

/* The whole of what the kernel says of them. */
static int64_t saved_li(const struct asked *a, size_t n)
{
	int64_t li = 0;

	for (size_t i = 0; i < n; i++)
		li += a->out[i * MASS_KEEP].saving_li;
	return li;
}

static double sql_timed(sqlite3 *db, const char *text)
{
	const double start = now_s();

	sql(db, text);
	return now_s() - start;
}

/* Seconds for the cheapest of each, and for the sums by from and to. */
static void sql_s(const struct asked *a, size_t n, double *match, double *rehearsal)
{
	sqlite3 *db = NULL;

	if (sqlite3_open(":memory:", &db) != SQLITE_OK)
		abort();
	sql(db,
	    "CREATE TABLE package (id INTEGER PRIMARY KEY, fee INT, va INT, vl INT, sa INT, "
	    "sl INT, da INT, dl INT, db INT, cap INT); CREATE TABLE use (who INT, month INT, "
	    "w INT, v INT, s INT, d INT, PRIMARY KEY (who, month)) WITHOUT ROWID; "
	    "CREATE TABLE has (who INTEGER PRIMARY KEY, id INT); BEGIN");
	sql_packages(a, db);
	sql_people(a, db, n);
	sql(db, "COMMIT");
	*match = sql_timed(
		db,
		"CREATE TABLE bill AS SELECT who, id, sum(w * (fee + max(0, v - va) * vl + "
		"max(0, s - sa) * sl + min(cap, (max(0, d - da) + db - 1) / db * dl))) AS li "
		"FROM use CROSS JOIN package GROUP BY who, id; "
		"CREATE TABLE best AS SELECT b.who, b.id, min(b.li) AS li FROM bill AS b "
		"JOIN has AS h ON h.who = b.who AND h.id <> b.id GROUP BY b.who");
	*rehearsal = *match +
	             sql_timed(db, "CREATE TABLE moved AS SELECT h.id AS had, t.id, "
	                           "count(*) AS n, sum(b.li) AS was, sum(t.li) AS is_, "
	                           "sum(t.li < b.li) AS less, sum(t.li > b.li) AS more "
	                           "FROM bill AS b JOIN has AS h ON h.who = b.who AND "
	                           "h.id = b.id JOIN best AS t ON t.who = b.who "
	                           "GROUP BY h.id, t.id");
	if (sql_number(db, "SELECT sum(was - is_) FROM moved") != saved_li(a, n))
		abort();
	(void)sqlite3_close(db);
}

/* ---- in memory ---- */

static double match_s(struct asked *a)
{
	const double start = now_s();

	for (size_t first = 0; first < a->use.n; first += STORE_PEOPLE_SLICE)
		match_portion(a, first);
	return now_s() - start;
}

static double rehearse_s(struct asked *a)
{
	struct rehearsal r = rehearsal_begin(&a->tariffs, a->tariffs.tariff, &a->policy,
	                                     &a->arena);
	const double start = now_s();
	double took;

	for (size_t first = 0; first < a->use.n; first += STORE_PEOPLE_SLICE) {
		const struct portion p = portion(a, first);

		rehearse(&r, &p.use, &p.subjects);
	}
	took = now_s() - start;
	rehearsal_end(&r);
	return took;
}

static double best_of(double (*run)(struct asked *a), struct asked *a)
{
	double best = HUGE_VAL;

	for (int k = 0; k < RUNS; k++) {
		const double each = run(a);

		best = each < best ? each : best;
	}
	return best;
}

static int in_memory(int argc, char **argv)
{
	const size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
	const size_t n_packages = argc > 2 ? strtoul(argv[2], NULL, 10) : PLANS;
	const size_t n_scalar = fewer(n, SCALAR_N), n_sql = fewer(n, SQL_N);
	struct asked a = ask_make(n, n_packages);
	double match, rehearsal, scalar, sql_match, sql_rehearsal;

	a.subjects.allowed = &a.all;
	rehearsal = best_of(rehearse_s, &a);
	match = best_of(match_s, &a);
	match_portion(&a, 0);
	scalar = scalar_s(&a, n_scalar);
	sql_s(&a, n_sql, &sql_match, &sql_rehearsal);
	printf("offer_match_s %.3f\noffer_match_evaluations_per_s %.2e\n", match,
	       (double)n * (double)n_packages * USAGE_MONTHS * DIMS / match);
	printf("offer_rehearse_s %.3f\n", rehearsal);
	match /= (double)n;
	rehearsal /= (double)n;
	scalar /= (double)n_scalar;
	sql_match /= (double)n_sql;
	sql_rehearsal /= (double)n_sql;
	printf("offer_scalar_us_each %.3f ratio %.1f\n", scalar * 1e6, scalar / match);
	printf("offer_sql_us_each %.1f ratio %.0f\n", sql_match * 1e6, sql_match / match);
	printf("offer_sql_rehearse_us_each %.1f ratio %.0f\n", sql_rehearsal * 1e6,
	       sql_rehearsal / rehearsal);
	return 0;
}

/* ---- of a store ---- */

struct stored {
	struct arena arena;
	struct store *store;
	struct store_reader *reader;
	struct catalogue catalogue;
	struct tariffs tariffs;
	struct policy policy;
	int64_t now;
	struct mass_present *present;
	struct mass_candidate *out;
};

static int by_code(const void *a, const void *b)
{
	return str_cmp(((const struct package *)a)->code,
	               ((const struct package *)b)->code);
}

/* With main packages made up, until there are so many. */
static struct catalogue filled(const struct catalogue *c, size_t n)
{
	struct draw d = { 7 };
	struct catalogue made;
	struct package *p;
	size_t mains = 0;

	for (size_t i = 0; i < c->n; i++)
		mains += c->package[i].kind == PACKAGE_MAIN;
	made = packages(n > mains ? n - mains : 0, &d);
	p = xcalloc(c->n + made.n + 1, sizeof(*p));
	memcpy(p, c->package, c->n * sizeof(*p));
	memcpy(p + c->n, made.package, made.n * sizeof(*p));
	qsort(p, c->n + made.n, sizeof(*p), by_code);
	return (struct catalogue){ p, c->n + made.n };
}

static void stored_open(struct stored *s, const char *url, size_t plans)
{
	struct catalogue c;
	struct fault fault = { .text = "" };

	*s = (struct stored){ .arena = arena_make(SIZE_MAX),
		              .policy = policy_defaults(),
		              .now = (int64_t)time(NULL) };
	if (store_open(url, STORE_OPEN, &s->store, &fault) != ERR_OK ||
	    store_reader_open(s->store, &s->reader, &fault) != ERR_OK ||
	    store_reader_catalogue(s->reader, &s->arena, &c) != ERR_OK) {
		fprintf(stderr, "%s\n", fault.text);
		exit(1);
	}
	s->catalogue = filled(&c, plans);
	tariffs_make(&s->catalogue, &s->arena, &s->tariffs);
	s->present = xcalloc(STORE_PEOPLE_SLICE, sizeof(*s->present));
	s->out = xcalloc((size_t)STORE_PEOPLE_SLICE * MASS_KEEP, sizeof(*s->out));
}

enum what {
	READ,
	MATCH,
	REHEARSE,
	WHATS
};

/* Seconds of all portions; how many subscribers. */
static double through(struct stored *s, enum what what, size_t *n)
{
	struct audience *a = audience_create(&s->tariffs, &s->policy, NULL, s->now);
	struct rehearsal r = rehearsal_begin(&s->tariffs, s->tariffs.tariff, &s->policy,
	                                     &s->arena);
	const double start = now_s();

	*n = 0;
	while (audience_next(a, s->reader) == ERR_OK) {
		*n += audience_use(a)->n;
		if (what == MATCH)
			mass_match(&s->tariffs, &s->policy, audience_use(a),
			           audience_subjects(a), s->present, s->out);
		if (what == REHEARSE)
			rehearse(&r, audience_use(a), audience_subjects(a));
	}
	audience_destroy(a);
	rehearsal_end(&r);
	return now_s() - start;
}

static int of_store(const char *url, size_t plans)
{
	static const char *const name[WHATS] = { "read", "match", "rehearse" };
	struct stored s;
	double took[WHATS];
	size_t n = 0;

	stored_open(&s, url, plans);
	(void)through(&s, READ, &n); /* into the system's cache */
	for (int w = 0; w < WHATS; w++) {
		took[w] = through(&s, (enum what)w, &n) / (double)(n > 0 ? n : 1) * 1e6;
		printf("offer_store_%s_s_per_million %.3f\n", name[w], took[w]);
	}
	printf("offer_rehearse_alone_s_per_million %.3f\n", took[REHEARSE] - took[READ]);
	store_reader_close(s.reader);
	store_close(s.store);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 1 && strchr(argv[1], ':') != NULL)
		return of_store(argv[1], argc > 2 ? strtoul(argv[2], NULL, 10) : PLANS);
	return in_memory(argc, argv);
}
