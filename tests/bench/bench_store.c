/*
 * bench_store.c - requests a second that the store carries, durably, on one thread.
 *
 * usage: bench_store [FOLDER [SUBSCRIBERS [SECONDS]]]   (., 1000000, 3 a measure)
 *
 * A request is what a turn does for one text: one look for its equal, one dossier,
 * one to three needs, a text in, a reply out, and a turn later the mark that settles
 * both.  The yardstick is plain SQLite with one insert a request under the same
 * settings, in the same run on the same disk.
 */
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "store/store.h"
#include "store_files.h"

enum {
	BATCH_MAX = 1000,
	SLICE = 10000,
	MONTHS = 7
};

#define FIRST INT64_C(13800000000)
#define SINCE INT64_C(1600000000)

struct bench {
	struct store *store;
	struct arena arena;
	int64_t subscribers, next;
	uint64_t random;
	size_t n_before;
	int64_t before[BATCH_MAX]; /* ids of the last turn: marked in this one */
};

static uint64_t draw(struct bench *b)
{
	b->random = b->random * UINT64_C(6364136223846793005) +
	            UINT64_C(1442695040888963407);
	return b->random >> 20;
}

static void must(enum err e, const struct bench *b, const char *what)
{
	if (e == ERR_OK)
		return;
	(void)fprintf(stderr, "%s: %s: %s\n", what, err_text(e),
	              b->store != NULL ? store_fault(b->store) : "");
	exit(EXIT_FAILURE);
}

static double seconds(void)
{
	return (double)clock_machine().mono_us / 1e6;
}

static void put_slice(struct bench *b, int64_t from, int64_t n)
{
	static const struct str services[] = { { "CL", 2 }, { "LX", 2 } };
	struct subscriber_row *row = xcalloc((size_t)n, sizeof(*row));
	struct usage_row *usage = xcalloc((size_t)n * MONTHS, sizeof(*usage));

	for (int64_t i = 0; i < n; i++) {
		row[i] = (struct subscriber_row){
			.sub = { .msisdn = FIRST + from + i,
			         .owner_since = SINCE,
			         .joined_on = SINCE,
			         .name = STR("王小明"),
			         .region = STR("Shanghai"),
			         .network = STR("5G"),
			         .puk = STR("12345678"),
			         .package = STR("58") },
			.account = { .balance_fen = 3520, .points = 100, .as_of = SINCE },
			.service = services,
			.n_services = 2,
		};
		for (int64_t m = 0; m < MONTHS; m++)
			usage[i * MONTHS + m] = (struct usage_row){
				FIRST + from + i,
				{ .month = (month_t)(24300 + m),
				  .voice_s = 5400,
				  .bill_fen = 5800 }
			};
	}
	must(store_begin(b->store), b, "begin");
	must(store_put(b->store, STORE_SUBSCRIBERS, row, (size_t)n, 0, NULL), b,
	     "subscribers");
	must(store_put(b->store, STORE_USAGE, usage, (size_t)n * MONTHS, SINCE, NULL), b,
	     "usage");
	must(store_commit(b->store), b, "commit");
	free(row);
	free(usage);
}

static void fill(struct bench *b)
{
	const double start = seconds();

	for (int64_t i = 0; i < b->subscribers; i += SLICE)
		put_slice(b, i, b->subscribers - i < SLICE ? b->subscribers - i : SLICE);
	(void)printf("subscribers %" PRId64 " fill_s %.1f\n", b->subscribers,
	             seconds() - start);
}

static void load(struct bench *b, struct dossier *d, size_t n)
{
	static const unsigned kinds[] = { NEED_ACCOUNT, NEED_ACCOUNT | NEED_USAGE,
		                          NEED_ACCOUNT | NEED_USAGE |
		                                  NEED_SUBSCRIPTIONS };
	struct store_seen *seen = arena_array(&b->arena, struct store_seen, n);
	struct dossier **which = arena_array(&b->arena, struct dossier *, n);
	unsigned *need = arena_array(&b->arena, unsigned, n);

	for (size_t i = 0; i < n; i++) {
		d[i].msisdn = FIRST + (int64_t)(draw(b) % (uint64_t)b->subscribers);
		seen[i].fingerprint = (int64_t)draw(b);
		which[i] = &d[i];
		need[i] = kinds[i % 3];
	}
	must(store_load_seen(b->store, &b->arena, seen, n), b, "seen");
	must(store_load_dossiers(b->store, &b->arena, which, n), b, "dossiers");
	must(store_load_needs(b->store, &b->arena, which, need, n, SINCE), b, "needs");
}

static void answer(struct bench *b, struct changes *c, const struct dossier *d)
{
	const struct address hall = { 0, 1, STR("10086") };
	const struct address phone = { 1, 1,
		                       arena_printf(&b->arena, "86%" PRId64, d->msisdn) };
	const int64_t id = b->next++, at_ms = SINCE * 1000 + id;

	changes_add(c, inbox,
	            (struct inbox_row){ .id = id,
	                                .at_ms = at_ms,
	                                .fingerprint = (int64_t)(draw(b) << 16 ^ draw(b)),
	                                .session = SINCE << 20,
	                                .group = STR("smsc-a"),
	                                .from = phone,
	                                .to = hall,
	                                .msisdn = d->msisdn,
	                                .owner_since = d->sub.owner_since,
	                                .text = STR("CXYE"),
	                                .intent = STR("balance.query"),
	                                .rule = STR("balance.query"),
	                                .revision = STR("5f0c2a11") });
	changes_add(c, outbox,
	            (struct outbox_row){
			    .id = id,
			    .at_ms = at_ms,
			    .group = STR("smsc-a"),
			    .from = hall,
			    .to = phone,
			    .text = STR("截至20日10:31,您的账户余额为35.20元。") });
}

static void mark(struct bench *b, struct changes *c)
{
	for (size_t i = 0; i < b->n_before; i++)
		changes_add(c, marks,
		            (struct outbox_mark){
				    .id = b->before[i],
				    .state = OUTBOX_DONE,
				    .session = SINCE << 20,
				    .message_id = arena_printf(&b->arena, "%010" PRId64,
		                                               b->before[i]),
				    .at_ms = SINCE * 1000 + b->next });
}

static void turn(struct bench *b, size_t n)
{
	struct dossier *d = arena_array(&b->arena, struct dossier, n);
	struct changes c = { .arena = &b->arena };

	must(store_begin(b->store), b, "begin");
	load(b, d, n);
	mark(b, &c);
	for (size_t i = 0; i < n; i++) {
		b->before[i] = b->next;
		answer(b, &c, &d[i]);
	}
	b->n_before = n;
	must(store_record(b->store, &c), b, "record");
	must(store_commit(b->store), b, "commit");
	arena_reset(&b->arena);
}

static double cpu_seconds(void)
{
	const clock_t ticks = clock();

	return (double)ticks / CLOCKS_PER_SEC;
}

static double measure(struct bench *b, size_t batch, double limit_s)
{
	const double start = seconds();
	const double cpu = cpu_seconds();
	double longest = 0, before = start;
	size_t done = 0;

	while (before - start < limit_s) {
		double now;

		turn(b, batch);
		done += batch;
		now = seconds();
		longest = now - before > longest ? now - before : longest;
		before = now;
	}
	(void)printf("requests_per_s_batch_%zu %.0f cpu_us %.1f longest_turn_ms %.1f\n",
	             batch, (double)done / (before - start),
	             (cpu_seconds() - cpu) * 1e6 / (double)done, longest * 1e3);
	return (double)done / (before - start);
}

/* One insert a request, nothing else. */
static double yardstick(const char *path, size_t batch, double limit_s)
{
	sqlite3 *db;
	sqlite3_stmt *st;
	const double start = seconds();
	size_t done = 0;

	if (sqlite3_open(path, &db) != SQLITE_OK ||
	    sqlite3_exec(db,
	                 "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
	                 "PRAGMA wal_autocheckpoint = 8000; CREATE TABLE IF NOT EXISTS y "
	                 "(id INTEGER PRIMARY KEY, text TEXT)",
	                 NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, "INSERT INTO y (text) VALUES (?1)", -1, &st, NULL) !=
	            SQLITE_OK)
		exit(EXIT_FAILURE);
	while (seconds() - start < limit_s) {
		(void)sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
		for (size_t i = 0; i < batch; i++, done++) {
			(void)sqlite3_bind_text(st, 1, "CXYE 8613800138000 10086 smsc-a",
			                        -1, SQLITE_STATIC);
			(void)sqlite3_step(st);
			(void)sqlite3_reset(st);
		}
		(void)sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	}
	(void)sqlite3_finalize(st);
	(void)sqlite3_close(db);
	return (double)done / (seconds() - start);
}

int main(int argc, char **argv)
{
	static const size_t batches[] = { 1, 10, 100, 1000 };
	static struct bench b = { .random = 42 };
	const double limit_s = argc > 3 ? atof(argv[3]) : 3;
	char path[400], url[420], raw[420];
	struct fault fault = { "" };
	struct store_ids ids;

	b.subscribers = argc > 2 ? atoll(argv[2]) : 1000000;
	b.arena = arena_make(64 * 1024 * 1024);
	(void)snprintf(path, sizeof(path), "%s/bench_store.db", argc > 1 ? argv[1] : ".");
	(void)snprintf(url, sizeof(url), "sqlite:%s", path);
	(void)snprintf(raw, sizeof(raw), "%s.raw", path);
	store_files_remove(path);
	if (store_open(url, STORE_CREATE, &b.store, &fault) != ERR_OK) {
		(void)fprintf(stderr, "%s\n", fault.text);
		return EXIT_FAILURE;
	}
	fill(&b);
	must(store_ids(b.store, &ids), &b, "ids");
	b.next = ids.message;
	(void)measure(&b, 1000, limit_s); /* warms the cache */
	for (size_t i = 0; i < sizeof(batches) / sizeof(batches[0]); i++) {
		const double ours = measure(&b, batches[i], limit_s);
		const double plain = yardstick(raw, batches[i], limit_s);

		(void)printf("plain_inserts_per_s_batch_%zu %.0f ratio %.2f\n",
		             batches[i], plain, ours / plain);
	}
	store_close(b.store);
	arena_free(&b.arena);
	store_files_remove(path);
	store_files_remove(raw);
	return EXIT_SUCCESS;
}
