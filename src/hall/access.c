/*
 * access.c - see access_priv.h.
 */
#include <assert.h>

#include "access_priv.h"

enum {
	ALL = ACCESS_FREE | ACCESS_MONEY | ACCESS_READ | ACCESS_PUK | ACCESS_ORDER
};

/* clang-format off */
static const struct access_rule rules[] = {
	[SUB_ACTIVE]     = { .open = ALL },
	[SUB_ARREARS1]   = { .open = ALL },
	[SUB_KEPT]       = { .open = ALL },
	[SUB_ARREARS2]   = { ACCESS_FREE, REPLY_REFUSED_ARREARS, "refused.arrears2", NEED_ACCOUNT },
	[SUB_LOST]       = { ACCESS_FREE, REPLY_REFUSED_LOST, "refused.lost", 0 },
	[SUB_BARRED]     = { ACCESS_FREE, REPLY_REFUSED_BARRED, "refused.barred", 0 },
	[SUB_PRECLOSED]  = { ACCESS_FREE | ACCESS_MONEY, REPLY_REFUSED_PRECLOSED, "refused.preclosed", 0 },
	[SUB_CLOSED]     = { ACCESS_FREE, REPLY_REFUSED_CLOSED, "refused.closed", 0 },
	[SUB_PORTED_OUT] = { ACCESS_FREE, REPLY_REFUSED_PORTED, "refused.ported_out", 0 },
};
/* clang-format on */

static const struct access_rule stranger = { ACCESS_FREE, REPLY_REFUSED_NUMBER,
	                                     CALL_REFUSED_NUMBER, 0 };

enum {
	EARLY_DAYS = 7
};

bool access_early(int64_t now)
{
	return civil_of(now).day <= EARLY_DAYS;
}

bool call_open(const struct call *c, enum access class)
{
	return (access_rule(c->q->who)->open & class) != 0;
}

const struct access_rule *access_rule(const struct dossier *who)
{
	if (!who->known)
		return &stranger;
	assert((size_t)who->sub.status < sizeof(rules) / sizeof(rules[0]));
	return &rules[who->sub.status];
}
