/*
 * window.c - see window_priv.h.
 */
#include <assert.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "smpp/pdu.h"
#include "window_priv.h"

enum {
	EXPIRED_KEPT = 1000,
	SPARE = 4 /* slots a request, so that a slow one seldom costs a sequence number */
};
#define NO_SLOT UINT32_MAX

struct window_slot {
	struct window_request request;
	int64_t due_ms;
	uint32_t older, newer; /* slots, or NO_SLOT */
};

struct window window_make(unsigned limit, uint32_t first_sequence)
{
	struct window w = { .limit = limit, .first = NO_SLOT, .last = NO_SLOT };
	uint32_t slots = 1;

	while (slots < limit * SPARE)
		slots *= 2;
	w.mask = slots - 1;
	w.next = first_sequence == 0 || first_sequence > WINDOW_SEQUENCE_MAX
	                 ? 1
	                 : first_sequence;
	w.slot = xcalloc(slots, sizeof(*w.slot));
	w.expired = xcalloc(EXPIRED_KEPT, sizeof(*w.expired));
	return w;
}

void window_free(struct window *w)
{
	free(w->slot);
	free(w->expired);
	*w = (struct window){ .first = NO_SLOT, .last = NO_SLOT };
}

uint32_t window_sequence(struct window *w)
{
	uint32_t sequence;

	do {
		sequence = w->next;
		w->next = sequence == WINDOW_SEQUENCE_MAX ? 1 : sequence + 1;
	} while (w->slot[sequence & w->mask].request.sequence != 0);
	return sequence;
}

void window_add(struct window *w, const struct window_request *r, int64_t due_ms)
{
	const uint32_t at = r->sequence & w->mask;

	assert(w->pending < w->limit && w->slot[at].request.sequence == 0);
	w->slot[at] = (struct window_slot){ *r, due_ms, w->last, NO_SLOT };
	if (w->last == NO_SLOT)
		w->first = at;
	else
		w->slot[w->last].newer = at;
	w->last = at;
	w->pending++;
}

static struct window_request take_slot(struct window *w, uint32_t at)
{
	struct window_slot *s = &w->slot[at];
	const struct window_request taken = s->request;

	if (s->older == NO_SLOT)
		w->first = s->newer;
	else
		w->slot[s->older].newer = s->newer;
	if (s->newer == NO_SLOT)
		w->last = s->older;
	else
		w->slot[s->newer].older = s->older;
	s->request.sequence = 0;
	w->pending--;
	return taken;
}

static bool answers(uint32_t command_id, const struct window_request *r)
{
	return command_id == SMPP_GENERIC_NACK ||
	       command_id == (r->command_id | SMPP_RESP);
}

static struct window_request *find_expired(struct window *w, uint32_t sequence)
{
	for (size_t i = 0; i < EXPIRED_KEPT; i++) {
		if (w->expired[i].sequence == sequence)
			return &w->expired[i];
	}
	return NULL;
}

bool window_answer(struct window *w, uint32_t command_id, uint32_t sequence,
                   struct window_request *out, bool *late)
{
	const uint32_t at = sequence & w->mask;
	struct window_request *r = &w->slot[at].request;

	if (sequence == 0)
		return false;
	*late = r->sequence != sequence;
	if (*late)
		r = find_expired(w, sequence);
	if (r == NULL || !answers(command_id, r))
		return false;
	if (*late) {
		*out = *r;
		r->sequence = 0;
	} else {
		*out = take_slot(w, at);
	}
	return true;
}

bool window_drop(struct window *w, struct window_request *out)
{
	if (w->first == NO_SLOT)
		return false;
	*out = take_slot(w, w->first);
	return true;
}

bool window_expire(struct window *w, int64_t now_ms, struct window_request *out)
{
	if (window_due(w) > now_ms || !window_drop(w, out))
		return false;
	w->expired[w->expired_at] = *out;
	w->expired_at = (w->expired_at + 1) % EXPIRED_KEPT;
	return true;
}

int64_t window_due(const struct window *w)
{
	return w->first == NO_SLOT ? INT64_MAX : w->slot[w->first].due_ms;
}
