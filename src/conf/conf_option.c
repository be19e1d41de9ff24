/*
 * conf_option.c - the option table, expanded, and the search in it.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/near.h"
#include "conf_priv.h"

enum {
	RELOAD = OPTION_RELOAD,
	RESTART = 0,
	REQUIRED = OPTION_REQUIRED,
	SAMPLE = OPTION_SAMPLE,
	HIDDEN = OPTION_HIDDEN
};

#define AT_TOP(m)       offsetof(struct conf, m)
#define AT_HTTP(m)      offsetof(struct conf, m)
#define AT_LOG(m)       offsetof(struct conf, m)
#define AT_LIMITS(m)    offsetof(struct conf, m)
#define AT_CAPTURE(m)   offsetof(struct conf, m)
#define AT_RETENTION(m) offsetof(struct conf, m)
#define AT_IMPORT(m)    offsetof(struct conf, m)
#define AT_SECRETS(m)   offsetof(struct conf, m)
#define AT_LINK(m)      offsetof(struct conf_link, m)

#define TEXT(g, m, key, min, max, def, flags, help) \
	{ GROUP_##g, TYPE_TEXT, flags, AT_##g(m), min, max, key, "", def, help },
#define NUMBER(g, m, key, min, max, def, flags, help) \
	{ GROUP_##g, TYPE_NUMBER, flags, AT_##g(m), min, max, key, "", def, help },
#define FLAG(g, m, key, def, flags, help) \
	{ GROUP_##g, TYPE_FLAG, flags, AT_##g(m), 0, 0, key, "", def, help },
#define CHOICE(g, m, key, choices, def, flags, help) \
	{ GROUP_##g, TYPE_CHOICE, flags, AT_##g(m), 0, 0, key, choices, def, help },
#define INDEX(g, m, key, choices, def, flags, help) \
	{ GROUP_##g, TYPE_INDEX, flags, AT_##g(m), 0, 0, key, choices, def, help },
#define NUMBERS(g, key, def, flags, help) \
	{ GROUP_##g, TYPE_NUMBERS, flags, 0, 1, 64, key, "", def, help },

const struct option options[] = {
#include "conf/options.def"
};
const size_t n_options = sizeof(options) / sizeof(options[0]);

const struct option_place option_places[GROUPS] = {
	[GROUP_TOP] = { "", "", "", "", "" },
	[GROUP_LINK] = { "links",
	                 "One entry in braces for each bind to an SMSC, at most 64",
	                 "\nlinks = (\n  {\n", "    ", "  }\n);\n" },
	[GROUP_HTTP] = { "http", "The web console", "\nhttp = {\n", "  ", "};\n" },
	[GROUP_LOG] = { "log", "The log, on standard error", "\nlog = {\n", "  ",
	                "};\n" },
	[GROUP_CAPTURE] = { "capture", "What the links say, for bug reports and fixtures",
	                    "\ncapture = {\n", "  ", "};\n" },
	[GROUP_RETENTION] = { "retention",
	                      "How long rows are kept; a daily task drops the rest",
	                      "\nretention = {\n", "  ", "};\n" },
	[GROUP_IMPORT] = { "import", "Data in, while the hall answers", "\nimport = {\n",
	                   "  ", "};\n" },
	[GROUP_SECRETS] = { "secrets", "What is kept outside the store",
	                    "\nsecrets = {\n", "  ", "};\n" },
	[GROUP_LIMITS] = { "limits", "Protection against floods", "\nlimits = {\n", "  ",
	                   "};\n" },
};

const struct option *option_find(enum option_group group, const char *key)
{
	for (size_t i = 0; i < n_options; i++) {
		if (options[i].group == group && strcmp(options[i].key, key) == 0)
			return &options[i];
	}
	return NULL;
}

int option_choice(const char *choices, struct str text)
{
	struct str rest = str_of(choices), part;

	for (int i = 0; str_cut(&rest, '|', &part); i++) {
		if (str_eq(part, text))
			return i;
	}
	return -1;
}

/* The i-th thing that may stand in the group: its options, at the top the groups too. */
static const char *known_key(enum option_group group, size_t i)
{
	if (i < n_options)
		return options[i].group == group ? options[i].key : NULL;
	return group == GROUP_TOP ? option_places[i - n_options].name : NULL;
}

static const char *nearest(enum option_group group, const char *key)
{
	const char *best = NULL;
	size_t best_distance = NEAR_TYPO + 1;

	for (size_t i = 0; i < n_options + GROUPS; i++) {
		const char *known = known_key(group, i);
		size_t far = known != NULL ? near_distance(str_of(key), str_of(known))
		                           : SIZE_MAX;

		if (far < best_distance && far < strlen(known)) {
			best = known;
			best_distance = far;
		}
	}
	return best;
}

const char *option_hint(enum option_group group, const char *key, struct buf *out)
{
	const char *near = nearest(group, key);
	const char *separator = "known are ";

	if (near != NULL) {
		buf_printf(out, "did you mean \"%s\"?", near);
		return buf_cstr(out);
	}
	for (size_t g = GROUP_TOP + 1; g < GROUPS; g++) {
		if (option_find((enum option_group)g, key) != NULL) {
			buf_printf(out, "it belongs into %s", option_places[g].name);
			return buf_cstr(out);
		}
	}
	for (size_t i = 0; i < n_options + GROUPS; i++) {
		const char *known = known_key(group, i);

		if (known == NULL || known[0] == '\0')
			continue;
		buf_printf(out, "%s%s", separator, known);
		separator = ", ";
	}
	return buf_cstr(out);
}

static void set_default(const struct option *o, void *member)
{
	const bool from_table = (o->flags & (OPTION_REQUIRED | OPTION_SAMPLE)) == 0;
	const struct str def = from_table ? str_of(o->def) : STR("");
	int64_t number = 0;

	switch (o->type) {
	case TYPE_TEXT:
	case TYPE_CHOICE:
		*(char **)member = xstrndup(def);
		break;
	case TYPE_NUMBER:
		if (str_i64(def, &number) == ERR_OK)
			*(int *)member = (int)number;
		break;
	case TYPE_FLAG:
		*(bool *)member = str_eq(def, STR("true"));
		break;
	case TYPE_INDEX:
		number = option_choice(o->choices, def);
		assert(number >= 0); /* the table names a choice */
		*(enum conf_bind *)member = (enum conf_bind)number;
		break;
	case TYPE_NUMBERS: /* none */
		break;
	}
}

void option_defaults(enum option_group group, void *base)
{
	for (size_t i = 0; i < n_options; i++) {
		if (options[i].group == group)
			set_default(&options[i], option_member(&options[i], base));
	}
}

static void free_numbers(struct conf_link *l)
{
	for (size_t i = 0; i < l->n_numbers; i++)
		free(l->numbers[i]);
	free(l->numbers); /* NOLINT(clang-analyzer-unix.Malloc): of each link once */
}

void option_free(enum option_group group, void *base)
{
	for (size_t i = 0; i < n_options; i++) {
		const struct option *o = &options[i];

		if (o->group != group)
			continue;
		if (o->type == TYPE_TEXT || o->type == TYPE_CHOICE)
			free(*(char **)option_member(o, base));
		else if (o->type == TYPE_NUMBERS)
			free_numbers(base);
	}
}
