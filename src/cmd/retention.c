/*
 * retention.c - `smshall retention`: drops what is older than it is to be kept.
 */
#include <stdlib.h>

#include "ask_priv.h"
#include "cmd/command.h"

struct retention_args {
	struct storage storage;
	bool dry_run;
};

/* argp's type. NOLINTNEXTLINE(readability-non-const-parameter) */
static error_t on_option(int key, char *arg, struct argp_state *state)
{
	struct retention_args *a = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->storage;
		return 0;
	case 'd':
		a->dry_run = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static enum err fill(const void *args, json_t *request, struct fault *fault)
{
	const struct retention_args *a = args;

	(void)fault;
	(void)json_object_set_new(request, "dry_run", json_boolean(a->dry_run));
	return ERR_OK;
}

static int run(int argc, char **argv)
{
	static const struct argp_child children[] = { { &storage_argp, 0, NULL, 0 },
		                                      { 0 } };
	static const struct argp_option options[] = {
		{ "dry-run", 'd', NULL, 0, "Only say what would go", 0 },
		{ 0 },
	};
	static const struct argp argp = {
		.options = options,
		.parser = on_option,
		.children = children,
		.doc = "Drops texts, details and evidence older than the configuration keeps them "
		       "(group \"retention\").  A running hall does so once a day by itself."
		       "\vExample: smshall retention --config /etc/smshall.conf --dry-run"
	};
	static const struct ask ask = { "retention", &argp, "retention", fill };
	struct retention_args args = { .dry_run = false };

	return ask_run(&ask, argc, argv, &args);
}

const struct command cmd_retention = { "retention", "drops what is too old to be kept",
	                               run };
