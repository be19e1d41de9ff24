/*
 * tags.c - smshall tags check | columns, which need no store; the rest of smshall tags is
 * a task of the office (asking.c).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask_priv.h"
#include "assets/assets.h"

static int columns(const struct asked *a)
{
	struct tag_column c;

	if (a->word[1] != NULL) {
		(void)fprintf(stderr, "smshall tags columns: unexpected word %s\n",
		              a->word[1]);
		return 2;
	}
	for (size_t i = 0; tag_column(i, &c); i++)
		(void)printf("%-16s %-4s  %s\n", c.name, c.type, c.what);
	(void)printf("\nfunctions: %s\nwords: %s\n", tag_functions(), tag_words());
	return EXIT_SUCCESS;
}

static int check(const struct asked *a)
{
	const char *path = a->word[1] != NULL ? a->word[1] : "grammar/tags.conf";
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

ask_alone tags_alone(const struct asked *a)
{
	static const struct {
		const char *act;
		ask_alone run;
	} acts[] = { { "check", check }, { "columns", columns } };

	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
		if (strcmp(a->word[0], acts[i].act) == 0)
			return acts[i].run;
	return NULL;
}
