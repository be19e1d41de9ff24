/*
 * restore.c - `smshall restore`: a backup takes the place of the store.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "cmd/command.h"
#include "storage_priv.h"
#include "store/copy.h"

struct restore_args {
	struct storage storage;
	const char *file;
};

/* argp's type. NOLINTNEXTLINE(readability-non-const-parameter) */
static error_t on_option(int key, char *arg, struct argp_state *state)
{
	struct restore_args *a = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->storage;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "expected one FILE");
		a->file = arg;
		return 0;
	case ARGP_KEY_END:
		if (a->file == NULL)
			argp_error(state, "which backup? expected FILE");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void tell(const struct restore_args *a, const struct store_restored *done)
{
	const char *url = a->storage.url;

	(void)printf("%s now holds %s (%" PRId64 " octets, checked)\n", url, a->file,
	             done->octets);
	if (done->kept.n > 0)
		(void)printf("the former store is kept as %.*s\n"
		             "to undo this: smshall restore --store %s %.*s\n",
		             STR_ARG(done->kept), url, STR_ARG(done->kept));
}

static bool on_look(void *ctx, int64_t done, int64_t total)
{
	struct progress *bar = ctx;

	bar->total = total;
	progress_at(bar, done);
	return true;
}

static int run(int argc, char **argv)
{
	static const struct argp_child children[] = { { &storage_argp, 0, NULL, 0 },
		                                      { 0 } };
	static const struct argp argp = {
		.parser = on_option,
		.args_doc = "FILE",
		.children = children,
		.doc = "Puts a copy of a backup in the place of the store, while no hall runs on it.  "
		       "The backup is looked through first; the former store is kept beside it."
		       "\vExample: smshall restore --config /etc/smshall.conf "
		       "/var/backups/hall-2026-10-20.db"
	};
	struct restore_args args = { .file = NULL };
	struct arena arena = arena_make((size_t)1024 * 1024);
	struct fault fault = { .text = "" };
	struct store_restored done;
	struct progress bar = progress_make("restore", 0);
	const struct store_watch watch = { on_look, &bar };
	enum err e;

	if (argp_parse(&argp, argc, argv, 0, NULL, &args) != 0)
		return 2;
	e = storage_settle(&args.storage, &fault);
	if (e == ERR_OK)
		e = store_restore(args.storage.url, args.file, clock_machine().wall_s,
		                  &watch, &arena, &done, &fault);
	progress_end(&bar);
	if (e == ERR_OK)
		tell(&args, &done);
	else
		(void)fprintf(stderr, "smshall restore: %s\n", fault.text);
	storage_close(&args.storage);
	arena_free(&arena);
	return e == ERR_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

const struct command cmd_restore = { "restore", "puts a backup in the store's place",
	                             run };
