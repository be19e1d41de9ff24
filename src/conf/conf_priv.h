/*
 * conf_priv.h - the option table and what walks over it share.
 */
#ifndef CONF_PRIV_H
#define CONF_PRIV_H

#include <libconfig.h>

#include "base/buf.h"
#include "conf/conf.h"

/* In the order of the sample file. */
enum option_group {
	GROUP_TOP,
	GROUP_LINK,
	GROUP_HTTP,
	GROUP_LOG,
	GROUP_LIMITS,
	GROUP_CAPTURE,
	GROUP_RETENTION,
	GROUP_IMPORT,
	GROUP_SECRETS,
	GROUPS
};

enum option_type {
	TYPE_TEXT,
	TYPE_NUMBER,
	TYPE_FLAG,
	TYPE_CHOICE,
	TYPE_INDEX,
	TYPE_NUMBERS
};

enum option_flag {
	OPTION_RELOAD = 1,   /* a change takes effect on SIGHUP */
	OPTION_REQUIRED = 2, /* def is the sample's value only */
	OPTION_SAMPLE = 4,   /* the same, and the default is "" or false */
	OPTION_HIDDEN = 8    /* commented out in the sample */
};

struct option {
	enum option_group group;
	enum option_type type;
	unsigned flags; /* enum option_flag */
	size_t offset;  /* into struct conf, or struct conf_link for GROUP_LINK */
	int min, max;   /* of a number; octets of a text */
	const char *key;
	const char *choices; /* "a|b"; "" where any value may be */
	const char *def;
	const char *help;
};

struct option_place {
	const char *name; /* "" at the top, "links" for GROUP_LINK */
	const char *help;
	const char *open, *indent, *close; /* around its keys in the sample */
};

extern const struct option options[];
extern const size_t n_options;
extern const struct option_place option_places[GROUPS];

/* The member of the struct conf or conf_link at base. */
static inline void *option_member(const struct option *o, void *base)
{
	return (char *)base + o->offset;
}

/* NULL when the group has no such key. */
const struct option *option_find(enum option_group group, const char *key);

/* Position of text in "a|b|c", or -1. */
int option_choice(const char *choices, struct str text);

/* Writes what a person who mistyped key in that group has to know, such as the nearest key. */
const char *option_hint(enum option_group group, const char *key, struct buf *out);

/* Sets every member of the group to its default ("" and 0 where it is required). */
void option_defaults(enum option_group group, void *base);
void option_free(enum option_group group, void *base);

/* As it stands in a file; secrets are not shown.  base: its struct conf or conf_link. */
void conf_put_value(struct buf *out, const struct option *o, const void *base);

struct reading {
	const char *path;
	struct fault *fault;
};

/* Checks the setting against o and stores it.  ERR_SYNTAX, ERR_RANGE with a fault. */
MUST_CHECK enum err option_read(const struct reading *r, const struct option *o,
                                const config_setting_t *s, void *base);

/*
 * Refuses what libconfig would take and spoil: integers over 32 bits, @include, NUL.
 * ERR_RANGE, ERR_SYNTAX with a fault.
 */
MUST_CHECK enum err conf_scan(const struct reading *r, struct str text);

/*
 * Parses text into tree, which was begun; a byte order mark is passed over.  ERR_SYNTAX
 * with a fault.
 */
MUST_CHECK enum err conf_tree(const struct reading *r, struct buf *text, config_t *tree);

/* Reads a file of at most max octets.  ERR_NOT_FOUND, ERR_TOO_BIG, ERR_IO; no fault. */
MUST_CHECK enum err conf_read_file(const char *path, size_t max, struct buf *out);

#endif
