/*
 * demo.c - `smshall demo`: store, SMSC simulator, gateway and status page on this
 * machine, in one process.
 *
 * Everything it makes lies in one folder, with the configuration it runs on as a
 * file to look at; a second start goes on with what is there.
 */
#include <argp.h>
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cmd/command.h"
#include "house_priv.h"
#include "sim/smsc.h"

enum {
	DEMO_PATH = 3072,
	SUBSCRIBERS_MAX = 1000000000 /* populate's */
};

struct demo_args {
	const char *dir, *grammar, *timezone;
	const char *subscribers; /* handed on to populate */
	int smsc_port, http_port;
};

static int port_of(struct argp_state *state, const char *arg)
{
	int64_t port;

	if (str_i64(str_of(arg), &port) != ERR_OK || port < 0 || port > 65535)
		argp_error(state, "\"%s\" is no port: expected 0 to 65535", arg);
	return (int)port;
}

static const char *number_of(struct argp_state *state, const char *arg)
{
	int64_t n;

	if (str_i64(str_of(arg), &n) != ERR_OK || n < 1 || n > SUBSCRIBERS_MAX)
		argp_error(state, "--subscribers \"%s\": expected a number from 1 to %d",
		           arg, SUBSCRIBERS_MAX);
	return arg;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct demo_args *a = state->input;

	switch (key) {
	case 'd':
		a->dir = arg;
		return 0;
	case 'n':
		a->subscribers = number_of(state, arg);
		return 0;
	case 'g':
		a->grammar = arg;
		return 0;
	case 'z':
		a->timezone = arg;
		return 0;
	case 's':
		a->smsc_port = port_of(state, arg);
		return 0;
	case 'p':
		a->http_port = port_of(state, arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Runs another subcommand with these words; argv has to be writable. */
static int run_other(const struct command *command, const char *const *word, int n)
{
	char *argv[8];
	int status;

	assert(n < 8);
	for (int i = 0; i < n; i++)
		argv[i] = xstrndup(str_of(word[i]));
	argv[n] = NULL;
	status = command->run(n, argv);
	for (int i = 0; i < n; i++)
		free(argv[i]);
	return status;
}

/* *made: there was none. */
static enum err make_store(const struct demo_args *args, const char *path, bool *made,
                           struct fault *fault)
{
	char url[DEMO_PATH + 16];
	const char *const init[] = { "init", "--store", url };
	const char *const populate[] = { "populate",      "--store",         url,
		                         "--subscribers", args->subscribers, "--timezone",
		                         args->timezone };

	if (mkdir(args->dir, 0777) != 0 && errno != EEXIST) {
		fault_set(fault, "cannot make folder %s: %s", args->dir, strerror(errno));
		return ERR_IO;
	}
	if (access(path, F_OK) == 0)
		return ERR_OK;
	(void)snprintf(url, sizeof(url), "sqlite:%s", path);
	if (run_other(&cmd_init, init, 3) != 0 ||
	    run_other(&cmd_populate, populate, 7) != 0) {
		(void)unlink(path);
		fault_set(fault, "cannot make the store %s", path);
		return ERR_IO;
	}
	*made = true;
	return ERR_OK;
}

static enum err write_conf(const struct demo_args *args, const char *path, int smsc_port,
                           struct fault *fault)
{
	FILE *f = fopen(path, "w");

	if (f == NULL) {
		fault_set(fault, "cannot write %s: %s", path, strerror(errno));
		return ERR_IO;
	}
	(void)fprintf(
		f,
		"# Made by smshall demo; written anew at each start.\n"
		"store    = \"sqlite:%s/smshall.db\";\n"
		"grammar  = \"%s\";\n"
		"timezone = \"%s\";\n"
		"links = (\n"
		"  { name = \"demo\"; host = \"127.0.0.1\"; port = %d; bind = \"transceiver\";\n"
		"    system_id = \"hall\"; password = \"demo\"; numbers = ( \"10086\" );\n"
		"    marketing = \"10690086\"; trusted = true; }\n"
		");\n"
		"http = { listen = \"127.0.0.1\"; port = %d; };\n"
		"log  = { level = \"info\"; };\n",
		args->dir, args->grammar, args->timezone, smsc_port, args->http_port);
	if (fclose(f) != 0) {
		fault_set(fault, "cannot write %s: %s", path, strerror(errno));
		return ERR_IO;
	}
	return ERR_OK;
}

static void greet(const struct house *h, const struct demo_args *args, int smsc_port)
{
	(void)printf("\nThe hall is open.  Status page: http://127.0.0.1:%d\n"
	             "Send the first text from another terminal, in this folder:\n\n"
	             "    build/release/smshall phone 13800000000 --smsc 127.0.0.1:%d\n\n"
	             "and type CXYE, 余额, cxll, HELP ...  Everything lies in %s/.  "
	             "Ctrl-C ends it.\n",
	             console_port(h->console), smsc_port, args->dir);
	(void)fflush(stdout);
}

/* What a night works out of everybody, so that the first day has it. */
static enum err spend_a_night(const char *conf_path, struct fault *fault)
{
	const char *const refresh[] = { "tags", "refresh", "--config", conf_path };

	if (run_other(&cmd_tags, refresh, 4) == 0)
		return ERR_OK;
	fault_set(fault, "cannot work out the tags");
	return ERR_IO;
}

/* The simulator needs the loop that house_open() makes, and the configuration its port. */
static enum err open_all(struct house *h, struct smsc **smsc,
                         const struct demo_args *args, const char *conf_path, bool made,
                         struct fault *fault)
{
	const struct smsc_conf smsc_conf = { .listen = "127.0.0.1",
		                             .port = args->smsc_port };
	struct conf *conf = NULL;
	enum err e = house_open(h, conf_defaults(), fault);

	if (e == ERR_OK)
		e = smsc_create(h->base, &smsc_conf, &h->clock, &h->log, smsc, fault);
	if (e == ERR_OK)
		e = write_conf(args, conf_path, smsc_port(*smsc), fault);
	if (e == ERR_OK)
		e = conf_load(conf_path, &conf, fault);
	if (e == ERR_OK && made)
		e = spend_a_night(conf_path, fault);
	if (e != ERR_OK)
		return e;
	conf_destroy(h->conf);
	h->conf = conf;
	h->config = conf_path;
	return house_start(h, false, fault);
}

static int run_demo(const struct demo_args *args)
{
	char db[DEMO_PATH], conf_path[DEMO_PATH];
	struct house house = { .base = NULL };
	struct smsc *smsc = NULL;
	struct fault fault = { .text = "" };
	int status = EXIT_FAILURE;
	bool made = false;
	enum err e;

	(void)snprintf(db, sizeof(db), "%s/smshall.db", args->dir);
	(void)snprintf(conf_path, sizeof(conf_path), "%s/smshall.conf", args->dir);
	e = make_store(args, db, &made, &fault);
	if (e == ERR_OK)
		e = open_all(&house, &smsc, args, conf_path, made, &fault);
	if (e == ERR_OK) {
		greet(&house, args, smsc_port(smsc));
		status = house_run(&house);
	} else {
		(void)fprintf(stderr, "smshall demo: %s\n", fault.text);
	}
	smsc_destroy(smsc);
	house_close(&house);
	return status;
}

static int run(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "dir", 'd', "D", 0, "Where store and configuration lie (var)", 0 },
		{ "subscribers", 'n', "N", 0,
		  "How many to make up, the first time (10000)", 0 },
		{ "grammar", 'g', "DIR", 0, "Folder of grammar and replies (grammar)",
		  0 },
		{ "timezone", 'z', "ZONE", 0,
		  "Where it stands, such as Europe/Berlin (Asia/Shanghai)", 0 },
		{ "smsc-port", 's', "P", 0, "Port of the SMSC simulator (2775; 0 = any)",
		  0 },
		{ "http-port", 'p', "P", 0, "Port of the status page (10086; 0 = any)",
		  0 },
		{ 0 },
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse_option,
		.doc = "Runs everything on this machine: a store with a made-up population, an SMSC "
		       "simulator, the gateway and its status page.\vExample: smshall demo --dir "
		       "/tmp/hall --subscribers 1000"
	};
	struct demo_args args = { .dir = "var",
		                  .grammar = "grammar",
		                  .timezone = "Asia/Shanghai",
		                  .subscribers = "10000",
		                  .smsc_port = 2775,
		                  .http_port = 10086 };

	if (argp_parse(&argp, argc, argv, 0, NULL, &args) != 0)
		return 2;
	return run_demo(&args);
}

const struct command cmd_demo = { "demo", "tries everything on this machine", run };
