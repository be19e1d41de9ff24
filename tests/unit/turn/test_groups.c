/*
 * test_groups.c - numbers that order for each other: nothing is charged and no package
 * changed unless the number that pays, or an administrator whom the enterprise's level
 * allows it, has sent the number of its own prompt for it; above the enterprise's limit
 * nobody but another administrator; and nobody reads a figure of a number without its
 * consent or that level.  Over random sequences, several texts a turn, changes of owners,
 * levels, limits and memberships.
 */
#include "fixture.h"

enum {
	NUMBERS = 7, /* 0 and 1 administer themselves, 2 (business) and 3 (personal) */
	ADMINS = 2,
	MEMBERS = 4, /* 4, 5 and 6 are strangers; 6 is the account manager */
	ROUNDS = 500,
	BATCH = 4,
	START_FEN = 2700 /* not for all there is */
};

static struct model {
	int level;                                    /* of levels[] */
	int64_t limit;                                /* fen; 0: none */
	bool joined[NUMBERS], bond[NUMBERS][NUMBERS]; /* asker, whom */
	int64_t owner_since[NUMBERS];
	unsigned code[NUMBERS];  /* PZYW, sent to it last; 0: none */
	unsigned nonce[NUMBERS]; /* of the prompt sent to it last; 0: none */
	int about[NUMBERS];      /* for whom that is */
	int64_t charged[NUMBERS], changed[NUMBERS];
	int64_t file_at; /* when the file named the manager */
	unsigned charges, for_others, changes, shown;
} model;

static const char *const levels[] = { "none", "report", "query", "approve", "buy" };
enum {
	QUERY = 2,
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
	ck_assert_int_eq(store_put(hall.store, kind, row, 1, hall.now_ms / 1000, NULL),
	                 ERR_OK);
	ck_assert_int_eq(store_commit(hall.store), ERR_OK);
}

static void put_level(int level, int64_t limit)
{
	const struct group_row row = { .code = STR("G1"),
		                       .name = STR("Some firm"),
		                       .kind = STR("enterprise"),
		                       .class = STR("large"),
		                       .level = str_of(levels[level]),
		                       .manager = STR("A"),
		                       .phone = STR("13900000006"),
		                       .limit_fen = limit };

	model.level = level;
	model.limit = limit;
	model.file_at = hall.now_ms / 1000;
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
		         .class = person < 3 ? CLASS_BUSINESS : CLASS_PERSONAL,
		         .real_name = true },
		.account = { .balance_fen = START_FEN + person, .as_of = NOW_S }
	};

	put(STORE_SUBSCRIBERS, &row);
}

static void join(int person)
{
	const struct member_row row = { FIRST + person, STR("G1"),
		                        person < ADMINS ? STR("admin") : STR("member") };

	put(STORE_MEMBERS, &row);
	model.joined[person] = true;
}

static void put_packages(void)
{
	const struct package all[] = {
		{ .code = STR("58"), .kind = PACKAGE_MAIN, .fee_fen = 5800 },
		{ .code = STR("88"),
		  .kind = PACKAGE_MAIN,
		  .fee_fen = 8800,
		  .on_sale = true },
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
	struct step s = { .from = (int)draw(draw(3) == 0 ? ADMINS : NUMBERS) };
	const int64_t other = FIRST + draw(draw(2) == 0 ? MEMBERS : NUMBERS);
	const char *code = codes[draw(COUNT_OF(codes))];
	const unsigned guess = draw(5) == 0 ? 10 + draw(90) : 0;
	char *const t = s.text;

	switch (draw(19)) {
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
	case 9:
		(void)snprintf(t, sizeof(s.text), "DBGT%" PRId64 " 88", other);
		break;
	case 10:
	case 11:
		(void)snprintf(t, sizeof(s.text), "KT%s", code);
		break;
	case 12:
		(void)snprintf(t, sizeof(s.text), "CXYE%" PRId64, other);
		break;
	case 13:
		(void)snprintf(t, sizeof(s.text), "JJYW%u",
		               draw(4) == 0 ? model.code[draw(NUMBERS)] : 0);
		break;
	case 14:
		(void)snprintf(t, sizeof(s.text), "%s",
		               draw(2) == 0 ? "BGTC88" : "KHBB G1");
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

static bool says(const struct outbox_row *row, const char *words)
{
	return str_find(row->text, str_of(words)) != SIZE_MAX;
}

/* The person whose number stands in the text that far before those words; -1: none. */
static int named(const struct outbox_row *row, const char *words, size_t before)
{
	const size_t at = str_find(row->text, str_of(words));
	int64_t msisdn;

	if (at == SIZE_MAX || at < before ||
	    str_i64((struct str){ row->text.p + at - before, before }, &msisdn) != ERR_OK)
		return -1;
	return (int)(before == 1 ? msisdn : msisdn - FIRST);
}

static bool administers(const struct model *m, int admin, int member, int level)
{
	return admin < ADMINS && admin != member && member < MEMBERS &&
	       m->joined[admin] && m->joined[member] && m->level >= level;
}

/* Nobody reads what is not his, a bound number's or a member's to him. */
static void check_figures(const struct outbox_row *row, int to)
{
	const int whose = named(row, "的话费余额", 11);

	if (says(row, "账单可以汇总"))
		ck_assert_msg(to == 6 && model.file_at >= model.owner_since[6],
		              "%d sees the manager's: %.*s", to, STR_ARG(row->text));
	if (whose < 0)
		return;
	ck_assert_msg(model.bond[to][whose] || administers(&model, to, whose, QUERY),
	              "%d sees %d: %.*s", to, whose, STR_ARG(row->text));
	model.shown++;
}

/* Numbers that agree to a bond do so at once, by what the message to them says. */
static void hear(const struct outbox_row *row, char agree[static 16], int *who,
                 int *asker)
{
	const int to = person_of(row), about = named(row, "办，费用集团付", 1);
	const size_t code = str_find(row->text, STR("PZYW"));
	const size_t bond = str_find(row->text, STR("TYBD"));
	const size_t nonce = str_find(row->text, STR("24小时内回复"));
	unsigned n;

	check_figures(row, to);
	if (code != SIZE_MAX && sscanf(row->text.p + code, "PZYW%4u", &n) == 1)
		model.code[to] = n;
	if (bond != SIZE_MAX && sscanf(row->text.p + bond, "TYBD%4u", &n) == 1) {
		(void)snprintf(agree, 16, "TYBD%u", n);
		*who = to;
		*asker = named(row, "想查您的", 11);
	}
	if (nonce == SIZE_MAX ||
	    sscanf(row->text.p + nonce + strlen("24小时内回复"), "%2u确认", &n) != 1)
		return;
	model.nonce[to] = n;
	model.about[to] = about >= 0 ? about : to;
}

static int64_t cell(const struct store_table *t, size_t row, const char *column)
{
	int64_t v = 0;

	for (size_t k = 0; k < t->n_columns; k++)
		if (str_eq(t->column[k], str_of(column)))
			ck_assert_int_eq(str_i64(t->value[row * t->n_columns + k], &v),
			                 ERR_OK);
	return v;
}

static bool is_change(const struct store_table *t, size_t row)
{
	for (size_t k = 0; k < t->n_columns; k++)
		if (str_eq(t->value[row * t->n_columns + k], STR("package.change")))
			return true;
	return false;
}

/* Fen that the ledger has taken of each number, and packages that were to change. */
static void read_deeds(int64_t fen[static NUMBERS], int64_t changes[static NUMBERS])
{
	struct store_table t;

	memset(fen, 0, NUMBERS * sizeof(*fen));
	memset(changes, 0, NUMBERS * sizeof(*changes));
	ck_assert_int_eq(store_inspect(hall.store, "ledger", &hall.arena, &t), ERR_OK);
	for (size_t r = 0; r < t.n_rows; r++)
		fen[cell(&t, r, "msisdn") - FIRST] -= cell(&t, r, "amount_fen");
	ck_assert_int_eq(store_inspect(hall.store, "service_order", &hall.arena, &t),
	                 ERR_OK);
	for (size_t r = 0; r < t.n_rows; r++)
		changes[cell(&t, r, "msisdn") - FIRST] += is_change(&t, r);
}

/* Whether that text is the number of a prompt by which this costs `who` so much. */
static bool confirms(const struct model *m, const struct step *s, int who, int64_t fen)
{
	const bool bound = m->limit > 0 && fen > m->limit && who < 3 && m->joined[who];
	unsigned sent = 0;

	if (sscanf(s->text, "%2u", &sent) != 1 || sent == 0 ||
	    sent != m->nonce[s->from] || m->about[s->from] != who)
		return false;
	return s->from == who ? !bound : who < 3 && administers(m, s->from, who, APPROVE);
}

/* Each number that was charged or changed: somebody who may has confirmed it. */
static void check_deeds(const struct step *s, size_t n, const struct model *before)
{
	int64_t fen[NUMBERS], changes[NUMBERS];

	read_deeds(fen, changes);
	for (int who = 0; who < NUMBERS; who++) {
		const int64_t paid = fen[who] - before->charged[who];
		const bool changed = changes[who] > before->changed[who];
		bool confirmed = paid == 0 && !changed, by_other = false;

		for (size_t i = 0; i < n && !confirmed; i++) {
			confirmed = confirms(before, &s[i], who, changed ? 8800 : paid);
			by_other = confirmed && s[i].from != who;
		}
		ck_assert_msg(confirmed, "%d was charged %" PRId64 " unconfirmed", who,
		              paid);
		ck_assert_msg(paid <= 1000, "%d was charged twice", who);
		model.for_others += by_other;
		model.charges += paid != 0;
		model.changes += changed;
		model.charged[who] = fen[who];
		model.changed[who] = changes[who];
	}
}

static void agree_to_bond(const char *text, int who, int asker)
{
	struct turn_input in, mark[8];

	ck_assert_int_eq(run_text(who, text, &in), ERR_OK);
	ck_assert_uint_le(hall.out.n, COUNT_OF(mark));
	for (size_t i = 0; i < hall.out.n; i++) {
		model.bond[asker][who] |= says(&hall.out.send[i], "已同意绑定");
		mark[i] = mark_of(hall.out.send[i].id);
	}
	ck_assert_int_eq(run_all(mark, hall.out.n), ERR_OK);
}

static void run_batch(struct step *s, size_t n)
{
	const struct model before = model;
	struct turn_input in[BATCH], mark[8 * BATCH];
	char agree[16] = "";
	int who = 0, asker = -1;
	size_t marks = 0;

	for (size_t i = 0; i < n; i++)
		in[i] = text_of(s[i].from, s[i].text);
	ck_assert_int_eq(run_all(in, n), ERR_OK);
	ck_assert_uint_le(hall.out.n, COUNT_OF(mark));
	for (size_t i = 0; i < hall.out.n; i++) {
		hear(&hall.out.send[i], agree, &who, &asker);
		mark[marks++] = mark_of(hall.out.send[i].id);
	}
	ck_assert_int_eq(run_all(mark, marks), ERR_OK);
	check_deeds(s, n, &before);
	arena_reset(&hall.arena);
	if (agree[0] != '\0' && asker >= 0)
		agree_to_bond(agree, who, asker);
}

static void new_owner(int person)
{
	model.owner_since[person] = hall.now_ms / 1000 - 60;
	model.nonce[person] = model.code[person] = 0;
	model.joined[person] = false;
	for (int i = 0; i < NUMBERS; i++)
		model.bond[person][i] = model.bond[i][person] = false;
	put_owner(person);
	if (person < MEMBERS && draw(3) > 0)
		join(person);
}

static void happen(void)
{
	static const int64_t limits[] = { 0, 0, 1, 400, 550, 5000 };

	if (draw(30) == 0)
		put_level(draw(2) == 0 ? APPROVE + 1 : (int)draw(COUNT_OF(levels)),
		          limits[draw(COUNT_OF(limits))]);
	if (draw(60) == 0)
		new_owner((int)draw(NUMBERS));
}

START_TEST(nobody_acts_for_a_number_or_reads_it_who_may_not)
{
	set_up_people(0);
	seed = (uint32_t)_i + 1;
	memset(&model, 0, sizeof(model));
	put_packages();
	put_level((int)COUNT_OF(levels) - 1, 0);
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
	ck_assert_uint_gt(model.changes, 0);
	ck_assert_uint_gt(model.for_others, 0);
	ck_assert_uint_gt(model.shown, 0);
	tear_down();
}
END_TEST

SUITE("turn/groups", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_loop_test(tc, nobody_acts_for_a_number_or_reads_it_who_may_not, 0, 6);)
