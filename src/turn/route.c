/*
 * route.c - numbers of campaigns: that of the route, and the campaign's id in
 * CAMPAIGN_SUFFIX_DIGITS digits behind it.
 */
#include <inttypes.h>

#include "model/campaign.h"
#include "turn_priv.h"

enum {
	TON_NATIONAL = 2, /* subscriber numbers are without country code */
	NPI_ISDN = 1
};

void routes_keep(struct routes *r, const struct turn_route *route, size_t n)
{
	r->n = 0;
	for (size_t i = 0; i < n && r->n < TURN_ROUTES; i++) {
		const struct str digits = route[i].from.digits, group = route[i].group;

		const struct str hall = route[i].hall.digits;

		if (digits.n > ROUTE_DIGITS || group.n > ROUTE_GROUP ||
		    hall.n > sizeof(r->hall[0]))
			continue;
		if (hall.n > 0)
			memcpy(r->hall[r->n], hall.p, hall.n);
		memcpy(r->digits[r->n], digits.p, digits.n);
		memcpy(r->group[r->n], group.p, group.n);
		r->route[r->n] = route[i];
		r->route[r->n].from.digits = (struct str){ r->digits[r->n], digits.n };
		r->route[r->n].hall.digits = (struct str){ r->hall[r->n], hall.n };
		r->route[r->n].group = (struct str){ r->group[r->n], group.n };
		r->n++;
	}
}

/* 0: it is none. */
static int64_t suffix_of(struct str number, struct str to)
{
	int64_t id = 0;

	if (number.n == 0 || to.n != number.n + CAMPAIGN_SUFFIX_DIGITS ||
	    !str_starts(to, number))
		return 0;
	for (size_t i = number.n; i < to.n; i++) {
		if (to.p[i] < '0' || to.p[i] > '9')
			return 0;
		id = id * 10 + (to.p[i] - '0');
	}
	return id;
}

int64_t routes_campaign(const struct routes *r, struct str to)
{
	int64_t id = 0;

	for (size_t i = 0; i < r->n && id == 0; i++)
		id = suffix_of(r->route[i].from.digits, to);
	return id;
}

struct address number_address(struct turn *t, int64_t msisdn)
{
	return (struct address){ TON_NATIONAL, NPI_ISDN,
		                 arena_printf(&t->arena, "%" PRId64, msisdn) };
}

struct address route_from(const struct turn_route *r, int64_t campaign, struct arena *a)
{
	struct address from = r->from;

	from.digits = arena_printf(a, "%.*s%0*lld", STR_ARG(r->from.digits),
	                           CAMPAIGN_SUFFIX_DIGITS, (long long)campaign);
	return from;
}
