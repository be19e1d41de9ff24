/*
 * populate_person.c - one made-up subscriber: use, package, services, account.
 *
 * Use is lognormal with correlated kinds (voice-texts .24, voice-data .32, texts-data
 * .22), tails and zero shares as published for real networks, and white monthly noise
 * on the log scale.  The package was chosen by last year's use, with a liking for flat
 * rates, so that about two in five pay more than they would have to.
 */
#include <math.h>

#include "populate_priv.h"

enum {
	VOICE,
	TEXTS,
	DATA
};

/* What a kind of use looks like over the population; means are per month with zeros. */
static const struct kind {
	double mean;  /* minutes, pieces, MB */
	double sigma; /* of its logarithm, between people */
	double noise; /* of its logarithm, between months */
	double never; /* share of people who do not use it at all */
	double most;  /* a month */
} kinds[POPULATE_KINDS] = {
	[VOICE] = { 90, 1.0, 0.21, 0.045, 40000 },
	[TEXTS] = { 10, 1.45, 0.20, 0.115, 20000 },
	[DATA] = { 20480, 1.1, 0.24, 0.0, 307200 },
};

/* Lower triangle of the Cholesky factor of the kinds' correlation. */
static const double mix[POPULATE_KINDS][POPULATE_KINDS] = {
	{ 1, 0, 0 },
	{ 0.24, 0.970773, 0 },
	{ 0.32, 0.147512, 0.935861 },
};

/* Where use goes from month to month. */
static const struct trend {
	double growth; /* a month */
	int per_mille;
	bool falls_silent;
} trends[] = {
	{ 1.00, 800, false },
	{ 1.06, 100, false },
	{ 0.92, 80, false },
	{ 1.00, 20, true },
};

/*
 * Which services are held.  Some go together: new handsets and networks bring high-quality
 * calls, who has these likes tones, who is called much has alerts too, and so on.
 */
static const struct {
	const char *code;
	double share;
	const char *with; /* a service above, a network or a class; NULL: all are alike */
	double share_with;
} holds[] = {
	{ "GPRS", 0.95, NULL, 0 },           { "LX", 0.85, NULL, 0 },
	{ "VOLTE", 0.27, "5G", 0.80 },       { "CL", 0.09, "VOLTE", 0.24 },
	{ "LDTX", 0.07, "CL", 0.35 },        { "SJB", 0.05, "LDTX", 0.13 },
	{ "GJMY", 0.033, "business", 0.15 }, { "YX", 0.02, "GJMY", 0.27 },
	{ "HZ", 0.02, "LDTX", 0.10 },
};

static const int status_share[] = { 955, 17, 7, 3, 7, 3, 3, 3, 2 }; /* enum sub_status */
static const int language_share[] = { 970, 15, 15 };                /* enum language */

static const char *const given_names[] = {
	"伟", "芳",   "娜",   "敏",   "静",   "丽",   "强",   "磊",   "军",   "洋",
	"勇", "艳",   "杰",   "娟",   "涛",   "明",   "超",   "霞",   "平",   "刚",
	"桂", "晓雨", "子涵", "一诺", "梓轩", "思远", "雨桐", "佳怡", "浩然", "欣妍",
};
static const char *const english_names[] = {
	"Alex", "Sam", "Kim", "Robin", "Lee", "Chris"
};
static const char *const regions[] = { "浦东", "徐汇", "静安", "杨浦",
	                               "闵行", "宝山", "松江", "青浦" };

#define ANY(r, table) \
	str_of((table)[rng_below((r), (int64_t)(sizeof(table) / sizeof((table)[0])))])

/* ---- use ---- */

/* Personal levels, 0 for what is never used. */
static void draw_levels(struct rng *r, double level[POPULATE_KINDS])
{
	double z[POPULATE_KINDS];

	for (int k = 0; k < POPULATE_KINDS; k++)
		z[k] = rng_normal(r);
	for (int k = 0; k < POPULATE_KINDS; k++) {
		const struct kind *q = &kinds[k];
		double own = 0;

		for (int j = 0; j <= k; j++)
			own += mix[k][j] * z[j];
		level[k] = rng_chance(r, q->never) ? 0
		                                   : q->mean / (1 - q->never) *
		                                             exp(q->sigma * own -
		                                                 q->sigma * q->sigma / 2);
	}
}

static int64_t draw_use(struct rng *r, const struct kind *k, double level)
{
	const double v = level * exp(k->noise * rng_normal(r) - k->noise * k->noise / 2);

	return (int64_t)llround(v < k->most ? v : k->most);
}

static const struct trend *draw_trend(struct rng *r)
{
	int per_mille[sizeof(trends) / sizeof(trends[0])];

	for (size_t i = 0; i < sizeof(trends) / sizeof(trends[0]); i++)
		per_mille[i] = trends[i].per_mille;
	return &trends[rng_pick(r, per_mille, sizeof(trends) / sizeof(trends[0]))];
}

/* Months since the owner's first; the present one to date, without bill. */
static void draw_months(struct rng *r, const struct population *p, struct person *out,
                        const double level[POPULATE_KINDS])
{
	const struct trend *trend = draw_trend(r);
	const month_t owner_first = civil_month(out->row.sub.owner_since);
	const int silent_from = trend->falls_silent ? (int)rng_below(r, POPULATE_CLOSED)
	                                            : POPULATE_MONTHS;

	out->n_usage = 0;
	for (int m = 0; m < POPULATE_MONTHS; m++) {
		const double part = m == POPULATE_CLOSED ? p->month_passed : 1;
		const double scale = m < silent_from ? part * pow(trend->growth, m - 3)
		                                     : 0;
		int64_t use[POPULATE_KINDS];

		for (int k = 0; k < POPULATE_KINDS; k++)
			use[k] = draw_use(r, &kinds[k], level[k] * scale);
		if (p->month - POPULATE_CLOSED + m < owner_first)
			continue;
		out->usage[out->n_usage++] = (struct usage_row){
			out->row.sub.msisdn,
			{ .month = p->month - POPULATE_CLOSED + m,
			  .voice_s = use[VOICE] * 60,
			  .sms = use[TEXTS],
			  .data_kib = use[DATA] * 1024,
			  .bill_fen = BILL_NONE },
		};
	}
}

/* ---- package and bills ---- */

static int64_t fen_of(const struct package *p, const struct usage_month *u)
{
	return tariff_bill(p, u->voice_s, u->sms, u->data_kib).total_fen;
}

static double yuan(int64_t fen)
{
	return (double)fen / 100;
}

/* Logit: each yuan of last year's bill repels, each yuan of flat fee attracts a little. */
static const struct package *choose_package(struct rng *r,
                                            const double level[POPULATE_KINDS])
{
	const struct usage_month before = {
		.voice_s = 60 * draw_use(r, &kinds[VOICE], level[VOICE]),
		.sms = draw_use(r, &kinds[TEXTS], level[TEXTS]),
		.data_kib = 1024 * draw_use(r, &kinds[DATA], level[DATA]),
	};
	const struct package *best = &populate_packages[0];
	double most = -INFINITY;

	for (size_t i = 0; populate_packages[i].kind == PACKAGE_MAIN; i++) {
		const struct package *p = &populate_packages[i];
		const double liking = 0.03 * yuan(p->fee_fen) -
		                      0.14 * yuan(fen_of(p, &before)) -
		                      (p->on_sale ? 0 : 1.0) -
		                      log(-log(rng_unit(r) * 0.999999));

		if (liking > most) {
			most = liking;
			best = p;
		}
	}
	return best;
}

static int64_t total_under(const struct package *p, const struct person *out)
{
	int64_t fen = 0;

	for (size_t i = 0; i + 1 < out->n_usage; i++)
		fen += fen_of(p, &out->usage[i].usage);
	return fen;
}

static bool is_minimal(const struct package *mine, const struct person *out)
{
	const int64_t fen = total_under(mine, out);

	for (size_t i = 0; populate_packages[i].kind == PACKAGE_MAIN; i++) {
		if (populate_packages[i].on_sale &&
		    total_under(&populate_packages[i], out) < fen)
			return false;
	}
	return true;
}

static void write_bills(const struct package *mine, int64_t services_fen,
                        struct person *out)
{
	for (size_t i = 0; i + 1 < out->n_usage; i++)
		out->usage[i].usage.bill_fen = fen_of(mine, &out->usage[i].usage) +
		                               services_fen;
	out->minimal = is_minimal(mine, out);
}

/* ---- the rest ---- */

static int64_t fee_of(const char *code)
{
	for (size_t i = 0; i < populate_n_packages; i++) {
		if (str_eq(populate_packages[i].code, str_of(code)))
			return populate_packages[i].fee_fen;
	}
	return 0;
}

static bool has(const struct person *who, struct str what)
{
	for (size_t i = 0; i < who->row.n_services; i++) {
		if (str_eq(who->service[i], what))
			return true;
	}
	return str_eq(who->row.sub.network, what) ||
	       str_eq(str_of(sub_class_name(who->row.sub.class)), what);
}

/* The services held; gives their fees. */
static int64_t draw_services(struct rng *r, struct person *out)
{
	int64_t fen = 0;

	out->row.n_services = 0;
	for (size_t i = 0; i < sizeof(holds) / sizeof(holds[0]); i++) {
		const bool with = holds[i].with != NULL &&
		                  has(out, str_of(holds[i].with));

		if (!rng_chance(r, with ? holds[i].share_with : holds[i].share))
			continue;
		out->service[out->row.n_services++] = str_of(holds[i].code);
		fen += fee_of(holds[i].code);
	}
	out->row.service = out->service;
	return fen;
}

/* U-shaped tenure: many new, many of long standing, the rest fading out. */
static int64_t draw_tenure_days(struct rng *r)
{
	const double u = rng_unit(r);

	if (u < 0.12)
		return rng_below(r, 240);
	if (u < 0.35)
		return 3600 + rng_below(r, 2400);
	return 30 + (int64_t)(-1300 * log(rng_unit(r))) % 6000;
}

static void draw_account(struct rng *r, const struct population *p, struct person *out)
{
	const enum sub_status status = out->row.sub.status;
	const bool owes = status == SUB_ARREARS1 || status == SUB_ARREARS2;
	const double fen = 4200 * exp(0.9 * rng_normal(r) - 0.4);

	out->row.account = (struct account){
		.balance_fen = (int64_t)llround(owes ? -fen : fen),
		.credit_fen = rng_chance(r, 0.1) ? 5000 : 0,
		.points = (int64_t)llround(1500 * exp(1.1 * rng_normal(r) - 0.6)),
		.as_of = p->now,
	};
}

static void draw_subscriber(struct rng *r, const struct population *p, int64_t i,
                            struct person *out)
{
	struct civil day = { 0 };
	const enum language language = rng_pick(r, language_share, 3);
	int64_t joined;

	day.year = month_year(p->month);
	day.month = month_of_year(p->month);
	day.day = p->day - (int)draw_tenure_days(r);
	joined = civil_to_utc(day);
	for (size_t k = 0; k < sizeof(out->puk); k++)
		out->puk[k] = (char)('0' + rng_below(r, 10));
	out->row.sub = (struct subscriber){
		.msisdn = p->first + i,
		.owner_since = joined,
		.joined_on = joined,
		.status = rng_pick(r, status_share, 9),
		.language = language,
		.class = rng_chance(r, 0.06) ? CLASS_BUSINESS : CLASS_PERSONAL,
		.real_name = rng_chance(r, 0.985),
		.name = language == LANG_EN ? ANY(r, english_names) : ANY(r, given_names),
		.region = ANY(r, regions),
		.network = rng_chance(r, 0.62) ? STR("5G") : STR("4G"),
		.terminal = rng_chance(r, 0.08) ? STR("feature phone")
		                                : STR("smartphone"),
		.puk = { out->puk, sizeof(out->puk) },
	};
}

void populate_person(const struct population *p, int64_t i, struct person *out)
{
	struct rng r = rng_make(p->seed, (uint64_t)i);
	double level[POPULATE_KINDS];
	const struct package *mine;

	draw_subscriber(&r, p, i, out);
	draw_account(&r, p, out);
	draw_levels(&r, level);
	draw_months(&r, p, out, level);
	mine = choose_package(&r, level);
	out->row.sub.package = mine->code;
	write_bills(mine, draw_services(&r, out), out);
}
