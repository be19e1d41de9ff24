/*
 * tariff.c - see offer/tariff.h: packages as tariffs, and the scalar calculator.
 */
#include "offer/tariff.h"

enum {
	LI_PER_FEN = 10,
	VOICE_UNIT_S = 60,
	KIB_PER_MB = 1024
};

/* ---- the bill ---- */

static int64_t blocks_begun(int64_t over, int64_t block)
{
	return over <= 0 ? 0 : (over - 1) / block + 1;
}

int64_t tariff_tier_li(const struct tariff_tier *t, int32_t use)
{
	int64_t li = 0;

	for (unsigned j = 0; j < t->n; j++) {
		const struct tariff_piece *p = &t->piece[j];

		li += p->li * blocks_begun((int64_t)use - p->from, p->block);
	}
	return t->cap_li > 0 && li > t->cap_li ? t->cap_li : li;
}

int64_t tariff_bill_li(const struct tariff *t, const int32_t use[DIMS])
{
	int64_t li = t->fee_li;

	for (unsigned d = 0; d < DIMS; d++)
		li += tariff_tier_li(&t->tier[d], use[d]);
	return li;
}

/* ---- of a package ---- */

/* A number of the package that must fit; `what` is the column of the packages' file. */
struct field {
	const char *what;
	int64_t value, most;
};

static enum err check_fields(const struct package *p, const struct field *f, size_t n,
                             struct fault *fault)
{
	for (size_t i = 0; i < n; i++) {
		if (f[i].value >= 0 && f[i].value <= f[i].most)
			continue;
		fault_set(fault,
		          "package %.*s: %s: got %lld, expected 0 to %lld: no bill can "
		          "be reckoned",
		          STR_ARG(p->code), f[i].what, (long long)f[i].value,
		          (long long)f[i].most);
		return ERR_RANGE;
	}
	if (p->voice_s % VOICE_UNIT_S == 0)
		return ERR_OK;
	fault_set(fault, "package %.*s: voice: got %lld s, expected whole minutes",
	          STR_ARG(p->code), (long long)p->voice_s);
	return ERR_RANGE;
}

static enum err check_outer(const struct package *p, struct fault *fault)
{
	const struct outer *o = &p->outer[DIM_DATA];

	for (unsigned i = 0; i < o->n; i++) {
		if (p->data_block_kib > 0 &&
		    (int64_t)o->tier[i].from * KIB_PER_MB % p->data_block_kib == 0)
			continue;
		fault_set(fault,
		          "package %.*s: over_data_tiers: got %d MB, expected whole "
		          "blocks of data",
		          STR_ARG(p->code), (int)o->tier[i].from);
		return ERR_RANGE;
	}
	return ERR_OK;
}

static enum err check(const struct package *p, struct fault *fault)
{
	const struct field f[] = {
		{ "fee_fen", p->fee_fen, INT32_MAX / LI_PER_FEN },
		{ "voice", p->voice_s, INT64_MAX },
		{ "sms", p->sms, INT64_MAX },
		{ "data", p->data_kib, INT64_MAX },
		{ "over_voice", p->over_voice_li_per_min, TARIFF_LI_MOST },
		{ "over_sms", p->over_sms_li, TARIFF_LI_MOST },
		{ "over_data", p->over_data_fen_per_block, TARIFF_LI_MOST / LI_PER_FEN },
		{ "data_block", p->data_block_kib, INT32_MAX },
		{ "over_voice_cap", p->over_voice_cap_fen, INT32_MAX / LI_PER_FEN },
		{ "over_sms_cap", p->over_sms_cap_fen, INT32_MAX / LI_PER_FEN },
		{ "over_data_cap", p->over_data_cap_fen, INT32_MAX / LI_PER_FEN },
	};
	const enum err e = check_fields(p, f, sizeof(f) / sizeof(f[0]), fault);

	return e == ERR_OK ? check_outer(p, fault) : e;
}

/* A piece for each change of the price; those behind what a month can use never count. */
static void add_piece(struct tariff_tier *t, int64_t from, int64_t block, int64_t li)
{
	if (li != 0 && block > 0 && from < USE_MOST)
		t->piece[t->n++] = (struct tariff_piece){ (int32_t)from, (int32_t)block,
			                                  (int32_t)li };
}

/* Units of one dimension: of outer tiers `unit` each. */
static struct tariff_tier tier_of(int64_t allowance, int64_t block, int64_t li,
                                  int64_t cap_fen, const struct outer *outer,
                                  int64_t unit)
{
	struct tariff_tier t = { .n = 0, .cap_li = (int32_t)(cap_fen * LI_PER_FEN) };

	add_piece(&t, allowance, block, li);
	for (unsigned i = 0; i < outer->n; i++) {
		const struct outer_tier o = outer->tier[i];

		add_piece(&t, allowance + o.from * unit, block, o.li - li);
		li = o.li;
	}
	return t;
}

enum err tariff_of(const struct package *p, struct tariff *out, struct fault *fault)
{
	enum err e = check(p, fault);

	if (e != ERR_OK)
		return e;
	*out = (struct tariff){
		.package = p,
		.fee_li = (int32_t)(p->fee_fen * LI_PER_FEN),
		.tier = {
			[DIM_VOICE] = tier_of(p->voice_s / VOICE_UNIT_S, 1,
			                      p->over_voice_li_per_min,
			                      p->over_voice_cap_fen,
			                      &p->outer[DIM_VOICE], 1),
			[DIM_SMS] = tier_of(p->sms, 1, p->over_sms_li,
			                    p->over_sms_cap_fen, &p->outer[DIM_SMS], 1),
			[DIM_DATA] = tier_of(p->data_kib, p->data_block_kib,
			                     p->over_data_fen_per_block * LI_PER_FEN,
			                     p->over_data_cap_fen, &p->outer[DIM_DATA],
			                     KIB_PER_MB),
		},
	};
	return ERR_OK;
}

void tariffs_make(const struct catalogue *c, struct arena *a, struct tariffs *out)
{
	const size_t n = c->n < TARIFF_MOST ? c->n : TARIFF_MOST;
	struct tariff *t = arena_array(a, struct tariff, n + 1);

	for (size_t i = 0; i < n; i++)
		if (tariff_of(&c->package[i], &t[i], NULL) != ERR_OK)
			t[i] = (struct tariff){ .package = NULL };
	*out = (struct tariffs){ t, n, c };
}

bool tariffs_without(const struct tariffs *t, size_t i, struct fault *why)
{
	const struct package *p = &t->catalogue->package[i];
	struct tariff unused;

	*why = (struct fault){ .text = "" };
	if (i < t->n)
		return tariff_of(p, &unused, why) != ERR_OK;
	fault_set(why, "package %.*s: bills are reckoned of %d packages at most",
	          STR_ARG(p->code), (int)TARIFF_MOST);
	return true;
}
