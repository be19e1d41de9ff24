/*
 * access_priv.h - who may use what: statuses against classes of services.
 */
#ifndef HALL_ACCESS_PRIV_H
#define HALL_ACCESS_PRIV_H

#include "hall/service.h"

struct access_rule {
	unsigned open;        /* enum access bits */
	enum reply_id notice; /* answers everything else: no data, and the way out */
	const char *outcome;
	unsigned needs; /* of the notice; enum need bits */
};

/* The first days of a month, in which the last one is being billed. */
bool access_early(int64_t now);

/* The rule of this number; never NULL. */
const struct access_rule *access_rule(const struct dossier *who);

#endif
