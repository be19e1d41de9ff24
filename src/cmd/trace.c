/*
 * trace.c - `smshall trace`: what happened to a number.
 */
#include <stdlib.h>
#include <unistd.h>

#include "ask_priv.h"
#include "base/civil.h"
#include "cmd/command.h"

struct trace_args {
	struct storage storage;
	const char *msisdn, *since;
	int64_t limit; /* 0: as the owner likes */
	bool json;
};

/* argp's type. NOLINTNEXTLINE(readability-non-const-parameter) */
static error_t on_option(int key, char *arg, struct argp_state *state)
{
	struct trace_args *a = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->storage;
		return 0;
	case 'S':
		a->since = arg;
		return 0;
	case 'n':
		if (str_i64(str_of(arg), &a->limit) != ERR_OK || a->limit < 1)
			argp_error(state, "--limit: expected a number from 1 to 1000");
		return 0;
	case 'j':
		a->json = true;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "expected one number");
		a->msisdn = arg;
		return 0;
	case ARGP_KEY_END:
		if (a->msisdn == NULL)
			argp_error(state, "whose? expected a number such as 13800000001");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static enum err put_since(json_t *request, const char *text, struct fault *fault)
{
	int64_t since = 0;

	if (civil_parse_date(str_of(text), &since) != ERR_OK &&
	    civil_parse_time(str_of(text), &since) != ERR_OK) {
		fault_set(fault,
		          "--since %s: expected YYYY-MM-DD or \"YYYY-MM-DD HH:MM:SS\"",
		          text);
		return ERR_SYNTAX;
	}
	(void)json_object_set_new(request, "since", json_integer(since));
	return ERR_OK;
}

static enum err fill(const void *args, json_t *request, struct fault *fault)
{
	const struct trace_args *a = args;
	enum err e = ask_text(request, "msisdn", a->msisdn, fault);

	if (e == ERR_OK && a->since != NULL)
		e = put_since(request, a->since, fault);
	if (a->limit > 0)
		(void)json_object_set_new(request, "limit", json_integer(a->limit));
	(void)json_object_set_new(request, "json", json_boolean(a->json));
	(void)json_object_set_new(request, "colour",
	                          json_boolean(isatty(STDOUT_FILENO) != 0));
	return e;
}

static int run(int argc, char **argv)
{
	static const struct argp_child children[] = { { &storage_argp, 0, NULL, 0 },
		                                      { 0 } };
	static const struct argp_option options[] = {
		{ "since", 'S', "TIME", 0, "Nothing before YYYY-MM-DD, or with HH:MM:SS",
		  0 },
		{ "limit", 'n', "N", 0, "The newest N events (100; 1000 at most)", 0 },
		{ "json", 'j', NULL, 0, "One JSON object an event; times in UTC ms", 0 },
		{ 0 },
	};
	static const struct argp argp = {
		.options = options,
		.parser = on_option,
		.args_doc = "MSISDN",
		.children = children,
		.doc = "Shows what happened to a number, the newest last: texts and how they were "
		       "understood, replies and what became of them, receipts, orders, charges, "
		       "consents, complaints.\vExample: smshall trace --config /etc/smshall.conf "
		       "--since 2026-10-01 13800000001"
	};
	static const struct ask ask = { "trace", &argp, "trace", fill };
	struct trace_args args = { .msisdn = NULL };

	return ask_run(&ask, argc, argv, &args);
}

const struct command cmd_trace = { "trace", "shows what happened to a number", run };
