/*
 * erase.c - `smshall erase`: what is known of a number goes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ask_priv.h"
#include "cmd/command.h"

struct erase_args {
	struct storage storage;
	const char *msisdn;
	bool yes;
};

/* argp's type. NOLINTNEXTLINE(readability-non-const-parameter) */
static error_t on_option(int key, char *arg, struct argp_state *state)
{
	struct erase_args *a = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->storage;
		return 0;
	case 'y':
		a->yes = true;
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

/* Whoever types the number once more means it. */
static enum err confirm(const struct erase_args *a, struct fault *fault)
{
	char line[64];

	if (a->yes)
		return ERR_OK;
	if (isatty(STDIN_FILENO) == 0) {
		fault_set(fault, "this cannot be undone: say --yes");
		return ERR_REFUSED;
	}
	(void)fprintf(
		stderr,
		"Everything known of %s goes and does not come back, except what the "
		"law keeps.\nType the number again to go on: ",
		a->msisdn);
	if (fgets(line, sizeof(line), stdin) != NULL &&
	    str_eq(str_trim(str_of(line)), str_of(a->msisdn)))
		return ERR_OK;
	fault_set(fault, "nothing was erased");
	return ERR_REFUSED;
}

static enum err fill(const void *args, json_t *request, struct fault *fault)
{
	const struct erase_args *a = args;
	const enum err e = confirm(a, fault);

	return e == ERR_OK ? ask_text(request, "msisdn", a->msisdn, fault) : e;
}

static int run(int argc, char **argv)
{
	static const struct argp_child children[] = { { &storage_argp, 0, NULL, 0 },
		                                      { 0 } };
	static const struct argp_option options[] = {
		{ "yes", 'y', NULL, 0, "Do not ask", 0 },
		{ 0 },
	};
	static const struct argp argp = {
		.options = options,
		.parser = on_option,
		.args_doc = "MSISDN",
		.children = children,
		.doc = "Erases what is known of a number: its data, texts and replies.  Charges, "
		       "orders and consents stay, under a pseudonym; so does an opt-out in force.  "
		       "Older backups hold him until they are thrown away, and a later import may "
		       "bring him back.\vExample: smshall erase --config /etc/smshall.conf "
		       "13800000001"
	};
	static const struct ask ask = { "erase", &argp, "erase", fill };
	struct erase_args args = { .msisdn = NULL };

	return ask_run(&ask, argc, argv, &args);
}

const struct command cmd_erase = { "erase", "erases what is known of a number", run };
