/*
 * store.h - the store, in sets: load what a turn needs, record what it changed.
 *
 * One process owns a store and one thread of it uses this interface; a second
 * owner is refused.  Reports use a reader (store_reader), which never writes.
 * The backend is chosen by the URL: sqlite:PATH (PATH may be :memory:).
 *
 * Every function that returns strings puts them into the arena given.
 *
 * Errors of the working functions: ERR_FULL and ERR_BUSY (nothing was done, say
 * so and try again), ERR_UNKNOWN (a commit may or may not be durable: answer
 * nothing, end the process), ERR_MEMORY (nothing was done; end the process), ERR_IO
 * (one read failed), ERR_CORRUPT (stop),
 * ERR_EXISTS (a unique key: the ledger's request id).  store_fault() has the words.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/arena.h"
#include "base/fault.h"
#include "model/changes.h"
#include "store/rows.h"

struct store;

enum store_mode {
	STORE_OPEN,  /* must exist with the current schema */
	STORE_CREATE /* creates it or brings its schema up to date */
};

/*
 * Opens the store as its owner.  The fault says what to do, for instance: no store
 * at var/smshall.db: create it with smshall init --store sqlite:var/smshall.db.
 * ERR_NOT_FOUND (none), ERR_STATE (schema older, or newer than this program),
 * ERR_BUSY (another process owns it; named), ERR_REFUSED (folder not writable),
 * ERR_CORRUPT, ERR_UNSUPPORTED (URL), ERR_IO.
 */
MUST_CHECK enum err store_open(const char *url, enum store_mode mode, struct store **out,
                               struct fault *fault);
void store_close(struct store *s); /* commits nothing; marks a clean stop */

/* Empties a store in memory: it is as new.  ERR_REFUSED for one in a file. */
MUST_CHECK enum err store_forget(struct store *s);

/* What went wrong last, one line; "" when nothing did. */
const char *store_fault(const struct store *s);

/* ---- a turn ---- */

MUST_CHECK enum err store_begin(struct store *s);
/*
 * For rows that can be brought again, such as those of a file: what is committed may be
 * lost, as a whole, until an ordinary transaction is committed behind it.
 */
MUST_CHECK enum err store_begin_bulk(struct store *s);
MUST_CHECK enum err store_commit(struct store *s); /* durable when it returns ERR_OK */
void store_rollback(struct store *s);
/*
 * What is due behind a commit and may wait until its answers have left, namely moving what
 * was written into the database; store_begin() does it otherwise.  ERR_OK also when it has
 * to be put off (store_wal() tells); ERR_UNKNOWN and ERR_CORRUPT as of a commit.
 */
enum store_tending {
	STORE_TEND_DUE,  /* texts wait: what should not be put off */
	STORE_TEND_SOON, /* none does: many rows of a file or campaign in small portions */
	STORE_TEND_AGAIN /* and what was put off, about once a second */
};
MUST_CHECK enum err store_tend(struct store *s, enum store_tending how);

/* The write-ahead log.  At 1 GiB store_begin() gives ERR_FULL until it can be emptied. */
struct store_wal {
	int64_t octets; /* in it, as of the last commit; all of them may have been moved */
	uint64_t moved, failed; /* how often it was moved into the database, or was not */
	bool late;              /* the last time it was not: the disk is full */
};
void store_wal(const struct store *s, struct store_wal *out);

/* An unsettled text with this fingerprint, the newest, not older than since_ms. */
struct store_seen {
	int64_t fingerprint, since_ms; /* in */
	bool found;                    /* out; the rest only when found */
	int64_t id, session;
	enum outbox_state reply_state;
	struct outbox_row
		reply; /* when reply_state is OUTBOX_DONE or _DEAD: to be sent again */
};
MUST_CHECK enum err store_load_seen(struct store *s, struct arena *a,
                                    struct store_seen *seen, size_t n);

/* Fills known, sub, opted_out and open by msisdn.  Each dossier is a different number. */
MUST_CHECK enum err store_load_dossiers(struct store *s, struct arena *a,
                                        struct dossier **d, size_t n);

/*
 * Loads the rows that need[i] names and d[i] has not yet; unknown numbers have none.
 * now (UTC s) bounds details, ended subscriptions and resources that expired.
 */
MUST_CHECK enum err store_load_needs(struct store *s, struct arena *a, struct dossier **d,
                                     const unsigned *need, size_t n, int64_t now);

/*
 * Parts from that sender in that group to that number, all references, newest last:
 * those that wait, and those whose text is unsettled.
 */
struct store_parts {
	struct str group, from, to; /* in */
	struct part_row *row;       /* out */
	size_t n;
};
MUST_CHECK enum err store_load_parts(struct store *s, struct arena *a,
                                     struct store_parts *p);

/* Whether a PIN is kept, or a text waits for one. */
MUST_CHECK enum err store_has_pins(struct store *s, bool *out);
/* Everybody's, for good; what waits for one will be asked to come again. */
MUST_CHECK enum err store_forget_pins(struct store *s);

/* The parked text with that id, or with 0 all of them; *n may be 0. */
MUST_CHECK enum err store_load_parked(struct store *s, struct arena *a, int64_t id,
                                      struct parked_row **rows, size_t *n);

/* Writes a whole turn; inside begin and commit. */
MUST_CHECK enum err store_record(struct store *s, const struct changes *c);

/* ---- at start and between turns ---- */

/* Ids continue from here: the next of inbox and outbox, of tasks and of orders. */
struct store_ids {
	int64_t message, task, order;
};
MUST_CHECK enum err store_ids(struct store *s, struct store_ids *out);

/* READY messages with id > after in order of id, at most limit (*n of them). */
MUST_CHECK enum err store_load_ready(struct store *s, struct arena *a, int64_t after,
                                     size_t limit, struct outbox_row **rows, size_t *n);

/* SENDING rows become AMBIGUOUS: what was being sent at most once when the process died. */
MUST_CHECK enum err store_recover(struct store *s, size_t *n_ambiguous);

/* How many parts of long messages wait; for the global limit. */
MUST_CHECK enum err store_count_parts(struct store *s, int64_t *n);

/*
 * Keys of sets begun before before_ms, at most limit: they have waited long enough, or
 * (inbox is above 0) have been a text for long enough; and of those whose senders were told
 * before told_ms (inbox is PART_TOLD).
 */
MUST_CHECK enum err store_stale_parts(struct store *s, struct arena *a, int64_t before_ms,
                                      int64_t told_ms, size_t limit,
                                      struct part_row **rows, size_t *n);

/* An order whose day has come, with the addresses of the text that it came of. */
struct store_due {
	struct order_row row;
	struct str group;        /* "" when the text is gone */
	struct address from, to; /* of the text */
	int64_t sender;          /* who may have ordered for another number */
};
/* ACCEPTED orders with effective_at in 1..now, the earliest first, at most limit. */
MUST_CHECK enum err store_due_orders(struct store *s, struct arena *a, int64_t now,
                                     size_t limit, struct store_due **rows, size_t *n);

/* A reminder that is to be looked at, with the addresses of the text that asked for it. */
struct store_reminder {
	struct reminder_row row;
	struct str group;        /* "" when the text is gone */
	struct address from, to; /* of the text */
};
/* Those with next_at in 1..now, the earliest first, at most limit. */
MUST_CHECK enum err store_due_reminders(struct store *s, struct arena *a, int64_t now,
                                        size_t limit, struct store_reminder **rows,
                                        size_t *n);

/* A task that its person has answered or closed, with the addresses of its text. */
struct store_told {
	struct task_view task;
	int64_t msisdn, owner_since;
	struct str group;        /* "" when the text is gone */
	struct address from, to; /* of the text */
};
/* Those to be told by now, at most limit. */
MUST_CHECK enum err store_tasks_to_tell(struct store *s, struct arena *a, int64_t now,
                                        size_t limit, struct store_told **rows,
                                        size_t *n);

/* Tasks that are open, and those of them that are late, counted up to STORE_TASKS_COUNTED. */
enum {
	STORE_TASKS_COUNTED = 10000
};
MUST_CHECK enum err store_count_tasks(struct store *s, int64_t now, int64_t *open,
                                      int64_t *late);

/* Uses a login_row up; a wrong code counts, the fifth ends it.  Inside begin and commit. */
MUST_CHECK enum err store_use_login(struct store *s, int64_t msisdn, struct str code,
                                    int64_t now, bool *right);

/*
 * Forgets dialogues that expired before then (UTC s), at most limit; gives the commands of
 * those that were prompts.
 */
MUST_CHECK enum err store_expire_dialogues(struct store *s, struct arena *a,
                                           int64_t before, size_t limit,
                                           struct str **prompts, size_t *n);

/*
 * Takes messages out whose time has come, the earliest, at most limit; gives those of
 * numbers that still have the same owner.  Inside begin and commit.
 */
MUST_CHECK enum err store_take_delayed(struct store *s, struct arena *a, int64_t now,
                                       size_t limit, struct delayed_row **rows,
                                       size_t *n);

/* All packages; the catalogue's memory is in the arena. */
MUST_CHECK enum err store_load_catalogue(struct store *s, struct arena *a,
                                         struct catalogue *out);

/*
 * Named settings, such as the key of fingerprints; at most 64 octets; set to "" it
 * is gone.  ERR_NOT_FOUND.
 */
MUST_CHECK enum err store_setting(struct store *s, const char *name, struct arena *a,
                                  struct str *value);
MUST_CHECK enum err store_set_setting(struct store *s, const char *name,
                                      struct str value);

/* Whether the last owner stopped without store_close(). */
bool store_was_unclean(const struct store *s);

/* ---- data in: inside begin and commit ---- */

/*
 * Stores n rows of a kind (their type: store/rows.h); a key that exists is replaced.
 * as_of: UTC s when the figures were true.  Rows of a number that is no subscriber are
 * left out and added to *left_out, which may be NULL.
 */
MUST_CHECK enum err store_put(struct store *s, enum store_kind kind, const void *rows,
                              size_t n, int64_t as_of, size_t *left_out);

/* ---- readers: another connection, for another thread; each query has a time limit ---- */

struct store_reader;
MUST_CHECK enum err store_reader_open(const struct store *s, struct store_reader **out,
                                      struct fault *fault);
void store_reader_close(struct store_reader *r);
/* From another thread: a query under way ends soon with ERR_BUSY, and so do later ones. */
void store_reader_stop(struct store_reader *r);
/*
 * Who waits for a file to be looked through, or copied: is told now and then how far it is,
 * octets of octets; false ends it.
 */
struct store_watch {
	bool (*go_on)(void *ctx, int64_t done, int64_t total);
	void *ctx;
};
/*
 * Checks the file; ERR_CORRUPT with a fault naming the damage.  May take seconds.  watch
 * may be NULL.
 */
MUST_CHECK enum err store_reader_check(struct store_reader *r,
                                       const struct store_watch *watch,
                                       struct fault *fault);

/* known[i] says whether msisdn[i] is a subscriber, code[i] a group. */
MUST_CHECK enum err store_reader_has_subscribers(struct store_reader *r,
                                                 const int64_t *msisdn, bool *known,
                                                 size_t n);
MUST_CHECK enum err store_reader_has_groups(struct store_reader *r,
                                            const struct str *code, bool *known,
                                            size_t n);
/* As store_load_catalogue(). */
MUST_CHECK enum err store_reader_catalogue(struct store_reader *r, struct arena *a,
                                           struct catalogue *out);

#endif
