/*
 * log.c - see base/log.h.
 */
#include <errno.h>
#include <stdarg.h>
#include <time.h>

#include "base/log.h"

static const char *const level_names[] = { "error", "warn", "info", "debug" };

const char *log_level_name(enum log_level level)
{
	const size_t n = sizeof(level_names) / sizeof(level_names[0]);

	return (size_t)level < n ? level_names[level] : NULL;
}

void log_line(const struct log *l, enum log_level level, const char *event,
              const char *fmt, ...)
{
	const int saved = errno;
	const time_t now = time(NULL);
	char stamp[40];
	struct tm tm;
	va_list ap;

	if (l == NULL || l->to == NULL || level > l->level)
		return;
	(void)localtime_r(&now, &tm);
	(void)strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S%z", &tm);
	flockfile(l->to);
	(void)fprintf(l->to, "%s %s %s ", stamp, log_level_name(level), event);
	va_start(ap, fmt);
	(void)vfprintf(l->to, fmt, ap);
	va_end(ap);
	(void)fputc('\n', l->to);
	(void)fflush(l->to);
	funlockfile(l->to);
	errno = saved;
}

const char *log_quote(char out[static LOG_QUOTE_MAX], struct str s)
{
	static const char hex[] = "0123456789abcdef";
	size_t n = 0;

	out[n++] = '"';
	for (size_t i = 0; i < s.n; i++) {
		const unsigned char c = (unsigned char)s.p[i];

		if (n + 8 > LOG_QUOTE_MAX) {
			out[n++] = '.';
			out[n++] = '.';
			break;
		}
		if (c < 0x20 || c == 0x7f || c == '"' || c == '\\') {
			out[n++] = '\\';
			out[n++] = 'x';
			out[n++] = hex[c >> 4];
			out[n++] = hex[c & 15];
		} else {
			out[n++] = (char)c;
		}
	}
	out[n++] = '"';
	out[n] = '\0';
	return out;
}
