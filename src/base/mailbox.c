/*
 * mailbox.c - see base/mailbox.h.
 *
 * The eventfd is written only when the queue was empty: one wake-up a batch.
 */
#include <assert.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/mailbox.h"

struct mailbox {
	pthread_mutex_t lock;
	struct mail *first, **last;
	size_t n;
	int fd;
};

struct mailbox *mailbox_create(void)
{
	struct mailbox *m = xcalloc(1, sizeof(*m));

	(void)pthread_mutex_init(&m->lock, NULL);
	m->last = &m->first;
	m->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	assert(m->fd >= 0);
	return m;
}

void mailbox_destroy(struct mailbox *m)
{
	struct mail *mail, *next;

	if (m == NULL)
		return;
	for (mail = m->first; mail != NULL; mail = next) {
		next = mail->next;
		free(mail);
	}
	(void)close(m->fd);
	(void)pthread_mutex_destroy(&m->lock);
	free(m);
}

void mail_chain_add(struct mail_chain *c, struct mail *mail)
{
	mail->next = NULL;
	if (c->last != NULL)
		c->last->next = mail;
	else
		c->first = mail;
	c->last = mail;
	c->n++;
}

void mailbox_put(struct mailbox *m, struct mail_chain *c)
{
	const uint64_t one = 1;
	ssize_t written = (ssize_t)sizeof(one);
	bool wake;

	if (c->n == 0)
		return;
	(void)pthread_mutex_lock(&m->lock);
	wake = m->n == 0;
	*m->last = c->first;
	m->last = &c->last->next;
	m->n += c->n;
	(void)pthread_mutex_unlock(&m->lock);
	*c = (struct mail_chain){ NULL, NULL, 0 };
	if (wake)
		written = write(m->fd, &one, sizeof(one));
	assert(written == (ssize_t)sizeof(one));
}

struct mail *mailbox_take(struct mailbox *m)
{
	struct mail *all;
	uint64_t drained;

	(void)pthread_mutex_lock(&m->lock);
	all = m->first;
	m->first = NULL;
	m->last = &m->first;
	m->n = 0;
	/* Cleared under the lock: a put that follows sees an empty queue and wakes. */
	if (all != NULL && read(m->fd, &drained, sizeof(drained)) < 0)
		drained = 0; /* the putter has not written yet: one idle wake-up later */
	(void)pthread_mutex_unlock(&m->lock);
	return all;
}

struct mail *mailbox_wait(struct mailbox *m, int timeout_ms)
{
	struct mail *all = mailbox_take(m);
	struct pollfd p = { .fd = m->fd, .events = POLLIN };
	uint64_t drained;

	if (all != NULL)
		return all;
	if (poll(&p, 1, timeout_ms) > 0) {
		all = mailbox_take(m);
		if (all == NULL && read(m->fd, &drained, sizeof(drained)) < 0)
			drained = 0; /* cleared meanwhile */
	}
	return all;
}

int mailbox_fd(const struct mailbox *m)
{
	return m->fd;
}

size_t mailbox_count(struct mailbox *m)
{
	size_t n;

	(void)pthread_mutex_lock(&m->lock);
	n = m->n;
	(void)pthread_mutex_unlock(&m->lock);
	return n;
}
