/*
 * push.c - push.conf, from a file of named texts to rules; see push/rules.h.
 */
#include <stdio.h>
#include <unistd.h>

#include "assets_priv.h"
#include "conf/strings.h"

enum {
	PUSH_PATH = 4096
};

enum err assets_read_push(const char *folder, struct arena *a, struct push_rules *out,
                          struct fault *fault)
{
	char path[PUSH_PATH];
	struct conf_strings file;
	struct push_text *text;
	enum err e;

	*out = push_rules_defaults();
	(void)snprintf(path, sizeof(path), "%s/push.conf", folder);
	if (access(path, F_OK) != 0)
		return ERR_OK;
	e = conf_strings_load(path, &file, fault);
	if (e != ERR_OK)
		return e;
	text = arena_array(a, struct push_text, file.n + 1);
	for (size_t i = 0; i < file.n; i++)
		text[i] = (struct push_text){ file.string[i].name, file.string[i].text,
			                      file.string[i].line };
	e = push_rules_parse(path, text, file.n, a, out, fault);
	conf_strings_free(&file);
	return e;
}

enum err assets_load_push(struct assets *a, const char *folder, struct fault *fault)
{
	return assets_read_push(folder, &a->arena, &a->push, fault);
}
