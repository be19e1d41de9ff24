/*
 * tags.c - smshall tags check | columns, which need no store; the rest of smshall tags is
 * a task of the office (asking.c).
 */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "assets/assets.h"
#include "grammar_priv.h"

static int run_columns(int argc, char **argv)
{
	static const struct argp argp = {
		.doc = "Says what rules of tags.conf may speak of.\vExample: smshall tags columns"
	};
	struct tag_column c;

	if (argp_parse(&argp, argc, argv, 0, NULL, NULL) != 0)
		return 2;
	for (size_t i = 0; tag_column(i, &c); i++)
		(void)printf("%-16s %-4s  %s\n", c.name, c.type, c.what);
	(void)printf("\nfunctions: %s\nwords: %s\n", tag_functions(), tag_words());
	return EXIT_SUCCESS;
}

static int check(const char *path)
{
	struct tag_rules *rules = NULL;
	struct fault fault = { .text = "" };
	size_t n = 0, level[TAG_LEVELS] = { 0 };
	const struct tag_def *d;

	if (access(path, R_OK) != 0)
		fault_set(&fault, "%s: %s; expected a file such as grammar/tags.conf",
		          path, strerror(errno));
	if (fault.text[0] != '\0' ||
	    assets_load_tags(path, NULL, &rules, &fault) != ERR_OK) {
		(void)fprintf(stderr, "smshall tags: %s\n", fault.text);
		return EXIT_FAILURE;
	}
	d = tag_rules_defs(rules, &n);
	for (size_t i = 0; i < n; i++)
		level[d[i].level]++;
	(void)printf("%s: %zu tags:", path, n);
	for (int l = 0; l < TAG_LEVELS; l++)
		(void)printf(" %zu %s", level[l], tag_level_name((enum tag_level)l));
	(void)puts("");
	tag_rules_free(rules);
	return EXIT_SUCCESS;
}

/* argp's type. NOLINTNEXTLINE(readability-non-const-parameter) */
static error_t on_path(int key, char *arg, struct argp_state *state)
{
	const char **path = state->input;

	if (key != ARGP_KEY_ARG || state->arg_num > 0)
		return ARGP_ERR_UNKNOWN;
	*path = arg;
	return 0;
}

static int run_check(int argc, char **argv)
{
	static const struct argp argp = {
		.parser = on_path,
		.args_doc = "[FILE]",
		.doc = "Says whether the rules of a file (grammar/tags.conf) can be taken, "
		       "else where not.\vExample: smshall tags check grammar/tags.conf"
	};
	const char *path = "grammar/tags.conf";

	if (argp_parse(&argp, argc, argv, 0, NULL, &path) != 0)
		return 2;
	return check(path);
}

static int run(int argc, char **argv)
{
	static const struct command check_file = { "check", "", run_check };
	static const struct command columns = { "columns", "", run_columns };
	static const struct command *const alone[] = { &check_file, &columns };
	static const struct command_list list = { .name = "smshall tags",
		                                  .command = alone,
		                                  .n = 2 };
	const struct command *c = argc > 1 ? command_find(&list, argv[1]) : NULL;

	return c != NULL ? command_run(&list, c, argc - 1, argv + 1)
	                 : tags_ask(argc, argv);
}

const struct command cmd_tags = { "tags",
	                          "shows and refreshes what is known of subscribers",
	                          run };
