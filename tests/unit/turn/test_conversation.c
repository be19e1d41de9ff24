/*
 * test_conversation.c - random conversations: whatever is texted, in any order, twice,
 * over restarts and by two subscribers at once, nothing costs without the number of its
 * own prompt, and balances are what the ledger says.
 */
#include <sqlite3.h>

#include "fixture.h"

enum {
	PAIR = 2, /* subscribers who text at once */
	STEPS = 160,
	START_FEN = 20000,
	SEEDS = 12
};

static uint64_t seed;

static unsigned roll(unsigned n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(seed >> 33) % n;
}

static uint64_t throw_dice(void *unused)
{
	(void)unused;
	return (uint64_t)roll(1U << 30);
}

/* The number of the last prompt that each has seen; 0: none. */
static unsigned prompt[PAIR];

static const char *const pool[] = {
	"BGTC38",
	"BGTC88",
	"BGTC",
	"改成38元套餐",
	"KTCL",
	"KTLLB10",
	"KTLLB20",
	"KT",
	"QXCL",
	"QX",
	"0000",
	"撤销1001",
	"撤销1002",
	"CX#1003",
	"Y",
	"是",
	"好的",
	"N",
	"0",
	"返回",
	"更多",
	"1",
	"2",
	"1,3",
	"73",
	"99",
	"10",
	"CXYE",
	"101",
	"TD",
	"JS",
	"HELP",
	"RG",
	"取消",
	"算了",
	"不要改套餐",
	"天气真好",
	"CXYR",
	"",
	"BGTC38 KTCL",
	"确认",
	"4321",
	"改成38元套餐？",
};

static void put_offers(void)
{
	static const struct package offers[] = {
		{ .code = { "38", 2 },
		  .fee_fen = 3800,
		  .kind = PACKAGE_MAIN,
		  .on_sale = true },
		{ .code = { "58", 2 }, .fee_fen = 5800, .kind = PACKAGE_MAIN },
		{ .code = { "88", 2 },
		  .fee_fen = 8800,
		  .kind = PACKAGE_MAIN,
		  .on_sale = true },
		{ .code = { "CL", 2 },
		  .fee_fen = 500,
		  .kind = PACKAGE_VAS,
		  .on_sale = true },
		{ .code = { "LLB10", 5 },
		  .fee_fen = 1000,
		  .kind = PACKAGE_ADDON,
		  .on_sale = true },
		{ .code = { "LLB20", 5 },
		  .fee_fen = 2000,
		  .kind = PACKAGE_ADDON,
		  .on_sale = true },
	};

	ck_assert_int_eq(store_begin(hall.store), ERR_OK);
	ck_assert_int_eq(
		store_put(hall.store, STORE_PACKAGES, offers, COUNT_OF(offers), 0, NULL),
		ERR_OK);
	for (int i = 0; i < PAIR; i++) {
		const struct subscriber_row row = {
			.sub = { .msisdn = FIRST + i,
			         .owner_since = 1577808000,
			         .package = STR("58") },
			.account = { .balance_fen = START_FEN, .as_of = NOW_S - 3600 }
		};

		ck_assert_int_eq(store_put(hall.store, STORE_SUBSCRIBERS, &row, 1,
		                           NOW_S - 3600, NULL),
		                 ERR_OK);
	}
	ck_assert_int_eq(store_commit(hall.store), ERR_OK);
}

static void open_with_dice(void)
{
	const struct turn_conf conf = { .store = hall.store,
		                        .fold = hall.assets->fold,
		                        .grammar = hall.assets->grammar,
		                        .hall = hall.assets->hall,
		                        .dice = throw_dice };

	ck_assert_int_eq(turn_create(&conf, &hall.turn, &hall.fault), ERR_OK);
}

/* "回复73确认", or 0. */
static unsigned number_in(struct str text)
{
	const struct str word = STR("回复");
	unsigned found = 0;

	for (size_t i = 0; i + word.n + 2 < text.n; i++) {
		const char *p = text.p + i + word.n;

		if (memcmp(text.p + i, word.p, word.n) == 0 && p[0] >= '1' &&
		    p[0] <= '9' && p[1] >= '0' && p[1] <= '9' &&
		    memcmp(p + 2, "确认", 3) == 0)
			found = (unsigned)(p[0] - '0') * 10 + (unsigned)(p[1] - '0');
	}
	return found;
}

static void read_replies(void)
{
	for (size_t i = 0; i < hall.out.n; i++) {
		const struct outbox_row *row = &hall.out.send[i];
		const int who = row->to.digits.p[row->to.digits.n - 1] - '0';
		const unsigned n = number_in(row->text);

		if (n != 0)
			prompt[who] = n;
	}
}

/* Most replies are accepted where their text came from; the others' texts may come again. */
static void settle(void)
{
	struct turn_input mark[64] = { { .kind = TURN_MARK } }, *list[64];
	size_t n = 0;

	for (size_t i = 0; i < hall.out.n && n < COUNT_OF(mark); i++) {
		if (roll(5) == 0)
			continue;
		mark[n] = (struct turn_input){
			.kind = TURN_MARK,
			.mark = { .id = hall.out.send[i].id,
			          .state = OUTBOX_DONE,
			          .session = hall.out.send[i].session,
			          .at_ms = hall.now_ms }
		};
		list[n] = &mark[n];
		n++;
	}
	if (n > 0)
		ck_assert_int_eq(turn_run(hall.turn, list, n, hall.now_ms, &hall.out),
		                 ERR_OK);
}

static struct span ucs2(const char *text)
{
	struct buf wide = buf_make(512);
	struct span octets;

	ck_assert_int_eq(coding_encode(CODING_UCS2, str_of(text), &wide), ERR_OK);
	octets = (struct span){ (const uint8_t *)arena_str(&hall.arena, buf_str(&wide)).p,
		                wide.n };
	buf_free(&wide);
	return octets;
}

static const char *something_to_say(unsigned who)
{
	if (roll(3) == 0 && prompt[who] != 0)
		return arena_printf(&hall.arena, "%u", prompt[who]).p;
	return pool[roll(COUNT_OF(pool))];
}

/* One to three texts in a turn, of either; now and then the very number. */
static void speak(int step)
{
	struct turn_input in[3], *list[3];
	const size_t n = 1 + roll(3);

	for (size_t i = 0; i < n; i++) {
		const unsigned who = roll(PAIR);

		in[i] = (struct turn_input){
			.kind = TURN_TEXT,
			.at_ms = hall.now_ms,
			.session = 1 + step % 3,
			.group = STR("g"),
			.from = { 1, 1,
			          arena_printf(&hall.arena, "86%" PRId64, FIRST + who) },
			.to = { 0, 1, STR("10086") },
			.msisdn = FIRST + who,
			.data_coding = 8,
			.octets = ucs2(something_to_say(who)),
		};
		list[i] = &in[i];
	}
	ck_assert_int_eq(turn_run(hall.turn, list, n, hall.now_ms, &hall.out), ERR_OK);
	read_replies();
	settle();
}

static int64_t ask_store(const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *st;
	int64_t v;

	ck_assert_int_eq(sqlite3_open_v2(strchr(hall.url, ':') + 1, &db,
	                                 SQLITE_OPEN_READONLY, NULL),
	                 SQLITE_OK);
	ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK, "%s: %s",
	              sql, sqlite3_errmsg(db));
	ck_assert_int_eq(sqlite3_step(st), SQLITE_ROW);
	v = sqlite3_column_int64(st, 0);
	(void)sqlite3_finalize(st);
	(void)sqlite3_close(db);
	return v;
}

/* Each counts what must not be. */
static const char *const never[] = {
	/* an order that costs, without its own prompt confirmed by the same number */
	"SELECT count(*) FROM service_order AS o WHERE fee_fen > 0 AND NOT EXISTS (SELECT 1 "
	"FROM step AS a JOIN step AS k ON k.dialogue = a.dialogue AND k.kind = 1 AND k.msisdn "
	"= a.msisdn WHERE a.kind = 0 AND a.dialogue = o.prompt AND a.msisdn = o.msisdn "
	"AND a.price = o.price AND k.inbox = o.inbox)",
	/* a prompt that brought two orders */
	"SELECT count(*) FROM (SELECT 1 FROM service_order WHERE prompt > 0 AND kind NOT IN "
	"('tool.pay', 'offer.insured') GROUP BY prompt HAVING count(*) > 1)",
	/* what comes with an order, without it */
	"SELECT count(*) FROM service_order AS p WHERE kind IN ('tool.pay', 'offer.insured') AND NOT EXISTS "
	"(SELECT 1 FROM service_order AS o WHERE o.id = CAST(p.price AS INTEGER) AND "
	"o.msisdn = p.msisdn AND o.kind NOT IN ('tool.pay', 'offer.insured'))",
	/* a number confirmed that the prompt did not show */
	"SELECT count(*) FROM step AS k JOIN outbox AS p ON p.id = k.dialogue WHERE k.kind = 1 "
	"AND instr(p.text, '回复' || replace(replace(k.folded, '确认', ''), ' ', '')) = 0",
	/* what was charged, and given back when undone */
	"SELECT count(*) FROM service_order AS o WHERE charged_fen > 0 AND (SELECT "
	"ifnull(sum(amount_fen), 0) FROM ledger AS l WHERE l.order_id = o.id) <> "
	"CASE WHEN state IN (3, 4) THEN 0 ELSE -charged_fen END",
	"SELECT count(*) FROM ledger AS l WHERE NOT EXISTS (SELECT 1 FROM service_order AS o "
	"WHERE o.id = l.order_id AND o.msisdn = l.msisdn)",
	/* below zero: the balance covered every charge */
	"SELECT count(*) FROM account AS a WHERE balance_fen + (SELECT "
	"ifnull(sum(amount_fen), 0) FROM ledger AS l WHERE l.msisdn = a.msisdn) < 0",
	"SELECT count(*) FROM account WHERE balance_fen <> 20000 AND msisdn < 13900000002",
	/* one change of package under way, one subscription of a kind open */
	"SELECT count(*) FROM (SELECT 1 FROM service_order WHERE kind = 'package.change' "
	"AND state = 1 GROUP BY msisdn HAVING count(*) > 1)",
	"SELECT count(*) FROM (SELECT 1 FROM subscription WHERE until = 0 GROUP BY msisdn, "
	"package HAVING count(*) > 1)",
};

START_TEST(nothing_costs_without_its_number)
{
	seed = (uint64_t)_i + 1;
	memset(prompt, 0, sizeof(prompt));
	set_up_people(PAIR);
	put_offers();
	turn_destroy(hall.turn);
	open_with_dice();
	for (int step = 0; step < STEPS; step++) {
		speak(step);
		hall.now_ms += roll(4) == 0 ? 3600 * 1000 : 1000 + roll(9000);
		if (roll(20) == 0)
			hall.now_ms += INT64_C(86400) * 1000 * (1 + roll(12));
		if (roll(5) == 0)
			ck_assert_int_eq(turn_tick(hall.turn, hall.now_ms, &hall.out),
			                 ERR_OK);
		if (roll(15) == 0) {
			close_hall();
			open_store(STORE_OPEN);
			open_with_dice();
		}
	}
	for (size_t i = 0; i < COUNT_OF(never); i++)
		ck_assert_msg(ask_store(never[i]) == 0, "seed %d: %s", _i + 1, never[i]);
	/* The conversations must come to something, or nothing is tested. */
	ck_assert_int_gt(ask_store("SELECT count(*) FROM service_order"), 0);
	ck_assert_int_gt(ask_store("SELECT count(*) FROM step WHERE kind = 1"), 0);
	tear_down();
}
END_TEST

SUITE("turn/conversation", {
	tcase_add_unchecked_fixture(tc, open_house, NULL);
	tcase_add_loop_test(tc, nothing_costs_without_its_number, 0, SEEDS);
})
