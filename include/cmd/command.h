/*
 * command.h - a subcommand of smshall: one file, one const descriptor.
 *
 * main.c lists them.  run() gets its whole name, such as "smshall init", as argv[0], which
 * help and complaints print, and returns the exit status: 0 done, 1 failed, 2 wrong usage.
 */
#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

#include <stddef.h>

struct command {
	const char *name, *summary;
	int (*run)(int argc, char **argv);
};

struct command_list {
	const char *name;         /* what stands before theirs: "smshall" */
	const char *about, *more; /* above and below them in the help */
	const struct command *const *command;
	size_t n;
};

/* Runs the one that argv[1] names, or tells which there are. */
int command_choose(const struct command_list *l, int argc, char **argv);
/* NULL: none is called so. */
const struct command *command_find(const struct command_list *l, const char *name);
/* argv[0] is its own name and becomes the whole one. */
int command_run(const struct command_list *l, const struct command *c, int argc,
                char **argv);

extern const struct command cmd_backup, cmd_bugreport, cmd_demo, cmd_doctor, cmd_erase,
	cmd_tasks, cmd_campaign, cmd_login, cmd_evidence, cmd_grammar, cmd_import,
	cmd_init, cmd_offer, cmd_rehearse, cmd_phone, cmd_populate, cmd_reload,
	cmd_replay, cmd_restore, cmd_retention, cmd_serve, cmd_smsc, cmd_tags, cmd_trace;

#endif
