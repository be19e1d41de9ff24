/*
 * backup.c - `smshall backup`: a copy of the store, while it is in use.
 */
#include <stdlib.h>

#include "ask_priv.h"
#include "cmd/command.h"

struct backup_args {
	struct storage storage;
	const char *file;
	bool force;
};

/* argp's type. NOLINTNEXTLINE(readability-non-const-parameter) */
static error_t on_option(int key, char *arg, struct argp_state *state)
{
	struct backup_args *a = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->storage;
		return 0;
	case 'f':
		a->force = true;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "expected one FILE");
		a->file = arg;
		return 0;
	case ARGP_KEY_END:
		if (a->file == NULL)
			argp_error(state, "where to? expected FILE");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static enum err fill(const void *args, json_t *request, struct fault *fault)
{
	const struct backup_args *a = args;

	(void)json_object_set_new(request, "force", json_boolean(a->force));
	return ask_path(request, "path", a->file, fault);
}

static int run(int argc, char **argv)
{
	static const struct argp_child children[] = { { &storage_argp, 0, NULL, 0 },
		                                      { 0 } };
	static const struct argp_option options[] = {
		{ "force", 'f', NULL, 0, "Replace FILE if it is an older backup", 0 },
		{ 0 },
	};
	static const struct argp argp = {
		.options = options,
		.parser = on_option,
		.args_doc = "FILE",
		.children = children,
		.doc = "Copies the store into one file while texts are answered, looks through the "
		       "copy, and only then gives it its name.\vExample: smshall backup --config "
		       "/etc/smshall.conf /var/backups/hall-$(date +%F).db"
	};
	static const struct ask ask = { "backup", &argp, "backup", fill };
	struct backup_args args = { .file = NULL };

	return ask_run(&ask, argc, argv, &args);
}

const struct command cmd_backup = { "backup", "copies the store while it is in use",
	                            run };
