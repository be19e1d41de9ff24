/*
 * tags.c - smshall tags check | columns, which need no store; the rest of smshall tags is
 * a task of the office (asking.c).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assets/assets.h"
#include "cmd/command.h"
#include "grammar_priv.h"

static int columns(void)
{
	struct tag_column c;

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

	if (assets_load_tags(path, &rules, &fault) != ERR_OK) {
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

static int run(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "columns") == 0)
		return columns();
	if (argc > 1 && strcmp(argv[1], "check") == 0)
		return check(argc > 2 ? argv[2] : "grammar/tags.conf");
	return tags_ask(argc, argv);
}

const struct command cmd_tags = { "tags",
	                          "shows and refreshes what is known of subscribers",
	                          run };
