/*
 * test_choose.c - limits of a campaign: against enumeration, exactly kept, and how the
 * choice moves with them.
 */
#include "base/dice.h"
#include "offer/policy.h"
#include "office/choose.h"
#include "support/suite.h"

enum {
	CASES = 300,
	SUBJECTS = 6,
	OFFERS = 3,
	CODES = 4,
	ROUNDED = 2 * SUBJECTS, /* li: each may be rounded twice */
	PPM = 1000000
};

struct draw {
	uint64_t state;
};

static int64_t below(struct draw *d, int64_t n)
{
	return (int64_t)dice_below(&d->state, (uint64_t)n);
}

static struct arena arena;

static void begin(void)
{
	arena = arena_make(SIZE_MAX);
}

static void end(void)
{
	arena_free(&arena);
}

/* ---- a case ---- */

struct crowd {
	size_t n, of[SUBJECTS];
	struct choose_offer offer[SUBJECTS][OFFERS];
	struct choose_limits limits;
	bool any; /* worth is counted from below the worst offer */
	int64_t floor;
};

/* Amounts past 2^24 too, which no float holds. */
static struct choose_offer draw_offer(struct draw *d, unsigned code)
{
	const int64_t scale = below(d, 3) == 0 ? 1000003 : 1;

	return (struct choose_offer){ .offer = (uint16_t)code,
		                      .segments = (uint8_t)(1 + below(d, 3)),
		                      .stage = (uint8_t)below(d, STAGES),
		                      .q_ppm = (int32_t)below(d, PPM),
		                      .bill_li = (int32_t)below(d, 60000),
		                      .margin_li = (int32_t)below(d, 50000) - 10000,
		                      .value_li = scale * (below(d, 100) - 20),
		                      .spend_li = scale * below(d, 60) };
}

static int64_t draw_limit(struct draw *d, int64_t most)
{
	return below(d, 3) == 0 ? CHOOSE_ANY : below(d, most);
}

static struct crowd draw_crowd(struct draw *d)
{
	struct crowd c = { .n = 1 + (size_t)below(d, SUBJECTS),
		           .limits = choose_limits_none() };

	for (size_t i = 0; i < c.n; i++) {
		const unsigned from = (unsigned)below(d, CODES);

		c.of[i] = (size_t)below(d, OFFERS + 1);
		for (unsigned k = 0; k < c.of[i]; k++) {
			c.offer[i][k] = draw_offer(d, (from + k) % CODES);
			c.offer[i][k].stage = c.offer[i][0].stage;
		}
	}
	c.any = below(d, 3) == 0;
	for (size_t i = 0; i < c.n && c.any; i++)
		for (size_t k = 0; k < c.of[i]; k++)
			if (c.offer[i][k].value_li < c.floor)
				c.floor = c.offer[i][k].value_li;
	c.floor -= c.any;
	c.limits.budget_li = draw_limit(d, below(d, 2) == 0 ? 150 : 90000000);
	c.limits.texts = draw_limit(d, 10);
	c.limits.people = draw_limit(d, 6);
	c.limits.orders = draw_limit(d, 4);
	c.limits.profit_bp = draw_limit(d, 10001);
	if (below(d, 2) == 0)
		c.limits.stock[c.limits.n_stocks++] = (struct choose_stock){
			(uint16_t)below(d, STAGES), below(d, 2), CHOSEN_GROUP
		};
	for (unsigned s = 0; s < CODES; s++)
		if (below(d, 2) == 0)
			c.limits.stock[c.limits.n_stocks++] = (struct choose_stock){
				(uint16_t)s, below(d, 3),
				below(d, 2) == 0 ? CHOSEN_SENDS : CHOSEN_ORDERS
			};
	return c;
}

static struct choosing *candidates(const struct crowd *c)
{
	struct choosing *all = choosing_create(c->any);

	for (size_t i = 0; i < c->n; i++)
		choosing_add(all, 100 + (int64_t)i, c->offer[i], c->of[i]);
	return all;
}

static struct chosen choose_of(const struct crowd *c)
{
	struct choosing *all = candidates(c);
	struct fault fault = { "" };
	struct chosen out;

	ck_assert_msg(choose(all, &c->limits, &arena, &out, &fault) == ERR_OK, "%s",
	              fault.text);
	choosing_destroy(all);
	return out;
}

/* ---- the yardstick ---- */

struct sums {
	int64_t value, spend, texts, people, orders[CODES], sends[CODES], stage[STAGES];
	int64_t all_orders,
		worthless; /* worthless: never chosen, whatever it is good for */
	double lack;       /* li */
};

/* Up to the roundings of so few. */
static double lack_of(const struct crowd *c, const struct choose_offer *o)
{
	return c->limits.profit_bp == CHOOSE_ANY
	               ? 0
	               : o->q_ppm / 1e6 *
	                         ((double)o->bill_li * (double)c->limits.profit_bp / 1e4 -
	                          o->margin_li);
}

static void add(const struct crowd *c, struct sums *s, const struct choose_offer *o,
                int64_t sign)
{
	s->lack += (double)sign * lack_of(c, o);

	s->value += sign * o->value_li;
	s->spend += sign * o->spend_li;
	s->texts += sign * o->segments;
	s->people += sign;
	s->orders[o->offer] += sign * o->q_ppm;
	s->sends[o->offer] += sign;
	s->stage[o->stage] += sign;
	s->all_orders += sign * o->q_ppm;
	s->worthless += sign * (o->value_li <= c->floor);
}

static bool keeps(const struct choose_limits *l, const struct sums *s, double slack)
{
	bool is = s->spend <= l->budget_li && s->texts <= l->texts &&
	          s->people <= l->people && s->all_orders / PPM <= l->orders &&
	          (l->orders == CHOOSE_ANY || s->all_orders <= l->orders * PPM) &&
	          s->lack <= slack && s->worthless == 0;

	for (size_t i = 0; i < l->n_stocks; i++) {
		const struct choose_stock *k = &l->stock[i];

		is &= k->what == CHOSEN_GROUP   ? s->stage[k->offer] <= k->n
		      : k->what == CHOSEN_SENDS ? s->sends[k->offer] <= k->n
		                                : s->orders[k->offer] <= k->n * PPM;
	}
	return is;
}

/* All combinations, counted as a number of n digits. */
static int64_t best_of_all(const struct crowd *c, double slack)
{
	size_t digit[SUBJECTS] = { 0 }, i;
	struct sums s = { 0 };
	int64_t best = 0;

	do {
		if (keeps(&c->limits, &s, slack) && s.value - s.people * c->floor > best)
			best = s.value - s.people * c->floor;
		for (i = 0; i < c->n; i++) {
			if (digit[i] > 0)
				add(c, &s, &c->offer[i][digit[i] - 1], -1);
			digit[i] = digit[i] < c->of[i] ? digit[i] + 1 : 0;
			if (digit[i] == 0)
				continue;
			add(c, &s, &c->offer[i][digit[i] - 1], 1);
			break;
		}
	} while (i < c->n);
	return best;
}

static void check_sums(const struct crowd *c, const struct chosen *out)
{
	struct sums s = { 0 };
	int64_t last = 0;

	for (size_t i = 0; i < out->n; i++) {
		ck_assert_int_gt(out->one[i].msisdn, last);
		ck_assert_int_gt(out->one[i].offer.value_li, c->floor);
		last = out->one[i].msisdn;
		add(c, &s, &out->one[i].offer, 1);
	}
	ck_assert(keeps(&c->limits, &s, ROUNDED));
	ck_assert_int_eq(s.value, out->value_li);
	ck_assert_int_eq(s.spend, out->spend_li);
	ck_assert_int_eq(s.texts, out->texts);
	for (size_t r = 0; r < out->rows; r++)
		ck_assert_int_le(out->row[r].used, out->row[r].limit);
}

/* Shares of profit are of sums of rounded amounts: the best lies between two. */

START_TEST(the_choice_is_the_best_of_all_and_says_so)
{
	struct draw d = { (uint64_t)_i * 1000 };
	size_t exact = 0, short_of = 0;

	for (int k = 0; k < CASES; k++) {
		const struct crowd c = draw_crowd(&d);
		const struct chosen out = choose_of(&c);
		const int64_t counted = out.value_li - (int64_t)out.n * c.floor;
		const int64_t best = best_of_all(&c, -ROUNDED);

		check_sums(&c, &out);
		ck_assert_int_eq(out.floor_li, c.floor);
		ck_assert_int_le(counted, best_of_all(&c, ROUNDED));
		ck_assert_double_le((double)best, out.bound_li * (1 + 1e-6));
		if (out.exact)
			ck_assert_double_ge((double)counted, (double)best * (1 - 1e-6));
		exact += out.exact;
		for (size_t r = 0; r < out.rows; r++)
			short_of += out.row[r].price > 0;
		arena_reset(&arena);
	}
	ck_assert_uint_gt(exact, CASES * 9 / 10);
	ck_assert_uint_gt(short_of, CASES / 10);
}
END_TEST

/* ---- many ---- */

enum {
	MANY = 5000
};

/* *best: of each his best, together. */
static struct chosen choose_many(const struct choose_limits *limits, int64_t *best)
{
	struct choosing *all = choosing_create(false);
	struct draw d = { 9 };
	struct fault fault = { "" };
	struct chosen out;

	*best = 0;
	for (int64_t i = 0; i < MANY; i++) {
		struct choose_offer o[12];
		int64_t most = 0;

		for (unsigned k = 0; k < COUNT_OF(o); k++) {
			o[k] = draw_offer(&d, k);
			o[k].value_li = 500 + below(&d, 9000);
			o[k].spend_li = 100 + below(&d, 9000);
			most = o[k].value_li > most ? o[k].value_li : most;
		}
		*best += most;
		choosing_add(all, i + 1, o, COUNT_OF(o));
	}
	ck_assert_msg(choose(all, limits, &arena, &out, &fault) == ERR_OK, "%s",
	              fault.text);
	choosing_destroy(all);
	return out;
}

START_TEST(without_limits_each_gets_his_best)
{
	const struct choose_limits none = choose_limits_none();
	int64_t best;
	const struct chosen out = choose_many(&none, &best);

	ck_assert_int_eq(out.value_li, best);
	ck_assert_uint_eq(out.n, MANY);
	ck_assert_uint_eq(out.rows, 0);
	ck_assert_double_le(out.gap, 1e-6);
}
END_TEST

START_TEST(more_of_a_limit_is_worth_what_its_price_says)
{
	struct choose_limits l = choose_limits_none();
	struct chosen some, more;
	double rise, doubt;
	int64_t best;

	l.budget_li = 4000000;
	l.texts = 7000;
	some = choose_many(&l, &best);
	l.budget_li += 400000;
	more = choose_many(&l, &best);
	ck_assert_double_le(some.gap, 1e-3);
	ck_assert_int_gt(more.value_li, some.value_li);
	rise = (double)(more.value_li - some.value_li);
	doubt = some.bound_li - (double)some.value_li + more.bound_li -
	        (double)more.value_li;
	ck_assert_double_le(rise, some.row[0].price * 400000 + doubt);
	ck_assert_double_ge(rise, more.row[0].price * 400000 - doubt);
	ck_assert_double_gt(some.row[0].price, 0);
}
END_TEST

/* Four stocks are short, then eight, beside a budget that is not. */
START_TEST(of_many_stocks_those_that_are_short_are_weighed)
{
	struct choose_limits l = choose_limits_none();
	struct choosing *none = choosing_create(false);
	struct fault fault = { "" };
	struct chosen out;
	int64_t best;

	for (unsigned k = 0; k < 12; k++)
		l.stock[l.n_stocks++] = (struct choose_stock){
			(uint16_t)k, k < 4 ? 100 : MANY,
			k % 2 == 0 ? CHOSEN_SENDS : CHOSEN_ORDERS
		};
	out = choose_many(&l, &best);
	ck_assert_uint_eq(out.rows, 4);
	for (size_t r = 0; r < out.rows; r++)
		ck_assert_double_gt(out.row[r].price, 0);
	l.stock[0].n = -1;
	ck_assert_int_eq(choose(none, &l, &arena, &out, &fault), ERR_RANGE);
	choosing_destroy(none);
}
END_TEST

/* Thousands of three kinds, equal to the li, and two limits of nearly the same. */
START_TEST(the_alike_are_told_apart)
{
	static const struct choose_offer kind[] = { { .offer = 1,
		                                      .segments = 2,
		                                      .q_ppm = 100000,
		                                      .value_li = 1230,
		                                      .spend_li = 210 },
		                                    { .offer = 2,
		                                      .segments = 2,
		                                      .q_ppm = 30000,
		                                      .value_li = 704,
		                                      .spend_li = 160 },
		                                    { .offer = 3,
		                                      .segments = 2,
		                                      .q_ppm = 50000,
		                                      .value_li = 900,
		                                      .spend_li = 900 } };
	struct choose_limits l = choose_limits_none();
	struct choosing *c = choosing_create(false);
	struct fault fault = { "" };
	struct chosen out;

	for (int64_t i = 1; i <= 6000; i++)
		choosing_add(c, i, &kind[i % 3], 1);
	l.people = 500;
	l.texts = 900;
	l.orders = 30;
	ck_assert_int_eq(choose(c, &l, &arena, &out, &fault), ERR_OK);
	ck_assert_double_le(out.bound_li - (double)out.value_li, 1230);
	ck_assert_uint_eq(out.n, 450);
	l.people = l.texts = l.orders = 6000 * 2;
	ck_assert_int_eq(choose(c, &l, &arena, &out, &fault), ERR_OK);
	ck_assert_uint_eq(out.n, 6000);
	ck_assert_double_lt(out.gap, 1e-9); /* each has his best: nothing is short */
	choosing_destroy(c);
}
END_TEST

/* 2^24 + 1 is 2^24 in a float: two of them would fit. */
START_TEST(a_budget_holds_to_the_li)
{
	struct choose_limits l = choose_limits_none();
	const struct choose_offer dear = { .offer = 1,
		                           .segments = 1,
		                           .q_ppm = 10,
		                           .value_li = 5000,
		                           .spend_li = (1 << 24) + 1 };
	struct choosing *c = choosing_create(false);
	struct fault fault = { "" };
	struct chosen out;

	choosing_add(c, 1, &dear, 1);
	choosing_add(c, 2, &dear, 1);
	l.budget_li = 2 << 24;
	ck_assert_int_eq(choose(c, &l, &arena, &out, &fault), ERR_OK);
	ck_assert_uint_eq(out.n, 1);
	choosing_destroy(c);
}
END_TEST

static struct str code_of(const void *ctx, uint16_t offer)
{
	(void)ctx;
	return offer == 1 ? STR("LL10") : STR("39");
}

START_TEST(the_certificate_is_said_in_words)
{
	struct choose_limits l = choose_limits_none();
	struct choosing *c = choosing_create(false);
	struct buf said = buf_make(4096);
	struct fault fault = { "" };
	struct chosen out;

	for (int64_t i = 1; i <= 40; i++)
		choosing_add(c, i,
		             &(struct choose_offer){ .offer = 1,
		                                     .segments = 2,
		                                     .q_ppm = 500000,
		                                     .value_li = 1000 * i,
		                                     .spend_li = 500 },
		             1);
	l.budget_li = 10000;
	l.stock[l.n_stocks++] = (struct choose_stock){ 1, 100, CHOSEN_ORDERS };
	ck_assert_int_eq(choose(c, &l, &arena, &out, &fault), ERR_OK);
	choose_explain(&out, code_of, NULL, &said);
	ck_assert_msg(strstr(buf_cstr(&said),
	                     "chosen: 20 of 40 with an offer that is worth making; 10.0 "
	                     "orders expected, 40 SMS, 10.00 yuan spent\nworth: 610.00 "
	                     "yuan; proven best\n  budget, yuan") != NULL,
	              "%s", buf_cstr(&said));
	ck_assert_msg(strstr(buf_cstr(&said), "one more yuan of budget is worth 4"), "%s",
	              buf_cstr(&said));
	/* What would be said to be worth 0.00 is not short. */
	for (size_t r = 0; r < out.rows; r++)
		out.row[r].price = 0.004;
	out.row[0].what = CHOSEN_PEOPLE;
	buf_reset(&said);
	choose_explain(&out, code_of, NULL, &said);
	ck_assert_msg(strstr(buf_cstr(&said), "10000; not short\n"), "%s",
	              buf_cstr(&said));
	buf_free(&said);
	choosing_destroy(c);
}
END_TEST

SUITE("office/choose", tcase_add_checked_fixture(tc, begin, end);
      tcase_add_loop_test(tc, the_choice_is_the_best_of_all_and_says_so, 0, 4);
      tcase_add_test(tc, without_limits_each_gets_his_best);
      tcase_add_test(tc, more_of_a_limit_is_worth_what_its_price_says);
      tcase_add_test(tc, of_many_stocks_those_that_are_short_are_weighed);
      tcase_add_test(tc, the_alike_are_told_apart);
      tcase_add_test(tc, a_budget_holds_to_the_li);
      tcase_add_test(tc, the_certificate_is_said_in_words);)
