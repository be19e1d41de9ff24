/*
 * insured.c - whether every month of a recommendation that was to be no dearer was paid
 * as its own terms and use say; computed again from what the order wrote down.
 */
#include "offer/insured.h"
#include "care_priv.h"
#include "offer/match.h"
#include "store/health.h"

/* "minutes,texts,KiB|fen", as src/hall/insured.c writes it. */
static bool read_use(struct str was, int32_t use[DIMS], int64_t *noted_fen)
{
	struct str part;
	int64_t v;

	for (unsigned d = 0; d < DIMS; d++) {
		if (!str_cut(&was, d + 1 < DIMS ? ',' : '|', &part) ||
		    str_i64(part, &v) != ERR_OK || v < 0 || v > USE_MOST)
			return false;
		use[d] = (int32_t)v;
	}
	return was.p != NULL && str_i64(was, noted_fen) == ERR_OK;
}

/* "source|left|month|terms". */
static bool read_terms(struct str price, struct insured_terms *t)
{
	struct str part;

	for (int i = 0; i < 3; i++)
		if (!str_cut(&price, '|', &part))
			return false;
	return insured_parse(price, t) == ERR_OK;
}

bool office_insured_month(struct str price, struct str was, int64_t *saved_li,
                          int64_t *owed_fen)
{
	struct insured_terms terms;
	int32_t use[DIMS];

	if (!read_terms(price, &terms) || !read_use(was, use, owed_fen))
		return false;
	*saved_li = tariff_bill_li(&terms.was, use) - tariff_bill_li(&terms.is, use);
	return true;
}

static bool is_right(const struct store_insured *row, int64_t *owed)
{
	struct insured_terms terms;
	int32_t use[DIMS];
	int64_t noted;

	*owed = 0;
	if (!row->decided)
		return row->paid_fen == 0;
	if (!read_terms(row->price, &terms) || !read_use(row->was, use, &noted))
		return false;
	*owed = offer_owed_fen(&terms.was, &terms.is, use);
	return *owed == row->paid_fen && *owed == noted;
}

static void add(void *ctx, const struct store_insured *row)
{
	struct office_insured *sum = ctx;
	int64_t owed;
	const bool right = is_right(row, &owed);

	sum->promises++;
	sum->decided += row->decided ? 1 : 0;
	sum->owed_fen += owed;
	sum->paid_fen += row->paid_fen;
	if (right)
		return;
	sum->wrong++;
	if (sum->first_wrong == 0)
		sum->first_wrong = row->order;
}

enum err office_insured(struct office_call *c, bool full, struct office_insured *out)
{
	*out = (struct office_insured){ 0 };
	return store_insured(c->host->reader, full, add, out, &out->stray, c->fault);
}
