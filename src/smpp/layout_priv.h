/*
 * layout_priv.h - the table made from pdu.def that decoding and encoding walk.
 */
#ifndef SMPP_LAYOUT_PRIV_H
#define SMPP_LAYOUT_PRIV_H

#include <stdbool.h>

#include "smpp/pdu.h"

enum kind {
	KIND_U8,
	KIND_CSTR,
	KIND_OCTETS,
	KIND_LIST_DEST,
	KIND_LIST_UNSUCCESS,
	KIND_TLVS
};

struct field {
	enum kind kind;
	uint16_t max;    /* octets, with the NUL for KIND_CSTR; entries for a list */
	uint16_t offset; /* in the body's structure */
	uint16_t status; /* what a request with this field bad is answered with */
};

struct layout {
	uint32_t command_id;
	const char *name;
	const struct field *field;
	size_t n; /* 0: no body */
};

/* NULL for a command that 3.4 does not have. */
const struct layout *layout_of(uint32_t command_id);

/* The optional parameters of a decoded body; empty where the command has none. */
struct span layout_tlvs(uint32_t command_id, const union smpp_body *body);

#endif
