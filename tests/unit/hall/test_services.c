/*
 * test_services.c - each service's texts in three languages, at a fixed time, and
 * the edges of months and allowances.  The texts are in scenes.def.
 */
#include "fixture.h"
#include "support/suite.h"
#include "text/segment.h"

/* -- scenes: each changes the world of fixture.h ------------------------------------ */

static void as_is(struct world *w)
{
	(void)w;
}

static void owing(struct world *w)
{
	w->who.account.balance_fen = -3520;
}

static void one_fen_owed(struct world *w)
{
	w->who.account.balance_fen = -1;
}

/* Came in September; 50 others of his package use that much. */
static void newcomer(struct world *w, int64_t gb)
{
	struct package *p = arena_array(&w->arena, struct package, COUNT_OF(packages));

	memcpy(p, packages, sizeof(packages));
	for (size_t i = 0; i < COUNT_OF(packages); i++)
		p[i].typical[CLASS_PERSONAL] = (struct typical){ 50, 74 * 60, 3,
			                                         gb * GB };
	w->catalogue.package = p;
	w->usage[0] = w->usage[2];
	w->usage[0].data_kib = gb * GB;
	w->who.n_usage = 1;
}

static void newcomer_of_little(struct world *w)
{
	newcomer(w, 9);
}

static void newcomer_of_much(struct world *w)
{
	newcomer(w, 20);
	w->who.sub.package = STR("38");
	w->catalogue.package[1].fee_fen = 1;
}

static void with_credit(struct world *w)
{
	w->who.account.credit_fen = 20000;
	w->who.account.as_of = utc("2026-09-30 23:59:59");
}

static void no_account(struct world *w)
{
	w->who.has_account = false;
}

static void services_held(struct world *w)
{
	w->who.n_held = 2;
	w->held[0] = (struct subscription){ .package = STR("CL"),
		                            .since = utc("2026-08-31 23:59:59") };
	w->held[1] = (struct subscription){ .package = STR("NEW"),
		                            .since = utc("2026-10-01 00:00:00") };
}

static void lines_imported(struct world *w)
{
	services_held(w);
	w->who.n_bill = 3;
	w->bill[0] = (struct bill_line){ month("2026-08"), STR("别月的"), 9999 };
	w->bill[1] = (struct bill_line){ month("2026-09"), STR("国际漫游"), 852 };
	w->bill[2] = (struct bill_line){ month("2026-09"), STR("月租"), 5800 };
}

static void lines_add_up(struct world *w)
{
	lines_imported(w);
	w->bill[2].amount_fen = 6000;
}

static void many_lines(struct world *w)
{
	w->who.n_bill = MONTHS;
	for (int i = 0; i < MONTHS; i++)
		w->bill[i] = (struct bill_line){ month("2026-09"),
			                         STR("一二三四五六七八九十项"),
			                         100 * (i + 1) };
}

static void nothing_to_pay(struct world *w)
{
	w->usage[2].bill_fen = 0;
	w->who.n_bill = 1;
	w->bill[0] = (struct bill_line){ month("2026-09"), STR("赠送"), 0 };
}

static void last_month_open(struct world *w)
{
	w->usage[2].bill_fen = BILL_NONE;
}

static void never_billed(struct world *w)
{
	w->who.usage = &w->usage[3];
	w->who.n_usage = 1;
}

static void newborn(struct world *w)
{
	w->who.n_usage = 0;
	w->who.usage_as_of = 0;
}

/* Figures of this month, and no row for it. */
static void nothing_used(struct world *w)
{
	w->who.n_usage = 3;
}

/* 18.9 of 30 GB, 74 of 300 minutes, 3 of 80 texts. */
static void with_pack(struct world *w)
{
	w->who.n_held = 1;
	w->held[0] = (struct subscription){ .package = STR("LLB20"),
		                            .since = utc("2026-10-05 08:00:00") };
}

static void pack_ended(struct world *w)
{
	with_pack(w);
	w->held[0].since = utc("2026-08-05 08:00:00");
	w->held[0].until = utc("2026-09-30 23:59:59");
}

/* A service's allowances are no add-on's. */
static void with_service_of_volume(struct world *w)
{
	with_pack(w);
	packages[6].kind = PACKAGE_VAS;
}

static void over_the_pack(struct world *w)
{
	with_pack(w);
	w->usage[3].data_kib = 31 * GB;
	w->usage[3].voice_s = 310 * 60;
	w->usage[3].sms = 90;
}

static void no_fee_known(struct world *w)
{
	services_held(w);
	w->held[0].package = STR("OLD");
}

static void year_ago(struct world *w)
{
	w->usage[0].month = month("2025-10");
	w->usage[1].month = month("2025-11");
	w->who.sub.owner_since = utc("2025-10-01 00:00:00");
}

static void early_bill(struct world *w)
{
	w->usage[3].bill_fen = 6100;
}

static void no_package(struct world *w)
{
	w->who.sub.package = STR("XYZ");
}

static void over_all(struct world *w)
{
	w->usage[3].data_kib = 22 * GB + 1;
	w->usage[3].voice_s = 210 * 60;
	w->usage[3].sms = 55;
}

static struct package single; /* the catalogue of a scene with one package */

static void over_with_cap(struct world *w)
{
	single = packages[2];
	single.over_data_fen_per_block = 29;
	single.data_block_kib = MB;
	single.over_data_cap_fen = 6000;
	w->catalogue = (struct catalogue){ &single, 1 };
	w->usage[3].data_kib = 22 * GB;
}

static void not_by_volume(struct world *w)
{
	single = packages[2];
	single.data_block_kib = 0;
	w->catalogue = (struct catalogue){ &single, 1 };
}

static void no_allowances(struct world *w)
{
	single = packages[2];
	single.data_kib = single.voice_s = single.sms = 0;
	single.data_block_kib = 100 * MB;
	single.over_data_fen_per_block = 100;
	single.over_voice_li_per_min = 0;
	w->catalogue = (struct catalogue){ &single, 1 };
}

static void all_used(struct world *w)
{
	w->usage[3].data_kib = 20 * GB;
	w->usage[3].voice_s = 200 * 60;
	w->usage[3].sms = 50;
}

static void lasts(struct world *w)
{
	w->usage[3].data_kib = 12 * GB;
}

/* 20 GB in the month's 31 days are 12.54 GB by now: more ends before the month does. */
static void just_not_enough(struct world *w)
{
	w->usage[3].data_kib = GB * 1255 / 100;
}

static void just_enough(struct world *w)
{
	w->usage[3].data_kib = GB * 1253 / 100;
}

static void second_day(struct world *w)
{
	w->q.now = w->who.usage_as_of = utc("2026-10-02 23:59:59");
}

static void third_day(struct world *w)
{
	w->q.now = w->who.usage_as_of = utc("2026-10-03 00:00:00");
}

/* Figures of days ago, by which the data ended before now. */
static void stale(struct world *w)
{
	w->who.usage_as_of = utc("2026-10-15 08:05:00");
	w->usage[3].data_kib = GB * 199 / 10;
}

static void no_usage_yet(struct world *w)
{
	w->who.n_usage = 3;
	w->who.usage_as_of = utc("2026-09-30 23:10:00");
}

static void no_puk(struct world *w)
{
	w->who.sub.puk = STR("");
}

static void nothing_on_sale(struct world *w)
{
	w->catalogue = (struct catalogue){ &packages[5], 3 };
}

/* 68 is no number of its own in "168卡". */
static void fee_inside_another(struct world *w)
{
	single = packages[2];
	single.name_zh = STR("168卡");
	single.name_en = STR("Card 168");
	single.fee_fen = 6800;
	single.on_sale = true;
	w->catalogue = (struct catalogue){ &single, 1 };
}

static void january(struct world *w)
{
	w->q.now = utc("2027-01-01 00:00:00");
	w->who.usage_as_of = utc("2026-12-31 23:59:59");
	w->usage[3] = (struct usage_month){ month("2026-12"), 0, 0, 0, 4200 };
}

static void early(struct world *w)
{
	w->q.now = utc("2026-11-02 09:00:00");
	w->who.account.as_of = w->who.usage_as_of = utc("2026-11-01 23:00:00");
	w->usage[3].data_kib = 20 * GB + 1;
}

/* Figures of the night before the month ended: what it will cost is not known. */
static void early_incomplete(struct world *w)
{
	early(w);
	w->who.usage_as_of = utc("2026-10-31 22:00:00");
}

static void a_day_old(struct world *w)
{
	w->q.now += 24 * 3600;
}

static void three_days_old(struct world *w)
{
	w->q.now += 4 * 24 * 3600 - 1;
}

static void four_days_old(struct world *w)
{
	w->q.now += 4 * 24 * 3600;
}

static void owing_and_old(struct world *w)
{
	owing(w);
	four_days_old(w);
}

static void payments(struct world *w)
{
	static const char *const channel[] = { "wechat", "shop", "", "某某自助终端" };

	for (int i = 0; i < 6; i++)
		w->payment[i] = (struct payment){ .at = utc("2026-10-15 10:30:00") -
			                                i * INT64_C(100) * 24 * 3600,
			                          .amount_fen = 5000 + i,
			                          .channel = str_of(channel[i % 4]) };
	w->who.n_payments = 6;
	w->who.payments_as_of = w->q.now;
}

static void details(struct world *w)
{
	static const char *const peer[] = { "13812341234", "10086", "北京", "" };

	for (int i = 0; i < 7; i++)
		w->detail[i] = (struct detail){ .at = utc("2026-10-19 10:31:00") -
			                              i * INT64_C(3) * 24 * 3600,
			                        .kind = (enum detail_kind)(i % 3),
			                        .peer = str_of(peer[i % 4]),
			                        .amount = 61 + i,
			                        .fee_fen = 15 * (i % 2) };
	w->who.n_details = 7;
	w->who.details_as_of = w->q.now;
}

static void details_of_september(struct world *w)
{
	details(w);
	for (int i = 0; i < 7; i++)
		w->detail[i].at -= INT64_C(20) * 24 * 3600;
}

static void pin_set(struct world *w)
{
	details(w);
	w->who.has_pin = true;
}

static void resources(struct world *w)
{
	const int64_t end = utc("2026-11-01 00:00:00");

	w->resource[0] = (struct resource){
		RESOURCE_ROLLED, STR("9月结转"), 2 * GB, 2 * GB, end, 1
	};
	w->resource[1] = (struct resource){ RESOURCE_DIRECTED, STR("视频包"), 30 * GB,
		                            10 * GB,           end,           2 };
	w->resource[2] = (struct resource){
		RESOURCE_PACK, STR(""), 10 * GB, 2 * GB, utc("2026-11-16 00:00:00"), 3
	};
	w->resource[3] = (struct resource){ RESOURCE_GENERAL, STR(""), 0, 5 * GB, 0, 4 };
	w->resource[4] = (struct resource){
		RESOURCE_VOICE, STR(""), 200 * 60, 61, end, 1
	};
	w->resource[5] = (struct resource){ RESOURCE_SMS, STR(""), 50, 50, end, 1 };
	w->resource[6] = (struct resource){
		RESOURCE_PACK, STR("旧包"), GB, 0, w->q.now, 0
	};
	w->who.n_resources = 7;
	w->who.resources_as_of = w->q.now;
}

/* September: 1 block of data and a service more than August. */
static void dearer(struct world *w)
{
	services_held(w);
	w->held[0].since = utc("2026-09-10 00:00:00");
	w->usage[1].bill_fen = 6800;
	w->usage[2].bill_fen = 7852;
	w->usage[2].data_kib = 23 * GB;
}

static void consented(struct world *w)
{
	dearer(w);
	w->consent[0] = (struct consent){ STR("CL"), true, utc("2026-09-10 14:05:00"),
		                          STR("sms"), STR("是") };
	w->who.n_consents = 1;
}

static void takes_marketing(struct world *w)
{
	consented(w);
	w->consent[0].subject = STR("marketing");
}

static void consent_taken_back(struct world *w)
{
	consented(w);
	w->consent[1] = w->consent[0];
	w->consent[1].at = utc("2026-03-02 14:05:00");
	w->consent[0].given = false;
	w->consent[0].at = utc("2026-08-31 23:59:59");
	w->who.n_consents = 2;
}

static void package_changed(struct world *w)
{
	consented(w);
	w->order[0] = (struct order){ .id = 8801,
		                      .kind = STR("package.change"),
		                      .package = STR("58"),
		                      .state = ORDER_EFFECTIVE,
		                      .at = utc("2026-08-20 10:00:00"),
		                      .effective_at = utc("2026-08-20 10:00:00"),
		                      .fee_fen = 0 };
	w->who.n_orders = 1;
}

static void orders(struct world *w)
{
	w->order[0] = (struct order){ .id = 8921,
		                      .kind = STR("package.change"),
		                      .package = STR("38"),
		                      .state = ORDER_ACCEPTED,
		                      .at = utc("2026-10-19 18:30:00"),
		                      .effective_at = utc("2026-11-01 00:00:00"),
		                      .fee_fen = 0 };
	w->order[1] = (struct order){ .id = 8813,
		                      .kind = STR("service.open"),
		                      .package = STR("LLB20"),
		                      .state = ORDER_EFFECTIVE,
		                      .at = utc("2026-10-18 10:00:00"),
		                      .effective_at = utc("2026-10-18 10:00:00"),
		                      .fee_fen = 2000 };
	w->order[2] = (struct order){ .id = 8600,
		                      .kind = STR("lottery"),
		                      .package = STR(""),
		                      .state = ORDER_REFUSED,
		                      .at = utc("2025-08-02 08:00:00"),
		                      .effective_at = 0,
		                      .fee_fen = 0 };
	w->who.n_orders = 3;
}

static void order_8921(struct world *w)
{
	orders(w);
	ask_number(w, "8921");
}

static void order_unknown(struct world *w)
{
	orders(w);
	ask_number(w, "9001");
}

static void tasks(struct world *w)
{
	w->task[0] = (struct task_view){ .id = 2071,
		                         .kind = STR("complaint"),
		                         .at = utc("2026-10-18 09:00:00") };
	w->task[1] = (struct task_view){ .id = 2070,
		                         .kind = STR("agent"),
		                         .at = utc("2026-10-16 09:00:00"),
		                         .done_at = utc("2026-10-16 11:20:00"),
		                         .answer = STR("已退回3元") };
	w->complaint[0] = (struct complaint){ utc("2026-10-17 08:00:00"), STR("网络"),
		                              STR("信号差"), COMPLAINT_WORKING };
	w->who.n_tasks = 2;
	w->who.n_complaints = 1;
}

static void task_2071(struct world *w)
{
	tasks(w);
	ask_number(w, "2071");
}

static void task_2070(struct world *w)
{
	tasks(w);
	ask_number(w, "2070");
}

static void task_unknown(struct world *w)
{
	tasks(w);
	ask_number(w, "99999999999999999999");
}

/* -- the scenes ------------------------------------------------------------------------ */

static const struct scene {
	const char *name;
	void (*set)(struct world *w);
	const char *intent, *month;
	const char *want[LANG_COUNT];
} scenes[] = {
#define SCENE(set, intent, month, hans, hant, en) \
	{ #set " " intent, set, intent, month, { hans, hant, en } },
#include "scenes.def"
#undef SCENE
};

/* Messages that an answer may cost. */
static unsigned longest(const char *intent)
{
	static const char *const long_ones[] = { "resource.detail", "bill.explain",
		                                 "payment.query", "order.query",
		                                 "task.query" };

	for (size_t i = 0; i < COUNT_OF(long_ones); i++)
		if (strcmp(intent, long_ones[i]) == 0)
			return 3;
	return strcmp(intent, "detail.query") == 0 ? 4 : 2;
}

START_TEST(scene)
{
	const struct scene *s = &scenes[_i];
	struct world w;

	for (unsigned l = 0; l < LANG_COUNT; l++) {
		world_open(&w);
		w.who.sub.language = (enum language)l;
		s->set(&w);
		if (s->month != NULL)
			ask_month(&w, s->month);
		ck_assert_msg(strcmp(says(&w, s->intent), s->want[l]) == 0,
		              "%s\n got %s\nwant %s", s->name, says(&w, s->intent),
		              s->want[l]);
		ck_assert_uint_le(segment_count(ask(&w, s->intent).text, false, false),
		                  longest(s->intent));
		world_close(&w);
	}
}
END_TEST

/* Asking twice gives the same text, unless the first has changed something. */
START_TEST(answers_are_safe_to_read_twice)
{
	const struct scene *s = &scenes[_i];
	struct world w;
	const char *first;

	world_open(&w);
	s->set(&w);
	if (s->month != NULL)
		ask_month(&w, s->month);
	first = says(&w, s->intent);
	if (w.changes.tasks.n + w.changes.optouts.n == 0)
		ck_assert_str_eq(first, says(&w, s->intent));
	world_close(&w);
}
END_TEST

/* -- months --------------------------------------------------------------------------- */

/* Whatever is asked of whichever dossier, a bill before the owner's or of the future is none. */
START_TEST(no_bill_outside_the_owners_months)
{
	struct world w;
	struct hall_answer a;

	world_open(&w);
	ask_month(&w, "2026-10");
	for (int i = -40; i < 40; i++) {
		const month_t m = month("2026-10") + i;
		const bool billed = m >= month("2026-07") && m <= month("2026-09");

		w.command.slot[0].month = m;
		a = ask(&w, "bill.query");
		ck_assert_msg((str_find(a.text, STR("账单共")) != SIZE_MAX) == billed,
		              "%d: %.*s", i, STR_ARG(a.text));
		if (!billed && i != 0)
			ck_assert_str_eq(a.outcome, "done.none");
		/* The month is named as a reader would type it. */
		ck_assert(str_find(a.text, arena_printf(&w.arena, "%d月",
		                                        month_of_year(m))) != SIZE_MAX);
		ck_assert_uint_le(segment_count(a.text, false, false), 2);
	}
	world_close(&w);
}
END_TEST

/* The whole yuan in front of the first point of s; cuts s behind it.  False: no point left. */
static bool take_yuan(struct str *s, int64_t *yuan)
{
	const size_t point = str_find(*s, STR("."));
	size_t from = point;

	if (point == SIZE_MAX)
		return false;
	while (from > 0 && strchr("-0123456789", s->p[from - 1]) != NULL)
		from--;
	ck_assert_int_eq(str_i64((struct str){ s->p + from, point - from }, yuan),
	                 ERR_OK);
	*s = (struct str){ s->p + point + 1, s->n - point - 1 };
	return true;
}

/* Of any bill the lines shown add up to the total, however many there is room for. */
START_TEST(lines_add_up_to_the_total)
{
	struct world w;
	struct str text;
	int64_t total, yuan;

	for (int n = 0; n <= MONTHS; n++) {
		world_open(&w);
		many_lines(&w);
		w.who.n_bill = (size_t)n;
		w.usage[2].bill_fen = 5000;
		text = ask(&w, "bill.query").text;
		ck_assert(take_yuan(&text, &total));
		ck_assert_int_eq(total, 50);
		while (take_yuan(&text, &yuan))
			total -= yuan;
		ck_assert_int_eq(total, 0);
		world_close(&w);
	}
}
END_TEST

SUITE("hall/services", {
	tcase_add_loop_test(tc, scene, 0, (int)COUNT_OF(scenes));
	tcase_add_loop_test(tc, answers_are_safe_to_read_twice, 0, (int)COUNT_OF(scenes));
	tcase_add_test(tc, no_bill_outside_the_owners_months);
	tcase_add_test(tc, lines_add_up_to_the_total);
})
