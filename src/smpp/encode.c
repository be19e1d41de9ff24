/*
 * encode.c - writes PDUs by the field table made from pdu.def.
 *
 * Two passes: the first judges every field and sums the octets, so that the
 * second writes into room taken once and cannot fail.
 */
#include "layout_priv.h"
#include "smpp/list.h"
#include "wire_priv.h"

/* The entries in a list, or how its octets are at fault. */
static enum err count_entries(const struct field *f, struct span list, size_t *n)
{
	struct smpp_dest dest;
	struct smpp_unsuccess unsuccess;
	enum err e;

	for (*n = 0;; (*n)++) {
		e = f->kind == KIND_LIST_DEST ? smpp_dest_next(&list, &dest)
		                              : smpp_unsuccess_next(&list, &unsuccess);
		if (e != ERR_OK)
			break;
	}
	if (e != ERR_END)
		return e;
	return *n <= f->max ? ERR_OK : ERR_LENGTH;
}

/* Judges one field and adds its octets on the wire to *size. */
static enum err measure(const struct field *f, const void *from, size_t *size)
{
	const struct span *value = from;
	size_t entries;

	switch (f->kind) {
	case KIND_U8:
		*size += 1;
		return ERR_OK;
	case KIND_CSTR:
		*size += value->n + 1;
		if (value->n >= f->max)
			return ERR_LENGTH;
		return wire_has_nul(*value) ? ERR_RANGE : ERR_OK;
	case KIND_OCTETS:
		*size += value->n + 1;
		return value->n <= f->max ? ERR_OK : ERR_LENGTH;
	case KIND_LIST_DEST:
	case KIND_LIST_UNSUCCESS:
		*size += value->n + 1;
		return count_entries(f, *value, &entries);
	case KIND_TLVS:
		*size += value->n;
		return ERR_OK;
	}
	return ERR_NOT_FOUND;
}

static uint8_t *copy(uint8_t *to, struct span s)
{
	if (s.n > 0)
		memcpy(to, s.p, s.n);
	return to + s.n;
}

/* Writes a field that measure() accepted; returns where the next one goes. */
static uint8_t *write_field(const struct field *f, const void *from, uint8_t *to)
{
	const struct span *value = from;
	size_t n = 0;

	switch (f->kind) {
	case KIND_U8:
		*to = *(const uint8_t *)from;
		return to + 1;
	case KIND_CSTR:
		to = copy(to, *value);
		*to = '\0';
		return to + 1;
	case KIND_OCTETS:
		*to = (uint8_t)value->n;
		return copy(to + 1, *value);
	case KIND_LIST_DEST:
	case KIND_LIST_UNSUCCESS:
		(void)count_entries(f, *value, &n);
		*to = (uint8_t)n;
		return copy(to + 1, *value);
	case KIND_TLVS:
		return copy(to, *value);
	}
	return to;
}

static uint8_t *write_be32(uint8_t *to, uint32_t v)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		*to++ = (uint8_t)(v >> shift);
	return to;
}

enum err smpp_encode(uint32_t command_id, uint32_t status, uint32_t sequence,
                     const union smpp_body *body, struct buf *out)
{
	static const union smpp_body empty;
	const struct layout *l = layout_of(command_id);
	const unsigned char *base = (const unsigned char *)(body != NULL ? body : &empty);
	const bool bare = (command_id & SMPP_RESP) != 0 && status != 0;
	const size_t n = l == NULL || bare ? 0 : l->n;
	size_t size = SMPP_HEADER;
	uint8_t *to;
	enum err e;

	if (l == NULL)
		return ERR_NOT_FOUND;
	for (size_t i = 0; i < n; i++) {
		e = measure(&l->field[i], base + l->field[i].offset, &size);
		if (e != ERR_OK)
			return e;
	}
	if (out->failed || size > out->max - out->n || size > UINT32_MAX)
		return ERR_FULL;
	to = (uint8_t *)buf_room(out, size);
	out->n += size;
	to = write_be32(to, (uint32_t)size);
	to = write_be32(to, command_id);
	to = write_be32(to, status);
	to = write_be32(to, sequence);
	for (size_t i = 0; i < n; i++)
		to = write_field(&l->field[i], base + l->field[i].offset, to);
	return ERR_OK;
}
