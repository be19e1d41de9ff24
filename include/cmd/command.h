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

extern const struct command cmd_demo, cmd_grammar, cmd_import, cmd_init, cmd_phone,
	cmd_populate, cmd_replay, cmd_serve, cmd_smsc;

#endif
