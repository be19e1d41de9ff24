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
	&cmd_demo,     &cmd_serve,     &cmd_reload,   &cmd_init,      &cmd_import,
	&cmd_populate, &cmd_smsc,      &cmd_phone,    &cmd_replay,    &cmd_grammar,
	&cmd_trace,    &cmd_tasks,     &cmd_login,    &cmd_tags,      &cmd_offer,
	&cmd_rehearse, &cmd_campaign,  &cmd_evidence, &cmd_doctor,    &cmd_backup,
	&cmd_restore,  &cmd_retention, &cmd_erase,    &cmd_bugreport,
};

static const struct command_list all = {
	.name = "smshall",
	.about = "An SMS business hall: subscribers text, it answers from its store.",
	.more = "To try it: smshall demo",
	.command = commands,
	.n = sizeof(commands) / sizeof(commands[0])
};

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

int main(int argc, char **argv)
{
	open_standard_files();
	event_set_mem_functions(xmalloc, xrealloc, free); /* as base/alloc.h has it */
	argp_err_exit_status = 2;
	(void)setlocale(LC_CTYPE, "C.UTF-8");
	if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		(void)puts("smshall " SMSHALL_VERSION);
		return EXIT_SUCCESS;
	}
	return command_choose(&all, argc, argv);
}
