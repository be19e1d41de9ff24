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

struct init_args {
	struct storage storage;
	bool forget_pins;
};

/* Argp's type. NOLINTNEXTLINE(readability-non-const-parameter) */
static error_t on_option(int key, char *arg, struct argp_state *state)
{
	struct init_args *a = state->input;

	(void)arg;
	if (key == 'F')
		a->forget_pins = true;
	else if (key == ARGP_KEY_INIT)
		state->child_inputs[0] = &a->storage;
	else
		return ARGP_ERR_UNKNOWN;
	return 0;
}

static enum err forget(struct store *store, struct fault *fault)
{
	const enum err e = store_forget_pins(store);

	if (e == ERR_OK)
		(void)printf("all passwords are forgotten: each subscriber sets a new "
		             "one with MMCZ\n");
	else
		fault_set(fault, "cannot forget passwords: %s", store_fault(store));
	return e;
}

static enum err ready(void *args, struct store *store, struct fault *fault)
{
	const struct init_args *a = args;
	const struct storage *storage = &a->storage;
	const char *scheme = strchr(storage->url, ':');
	struct buf path = buf_make(4096);
	struct pin_conf unused;
	bool made = false;
	enum err e = a->forget_pins ? forget(store, fault) : ERR_OK;

	if (e == ERR_OK && scheme != NULL && strcmp(scheme, "::memory:") != 0) {
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
	static const struct argp_option options[] = {
		{ "forget-pins", 'F', NULL, 0,
		  "Forget everybody's password, where the key of their hashes is lost",
		  0 },
		{ 0 },
	};
	static const struct argp argp = {
		.options = options,
		.parser = on_option,
		.children = children,
		.doc = "Creates a store, or brings the schema of one up to date; what it holds "
		       "stays.\vExample: smshall init --store sqlite:var/smshall.db"
	};
	static const struct storage_command init = { "init", &argp, STORE_CREATE, ready };
	struct init_args args = { .forget_pins = false };

	return storage_run(&init, argc, argv, &args);
}

const struct command cmd_init = { "init", "creates a store or upgrades its schema", run };
