/*
 * import.c - `smshall import`: a CSV file into the store, all of it or nothing.
 */
#include <stdio.h>

#include "ask_priv.h"
#include "base/civil.h"
#include "cmd/command.h"
#include "store/import.h"

struct import_args {
	struct storage storage;
	const char *word[2]; /* kind and path */
	const char *as_of;
};

/* argp's type. NOLINTNEXTLINE(readability-non-const-parameter) */
static error_t on_option(int key, char *arg, struct argp_state *state)
{
	struct import_args *a = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->storage;
		return 0;
	case 'a':
		a->as_of = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num >= 2)
			argp_error(state, "expected one KIND and one FILE.csv");
		else
			a->word[state->arg_num] = arg;
		return 0;
	case ARGP_KEY_END:
		if (a->word[1] == NULL)
			argp_error(state, "expected KIND (%s) and FILE.csv",
			           import_kinds());
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static enum err put_time(json_t *request, const char *text, struct fault *fault)
{
	int64_t at;

	if (civil_parse_time(str_of(text), &at) != ERR_OK &&
	    civil_parse_date(str_of(text), &at) != ERR_OK) {
		fault_set(
			fault,
			"--as-of \"%s\": expected a time as \"2026-10-20 08:30:00\", or "
			"2026-10-20",
			text);
		return ERR_SYNTAX;
	}
	return json_object_set_new(request, "as_of", json_integer(at)) == 0 ? ERR_OK
	                                                                    : ERR_FULL;
}

static enum err fill(const void *args, json_t *request, struct fault *fault)
{
	const struct import_args *a = args;
	enum err e = ask_text(request, "kind", a->word[0], fault);

	if (e == ERR_OK)
		e = ask_path(request, "path", a->word[1], fault);
	if (e == ERR_OK && a->as_of != NULL)
		e = put_time(request, a->as_of, fault);
	return e;
}

static int run(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "as-of", 'a', "TIME", 0,
		  "When its figures were true (the time of the file)", 0 },
		{ 0 },
	};
	static const struct argp_child children[] = { { &storage_argp, 0, NULL, 0 },
		                                      { 0 } };
	static const struct argp argp = {
		.options = options,
		.parser = on_option,
		.args_doc = "KIND FILE.csv",
		.children = children,
		.doc = "Imports a CSV file: packages, groups and subscribers before what refers to "
		       "them.  The whole file is checked before anything is stored; a key that the "
		       "store holds is replaced.  When the store is being served, its owner does "
		       "it and answers texts meanwhile.\vExample: smshall import --store "
		       "sqlite:var/smshall.db packages packages.csv"
	};
	static const struct ask ask = {
		.name = "import", .argp = &argp, .task = "import", .fill = fill
	};
	struct import_args args = { .word = { NULL } };

	return ask_run(&ask, argc, argv, &args);
}

const struct command cmd_import = { "import", "reads a CSV file into the store", run };
