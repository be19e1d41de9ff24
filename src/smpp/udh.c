/*
 * udh.c - see smpp/udh.h.
 */
#include "smpp/udh.h"
#include "smpp/tlv.h"

enum {
	IE_HEADER = 2, /* octets: identifier and length */
	IEI_CONCAT_8 = 0x00,
	IEI_CONCAT_16 = 0x08
};

static bool plausible(const struct smpp_concat *c)
{
	return c->seq > 0 && c->seq <= c->total;
}

/* Reads one information element; those of no interest are skipped. */
static enum err read_element(uint8_t iei, struct span value, struct smpp_udh *out)
{
	const bool wide = iei == IEI_CONCAT_16;
	const size_t n = wide ? 4 : 3;
	struct smpp_concat c = { .wide = wide };

	if (iei != IEI_CONCAT_8 && iei != IEI_CONCAT_16)
		return ERR_OK;
	if (value.n != n)
		return ERR_LENGTH;
	c.ref = wide ? be16(value.p) : value.p[0];
	c.total = value.p[n - 2];
	c.seq = value.p[n - 1];
	if (plausible(&c)) {
		out->has_concat = true;
		out->concat = c;
	}
	return ERR_OK;
}

enum err smpp_udh_read(struct span octets, struct smpp_udh *out)
{
	struct smpp_udh udh = { 0 };
	struct span rest;
	enum err e;

	if (octets.n < 1 || octets.p[0] > octets.n - 1)
		return ERR_TRUNCATED;
	rest = span_first(span_skip(octets, 1), octets.p[0]);
	udh.text = span_skip(octets, 1 + rest.n);
	while (rest.n > 0) {
		if (rest.n < IE_HEADER || rest.p[1] > rest.n - IE_HEADER)
			return ERR_TRUNCATED;
		const size_t n = rest.p[1];

		e = read_element(rest.p[0], span_first(span_skip(rest, IE_HEADER), n),
		                 &udh);
		if (e != ERR_OK)
			return e;
		rest = span_skip(rest, IE_HEADER + n);
	}
	*out = udh;
	return ERR_OK;
}

void smpp_udh_put_concat(struct buf *out, const struct smpp_concat *c)
{
	const size_t n = c->wide ? 4 : 3;

	buf_putc(out, (char)(IE_HEADER + n));
	buf_putc(out, c->wide ? IEI_CONCAT_16 : IEI_CONCAT_8);
	buf_putc(out, (char)n);
	if (c->wide)
		buf_put_be16(out, c->ref);
	else
		buf_putc(out, (char)c->ref);
	buf_putc(out, (char)c->total);
	buf_putc(out, (char)c->seq);
}

/* The user data with any header; empty when there are none. */
static struct span user_data(const struct smpp_deliver_sm *sm)
{
	struct smpp_tlv tlv;

	if (sm->short_message.n == 0 &&
	    smpp_tlv_find(sm->tlvs, SMPP_TAG_MESSAGE_PAYLOAD, &tlv) == ERR_OK)
		return tlv.value;
	return sm->short_message;
}

/* An integer parameter of one or two octets. */
static enum err find_int(struct span area, uint16_t tag, uint16_t *out)
{
	struct smpp_tlv tlv;
	uint8_t small;
	enum err e = smpp_tlv_find(area, tag, &tlv);

	if (e != ERR_OK)
		return e;
	if (tag == SMPP_TAG_SAR_MSG_REF_NUM)
		return smpp_tlv_u16(&tlv, out);
	e = smpp_tlv_u8(&tlv, &small);
	if (e == ERR_OK)
		*out = small;
	return e;
}

static enum err sar_of(struct span tlvs, struct smpp_concat *out)
{
	static const uint16_t tags[] = { SMPP_TAG_SAR_MSG_REF_NUM,
		                         SMPP_TAG_SAR_TOTAL_SEGMENTS,
		                         SMPP_TAG_SAR_SEGMENT_SEQNUM };
	uint16_t value[3];
	struct smpp_concat c = { .wide = true };
	enum err e;

	for (size_t i = 0; i < 3; i++) {
		e = find_int(tlvs, tags[i], &value[i]);
		if (e != ERR_OK)
			return e;
	}
	c.ref = value[0];
	c.total = (uint8_t)value[1];
	c.seq = (uint8_t)value[2];
	if (!plausible(&c))
		return ERR_NOT_FOUND;
	*out = c;
	return ERR_OK;
}

enum err smpp_concat_of(const struct smpp_deliver_sm *sm, struct smpp_concat *out)
{
	struct smpp_udh udh;
	enum err e;

	if ((sm->esm_class & SMPP_ESM_UDHI) != 0) {
		e = smpp_udh_read(user_data(sm), &udh);
		if (e != ERR_OK)
			return e;
		if (udh.has_concat) {
			*out = udh.concat;
			return ERR_OK;
		}
	}
	return sar_of(sm->tlvs, out);
}

enum err smpp_message_octets(const struct smpp_deliver_sm *sm, struct span *out)
{
	struct smpp_udh udh;
	enum err e;

	if ((sm->esm_class & SMPP_ESM_UDHI) == 0) {
		*out = user_data(sm);
		return ERR_OK;
	}
	e = smpp_udh_read(user_data(sm), &udh);
	if (e == ERR_OK)
		*out = udh.text;
	return e;
}

struct smpp_deliver_sm smpp_deliver_of_submit(const struct smpp_submit_sm *sm)
{
	struct smpp_deliver_sm out;

	/* pdu.def gives both the same members; a difference would not compile. */
	_Static_assert(sizeof(out) == sizeof(*sm), "submit_sm and deliver_sm differ");
	memcpy(&out, sm, sizeof(out));
	return out;
}

struct smpp_deliver_sm smpp_deliver_of_data(const struct smpp_data_sm *sm)
{
	return (struct smpp_deliver_sm){
		.service_type = sm->service_type,
		.source_addr_ton = sm->source_addr_ton,
		.source_addr_npi = sm->source_addr_npi,
		.source_addr = sm->source_addr,
		.dest_addr_ton = sm->dest_addr_ton,
		.dest_addr_npi = sm->dest_addr_npi,
		.destination_addr = sm->destination_addr,
		.esm_class = sm->esm_class,
		.registered_delivery = sm->registered_delivery,
		.data_coding = sm->data_coding,
		.tlvs = sm->tlvs,
	};
}
