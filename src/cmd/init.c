/*
 * init.c - `smshall init`: creates a store, or brings its schema up to date.
 */
#include <stdio.h>
#include <stdlib.h>

#include "cmd/command.h"
#include "storage_priv.h"

static int run(int argc, char **argv)
{
	static const struct argp_child children[] = { { &storage_argp, 0, NULL, 0 },
		                                      { 0 } };
	static const struct argp argp = {
		.children = children,
		.doc = "Creates a store, or brings the schema of one up to date; what it holds "
		       "stays.\vExample: smshall init --store sqlite:var/smshall.db"
	};
	struct storage storage = { .url = NULL };
	struct argp with = argp;
	struct fault fault = { .text = "" };
	struct store *store = NULL;
	enum err e;

	argp_err_exit_status = 2;
	if (argp_parse(&with, argc, argv, 0, NULL, &storage) != 0)
		return 2;
	e = storage_open(&storage, STORE_CREATE, &store, &fault);
	if (e == ERR_OK)
		(void)printf("the store %s is ready\n", storage.url);
	else
		(void)fprintf(stderr, "smshall init: %s\n", fault.text);
	store_close(store);
	storage_close(&storage);
	return e == ERR_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

const struct command cmd_init = { "init", "creates a store or upgrades its schema", run };
