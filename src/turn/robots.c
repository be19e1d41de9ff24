/*
 * robots.c - two machines that answer each other: after ten equal exchanges in a row
 * the hall falls silent, until the other is quiet for a while or says something else.
 *
 * In a row: the next text comes within a minute where it is no command, as what another
 * machine answers; within half a second where it is one, since a person may well ask
 * for the same figure each few seconds, and so may a load test.
 *
 * A fixed table, one exchange a slot; numbers that share a slot push each other out,
 * which only makes the hall forget.  A restart forgets all.  The table is made a leaf at
 * a time, where numbers fall: a turn over few of them, as in a story, begins at once.
 */
#include <stdlib.h>

#include <sodium.h>

#include "base/alloc.h"
#include "turn_priv.h"

enum {
	LEAF = 64, /* slots */
	LEAVES = 256,
	EQUAL_MAX = 10,
	QUIET_MS = 60000,
	QUIET_COMMAND_MS = 500
};

struct exchange {
	uint64_t who, text, reply; /* keyed hashes */
	int64_t at_ms;
	int equal; /* in a row, this one included */
};

struct robots {
	uint8_t key[16];
	struct exchange *leaf[LEAVES]; /* NULL: none of its slots is in use */
};

struct robots *robots_create(const uint8_t key[static 16])
{
	struct robots *r = xcalloc(1, sizeof(*r));

	memcpy(r->key, key, sizeof(r->key));
	return r;
}

void robots_destroy(struct robots *r)
{
	for (size_t i = 0; r != NULL && i < LEAVES; i++)
		free(r->leaf[i]);
	free(r);
}

static uint64_t hash(const struct robots *r, struct str s)
{
	unsigned char out[crypto_shorthash_BYTES];
	uint64_t h;

	_Static_assert(sizeof(h) == sizeof(out), "a hash is one SipHash");
	crypto_shorthash(out, (const unsigned char *)s.p, s.n, r->key);
	memcpy(&h, out, sizeof(h));
	return h;
}

static bool is_in_a_row(const struct exchange *x, const struct job *job, int64_t now_ms)
{
	const int64_t quiet_ms = job->command.intent != NULL ? QUIET_COMMAND_MS
	                                                     : QUIET_MS;

	return now_ms - x->at_ms < quiet_ms;
}

static uint64_t sender_of(const struct robots *r, const struct job *job)
{
	return hash(r, job->in->from.digits);
}

/* What is noted of the sender, or NULL. */
static const struct exchange *find(const struct robots *r, uint64_t who)
{
	const struct exchange *leaf = r->leaf[who / LEAF % LEAVES];

	return leaf != NULL && leaf[who % LEAF].who == who ? &leaf[who % LEAF] : NULL;
}

static struct exchange *slot_for(struct robots *r, uint64_t who)
{
	struct exchange **leaf = &r->leaf[who / LEAF % LEAVES];

	if (*leaf == NULL)
		*leaf = xcalloc(LEAF, sizeof(**leaf));
	return &(*leaf)[who % LEAF];
}

bool robots_are_talking(const struct robots *r, const struct job *job, int64_t now_ms)
{
	const struct exchange *x = find(r, sender_of(r, job));

	return x != NULL && x->equal >= EQUAL_MAX && is_in_a_row(x, job, now_ms) &&
	       x->text == hash(r, job->text);
}

void robots_note(struct robots *r, const struct job *job, int64_t now_ms)
{
	const uint64_t who = sender_of(r, job);
	struct exchange *x = slot_for(r, who);
	const uint64_t text = hash(r, job->text), reply = hash(r, job->reply);
	const bool follows = x->who == who && x->text == text &&
	                     is_in_a_row(x, job, now_ms);

	if (follows && (job->reply.n == 0 || x->reply == reply)) {
		x->equal += x->equal < EQUAL_MAX ? 1 : 0;
		x->at_ms = now_ms;
		return;
	}
	*x = (struct exchange){ who, text, reply, now_ms, 1 };
}
