/*
 * phone.c - `smshall phone`: a handset in the terminal.
 *
 * On a terminal it is a conversation; with stdin or stdout piped, each line is sent and its
 * reply awaited before the next, for scripts.  What a peer wrote is shown without
 * control characters: they could drive the terminal.
 */
#include <argp.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "cmd/command.h"
#include "sim/handset.h"
#include "smpp/status.h"

enum {
	LINE_BYTES = 8192, /* of a text at most; more than any number of parts holds */
	CHECK_MS = 20      /* between looks whether somebody answered the bind */
};

struct phone_args {
	const char *number, *to;
	char host[256];
	int port;
	int timeout_s;
};

struct phone {
	const struct phone_args *args;
	struct event_base *base;
	struct clock clock;
	struct handset *handset;
	struct event *input;   /* stdin, while a line may be sent */
	struct event *check;   /* until the first bind */
	struct event *timeout; /* of the reply awaited */
	struct buf line;       /* read and not sent */
	bool terminal;         /* a person is there */
	bool ready;            /* was bound once */
	bool waiting;          /* for a reply */
	bool end;              /* of stdin */
	bool failed;
};

/* -- what is shown ---------------------------------------------------------------- */

static void prompt(const struct phone *p)
{
	if (!p->terminal)
		return;
	(void)printf("\033[1m%s>\033[0m ", p->args->number);
	(void)fflush(stdout);
}

/* Prints text; each further line begins with margin.  C0 and C1 controls become "?". */
static void print_text(struct str text, const char *margin)
{
	for (size_t i = 0; i < text.n; i++) {
		const unsigned char c = (unsigned char)text.p[i];
		const unsigned char next = i + 1 < text.n ? (unsigned char)text.p[i + 1]
		                                          : 0;

		if (c == '\n') {
			(void)printf("\n%s", margin);
		} else if (c < 0x20 || c == 0x7f) {
			(void)putchar('?');
		} else if (c == 0xc2 && next >= 0x80 && next < 0xa0) {
			(void)putchar('?');
			i++;
		} else {
			(void)putchar(c);
		}
	}
	(void)putchar('\n');
}

static void show_reply(const struct phone *p, const struct handset_text *t)
{
	if (!p->terminal) {
		(void)printf("< ");
		print_text(t->text, "  ");
		(void)fflush(stdout);
		return;
	}
	(void)printf("\r\033[K  \033[36m%.*s\033[0m\033[2m", STR_ARG(t->from));
	if (t->parts > 1)
		(void)printf(", %u parts", t->parts);
	if (t->latency_us >= 0)
		(void)printf(", %.1f ms", (double)t->latency_us / 1000);
	(void)printf("\033[0m\n  \033[36m|\033[0m ");
	print_text(t->text, "  \033[36m|\033[0m ");
	(void)putchar('\n');
	prompt(p);
}

/* A remark of the phone itself; on a terminal between the lines of the talk. */
static void remark(const struct phone *p, const char *text)
{
	if (!p->terminal) {
		(void)fprintf(stderr, "smshall phone: %s\n", text);
		return;
	}
	(void)printf("\r\033[K  \033[33m%s\033[0m\n", text);
	prompt(p);
}

/* -- sending ---------------------------------------------------------------------- */

/* Looks at stdin only while a line may be sent: a script's next line waits for the reply. */
static void watch_input(struct phone *p)
{
	if (p->ready && !p->end && (p->terminal || !p->waiting))
		(void)event_add(p->input, NULL);
	else
		(void)event_del(p->input);
}

static void send_text(struct phone *p, struct str text)
{
	enum err e;

	if (!p->terminal) {
		(void)printf("> %.*s\n", STR_ARG(text));
		(void)fflush(stdout);
	}
	e = handset_send(p->handset, text);
	if (e != ERR_OK) {
		p->failed = true;
		remark(p, e == ERR_STATE     ? "not connected to the SMSC; trying again"
		          : e == ERR_SYNTAX  ? "not sent: the text is not UTF-8"
		          : e == ERR_TOO_BIG ? "not sent: the text is too long"
		                             : "not sent: the SMSC is busy");
		return;
	}
	p->waiting = true;
	(void)event_add(p->timeout, &(struct timeval){ .tv_sec = p->args->timeout_s });
}

/* Takes a whole line off the buffer, or at the end of stdin what is left of it. */
static bool take_line(struct phone *p, struct buf *out)
{
	const char *end = p->line.n > 0 ? memchr(p->line.p, '\n', p->line.n) : NULL;
	size_t n;

	if (end == NULL && !(p->end && p->line.n > 0))
		return false;
	n = end != NULL ? (size_t)(end - p->line.p) : p->line.n;
	buf_reset(out);
	buf_puts(out, str_trim((struct str){ p->line.p, n }));
	buf_drop(&p->line, end != NULL ? n + 1 : n);
	return true;
}

/* Sends what is there to send, and ends when nothing is left to do. */
static void go_on(struct phone *p)
{
	struct buf text = buf_make(LINE_BYTES);

	while (p->ready && (p->terminal || !p->waiting) && take_line(p, &text)) {
		if (text.n > 0)
			send_text(p, buf_str(&text));
		prompt(p);
	}
	buf_free(&text);
	watch_input(p);
	if (p->end && (p->terminal || (!p->waiting && p->line.n == 0)))
		(void)event_base_loopexit(p->base, NULL); /* after this turn's writes */
}

/* -- events ----------------------------------------------------------------------- */

static void on_input(evutil_socket_t fd, short what, void *ctx)
{
	struct phone *p = ctx;
	char block[4096];
	const ssize_t n = read(fd, block, sizeof(block));

	(void)what;
	if (n <= 0)
		p->end = true;
	else
		buf_put(&p->line, block, (size_t)n);
	if (p->line.failed) {
		remark(p, "a line is too long for a text");
		p->failed = true;
		p->end = true;
		buf_reset(&p->line);
	}
	go_on(p);
}

static void on_ready(void *ctx, struct handset *h)
{
	struct phone *p = ctx;

	(void)h;
	if (p->ready)
		return;
	p->ready = true;
	(void)event_del(p->check);
	if (p->terminal)
		(void)printf(
			"Texts go to %s.  Type a text, Enter sends, Ctrl-D ends.\n\n",
			p->args->to);
	prompt(p);
	watch_input(p);
}

static void settle(struct phone *p)
{
	p->waiting = false;
	(void)event_del(p->timeout);
	go_on(p);
}

static void on_text(void *ctx, struct handset *h, const struct handset_text *t)
{
	(void)h;
	show_reply(ctx, t);
	settle(ctx);
}

static void on_refused(void *ctx, struct handset *h, uint32_t status)
{
	struct phone *p = ctx;
	char text[128];

	(void)h;
	(void)snprintf(text, sizeof(text), "the SMSC did not take the text: %s",
	               status == UINT32_MAX ? "no response" : smpp_status_text(status));
	p->failed = true;
	remark(p, text);
	settle(p);
}

static const struct handset_ops ops = { .ready = on_ready,
	                                .text = on_text,
	                                .refused = on_refused };

static void on_timeout(evutil_socket_t fd, short what, void *ctx)
{
	struct phone *p = ctx;
	char text[64];

	(void)fd;
	(void)what;
	(void)snprintf(text, sizeof(text), "no reply within %d s", p->args->timeout_s);
	p->failed = true;
	remark(p, text);
	settle(p);
}

static void on_check(evutil_socket_t fd, short what, void *ctx)
{
	struct phone *p = ctx;

	(void)fd;
	(void)what;
	if (handset_state(p->handset) != LINK_WAITING)
		return;
	(void)fprintf(stderr,
	              "smshall phone: no SMSC at %s:%d: is smshall demo running?\n",
	              p->args->host, p->args->port);
	p->failed = true;
	(void)event_base_loopexit(p->base, NULL); /* after this turn's writes */
}

/* -- the command ------------------------------------------------------------------ */

static int talk(struct phone *p)
{
	const struct handset_conf conf = { .host = p->args->host,
		                           .port = p->args->port,
		                           .number = p->args->number,
		                           .to = p->args->to };

	p->input = event_new(p->base, STDIN_FILENO, EV_READ | EV_PERSIST, on_input, p);
	p->check = event_new(p->base, -1, EV_PERSIST, on_check, p);
	p->timeout = evtimer_new(p->base, on_timeout, p);
	(void)event_add(p->check, &(struct timeval){ .tv_usec = CHECK_MS * 1000L });
	p->handset = handset_create(p->base, &conf, &ops, p, &p->clock);
	(void)event_base_dispatch(p->base);
	if (p->terminal)
		(void)putchar('\n');
	handset_destroy(p->handset);
	event_free(p->input);
	event_free(p->check);
	event_free(p->timeout);
	buf_free(&p->line);
	return p->failed && !(p->terminal && p->ready) ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* stdin may be a file, which epoll does not take. */
static struct event_base *base_for_files(void)
{
	struct event_config *config = event_config_new();
	struct event_base *base = NULL;

	if (config != NULL && event_config_require_features(config, EV_FEATURE_FDS) == 0)
		base = event_base_new_with_config(config);
	if (config != NULL)
		event_config_free(config);
	return base;
}

static bool is_number(const char *s, size_t max)
{
	const size_t n = strspn(s, "0123456789");

	return n > 0 && n <= max && s[n] == '\0';
}

static void parse_smsc(struct argp_state *state, const char *arg)
{
	struct phone_args *a = state->input;
	const char *colon = strrchr(arg, ':');
	const size_t n = colon != NULL ? (size_t)(colon - arg) : 0;
	int64_t port;

	if (n == 0 || n >= sizeof(a->host) ||
	    str_i64(str_of(colon + 1), &port) != ERR_OK || port < 1 || port > 65535) {
		argp_error(state, "\"%s\": expected HOST:PORT, such as 127.0.0.1:2775",
		           arg);
		return;
	}
	memcpy(a->host, arg, n);
	a->host[n] = '\0';
	a->port = (int)port;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct phone_args *a = state->input;
	int64_t seconds;

	switch (key) {
	case 's':
		parse_smsc(state, arg);
		return 0;
	case 't':
		if (!is_number(arg, 20))
			argp_error(state, "\"%s\": expected a number of up to 20 digits",
			           arg);
		a->to = arg;
		return 0;
	case 'w':
		if (str_i64(str_of(arg), &seconds) != ERR_OK || seconds < 1 ||
		    seconds > 3600)
			argp_error(state, "\"%s\": expected 1 to 3600 seconds", arg);
		a->timeout_s = (int)seconds;
		return 0;
	case ARGP_KEY_ARG:
		if (a->number != NULL || !is_number(arg, 15))
			argp_error(state,
			           "\"%s\": expected one number of up to 15 digits", arg);
		a->number = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state,
		           "expected the number of the handset, such as 13800000000");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int run(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "smsc", 's', "HOST:PORT", 0, "Where the SMSC listens (127.0.0.1:2775)",
		  0 },
		{ "to", 't', "NUMBER", 0, "Where texts go (10086)", 0 },
		{ "timeout", 'w', "S", 0, "Seconds to wait for a reply (5)", 0 },
		{ 0 },
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse_option,
		.args_doc = "MSISDN",
		.doc = "A handset at the SMSC simulator.  With a pipe, each line is sent and "
		       "its reply awaited; exit status 1 when one did not come.\v"
		       "Example: echo CXYE | smshall phone 13800000000",
	};
	struct phone_args args = {
		.to = "10086", .host = "127.0.0.1", .port = 2775, .timeout_s = 5
	};
	struct phone phone = { .args = &args,
		               .clock = clock_machine(),
		               .line = buf_make(LINE_BYTES) };
	int status;

	if (argp_parse(&argp, argc, argv, 0, NULL, &args) != 0)
		return 2;
	phone.terminal = isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0;
	phone.base = base_for_files();
	if (phone.base == NULL) {
		(void)fprintf(stderr, "smshall phone: no event loop on this machine\n");
		return EXIT_FAILURE;
	}
	status = talk(&phone);
	event_base_free(phone.base);
	return status;
}

const struct command cmd_phone = { "phone", "a handset in the terminal", run };
