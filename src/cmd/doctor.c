/*
 * doctor.c - `smshall doctor`: how the store is.
 */
#include <stdlib.h>

#include "ask_priv.h"
#include "cmd/command.h"

struct doctor_args {
	struct storage storage;
	bool full;
};

/* argp's type. NOLINTNEXTLINE(readability-non-const-parameter) */
static error_t on_option(int key, char *arg, struct argp_state *state)
{
	struct doctor_args *a = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->storage;
		return 0;
	case 'F':
		a->full = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static enum err fill(const void *args, json_t *request, struct fault *fault)
{
	const struct doctor_args *a = args;

	(void)fault;
	(void)json_object_set_new(request, "full", json_boolean(a->full));
	return ERR_OK;
}

static int run(int argc, char **argv)
{
	static const struct argp_child children[] = { { &storage_argp, 0, NULL, 0 },
		                                      { 0 } };
	static const struct argp_option options[] = {
		{ "full", 'F', NULL, 0, "Look through the whole file as well", 0 },
		{ 0 },
	};
	static const struct argp argp = {
		.options = options,
		.parser = on_option,
		.children = children,
		.doc = "Looks at the store: size, WAL, disk, permissions, messages that wait, clock, "
		       "last stop.  A line each: ok, watch (with what to do) or BAD.\vExample: "
		       "smshall doctor --config /etc/smshall.conf --full"
	};
	static const struct ask ask = { "doctor", &argp, "doctor", fill };
	struct doctor_args args = { .full = false };

	return ask_run(&ask, argc, argv, &args);
}

const struct command cmd_doctor = { "doctor", "says how the store is", run };
