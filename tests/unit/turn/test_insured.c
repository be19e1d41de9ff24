/*
 * test_insured.c - what a rehearsal says that insured recommendations would cost is what
 * the hall pays: everybody of a random store asks for the cheapest package, and the months
 * come as the rehearsal took them.
 */
#include <stdlib.h>

#include "fixture.h"
#include "offer/rehearse.h"
#include "office/audience.h"
#include "office/office.h"

/* Of plans.tsv, which texts may name. */
static const char *const codes[] = { "8", "18", "38", "58", "88", "128", "198" };

enum {
	CROWD = 60,
	PLANS = COUNT_OF(codes),
	DAY_S = 24 * 3600,
	GIB5 = 5 * 1024 * 1024, /* KiB */
	DOCTOR_LINE = 256
};

static uint64_t seed;

static int64_t below(int64_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (int64_t)(seed >> 33) % n;
}

static int insured; /* months */
static int64_t now;
static char folder[128];
static struct usage_month month_of[CROWD][USAGE_MONTHS]; /* oldest first */
static bool missing[CROWD][USAGE_MONTHS];                /* before the change only */

static void shell(const char *command)
{
	ck_assert_int_eq(system(command), 0);
}

/* Months weigh alike, so that those before the insured ones weigh as they do later. */
static void use_limits(void)
{
	const struct hall_conf conf = { .hotline = STR("10086") };
	char command[512];

	(void)snprintf(folder, sizeof(folder), "%s-grammar", hall.folder);
	(void)snprintf(
		command, sizeof(command),
		"cp -r grammar %s && sed -i 's/weights = \".*\"/weights = \"1, 1, 1, 1, "
		"1, 1\"/; s/insured_months = \"3\"/insured_months = \"%d\"/' %s/offer.conf",
		folder, insured, folder);
	shell(command);
	turn_destroy(hall.turn);
	assets_destroy(hall.assets);
	ck_assert_msg(assets_load(folder, &conf, NOW_S, &hall.assets, NULL,
	                          &hall.fault) == ERR_OK,
	              "%s", hall.fault.text);
	ck_assert_int_eq(hall.assets->policy.insured_months, insured);
	ck_assert_int_eq(hall.assets->policy.weight[USAGE_MONTHS - 1], 1);
}

static void put_plans(void)
{
	struct package plan[PLANS];

	for (int i = 0; i < PLANS; i++)
		plan[i] = (struct package){
			.code = str_of(codes[i]),
			.fee_fen = 800 + i * 1500 + below(10) * 100,
			.kind = PACKAGE_MAIN,
			.on_sale = true,
			.voice_s = i * 3000,
			.sms = below(3) * 50,
			.data_kib = (int64_t)i * GIB5,
			.over_voice_li_per_min = 100 + 10 * below(10),
			.over_sms_li = 100,
			.over_data_fen_per_block = 300 + below(4) * 100,
			.data_block_kib = 1024 * 1024,
			.over_data_cap_fen = below(5) == 0 ? 20000 : 0,
		};
	ck_assert_int_eq(store_put(hall.store, STORE_PACKAGES, plan, PLANS, 0, NULL),
	                 ERR_OK);
}

/* Each uses up to a level of his own, of which every month is some share. */
static void draw_months(int who)
{
	const int64_t most = 1 + below(6);

	for (int m = 0; m < USAGE_MONTHS; m++) {
		month_of[who][m] = (struct usage_month){ .voice_s = below(most * 4000),
			                                 .sms = below(90),
			                                 .data_kib = below(40 * 1024 *
			                                                   1024),
			                                 .bill_fen = BILL_NONE };
		missing[who][m] = m + insured < USAGE_MONTHS && below(9) == 0;
	}
}

/* Month m of the six comes in that month. */
static void put_month(int who, int m, month_t month, int64_t as_of)
{
	struct usage_row row = { FIRST + who, month_of[who][m] };

	row.usage.month = month;
	if (!missing[who][m])
		ck_assert_int_eq(store_put(hall.store, STORE_USAGE, &row, 1, as_of, NULL),
		                 ERR_OK);
}

/* The first of the six is so many before the month of the change. */
static void put_crowd(void)
{
	const month_t first = civil_month(NOW_S) - (USAGE_MONTHS - insured);

	ck_assert_int_eq(store_begin(hall.store), ERR_OK);
	put_plans();
	for (int i = 0; i < CROWD; i++) {
		const struct subscriber_row row = {
			.sub = { .msisdn = FIRST + i,
			         .owner_since = 1577808000,
			         .joined_on = 1577808000,
			         .package = str_of(codes[below(PLANS)]) },
			.account = { .balance_fen = 100000, .as_of = NOW_S - 3600 }
		};

		ck_assert_int_eq(store_put(hall.store, STORE_SUBSCRIBERS, &row, 1,
		                           NOW_S - 3600, NULL),
		                 ERR_OK);
		draw_months(i);
		for (int m = 0; m < USAGE_MONTHS; m++)
			put_month(i, m, first + m, NOW_S - 3600);
	}
	ck_assert_int_eq(store_commit(hall.store), ERR_OK);
}

/* What the office would say when the six are over. */
static struct rehearsed rehearsed_then(void)
{
	const month_t this = civil_month(NOW_S) + insured;
	struct store_reader *reader;
	struct catalogue catalogue;
	struct tariffs tariffs;
	struct rehearsal r;
	struct audience *a;

	ck_assert_int_eq(store_reader_open(hall.store, &reader, &hall.fault), ERR_OK);
	ck_assert_int_eq(store_load_catalogue(hall.store, &hall.arena, &catalogue),
	                 ERR_OK);
	tariffs_make(&catalogue, &hall.arena, &tariffs);
	a = audience_create(&tariffs, &hall.assets->policy, &hall.assets->terms,
	                    civil_to_utc((struct civil){ .year = month_year(this),
	                                                 .month = month_of_year(this),
	                                                 .day = 10 }));
	ck_assert_int_eq(audience_next(a, reader), ERR_OK);
	r = rehearsal_begin(&tariffs, tariffs.tariff, &hall.assets->policy, &hall.arena);
	rehearse(&r, audience_use(a), audience_subjects(a));
	rehearsal_end(&r);
	audience_destroy(a);
	store_reader_close(reader);
	return r.course[REHEARSE_ASK];
}

/* The code of the cheapest package worth naming; "": the present one is. */
static struct str cheapest_of(int who)
{
	struct grammar_command none = { .intent = NULL };
	struct dossier dossier = { .msisdn = FIRST + who }, *d = &dossier;
	const unsigned needs = hall_offer_needs();
	struct hall_question q = { .command = &none,
		                   .text = STR(""),
		                   .folded = STR(""),
		                   .who = d,
		                   .arena = &hall.arena,
		                   .catalogue = turn_catalogue(hall.turn),
		                   .now = NOW_S };
	const struct candidate *c;
	struct hall_offer o;

	ck_assert_int_eq(store_load_dossiers(hall.store, &hall.arena, &d, 1), ERR_OK);
	ck_assert_int_eq(store_load_needs(hall.store, &hall.arena, &d, &needs, 1, NOW_S),
	                 ERR_OK);
	hall_offer(hall.assets->hall, &q, NULL, &o);
	c = offer_cheapest(o.policy, &o.match);
	return c != NULL ? q.catalogue->package[c->tariff].code : STR("");
}

static struct str number_in(struct str text)
{
	const struct str word = STR("回复");
	const size_t at = str_find(text, word);

	ck_assert_msg(at != SIZE_MAX, "%.*s", STR_ARG(text));
	return (struct str){ text.p + at + word.n, 2 };
}

static void change(int who)
{
	const struct str code = cheapest_of(who);
	struct turn_input in;
	struct str number;

	if (code.n == 0)
		return;
	ck_assert_int_eq(run_text(who,
	                          arena_printf(&hall.arena, "BGTC%.*s", STR_ARG(code)).p,
	                          &in),
	                 ERR_OK);
	number = number_in(hall.out.send[0].text);
	ck_assert_int_eq(
		run_text(who, arena_printf(&hall.arena, "%.*s", STR_ARG(number)).p, &in),
		ERR_OK);
}

/* Orders whose day has come, until there are no more. */
static void tick_at(month_t month, int day)
{
	struct turn_output out;

	now = civil_to_utc((struct civil){ .year = month_year(month),
	                                   .month = month_of_year(month),
	                                   .day = day,
	                                   .hour = 12 });
	hall.now_ms = now * 1000;
	for (int i = 0; i < 40; i++) {
		ck_assert_int_eq(turn_tick(hall.turn, hall.now_ms, &out), ERR_OK);
		hall.now_ms += 2000;
	}
}

/* The months come as they were, and one more in which all was used up. */
static void let_months_come(void)
{
	const month_t from = civil_month(NOW_S);

	tick_at(from + 1, 1);
	for (int k = 1; k <= insured + 1; k++) {
		ck_assert_int_eq(store_begin(hall.store), ERR_OK);
		for (int i = 0; i < CROWD; i++) {
			const int m = USAGE_MONTHS - insured + k - 1;

			if (m == USAGE_MONTHS)
				month_of[i][USAGE_MONTHS - 1].data_kib = INT32_MAX;
			put_month(i, m < USAGE_MONTHS ? m : USAGE_MONTHS - 1, from + k,
			          now + (int64_t)31 * DAY_S);
		}
		ck_assert_int_eq(store_commit(hall.store), ERR_OK);
		tick_at(from + k + 1, 6);
	}
}

static int64_t column_sum(const char *table, const char *column, const char *kind,
                          size_t *n)
{
	struct store_table t;
	int64_t sum = 0, v;

	*n = 0;
	ck_assert_int_eq(store_inspect(hall.store, table, &hall.arena, &t), ERR_OK);
	for (size_t r = 0; r < t.n_rows; r++) {
		bool of_kind = false;

		for (size_t c = 0; c < t.n_columns; c++)
			of_kind |= str_eq(t.column[c], STR("kind")) &&
			           str_eq(t.value[r * t.n_columns + c], str_of(kind));
		*n += of_kind;
		for (size_t c = 0; c < t.n_columns && of_kind; c++)
			if (str_eq(t.column[c], str_of(column)) &&
			    str_i64(t.value[r * t.n_columns + c], &v) == ERR_OK)
				sum += v;
	}
	return sum;
}

static bool is_never(void *ctx)
{
	(void)ctx;
	return false;
}

static enum err write_now(void *ctx, enum err (*work)(struct store *s, void *arg),
                          void *arg)
{
	(void)ctx;
	return work(hall.store, arg);
}

/* Keeps the line of what is insured. */
static void on_line(void *ctx, struct str line)
{
	char *said = ctx;

	if (str_find(line, STR(" insured ")) >= line.n)
		return;
	ck_assert_uint_lt(line.n, DOCTOR_LINE);
	memcpy(said, line.p, line.n);
	said[line.n] = '\0';
}

/* It computes all promises again, by the terms and the use that orders wrote down. */
static void ask_the_doctor(char said[DOCTOR_LINE])
{
	const struct office_peer peer = { .line = on_line, .ctx = said };
	struct office_host host = { .write = write_now,
		                    .is_busy = is_never,
		                    .is_ending = is_never };
	struct conf *conf = conf_defaults();

	said[0] = '\0';
	host.conf = conf;
	ck_assert_int_eq(store_reader_open(hall.store, &host.reader, &hall.fault),
	                 ERR_OK);
	ck_assert_int_eq(office_do(&host, STR("{\"do\":\"doctor\",\"full\":true}"), &peer,
	                           &hall.fault),
	                 ERR_OK);
	store_reader_close(host.reader);
	conf_destroy(conf);
}

/* _i: months that are insured, less one, and the seed. */
START_TEST(the_reserve_is_what_is_paid_and_what_the_doctor_computes)
{
	struct rehearsed said;
	char doctor[DOCTOR_LINE], expected[DOCTOR_LINE];
	size_t n;

	insured = 1 + _i % 3;
	seed = 77 + (uint64_t)_i;
	set_up_people(0);
	use_limits();
	put_crowd();
	open_turn();
	said = rehearsed_then();
	for (int i = 0; i < CROWD; i++)
		change(i);
	let_months_come();
	(void)column_sum("service_order", "id", "offer.insured", &n);
	ck_assert_uint_eq(n, said.insured * (size_t)insured);
	ck_assert_int_eq(column_sum("ledger", "amount_fen", "offer.insured", &n),
	                 said.reserve_fen);
	ask_the_doctor(doctor);
	(void)snprintf(expected, sizeof(expected),
	               "%zu decided; owed %lld.%02lld, paid %lld.%02lld yuan",
	               said.insured * (size_t)insured, (long long)said.reserve_fen / 100,
	               (long long)said.reserve_fen % 100,
	               (long long)said.reserve_fen / 100,
	               (long long)said.reserve_fen % 100);
	ck_assert_msg(strncmp(doctor, "ok ", 3) == 0 && strstr(doctor, expected) != NULL,
	              "%s", doctor);
	ck_assert_uint_ge(said.insured, CROWD / 2);
	ck_assert_uint_gt(said.credited, 5);
	ck_assert_uint_lt(said.credited, said.insured);
	shell(arena_printf(&hall.arena, "rm -r %s", folder).p);
	tear_down();
}
END_TEST

SUITE("turn/insured", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_loop_test(tc, the_reserve_is_what_is_paid_and_what_the_doctor_computes, 0,
                          6);)
