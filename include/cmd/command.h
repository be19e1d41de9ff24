/*
 * command.h - a subcommand of smshall: one file, one const descriptor.
 *
 * main.c lists them.  run() gets its own name as argv[0] and returns the exit
 * status: 0 done, 1 failed, 2 wrong usage.
 */
#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

struct command {
	const char *name, *summary;
	int (*run)(int argc, char **argv);
};

extern const struct command cmd_backup, cmd_bugreport, cmd_demo, cmd_doctor, cmd_erase,
	cmd_tasks, cmd_login, cmd_evidence, cmd_grammar, cmd_import, cmd_init, cmd_offer,
	cmd_rehearse, cmd_phone, cmd_populate, cmd_reload, cmd_replay, cmd_restore,
	cmd_retention, cmd_serve, cmd_smsc, cmd_tags, cmd_trace;

#endif
