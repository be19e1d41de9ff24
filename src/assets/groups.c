/*
 * groups.c - groups.conf, from a file of named texts to rules; see model/group.h.
 */
#include <stdio.h>
#include <unistd.h>

#include "assets_priv.h"
#include "conf/strings.h"

enum {
	GROUPS_PATH = 4096
};

enum err assets_load_groups(struct assets *a, const char *folder, struct fault *fault)
{
	char path[GROUPS_PATH];
	struct conf_strings file;
	struct group_text *text;
	enum err e;

	a->groups = group_rules_defaults();
	(void)snprintf(path, sizeof(path), "%s/groups.conf", folder);
	if (access(path, F_OK) != 0)
		return ERR_OK;
	e = conf_strings_load(path, &file, fault);
	if (e != ERR_OK)
		return e;
	text = arena_array(&a->arena, struct group_text, file.n + 1);
	for (size_t i = 0; i < file.n; i++)
		text[i] = (struct group_text){ arena_str(&a->arena, file.string[i].name),
			                       arena_str(&a->arena, file.string[i].text),
			                       file.string[i].line };
	e = group_rules_parse(path, text, file.n, &a->groups, fault);
	conf_strings_free(&file);
	return e;
}
