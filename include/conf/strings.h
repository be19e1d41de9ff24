/*
 * strings.h - flat files of named texts, such as grammar/replies.en.conf.
 *
 *   balance = { ok = "Balance {balance} yuan"; owing = "…"; };
 *
 * gives "balance.ok" and "balance.owing", each with its line.
 */
#ifndef CONF_STRINGS_H
#define CONF_STRINGS_H

#include "base/fault.h"
#include "base/str.h"

struct conf_string {
	struct str name, text; /* owned by the conf_strings */
	int line;
};

struct conf_strings {
	struct conf_string *string;
	size_t n;
	void *owner; /* private */
};

/* ERR_NOT_FOUND, ERR_SYNTAX (not libconfig, or a value that is no string) with a fault. */
MUST_CHECK enum err conf_strings_load(const char *path, struct conf_strings *out,
                                      struct fault *fault);
/* The same of a text in memory, of at most 1 MiB; name stands for it in faults. */
MUST_CHECK enum err conf_strings_parse(const char *name, struct str text,
                                       struct conf_strings *out, struct fault *fault);
void conf_strings_free(struct conf_strings *s);

#endif
