/*
 * log.h - one line an event: time, level, event name, key=value pairs.
 *
 * The name comes first and is constant, so that a line can be searched for:
 *   2026-10-20T10:31:00+0800 info link.bound link=smsc-a as=transceiver
 * Pure rooms never log.  Anything a peer or subscriber wrote goes through
 * log_quote(), which escapes control octets; whatever gets past it cannot forge a
 * line either: control octets of a line are written as "?".
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>

#include "base/str.h"

enum log_level {
	LOG_ERROR,
	LOG_WARN,
	LOG_INFO,
	LOG_DEBUG
};

struct log_guard;

/* Level and texts_until_s may be changed while other threads log. */
struct log {
	FILE *to; /* borrowed; NULL drops every line */
	_Atomic(enum log_level) level;
	struct log_guard *guard; /* borrowed; NULL: no limit, and nothing is counted */
	_Atomic int64_t texts_until_s; /* UTC: until then texts may stand in the log */
};

/*
 * Writes the line if l's level and guard allow; preserves errno.  l may be NULL.  A
 * line that cannot be written (disk full) is lost and counted; nothing waits for it.
 */
void log_line(const struct log *l, enum log_level level, const char *event,
              const char *fmt, ...) PRINTF_LIKE(4, 5);

#define LOG(l, at_level, event, ...)                                      \
	do {                                                              \
		const struct log *log_ = (l);                             \
		if (log_ != NULL && (at_level) <= log_->level)            \
			log_line(log_, (at_level), (event), __VA_ARGS__); \
	} while (0)

/* "error", "warn", ... ; NULL past the end. */
const char *log_level_name(enum log_level level);

enum {
	LOG_QUOTE_MAX = 160, /* octets of log_quote's result, with the NUL */
	LOG_LINE_MAX = 2048  /* octets of a line; longer ones are cut */
};

/* s as "..." with \xNN for control octets, quotes and backslashes; cut with "..". */
const char *log_quote(char out[static LOG_QUOTE_MAX], struct str s);

/* ---- floods ---- */

/* Lets burst lines of one event through at once and per_s a second, and counts. */
struct log_guard *log_guard_create(int burst, int per_s);
void log_guard_destroy(struct log_guard *g);

/*
 * Says what was dropped since the last time: "log.dropped event=E n=N".  Call about
 * every second.
 */
void log_tell_dropped(const struct log *l);

/* Lines not written: over the limit of their event, or because writing failed. */
uint64_t log_dropped(const struct log_guard *g);
uint64_t log_failed(const struct log_guard *g);

enum {
	LOG_RECENT = 8,      /* lines of errors and warnings remembered */
	LOG_RECENT_MAX = 240 /* octets of each, with the NUL */
};

/* The last of them, newest first; how many.  g may be NULL. */
size_t log_recent(struct log_guard *g, char line[static LOG_RECENT][LOG_RECENT_MAX]);

/* ---- files ---- */

/*
 * Goes on in the file at path, made if there is none; "" is standard error.  The same
 * path again opens it anew, as after its rotation.  l->to is owned by the log from
 * then on and never closed.  ERR_IO: all stays as it was.
 */
MUST_CHECK enum err log_open(struct log *l, const char *path);

#endif
