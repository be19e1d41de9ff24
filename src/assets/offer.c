/*
 * offer.c - offer.conf, from a file of named texts to limits; see offer/policy.h.
 */
#include <stdio.h>
#include <unistd.h>

#include "assets_priv.h"
#include "conf/strings.h"

enum {
	OFFER_PATH = 4096
};

enum err assets_read_policy(const char *path, struct arena *a, struct policy *out,
                            struct fault *fault)
{
	struct conf_strings file;
	struct policy_text *text;
	enum err e = conf_strings_load(path, &file, fault);

	if (e != ERR_OK)
		return e;
	text = arena_array(a, struct policy_text, file.n + 1);
	for (size_t i = 0; i < file.n; i++)
		text[i] = (struct policy_text){ file.string[i].name, file.string[i].text,
			                        file.string[i].line };
	e = policy_parse(path, text, file.n, out, fault);
	conf_strings_free(&file);
	return e;
}

enum err assets_read_limits(const char *folder, struct arena *a, struct policy *out,
                            struct fault *fault)
{
	char path[OFFER_PATH];

	(void)snprintf(path, sizeof(path), "%s/offer.conf", folder);
	*out = policy_defaults();
	if (access(path, F_OK) != 0)
		return ERR_OK;
	return assets_read_policy(path, a, out, fault);
}
