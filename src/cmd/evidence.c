/*
 * evidence.c - `smshall evidence`: what a number agreed to, ordered and was charged.
 */
#include <stdlib.h>

#include "ask_priv.h"
#include "cmd/command.h"

struct evidence_args {
	struct storage storage;
	const char *msisdn, *code;
	int64_t order; /* 0: all */
	bool json;
};

/* argp's type. NOLINTNEXTLINE(readability-non-const-parameter) */
static error_t on_option(int key, char *arg, struct argp_state *state)
{
	struct evidence_args *a = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->storage;
		return 0;
	case 'C':
		a->code = arg;
		return 0;
	case 'o':
		if (str_i64(str_of(arg), &a->order) != ERR_OK || a->order < 1)
			argp_error(state, "--order: expected the number of an order");
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

static enum err fill(const void *args, json_t *request, struct fault *fault)
{
	const struct evidence_args *a = args;
	enum err e = ask_text(request, "msisdn", a->msisdn, fault);

	if (e == ERR_OK && a->code != NULL)
		e = ask_text(request, "code", a->code, fault);
	if (a->order > 0)
		(void)json_object_set_new(request, "order", json_integer(a->order));
	(void)json_object_set_new(request, "json", json_boolean(a->json));
	return e;
}

static int run(int argc, char **argv)
{
	static const struct argp_child children[] = { { &storage_argp, 0, NULL, 0 },
		                                      { 0 } };
	static const struct argp_option options[] = {
		{ "code", 'C', "CODE", 0, "Only this package or service", 0 },
		{ "order", 'o', "N", 0, "Only this order", 0 },
		{ "json", 'j', NULL, 0, "One JSON object an event; times in UTC ms", 0 },
		{ 0 },
	};
	static const struct argp argp = {
		.options = options,
		.parser = on_option,
		.args_doc = "MSISDN",
		.children = children,
		.doc = "Prints what a number agreed to, ordered and was charged, each with the "
		       "text as received and the reply as sent.  The last line is the SHA-256 of "
		       "the lines before it.\vExample: smshall evidence --config "
		       "/etc/smshall.conf --code LL10 13800000001 >case-17.txt\n"
		       "To check it: head -n -1 case-17.txt | sha256sum"
	};
	static const struct ask ask = { "evidence", &argp, "evidence", fill };
	struct evidence_args args = { .msisdn = NULL };

	return ask_run(&ask, argc, argv, &args);
}

const struct command cmd_evidence = { "evidence", "prints the proof for a dispute", run };
