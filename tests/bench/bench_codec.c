/*
 * bench_codec.c - what decoding a deliver_sm and encoding a submit_sm cost.
 *
 * Prints "name value" lines: nanoseconds a PDU, the same for a memcpy of the
 * same octets, and how many such copies one PDU costs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "smpp/pdu.h"

enum {
	ROUNDS = 7,
	PDUS = 400000 /* a round */
};

static const char text[] =
	"Your balance is 35.20 yuan. Reply CXLL for data, CXYE for this.";

#define SPAN(literal) ((struct span){ (const uint8_t *)(literal), sizeof(literal) - 1 })

static union smpp_body sample(void)
{
	return (union smpp_body){ .submit_sm = {
					  .source_addr_ton = 1,
					  .source_addr_npi = 1,
					  .source_addr = SPAN("10086"),
					  .dest_addr_ton = 1,
					  .dest_addr_npi = 1,
					  .destination_addr = SPAN("8613800138000"),
					  .registered_delivery = 1,
					  .short_message = SPAN(text),
				  } };
}

static double now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* Keeps the compiler from leaving out work whose result nobody reads. */
static void keep(const void *p)
{
	__asm__ volatile("" : : "g"(p) : "memory");
}

static void decode_one(struct buf *wire)
{
	union smpp_body body;
	size_t at;

	keep(wire->p);
	if (smpp_decode(SMPP_DELIVER_SM, span_skip(buf_span(wire), SMPP_HEADER), &body,
	                &at) != ERR_OK)
		abort();
	keep(&body);
}

static void encode_one(struct buf *wire)
{
	const union smpp_body body = sample();

	buf_reset(wire);
	keep(&body);
	if (smpp_encode(SMPP_SUBMIT_SM, 0, 7, &body, wire) != ERR_OK)
		abort();
	keep(wire->p);
}

static void copy_one(struct buf *wire)
{
	uint8_t to[512];

	keep(wire->p);
	memcpy(to, wire->p, wire->n < sizeof(to) ? wire->n : sizeof(to));
	keep(to);
}

/* The best round, in nanoseconds a call. */
static double measure(void (*one)(struct buf *), struct buf *wire)
{
	double best = 1e18;

	for (int round = 0; round < ROUNDS; round++) {
		const double start = now_ns();

		for (int i = 0; i < PDUS; i++)
			one(wire);
		const double each = (now_ns() - start) / PDUS;
		best = each < best ? each : best;
	}
	return best;
}

int main(void)
{
	struct buf wire = buf_make(65536);
	const union smpp_body body = sample();
	double decode, encode, copy;

	/* submit_sm and deliver_sm have one layout. */
	if (smpp_encode(SMPP_DELIVER_SM, 0, 7, &body, &wire) != ERR_OK)
		return EXIT_FAILURE;
	copy = measure(copy_one, &wire);
	decode = measure(decode_one, &wire);
	encode = measure(encode_one, &wire);
	printf("pdu_octets %zu\n", wire.n);
	printf("decode_deliver_sm_ns %.1f\n", decode);
	printf("encode_submit_sm_ns %.1f\n", encode);
	printf("memcpy_ns %.1f\n", copy);
	printf("decode_deliver_sm_memcpys %.1f\n", decode / copy);
	printf("encode_submit_sm_memcpys %.1f\n", encode / copy);
	buf_free(&wire);
	return EXIT_SUCCESS;
}
