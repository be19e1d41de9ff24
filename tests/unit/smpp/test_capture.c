/*
 * test_capture.c - streams cut into PDUs, PDUs as lines, and pcap files.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "smpp/capture.h"
#include "support/suite.h"

static struct buf stream;

static void put_pdu(struct buf *b, uint32_t id, uint32_t sequence, const char *body)
{
	buf_put_be32(b, (uint32_t)(SMPP_HEADER + strlen(body)));
	buf_put_be32(b, id);
	buf_put_be32(b, 0);
	buf_put_be32(b, sequence);
	buf_puts(b, str_of(body));
}

static void set_up(void)
{
	stream = buf_make(1 << 20);
	put_pdu(&stream, SMPP_ENQUIRE_LINK, 1, "");
	put_pdu(&stream, SMPP_DELIVER_SM, 2, "a body of some octets");
	put_pdu(&stream, SMPP_ENQUIRE_LINK | SMPP_RESP, 3, "");
	put_pdu(&stream, SMPP_SUBMIT_SM, 4, "x");
}

static void tear_down(void)
{
	buf_free(&stream);
}

/* ---- cutting ---- */

/* In pieces of whatever size, the PDUs are the same. */
START_TEST(pieces_of_any_size_give_the_same_pdus)
{
	const size_t piece = (size_t)_i + 1;
	struct smpp_cutter c = smpp_cutter_make();
	struct buf again = buf_make(1 << 20);
	unsigned n = 0;

	for (size_t at = 0; at < stream.n; at += piece) {
		const size_t most = stream.n - at < piece ? stream.n - at : piece;
		struct span in = { (const uint8_t *)stream.p + at, most }, pdu;

		while (smpp_cut(&c, &in, &pdu)) {
			ck_assert_uint_eq(be32(pdu.p), pdu.n);
			ck_assert_uint_eq(be32(pdu.p + 12), ++n);
			buf_put(&again, pdu.p, pdu.n);
		}
		ck_assert_uint_eq(in.n, 0);
	}
	ck_assert_uint_eq(n, 4);
	ck_assert_mem_eq(again.p, stream.p, stream.n);
	buf_free(&again);
	smpp_cutter_free(&c);
}
END_TEST

START_TEST(a_length_that_cannot_be_ends_the_stream)
{
	static const uint32_t lengths[] = { 0, 15, SMPP_CAPTURE_PDU + 1, UINT32_MAX };
	struct smpp_cutter c = smpp_cutter_make();
	struct buf bad = buf_make(1 << 20);
	struct span in, pdu;

	buf_put_be32(&bad, lengths[_i]);
	buf_put(&bad, "0123456789ab", 12);
	buf_put(&bad, stream.p, stream.n);
	in = buf_span(&bad);
	ck_assert(!smpp_cut(&c, &in, &pdu));
	in = buf_span(&stream);
	ck_assert(!smpp_cut(&c, &in, &pdu));
	ck_assert_uint_eq(in.n, 0);
	ck_assert_uint_lt(c.held.cap, 4096);
	buf_free(&bad);
	smpp_cutter_free(&c);
}
END_TEST

/* ---- lines ---- */

START_TEST(a_line_reads_as_it_was_written)
{
	const struct smpp_captured was = { 1792463460123,
		                           STR("smsc-a"),
		                           _i == 1,
		                           { (const uint8_t *)stream.p + 16, 37 } };
	struct buf line = buf_make(4096), octets = buf_make(4096);
	struct smpp_captured is;

	smpp_capture_put(&was, &line);
	ck_assert_int_eq(line.p[line.n - 1], '\n');
	ck_assert_int_eq(
		smpp_capture_take((struct str){ line.p, line.n - 1 }, &octets, &is),
		ERR_OK);
	ck_assert_int_eq(is.at_ms, was.at_ms);
	ck_assert(str_eq(is.link, was.link));
	ck_assert(is.out == was.out);
	ck_assert_uint_eq(is.pdu.n, was.pdu.n);
	ck_assert_mem_eq(is.pdu.p, was.pdu.p, was.pdu.n);
	buf_free(&line);
	buf_free(&octets);
}
END_TEST

START_TEST(passwords_are_never_written)
{
	static const uint32_t commands[] = { SMPP_BIND_RECEIVER, SMPP_BIND_TRANSMITTER,
		                             SMPP_BIND_TRANSCEIVER, SMPP_OUTBIND };
	struct buf pdu = buf_make(4096), line = buf_make(4096), octets = buf_make(4096);
	struct smpp_captured c = { .link = STR("a") };

	put_pdu(&pdu, commands[_i], 7, "hall\001sekret1\001");
	c.pdu = buf_span(&pdu);
	smpp_capture_put(&c, &line);
	ck_assert_ptr_null(strstr(buf_cstr(&line), "73656b72657431"));
	ck_assert_int_eq(
		smpp_capture_take((struct str){ line.p, line.n - 1 }, &octets, &c),
		ERR_OK);
	ck_assert_uint_eq(c.pdu.n, SMPP_HEADER);
	ck_assert_uint_eq(be32(c.pdu.p + 4), commands[_i]);
	ck_assert_uint_eq(be32(c.pdu.p + 12), 7);
	buf_free(&pdu);
	buf_free(&line);
	buf_free(&octets);
}
END_TEST

#define H32 "00000010000000150000000000000001"
static const struct {
	const char *line;
	enum err e;
} lines[] = {
	{ "1 a in " H32, ERR_OK },
	{ "  1 a out " H32 "\r", ERR_OK },
	{ "", ERR_NOT_FOUND },
	{ "# smshall", ERR_NOT_FOUND },
	{ "1 a in", ERR_SYNTAX },
	{ "1 a by " H32, ERR_SYNTAX },
	{ "-1 a in " H32, ERR_SYNTAX },
	{ "x a in " H32, ERR_SYNTAX },
	{ "1  in " H32, ERR_SYNTAX },
	{ "1 a in " H32 "0", ERR_SYNTAX },
	{ "1 a in " H32 "00", ERR_SYNTAX },
	{ "1 a in 000000100000001500000000000000", ERR_SYNTAX },
	{ "1 a in 0000001000000015000000000000000G", ERR_SYNTAX },
	{ "1 a in 00000011000000150000000000000001", ERR_SYNTAX },
};

START_TEST(what_is_no_line_is_refused)
{
	struct buf octets = buf_make(4096);
	struct smpp_captured c;

	ck_assert_int_eq(smpp_capture_take(str_of(lines[_i].line), &octets, &c),
	                 lines[_i].e);
	buf_free(&octets);
}
END_TEST

/* ---- pcap ---- */

static void put_le(struct buf *b, uint32_t v, int octets)
{
	for (int i = 0; i < octets; i++)
		buf_putc(b, (char)(v >> (8 * i)));
}

static void pcap_begin(struct buf *b, uint32_t network)
{
	put_le(b, 0xa1b2c3d4, 4);
	put_le(b, 0x00040002, 4);
	put_le(b, 0, 4);
	put_le(b, 0, 4);
	put_le(b, 65535, 4);
	put_le(b, network, 4);
}

static void frame(struct buf *b, uint32_t network)
{
	if (network == 1)
		buf_put(b, "\0\0\0\0\0\0\0\0\0\0\0\0\x08\0", 14);
	if (network == 0)
		buf_put(b, "\2\0\0\0", 4);
	if (network == 113)
		buf_put(b, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x08\0", 16);
}

/* One TCP segment from port 2775 (the SMSC) or to it. */
static void packet(struct buf *b, uint32_t network, bool from_smsc, uint32_t seq,
                   int flags, struct span data)
{
	struct buf p = buf_make(1 << 16);

	frame(&p, network);
	buf_put(&p, "\x45\0", 2);
	buf_put_be16(&p, (uint16_t)(40 + data.n));
	buf_put(&p, "\0\0\0\0\x40\x06\0\0", 8);
	buf_put_be32(&p, from_smsc ? 0x0a000001 : 0x0a000002);
	buf_put_be32(&p, from_smsc ? 0x0a000002 : 0x0a000001);
	buf_put_be16(&p, from_smsc ? 2775 : 40000);
	buf_put_be16(&p, from_smsc ? 40000 : 2775);
	buf_put_be32(&p, seq);
	buf_put_be32(&p, 0);
	buf_putc(&p, 0x50);
	buf_putc(&p, (char)flags);
	buf_put(&p, "\0\0\0\0\0\0", 6);
	if (data.n > 0)
		buf_put(&p, data.p, data.n);
	put_le(b, 1000, 4);
	put_le(b, 500000, 4);
	put_le(b, (uint32_t)p.n, 4);
	put_le(b, (uint32_t)p.n, 4);
	buf_put(b, p.p, p.n);
	buf_free(&p);
}

static char seen[1024];

static void note(void *ctx, const struct smpp_captured *c)
{
	char line[64], link[17] = "";

	(void)ctx;
	ck_assert_int_eq(c->at_ms, 1000500);
	ck_assert_uint_lt(c->link.n, 16);
	memcpy(link, c->link.p, c->link.n);
	(void)snprintf(line, sizeof(line), "%s%s%x:%u ", link, c->out ? ">" : "<",
	               (unsigned)be32(c->pdu.p + 4), (unsigned)be32(c->pdu.p + 12));
	ck_assert_uint_lt(strlen(seen) + strlen(line), sizeof(seen));
	(void)strcat(seen, line);
}

static struct span part(size_t from, size_t n)
{
	return (struct span){ (const uint8_t *)stream.p + from, n };
}

/* stream: 16 + 37 + 16 + 17 octets. */
START_TEST(segments_make_a_stream)
{
	static const uint32_t networks[] = { 0, 1, 101, 113, 228 };
	const uint32_t net = networks[_i];
	struct buf f = buf_make(1 << 16);
	struct fault fault = { "" };

	pcap_begin(&f, net);
	packet(&f, net, true, 99, 2, part(0, 0));
	packet(&f, net, true, 100, 0x18, part(0, 40));
	packet(&f, net, true, 100, 0x18, part(0, 40));  /* sent again */
	packet(&f, net, true, 130, 0x18, part(30, 39)); /* half of it known */
	ck_assert(smpp_is_pcap(buf_span(&f)));
	ck_assert_msg(smpp_pcap_read(buf_span(&f), note, NULL, &fault) == ERR_OK, "%s",
	              fault.text);
	/* What is before the first PDU that tells the ends apart is nobody's. */
	ck_assert_str_eq(seen, "link-1<5:2 link-1<80000015:3 ");
	buf_free(&f);
}
END_TEST

START_TEST(behind_a_gap_it_begins_at_the_next_pdu)
{
	struct buf f = buf_make(1 << 16);
	struct fault fault = { "" };

	pcap_begin(&f, 101);
	packet(&f, 101, false, 100, 0x18, part(69, 17)); /* no SYN: from a PDU's begin */
	packet(&f, 101, true, 500, 0x18, part(20, 33));  /* from its middle: nothing */
	packet(&f, 101, true, 533, 0x18, part(53, 16));
	packet(&f, 101, true, 900, 0x18, part(16, 37)); /* a gap */
	ck_assert_int_eq(smpp_pcap_read(buf_span(&f), note, NULL, &fault), ERR_OK);
	ck_assert_str_eq(seen, "link-1>4:4 link-1<80000015:3 link-1<5:2 ");
	buf_free(&f);
}
END_TEST

START_TEST(other_files_are_refused_in_words)
{
	struct buf f = buf_make(4096);
	struct fault fault = { "" };

	ck_assert(!smpp_is_pcap((struct span){ (const uint8_t *)"1 a in", 6 }));
	pcap_begin(&f, 195);
	ck_assert_int_eq(smpp_pcap_read(buf_span(&f), note, NULL, &fault),
	                 ERR_UNSUPPORTED);
	ck_assert_ptr_nonnull(strstr(fault.text, "195"));
	fault.text[0] = '\0';
	ck_assert_int_eq(
		smpp_pcap_read((struct span){ (const uint8_t *)"\x0a\x0d\x0d\x0a", 4 },
	                       note, NULL, &fault),
		ERR_UNSUPPORTED);
	ck_assert_ptr_nonnull(strstr(fault.text, "tcpdump"));
	ck_assert_int_eq(smpp_pcap_read(part(0, 16), note, NULL, &fault), ERR_SYNTAX);
	buf_free(&f);
}
END_TEST

SUITE("smpp/capture", tcase_add_checked_fixture(tc, set_up, tear_down);
      tcase_add_loop_test(tc, pieces_of_any_size_give_the_same_pdus, 0, 90);
      tcase_add_loop_test(tc, a_length_that_cannot_be_ends_the_stream, 0, 4);
      tcase_add_loop_test(tc, a_line_reads_as_it_was_written, 0, 2);
      tcase_add_loop_test(tc, passwords_are_never_written, 0, 4);
      tcase_add_loop_test(tc, what_is_no_line_is_refused, 0, (int)COUNT_OF(lines));
      tcase_add_loop_test(tc, segments_make_a_stream, 0, 5);
      tcase_add_test(tc, behind_a_gap_it_begins_at_the_next_pdu);
      tcase_add_test(tc, other_files_are_refused_in_words);)
