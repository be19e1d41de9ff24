/*
 * populate_history.c - payments, allowances, bill lines and details of made-up people.
 *
 * They follow from the person's use and package: what was used is in the allowances
 * and the details, and the lines of a bill make its total.  Random numbers of their
 * own, so that the people stay as they are.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "populate_priv.h"

#define STREAM         UINT64_C(0x68697374) /* apart from that of the person */
#define HAS_BILL_LINES 0.3
#define HAS_RESOURCES  0.6
#define HAS_CONSENT    0.9 /* on record, of a service held */
#define TAKES_OFFERS   0.8 /* has agreed to marketing */

enum {
	SLICE = POPULATE_SLICE,
	PAYMENTS = 3,
	RESOURCES = 3,
	LINES = 4 + POPULATE_SERVICES,
	CALLS = 12,
	TEXTS = 12,
	SESSIONS = 12,
	DETAILS = CALLS + TEXTS + SESSIONS,
	DAY_S = 86400,
	AGREED_DAYS = 600,
	RECENT_DAYS = 150
};

static const struct {
	const char *name;
	int per_mille;
} channels[] = {
	{ "微信", 430 },  { "支付宝", 320 }, { "银行", 120 },
	{ "营业厅", 80 }, { "充值卡", 50 },
};
static const struct {
	int64_t fen;
	int per_mille;
} amounts[] = {
	{ 3000, 150 }, { 5000, 350 }, { 10000, 330 }, { 20000, 120 }, { 1000, 50 },
};

struct history *history_create(void)
{
	struct history *h = xcalloc(1, sizeof(*h));

	h->arena = arena_make((size_t)64 * 1024 * 1024);
	h->payment = xcalloc((size_t)SLICE * PAYMENTS, sizeof(*h->payment));
	h->resource = xcalloc((size_t)SLICE * RESOURCES, sizeof(*h->resource));
	h->bill = xcalloc((size_t)SLICE * LINES, sizeof(*h->bill));
	h->detail = xcalloc((size_t)SLICE * DETAILS, sizeof(*h->detail));
	h->consent = xcalloc((size_t)SLICE * (POPULATE_SERVICES + 1),
	                     sizeof(*h->consent));
	return h;
}

void history_destroy(struct history *h)
{
	arena_free(&h->arena);
	free(h->payment);
	free(h->resource);
	free(h->bill);
	free(h->detail);
	free(h->consent);
	free(h);
}

void history_reset(struct history *h)
{
	arena_reset(&h->arena);
	h->n_payments = h->n_resources = h->n_bills = 0;
	h->n_details = h->n_consents = 0;
}

/* An instant of the last days, in daytime, not before the owner. */
static int64_t draw_time(struct rng *r, const struct population *p,
                         const struct person *who, int64_t days)
{
	const int64_t at = p->now - rng_below(r, days * DAY_S);

	return at > who->row.sub.owner_since ? at : who->row.sub.owner_since;
}

static void add_payments(struct rng *r, const struct population *p,
                         const struct person *who, struct history *h)
{
	static const int share[] = { 300, 400, 200, 100 };
	int channel[5], amount[5];
	const unsigned n = rng_pick(r, share, PAYMENTS + 1);

	for (size_t i = 0; i < 5; i++) {
		channel[i] = channels[i].per_mille;
		amount[i] = amounts[i].per_mille;
	}
	for (unsigned i = 0; i < n; i++)
		h->payment[h->n_payments++] = (struct payment_row){
			who->row.sub.msisdn,
			{ .at = draw_time(r, p, who, RECENT_DAYS),
			  .amount_fen = amounts[rng_pick(r, amount, 5)].fen,
			  .channel = str_of(channels[rng_pick(r, channel, 5)].name) }
		};
}

static const struct package *package_of(struct str code)
{
	for (size_t i = 0; i < populate_n_packages; i++) {
		if (str_eq(populate_packages[i].code, code))
			return &populate_packages[i];
	}
	return NULL;
}

/* What the package includes of one kind, used up to its end. */
static void add_resource(struct history *h, const struct population *p,
                         const struct person *who, enum resource_kind kind, int64_t total,
                         int64_t used)
{
	if (total == 0)
		return;
	h->resource[h->n_resources++] = (struct resource_row){
		who->row.sub.msisdn,
		{ .kind = kind,
		  .name = STR("套餐内"),
		  .total = total,
		  .used = used < total ? used : total,
		  .expires_on = p->month_end,
		  .order = 10 }
	};
}

static void add_resources(const struct population *p, const struct person *who,
                          const struct package *mine, struct history *h)
{
	const struct usage_month *u = &who->usage[who->n_usage - 1].usage;

	add_resource(h, p, who, RESOURCE_GENERAL, mine->data_kib, u->data_kib);
	add_resource(h, p, who, RESOURCE_VOICE, mine->voice_s, u->voice_s);
	add_resource(h, p, who, RESOURCE_SMS, mine->sms, u->sms);
}

static void add_line(struct history *h, const struct person *who, month_t month,
                     int64_t at, struct str item, int64_t fen)
{
	h->bill[h->n_bills++] = (struct bill_row){
		who->row.sub.msisdn,
		{ .month = month, .item = item, .amount_fen = fen },
		at
	};
}

/* The last closed month's, which make its total. */
static void add_bill(const struct person *who, const struct package *mine,
                     struct history *h)
{
	const struct usage_month *u = &who->usage[who->n_usage - 2].usage;
	const struct tariff_bill b = tariff_bill(mine, u->voice_s, u->sms, u->data_kib);
	const struct {
		struct str item;
		int64_t fen;
	} over[] = { { STR("套餐外通话"), b.over_voice_fen },
		     { STR("套餐外短信"), b.over_sms_fen },
		     { STR("套餐外流量"), b.over_data_fen } };
	int64_t at = 0;

	add_line(h, who, u->month, at++, mine->name_zh, b.fee_fen);
	for (size_t i = 0; i < sizeof(over) / sizeof(over[0]); i++) {
		if (over[i].fen != 0)
			add_line(h, who, u->month, at++, over[i].item, over[i].fen);
	}
	for (size_t i = 0; i < who->row.n_services; i++) {
		const struct package *s = package_of(who->service[i]);

		if (s->fee_fen != 0)
			add_line(h, who, u->month, at++, s->name_zh, s->fee_fen);
	}
}

/* total in up to `most` parts of the present month, all of it. */
static void add_details(struct rng *r, const struct population *p,
                        const struct person *who, enum detail_kind kind, int64_t total,
                        int64_t usual, int64_t most, struct history *h)
{
	int64_t n = total / usual + 1, left = total;

	n = n < most ? n : most;
	for (int64_t i = 0; i < n && left > 0; i++) {
		const int64_t share = left / (n - i);
		int64_t part = i + 1 == n ? left : share / 2 + rng_below(r, share + 1);

		part = part > left ? left : part;
		left -= part;
		if (part == 0)
			continue;
		h->detail[h->n_details++] = (struct detail_row){
			who->row.sub.msisdn,
			{ .at = draw_time(r, p, who, p->day),
			  .kind = kind,
			  .peer = kind == DETAIL_DATA
			                  ? STR("")
			                  : arena_printf(&h->arena, "139%08d",
			                                 (int)rng_below(r, 100000000)),
			  .amount = part }
		};
	}
}

/* How the services held were agreed to. */
static void add_consents(struct rng *r, const struct population *p,
                         const struct person *who, struct history *h)
{
	for (size_t i = 0; i < who->row.n_services; i++) {
		const bool by_text = rng_chance(r, 0.7);

		if (!rng_chance(r, HAS_CONSENT))
			continue;
		h->consent[h->n_consents++] = (struct consent_row){
			who->row.sub.msisdn,
			{ .subject = who->service[i],
			  .given = true,
			  .at = draw_time(r, p, who, AGREED_DAYS),
			  .channel = by_text ? STR("sms") : STR("shop"),
			  .text = by_text ? STR("是") : STR("") }
		};
	}
}

static void add_marketing(struct rng *r, const struct population *p,
                          const struct person *who, struct history *h)
{
	if (rng_chance(r, TAKES_OFFERS))
		h->consent[h->n_consents++] = (struct consent_row){
			who->row.sub.msisdn,
			{ .subject = STR("marketing"),
			  .given = true,
			  .at = draw_time(r, p, who, AGREED_DAYS),
			  .channel = STR("shop"),
			  .text = STR("同意接收营销短信") }
		};
}

void history_add(const struct population *p, int64_t i, const struct person *who,
                 struct history *h)
{
	struct rng r = rng_make(p->seed ^ STREAM, (uint64_t)i);
	const struct package *mine = package_of(who->row.sub.package);

	add_payments(&r, p, who, h);
	if (who->n_usage > 0 && rng_chance(&r, HAS_RESOURCES))
		add_resources(p, who, mine, h);
	if (who->n_usage > 1 && rng_chance(&r, HAS_BILL_LINES))
		add_bill(who, mine, h);
	if (i < POPULATE_DETAILED && who->n_usage > 0) {
		const struct usage_month *u = &who->usage[who->n_usage - 1].usage;

		add_details(&r, p, who, DETAIL_VOICE, u->voice_s, 240, CALLS, h);
		add_details(&r, p, who, DETAIL_SMS, u->sms, 1, TEXTS, h);
		add_details(&r, p, who, DETAIL_DATA, u->data_kib, INT64_C(512) * 1024,
		            SESSIONS, h);
	}
	if (i < POPULATE_DETAILED) {
		add_consents(&r, p, who, h);
		add_marketing(&r, p, who, h);
	}
}

enum err history_put(struct store *s, const struct history *h, int64_t as_of)
{
	const struct {
		enum store_kind kind;
		const void *rows;
		size_t n;
	} sets[] = { { STORE_PAYMENTS, h->payment, h->n_payments },
		     { STORE_RESOURCES, h->resource, h->n_resources },
		     { STORE_BILLS, h->bill, h->n_bills },
		     { STORE_DETAILS, h->detail, h->n_details },
		     { STORE_CONSENTS, h->consent, h->n_consents } };
	enum err e = ERR_OK;

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]) && e == ERR_OK; i++) {
		if (sets[i].n > 0)
			e = store_put(s, sets[i].kind, sets[i].rows, sets[i].n, as_of,
			              NULL);
	}
	return e;
}
