/*
 * log.c - see base/log.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio_ext.h>
#include <time.h>
#include <unistd.h>

#include "log_priv.h"

static const char *const level_names[] = { "error", "warn", "info", "debug" };

const char *log_level_name(enum log_level level)
{
	const size_t n = sizeof(level_names) / sizeof(level_names[0]);

	return (size_t)level < n ? level_names[level] : NULL;
}

/* Octets of "2026-10-20T10:31:00+0800 info event " in line. */
static size_t put_head(char line[static LOG_LINE_MAX], enum log_level level,
                       const char *event)
{
	const time_t now = time(NULL);
	char stamp[40];
	struct tm tm;
	int n;

	(void)localtime_r(&now, &tm);
	(void)strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S%z", &tm);
	n = snprintf(line, LOG_LINE_MAX, "%s %s %s ", stamp, log_level_name(level),
	             event);
	return n < LOG_LINE_MAX - 2 ? (size_t)n : LOG_LINE_MAX - 2;
}

static void write_line(const struct log *l, const char *line, size_t n)
{
	bool failed;

	flockfile(l->to);
	failed = fwrite(line, 1, n, l->to) != n;
	failed = fflush(l->to) != 0 || failed;
	if (failed) { /* what is left of it would come with the next one */
		__fpurge(l->to);
		clearerr(l->to);
	}
	funlockfile(l->to);
	if (failed)
		guard_failed(l->guard);
}

static void log_va(const struct log *l, enum log_level level, const char *event,
                   const char *fmt, va_list ap) __attribute__((format(printf, 4, 0)));

static void log_va(const struct log *l, enum log_level level, const char *event,
                   const char *fmt, va_list ap)
{
	char line[LOG_LINE_MAX];
	size_t n = put_head(line, level, event);
	const int more = vsnprintf(line + n, sizeof(line) - n - 1, fmt, ap);

	if (more > 0)
		n += (size_t)more < sizeof(line) - n - 1 ? (size_t)more
		                                         : sizeof(line) - n - 2;
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = '?';
	}
	if (level <= LOG_WARN)
		guard_remember(l->guard, line, n);
	line[n++] = '\n';
	write_line(l, line, n);
}

void log_unguarded(const struct log *l, enum log_level level, const char *event,
                   const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_va(l, level, event, fmt, ap);
	va_end(ap);
}

void log_line(const struct log *l, enum log_level level, const char *event,
              const char *fmt, ...)
{
	const int saved = errno;
	va_list ap;

	if (l == NULL || l->to == NULL || level > l->level)
		return;
	if (guard_passes(l->guard, event)) {
		va_start(ap, fmt);
		log_va(l, level, event, fmt, ap);
		va_end(ap);
	}
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

static int open_path(const char *path)
{
	if (path[0] == '\0')
		return dup(STDERR_FILENO);
	return open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
}

enum err log_open(struct log *l, const char *path)
{
	const int fd = open_path(path);
	FILE *first;
	int e;

	if (fd < 0)
		return ERR_IO;
	if (l->to == NULL || l->to == stderr) {
		first = fdopen(fd, "a");
		if (first == NULL) {
			(void)close(fd);
			return ERR_IO;
		}
		l->to = first;
		return ERR_OK;
	}
	/* Other threads hold l->to: it stays, what it leads to is exchanged. */
	flockfile(l->to);
	e = dup2(fd, fileno(l->to));
	funlockfile(l->to);
	(void)close(fd);
	return e < 0 ? ERR_IO : ERR_OK;
}
