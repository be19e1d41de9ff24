/*
 * serve.c - `smshall serve`: the gateway.
 */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/command.h"
#include "house_priv.h"

struct serve_args {
	const char *config;
	bool force;
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
	case ARGP_KEY_END:
		if (a->config == NULL)
			argp_error(state, "which configuration? --config FILE");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int refuse(const struct fault *fault)
{
	(void)fprintf(stderr, "smshall serve: %s\n", fault->text);
	return EXIT_FAILURE;
}

static int run(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "config", 'c', "FILE", 0, "Configuration; see etc/smshall.conf", 0 },
		{ "force", 'f', NULL, 0,
		  "Serve a synthetic population to links that are not on this machine",
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
	int status;

	if (argp_parse(&argp, argc, argv, 0, NULL, &args) != 0)
		return 2;
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
	if (house_open(&house, conf, &fault) != ERR_OK ||
	    house_start(&house, args.force, &fault) != ERR_OK)
		status = refuse(&fault);
	else
		status = house_run(&house);
	house_close(&house);
	return status;
}

const struct command cmd_serve = { "serve", "run the gateway", run };
