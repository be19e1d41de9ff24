/*
 * log.h - one line an event: time, level, event name, key=value pairs.
 *
 * The name comes first and is constant, so that a line can be searched for:
 *   2026-10-20T10:31:00+0800 info link.bound link=smsc-a as=transceiver
 * Pure rooms never log.  Anything a peer or subscriber wrote goes through
 * log_quote(), which escapes control octets and so cannot forge a line.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdio.h>

#include "base/str.h"

enum log_level {
	LOG_ERROR,
	LOG_WARN,
	LOG_INFO,
	LOG_DEBUG
};

struct log {
	FILE *to; /* borrowed; NULL drops every line */
	enum log_level level;
};

/* Writes the line if l's level allows; preserves errno.  l may be NULL. */
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
	LOG_QUOTE_MAX = 160 /* octets of log_quote's result, with the NUL */
};

/* s as "..." with \xNN for control octets, quotes and backslashes; cut with "..". */
const char *log_quote(char out[static LOG_QUOTE_MAX], struct str s);

#endif
