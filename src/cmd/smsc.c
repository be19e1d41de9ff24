/*
 * smsc.c - `smshall smsc`: the SMSC simulator, alone, until SIGINT or SIGTERM.
 */
#include <argp.h>
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/command.h"
#include "sim/smsc.h"

struct smsc_args {
	const char *listen, *script;
	int port;
	uint64_t seed;
};

static int64_t number_of(struct argp_state *state, const char *arg, int64_t max)
{
	int64_t n;

	if (str_i64(str_of(arg), &n) != ERR_OK || n < 0 || n > max)
		argp_error(state, "\"%s\": expected a number from 0 to %lld", arg,
		           (long long)max);
	return n;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct smsc_args *a = state->input;

	switch (key) {
	case 'p':
		a->port = (int)number_of(state, arg, 65535);
		return 0;
	case 'l':
		a->listen = arg;
		return 0;
	case 's':
		a->script = arg;
		return 0;
	case 'r':
		a->seed = (uint64_t)number_of(state, arg, INT64_MAX);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void on_signal(evutil_socket_t number, short what, void *ctx)
{
	(void)number;
	(void)what;
	(void)event_base_loopbreak(ctx);
}

static void print_counts(const struct smsc *s)
{
	const struct smsc_counts counts = smsc_counts(s);

#define X(name, help) \
	(void)printf("%-14s %10llu  %s\n", #name, (unsigned long long)counts.name, help);
	SMSC_COUNTS(X)
#undef X
}

static void run_until_signal(struct event_base *base)
{
	struct event *term = evsignal_new(base, SIGTERM, on_signal, base);
	struct event *interrupt = evsignal_new(base, SIGINT, on_signal, base);

	(void)event_add(term, NULL);
	(void)event_add(interrupt, NULL);
	(void)event_base_dispatch(base);
	event_free(term);
	event_free(interrupt);
}

static int serve(const struct smsc_args *args, struct event_base *base)
{
	const struct log log = { .to = stderr, .level = LOG_INFO };
	struct smsc_conf conf = { .listen = args->listen,
		                  .port = args->port,
		                  .seed = args->seed };
	struct clock clock = clock_machine();
	struct smsc_script *script = NULL;
	struct fault fault = { .text = "" };
	struct smsc *s = NULL;
	enum err e = ERR_OK;

	if (args->script != NULL)
		e = smsc_script_load(args->script, &script, &fault);
	conf.script = script;
	if (e == ERR_OK)
		e = smsc_create(base, &conf, &clock, &log, &s, &fault);
	if (e == ERR_OK) {
		(void)printf("smsc: listening on %s:%d, SMPP 3.4\n", args->listen,
		             smsc_port(s));
		(void)fflush(stdout);
		run_until_signal(base);
		print_counts(s);
	} else {
		(void)fprintf(stderr, "smshall smsc: %s\n", fault.text);
	}
	smsc_destroy(s);
	smsc_script_destroy(script);
	return e == ERR_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int run(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "port", 'p', "P", 0, "Port to listen on (2775; 0 = any)", 0 },
		{ "listen", 'l', "A", 0, "IPv4 address to listen on (127.0.0.1)", 0 },
		{ "script", 's', "FILE", 0, "What goes wrong, and how often", 0 },
		{ "seed", 'r', "N", 0, "Of the script's dice (1)", 0 },
		{ 0 },
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse_option,
		.doc = "The SMSC simulator: accepts binds, carries texts between handsets "
		       "(smshall phone) and an ESME (smshall serve).\v"
		       "A script has one rule a line:\n"
		       "  password hall secret      only this password binds this system id\n"
		       "  delay submit 20..80ms     the response leaves that much later\n"
		       "  throttle 10%              of submit_sm gets ESME_RTHROTTLED\n"
		       "  queue-full 5%             ESME_RMSGQFUL\n"
		       "  refuse 1% 0x0B            a permanent status\n"
		       "  drop-link every 500       the connection is cut after so many PDUs\n"
		       "  lose response 1%          accepted, but never answered\n"
		       "  duplicate deliver 2%      delivered twice\n"
		       "  receipts on|off|before-response\n"
		       "  redeliver 5s              a deliver_sm without response is sent again\n\n"
		       "Example: smshall smsc --port 2775 --script flaky.script",
	};
	struct smsc_args args = { .listen = "127.0.0.1", .port = 2775, .seed = 1 };
	struct event_base *base;
	int status;

	if (argp_parse(&argp, argc, argv, 0, NULL, &args) != 0)
		return 2;
	base = event_base_new();
	if (base == NULL) {
		(void)fprintf(stderr, "smshall smsc: no event loop on this machine\n");
		return EXIT_FAILURE;
	}
	status = serve(&args, base);
	event_base_free(base);
	return status;
}

const struct command cmd_smsc = { "smsc", "runs the SMSC simulator alone", run };
