/*
 * capture.c - a stream cut into PDUs, and PDUs as lines; see smpp/capture.h.
 */
#include "smpp/capture.h"

void smpp_cutter_free(struct smpp_cutter *c)
{
	buf_free(&c->held);
}

/* Moves octets over until `want` are held; false when there are not so many. */
static bool hold(struct smpp_cutter *c, struct span *in, size_t want)
{
	const size_t missing = want > c->held.n ? want - c->held.n : 0;
	const size_t n = missing < in->n ? missing : in->n;

	if (n > 0)
		buf_put(&c->held, in->p, n);
	*in = span_skip(*in, n);
	return c->held.n >= want;
}

/* The length that the header names; 0 when it cannot be. */
static size_t length_of(const void *header)
{
	const uint32_t n = be32(header);

	return n >= SMPP_HEADER && n <= SMPP_CAPTURE_PDU ? n : 0;
}

static bool lose(struct smpp_cutter *c, struct span *in)
{
	c->lost = true;
	*in = span_skip(*in, in->n);
	return false;
}

bool smpp_cut(struct smpp_cutter *c, struct span *in, struct span *pdu)
{
	size_t n;

	if (c->held.n > 0 && c->held.n == length_of(c->held.p))
		buf_reset(&c->held); /* it was handed out */
	if (c->lost)
		return lose(c, in);
	if (c->held.n == 0 && in->n >= SMPP_HEADER && length_of(in->p) != 0 &&
	    length_of(in->p) <= in->n) {
		*pdu = span_first(*in, length_of(in->p));
		*in = span_skip(*in, pdu->n);
		return true;
	}
	if (!hold(c, in, SMPP_HEADER))
		return false;
	n = length_of(c->held.p);
	if (n == 0)
		return lose(c, in);
	if (!hold(c, in, n))
		return false;
	*pdu = buf_span(&c->held);
	return true;
}

/* ---- lines ---- */

static bool holds_password(struct span pdu)
{
	const uint32_t id = be32(pdu.p + 4);

	return id == SMPP_BIND_RECEIVER || id == SMPP_BIND_TRANSMITTER ||
	       id == SMPP_BIND_TRANSCEIVER || id == SMPP_OUTBIND;
}

static void put_hex(struct span octets, struct buf *out)
{
	static const char digits[] = "0123456789abcdef";
	char *p = buf_room(out, octets.n * 2);

	if (p == NULL)
		return;
	for (size_t i = 0; i < octets.n; i++) {
		*p++ = digits[octets.p[i] >> 4];
		*p++ = digits[octets.p[i] & 15];
	}
	out->n += octets.n * 2;
}

static void put_link(struct str link, struct buf *out)
{
	if (link.n == 0)
		buf_putc(out, '-');
	for (size_t i = 0; i < link.n; i++) {
		const bool plain = link.p[i] > ' ' && link.p[i] != 127;

		buf_put(out, plain ? link.p + i : "_", 1);
	}
}

void smpp_capture_put(const struct smpp_captured *c, struct buf *out)
{
	static const uint8_t header_only[] = { 0, 0, 0, SMPP_HEADER };

	assert(c->pdu.n >= SMPP_HEADER);
	buf_printf(out, "%lld ", (long long)c->at_ms);
	put_link(c->link, out);
	buf_puts(out, c->out ? STR(" out ") : STR(" in "));
	if (holds_password(c->pdu)) {
		put_hex((struct span){ header_only, sizeof(header_only) }, out);
		put_hex((struct span){ c->pdu.p + 4, SMPP_HEADER - 4 }, out);
	} else {
		put_hex(c->pdu, out);
	}
	buf_putc(out, '\n');
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static enum err take_hex(struct str s, struct buf *out)
{
	if (s.n % 2 != 0 || s.n < (size_t)SMPP_HEADER * 2)
		return ERR_SYNTAX;
	if (s.n > (size_t)SMPP_CAPTURE_PDU * 2)
		return ERR_TOO_BIG;
	for (size_t i = 0; i < s.n; i += 2) {
		const int high = hex_digit(s.p[i]), low = hex_digit(s.p[i + 1]);

		if (high < 0 || low < 0)
			return ERR_SYNTAX;
		buf_putc(out, (char)(high * 16 + low));
	}
	return length_of(out->p) == out->n ? ERR_OK : ERR_SYNTAX;
}

enum err smpp_capture_take(struct str line, struct buf *octets, struct smpp_captured *out)
{
	struct str rest = str_trim(line), at, link, way;
	struct smpp_captured c;
	enum err e;

	buf_reset(octets);
	octets->max = SMPP_CAPTURE_PDU;
	if (rest.n == 0 || rest.p[0] == '#')
		return ERR_NOT_FOUND;
	if (!str_cut(&rest, ' ', &at) || str_i64(at, &c.at_ms) != ERR_OK || c.at_ms < 0 ||
	    !str_cut(&rest, ' ', &link) || link.n == 0 || !str_cut(&rest, ' ', &way) ||
	    rest.p == NULL)
		return ERR_SYNTAX;
	c.out = str_eq(way, STR("out"));
	if (!c.out && !str_eq(way, STR("in")))
		return ERR_SYNTAX;
	e = take_hex(rest, octets);
	if (e != ERR_OK)
		return e;
	c.link = link;
	c.pdu = buf_span(octets);
	*out = c;
	return ERR_OK;
}

/* ---- deeds ---- */

void smpp_capture_put_deed(int64_t at_ms, struct str words, struct buf *out)
{
	buf_printf(out, "# %lld office %.*s\n", (long long)at_ms, STR_ARG(words));
}

bool smpp_capture_is_deed(struct str line, int64_t *at_ms, struct str *words)
{
	struct str rest = str_trim(line), mark, at, office;

	if (!str_cut(&rest, ' ', &mark) || !str_eq(mark, STR("#")) ||
	    !str_cut(&rest, ' ', &at) || str_i64(at, at_ms) != ERR_OK || *at_ms < 0 ||
	    !str_cut(&rest, ' ', &office) || !str_eq(office, STR("office")) ||
	    rest.n == 0)
		return false;
	*words = rest;
	return true;
}
