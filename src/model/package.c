/*
 * package.c - see model/package.h.
 */
#include "model/package.h"

#include <inttypes.h>

const char *package_kind_name(enum package_kind k)
{
	static const char *const name[] = { "main", "addon", "vas" };

	return (size_t)k < sizeof(name) / sizeof(name[0]) ? name[k] : NULL;
}

const struct package *catalogue_find(const struct catalogue *c, struct str code)
{
	size_t low = 0, high = c->n;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const int d = str_cmp(code, c->package[middle].code);

		if (d == 0)
			return &c->package[middle];
		if (d < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

struct str package_name(const struct package *p, enum language language)
{
	const struct str own[LANG_COUNT] = { [LANG_ZH_HANS] = p->name_zh,
		                             [LANG_ZH_HANT] = p->name_hant,
		                             [LANG_EN] = p->name_en };

	if (own[language].n > 0)
		return own[language];
	for (int l = 0; l < LANG_COUNT; l++)
		if (l != LANG_ZH_HANT && own[l].n > 0)
			return own[l];
	return p->code;
}

/* Of packages that have none of it nothing: their terms are what they were before. */
static struct str outer_terms(const struct package *p, struct arena *a)
{
	struct str s = STR("");
	char room[OUTER_TEXT];

	if (p->over_voice_cap_fen > 0 || p->over_sms_cap_fen > 0)
		s = arena_printf(a, "|%" PRId64 "|%" PRId64, p->over_voice_cap_fen,
		                 p->over_sms_cap_fen);
	for (unsigned d = 0; d < DIMS; d++)
		if (p->outer[d].n > 0)
			s = arena_printf(a, "%.*s|%u:%.*s", STR_ARG(s), d,
			                 STR_ARG(outer_text(&p->outer[d], room)));
	return s;
}

struct str package_terms(const struct package *p, struct arena *a)
{
	return arena_printf(
		a,
		"%.*s|%" PRId64 "|%" PRId64 "|%" PRId64 "|%" PRId64 "|%" PRId64
		"|%" PRId64 "|%" PRId64 "|%" PRId64 "|%" PRId64 "%.*s",
		STR_ARG(p->code), p->fee_fen, p->voice_s, p->sms, p->data_kib,
		p->over_voice_li_per_min, p->over_sms_li, p->over_data_fen_per_block,
		p->data_block_kib, p->over_data_cap_fen, STR_ARG(outer_terms(p, a)));
}

int64_t package_terms_fee(struct str terms)
{
	struct str code, fee;
	int64_t fen;

	if (!str_cut(&terms, '|', &code) || !str_cut(&terms, '|', &fee) ||
	    str_i64(fee, &fen) != ERR_OK)
		return -1;
	return fen;
}

enum {
	LI_PER_FEN = 10,
	MINUTE_S = 60,
	MB_KIB = 1024
};

/* What package_overuse() needs of one dimension. */
struct rate {
	int64_t included, block; /* seconds, texts, KiB */
	int64_t unit;            /* of outer tiers, in the same */
	int64_t li, cap_fen;
};

static struct rate rate_of(const struct package *p, enum tariff_dim d)
{
	const struct rate of[DIMS] = {
		[DIM_VOICE] = { p->voice_s, MINUTE_S, MINUTE_S, p->over_voice_li_per_min,
		                p->over_voice_cap_fen },
		[DIM_SMS] = { p->sms, 1, 1, p->over_sms_li, p->over_sms_cap_fen },
		[DIM_DATA] = { p->data_kib, p->data_block_kib, MB_KIB,
		               p->over_data_fen_per_block * LI_PER_FEN,
		               p->over_data_cap_fen },
	};

	return of[d];
}

/* Half a fen and more is a fen. */
static int64_t li_to_fen(int64_t li)
{
	return (li + LI_PER_FEN / 2) / LI_PER_FEN;
}

struct overuse package_overuse(const struct package *p, enum tariff_dim d, int64_t used)
{
	const struct rate r = rate_of(p, d);
	const struct outer *o = &p->outer[d];
	const int64_t over = used > r.included ? used - r.included : 0;
	struct overuse b = { .n = 0, .cap_fen = r.cap_fen };
	int64_t left, li = 0, from = 0;

	if (r.block <= 0)
		return b;
	left = over / r.block + (over % r.block > 0 ? 1 : 0);
	for (; left > 0; b.n++) {
		const int64_t price = b.n == 0 ? r.li : o->tier[b.n - 1].li;
		const int64_t next = b.n < o->n ? o->tier[b.n].from * r.unit / r.block
		                                : INT64_MAX;
		const int64_t count = left < next - from ? left : next - from;

		b.step[b.n].count = count;
		b.step[b.n].li = price;
		li += count * price;
		left -= count;
		from = next;
	}
	b.fen = li_to_fen(li);
	if (r.cap_fen > 0 && b.fen > r.cap_fen)
		b.fen = r.cap_fen;
	return b;
}

struct tariff_bill tariff_bill(const struct package *p, int64_t voice_s, int64_t sms,
                               int64_t data_kib)
{
	struct tariff_bill b = {
		.fee_fen = p->fee_fen,
		.over_voice_fen = package_overuse(p, DIM_VOICE, voice_s).fen,
		.over_sms_fen = package_overuse(p, DIM_SMS, sms).fen,
		.over_data_fen = package_overuse(p, DIM_DATA, data_kib).fen,
	};

	b.total_fen = b.fee_fen + b.over_voice_fen + b.over_sms_fen + b.over_data_fen;
	return b;
}
