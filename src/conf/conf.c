/*
 * conf.c - reads the configuration file by the option table; see conf/conf.h.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/civil.h"
#include "conf_priv.h"

enum {
	FILE_MAX = 1 << 20, /* octets of a configuration file */
	HINT_MAX = 400,     /* octets of "did you mean ..." */
	PASSWORD_MAX = 8    /* octets: SMPP 3.4 section 4.1 */
};

struct conf *conf_defaults(void)
{
	struct conf *c = xcalloc(1, sizeof(*c));

	for (int g = 0; g < GROUPS; g++) {
		if (g != GROUP_LINK)
			option_defaults((enum option_group)g, c);
	}
	return c;
}

void conf_destroy(struct conf *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->n_links; i++)
		option_free(GROUP_LINK, &c->links[i]);
	free(c->links);
	for (int g = 0; g < GROUPS; g++) {
		if (g != GROUP_LINK)
			option_free((enum option_group)g, c);
	}
	free(c);
}

static enum err unknown_key(const struct reading *r, enum option_group group,
                            const config_setting_t *s)
{
	const char *key = config_setting_name(s);
	struct buf hint = buf_make(HINT_MAX);

	fault_set(r->fault, "%s:%u: key \"%s\": unknown; %s", r->path,
	          config_setting_source_line(s), key, option_hint(group, key, &hint));
	buf_free(&hint);
	return ERR_SYNTAX;
}

static enum err check_required(const struct reading *r, enum option_group group,
                               const config_setting_t *s)
{
	for (size_t i = 0; i < n_options; i++) {
		const struct option *o = &options[i];

		if (o->group != group || (o->flags & OPTION_REQUIRED) == 0 ||
		    config_setting_get_member(s, o->key) != NULL)
			continue;
		fault_set(r->fault, "%s:%u: key \"%s\": missing; %s", r->path,
		          config_setting_source_line(s), o->key, o->help);
		return ERR_SYNTAX;
	}
	return ERR_OK;
}

/* Reads the settings of one group into base. */
static enum err read_group(const struct reading *r, enum option_group group,
                           const config_setting_t *s, void *base)
{
	enum err e = ERR_OK;

	if (config_setting_is_group(s) == 0) {
		fault_set(
			r->fault,
			"%s:%u: \"%s\" needs a group of keys in braces: { key = value; }",
			r->path, config_setting_source_line(s),
			option_places[group].name);
		return ERR_SYNTAX;
	}
	for (int i = 0; e == ERR_OK && i < config_setting_length(s); i++) {
		const config_setting_t *item = config_setting_get_elem(s, (unsigned)i);
		const struct option *o = option_find(group, config_setting_name(item));

		e = o != NULL ? option_read(r, o, item, base)
		              : unknown_key(r, group, item);
	}
	return e == ERR_OK ? check_required(r, group, s) : e;
}

static enum err password_file_failed(const struct reading *r, const struct conf_link *l,
                                     enum err e)
{
	const char *why = e == ERR_NOT_FOUND ? strerror(errno)
	                  : e == ERR_TOO_BIG ? "a password has 8 octets at most"
	                                     : err_text(e);

	fault_set(r->fault, "%s: password_file of link \"%s\": %s: %s%s", r->path,
	          l->name, l->password_file, why,
	          e == ERR_NOT_FOUND
	                  ? "; it must belong to the user that runs smshall, mode 0400"
	                  : "");
	return e == ERR_NOT_FOUND ? ERR_NOT_FOUND : ERR_RANGE;
}

/* The content of password_file without blanks around it. */
static enum err read_password(const struct reading *r, struct conf_link *l)
{
	struct buf text = buf_make(FILE_MAX);
	struct str password;
	enum err e = conf_read_file(l->password_file, 4096, &text);

	password = str_trim(buf_str(&text));
	if (e == ERR_OK && password.n > PASSWORD_MAX)
		e = ERR_TOO_BIG;
	if (e == ERR_OK) {
		free(l->password);
		l->password = xstrndup(password);
	} else {
		e = password_file_failed(r, l, e);
	}
	buf_free(&text);
	return e;
}

/* The numbers joined by ",". */
static void default_group(struct conf_link *l)
{
	struct buf joined = buf_make(FILE_MAX);

	for (size_t i = 0; i < l->n_numbers; i++)
		buf_printf(&joined, "%s%s", i > 0 ? "," : "", l->numbers[i]);
	free(l->group);
	l->group = xstrndup(buf_str(&joined));
	buf_free(&joined);
}

/* Refuses the link at s for what its key says. */
static enum err refuse_key(const struct reading *r, const config_setting_t *s,
                           const char *key, const char *value, const char *remedy)
{
	const config_setting_t *at = config_setting_get_member(s, key);

	fault_set(r->fault, "%s:%u: key \"%s\": \"%s\": %s", r->path,
	          config_setting_source_line(at != NULL ? at : s), key, value, remedy);
	return ERR_RANGE;
}

/* Prefixes of digits with commas between, or nothing at all. */
static bool are_prefixes(struct str list)
{
	struct str prefix;
	bool good = true;

	if (list.n == 0)
		return true;
	while (good && str_cut(&list, ',', &prefix)) {
		prefix = str_trim(prefix);
		good = prefix.n > 0;
		for (size_t i = 0; good && i < prefix.n; i++)
			good = prefix.p[i] >= '0' && prefix.p[i] <= '9';
	}
	return good;
}

/* What keys of a link say beyond their lengths. */
static enum err check_link(const struct reading *r, const struct conf *c,
                           const struct conf_link *l, const config_setting_t *s)
{
	for (const struct conf_link *other = c->links; other < l; other++) {
		if (strcmp(other->name, l->name) == 0)
			return refuse_key(r, s, "name", l->name,
			                  "two links have this name; give each its own");
	}
	if (l->tls)
		return refuse_key(r, s, "tls", "true",
		                  "TLS is not supported yet; reach this SMSC over a "
		                  "private line or a tunnel");
	if (l->password[0] != '\0' && l->password_file[0] != '\0')
		return refuse_key(r, s, "password_file", l->password_file,
		                  "the link has a password too; keep one of them");
	if (strspn(l->marketing, "0123456789") != strlen(l->marketing))
		return refuse_key(r, s, "marketing", l->marketing,
		                  "is no number; digits only, the 4 of the campaign "
		                  "follow them");
	if (!are_prefixes(str_of(l->senders)))
		return refuse_key(
			r, s, "senders", l->senders,
			"expected prefixes of numbers as subscribers have them, "
			"such as \"138,139\"; \"\" for all");
	return ERR_OK;
}

static enum err finish_link(const struct reading *r, const struct conf *c,
                            struct conf_link *l, const config_setting_t *s)
{
	const enum err e = check_link(r, c, l, s);

	if (e != ERR_OK)
		return e;
	if (l->group[0] == '\0')
		default_group(l);
	return l->password_file[0] != '\0' ? read_password(r, l) : ERR_OK;
}

static enum err read_links(const struct reading *r, const config_setting_t *s,
                           struct conf *c)
{
	const int n = config_setting_length(s);
	enum err e = ERR_OK;

	if (config_setting_is_list(s) == 0) {
		fault_set(
			r->fault,
			"%s:%u: \"links\" needs a list of groups: ( { name = \"a\"; } )",
			r->path, config_setting_source_line(s));
		return ERR_SYNTAX;
	}
	if (n > CONF_LINKS) {
		fault_set(
			r->fault,
			"%s:%u: this is link %d, and one hall has at most %d; take links out, "
			"or run another hall with a store of its own for them",
			r->path,
			config_setting_source_line(
				config_setting_get_elem(s, CONF_LINKS)),
			CONF_LINKS + 1, CONF_LINKS);
		return ERR_RANGE;
	}
	c->n_links = 0; /* libconfig refuses a second list */
	c->links = n > 0 ? xcalloc((size_t)n, sizeof(*c->links)) : NULL;
	for (int i = 0; e == ERR_OK && i < n; i++) {
		const config_setting_t *item = config_setting_get_elem(s, (unsigned)i);
		struct conf_link *l = &c->links[c->n_links++];

		option_defaults(GROUP_LINK, l);
		e = read_group(r, GROUP_LINK, item, l);
		if (e == ERR_OK)
			e = finish_link(r, c, l, item);
	}
	return e;
}

static bool can_answer(const struct conf *c, const char *group)
{
	for (size_t i = 0; i < c->n_links; i++) {
		if (c->links[i].bind != CONF_RECEIVER &&
		    strcmp(c->links[i].group, group) == 0)
			return true;
	}
	return false;
}

/* Texts that come in by a receiver are answered by another link of its group. */
static enum err check_groups(const struct reading *r, const struct conf *c)
{
	for (size_t i = 0; i < c->n_links; i++) {
		const struct conf_link *l = &c->links[i];

		if (can_answer(c, l->group))
			continue;
		fault_set(
			r->fault,
			"%s: link \"%s\" only receives, and no link of its group \"%s\" can "
			"send the answers; add a transmitter with the same group, or bind as "
			"transceiver",
			r->path, l->name, l->group);
		return ERR_RANGE;
	}
	return ERR_OK;
}

/* One setting of the top: an option, or a group by its name. */
static enum err read_top(const struct reading *r, const config_setting_t *s,
                         struct conf *c)
{
	const char *key = config_setting_name(s);
	const struct option *o = option_find(GROUP_TOP, key);

	if (o != NULL)
		return option_read(r, o, s, c);
	for (int g = GROUP_TOP + 1; g < GROUPS; g++) {
		if (strcmp(option_places[g].name, key) != 0)
			continue;
		return g == GROUP_LINK ? read_links(r, s, c)
		                       : read_group(r, (enum option_group)g, s, c);
	}
	return unknown_key(r, GROUP_TOP, s);
}

static enum err parse(const struct reading *r, struct buf *text, config_t *tree)
{
	const enum err e = conf_scan(r, buf_str(text));

	return e == ERR_OK ? conf_tree(r, text, tree) : e;
}

static enum err read_file(const struct reading *r, struct buf *text)
{
	enum err e = conf_read_file(r->path, FILE_MAX, text);

	if (e == ERR_NOT_FOUND)
		fault_set(r->fault,
		          "%s: %s; smshall needs a configuration file such as "
		          "etc/smshall.conf",
		          r->path, strerror(errno));
	else if (e == ERR_TOO_BIG)
		fault_set(r->fault, "%s: over 1 MiB: this is no configuration file",
		          r->path);
	else if (e != ERR_OK)
		fault_set(r->fault, "%s: cannot be read: %s", r->path, err_text(e));
	return e == ERR_OK || e == ERR_NOT_FOUND ? e : ERR_SYNTAX;
}

static enum err check_texts_until(const struct reading *r, const struct conf *c)
{
	int64_t until;

	if (c->log_texts_until[0] == '\0' ||
	    civil_parse_time(str_of(c->log_texts_until), &until) == ERR_OK)
		return ERR_OK;
	fault_set(r->fault,
	          "%s: log.texts_until \"%s\" is no time \"YYYY-MM-DD HH:MM:SS\"",
	          r->path, c->log_texts_until);
	return ERR_RANGE;
}

enum err conf_load(const char *path, struct conf **out, struct fault *fault)
{
	const struct reading r = { path, fault };
	struct buf text = buf_make((size_t)FILE_MAX + 1);
	struct conf *c = conf_defaults();
	const config_setting_t *root;
	config_t tree;
	enum err e;

	config_init(&tree);
	e = read_file(&r, &text);
	if (e == ERR_OK)
		e = parse(&r, &text, &tree);
	root = config_root_setting(&tree);
	for (int i = 0; e == ERR_OK && i < config_setting_length(root); i++)
		e = read_top(&r, config_setting_get_elem(root, (unsigned)i), c);
	if (e == ERR_OK)
		e = check_groups(&r, c);
	if (e == ERR_OK)
		e = check_texts_until(&r, c);
	if (e == ERR_OK)
		*out = c;
	else
		conf_destroy(c);
	config_destroy(&tree);
	buf_free(&text);
	return e;
}
