/*
 * list.h - the two lists inside SMPP bodies: the destinations of submit_multi
 * and the failures of submit_multi_resp.
 *
 * A body holds a list as the octets of its entries; the count is made from
 * them.  Sections 5.2.25, 4.5.1.1 and 4.5.2.1.
 */
#ifndef SMPP_LIST_H
#define SMPP_LIST_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

enum smpp_dest_flag {
	SMPP_DEST_SME = 1,
	SMPP_DEST_LIST = 2
};

struct smpp_dest {
	enum smpp_dest_flag flag;
	uint8_t ton, npi; /* SME only */
	struct span
		address; /* digits, or the distribution list's name; at most 20 octets */
};

struct smpp_unsuccess {
	uint8_t ton, npi;
	struct span address; /* at most 20 octets */
	uint32_t status;     /* why this one was refused */
};

/*
 * Takes the first entry off *rest.  Returns ERR_OK, ERR_END when none is left,
 * ERR_TRUNCATED, ERR_LENGTH (an address without its NUL), or ERR_SYNTAX (a
 * dest_flag that is neither); *rest then has not moved.
 */
MUST_CHECK enum err smpp_dest_next(struct span *rest, struct smpp_dest *out);
MUST_CHECK enum err smpp_unsuccess_next(struct span *rest, struct smpp_unsuccess *out);

/* Append an entry; what is too long or holds a NUL makes *out fail. */
void smpp_dest_put(struct buf *out, const struct smpp_dest *dest);
void smpp_unsuccess_put(struct buf *out, const struct smpp_unsuccess *u);

#endif
