/*
 * audience.c - whom campaigns are made for: people who text nothing by themselves, and why
 * some of them must get nothing; and what everybody does who reads a campaign's message.
 *
 * Of 40 of them each bar of the table is one's; the others may be sent to.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "sim.h"

enum {
	BARS_OF = 40,
	READ_ONE_IN = 8 /* of many: the more people, the fewer each of them says */
};

/* X(name, of service messages too, contacts that are left, SQL behind "IN (chosen)") */
#define CHOSEN " IN (SELECT msisdn FROM chosen)"
static const struct bar {
	const char *name;
	bool all;
	unsigned room;
	const char *sql;
} bars[] = {
	{ "blacklist", true, 0,
	  "INSERT INTO suppressed SELECT msisdn, 1790000000, 'anna', 'asked' FROM chosen" },
	{ "status", true, 0, "UPDATE subscriber SET status = 2 WHERE msisdn" CHOSEN },
	{ "owner", true, 0,
	  "UPDATE subscriber SET owner_since = 1790000000 WHERE msisdn" CHOSEN },
	{ "unknown", true, 0, "DELETE FROM subscriber WHERE msisdn" CHOSEN },
	{ "no-consent", false, 0, "DELETE FROM consent WHERE msisdn" CHOSEN },
	{ "withdrawn", false, 0,
	  "INSERT INTO consent SELECT msisdn, 'marketing', 1790000000, 1600000000, 0, 'sms', "
	  "'TD' FROM chosen" },
	{ "opted-out", false, 0,
	  "INSERT INTO optout SELECT msisdn, 1600000000, 1, 1790000000, 0 FROM chosen" },
	{ "complaint", false, 0,
	  "INSERT INTO complaint SELECT msisdn, 1790000000, 'bill', 1600000000, 0, 'x' FROM "
	  "chosen" },
	{ "unwanted", false, 0,
	  "INSERT INTO preference SELECT msisdn, 1600000000, 15, 0, 0, 1790000000, 0 FROM "
	  "chosen" },
	{ "touched", false, 0,
	  "INSERT INTO touch (msisdn, at, channel, about) SELECT msisdn, 1795200000 + column1, "
	  "'call', '' FROM chosen, (VALUES (1), (2))" },
	{ "once", false, 1,
	  "INSERT INTO touch (msisdn, at, channel, about) SELECT msisdn, 1795200000, 'call', '' "
	  "FROM chosen" },
	{ "fewer", false, 1, /* nothing about events, of which no campaign is */
	  "INSERT INTO preference SELECT msisdn, 1600000000, 8, 0, 0, 1790000000, 0 FROM "
	  "chosen" },
	{ "hours", false, 1, /* from 10 to 12 */
	  "INSERT INTO preference SELECT msisdn, 1600000000, 0, 10, 12, 1790000000, 0 FROM "
	  "chosen" },
};

enum {
	BARS = sizeof(bars) / sizeof(bars[0]),
	ROOM = 2 /* contacts in a week (cap.most of grammar/push.conf) */
};

static const struct bar none = { "none", false, ROOM, NULL };

static const struct bar *bar_of(int64_t person)
{
	const int64_t i = (person - PEOPLE) % BARS_OF;

	return person >= PEOPLE && i < (int64_t)BARS ? &bars[i] : &none;
}

/* ---- in the store ---- */

static void plant(struct sqlite3 *db, int64_t first, int64_t n, size_t bar)
{
	struct buf sql = buf_make(1024);

	buf_printf(&sql,
	           "CREATE TEMP TABLE chosen AS SELECT msisdn FROM subscriber WHERE "
	           "msisdn >= %lld AND msisdn < %lld AND (msisdn - %lld) %% %d = %zu",
	           (long long)first, (long long)first + n, (long long)first, BARS_OF,
	           bar);
	people_sql(db, buf_cstr(&sql));
	people_sql(db, bars[bar].sql);
	people_sql(db, "DROP TABLE chosen");
	buf_free(&sql);
}

void audience_populate(struct sqlite3 *db, int64_t n)
{
	char number[NUMBER];
	struct buf sql = buf_make(4096);
	int64_t first;

	number_of(PEOPLE, number);
	first = strtoll(number, NULL, 10);
	buf_printf(
		&sql,
		"PRAGMA temp_store = MEMORY; BEGIN; WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n "
		"WHERE i + 1 < %lld) INSERT INTO subscriber (msisdn, owner_since, "
		"joined_on, status, language, class, real_name, name, region, network, "
		"terminal, puk, package) SELECT %lld + i, 1600000000, 1600000000, 0, "
		"CASE i %% 4 WHEN 3 THEN 2 ELSE 0 END, 0, 1, 'Someone', 'Shanghai', "
		"'5G', '', '', '58' FROM n;"
		"INSERT INTO account (msisdn, owner_since, balance_fen, credit_fen, "
		"points, as_of) SELECT msisdn, owner_since, 90000, 0, 0, 1795000000 "
		"FROM subscriber WHERE msisdn >= %lld;"
		"INSERT INTO consent SELECT msisdn, 'marketing', 1780000000, "
		"1600000000, 1, 'counter', '' FROM subscriber",
		(long long)n, (long long)first, (long long)first);
	people_sql(db, buf_cstr(&sql));
	for (size_t i = 0; i < BARS; i++)
		plant(db, first, n, i);
	people_sql(db, "COMMIT");
	buf_free(&sql);
}

/* ---- to the checker ---- */

void audience_introduce(int64_t campaign, int64_t person, bool held)
{
	const struct bar *b = bar_of(person);
	char number[NUMBER];

	number_of(person, number);
	note("target", "campaign=%lld msisdn=%s bar=%s all=%d room=%u held=%d",
	     (long long)campaign, number, b->name, b->all ? 1 : 0, b->room, held ? 1 : 0);
}

/* ---- who reads ---- */

/* Of 1,000 who read it; the others say nothing. */
static const struct {
	const char *words;
	int weight;
} replies[] = {
	{ "1", 200 },       { "１", 20 }, { "回复1", 20 }, { "要", 10 },
	{ "好的", 10 },     { "l", 15 },  { "11", 15 },    { "1l", 10 },
	{ "2", 10 },        { "N", 30 },  { "不要", 20 },  { "TD", 30 },
	{ "R", 40 },        { "r", 10 },  { "退订", 20 },  { "为何", 20 },
	{ "少发", 20 },     { "SF", 10 }, { "你好", 10 },  { "多少钱", 10 },
	{ "别再发了", 10 },
};

static const char *some_reply(void)
{
	int64_t at = below(1000);

	for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
		if (at < replies[i].weight)
			return replies[i].words;
		at -= replies[i].weight;
	}
	return NULL;
}

bool audience_is_push(const char *text)
{
	return strstr(text, "拒收请回复R") != NULL ||
	       strstr(text, "Reply R to stop") != NULL;
}

const char *audience_reply(void)
{
	return sim.audience > AUDIENCE && !one_in(READ_ONE_IN) ? NULL : some_reply();
}
