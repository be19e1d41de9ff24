/*
 * mailbox.h - hands whole messages, with their ownership, from thread to thread.
 *
 * A first-in first-out queue.  Messages embed struct mail as their first member;
 * whoever takes a message frees it.  The bound lies with whoever accepts work from
 * outside: he counts what he put and has not got back.  Any number of threads may
 * put; one thread takes, either by blocking (a worker) or by watching the file
 * descriptor (an event loop).
 */
#ifndef BASE_MAILBOX_H
#define BASE_MAILBOX_H

#include <stddef.h>

struct mail {
	struct mail *next;
};

struct mailbox;

struct mailbox *mailbox_create(void);

/* Nobody may wait on it; frees the messages still inside, of malloc() each.  NULL is fine. */
void mailbox_destroy(struct mailbox *m);

/* Messages in order, to be put with one lock and one wake-up. */
struct mail_chain {
	struct mail *first, *last;
	size_t n;
};

void mail_chain_add(struct mail_chain *c, struct mail *mail);

/* Takes all messages of the chain and empties it. */
void mailbox_put(struct mailbox *m, struct mail_chain *c);

/* All messages in order of arrival as a chain, or NULL. */
struct mail *mailbox_take(struct mailbox *m);

/* As mailbox_take(), after waiting up to timeout_ms (-1: for ever) for one. */
struct mail *mailbox_wait(struct mailbox *m, int timeout_ms);

/* Readable while messages wait; mailbox_take() clears it. */
int mailbox_fd(const struct mailbox *m);

/* How many wait now; a snapshot. */
size_t mailbox_count(struct mailbox *m);

#endif
