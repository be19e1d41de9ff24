/*
 * capture.h - PDUs on record: a stream cut into PDUs, one text line for each, and the
 * TCP captures that tcpdump writes.
 *
 * A capture is a text file.  Each line is one PDU, four fields with a blank between:
 *
 *   1792463460123 smsc-a in 0000003a00000005...
 *   UTC ms        link   in: from the SMSC, out: to it; the octets in hexadecimal
 *
 * Lines that begin with # say something to people.  Of the PDUs that hold a password
 * (the binds, outbind) the header alone is kept, with a length of 16.
 */
#ifndef SMPP_CAPTURE_H
#define SMPP_CAPTURE_H

#include "base/buf.h"
#include "base/fault.h"
#include "smpp/pdu.h"

enum {
	SMPP_CAPTURE_PDU = 1 << 16 /* octets of one PDU at most */
};

/* ---- a stream of octets as PDUs ---- */

struct smpp_cutter {
	struct buf held; /* a PDU begun */
	bool lost;       /* a length that cannot be: the rest of the stream is dropped */
};

static inline struct smpp_cutter smpp_cutter_make(void)
{
	return (struct smpp_cutter){ .held = buf_make(SMPP_CAPTURE_PDU) };
}

void smpp_cutter_free(struct smpp_cutter *c);

/*
 * Takes octets off *in until a PDU is whole.  False when *in is used up first.  *pdu is
 * dead at the next call, and may lie in *in's octets.
 */
bool smpp_cut(struct smpp_cutter *c, struct span *in, struct span *pdu);

/* ---- lines ---- */

struct smpp_captured {
	int64_t at_ms; /* UTC */
	struct str link;
	bool out;        /* to the SMSC */
	struct span pdu; /* at least a header */
};

/* Appends the line with its newline.  A blank in link becomes "_". */
void smpp_capture_put(const struct smpp_captured *c, struct buf *out);

/*
 * Reads a line without its newline; what *out holds lies in line and in *octets, which
 * is emptied first.  ERR_NOT_FOUND for an empty line or one that begins with #,
 * ERR_SYNTAX for another that is none, ERR_TOO_BIG.
 */
MUST_CHECK enum err smpp_capture_take(struct str line, struct buf *octets,
                                      struct smpp_captured *out);

/*
 * A line of what happened beside the links, such as "import usage": "# MS office WORDS", a
 * remark to who reads PDUs alone.  words hold no newline.
 */
void smpp_capture_put_deed(int64_t at_ms, struct str words, struct buf *out);
/* Whether the line is one; *words lie in it. */
bool smpp_capture_is_deed(struct str line, int64_t *at_ms, struct str *words);

/* ---- pcap ---- */

/*
 * Hands over the PDUs of a classic pcap file (tcpdump -w): IPv4 over Ethernet, Linux
 * cooked, loopback or raw; streams in the order of their octets, those that came twice
 * dropped.  A stream whose SYN is not in the file, or that has a gap, is read from the
 * next PDU that looks like one.  Which end is the hall shows by the first PDU that only
 * one side sends (a bind, submit_sm or deliver_sm); links are "link-1", "link-2" ... by
 * the SMSC's address.
 *
 * Returns ERR_OK; ERR_SYNTAX when it is no such file, ERR_UNSUPPORTED for pcapng or
 * another kind of network, with a fault.
 */
typedef void smpp_pcap_fn(void *ctx, const struct smpp_captured *c);
bool smpp_is_pcap(struct span file);
MUST_CHECK enum err smpp_pcap_read(struct span file, smpp_pcap_fn *each, void *ctx,
                                   struct fault *fault);

#endif
