/*
 * figures.c - see office/figures.h and office_priv.h.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "office_priv.h"

enum {
	NAME_MAX_OCTETS = 40,
	VALUE_MAX = 64
};

static const char *const kinds[] = {
#define X(constant, name, type) [STORE_##constant] = (name),
	STORE_KIND_LIST(X)
#undef X
};

const char *office_kind_name(enum store_kind kind)
{
	return kinds[kind];
}

struct lasting {
	char name[NAME_MAX_OCTETS]; /* of the setting */
	int64_t at, size, us;
};

static struct lasting lasting_of(const char *what)
{
	struct lasting l = { .at = 0 };

	(void)snprintf(l.name, sizeof(l.name), "last.%s", what);
	return l;
}

static enum err keep(struct store *s, void *arg)
{
	const struct lasting *l = arg;
	char value[VALUE_MAX];

	(void)snprintf(value, sizeof(value), "%" PRId64 " %" PRId64 " %" PRId64, l->at,
	               l->size, l->us);
	return store_set_setting(s, l->name, str_of(value));
}

static bool take(struct str *rest, int64_t *out)
{
	struct str word;

	return str_cut(rest, ' ', &word) && str_i64(word, out) == ERR_OK;
}

static enum err find(struct store *s, void *arg)
{
	struct arena a = arena_make(4096);
	struct lasting *l = arg;
	struct str value;
	const enum err e = store_setting(s, l->name, &a, &value);

	if (e != ERR_OK || !take(&value, &l->at) || !take(&value, &l->size))
		l->at = l->size = 0;
	else if (!take(&value, &l->us)) /* kept by an older version */
		l->us = 0;
	arena_free(&a);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* Where a figure of that name is shown, or NULL. */
static struct office_last *place_of(struct office_figures *f, const char *what)
{
	if (strcmp(what, OFFICE_BACKUP) == 0)
		return &f->backup;
	if (strcmp(what, OFFICE_TAGS) == 0)
		return &f->tags;
	for (size_t i = 0; i < STORE_KINDS; i++) {
		if (strcmp(what, kinds[i]) == 0)
			return &f->import[i];
	}
	return NULL;
}

static void show(const struct office_host *host, const char *what,
                 const struct lasting *l)
{
	struct office_last *last = host->figures != NULL ? place_of(host->figures, what)
	                                                 : NULL;

	if (last == NULL)
		return;
	metric_set(&last->size, (uint64_t)l->size);
	metric_set(&last->us, (uint64_t)l->us);
	metric_set(&last->at, (uint64_t)l->at);
}

void office_note_last(const struct office_host *host, const char *what, int64_t size,
                      int64_t us)
{
	struct lasting l = lasting_of(what);

	l.at = clock_machine().wall_s;
	l.size = size;
	l.us = us;
	show(host, what, &l);
	if (host->write(host->ctx, keep, &l) != ERR_OK)
		LOG(host->log, LOG_WARN, "figures.not_kept", "what=%s", what);
}

static void recall(const struct office_host *host, const char *what)
{
	struct lasting l = lasting_of(what);

	if (host->write(host->ctx, find, &l) == ERR_OK)
		show(host, what, &l);
}

void office_recall_last(const struct office_host *host)
{
	if (host->figures == NULL)
		return;
	recall(host, OFFICE_BACKUP);
	recall(host, OFFICE_TAGS);
	for (size_t i = 0; i < STORE_KINDS; i++)
		recall(host, kinds[i]);
}
