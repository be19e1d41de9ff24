/*
 * handset_priv.h - joins the parts of long messages.
 */
#ifndef SIM_HANDSET_PRIV_H
#define SIM_HANDSET_PRIV_H

#include "base/buf.h"
#include "smpp/udh.h"

enum {
	JOIN_SETS = 8, /* messages begun and not complete; the oldest gives way */
	JOIN_PART = 254
};

struct join_set {
	uint64_t age; /* 0: free */
	char from[32];
	struct smpp_concat of; /* seq aside */
	uint8_t data_coding;
	unsigned seen;
	uint8_t n[256]; /* octets of part i - 1 */
	bool has[256];
	uint8_t (*part)[JOIN_PART]; /* of.total of them */
};

struct joiner {
	struct join_set set[JOIN_SETS];
	uint64_t age;
};

/*
 * Takes a message.  When it is whole, or completes one, gives its octets joined, and
 * the number of its parts; 0 while parts are missing, or when sm is malformed.
 */
unsigned joiner_take(struct joiner *j, const struct smpp_deliver_sm *sm,
                     struct buf *octets);
void joiner_free(struct joiner *j);

#endif
