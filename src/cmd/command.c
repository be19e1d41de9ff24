/*
 * command.c - see cmd/command.h.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/command.h"

enum {
	NAME_MAX_OCTETS = 64,
	SLIP = 2 /* letters */
};

static void help(const struct command_list *l, FILE *to)
{
	(void)fprintf(to, "Usage: %s COMMAND [OPTION...]\n%s\n\n", l->name, l->about);
	for (size_t i = 0; i < l->n; i++)
		(void)fprintf(to, "  %-10s %s\n", l->command[i]->name,
		              l->command[i]->summary);
	(void)fprintf(to, "\n`%s COMMAND --help` tells more.  %s\n", l->name, l->more);
}

const struct command *command_find(const struct command_list *l, const char *name)
{
	for (size_t i = 0; i < l->n; i++) {
		if (strcmp(name, l->command[i]->name) == 0)
			return l->command[i];
	}
	return NULL;
}

int command_run(const struct command_list *l, const struct command *c, int argc,
                char **argv)
{
	char name[NAME_MAX_OCTETS];

	(void)snprintf(name, sizeof(name), "%s %s", l->name, c->name);
	argv[0] = name;
	return c->run(argc, argv);
}

/* Whether a slip of two neighbouring letters at most makes a of b. */
static bool is_near(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b), same = 0;

	while (same < n && same < m && a[same] == b[same])
		same++;
	while (n > same && m > same && a[n - 1] == b[m - 1]) {
		n--;
		m--;
	}
	return same > 0 && n - same <= SLIP && m - same <= SLIP;
}

static void refuse(const struct command_list *l, const char *word)
{
	(void)fprintf(stderr, "%s: no command \"%s\"; ", l->name, word);
	for (size_t i = 0; i < l->n; i++) {
		if (is_near(word, l->command[i]->name)) {
			(void)fprintf(stderr, "did you mean %s?  ", l->command[i]->name);
			break;
		}
	}
	(void)fprintf(stderr, "See %s --help\n", l->name);
}

/* "help", or "help COMMAND" */
static int help_on(const struct command_list *l, const char *word)
{
	static char option[] = "--help";
	char *argv[] = { NULL, option, NULL };
	const struct command *c;

	if (word == NULL) {
		help(l, stdout);
		return EXIT_SUCCESS;
	}
	c = command_find(l, word);
	if (c != NULL)
		return command_run(l, c, 2, argv);
	refuse(l, word);
	return 2;
}

int command_choose(const struct command_list *l, int argc, char **argv)
{
	const struct command *c;

	if (argc < 2) {
		help(l, stderr);
		return 2;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-?") == 0)
		return help_on(l, NULL);
	if (strcmp(argv[1], "help") == 0)
		return help_on(l, argc > 2 ? argv[2] : NULL);
	c = command_find(l, argv[1]);
	if (c != NULL)
		return command_run(l, c, argc - 1, argv + 1);
	refuse(l, argv[1]);
	return 2;
}
