/*
 * init.c - `smshall init`: creates a store, or brings its schema up to date.
 */
#include <stdio.h>
#include <stdlib.h>

#include <string.h>

#include "cmd/command.h"
#include "conf/conf.h"
#include "office/pepper.h"
#include "storage_priv.h"

static enum err ready(void *args, struct store *store, struct fault *fault)
{
	const struct storage *storage = args;
	const char *scheme = strchr(storage->url, ':');
	struct buf path = buf_make(4096);
	struct pin_conf unused;
	bool made = false;
	enum err e = ERR_OK;

	if (scheme != NULL && strcmp(scheme, "::memory:") != 0) {
		pepper_path(storage->conf->pepper_file, scheme + 1, &path);
		e = pepper_settle(store, buf_cstr(&path), &unused, &made, fault);
	}
	if (made)
		(void)printf(
			"the key of passwords is %s: keep a copy, apart from those of "
			"the store\n",
			buf_cstr(&path));
	buf_free(&path);
	if (e != ERR_OK)
		return e;
	(void)printf("the store %s is ready\n", storage->url);
	return ERR_OK;
}

static int run(int argc, char **argv)
{
	static const struct argp_child children[] = { { &storage_argp, 0, NULL, 0 },
		                                      { 0 } };
	static const struct argp argp = {
		.children = children,
		.doc = "Creates a store, or brings the schema of one up to date; what it holds "
		       "stays.\vExample: smshall init --store sqlite:var/smshall.db"
	};
	static const struct storage_command init = { "init", &argp, STORE_CREATE, ready };
	struct storage storage = { .url = NULL };

	return storage_run(&init, argc, argv, &storage);
}

const struct command cmd_init = { "init", "creates a store or upgrades its schema", run };
