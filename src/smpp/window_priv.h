/*
 * window_priv.h - the requests of ours that wait for their responses.
 *
 * A fixed array of slots: a request's sequence number names its slot, so that
 * finding one costs the same at any size.  All wait equally long, so the oldest
 * is the first to expire.  The last 1000 that expired are remembered, for the
 * response that comes late.
 */
#ifndef SMPP_WINDOW_PRIV_H
#define SMPP_WINDOW_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WINDOW_SEQUENCE_MAX UINT32_C(0x7fffffff)

struct window_request {
	uint32_t sequence; /* 0: none */
	uint32_t command_id;
	uint64_t token;
};

struct window_slot;

struct window {
	struct window_slot *slot;
	uint32_t mask;        /* slots - 1; slots are a power of two */
	uint32_t first, last; /* slots of the oldest and the newest waiting */
	uint32_t next;        /* sequence number to try first */
	unsigned pending, limit;
	struct window_request *expired; /* ring */
	size_t expired_at;              /* where the next one goes */
};

/* limit: requests waiting at most, from 1. */
struct window window_make(unsigned limit, uint32_t first_sequence);
void window_free(struct window *w);

/* A sequence number, 1..0x7fffffff, that no waiting request has. */
uint32_t window_sequence(struct window *w);

/* Remembers a request just sent; pending < limit, sequence from window_sequence(). */
void window_add(struct window *w, const struct window_request *r, int64_t due_ms);

/*
 * Takes the request that a response with this command id (SMPP_GENERIC_NACK fits
 * all) and sequence answers; *late when it had expired.  False when there is none.
 */
bool window_answer(struct window *w, uint32_t command_id, uint32_t sequence,
                   struct window_request *out, bool *late);

/* Takes the oldest request if it is due by now_ms, and remembers it as expired. */
bool window_expire(struct window *w, int64_t now_ms, struct window_request *out);

/* Takes the oldest request, for good. */
bool window_drop(struct window *w, struct window_request *out);

/* When the oldest expires, or INT64_MAX. */
int64_t window_due(const struct window *w);

#endif
