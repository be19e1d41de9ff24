/*
 * hasher.c - the thread that hashes PINs, and the key that it does it with.
 *
 * Its queue is bounded by the turn, which parks 32 texts at most.  A verdict goes to
 * the worker as mail; one that nobody takes any more is done again after the next start.
 */
#include <pthread.h>
#include <stdlib.h>

#include <sodium.h>

#include "base/alloc.h"
#include "base/killpoint.h"
#include "gateway_priv.h"
#include "office/pepper.h"

struct hasher {
	pthread_t thread;
	const struct pin_conf *conf;
	struct mailbox *in, *to_worker;
};

static void put(struct mailbox *to, struct letter *letter)
{
	struct mail_chain chain = { NULL, NULL, 0 };

	mail_chain_add(&chain, &letter->mail);
	mailbox_put(to, &chain);
}

/* false: it was the last letter. */
static bool work(struct hasher *h, struct letter *letter)
{
	struct verdict *v = (struct verdict *)letter;

	if (letter->kind == MAIL_STOP) {
		free(letter);
		return false;
	}
	KILLPOINT("pin.before");
	pin_work(h->conf, &v->job);
	KILLPOINT("pin.after");
	put(h->to_worker, letter);
	return true;
}

static void *run(void *arg)
{
	struct hasher *h = arg;
	bool on = true;

	thread_aside();
	while (on) {
		struct mail *mail = mailbox_wait(h->in, -1), *next;

		for (; mail != NULL; mail = next) {
			next = mail->next;
			if (on)
				on = work(h, (struct letter *)mail);
			else
				free(mail);
		}
	}
	return NULL;
}

void hasher_post(void *hasher, const struct pin_job *job)
{
	struct hasher *h = hasher;
	struct verdict *v = xcalloc(1, sizeof(*v));

	v->letter.kind = MAIL_VERDICT;
	v->job = *job;
	v->in = (struct turn_input){ .kind = TURN_VERDICT, .verdict = &v->job };
	put(h->in, &v->letter);
}

enum err hasher_start(const struct pin_conf *conf, struct mailbox *to_worker,
                      struct hasher **out, struct fault *fault)
{
	struct hasher *h = xcalloc(1, sizeof(*h));

	h->conf = conf;
	h->in = mailbox_create();
	h->to_worker = to_worker;
	if (pthread_create(&h->thread, NULL, run, h) == 0) {
		*out = h;
		return ERR_OK;
	}
	mailbox_destroy(h->in);
	free(h);
	fault_set(fault, "cannot start a thread for passwords");
	return ERR_FULL;
}

void hasher_end(struct hasher *h)
{
	struct note *last;

	if (h == NULL)
		return;
	last = xcalloc(1, sizeof(*last));
	last->letter.kind = MAIL_STOP;
	put(h->in, &last->letter);
	(void)pthread_join(h->thread, NULL);
	mailbox_destroy(h->in);
	free(h);
}

static void set_cost(const struct conf *conf, struct pin_conf *out)
{
	out->ops = (unsigned long long)conf->pin_passes;
	out->octets = (size_t)conf->pin_memory_mb * 1024 * 1024;
}

enum err hasher_key(const struct gateway *g, struct store *store, struct pin_conf *out,
                    struct fault *fault)
{
	struct buf path = buf_make(4096);
	uint8_t pepper[PIN_PEPPER];
	bool made = false;
	enum err e;

	if (g->db == NULL) { /* its PINs do not outlive the process either */
		randombytes_buf(pepper, sizeof(pepper));
		pin_conf_make(out, pepper, false);
		set_cost(g->conf, out);
		return ERR_OK;
	}
	pepper_path(g->conf->pepper_file, g->db, &path);
	e = pepper_settle(store, buf_cstr(&path), out, &made, fault);
	if (made)
		LOG(g->log, LOG_INFO, "pepper.made", "path=\"%s\"", buf_cstr(&path));
	if (e != ERR_OK && fault->text[0] == '\0')
		fault_set(fault, "cannot read what PINs the store holds: %s (%s)",
		          err_text(e), store_fault(store));
	if (e == ERR_OK)
		set_cost(g->conf, out);
	buf_free(&path);
	return e;
}
