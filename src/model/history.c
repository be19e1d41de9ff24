/*
 * history.c - names of history.h's kinds and states.
 */
#include <stddef.h>

#include "model/history.h"

#define X(constant, name) name,
static const char *const detail_kinds[] = { DETAIL_KIND_LIST(X) };
static const char *const resource_kinds[] = { RESOURCE_KIND_LIST(X) };
static const char *const complaint_states[] = { COMPLAINT_STATE_LIST(X) };
static const char *const order_states[] = { ORDER_STATE_LIST(X) };
#undef X

#define NAME_OF(names, value) \
	((value) < sizeof(names) / sizeof((names)[0]) ? (names)[value] : NULL)

const char *detail_kind_name(enum detail_kind k)
{
	return NAME_OF(detail_kinds, k);
}

const char *resource_kind_name(enum resource_kind k)
{
	return NAME_OF(resource_kinds, k);
}

const char *complaint_state_name(enum complaint_state s)
{
	return NAME_OF(complaint_states, s);
}

const char *order_state_name(enum order_state s)
{
	return NAME_OF(order_states, s);
}

/* Bits of the states that may follow. */
static const unsigned after[ORDER_STATES] = {
	[ORDER_ASKED] = 1U << ORDER_CONFIRMED | 1U << ORDER_ACCEPTED |
	                1U << ORDER_REFUSED | 1U << ORDER_UNDONE,
	[ORDER_CONFIRMED] = 1U << ORDER_ACCEPTED | 1U << ORDER_REFUSED |
	                    1U << ORDER_UNDONE,
	[ORDER_ACCEPTED] = 1U << ORDER_EFFECTIVE | 1U << ORDER_REFUSED |
	                   1U << ORDER_UNDONE,
	[ORDER_EFFECTIVE] = 1U << ORDER_UNDONE,
};

bool order_may(enum order_state from, enum order_state to)
{
	return from < ORDER_STATES && to < ORDER_STATES && (after[from] >> to & 1U) != 0;
}

bool order_may_begin(enum order_state s)
{
	return s == ORDER_ASKED || s == ORDER_CONFIRMED || s == ORDER_ACCEPTED ||
	       s == ORDER_EFFECTIVE;
}
