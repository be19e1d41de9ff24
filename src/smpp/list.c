/*
 * list.c - see smpp/list.h.
 */
#include "smpp/list.h"
#include "wire_priv.h"

enum {
	ADDRESS_MAX = 21 /* octets with the NUL, of addresses and list names alike */
};

/* Takes TON, NPI and address. */
static enum err take_address(struct span *in, uint8_t *ton, uint8_t *npi,
                             struct span *address)
{
	if (in->n < 2)
		return ERR_TRUNCATED;
	*ton = in->p[0];
	*npi = in->p[1];
	*in = span_skip(*in, 2);
	return wire_cstr(in, ADDRESS_MAX, address);
}

enum err smpp_dest_next(struct span *rest, struct smpp_dest *out)
{
	struct span in = *rest;
	struct smpp_dest dest = { .flag = SMPP_DEST_SME };
	enum err e;

	if (in.n == 0)
		return ERR_END;
	if (in.p[0] != SMPP_DEST_SME && in.p[0] != SMPP_DEST_LIST)
		return ERR_SYNTAX;
	dest.flag = in.p[0] == SMPP_DEST_SME ? SMPP_DEST_SME : SMPP_DEST_LIST;
	in = span_skip(in, 1);
	if (dest.flag == SMPP_DEST_SME)
		e = take_address(&in, &dest.ton, &dest.npi, &dest.address);
	else
		e = wire_cstr(&in, ADDRESS_MAX, &dest.address);
	if (e != ERR_OK)
		return e;
	*rest = in;
	*out = dest;
	return ERR_OK;
}

enum err smpp_unsuccess_next(struct span *rest, struct smpp_unsuccess *out)
{
	struct span in = *rest;
	struct smpp_unsuccess u = { 0 };
	enum err e;

	if (in.n == 0)
		return ERR_END;
	e = take_address(&in, &u.ton, &u.npi, &u.address);
	if (e == ERR_OK && in.n < 4)
		e = ERR_TRUNCATED;
	if (e != ERR_OK)
		return e;
	u.status = be32(in.p);
	*rest = span_skip(in, 4);
	*out = u;
	return ERR_OK;
}

static void put_cstr(struct buf *out, struct span s)
{
	if (s.n >= ADDRESS_MAX || wire_has_nul(s))
		out->failed = true;
	buf_put(out, s.p, s.n);
	buf_putc(out, '\0');
}

void smpp_dest_put(struct buf *out, const struct smpp_dest *dest)
{
	buf_putc(out, (char)dest->flag);
	if (dest->flag == SMPP_DEST_SME) {
		buf_putc(out, (char)dest->ton);
		buf_putc(out, (char)dest->npi);
	}
	put_cstr(out, dest->address);
}

void smpp_unsuccess_put(struct buf *out, const struct smpp_unsuccess *u)
{
	buf_putc(out, (char)u->ton);
	buf_putc(out, (char)u->npi);
	put_cstr(out, u->address);
	buf_put_be32(out, u->status);
}
