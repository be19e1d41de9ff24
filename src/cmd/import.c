/*
 * import.c - `smshall import`: a CSV file into the store, all of it or nothing.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "cmd/command.h"
#include "storage_priv.h"
#include "store/import.h"

struct import_args {
	struct storage storage;
	const char *word[2]; /* kind and path */
};

/* argp's type. NOLINTNEXTLINE(readability-non-const-parameter) */
static error_t on_option(int key, char *arg, struct argp_state *state)
{
	struct import_args *a = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->storage;
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

static void on_progress(void *ctx, int64_t done, int64_t total)
{
	struct progress *p = ctx;

	p->total = total;
	progress_at(p, done);
}

static enum err import(void *args, struct store *store, struct fault *fault)
{
	const struct import_args *a = args;
	struct progress bar = progress_make(a->word[0], 0);
	const struct clock start = clock_machine();
	struct import_job job = { .store = store,
		                  .kind = a->word[0],
		                  .path = a->word[1],
		                  .now = start.wall_s,
		                  .progress = on_progress,
		                  .ctx = &bar };
	const enum err e = import_run(&job, fault);
	double s = (double)(clock_machine().mono_us - start.mono_us) / 1e6;

	progress_end(&bar);
	s = s > 0.001 ? s : 0.001;
	if (e == ERR_OK)
		(void)printf("%s: %" PRId64 " rows in %.1f s (%.0f rows/s)\n", job.kind,
		             job.rows, s, (double)job.rows / s);
	else if (job.rows > 0)
		(void)fprintf(stderr,
		              "smshall import: %" PRId64
		              " rows were stored before this: import the "
		              "file again\n",
		              job.rows);
	return e;
}

static int run(int argc, char **argv)
{
	static const struct argp_child children[] = { { &storage_argp, 0, NULL, 0 },
		                                      { 0 } };
	static const struct argp argp = {
		.parser = on_option,
		.args_doc = "KIND FILE.csv",
		.children = children,
		.doc = "Imports a CSV file: packages, subscribers or usage, in this order.  The whole "
		       "file is checked before anything is stored; a key that the store holds is "
		       "replaced.\vExample: smshall import --store sqlite:var/smshall.db packages "
		       "packages.csv"
	};
	static const struct storage_command import_command = { "import", &argp,
		                                               STORE_OPEN, import };
	struct import_args args = { .word = { NULL } };

	return storage_run(&import_command, argc, argv, &args);
}

const struct command cmd_import = { "import", "reads a CSV file into the store", run };
