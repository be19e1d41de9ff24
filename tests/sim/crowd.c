/*
 * crowd.c - made-up subscribers and what they text.
 *
 * Each subscriber's balance and points are his alone, so that a reply with figures
 * shows whose they are.
 */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "sim.h"
#include "store/store.h"

enum {
	SUBSCRIBERS = 14,
	STRANGERS = 3,
	PEOPLE = SUBSCRIBERS + STRANGERS,
	DEAD_EVERY = 7, /* whose number the SMSC refuses for good */
	TEXT_MAX = 2048
};
#define FIRST INT64_C(13900000001)

/* What people text, some of it more often.  Punctuation makes equal ones differ. */
static const char *const texts[] = {
	"CXYE",
	"CXYE",
	"CXYE",
	"CXYE",
	"CXLL",
	"CXZD",
	"CXTC",
	"CXJF",
	"CXJF",
	"TD",
	"TD",
	"JS",
	"RG",
	"RG",
	"RG",
	"HELP",
	"0000",
	"TCLB",
	"CXPUK",
	"余额",
	"查话费",
	"我的套餐是什么",
	"人工",
	"转人工",
	"退订",
	"不要再发广告了",
	"你好",
	"在吗",
	"asdfgh",
	"what is my balance",
	"balance",
	"points",
	"怎么办理国际漫游",
	"。。。",
	"谢谢",
	"😀😀",
	"ＣＸＹＥ",
	"cxye ",
	"积分",
	"帮助",
	"流量还有多少",
};

static const char complaint[] =
	"我要投诉，上个月的账单和我用的完全对不上，我根本没有开通过那个业务，"
	"打了好几次电话都没有人处理，请你们尽快查清楚并且给我一个说法，"
	"不然我就要去主管部门反映了。另外我的套餐到底包含多少流量，为什么每个月都不够用，"
	"也请一并说明，谢谢。";

static int64_t crowd_until_us;

static void number_of(int64_t person, char out[static 24])
{
	(void)snprintf(out, 24, "%lld", (long long)(FIRST + person));
}

bool crowd_is_dead(struct span number)
{
	int64_t msisdn = 0;

	return str_i64((struct str){ (const char *)number.p, number.n }, &msisdn) ==
	               ERR_OK &&
	       (msisdn - FIRST) % DEAD_EVERY == DEAD_EVERY - 1;
}

/* ---- the population ---- */

static void run_sql(sqlite3 *db, const char *sql)
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
	run_sql(db, buf_cstr(&sql));
	buf_free(&sql);
}

void crowd_populate(void)
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
	run_sql(db,
	        "INSERT INTO package (code, kind, name_zh, name_en, fee_fen, voice_s, sms, "
	        "data_kib, over_voice_li_per_min, over_sms_li, over_data_fen_per_block, "
	        "data_block_kib, over_data_cap_fen, cost_fen, network, on_sale) VALUES "
	        "('58', 0, '58元畅享套餐', 'Easy 58', 5800, 9000, 50, 20971520, 150, 100, "
	        "400, 1048576, 20000, 3000, '5G', 1)");
	for (int64_t i = 0; i < SUBSCRIBERS; i++)
		add_subscriber(db, i);
	run_sql(db, "PRAGMA wal_checkpoint(TRUNCATE)");
	(void)sqlite3_close(db);
}

void crowd_introduce(void)
{
	for (int64_t i = 0; i < SUBSCRIBERS; i++) {
		const long long who = FIRST + i, fen = balance_of(i);

		note("subscriber", "msisdn=%lld balance=%lld", who, fen);
		note("marker", "word=%lld.%02lld msisdn=%lld", fen / 100, fen % 100, who);
		note("marker", "word=%lld msisdn=%lld", (long long)points_of(i), who);
		note("marker", "word=%lld msisdn=%lld", (long long)puk_of(i), who);
	}
}

/* ---- texting ---- */

static void punctuate(struct buf *b)
{
	for (int64_t n = between(1, 500); n > 0; n /= 2)
		buf_putc(b, n % 2 == 0 ? '.' : ',');
}

static void compose(struct buf *b)
{
	if (one_in(14)) {
		buf_puts(b, str_of(complaint));
		punctuate(b);
		if (one_in(4))
			buf_puts(b, str_of(complaint));
		return;
	}
	buf_puts(b, str_of(texts[below(sizeof(texts) / sizeof(texts[0]))]));
	if (!one_in(4))
		punctuate(b);
}

/* A link of the group that this number's texts take. */
static size_t link_for(int64_t person)
{
	size_t trusted[LINKS_MAX], other[LINKS_MAX], n = 0, m = 0;

	for (size_t i = 0; i < sim.conf->n_links; i++) {
		if (sim.conf->links[i].bind == CONF_TRANSMITTER)
			continue;
		if (sim.conf->links[i].trusted)
			trusted[n++] = i;
		else
			other[m++] = i;
	}
	/* Some who claim a number come over a link that vouches for none. */
	if (m > 0 && person % 5 == 4 && one_in(2))
		return other[below((int64_t)m)];
	return trusted[below((int64_t)n)];
}

static void send_text(int64_t person)
{
	struct buf text = buf_make(TEXT_MAX);
	const size_t link = link_for(person);
	char from[24];
	const struct message m = { .from = from,
		                   .to = sim.conf->links[link].numbers[0],
		                   .link = link };
	struct message now = m;

	number_of(person, from);
	if (one_in(60))
		(void)snprintf(from, sizeof(from), "1069%06lld", (long long)below(9));
	compose(&text);
	now.text = buf_str(&text);
	smsc_take(&now);
	while (one_in(6)) /* impatient: the same once more */
		smsc_take(&now);
	buf_free(&text);
}

static void text_something(int64_t person)
{
	if (now_us() >= crowd_until_us)
		return;
	send_text(person);
	later(one_in(3) ? below(SECOND_US) : between(SECOND_US, 40 * SECOND_US),
	      text_something, person);
}

void crowd_reset(int64_t until_us)
{
	crowd_until_us = until_us;
	for (int64_t i = 0; i < PEOPLE; i++)
		later(below(20 * SECOND_US), text_something, i);
}
