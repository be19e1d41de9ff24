/*
 * places.c - where a definition says something: for faults that name its line.
 */
#include <stdarg.h>
#include <stdio.h>

#include "push/campaign.h"

const struct campaign_place *campaign_place(const struct campaign *c, struct str key)
{
	for (size_t i = 0; i < c->n_places; i++)
		if (str_eq(c->place[i].key, key))
			return &c->place[i];
	return NULL;
}

bool campaign_misread(const struct campaign *c, struct str key)
{
	const struct campaign_place *at = campaign_place(c, key);

	return at != NULL && at->misread;
}

enum err campaign_complain(const struct campaign *c, struct str key, enum err e,
                           const struct faults *faults, const char *fmt, ...)
{
	const struct campaign_place *at = campaign_place(c, key);
	struct fault what = { .text = "" };
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(what.text, sizeof(what.text), fmt, ap);
	va_end(ap);
	if (c->path == NULL)
		faults_add(faults, "%s", what.text);
	else if (at == NULL || at->line == 0)
		faults_add(faults, "%s: %s", c->path, what.text);
	else
		faults_add(faults, "%s:%d: %s", c->path, at->line, what.text);
	return e;
}
