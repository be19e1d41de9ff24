/*
 * log_priv.h - what the log's files share: log.c writes, log_guard.c holds back.
 */
#ifndef BASE_LOG_PRIV_H
#define BASE_LOG_PRIV_H

#include "base/log.h"

/* Whether a line of this event may be written now; else it is counted.  g may be NULL. */
bool guard_passes(struct log_guard *g, const char *event);
void guard_failed(struct log_guard *g);
/* Remembers a line of n octets for log_recent(). */
void guard_remember(struct log_guard *g, const char *line, size_t n);

/* Writes a line whatever the guard says. */
void log_unguarded(const struct log *l, enum log_level level, const char *event,
                   const char *fmt, ...) PRINTF_LIKE(4, 5);

#endif
