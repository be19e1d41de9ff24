/*
 * joiner.c - joins the parts of long messages; see handset_priv.h.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "handset_priv.h"

static void set_free(struct join_set *s)
{
	free(s->part);
	*s = (struct join_set){ 0 };
}

void joiner_free(struct joiner *j)
{
	for (size_t i = 0; i < JOIN_SETS; i++)
		set_free(&j->set[i]);
}

static bool belongs(const struct join_set *s, struct span from,
                    const struct smpp_concat *c)
{
	return s->age != 0 && s->of.ref == c->ref && s->of.total == c->total &&
	       s->of.wide == c->wide && strlen(s->from) == from.n &&
	       memcmp(s->from, from.p, from.n) == 0;
}

/* The set that the part belongs to; a new one takes the place of the oldest. */
static struct join_set *set_of(struct joiner *j, struct span from,
                               const struct smpp_concat *c)
{
	struct join_set *oldest = &j->set[0];

	for (size_t i = 0; i < JOIN_SETS; i++) {
		struct join_set *s = &j->set[i];

		if (belongs(s, from, c))
			return s;
		oldest = s->age < oldest->age ? s : oldest;
	}
	set_free(oldest);
	oldest->age = ++j->age;
	oldest->of = *c;
	oldest->part = xcalloc(c->total, sizeof(*oldest->part));
	memcpy(oldest->from, from.p, from.n);
	return oldest;
}

static void put_part(struct join_set *s, unsigned i, struct span octets)
{
	if (s->has[i])
		return;
	s->has[i] = true;
	s->n[i] = (uint8_t)octets.n;
	memcpy(s->part[i], octets.p, octets.n);
	s->seen++;
}

unsigned joiner_take(struct joiner *j, const struct smpp_deliver_sm *sm,
                     struct buf *octets)
{
	struct smpp_concat c;
	struct join_set *s;
	struct span text;
	unsigned total;

	if (smpp_message_octets(sm, &text) != ERR_OK)
		return 0;
	if (smpp_concat_of(sm, &c) != ERR_OK) {
		buf_put(octets, text.p, text.n);
		return 1;
	}
	if (text.n == 0 || text.n > JOIN_PART || sm->source_addr.n == 0 ||
	    sm->source_addr.n >= sizeof(s->from))
		return 0;
	s = set_of(j, sm->source_addr, &c);
	put_part(s, c.seq - 1U, text);
	total = s->of.total;
	if (s->seen < total)
		return 0;
	for (unsigned i = 0; i < total; i++)
		buf_put(octets, s->part[i], s->n[i]);
	set_free(s);
	return total;
}
