/*
 * bench_import.c - rows a second from a file into the store, checked and stored.
 *
 * usage: bench_import [FOLDER [ROWS]]   (., 1000000)
 *
 * Files are sorted by number.  The yardstick is plain SQLite in the same run: a
 * prepared insert of the same values into a table of the same shape, in transactions
 * as large, without reading a file.
 */
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/civil.h"
#include "base/clock.h"
#include "store/import.h"
#include "store_files.h"

#define FIRST INT64_C(13800000000)
#define SINCE INT64_C(1577808000)

enum {
	PEOPLE_A_SLICE = 10000
};

static const char *folder = ".";
static char db[400], csv[400];

static void must(enum err e, const char *what, const struct fault *fault)
{
	if (e == ERR_OK)
		return;
	(void)fprintf(stderr, "%s: %s: %s\n", what, err_text(e), fault->text);
	exit(EXIT_FAILURE);
}

static double seconds(void)
{
	return (double)clock_machine().mono_us / 1e6;
}

static double cpu_seconds(void)
{
	const clock_t ticks = clock();

	return (double)ticks / CLOCKS_PER_SEC;
}

/* ---- files ---- */

static void usage_row(FILE *f, int64_t msisdn, int64_t k)
{
	(void)fprintf(f, "%" PRId64 ",2026-%02d,%d,%d,%d,5800\n", msisdn, (int)k + 1,
	              (int)(msisdn % 900), (int)(msisdn % 70), (int)(msisdn % 20000));
}

static void bill_row(FILE *f, int64_t msisdn, int64_t k)
{
	static const char *const items[] = { "套餐月租", "语音超出", "流量超出", "彩铃",
		                             "优惠" };

	(void)fprintf(f, "%" PRId64 ",2026-09,%s,%d\n", msisdn, items[k],
	              (int)(msisdn % 5000));
}

static void payment_row(FILE *f, int64_t msisdn, int64_t k)
{
	(void)fprintf(f, "%" PRId64 ",2026-%02d-%02d 10:%02d:%02d,5000,微信\n", msisdn,
	              (int)k + 1, (int)(msisdn % 28) + 1, (int)(msisdn % 60),
	              (int)(msisdn % 59));
}

static void detail_row(FILE *f, int64_t msisdn, int64_t k)
{
	(void)fprintf(f, "%" PRId64 ",2026-10-%02d %02d:%02d:%02d,voice,139%08d,%d,15\n",
	              msisdn, (int)(msisdn * 7 + k * 5) % 28 + 1, (int)k % 24,
	              (int)(msisdn % 60), (int)k % 60, (int)(msisdn * 31 % 100000000),
	              (int)(msisdn % 3000));
}

static void resource_row(FILE *f, int64_t msisdn, int64_t k)
{
	static const char *const kinds[] = { "general", "directed", "voice", "sms" };

	(void)fprintf(f, "%" PRId64 ",%s,套餐内,%d,%d,2026-10-31,%d\n", msisdn, kinds[k],
	              2048, (int)(msisdn % 2048), (int)k);
}

/* Numbers that the store does not hold yet. */
static void subscriber_row(FILE *f, int64_t msisdn, int64_t k)
{
	(void)fprintf(f,
	              "%" PRId64 ",王小明,zh-Hans,personal,浦东,2020-01-01,active,%d,%d,"
	              "12345678,58,CL\n",
	              msisdn + 100000000 + k, (int)(msisdn % 9000), (int)(msisdn % 3000));
}

static const struct kind {
	const char *name, *head;
	void (*row)(FILE *f, int64_t msisdn, int64_t k);
	int64_t per_number;
	const char *
		plain; /* a table of the same shape: five values, the first two the key */
} kinds[] = {
	{ "subscribers",
	  "msisdn,name,language,class,region,joined_on,status,balance_fen,points,puk,package,"
	  "services",
	  subscriber_row, 1, "text" },
	{ "usage", "msisdn,month,voice_min,sms,data_mb,bill_fen", usage_row, 7, "blob" },
	{ "bills", "msisdn,month,item,amount_fen", bill_row, 5, "text" },
	{ "payments", "msisdn,at,amount_fen,channel", payment_row, 5, "text" },
	{ "details", "msisdn,at,kind,peer,amount,fee_fen", detail_row, 20, "text" },
	{ "resources", "msisdn,kind,name,total,used,expires_on,order", resource_row, 4,
	  "text" },
};

static void write_file(const struct kind *k, int64_t rows)
{
	FILE *f = fopen(csv, "w");

	if (f == NULL)
		exit(EXIT_FAILURE);
	(void)fprintf(f, "%s\n", k->head);
	for (int64_t i = 0; i < rows; i++)
		k->row(f, FIRST + i / k->per_number, i % k->per_number);
	(void)fclose(f);
}

/* ---- the store ---- */

static void put_packages(struct store *s)
{
	const struct package p[] = { { .code = STR("58") },
		                     { .code = STR("CL"), .kind = PACKAGE_VAS } };
	struct fault fault = { "store" };

	must(store_begin(s), "begin", &fault);
	must(store_put(s, STORE_PACKAGES, p, 2, 0, NULL), "packages", &fault);
	must(store_commit(s), "commit", &fault);
}

static void put_people(struct store *s, int64_t n)
{
	struct subscriber_row *row = xcalloc(PEOPLE_A_SLICE, sizeof(*row));
	struct fault fault = { "store" };

	for (int64_t i = 0; i < n; i += PEOPLE_A_SLICE) {
		for (int64_t k = 0; k < PEOPLE_A_SLICE; k++)
			row[k] = (struct subscriber_row){ .sub = { .msisdn = FIRST + i +
				                                             k,
				                                   .owner_since = SINCE,
				                                   .joined_on = SINCE,
				                                   .name = STR("王小明"),
				                                   .package = STR("58") },
				                          .account = { .as_of = SINCE } };
		must(store_begin(s), "begin", &fault);
		must(store_put(s, STORE_SUBSCRIBERS, row, PEOPLE_A_SLICE, SINCE, NULL),
		     "people", &fault);
		must(store_commit(s), "commit", &fault);
	}
	free(row);
}

static void import_file(struct store *s, const struct kind *k, int64_t rows)
{
	const struct import_plan plan = {
		.kind = k->name, .path = csv, .as_of = SINCE, .now = SINCE
	};
	const double start = seconds(), cpu = cpu_seconds();
	struct fault fault = { "" };
	struct store_reader *r;
	struct import *im;
	double checked;
	enum err e;

	must(store_reader_open(s, &r, &fault), "reader", &fault);
	must(import_open(&plan, &im, &fault), "open", &fault);
	must(import_check(im, r, &fault), "check", &fault);
	checked = seconds();
	must(import_begin(im, s), "begin", &fault);
	while ((e = import_read(im, IMPORT_SLICE, &fault)) == ERR_OK) {
		import_hand_over(im);
		must(import_apply(im, s), store_fault(s), &fault);
	}
	must(e == ERR_END ? ERR_OK : e, "read", &fault);
	must(import_end(im, s, NULL), "end", &fault);
	(void)printf("%s_rows_per_s %.0f check_s %.2f apply_s %.2f cpu_us_per_row %.2f",
	             k->name, (double)rows / (seconds() - start), checked - start,
	             seconds() - checked, (cpu_seconds() - cpu) * 1e6 / (double)rows);
	import_close(im);
	store_reader_close(r);
}

/* ---- the yardstick ---- */

static double plain(const struct kind *k, int64_t rows)
{
	char path[420];
	sqlite3 *raw;
	sqlite3_stmt *st;
	const double start = seconds();

	(void)snprintf(path, sizeof(path), "%s.raw", db);
	if (sqlite3_open(path, &raw) != SQLITE_OK ||
	    sqlite3_exec(raw,
	                 "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
	                 "PRAGMA wal_autocheckpoint = 8000; CREATE TABLE y (a INTEGER, b "
	                 "INTEGER, c TEXT, d INTEGER, e INTEGER, PRIMARY KEY (a, b)) "
	                 "WITHOUT ROWID",
	                 NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(raw, "INSERT INTO y VALUES (?1, ?2, ?3, ?4, ?5)", -1, &st,
	                       NULL) != SQLITE_OK)
		exit(EXIT_FAILURE);
	for (int64_t i = 0; i < rows; i++) {
		if (i % IMPORT_SLICE == 0)
			(void)sqlite3_exec(raw, "BEGIN IMMEDIATE", NULL, NULL, NULL);
		(void)sqlite3_bind_int64(st, 1, FIRST + i / k->per_number);
		(void)sqlite3_bind_int64(st, 2, SINCE + i % k->per_number);
		(void)sqlite3_bind_text(st, 3, k->plain, -1, SQLITE_STATIC);
		(void)sqlite3_bind_int64(st, 4, i);
		(void)sqlite3_bind_int64(st, 5, SINCE);
		(void)sqlite3_step(st);
		(void)sqlite3_reset(st);
		if (i % IMPORT_SLICE == IMPORT_SLICE - 1 || i == rows - 1)
			(void)sqlite3_exec(raw, "COMMIT", NULL, NULL, NULL);
	}
	(void)sqlite3_finalize(st);
	(void)sqlite3_close(raw);
	store_files_remove(path);
	return (double)rows / (seconds() - start);
}

int main(int argc, char **argv)
{
	const int64_t rows = argc > 2 ? atoll(argv[2]) : 1000000;
	struct fault fault = { "" };
	struct store *store;
	char url[420];

	folder = argc > 1 ? argv[1] : folder;
	(void)snprintf(db, sizeof(db), "%s/bench_import.db", folder);
	(void)snprintf(csv, sizeof(csv), "%s/bench_import.csv", folder);
	(void)snprintf(url, sizeof(url), "sqlite:%s", db);
	must(civil_zone("Asia/Shanghai"), "zone", &fault);
	store_files_remove(db);
	must(store_open(url, STORE_CREATE, &store, &fault), "store", &fault);
	put_packages(store);
	put_people(store, rows / 4 + PEOPLE_A_SLICE);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		double raw;

		write_file(&kinds[i], rows);
		import_file(store, &kinds[i], rows);
		raw = plain(&kinds[i], rows);
		(void)printf(" plain_inserts_per_s %.0f\n", raw);
	}
	store_close(store);
	store_files_remove(db);
	(void)unlink(csv);
	return EXIT_SUCCESS;
}
