/*
 * people.c - made-up subscribers.
 *
 * Each one's balance and points are his alone, so that a reply with figures shows whose
 * they are.
 */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "sim.h"
#include "store/store.h"
#include "turn/pin.h"

enum {
	DEAD_EVERY = 7, /* whose number the SMSC refuses for good */
	PIN_EVERY = 3   /* who has a password */
};
#define FIRST INT64_C(13900000001)

void number_of(int64_t person, char out[static NUMBER])
{
	(void)snprintf(out, NUMBER, "%lld", (long long)(FIRST + person));
}

int64_t person_of(const char *number)
{
	const int64_t person = strtoll(number, NULL, 10) - FIRST;

	return person >= 0 && person < PEOPLE + sim.audience ? person : -1;
}

bool crowd_is_dead(struct span number)
{
	int64_t msisdn = 0;

	return str_i64((struct str){ (const char *)number.p, number.n }, &msisdn) ==
	               ERR_OK &&
	       (msisdn - FIRST) % DEAD_EVERY == DEAD_EVERY - 1;
}

/* From 800000 to 899999, as all PINs here are: no other figure looks like one. */
unsigned pin_of(int64_t person)
{
	return person < SUBSCRIBERS && person % PIN_EVERY == 0
	               ? 804917 + (unsigned)person * 6151
	               : 0;
}

void people_sql(sqlite3 *db, const char *sql)
{
	char *words = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &words) == SQLITE_OK)
		return;
	(void)fprintf(stderr, "simulate: %s: %s\n", words, sql);
	exit(EXIT_FAILURE);
}

static int64_t balance_of(int64_t i)
{
	return 71110003 + i * 101011;
}

static int64_t points_of(int64_t i)
{
	return 512300 + i * 3711;
}

static int64_t puk_of(int64_t i)
{
	return 73400021 + i * 7919;
}

static void add_subscriber(sqlite3 *db, int64_t i)
{
	struct buf sql = buf_make(4096);

	buf_printf(&sql,
	           "INSERT INTO subscriber (msisdn, owner_since, joined_on, status, "
	           "language, class, real_name, name, region, network, terminal, puk, "
	           "package) VALUES (%lld, 1600000000, 1600000000, %d, %d, 0, 1, "
	           "'Someone', 'Shanghai', '5G', '', '%08lld', '58');"
	           "INSERT INTO account (msisdn, owner_since, balance_fen, credit_fen, "
	           "points, as_of) VALUES (%lld, 1600000000, %lld, 0, %lld, 1795000000)",
	           (long long)(FIRST + i), i == 5 ? 1 : 0, i % 4 == 3 ? 2 : 0,
	           (long long)puk_of(i), (long long)(FIRST + i), (long long)balance_of(i),
	           (long long)points_of(i));
	people_sql(db, buf_cstr(&sql));
	buf_free(&sql);
}

static void add_pin(sqlite3 *db, int64_t i)
{
	struct buf sql = buf_make(1024);
	struct pin_conf conf;
	struct pin_job job = { .msisdn = FIRST + i };

	hasher_conf(&conf);
	(void)snprintf(job.fresh, sizeof(job.fresh), "%06u", pin_of(i) % 1000000);
	pin_work(&conf, &job);
	buf_printf(&sql,
	           "INSERT INTO pin (msisdn, owner_since, hash, failures, locked_until) "
	           "VALUES (%lld, 1600000000, '%s', 0, 0)",
	           (long long)(FIRST + i), job.hash);
	people_sql(db, buf_cstr(&sql));
	buf_free(&sql);
}

static const char packages[] =
	"INSERT INTO package (code, kind, name_zh, name_en, fee_fen, voice_s, sms, "
	"data_kib, over_voice_li_per_min, over_sms_li, over_data_fen_per_block, "
	"data_block_kib, over_data_cap_fen, cost_fen, network, on_sale) VALUES "
	"('38', 0, '38元套餐', 'Plan 38', 3800, 6000, 0, 10485760, 150, 100, 500, "
	"1048576, 0, 2000, '', 1), "
	"('58', 0, '58元畅享套餐', 'Easy 58', 5800, 9000, 50, 20971520, 150, 100, 400, "
	"1048576, 20000, 3000, '', 1), "
	"('88', 0, '88元套餐', 'Plan 88', 8800, 21000, 100, 31457280, 150, 100, 500, "
	"1048576, 0, 4000, '', 1), "
	"('LLB10', 1, '10元流量加油包', 'Data pack 10', 1000, 0, 0, 3145728, 0, 0, 0, 0, "
	"0, 100, '', 1), "
	"('CL', 2, '彩铃', 'Ringback tone', 500, 0, 0, 0, 0, 0, 0, 0, 0, 100, '', 1), "
	"('LX', 2, '来电显示', 'Caller ID', 600, 0, 0, 0, 0, 0, 0, 0, 0, 100, '', 1), "
	"('SJB', 2, '手机报', 'Newspaper', 300, 0, 0, 0, 0, 0, 0, 0, 0, 100, '', 1)";

void people_populate(void)
{
	struct fault fault = { .text = "" };
	struct store *s;
	sqlite3 *db;

	if (store_open(sim.conf->store, STORE_CREATE, &s, &fault) != ERR_OK) {
		(void)fprintf(stderr, "simulate: %s\n", fault.text);
		exit(EXIT_FAILURE);
	}
	store_close(s);
	if (sqlite3_open(sim.conf->store + strlen("sqlite:"), &db) != SQLITE_OK)
		abort();
	people_sql(db, packages);
	for (int64_t i = 0; i < SUBSCRIBERS; i++)
		add_subscriber(db, i);
	for (int64_t i = 0; i < SUBSCRIBERS; i++)
		if (pin_of(i) != 0)
			add_pin(db, i);
	audience_populate(db, sim.audience);
	people_sql(db, "PRAGMA wal_checkpoint(TRUNCATE)");
	(void)sqlite3_close(db);
}

void people_introduce(void)
{
	for (int64_t i = 0; i < SUBSCRIBERS; i++) {
		const long long who = FIRST + i, fen = balance_of(i);

		note("subscriber", "msisdn=%lld balance=%lld points=%lld", who, fen,
		     (long long)points_of(i));
		if (pin_of(i) != 0)
			note("secret", "word=%u", pin_of(i));
		note("marker", "word=%lld.%02lld msisdn=%lld", fen / 100, fen % 100, who);
		note("marker", "word=%lld msisdn=%lld", (long long)points_of(i), who);
		note("marker", "word=%lld msisdn=%lld", (long long)puk_of(i), who);
	}
}
