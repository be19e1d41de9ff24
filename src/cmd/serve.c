/*
 * serve.c - `smshall serve`: the gateway.
 */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "cmd/command.h"
#include "house_priv.h"

struct serve_args {
	const char *config;
	bool force;
	bool print;
};

/* argp's type. NOLINTNEXTLINE(readability-non-const-parameter) */
static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct serve_args *a = state->input;

	switch (key) {
	case 'c':
		a->config = arg;
		return 0;
	case 'f':
		a->force = true;
		return 0;
	case 'p':
		a->print = true;
		return 0;
	case ARGP_KEY_END:
		if (a->config == NULL && !a->print)
			argp_error(state, "which configuration? --config FILE");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* etc/smshall.conf is exactly this. */
static int print_sample(void)
{
	struct buf out = buf_make(1 << 20);
	bool written;

	conf_print_sample(&out);
	written = fwrite(out.p, 1, out.n, stdout) == out.n && fflush(stdout) == 0;
	buf_free(&out);
	return written ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int refuse(const struct fault *fault)
{
	(void)fprintf(stderr, "smshall serve: %s\n", fault->text);
	return EXIT_FAILURE;
}

/* Who else could change what is read: everyone is refused, another user is told. */
static enum err check_trust(const struct house *h, struct fault *fault)
{
	const char *const paths[] = { h->config, h->conf->grammar };

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct fault found = { .text = "" };
		const enum err e = conf_trusted(paths[i], &found);

		if (e == ERR_REFUSED) {
			fault_set(fault, "%s", found.text);
			return e;
		}
		if (e == ERR_STATE)
			LOG(&h->log, LOG_WARN, "file.owner", "%s", found.text);
	}
	return ERR_OK;
}

static int run(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "config", 'c', "FILE", 0, "Configuration; see etc/smshall.conf", 0 },
		{ "force", 'f', NULL, 0,
		  "Serve a synthetic population to links that are not on this machine",
		  0 },
		{ "print-config", 'p', NULL, 0,
		  "Print every key with its default, as a file to begin with, and end",
		  0 },
		{ 0 },
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse_option,
		.doc = "Runs the gateway: binds to the SMSCs of the configuration and answers what "
		       "subscribers text.\vSIGTERM drains and ends it within 5 s.\n"
		       "Example: smshall serve --config /etc/smshall.conf"
	};
	struct serve_args args = { .config = NULL };
	struct fault fault = { .text = "" };
	struct house house = { .base = NULL };
	struct conf *conf;
	enum err e;
	int status;

	if (argp_parse(&argp, argc, argv, 0, NULL, &args) != 0)
		return 2;
	if (args.print)
		return print_sample();
	if (conf_load(args.config, &conf, &fault) != ERR_OK)
		return refuse(&fault);
	if (conf->n_links == 0)
		fault_set(
			&fault,
			"%s: no links: which SMSC is to be served? see etc/smshall.conf",
			args.config);
	if (fault.text[0] != '\0') {
		conf_destroy(conf);
		return refuse(&fault);
	}
	e = house_open(&house, conf, &fault);
	house.config = args.config;
	if (e == ERR_OK)
		e = check_trust(&house, &fault);
	if (e == ERR_OK)
		e = house_start(&house, args.force, &fault);
	status = e == ERR_OK ? house_run(&house) : refuse(&fault);
	house_close(&house);
	return status;
}

const struct command cmd_serve = { "serve", "runs the gateway", run };
