/*
 * tools.c - tools.conf, from a file of named texts to tools; see model/tools.h.
 */
#include <stdio.h>
#include <unistd.h>

#include "assets_priv.h"
#include "conf/strings.h"

enum {
	TOOLS_PATH = 4096
};

enum err assets_read_tools(const char *folder, struct arena *a, struct tools *out,
                           struct fault *fault)
{
	char path[TOOLS_PATH];
	struct conf_strings file;
	struct tool_text *text;
	enum err e;

	*out = (struct tools){ NULL, 0 };
	(void)snprintf(path, sizeof(path), "%s/tools.conf", folder);
	if (access(path, F_OK) != 0)
		return ERR_OK;
	e = conf_strings_load(path, &file, fault);
	if (e != ERR_OK)
		return e;
	text = arena_array(a, struct tool_text, file.n + 1);
	for (size_t i = 0; i < file.n; i++)
		text[i] = (struct tool_text){ file.string[i].name, file.string[i].text,
			                      file.string[i].line };
	e = tools_parse(path, text, file.n, a, out, fault);
	conf_strings_free(&file);
	return e;
}

enum err assets_load_tools(struct assets *a, const char *folder, struct fault *fault)
{
	return assets_read_tools(folder, &a->arena, &a->tools, fault);
}
