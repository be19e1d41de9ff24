/*
 * test_groups.c - numbers that order for each other: nothing is charged unless the number
 * that pays, or an administrator whom the enterprise's level allows it, has sent the number
 * of its own prompt for it; over random sequences, several texts a turn, changes of owners,
 * levels and memberships.
 */
#include "fixture.h"

enum {
	NUMBERS =
		6, /* 0 administers 1, 2 (business) and 3 (personal); 4 and 5 are strangers */
	MEMBERS = 4,
	ROUNDS = 500,
	BATCH = 4,
	START_FEN = 2700 /* not for all there is */
};

static struct model {
	int level; /* of levels[] */
	int64_t owner_since[NUMBERS];
	unsigned code[NUMBERS];  /* PZYW, sent to it last; 0: none */
	unsigned nonce[NUMBERS]; /* of the prompt sent to it last; 0: none */
	int about[NUMBERS];      /* for whom that is */
	int64_t charged[NUMBERS];
	unsigned charges, for_others;
} model;

static const char *const levels[] = { "none", "report", "query", "approve", "buy" };
enum {
	APPROVE = 3
};

static uint32_t seed;

static uint32_t draw(uint32_t below)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % below;
}

static void put(enum store_kind kind, const void *row)
{
	ck_assert_int_eq(store_begin(hall.store), ERR_OK);
	ck_assert_int_eq(store_put(hall.store, kind, row, 1, 0, NULL), ERR_OK);
	ck_assert_int_eq(store_commit(hall.store), ERR_OK);
}

static void put_level(int level)
{
	const struct group_row row = { .code = STR("G1"),
		                       .name = STR("Some firm"),
		                       .kind = STR("enterprise"),
		                       .class = STR("large"),
		                       .level = str_of(levels[level]),
		                       .manager = STR("A"),
		                       .phone = STR("13700000001") };

	model.level = level;
	put(STORE_GROUPS, &row);
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
		         .class = person == 1 || person == 2 ? CLASS_BUSINESS
		                                             : CLASS_PERSONAL,
		         .real_name = true },
		.account = { .balance_fen = START_FEN, .as_of = NOW_S }
	};

	put(STORE_SUBSCRIBERS, &row);
}

static void join(int person)
{
	const struct member_row row = { FIRST + person, STR("G1"),
		                        person == 0 ? STR("admin") : STR("member") };

	put(STORE_MEMBERS, &row);
}

static void put_packages(void)
{
	const struct package all[] = {
		{ .code = STR("58"), .kind = PACKAGE_MAIN, .fee_fen = 5800 },
		{ .code = STR("LLB10"),
		  .kind = PACKAGE_ADDON,
		  .fee_fen = 1000,
		  .on_sale = true },
		{ .code = STR("CL"),
		  .kind = PACKAGE_VAS,
		  .fee_fen = 500,
		  .on_sale = true },
		{ .code = STR("LX"),
		  .kind = PACKAGE_VAS,
		  .fee_fen = 600,
		  .on_sale = true },
		{ .code = STR("SJB"),
		  .kind = PACKAGE_VAS,
		  .fee_fen = 300,
		  .on_sale = true },
	};

	for (size_t i = 0; i < COUNT_OF(all); i++) {
		struct package p = all[i];

		p.name_zh = p.name_en = p.network = p.code;
		put(STORE_PACKAGES, &p);
	}
	ck_assert_int_eq(turn_reload_catalogue(hall.turn), ERR_OK);
}

struct step {
	int from;
	char text[64];
};

static struct step draw_step(void)
{
	static const char *const codes[] = { "LLB10", "CL", "LX", "SJB" };
	struct step s = { .from = draw(3) == 0 ? 0 : (int)draw(NUMBERS) };
	const int64_t other = FIRST + draw(draw(2) == 0 ? MEMBERS : NUMBERS);
	const char *code = codes[draw(COUNT_OF(codes))];
	const unsigned guess = draw(5) == 0 ? 10 + draw(90) : 0;
	char *const t = s.text;

	switch (draw(12)) {
	case 0:
	case 1:
		(void)snprintf(t, sizeof(s.text), "DBKT%" PRId64 "%s", other, code);
		break;
	case 2:
		(void)snprintf(t, sizeof(s.text), "DBTD%" PRId64 "%s", other, code);
		break;
	case 3:
	case 4:
		(void)snprintf(t, sizeof(s.text), "SQKT%s", code);
		break;
	case 5:
	case 6:
		(void)snprintf(
			t, sizeof(s.text), "PZYW%u",
			model.code[draw(4) > 0 ? (unsigned)s.from : draw(NUMBERS)]);
		break;
	case 7:
		(void)snprintf(t, sizeof(s.text), "BDHM%" PRId64, other);
		break;
	case 8:
		(void)snprintf(t, sizeof(s.text), "%s", draw(2) == 0 ? "N" : "好的");
		break;
	default:
		(void)snprintf(t, sizeof(s.text), "%u",
		               guess > 0 ? guess : model.nonce[s.from]);
	}
	return s;
}

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

static int person_of(const struct outbox_row *row)
{
	int64_t msisdn = 0;

	ck_assert_int_eq(str_i64(row->to.digits, &msisdn), ERR_OK);
	return (int)(msisdn - FIRST);
}

/* Numbers that agree to a bond do so at once, by what the message to them says. */
static void hear(const struct outbox_row *row, char agree[static 16], int *who)
{
	const int to = person_of(row);
	const size_t code = str_find(row->text, STR("PZYW"));
	const size_t bond = str_find(row->text, STR("TYBD"));
	const size_t nonce = str_find(row->text, STR("24小时内回复"));
	const size_t prompt = str_find(row->text, STR("：请确认"));
	int64_t about;
	unsigned n;

	if (code != SIZE_MAX && sscanf(row->text.p + code, "PZYW%4u", &n) == 1)
		model.code[to] = n;
	if (bond != SIZE_MAX && sscanf(row->text.p + bond, "TYBD%4u", &n) == 1) {
		(void)snprintf(agree, 16, "TYBD%u", n);
		*who = to;
	}
	if (nonce == SIZE_MAX ||
	    sscanf(row->text.p + nonce + strlen("24小时内回复"), "%2u确认", &n) != 1)
		return;
	model.nonce[to] = n;
	model.about[to] = to;
	if (prompt != SIZE_MAX && prompt >= 11 &&
	    str_i64((struct str){ row->text.p + prompt - 11, 11 }, &about) == ERR_OK)
		model.about[to] = (int)(about - FIRST);
}

/* Fen that the ledger has taken of each number's present owner; and of all together. */
static void read_charges(int64_t out[static NUMBERS])
{
	struct store_table t;
	int64_t msisdn, fen;

	memset(out, 0, NUMBERS * sizeof(*out));
	ck_assert_int_eq(store_inspect(hall.store, "ledger", &hall.arena, &t), ERR_OK);
	for (size_t r = 0; r < t.n_rows; r++) {
		msisdn = fen = 0;
		for (size_t k = 0; k < t.n_columns; k++) {
			const struct str v = t.value[r * t.n_columns + k];

			if (str_eq(t.column[k], STR("msisdn")))
				ck_assert_int_eq(str_i64(v, &msisdn), ERR_OK);
			if (str_eq(t.column[k], STR("amount_fen")))
				ck_assert_int_eq(str_i64(v, &fen), ERR_OK);
		}
		out[msisdn - FIRST] -= fen;
	}
}

/* Each number that was charged: somebody who may, sent the number of his prompt for it. */
static void check_charges(const struct step *s, size_t n, const struct model *before)
{
	int64_t now[NUMBERS];

	read_charges(now);
	for (int who = 0; who < NUMBERS; who++) {
		bool confirmed = now[who] == before->charged[who];

		for (size_t i = 0; i < n; i++) {
			const int from = s[i].from;
			unsigned sent = 0;

			if (sscanf(s[i].text, "%2u", &sent) != 1 || sent == 0 ||
			    sent != before->nonce[from] || before->about[from] != who)
				continue;
			confirmed |= from == who ||
			             (from == 0 && (who == 1 || who == 2) &&
			              before->level >= APPROVE);
			model.for_others += from != who &&
			                    now[who] != before->charged[who];
		}
		ck_assert_msg(confirmed, "%d was charged without a confirmation", who);
		ck_assert_msg(now[who] - before->charged[who] <= 1000,
		              "%d was charged twice", who);
		model.charges += now[who] != before->charged[who];
		model.charged[who] = now[who];
	}
}

static void run_batch(struct step *s, size_t n)
{
	const struct model before = model;
	struct turn_input in[BATCH], mark[4 * BATCH];
	char agree[16] = "";
	int who = 0;
	size_t marks = 0;

	for (size_t i = 0; i < n; i++)
		in[i] = text_of(s[i].from, s[i].text);
	ck_assert_int_eq(run_all(in, n), ERR_OK);
	ck_assert_uint_le(hall.out.n, COUNT_OF(mark));
	for (size_t i = 0; i < hall.out.n; i++) {
		hear(&hall.out.send[i], agree, &who);
		mark[marks++] = mark_of(hall.out.send[i].id);
	}
	ck_assert_int_eq(run_all(mark, marks), ERR_OK);
	check_charges(s, n, &before);
	arena_reset(&hall.arena);
	if (agree[0] != '\0') {
		ck_assert_int_eq(run_text(who, agree, &in[0]), ERR_OK);
		for (size_t i = 0, k = hall.out.n; i < k; i++)
			mark[i] = mark_of(hall.out.send[i].id);
		ck_assert_int_eq(run_all(mark, hall.out.n), ERR_OK);
	}
}

static void happen(void)
{
	const int person = (int)draw(NUMBERS);

	if (draw(30) == 0)
		put_level(draw(2) == 0 ? APPROVE + 1 : (int)draw(COUNT_OF(levels)));
	if (draw(60) != 0)
		return;
	model.owner_since[person] = hall.now_ms / 1000 - 60;
	model.nonce[person] = model.code[person] = 0;
	put_owner(person);
	if (person < MEMBERS && draw(3) > 0)
		join(person);
}

START_TEST(nothing_is_charged_that_its_payer_has_not_confirmed)
{
	set_up_people(0);
	seed = (uint32_t)_i + 1;
	memset(&model, 0, sizeof(model));
	put_packages();
	put_level((int)COUNT_OF(levels) - 1);
	for (int i = 0; i < NUMBERS; i++) {
		model.owner_since[i] = 1577808000;
		put_owner(i);
		if (i < MEMBERS)
			join(i);
	}
	for (int round = 0; round < ROUNDS; round++) {
		struct step s[BATCH];

		happen();
		run_batch(s, draw_batch(s));
		hall.now_ms += (int64_t)draw(3600) * 1000;
	}
	ck_assert_uint_gt(model.charges, 5);
	ck_assert_uint_gt(model.for_others, 0);
	tear_down();
}
END_TEST

SUITE("turn/groups", tcase_set_timeout(tc, 120);
      tcase_add_loop_test(tc, nothing_is_charged_that_its_payer_has_not_confirmed, 0, 6);)
