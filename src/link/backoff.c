/*
 * backoff.c - when a link dials again; pure.
 */
#include "base/dice.h"
#include "link_priv.h"
#include "smpp/status.h"

enum {
	LOST_MS = 50, /* at most; the contract is 100 with the dialling */
	FIRST_MS = 1000,
	DOUBLINGS = 20
};

/* How long the SMSC is left alone after refusing a bind so. */
static const struct {
	uint32_t status;
	int64_t ms;
} leasts[] = {
	{ SMPP_ESME_RBINDFAIL, 60000 },
	{ SMPP_ESME_RINVPASWD, 60000 },
	{ SMPP_ESME_RINVSYSID, 60000 },
	{ SMPP_ESME_RALYBND, 5000 }, /* it has to notice that our last session is gone */
};

static int64_t least_ms(uint32_t status)
{
	for (size_t i = 0; i < sizeof(leasts) / sizeof(leasts[0]); i++) {
		if (leasts[i].status == status)
			return leasts[i].ms;
	}
	return 0;
}

int64_t backoff_lost(struct backoff *b)
{
	return (int64_t)dice_below(&b->seed, LOST_MS + 1);
}

int64_t backoff_failed(struct backoff *b, uint32_t status)
{
	const unsigned doublings = b->failures < DOUBLINGS ? b->failures : DOUBLINGS;
	const int64_t least = least_ms(status);
	int64_t ms = (int64_t)FIRST_MS << doublings;

	b->failures++;
	ms = ms < b->max_ms ? ms : b->max_ms;
	ms = ms > least ? ms : least;
	return ms + (int64_t)dice_below(&b->seed, (uint64_t)ms / 4 + 1);
}
