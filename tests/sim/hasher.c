/*
 * hasher.c - stands in for the thread that hashes PINs: verdicts come a moment later,
 * sometimes much later, and of a process that has died never.
 */
#include <stdlib.h>

#include "../../src/gateway/gateway_priv.h"
#include "sim.h"

enum {
	HASHING = 16 /* at once; a turn parks four */
};

struct hasher {
	struct mailbox *to_worker;
	struct verdict *verdict[HASHING]; /* to be given */
};

static struct hasher hasher;

enum err __wrap_hasher_key(const struct gateway *g, struct store *store,
                           struct pin_conf *out, struct fault *fault);
enum err __wrap_hasher_start(const struct pin_conf *conf, struct mailbox *to_worker,
                             struct hasher **out, struct fault *fault);
void __wrap_hasher_end(struct hasher *h);
void __wrap_hasher_post(void *hasher, const struct pin_job *job);

void hasher_conf(struct pin_conf *out)
{
	static const uint8_t pepper[PIN_PEPPER] = "of the simulator only";

	pin_conf_make(out, pepper, true);
}

enum err __wrap_hasher_key(const struct gateway *g, struct store *store,
                           struct pin_conf *out, struct fault *fault)
{
	(void)g;
	(void)store;
	(void)fault;
	hasher_conf(out);
	return ERR_OK;
}

enum err __wrap_hasher_start(const struct pin_conf *conf, struct mailbox *to_worker,
                             struct hasher **out, struct fault *fault)
{
	(void)conf;
	(void)fault;
	hasher = (struct hasher){ .to_worker = to_worker };
	*out = &hasher;
	return ERR_OK;
}

static void give(int64_t slot)
{
	struct mail_chain chain = { NULL, NULL, 0 };
	struct verdict *v = hasher.verdict[slot];

	if (v == NULL) /* its process has died */
		return;
	hasher.verdict[slot] = NULL;
	note("verdict", "inbox=%lld", (long long)v->job.id);
	mail_chain_add(&chain, &v->letter.mail);
	mailbox_put(hasher.to_worker, &chain);
}

/* Where a process died, its slot's time may bring the next one's verdict sooner. */
void __wrap_hasher_post(void *unused, const struct pin_job *job)
{
	struct verdict *v = xcalloc(1, sizeof(*v));
	struct pin_conf conf;
	int64_t slot = 0;

	(void)unused;
	while (hasher.verdict[slot] != NULL)
		slot++;
	hasher_conf(&conf);
	v->letter.kind = MAIL_VERDICT;
	v->job = *job;
	v->in = (struct turn_input){ .kind = TURN_VERDICT, .verdict = &v->job };
	pin_work(&conf, &v->job);
	hasher.verdict[slot] = v;
	note("hash", "inbox=%lld", (long long)job->id);
	later(one_in(5) ? below(20 * SECOND_US) : between(20000, 120000), give, slot);
}

void __wrap_hasher_end(struct hasher *h)
{
	if (h == NULL)
		return;
	for (int i = 0; i < HASHING; i++) {
		free(h->verdict[i]);
		h->verdict[i] = NULL;
	}
}

bool hasher_is_idle(void)
{
	for (int i = 0; i < HASHING; i++) {
		if (hasher.verdict[i] != NULL)
			return false;
	}
	return true;
}
