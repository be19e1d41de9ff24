/*
 * layout.c - expands pdu.def into tables; see layout_priv.h.
 */
#include <string.h>

#include "layout_priv.h"
#include "smpp/status.h"

enum {
	LIST_MAX = 254 /* entries: no_of_dests, section 5.2.24 */
};

#define FIELD(kind, pdu, field, max, status) \
	{ (kind), (max), offsetof(struct smpp_##pdu, field), SMPP_ESME_##status },

#define BEGIN(pdu, name, id)            static const struct field pdu##_fields[] = {
#define BEGIN_RESP(pdu, id)             BEGIN(pdu, pdu, id)
#define U8(pdu, field)                  FIELD(KIND_U8, pdu, field, 1, RINVCMDLEN)
#define CSTR(pdu, field, max, status)   FIELD(KIND_CSTR, pdu, field, max, status)
#define OCTETS(pdu, field, max, status) FIELD(KIND_OCTETS, pdu, field, max, status)
#define LIST(pdu, field, entry, status) \
	FIELD(KIND_LIST_##entry, pdu, field, LIST_MAX, status)
#define TLVS(pdu, field) FIELD(KIND_TLVS, pdu, field, 0, RINVOPTPARSTREAM)
#define END(pdu) \
	}        \
	;
#include "smpp/pdu.def"

/*
 * Where a command stands in the table: the ids of 3.4 differ in their low six
 * bits, bit 8 and bit 31.  Two in one place would not compile.
 */
#define SLOT(id) (((id)&0x3f) | ((id) >> 8 & 1) << 6 | ((id)&SMPP_RESP ? 1u : 0u) << 7)
enum {
	SLOTS = 256
};

#define COUNT(a)             (sizeof(a) / sizeof((a)[0]))
#define ENTRY(pdu, id)       [SLOT(id)] = { (id), #pdu, pdu##_fields, COUNT(pdu##_fields) },
#define EMPTY_ENTRY(pdu, id) [SLOT(id)] = { (id), #pdu, NULL, 0 },

#define BEGIN(pdu, name, id) ENTRY(pdu, id)
#define BEGIN_RESP(pdu, id)  ENTRY(pdu, (id) | SMPP_RESP)
#define EMPTY(pdu, name, id) EMPTY_ENTRY(pdu, id)
#define EMPTY_RESP(pdu, id)  EMPTY_ENTRY(pdu, (id) | SMPP_RESP)
static const struct layout layouts[SLOTS] = {
#include "smpp/pdu.def"
};

const struct layout *layout_of(uint32_t command_id)
{
	const struct layout *l = &layouts[SLOT(command_id)];

	return l->name != NULL && l->command_id == command_id ? l : NULL;
}

struct span layout_tlvs(uint32_t command_id, const union smpp_body *body)
{
	const struct layout *l = layout_of(command_id);
	const struct field *last = l != NULL && l->n > 0 ? &l->field[l->n - 1] : NULL;
	struct span tlvs = { 0 };

	if (last != NULL && last->kind == KIND_TLVS)
		memcpy(&tlvs, (const unsigned char *)body + last->offset, sizeof(tlvs));
	return tlvs;
}

const char *smpp_command_name(uint32_t command_id)
{
	const struct layout *l = layout_of(command_id);

	return l != NULL ? l->name : NULL;
}
