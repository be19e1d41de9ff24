/*
 * office.h - what the owner of a store does when asked: import, backup, trace,
 * evidence, retention, ...
 *
 * The same task runs in two places: on the reader thread of a running gateway, asked
 * over the Unix socket beside the database; or in a command that took the owner's
 * lock itself, because no gateway runs.  A task reads through its reader and writes
 * in short pieces through host->write(), between the turns of the worker.
 *
 * A request is one JSON object on one line: {"do":"trace","msisdn":"13800000001"}.
 */
#ifndef OFFICE_OFFICE_H
#define OFFICE_OFFICE_H

#include "base/fault.h"
#include "base/log.h"
#include "base/str.h"
#include "conf/conf.h"
#include "grammar/grammar.h"
#include "office/figures.h"
#include "store/store.h"

enum {
	OFFICE_REQUEST_MAX = 64 * 1024 /* octets of a request */
};

/*
 * The files of a running hall.  All is borrowed until host->reload_end(): nothing else is
 * gone over to before.
 */
struct office_reload {
	const char *path; /* of the configuration; NULL: none is read */
	const struct conf *started, *running;
	const struct conf *now;        /* as read; running where there is no path */
	const struct grammar *grammar; /* in use */
	const struct grammar *read;    /* on trial: what the folder holds, else grammar */
};

struct office_campaigns; /* office/campaigns.h */

struct office_host {
	struct store_reader *reader; /* borrowed, of this thread */
	/*
	 * Runs work(store, arg) where the store may be written and waits for its end.  No
	 * transaction is open; work begins and commits its own.  A piece takes a few
	 * milliseconds at most: texts wait meanwhile.
	 */
	enum err (*write)(void *ctx, enum err (*work)(struct store *s, void *arg),
	                  void *arg);
	/*
	 * The same in two parts, between which the caller goes on with what the work does
	 * not touch; begin_write() is always followed by end_write() before anything else
	 * is written.  Both NULL: write.
	 */
	void (*begin_write)(void *ctx, enum err (*work)(struct store *s, void *arg),
	                    void *arg);
	enum err (*end_write)(void *ctx);
	/*
	 * Called by what takes minutes, where it has no query open on the reader: what is
	 * due by itself and short is done.  May be NULL.
	 */
	void (*meanwhile)(void *ctx);
	bool (*is_busy)(void *ctx);    /* texts were answered within the last second */
	int64_t (*turn_us)(void *ctx); /* what a turn takes of late; NULL: not known */
	bool (*is_ending)(void *ctx);  /* the process drains: stop at the next piece */
	void (*packages_changed)(void *ctx); /* read the catalogue again; may be NULL */
	/*
	 * As write(), of what campaigns may send: nothing of them is decided between the
	 * commit and what sends knowing of it.  NULL: write, nobody sends here.
	 */
	enum err (*write_campaigns)(void *ctx,
	                            enum err (*work)(struct store *s, void *arg),
	                            void *arg);
	/* What the last look at them saw; may be NULL. */
	void (*campaigns_seen)(void *ctx, const struct office_campaigns *seen);
	/*
	 * Reads configuration and grammar again and goes over to them; on trial: only reads
	 * them.  What is broken, with its fault, leaves all as it was, and needs no
	 * reload_end().  NULL: nobody serves.
	 */
	enum err (*reload)(void *ctx, bool trial, struct office_reload *out,
	                   struct fault *fault);
	void (*reload_end)(void *ctx);
	struct office_figures *figures; /* borrowed; NULL: nobody looks at them */
	const struct conf *conf;        /* borrowed; never NULL */
	const struct log *log;          /* may be NULL */
	void *ctx;
};

/* Who asked.  Both functions may be NULL. */
struct office_peer {
	void (*line)(void *ctx, struct str line); /* a line of the answer, without \n */
	void (*progress)(void *ctx, int64_t done, int64_t total, int64_t rows);
	void *ctx;
};

/*
 * Carries out one request.  ERR_SYNTAX (no JSON, no such task, wrong or missing
 * fields), ERR_STATE when the host ends, or what the task says; always with a fault.
 */
MUST_CHECK enum err office_do(const struct office_host *host, struct str request,
                              const struct office_peer *peer, struct fault *fault);

/*
 * Whether that request may take minutes, such as an import: what is short should not
 * wait behind it.  false for what is no request.
 */
bool office_is_long(struct str request);

/*
 * Appends "import usage" or the like of a request that may change what subscribers are
 * answered or sent; nothing personal.  false: it does not, or it is none.
 */
bool office_deed(struct str request, struct buf *out);

/*
 * Goes on with imports that an earlier life of the process, or a failure, left half
 * done; peer->line gets the path of each that is done now.
 */
MUST_CHECK enum err office_resume(const struct office_host *host,
                                  const struct office_peer *peer, struct fault *fault);

#endif
