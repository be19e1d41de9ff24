/*
 * mailbox.h - hands whole messages, with their ownership, from thread to thread.
 *
 * A bounded first-in first-out queue.  Messages embed struct mail as their
 * first member; whoever takes a message frees it.  Any number of threads may
 * put; one thread takes, either by blocking (a worker) or by watching the file
 * descriptor (an event loop).
 */
#ifndef BASE_MAILBOX_H
#define BASE_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct mail {
	struct mail *next;
};

struct mailbox;

/* limit: messages held at most, for mailbox_put(). */
struct mailbox *mailbox_create(size_t limit);

/* Nobody may wait on it; messages still inside must have been taken. */
void mailbox_destroy(struct mailbox *m);

/* Takes the message; ERR_FULL at the limit, and the caller still owns it. */
MUST_CHECK enum err mailbox_put(struct mailbox *m, struct mail *mail);

/* Takes a message that must not be refused (results of work already accepted). */
void mailbox_force(struct mailbox *m, struct mail *mail);

/* All messages in order of arrival as a chain, or NULL. */
struct mail *mailbox_take(struct mailbox *m);

/* As mailbox_take(), after waiting up to timeout_ms (-1: for ever) for one. */
struct mail *mailbox_wait(struct mailbox *m, int timeout_ms);

/* Readable while messages wait; mailbox_take() clears it. */
int mailbox_fd(const struct mailbox *m);

/* How many wait now; a snapshot. */
size_t mailbox_count(struct mailbox *m);

#endif
