/*
 * fuzz_capture.c - any octets as a capture, as a stream of PDUs and as a pcap file:
 * reading ends, PDUs are whole, and a line that reads is written the same again.
 */
#include <stdlib.h>
#include <string.h>

#include "smpp/capture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(void *ctx, const struct smpp_captured *c)
{
	struct buf line = buf_make(1 << 18), octets = buf_make(1 << 17);
	struct smpp_captured again;

	(void)ctx;
	if (c->pdu.n < SMPP_HEADER || be32(c->pdu.p) != c->pdu.n)
		abort();
	smpp_capture_put(c, &line);
	if (line.failed ||
	    smpp_capture_take((struct str){ line.p, line.n - 1 }, &octets, &again) !=
	            ERR_OK ||
	    again.out != c->out || again.at_ms != c->at_ms)
		abort();
	buf_free(&line);
	buf_free(&octets);
}

static void as_lines(struct str rest)
{
	struct buf octets = buf_make(1 << 17);
	struct smpp_captured c;
	struct str line;

	while (str_cut(&rest, '\n', &line)) {
		if (smpp_capture_take(line, &octets, &c) == ERR_OK)
			check(NULL, &c);
	}
	buf_free(&octets);
}

/* The first octet says in what pieces it comes. */
static void as_stream(const uint8_t *data, size_t size)
{
	struct smpp_cutter c = smpp_cutter_make();
	const size_t piece = size > 0 ? (size_t)data[0] + 1 : 1;

	for (size_t at = 0; at < size; at += piece) {
		struct span in = { data + at, size - at < piece ? size - at : piece };
		struct smpp_captured pdu = { .link = STR("a") };

		while (smpp_cut(&c, &in, &pdu.pdu))
			check(NULL, &pdu);
	}
	smpp_cutter_free(&c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fault fault = { "" };

	as_lines((struct str){ (const char *)data, size });
	as_stream(data, size);
	if (smpp_pcap_read((struct span){ data, size }, check, NULL, &fault) != ERR_OK &&
	    fault.text[0] == '\0')
		abort();
	return 0;
}
