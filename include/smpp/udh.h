/*
 * udh.h - what is in a short message: user data header, text, parts.
 *
 * 3GPP TS 23.040 section 9.2.3.24 and SMPP v3.4 sections 5.2.12, 5.3.2.22-24,
 * 5.3.2.32.  Hostile octets are bounds-checked; nothing is allocated or copied.
 */
#ifndef SMPP_UDH_H
#define SMPP_UDH_H

#include "smpp/pdu.h"

#define SMPP_ESM_UDHI 0x40 /* bit of esm_class: the user data begin with a header */

/* Which part of a long message this one is. */
struct smpp_concat {
	uint16_t ref;  /* the message's; 0..255 unless wide */
	uint8_t total; /* parts, from 1 */
	uint8_t seq;   /* this one, 1..total */
	bool wide;     /* ref has 16 bits: IEI 0x08 or sar_msg_ref_num */
};

struct smpp_udh {
	struct span text; /* what follows the header; borrowed */
	bool has_concat;
	struct smpp_concat concat; /* when has_concat */
};

/*
 * Reads user data that begin with a header.  A concatenation element whose
 * numbers cannot be (seq 0 or past total) is skipped as 23.040 has it; of two
 * the last counts.
 *
 * Returns ERR_OK; ERR_TRUNCATED when the header or an element is longer than
 * what is there; ERR_LENGTH when a concatenation element has another size than
 * its own.
 */
MUST_CHECK enum err smpp_udh_read(struct span octets, struct smpp_udh *out);

/*
 * Appends the header of one part: 6 octets, or 7 when wide, its length octet counted.
 */
void smpp_udh_put_concat(struct buf *out, const struct smpp_concat *c);

/*
 * Which part sm is, by its header or by its sar_ parameters (all three; the
 * header wins).
 *
 * Returns ERR_OK; ERR_NOT_FOUND when it is a whole message; ERR_TRUNCATED or
 * ERR_LENGTH when the header or the parameters are malformed.
 */
MUST_CHECK enum err smpp_concat_of(const struct smpp_deliver_sm *sm,
                                   struct smpp_concat *out);

/*
 * The text: short_message, or message_payload when that is empty, without its
 * header.  Borrowed from sm.
 *
 * Returns ERR_OK; ERR_TRUNCATED or ERR_LENGTH as above: answer
 * ESME_RINVMSGLEN, the link is sound.
 */
MUST_CHECK enum err smpp_message_octets(const struct smpp_deliver_sm *sm,
                                        struct span *out);

/* The other PDUs that carry a message, as the deliver_sm that would say the same. */
struct smpp_deliver_sm smpp_deliver_of_submit(const struct smpp_submit_sm *sm);
struct smpp_deliver_sm smpp_deliver_of_data(const struct smpp_data_sm *sm);

#endif
