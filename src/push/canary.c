/*
 * canary.c - see push/canary.h.
 */
#include "push/canary.h"

#include <inttypes.h>

#include "push/evaluate.h"

enum {
	WHOLE_BP = 10000
};

/* What went wrong, and the share above which that stops everything. */
struct harm {
	const char *name;
	int64_t hits;
	unsigned limit_bp;
};

static bool is_over(const struct harm *h, int64_t sent, struct buf *why)
{
	double low;

	if (sent <= 0 || h->hits <= 0)
		return false;
	low = evaluate_wilson((struct share){ h->hits < sent ? h->hits : sent, sent },
	                      EVALUATE_Z95)
	              .low *
	      100;
	if (low * 100 <= h->limit_bp)
		return false;
	buf_printf(why,
	           "%s: %" PRId64 " of %" PRId64
	           ", at least %.2f %%; the limit is %u.%02u "
	           "%%",
	           h->name, h->hits, sent, low, h->limit_bp / 100, h->limit_bp % 100);
	return true;
}

static bool must_stop(const struct push_rules *r, const struct canary_counts *n,
                      struct buf *why)
{
	const struct harm harms[] = {
		{ "opted out", n->opted_out, r->stop_opt_out_bp },
		{ "complained", n->complained, r->stop_complained_bp },
		{ "failed", n->failed, r->stop_failed_bp },
		{ "errors", n->errors, r->stop_errors_bp },
	};

	for (size_t i = 0; i < sizeof(harms) / sizeof(harms[0]); i++)
		if (is_over(&harms[i], n->sent, why))
			return true;
	return false;
}

int64_t canary_share(const struct push_rules *r, int64_t targets)
{
	return targets / WHOLE_BP * r->canary_share_bp +
	       targets % WHOLE_BP * r->canary_share_bp / WHOLE_BP;
}

/* How many may be sent once the step up to `allowed` is found good. */
static int64_t next_step(const struct push_rules *r, const struct canary_counts *n)
{
	const int64_t share = canary_share(r, n->targets);

	if (n->allowed < r->canary_first)
		return r->canary_first;
	return n->allowed < share ? share : INT64_MAX;
}

enum canary_verdict canary_look(const struct push_rules *r, const struct canary_counts *n,
                                int64_t now, int64_t *allowed, struct buf *why)
{
	*allowed = n->allowed;
	if (must_stop(r, n, why))
		return CANARY_STOP;
	if (n->allowed == INT64_MAX)
		return CANARY_GO;
	if (n->allowed > 0 &&
	    (n->sent < n->allowed || now < n->step_at + r->canary_wait_s))
		return CANARY_WAIT;
	*allowed = next_step(r, n);
	return CANARY_GO;
}
