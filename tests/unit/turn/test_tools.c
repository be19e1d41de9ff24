/*
 * test_tools.c - the tools of selling over the real turn and store: ten thousand texts
 * for a few pieces, and long random sequences with repeats and restarts, after each step
 * of which what must hold is looked up in the tables.
 */
#include "fixture.h"

enum {
	CROWD = 10000,
	PIECES = 500, /* stock of TV1 in grammar/tools.conf */
	TOGETHER = 1000,
	FEW = 4,
	STEPS = 1500,
	POINTS = 20000, /* of the first of a few; the others have less and less */
	LIFE_S = 37 * 31 * 86400 /* longer than points live */
};

/* ---- people and packages ---- */

/* 20000, 2500, 312, 39: of all, some run out. */
static int64_t points_of(int person, int64_t points)
{
	return points >> (3 * (person % FEW));
}

static void put_people(int n, int64_t points)
{
	static const struct package packages[] = {
		{ .code = { "58", 2 },
		  .kind = PACKAGE_MAIN,
		  .fee_fen = 5800,
		  .on_sale = true },
		{ .code = { "88", 2 },
		  .kind = PACKAGE_MAIN,
		  .fee_fen = 8800,
		  .on_sale = true },
		{ .code = { "CL", 2 },
		  .kind = PACKAGE_VAS,
		  .fee_fen = 500,
		  .on_sale = true },
		{ .code = { "LX", 2 },
		  .kind = PACKAGE_VAS,
		  .fee_fen = 600,
		  .on_sale = true },
		{ .code = { "SJB", 3 },
		  .kind = PACKAGE_VAS,
		  .fee_fen = 300,
		  .on_sale = true },
	};

	ck_assert_int_eq(store_begin(hall.store), ERR_OK);
	ck_assert_int_eq(store_put(hall.store, STORE_PACKAGES, packages,
	                           COUNT_OF(packages), 0, NULL),
	                 ERR_OK);
	for (int i = 0; i < n; i++) {
		const struct subscriber_row row = {
			.sub = { .msisdn = FIRST + i,
			         .owner_since = 1577808000,
			         .joined_on = 1577808000,
			         .package = STR("58") },
			.account = { .balance_fen = 99999900,
			             .points = points_of(i, points),
			             .as_of = NOW_S - 1000 }
		};

		ck_assert_int_eq(
			store_put(hall.store, STORE_SUBSCRIBERS, &row, 1, 0, NULL),
			ERR_OK);
	}
	ck_assert_int_eq(store_commit(hall.store), ERR_OK);
	ck_assert_int_eq(turn_reload_catalogue(hall.turn), ERR_OK);
}

/* ---- what prompts say ---- */

/* The number of a prompt, "" when the text is none; out holds 3 octets. */
static void nonce_of(struct str text, char *out)
{
	const struct str reply = STR("回复");
	size_t at;

	out[0] = '\0';
	while ((at = str_find(text, reply)) != SIZE_MAX) {
		text.p += at + reply.n;
		text.n -= at + reply.n;
		if (text.n > 4 && text.p[0] >= '1' && text.p[0] <= '9' &&
		    text.p[1] >= '0' && text.p[1] <= '9' &&
		    (text.p[2] < '0' || text.p[2] > '9')) {
			memcpy(out, text.p, 2);
			out[2] = '\0';
		}
	}
}

static int person_of(struct str digits)
{
	int64_t n;

	ck_assert_int_eq(str_i64(digits, &n), ERR_OK);
	return (int)(n - FIRST);
}

/* ---- tables ---- */

struct table {
	struct arena arena;
	struct store_table t;
};

static struct table look(const char *name)
{
	struct table out = { .arena = arena_make(1 << 27) };

	ck_assert_int_eq(store_inspect(hall.store, name, &out.arena, &out.t), ERR_OK);
	return out;
}

static struct str cell(const struct table *t, size_t row, const char *column)
{
	for (size_t i = 0; i < t->t.n_columns; i++)
		if (str_eq(t->t.column[i], str_of(column)))
			return t->t.value[row * t->t.n_columns + i];
	ck_abort_msg("no column %s", column);
	return STR("");
}

static int64_t number(const struct table *t, size_t row, const char *column)
{
	int64_t v;

	ck_assert_int_eq(str_i64(cell(t, row, column), &v), ERR_OK);
	return v;
}

/* ---- ten thousand at once ---- */

static struct turn_input crowd[TOGETHER];

static void run_crowd(size_t n)
{
	static struct turn_input *all[TOGETHER];

	for (size_t i = 0; i < n; i++)
		all[i] = &crowd[i];
	ck_assert_int_eq(turn_run(hall.turn, all, n, hall.now_ms, &hall.out), ERR_OK);
	ck_assert_uint_eq(hall.out.n, n);
}

START_TEST(a_flash_sale_sells_what_there_is_to_the_first)
{
	static char nonce[CROWD][3];
	static int order[CROWD];
	struct table sales, stock;

	for (int i = 0; i < CROWD; i += TOGETHER) {
		for (int k = 0; k < TOGETHER; k++)
			crowd[k] = text_of(i + k, "MS TV1");
		run_crowd(TOGETHER);
		for (size_t k = 0; k < hall.out.n; k++)
			nonce_of(hall.out.send[k].text,
			         nonce[person_of(hall.out.send[k].to.digits)]);
		arena_reset(&hall.arena);
	}
	srand(5);
	for (int i = 0; i < CROWD; i++) {
		const int k = rand() % (i + 1);

		ck_assert_uint_eq(strlen(nonce[i]), 2);
		order[i] = order[k];
		order[k] = i;
	}
	hall.now_ms += 1000;
	for (int i = 0; i < CROWD; i += TOGETHER) {
		for (int k = 0; k < TOGETHER; k++)
			crowd[k] = text_of(order[i + k], nonce[order[i + k]]);
		run_crowd(TOGETHER);
		arena_reset(&hall.arena);
	}
	stock = look("tool_stock");
	ck_assert_uint_eq(stock.t.n_rows, 1);
	ck_assert_int_eq(number(&stock, 0, "sold"), PIECES);
	sales = look("tool_sale");
	ck_assert_uint_eq(sales.t.n_rows, CROWD);
	for (size_t i = 0; i < CROWD; i++) {
		const int64_t left = i < PIECES ? PIECES - 1 - (int64_t)i : 0;

		ck_assert_int_eq(number(&sales, i, "msisdn"), FIRST + order[i]);
		ck_assert_int_eq(number(&sales, i, "order_id") != 0, i < PIECES);
		ck_assert_int_eq(number(&sales, i, "remaining"), left);
	}
	ck_assert_uint_eq(rows(hall.store, "ledger", "amount_fen", "-100"), PIECES);
	ck_assert_uint_eq(rows(hall.store, "ledger", NULL, NULL), PIECES);
	arena_free(&stock.arena);
	arena_free(&sales.arena);
}
END_TEST

/* ---- random sequences ---- */

static struct {
	char nonce[FEW][3];
	char last[FEW][64]; /* sent, to be sent again */
	int64_t order;      /* the highest so far */
	int64_t unmarked[64];
	size_t n_unmarked;
} world;

static int64_t balance(int person)
{
	struct table l = look("ledger");
	int64_t sum = points_of(person, POINTS);

	for (size_t i = 0; i < l.t.n_rows; i++)
		if (number(&l, i, "msisdn") == FIRST + person)
			sum += number(&l, i, "points");
	arena_free(&l.arena);
	return sum;
}

static void check_points(void)
{
	for (int p = 0; p < FEW; p++)
		ck_assert_int_ge(balance(p), 0);
}

static void check_stock(void)
{
	struct table stock = look("tool_stock"), sale = look("tool_sale");

	for (size_t i = 0; i < stock.t.n_rows; i++) {
		int64_t sold = 0;

		for (size_t k = 0; k < sale.t.n_rows; k++)
			sold += str_eq(cell(&stock, i, "tool"), cell(&sale, k, "tool")) &&
			        number(&sale, k, "order_id") != 0;
		ck_assert_int_eq(number(&stock, i, "sold"), sold);
		ck_assert_int_le(sold, number(&stock, i, "total"));
	}
	arena_free(&stock.arena);
	arena_free(&sale.arena);
}

static size_t find_order(const struct table *orders, int64_t id)
{
	for (size_t i = 0; i < orders->t.n_rows; i++)
		if (number(orders, i, "id") == id)
			return i;
	ck_abort_msg("no order %d", (int)id);
	return 0;
}

/* Used by one order that stands, and no two by the same. */
static void check_coupons(const struct table *orders)
{
	struct table k = look("coupon");

	for (size_t i = 0; i < k.t.n_rows; i++) {
		const int64_t order = number(&k, i, "order_id");

		ck_assert_int_eq(order != 0, number(&k, i, "state") == COUPON_USED);
		if (order == 0)
			continue;
		ck_assert_int_ne(number(orders, find_order(orders, order), "state"),
		                 ORDER_UNDONE);
		for (size_t other = 0; other < i; other++)
			ck_assert_int_ne(number(&k, other, "order_id"), order);
	}
	arena_free(&k.arena);
}

/* Each order moved just what it charged, and each draw is one. */
static void check_orders(const struct table *orders)
{
	struct table l = look("ledger");
	size_t draws = 0;

	for (size_t i = 0; i < orders->t.n_rows; i++) {
		const bool undone = number(orders, i, "state") == ORDER_UNDONE;
		int64_t fen = 0, points = 0;

		draws += str_eq(cell(orders, i, "kind"), STR("lottery.draw"));
		for (size_t k = 0; k < l.t.n_rows; k++) {
			if (number(&l, k, "order_id") != number(orders, i, "id") ||
			    !str_eq(cell(&l, k, "kind"), cell(orders, i, "kind")))
				continue;
			fen -= number(&l, k, "amount_fen");
			points -= number(&l, k, "points");
		}
		if (!str_eq(cell(orders, i, "kind"), STR("tool.pay"))) {
			ck_assert_int_eq(fen,
			                 undone ? 0 : number(orders, i, "charged_fen"));
			ck_assert_int_eq(
				points, undone ? 0 : number(orders, i, "charged_points"));
		}
	}
	ck_assert_uint_eq(rows(hall.store, "draw", NULL, NULL), draws);
	arena_free(&l.arena);
}

/* What was promised with an order that was undone is not given. */
static void check_promised(const struct table *orders)
{
	for (size_t i = 0; i < orders->t.n_rows; i++) {
		struct str price = cell(orders, i, "price"), source;
		int64_t id;

		if (!str_eq(cell(orders, i, "kind"), STR("tool.pay")) ||
		    number(orders, i, "state") == ORDER_REFUSED)
			continue;
		ck_assert(str_cut(&price, '|', &source) &&
		          str_i64(source, &id) == ERR_OK);
		ck_assert_int_ne(number(orders, find_order(orders, id), "state"),
		                 ORDER_UNDONE);
	}
}

/* A trial has an end, whatever came of it. */
static void check_trials(void)
{
	struct table held = look("subscription");

	for (size_t i = 0; i < held.t.n_rows; i++)
		if (number(&held, i, "trial") != 0)
			ck_assert_int_ne(number(&held, i, "until"), 0);
	arena_free(&held.arena);
}

static void check_all(void)
{
	struct table orders = look("service_order");

	for (size_t i = 0; i < orders.t.n_rows; i++)
		if (number(&orders, i, "id") > world.order)
			world.order = number(&orders, i, "id");
	check_points();
	check_stock();
	check_coupons(&orders);
	check_orders(&orders);
	check_promised(&orders);
	check_trials();
	arena_free(&orders.arena);
}

static void take_replies(void)
{
	for (size_t i = 0; i < hall.out.n; i++) {
		const struct outbox_row *r = &hall.out.send[i];
		char nonce[3];

		nonce_of(r->text, nonce);
		if (nonce[0] != '\0')
			memcpy(world.nonce[person_of(r->to.digits)], nonce, 3);
		if (world.n_unmarked < COUNT_OF(world.unmarked))
			world.unmarked[world.n_unmarked++] = r->id;
	}
}

/* The number that the answer to CXJF says is the sum of the ledger. */
static void check_answer(int person)
{
	const struct str is = STR("积分为");
	struct str text = hall.out.send[0].text, digits;
	const size_t at = str_find(text, is);
	int64_t said;

	if (at == SIZE_MAX)
		return; /* while a confirmation waits it may be a reminder */
	digits = (struct str){ text.p + at + is.n, 0 };
	while (digits.p[digits.n] >= '0' && digits.p[digits.n] <= '9')
		digits.n++;
	ck_assert_int_eq(str_i64(digits, &said), ERR_OK);
	ck_assert_int_eq(said, balance(person));
}

static void send_text(int person, const char *text)
{
	struct turn_input in;

	(void)snprintf(world.last[person], sizeof(world.last[person]), "%s", text);
	ck_assert_int_eq(run_text(person, world.last[person], &in), ERR_OK);
	take_replies();
	if (strcmp(text, "CXJF") == 0 && hall.out.n == 1)
		check_answer(person);
}

/* The SMSC took the replies: equal texts are new requests from now on. */
static void mark_all(void)
{
	for (size_t i = 0; i < world.n_unmarked; i++) {
		struct turn_input in = mark_of(world.unmarked[i]);

		ck_assert_int_eq(run_all(&in, 1), ERR_OK);
	}
	world.n_unmarked = 0;
}

static void pass_time(int64_t seconds)
{
	hall.now_ms += 1000 * seconds;
	for (int i = 0; i < 3; i++) {
		hall.now_ms += 1000;
		ck_assert_int_eq(turn_tick(hall.turn, hall.now_ms, &hall.out), ERR_OK);
		take_replies();
	}
}

/* Mostly the person's own; then an order that it makes cheaper. */
static void use_coupon(int person)
{
	static const char *const orders[] = { "KTLX", "KTSJB", "BGTC88" };
	struct table k = look("coupon");

	for (size_t i = 0; i < k.t.n_rows; i++) {
		const size_t row = (size_t)rand() % k.t.n_rows;

		if (number(&k, row, "state") == COUPON_USED && rand() % 4 != 0)
			continue;
		send_text(person, arena_printf(&hall.arena, "YHQ%.*s",
		                               STR_ARG(cell(&k, row, "code")))
		                          .p);
		send_text(person, orders[(size_t)rand() % COUNT_OF(orders)]);
		if (world.nonce[person][0] != '\0')
			send_text(person, world.nonce[person]);
		break;
	}
	arena_free(&k.arena);
}

static void step(void)
{
	static const char *const texts[] = {
		"CXJF",   "DHJF#LL1", "DHJF#YHQ5", "DHJF#YHQ5#2", "CJ",     "CJ",
		"MS TV1", "MSJF9",    "KTLX",      "KTCL",        "KTSJB",  "QXLX",
		"QXCL",   "QXSJB",    "YHQ",       "SYCL",        "BGTC88", "BGTC58",
		"N",      "99",       "CXJF",      "YHQN",
	};
	const int person = rand() % FEW, what = rand() % 100;
	char text[64];

	if (what < 35) {
		send_text(person, texts[(size_t)rand() % COUNT_OF(texts)]);
	} else if (what < 70) {
		send_text(person,
		          world.nonce[person][0] != '\0' ? world.nonce[person] : "CJ");
	} else if (what < 76) {
		use_coupon(person);
	} else if (what < 80) {
		(void)snprintf(text, sizeof(text), "CX#%d",
		               (int)world.order - rand() % 6);
		send_text(person, text);
	} else if (what < 86) {
		(void)snprintf(text, sizeof(text), "%s", world.last[person]);
		send_text(person, text);
	} else if (what < 89) {
		open_again();
	} else if (what < 92) {
		pass_time(86400 * (rand() % 20));
	} else {
		mark_all();
	}
	pass_time(rand() % 3);
}

START_TEST(nothing_is_ever_below_zero_or_twice)
{
	srand((unsigned)_i + 1);
	memset(&world, 0, sizeof(world));
	for (int i = 0; i < STEPS; i++) {
		step();
		if (i == STEPS * 2 / 3)
			pass_time(LIFE_S);
		if (i % 10 == 0 || i > STEPS - 5)
			check_all();
		arena_reset(&hall.arena);
	}
	/* All of it has happened. */
	ck_assert_uint_gt(rows(hall.store, "ledger", "kind", "points.redeem"), 0);
	ck_assert_uint_gt(rows(hall.store, "ledger", "kind", "points.earn"), 0);
	ck_assert_uint_gt(rows(hall.store, "ledger", "kind", "points.expire"), 0);
	ck_assert_uint_gt(rows(hall.store, "ledger", "kind", "lottery.draw"), 0);
	ck_assert_uint_gt(rows(hall.store, "ledger", "kind", "tool.pay"), 0);
	ck_assert_uint_gt(rows(hall.store, "coupon", "state", "2"), 0);
	ck_assert_uint_gt(rows(hall.store, "service_order", "state", "4"), 0);
}
END_TEST

static void set_up_crowd(void)
{
	set_up_people(0);
	put_people(CROWD, 0);
}

static void set_up_few(void)
{
	set_up_people(0);
	put_people(FEW, POINTS);
}

int main(void)
{
	Suite *s = suite_create("turn/tools");
	TCase *sale = tcase_create("sale"), *random = tcase_create("random");
	SRunner *sr;
	int failed;

	tcase_add_unchecked_fixture(sale, open_house, NULL);
	tcase_add_checked_fixture(sale, set_up_crowd, tear_down);
	tcase_add_test(sale, a_flash_sale_sells_what_there_is_to_the_first);
	tcase_add_unchecked_fixture(random, open_house, NULL);
	tcase_add_checked_fixture(random, set_up_few, tear_down);
	tcase_add_loop_test(random, nothing_is_ever_below_zero_or_twice, 0, 3);
	suite_add_tcase(s, sale);
	suite_add_tcase(s, random);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
