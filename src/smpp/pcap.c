/*
 * pcap.c - the PDUs of a file that tcpdump wrote; see smpp/capture.h.
 *
 * Formats: draft-ietf-opsawg-pcap (file), RFC 791 (IPv4), RFC 9293 (TCP).  A TCP
 * segment is used when it is the next one; what lies before was there already, what
 * lies behind leaves a gap.  Fragments are left out: SMPP never makes them.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "smpp/capture.h"

enum {
	FILE_HEADER = 24,
	PACKET_HEADER = 16,
	CONNECTIONS = 256, /* at once; more are left out */
	TCP = 6,
	SYN = 2 /* flag */
};

/* One direction of a connection. */
struct way {
	bool begun;
	uint32_t next; /* sequence number */
	struct smpp_cutter cutter;
};

struct connection {
	uint32_t address[2];
	uint16_t port[2];
	struct way way[2]; /* what end 0 sends, what end 1 sends */
	int hall;          /* which end; -1: not known yet */
	char link[16];
};

struct reader {
	struct span file;
	bool little, nano;
	uint32_t network;
	struct connection *connection;
	size_t n;
	unsigned links;
	smpp_pcap_fn *each;
	void *ctx;
};

struct segment {
	int64_t at_ms;
	uint32_t address[2], seq; /* from, to */
	uint16_t port[2];
	uint8_t flags;
	struct span data;
};

static uint32_t word(const struct reader *r, const uint8_t *p)
{
	return r->little ? (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 |
	                           (uint32_t)p[1] << 8 | p[0]
	                 : be32(p);
}

/* ---- packets ---- */

/* How each kind of network frames IP: octets before it, and where its protocol stands. */
static const struct frame {
	uint32_t network;
	size_t header, type_at; /* type_at 0: nothing to check */
} frames[] = {
	{ 0, 4, 0 },     /* BSD loopback */
	{ 1, 14, 12 },   /* Ethernet */
	{ 101, 0, 0 },   /* raw */
	{ 113, 16, 14 }, /* Linux cooked */
	{ 228, 0, 0 },   /* raw IPv4 */
	{ 276, 20, 0 },  /* Linux cooked, version 2 */
};

static const struct frame *frame_of(uint32_t network)
{
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		if (frames[i].network == network)
			return &frames[i];
	}
	return NULL;
}

/* The packet's IPv4 part, or nothing. */
static struct span ip_of(const struct reader *r, struct span packet)
{
	const struct frame *f = frame_of(r->network);
	size_t header = f != NULL ? f->header : 0;

	if (f == NULL || packet.n < header)
		return (struct span){ NULL, 0 };
	if (f->network == 1 && packet.n >= header + 4 && be16(packet.p + 12) == 0x8100)
		header += 4; /* VLAN tag */
	if (f->type_at != 0 && be16(packet.p + f->type_at + header - f->header) != 0x0800)
		return (struct span){ NULL, 0 };
	return span_skip(packet, header);
}

static bool read_tcp(struct span tcp, struct segment *out)
{
	size_t header;

	if (tcp.n < 20)
		return false;
	header = (size_t)(tcp.p[12] >> 4) * 4;
	if (header < 20 || header > tcp.n)
		return false;
	out->port[0] = be16(tcp.p);
	out->port[1] = be16(tcp.p + 2);
	out->seq = be32(tcp.p + 4);
	out->flags = tcp.p[13];
	out->data = span_skip(tcp, header);
	return true;
}

static bool read_ip(struct span ip, struct segment *out)
{
	size_t header, total;

	if (ip.n < 20 || ip.p[0] >> 4 != 4 || ip.p[9] != TCP)
		return false;
	header = (size_t)(ip.p[0] & 15) * 4;
	total = be16(ip.p + 2);
	if (total == 0 || total > ip.n) /* 0: the network card was to fill it in */
		total = ip.n;
	if (header < 20 || header > total || (be16(ip.p + 6) & 0x3fff) != 0)
		return false;
	out->address[0] = be32(ip.p + 12);
	out->address[1] = be32(ip.p + 16);
	return read_tcp(span_skip(span_first(ip, total), header), out);
}

/* ---- connections ---- */

static void restart(struct way *w)
{
	smpp_cutter_free(&w->cutter);
	*w = (struct way){ .cutter = smpp_cutter_make() };
}

/* The connection of the segment, and in *from which of its ends sent it; NULL: too many. */
static struct connection *find(struct reader *r, const struct segment *s, int *from)
{
	struct connection *c;

	for (size_t i = 0; i < r->n; i++) {
		c = &r->connection[i];
		for (int e = 0; e < 2; e++) {
			if (c->address[e] == s->address[0] && c->port[e] == s->port[0] &&
			    c->address[1 - e] == s->address[1] &&
			    c->port[1 - e] == s->port[1]) {
				*from = e;
				return c;
			}
		}
	}
	if (r->n == CONNECTIONS)
		return NULL;
	c = &r->connection[r->n++];
	*c = (struct connection){ .address = { s->address[0], s->address[1] },
		                  .port = { s->port[0], s->port[1] },
		                  .hall = -1 };
	restart(&c->way[0]);
	restart(&c->way[1]);
	*from = 0;
	return c;
}

/* Links are told apart by the SMSC's end. */
static void name_link(struct reader *r, struct connection *c)
{
	const int smsc = 1 - c->hall;

	for (size_t i = 0; i < r->n; i++) {
		const struct connection *o = &r->connection[i];

		if (o != c && o->hall >= 0 &&
		    o->address[1 - o->hall] == c->address[smsc] &&
		    o->port[1 - o->hall] == c->port[smsc]) {
			memcpy(c->link, o->link, sizeof(c->link));
			return;
		}
	}
	(void)snprintf(c->link, sizeof(c->link), "link-%u", ++r->links);
}

/* Which end is the hall: it binds and submits, the SMSC delivers. */
static void learn(struct reader *r, struct connection *c, int from, struct span pdu)
{
	const uint32_t id = be32(pdu.p + 4);

	if (id == SMPP_DELIVER_SM)
		c->hall = 1 - from;
	else if (id == SMPP_SUBMIT_SM || id == SMPP_BIND_TRANSCEIVER ||
	         id == SMPP_BIND_RECEIVER || id == SMPP_BIND_TRANSMITTER)
		c->hall = from;
	else
		return;
	name_link(r, c);
}

static bool looks_like_pdu(struct span s)
{
	struct smpp_header h;

	return smpp_header_read(s, &h) == ERR_OK && h.length >= SMPP_HEADER &&
	       h.length <= SMPP_CAPTURE_PDU && smpp_command_name(h.command_id) != NULL;
}

/* What of the segment is new and in order; begins anew behind a gap. */
static struct span fresh(struct way *w, const struct segment *s)
{
	const uint32_t behind = w->next - s->seq; /* octets known already */
	struct span data = s->data;

	if (w->begun && behind > 0 && behind <= INT32_MAX)
		return behind < data.n ? span_skip(data, behind)
		                       : (struct span){ NULL, 0 };
	if (w->begun && behind == 0 && !w->cutter.lost)
		return data;
	if (!looks_like_pdu(data))
		data.n = 0;
	restart(w);
	return data;
}

static void take_segment(struct reader *r, const struct segment *s)
{
	struct smpp_captured out = { .at_ms = s->at_ms };
	struct connection *c;
	struct way *w;
	struct span data;
	int from;

	c = find(r, s, &from);
	if (c == NULL)
		return;
	w = &c->way[from];
	if ((s->flags & SYN) != 0) {
		restart(w);
		w->begun = true;
		w->next = s->seq + 1;
		return;
	}
	if (s->data.n == 0)
		return;
	data = fresh(w, s);
	if (data.n > 0) {
		w->begun = true;
		w->next = s->seq + (uint32_t)s->data.n;
	}
	while (smpp_cut(&w->cutter, &data, &out.pdu)) {
		if (c->hall < 0)
			learn(r, c, from, out.pdu);
		out.link = str_of(c->link);
		out.out = c->hall == from;
		if (c->hall >= 0)
			r->each(r->ctx, &out);
	}
}

/* ---- the file ---- */

static void take_packets(struct reader *r)
{
	struct span rest = span_skip(r->file, FILE_HEADER);

	while (rest.n >= PACKET_HEADER) {
		const uint32_t kept = word(r, rest.p + 8);
		const int64_t part = word(r, rest.p + 4);
		struct segment s = { .at_ms = (int64_t)word(r, rest.p) * 1000 +
			                      part / (r->nano ? 1000000 : 1000) };

		rest = span_skip(rest, PACKET_HEADER);
		if (kept > rest.n)
			return; /* tcpdump was cut short */
		if (read_ip(ip_of(r, span_first(rest, kept)), &s))
			take_segment(r, &s);
		rest = span_skip(rest, kept);
	}
}

static bool read_magic(struct span file, struct reader *out)
{
	if (file.n < 4)
		return false;
	for (int little = 0; little < 2; little++) {
		out->little = little == 1;
		out->nano = word(out, file.p) == 0xa1b23c4d;
		if (out->nano || word(out, file.p) == 0xa1b2c3d4)
			return true;
	}
	return false;
}

/* pcapng begins with its section header's type. */
static bool is_pcapng(struct span file)
{
	return file.n >= 4 && be32(file.p) == 0x0a0d0d0a;
}

bool smpp_is_pcap(struct span file)
{
	struct reader r;

	return read_magic(file, &r) || is_pcapng(file);
}

enum err smpp_pcap_read(struct span file, smpp_pcap_fn *each, void *ctx,
                        struct fault *fault)
{
	struct reader r = { .file = file, .each = each, .ctx = ctx };

	if (is_pcapng(file)) {
		fault_set(fault,
		          "pcapng is not read: write it with tcpdump -w, or convert "
		          "it with editcap -F pcap");
		return ERR_UNSUPPORTED;
	}
	if (!read_magic(file, &r) || file.n < FILE_HEADER) {
		fault_set(fault, "expected a pcap file");
		return ERR_SYNTAX;
	}
	r.network = word(&r, file.p + 20) & 0xffff;
	if (frame_of(r.network) == NULL) {
		fault_set(fault,
		          "pcap of network type %u: expected Ethernet, Linux cooked, "
		          "loopback or raw IP",
		          (unsigned)r.network);
		return ERR_UNSUPPORTED;
	}
	r.connection = xcalloc(CONNECTIONS, sizeof(*r.connection));
	take_packets(&r);
	for (size_t i = 0; i < r.n; i++) {
		smpp_cutter_free(&r.connection[i].way[0].cutter);
		smpp_cutter_free(&r.connection[i].way[1].cutter);
	}
	free(r.connection);
	return ERR_OK;
}
