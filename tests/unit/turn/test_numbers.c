/*
 * test_numbers.c - no figure of a number reaches another one without its standing consent,
 * over random sequences of asking, agreeing, ending, querying and new owners.
 */
#include "fixture.h"

enum {
	NUMBERS = 5,
	ROUNDS = 400,
	BATCH = 4
};

/* What a story of bonds should have come to. */
static struct model {
	int64_t owner_since[NUMBERS];
	bool stands[NUMBERS][NUMBERS];    /* [asker][whose figures] */
	unsigned nonce[NUMBERS][NUMBERS]; /* sent to the latter; 0: none waits */
} model;

static uint32_t seed;

static uint32_t draw(uint32_t below)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % below;
}

/* Yuan that only this number has. */
static void balance_text(char out[static 16], unsigned person)
{
	(void)snprintf(out, 16, "%u.37", 111 * (4 + person % NUMBERS));
}

static void put_owner(int person)
{
	const struct subscriber_row row = {
		.sub = { .msisdn = FIRST + person,
		         .owner_since = model.owner_since[person],
		         .joined_on = model.owner_since[person],
		         .name = STR("n"),
		         .region = STR("r"),
		         .network = STR("5G"),
		         .puk = STR("77123456"),
		         .package = STR("58"),
		         .real_name = true },
		.account = { .balance_fen = 11100 * (4 + person) + 37, .as_of = NOW_S }
	};

	ck_assert_int_eq(store_begin(hall.store), ERR_OK);
	ck_assert_int_eq(store_put(hall.store, STORE_SUBSCRIBERS, &row, 1, 0, NULL),
	                 ERR_OK);
	ck_assert_int_eq(store_commit(hall.store), ERR_OK);
}

static void new_owner(int person)
{
	model.owner_since[person] = hall.now_ms / 1000 - 60;
	put_owner(person);
	for (int k = 0; k < NUMBERS; k++) {
		model.stands[person][k] = model.stands[k][person] = false;
		model.nonce[person][k] = model.nonce[k][person] = 0;
	}
}

enum op {
	ASK,
	AGREE,
	END,
	QUERY,
	OPS
};

struct step {
	enum op op;
	int from, other;
	char text[64];
};

static struct step draw_step(void)
{
	static const enum op ops[] = { ASK, AGREE, END, QUERY };
	struct step s = { .op = ops[draw(OPS)], .from = (int)draw(NUMBERS) };
	const int64_t other = FIRST + (s.other = (int)draw(NUMBERS));

	switch (s.op) {
	case ASK:
		(void)snprintf(s.text, sizeof(s.text), "BDHM%" PRId64, other);
		break;
	case AGREE:
		(void)snprintf(s.text, sizeof(s.text), "TYBD%u",
		               draw(4) > 0 ? model.nonce[s.other][s.from]
		                           : 1000 + draw(9000));
		break;
	case END:
		(void)snprintf(s.text, sizeof(s.text), "JBHM%" PRId64, other);
		break;
	case QUERY:
	case OPS:
		(void)snprintf(s.text, sizeof(s.text), "CXYE%" PRId64, other);
		break;
	}
	return s;
}

static bool says(const struct outbox_row *row, const char *words)
{
	return str_find(row->text, str_of(words)) != SIZE_MAX;
}

static int person_of(const struct outbox_row *row)
{
	int64_t msisdn = 0;

	ck_assert_int_eq(str_i64(row->to.digits, &msisdn), ERR_OK);
	return (int)(msisdn - FIRST);
}

/* A message may hold figures of those only that the receiver may see now. */
static void check_figures(const struct outbox_row *row, int to)
{
	char figure[16];

	for (int whose = 0; whose < NUMBERS; whose++) {
		balance_text(figure, (unsigned)whose);
		if (whose != to && says(row, figure))
			ck_assert_msg(model.stands[to][whose], "%d sees %d: %.*s", to,
			              whose, STR_ARG(row->text));
	}
}

/* Agreed: only with the number that was sent, and only by whom it was sent to. */
static void check_agreed(const struct step *s)
{
	unsigned n = 0;

	(void)sscanf(s->text, "TYBD%u", &n);
	for (int asker = 0; asker < NUMBERS; asker++) {
		if (n == 0 || model.nonce[asker][s->from] != n)
			continue;
		model.stands[asker][s->from] = true;
		model.nonce[asker][s->from] = 0;
		return;
	}
	ck_abort_msg("%d agreed with a number it was not sent: %s", s->from, s->text);
}

static void follow(const struct step *s, const struct outbox_row *reply)
{
	char figure[16];

	check_figures(reply, s->from);
	if (s->op == AGREE && says(reply, "已同意"))
		check_agreed(s);
	if (s->op == END && s->from != s->other) {
		model.stands[s->from][s->other] = model.stands[s->other][s->from] = false;
		model.nonce[s->from][s->other] = model.nonce[s->other][s->from] = 0;
	}
	if (s->op == QUERY && s->from != s->other && model.stands[s->from][s->other]) {
		balance_text(figure, (unsigned)s->other);
		ck_assert_msg(says(reply, figure), "%d agreed, %d got %.*s", s->other,
		              s->from, STR_ARG(reply->text));
	}
}

/* Messages to others: the request itself holds the number that agrees. */
static void hear(const struct outbox_row *row)
{
	const size_t at = str_find(row->text, STR("TYBD"));
	const int to = person_of(row);
	int64_t asker = 0;
	unsigned n = 0;

	check_figures(row, to);
	if (at == SIZE_MAX)
		return;
	ck_assert_int_eq(sscanf(row->text.p + at, "TYBD%4u", &n), 1);
	ck_assert_int_eq(str_i64((struct str){ row->text.p, 11 }, &asker), ERR_OK);
	model.nonce[asker - FIRST][to] = n;
}

static void run_batch(struct step *s, size_t n)
{
	struct turn_input in[BATCH];
	int64_t first = INT64_MAX;

	for (size_t i = 0; i < n; i++)
		in[i] = text_of(s[i].from, s[i].text);
	ck_assert_int_eq(run_all(in, n), ERR_OK);
	ck_assert_uint_ge(hall.out.n, n);
	for (size_t i = 0; i < hall.out.n; i++)
		first = hall.out.send[i].id < first ? hall.out.send[i].id : first;
	for (size_t k = 0; k < n; k++)
		for (size_t i = 0; i < hall.out.n; i++)
			if (hall.out.send[i].id == first + (int64_t)k)
				follow(&s[k], &hall.out.send[i]);
	for (size_t i = 0; i < hall.out.n; i++)
		if (hall.out.send[i].id >= first + (int64_t)n)
			hear(&hall.out.send[i]);
	for (int64_t id = first; id < first + (int64_t)n; id++) {
		struct turn_input mark = mark_of(id), *all[] = { &mark };
		struct turn_output out;

		ck_assert_int_eq(turn_run(hall.turn, all, 1, hall.now_ms, &out), ERR_OK);
	}
	arena_reset(&hall.arena);
}

/* Equal texts in one batch would be taken for one. */
static size_t draw_batch(struct step s[static BATCH])
{
	size_t n = 0, wanted = 1 + draw(BATCH);

	while (n < wanted) {
		bool again = false;

		s[n] = draw_step();
		for (size_t k = 0; k < n; k++)
			again |= s[k].from == s[n].from;
		if (again)
			wanted--;
		else
			n++;
	}
	return n;
}

START_TEST(no_figures_without_consent)
{
	int shown = 0;

	set_up_people(0);
	seed = (uint32_t)_i + 1;
	memset(&model, 0, sizeof(model));
	for (int i = 0; i < NUMBERS; i++) {
		model.owner_since[i] = 1577808000;
		put_owner(i);
	}
	for (int round = 0; round < ROUNDS; round++) {
		struct step s[BATCH];
		size_t n = draw_batch(s);

		if (draw(40) == 0)
			new_owner((int)draw(NUMBERS));
		run_batch(s, n);
		hall.now_ms += (int64_t)draw(4 * 3600) * 1000;
		for (int a = 0; a < NUMBERS; a++)
			for (int b = 0; b < NUMBERS; b++)
				shown += model.stands[a][b];
	}
	ck_assert_int_gt(shown, 0);
	tear_down();
}
END_TEST

SUITE("turn/numbers", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_loop_test(tc, no_figures_without_consent, 0, 6);)
