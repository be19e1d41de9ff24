/*
 * keys_priv.h - files of named texts read by a table of keys, each with its form, bounds,
 * default and help: campaign definitions and push.conf.
 */
#ifndef PUSH_KEYS_PRIV_H
#define PUSH_KEYS_PRIV_H

#include "push/campaign.h"
#include "push/rules.h"

/*
 * How a text is read, and what it is put into.  Bounds are of what is put: octets, members
 * of a list, or the number itself.
 */
enum key_form {
	KEY_TEXT,      /* struct str */
	KEY_CODE,      /* struct str of letters, digits, "_", "-", "." */
	KEY_CHOICE,    /* int: place in `choices` */
	KEY_YES_NO,    /* bool */
	KEY_COUNT,     /* a whole number */
	KEY_SHARE,     /* 1/10,000, from per cent */
	KEY_YUAN,      /* li */
	KEY_FROM_DAY,  /* int64_t UTC s: its first instant; or a time of it */
	KEY_UNTIL_DAY, /* int64_t UTC s: the first instant behind it; or a time of it */
	KEY_HOURS,     /* two int: minutes of the day, "09:00-20:30" */
	KEY_WORDS,     /* struct str[], between commas */
	KEY_CODES,     /* the same of codes */
	KEY_DAYS,      /* int64_t[]: UTC s of local midnights, ascending */
	KEY_NUMBERS,   /* int64_t[] of subscribers */
	KEY_ZONES,     /* struct push_zone[], "region +0600" between commas */
	KEY_FORMS
};

struct key {
	const char *name; /* "campaign.code" */
	enum key_form form;
	size_t at, size; /* of the member; size: that of a number, else 0 */
	size_t count;    /* of a list: where its size_t is */
	int64_t min, max;
	const char *choices;  /* "plans|data" */
	const char *standard; /* where the file says nothing; NULL: it must */
	const char *help;
};

struct key_text {
	struct str name, text;
	int line;
};

struct reading {
	const char *path;
	const struct key *key;
	size_t n_keys;
	const char *groups; /* all of them, for faults */
	struct arena *a;    /* texts are copied there; NULL: they outlive what is read */
	const struct faults *faults;
};

/* Gives e and adds a fault: path, line, name, text, and what was expected. */
enum err key_complain(const struct reading *r, const struct key_text *t, enum err e,
                      const char *what);

/* Every key that has a default. */
void key_defaults(const struct reading *r, void *out);
/* NULL when there is none of that name. */
const struct key *key_find(const struct reading *r, struct str name);
MUST_CHECK enum err key_read(const struct reading *r, const struct key *k,
                             const struct key_text *t, void *out);
/* ERR_SYNTAX and a fault that names the nearest key, or those of its group. */
enum err key_unknown(const struct reading *r, const struct key_text *t);

/* Those of a definition, group by group. */
const struct key *campaign_keys(size_t *n);

/* A number between two commas, such as a share of an arm; 0 to max. */
MUST_CHECK enum err key_number(const struct reading *r, const struct key_text *t,
                               enum key_form form, int64_t min, int64_t max,
                               int64_t *out);

#endif
