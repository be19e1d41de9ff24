/*
 * bugreport.c - `smshall bugreport`: what a developer needs to know, in one text file.
 *
 * Each section is made by itself, most by another command of this program, so that one
 * that fails says so and the others are there.  The whole is redacted at the end
 * (replay/redact.h): numbers of people are made-up ones, the same in all sections but
 * the story, which has its own.
 */
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "cmd/command.h"
#include "conf/conf.h"
#include "house_priv.h"
#include "model/secrets.h"
#include "replay/redact.h"
#include "text/mask.h"

enum {
	SECTION_MAX = 8 << 20, /* octets of one section */
	REPORT_MAX = 16 << 20,
	TAIL_MAX = 1 << 20, /* octets read from the end of a file */
	TAIL_LINES = 400,   /* of log and story */
	COMMAND_MS = 60000, /* for another command */
	HTTP_S = 3
};

struct bugreport {
	const char *config, *msisdn, *out;
	struct conf *conf;
	struct buf text, section;
};

/* ---- sections ---- */

/* The last lines of s. */
static struct str tail(struct str s, size_t lines)
{
	size_t i = s.n > 0 ? s.n - 1 : 0;

	while (i > 0 && (s.p[i - 1] != '\n' || --lines > 0))
		i--;
	return (struct str){ s.p + i, s.n - i };
}

static void end_section(struct bugreport *b, const char *title, size_t lines)
{
	buf_printf(&b->text, "\n==== %s\n\n", title);
	if (b->section.n == 0)
		buf_puts(&b->text, STR("(nothing)\n"));
	buf_puts(&b->text, tail(buf_str(&b->section), lines));
	if (b->text.n > 0 && b->text.p[b->text.n - 1] != '\n')
		buf_putc(&b->text, '\n');
	buf_reset(&b->section);
}

/* ---- other commands ---- */

static pid_t start(const char *const *word, int *from)
{
	int fd[2];
	pid_t pid;

	if (pipe(fd) != 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		(void)dup2(fd[1], STDOUT_FILENO);
		(void)dup2(fd[1], STDERR_FILENO);
		(void)close(fd[0]);
		(void)close(fd[1]);
		/* execv() changes none of them. NOLINTNEXTLINE(performance-no-int-to-ptr) */
		(void)execv("/proc/self/exe", (char *const *)(uintptr_t)word);
		_exit(127);
	}
	(void)close(fd[1]);
	*from = fd[0];
	return pid;
}

/* Reads until the end or the time; the rest is dropped when out is full. */
static void drain_pipe(int fd, struct buf *out)
{
	const int64_t end = clock_machine().mono_us / 1000 + COMMAND_MS;
	char piece[4096];

	for (;;) {
		const int64_t left = end - clock_machine().mono_us / 1000;
		struct pollfd p = { .fd = fd, .events = POLLIN };
		ssize_t n;

		if (left <= 0 || poll(&p, 1, (int)left) <= 0)
			break;
		n = read(fd, piece, sizeof(piece));
		if (n <= 0)
			return;
		if (!out->failed)
			buf_put(out, piece, (size_t)n);
	}
	buf_puts(out, STR("\n(it did not end in time)\n"));
}

/*
 * A text of digits alone may be a PIN that was asked for, "135791", and six digits
 * anywhere a code that was given out.
 */
static void blank_codes(struct buf *b)
{
	size_t n;

	mask_runs(b->p, b->n, PIN_DIGITS);
	for (size_t i = 0; i < b->n; i += n + 1) {
		bool alone;

		for (n = 0; i + n < b->n && b->p[i + n] >= '0' && b->p[i + n] <= '9';)
			n++;
		alone = i > 0 && b->p[i - 1] == '"' && i + n < b->n && b->p[i + n] == '"';
		if (alone)
			memset(b->p + i, '*', n);
	}
}

/* The words end with NULL; the first is the program's name. */
static void add_command(struct bugreport *b, const char *title, const char *const *word,
                        size_t lines)
{
	int fd, status = 0;
	const pid_t pid = start(word, &fd);

	if (pid < 0) {
		buf_printf(&b->section, "cannot start it: %s\n", strerror(errno));
	} else {
		drain_pipe(fd, &b->section);
		(void)close(fd);
		(void)kill(pid, SIGKILL); /* ended already, or too late */
		(void)waitpid(pid, &status, 0);
	}
	if (strcmp(word[1], "trace") == 0)
		blank_codes(&b->section);
	end_section(b, title, lines);
}

/* ---- versions ---- */

/* The files of shared libraries in use say their versions. */
static void add_libraries(struct buf *out)
{
	FILE *f = fopen("/proc/self/maps", "re");
	char line[4096], real[4096], last[4096] = "";

	if (f == NULL)
		return;
	while (fgets(line, sizeof(line), f) != NULL) {
		char *path = strchr(line, '/');

		if (path == NULL || strstr(path, ".so") == NULL)
			continue;
		path[strcspn(path, "\n")] = '\0';
		if (strcmp(path, last) == 0)
			continue;
		(void)snprintf(last, sizeof(last), "%s", path);
		if (realpath(path, real) != NULL)
			buf_printf(out, "library %s\n", strrchr(real, '/') + 1);
	}
	(void)fclose(f);
}

static void add_versions(struct bugreport *b)
{
	struct utsname u;
	FILE *f = fopen("/etc/os-release", "re");
	char line[512];

	buf_printf(&b->section, "smshall %s\n", SMSHALL_VERSION);
	if (uname(&u) == 0)
		buf_printf(&b->section, "%s %s %s\n", u.sysname, u.release, u.machine);
	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		if (strncmp(line, "PRETTY_NAME=", 12) == 0)
			buf_puts(&b->section, str_of(line + 12));
	}
	if (f != NULL)
		(void)fclose(f);
	add_libraries(&b->section);
	end_section(b, "versions", SIZE_MAX);
}

/* ---- files and page ---- */

static void add_file_tail(struct bugreport *b, const char *title, const char *path)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *p = buf_room(&b->section, TAIL_MAX);
	ssize_t n = -1;

	if (fd >= 0 && fstat(fd, &st) == 0 && p != NULL)
		n = pread(fd, p, TAIL_MAX,
		          st.st_size > TAIL_MAX ? st.st_size - TAIL_MAX : 0);
	if (n >= 0)
		b->section.n += (size_t)n;
	else
		buf_printf(&b->section, "%s: %s\n", path, strerror(errno));
	if (fd >= 0)
		(void)close(fd);
	end_section(b, title, TAIL_LINES);
}

static int dial_console(const struct conf *c)
{
	const struct addrinfo hints = { .ai_family = AF_UNSPEC,
		                        .ai_socktype = SOCK_STREAM };
	const struct timeval limit = { .tv_sec = HTTP_S };
	struct addrinfo *list;
	char port[16];
	int fd;

	(void)snprintf(port, sizeof(port), "%d", c->http_port);
	if (c->http_listen[0] == '\0' ||
	    getaddrinfo(c->http_listen, port, &hints, &list) != 0)
		return -1;
	fd = socket(list->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0) {
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
		(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
		if (connect(fd, list->ai_addr, list->ai_addrlen) != 0) {
			(void)close(fd);
			fd = -1;
		}
	}
	freeaddrinfo(list);
	return fd;
}

static void add_page(struct bugreport *b, const char *path)
{
	const int fd = dial_console(b->conf);
	char piece[4096];
	ssize_t n = snprintf(piece, sizeof(piece), "GET %s HTTP/1.0\r\n\r\n", path);

	if (fd < 0) {
		buf_puts(&b->section, STR("the console does not answer\n"));
	} else {
		n = send(fd, piece, (size_t)n, MSG_NOSIGNAL);
		while (n > 0 && !b->section.failed) {
			n = recv(fd, piece, sizeof(piece), 0);
			if (n > 0)
				buf_put(&b->section, piece, (size_t)n);
		}
		(void)close(fd);
	}
	(void)snprintf(piece, sizeof(piece), "page %s", path);
	end_section(b, piece, SIZE_MAX);
}

/* ---- the whole ---- */

static void add_configuration(struct bugreport *b, const struct fault *fault)
{
	if (fault->text[0] != '\0')
		buf_printf(&b->section, "%s\n(what follows rests on defaults)\n",
		           fault->text);
	else
		conf_print(b->conf, &b->section);
	end_section(b, "configuration, without passwords", SIZE_MAX);
}

static void add_traffic(struct bugreport *b)
{
	const char *const trace[] = { "smshall", "trace",   "--config",
		                      b->config, b->msisdn, NULL };
	const char *record[8] = { "smshall",        "replay",   "--grammar",
		                  b->conf->grammar, "--record", b->conf->capture_file };
	size_t n = 6;

	if (b->msisdn != NULL) {
		add_command(b, "trace of the number", trace, SIZE_MAX);
		record[n++] = "--msisdn";
		record[n++] = b->msisdn;
	}
	if (b->conf->capture_file[0] != '\0') {
		const char *word[9] = { NULL };

		memcpy(word, record, n * sizeof(word[0]));
		add_command(b, "end of the capture, as a story", word, TAIL_LINES);
	}
}

static void fill(struct bugreport *b, const struct fault *fault)
{
	const char *const grammar[] = { "smshall", "grammar", "check", b->conf->grammar,
		                        NULL };
	const char *const doctor[] = { "smshall", "doctor", "--config", b->config, NULL };
	const struct civil c = civil_of(clock_machine().wall_s);

	buf_printf(&b->text,
	           "smshall bug report of %04d-%02d-%02d %02d:%02d\n"
	           "Numbers of people are made up; read it before you send it.\n",
	           c.year, c.month, c.day, c.hour, c.minute);
	add_versions(b);
	add_configuration(b, fault);
	add_command(b, "grammar", grammar, SIZE_MAX);
	add_command(b, "doctor", doctor, SIZE_MAX);
	add_page(b, "/status.json");
	add_page(b, "/metrics");
	if (b->conf->log_file[0] != '\0')
		add_file_tail(b, "end of the log", b->conf->log_file);
	add_traffic(b);
}

static enum err write_report(const struct bugreport *b, const char *path,
                             struct fault *fault)
{
	struct arena a = arena_make((size_t)1 << 30);
	struct redact *r = redact_create(&a);
	struct buf out = buf_make((size_t)REPORT_MAX * 2);
	const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool done;

	redact_text(r, buf_str(&b->text), false, &out);
	done = fd >= 0 && write(fd, out.p, out.n) == (ssize_t)out.n;
	if (!done)
		fault_set(fault, "cannot write %s: %s", path, strerror(errno));
	if (fd >= 0)
		(void)close(fd);
	redact_destroy(r);
	arena_free(&a);
	buf_free(&out);
	return done ? ERR_OK : ERR_IO;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct bugreport *b = state->input;

	switch (key) {
	case 'c':
		b->config = arg;
		return 0;
	case 'm':
		b->msisdn = arg;
		return 0;
	case 'o':
		b->out = arg;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "\"%s\" is too much", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int run(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "config", 'c', "FILE", 0, "Configuration (/etc/smshall.conf)", 0 },
		{ "msisdn", 'm', "N", 0, "With what this number texted and was sent", 0 },
		{ "out", 'o', "FILE", 0, "File to write (smshall-bugreport-TIME.txt)",
		  0 },
		{ 0 },
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse_option,
		.doc = "Writes what a developer needs to know about an installation to one "
		       "text file: versions, configuration without passwords, grammar, "
		       "doctor, figures, the end of log and capture, and the trace of one "
		       "number.  The hall may run or not.\v"
		       "Numbers of people are replaced by made-up ones.\n"
		       "Example: smshall bugreport --config /etc/smshall.conf "
		       "--msisdn 13800000001"
	};
	struct bugreport b = { .config = "/etc/smshall.conf",
		               .text = buf_make(REPORT_MAX),
		               .section = buf_make(SECTION_MAX) };
	struct fault fault = { "" }, writing = { "" };
	char name[64];
	enum err e;

	(void)argp_parse(&argp, argc, argv, 0, NULL, &b);
	(void)snprintf(name, sizeof(name), "smshall-bugreport-%lld.txt",
	               (long long)time(NULL));
	if (conf_load(b.config, &b.conf, &fault) != ERR_OK)
		b.conf = conf_defaults();
	if (civil_zone(b.conf->timezone) != ERR_OK)
		fault_set(&fault, "time zone %s is not known here", b.conf->timezone);
	fill(&b, &fault);
	e = write_report(&b, b.out != NULL ? b.out : name, &writing);
	if (e == ERR_OK)
		(void)printf("%s: read it before you send it\n",
		             b.out != NULL ? b.out : name);
	else
		(void)fprintf(stderr, "smshall bugreport: %s\n", writing.text);
	conf_destroy(b.conf);
	buf_free(&b.text);
	buf_free(&b.section);
	return e == ERR_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

const struct command cmd_bugreport = { "bugreport", "writes a report for developers",
	                               run };
