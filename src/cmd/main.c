/*
 * main.c - smshall: finds the subcommand and runs it.
 */
#include <argp.h>
#include <event2/event.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cmd/command.h"
#include "house_priv.h"

static const struct command *const commands[] = {
	&cmd_demo,     &cmd_serve,     &cmd_init,   &cmd_import,  &cmd_populate,
	&cmd_smsc,     &cmd_phone,     &cmd_replay, &cmd_grammar, &cmd_trace,
	&cmd_tasks,    &cmd_login,     &cmd_tags,   &cmd_offer,   &cmd_rehearse,
	&cmd_evidence, &cmd_doctor,    &cmd_backup, &cmd_restore, &cmd_retention,
	&cmd_erase,    &cmd_bugreport, &cmd_reload,
};

static void help(FILE *to)
{
	(void)fprintf(
		to,
		"Usage: smshall COMMAND [OPTION...]\n"
		"An SMS business hall: subscribers text, it answers from its store.\n\n");
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		(void)fprintf(to, "  %-10s %s\n", commands[i]->name,
		              commands[i]->summary);
	(void)fprintf(
		to, "\n`smshall COMMAND --help` tells more.  To try it: smshall demo\n");
}

/* A daemon may be started without them, and a database must never get number 2. */
static void open_standard_files(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		(void)close(fd);
}

/* Under its whole name, "smshall init", as help and complaints print it. */
static int run(const struct command *c, int argc, char **argv)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "smshall %s", c->name);
	argv[0] = name;
	return c->run(argc, argv);
}

int main(int argc, char **argv)
{
	open_standard_files();
	event_set_mem_functions(xmalloc, xrealloc, free); /* as base/alloc.h has it */
	argp_err_exit_status = 2;
	(void)setlocale(LC_CTYPE, "C.UTF-8");
	if (argc < 2) {
		help(stderr);
		return 2;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
		help(stdout);
		return EXIT_SUCCESS;
	}
	if (strcmp(argv[1], "--version") == 0) {
		(void)puts("smshall " SMSHALL_VERSION);
		return EXIT_SUCCESS;
	}
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(argv[1], commands[i]->name) == 0)
			return run(commands[i], argc - 1, argv + 1);
	}
	(void)fprintf(stderr, "smshall: no command \"%s\"; see smshall --help\n",
	              argv[1]);
	return 2;
}
