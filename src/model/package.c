/*
 * package.c - see model/package.h.
 */
#include "model/package.h"

#include <inttypes.h>

#include "model/volume.h"

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

struct str package_terms(const struct package *p, struct arena *a)
{
	return arena_printf(a,
	                    "%.*s|%" PRId64 "|%" PRId64 "|%" PRId64 "|%" PRId64
	                    "|%" PRId64 "|%" PRId64 "|%" PRId64 "|%" PRId64 "|%" PRId64,
	                    STR_ARG(p->code), p->fee_fen, p->voice_s, p->sms, p->data_kib,
	                    p->over_voice_li_per_min, p->over_sms_li,
	                    p->over_data_fen_per_block, p->data_block_kib,
	                    p->over_data_cap_fen);
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

static int64_t beyond(int64_t used, int64_t included)
{
	return used > included ? used - included : 0;
}

/* Half a fen and more is a fen. */
static int64_t li_to_fen(int64_t li)
{
	return (li + 5) / 10;
}

static int64_t data_fen(const struct package *p, int64_t over_kib)
{
	int64_t blocks, fen;

	if (p->data_block_kib <= 0)
		return 0;
	blocks = over_kib / p->data_block_kib +
	         (over_kib % p->data_block_kib > 0 ? 1 : 0);
	fen = blocks * p->over_data_fen_per_block;
	return p->over_data_cap_fen > 0 && fen > p->over_data_cap_fen
	               ? p->over_data_cap_fen
	               : fen;
}

struct tariff_bill tariff_bill(const struct package *p, int64_t voice_s, int64_t sms,
                               int64_t data_kib)
{
	const int64_t minutes = voice_minutes(beyond(voice_s, p->voice_s));
	struct tariff_bill b = {
		.fee_fen = p->fee_fen,
		.over_voice_fen = li_to_fen(minutes * p->over_voice_li_per_min),
		.over_sms_fen = li_to_fen(beyond(sms, p->sms) * p->over_sms_li),
		.over_data_fen = data_fen(p, beyond(data_kib, p->data_kib)),
	};

	b.total_fen = b.fee_fen + b.over_voice_fen + b.over_sms_fen + b.over_data_fen;
	return b;
}
