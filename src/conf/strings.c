/*
 * strings.c - see conf/strings.h.
 *
 * Two levels: texts, and groups of texts.  @include is refused, so that a fault's
 * line is always a line of the file named.
 */
#include <errno.h>
#include <libconfig.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/buf.h"
#include "conf/strings.h"
#include "conf_priv.h"

enum {
	FILE_MAX = 1 << 20,   /* octets of one file */
	NAME_MAX_OCTETS = 64, /* of a text or a group */
	NAMES_MAX = 64 << 20  /* octets of all; FILE_MAX holds fewer than 200,000 texts */
};

struct owner {
	config_t tree;
	struct arena names;
};

static enum err too_big(const char *name, struct fault *fault)
{
	fault_set(fault, "%s: over %d octets; split or shorten it", name, FILE_MAX);
	return ERR_SYNTAX;
}

static enum err read_file(const char *path, struct buf *out, struct fault *fault)
{
	const enum err e = conf_read_file(path, FILE_MAX, out);

	if (e == ERR_TOO_BIG)
		return too_big(path, fault);
	if (e == ERR_NOT_FOUND)
		fault_set(fault, "%s: cannot be opened: %s", path, strerror(errno));
	else if (e != ERR_OK)
		fault_set(fault, "%s: cannot be read; it must be a plain file", path);
	return e == ERR_OK ? ERR_OK : ERR_NOT_FOUND;
}

/* libconfig would stop silently at a NUL, and read other files. */
static enum err check_lines(const char *path, struct str rest, struct fault *fault)
{
	struct str line;

	for (int n = 1; str_cut(&rest, '\n', &line); n++) {
		if (line.n > 0 && memchr(line.p, '\0', line.n) != NULL) {
			fault_set(fault, "%s:%d: holds a NUL octet; save it as UTF-8",
			          path, n);
			return ERR_SYNTAX;
		}
		if (str_starts(str_trim(line), STR("@include"))) {
			fault_set(fault,
			          "%s:%d: @include is not taken here; put the texts in",
			          path, n);
			return ERR_SYNTAX;
		}
	}
	return ERR_OK;
}

static enum err parse(const char *name, struct buf *text, config_t *tree,
                      struct fault *fault)
{
	const struct reading r = { name, fault };
	const enum err e = check_lines(name, buf_str(text), fault);

	return e == ERR_OK ? conf_tree(&r, text, tree) : e;
}

/* Room for one more is made by doubling at powers of two. */
static void add(struct conf_strings *out, const char *group, const config_setting_t *s)
{
	struct owner *owner = out->owner;
	const char *name = config_setting_name(s);

	if ((out->n & (out->n - 1)) == 0)
		out->string = xrealloc(out->string, (out->n == 0 ? 1 : out->n * 2) *
		                                            sizeof(*out->string));
	out->string[out->n++] = (struct conf_string){
		.name = group != NULL ? arena_printf(&owner->names, "%s.%s", group, name)
		                      : str_of(name),
		.text = str_of(config_setting_get_string(s)),
		.line = (int)config_setting_source_line(s),
	};
}

/* Long names, times many members, would be more than a file of FILE_MAX seems to hold. */
static enum err check_name(const char *path, const config_setting_t *s,
                           struct fault *fault)
{
	if (strlen(config_setting_name(s)) <= NAME_MAX_OCTETS)
		return ERR_OK;
	fault_set(fault, "%s:%u: a name of over %d octets; shorten it", path,
	          config_setting_source_line(s), NAME_MAX_OCTETS);
	return ERR_SYNTAX;
}

static enum err add_members(const char *path, struct conf_strings *out, const char *group,
                            const config_setting_t *of, struct fault *fault)
{
	for (unsigned i = 0; i < (unsigned)config_setting_length(of); i++) {
		const config_setting_t *s = config_setting_get_elem(of, i);
		const enum err e = check_name(path, s, fault);

		if (e != ERR_OK)
			return e;
		if (config_setting_type(s) == CONFIG_TYPE_STRING) {
			add(out, group, s);
		} else if (group != NULL || !config_setting_is_group(s)) {
			fault_set(fault, "%s:%u: %s is no text; write %s = \"...\";",
			          path, config_setting_source_line(s),
			          config_setting_name(s), config_setting_name(s));
			return ERR_SYNTAX;
		}
	}
	return ERR_OK;
}

static enum err add_all(const char *path, struct conf_strings *out, const config_t *tree,
                        struct fault *fault)
{
	const config_setting_t *root = config_root_setting(tree);
	enum err e = add_members(path, out, NULL, root, fault);

	for (unsigned i = 0; i < (unsigned)config_setting_length(root) && e == ERR_OK;
	     i++) {
		const config_setting_t *s = config_setting_get_elem(root, i);

		if (config_setting_is_group(s))
			e = add_members(path, out, config_setting_name(s), s, fault);
	}
	return e;
}

static enum err make(const char *name, struct buf *text, struct conf_strings *out,
                     struct fault *fault)
{
	struct owner *owner = xcalloc(1, sizeof(*owner));
	struct conf_strings s = { .owner = owner };
	enum err e;

	config_init(&owner->tree);
	owner->names = arena_make(NAMES_MAX);
	e = parse(name, text, &owner->tree, fault);
	if (e == ERR_OK)
		e = add_all(name, &s, &owner->tree, fault);
	if (e == ERR_OK)
		*out = s;
	else
		conf_strings_free(&s);
	return e;
}

enum err conf_strings_load(const char *path, struct conf_strings *out,
                           struct fault *fault)
{
	struct buf text = buf_make(FILE_MAX);
	enum err e = read_file(path, &text, fault);

	if (e == ERR_OK)
		e = make(path, &text, out, fault);
	buf_free(&text);
	return e;
}

enum err conf_strings_parse(const char *name, struct str text, struct conf_strings *out,
                            struct fault *fault)
{
	struct buf copy = buf_make(FILE_MAX);
	enum err e;

	buf_puts(&copy, text);
	e = copy.failed ? too_big(name, fault) : make(name, &copy, out, fault);
	buf_free(&copy);
	return e;
}

void conf_strings_free(struct conf_strings *s)
{
	struct owner *owner = s->owner;

	free(s->string);
	if (owner != NULL) {
		config_destroy(&owner->tree);
		arena_free(&owner->names);
		free(owner);
	}
	*s = (struct conf_strings){ 0 };
}
