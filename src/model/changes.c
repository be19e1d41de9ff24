/*
 * changes.c - see model/changes.h.
 */
#include "model/changes.h"

void *set_grow(struct arena *a, void *row, size_t n, size_t *cap, size_t size)
{
	void *larger;

	if (n < *cap)
		return row;
	*cap = *cap > 0 ? *cap * 2 : 8;
	larger = arena_alloc(a, *cap * size);
	if (n > 0)
		memcpy(larger, row, n * size);
	return larger;
}

void changes_opt_out(struct changes *c, struct dossier *d, bool out, int64_t now,
                     int64_t inbox)
{
	changes_add(
		c, optouts,
		(struct optout_change){ .msisdn = d->msisdn,
	                                .owner_since = d->known ? d->sub.owner_since : 0,
	                                .at = now,
	                                .inbox = inbox,
	                                .out = out });
	d->opted_out = out;
}

int64_t changes_task(struct changes *c, const struct dossier *d, struct str kind,
                     int64_t now, int64_t inbox, struct str text)
{
	const int64_t id = c->next_task++;

	changes_add(c, tasks,
	            (struct task_row){ .id = id,
	                               .kind = kind,
	                               .msisdn = d->msisdn,
	                               .owner_since = d->known ? d->sub.owner_since : 0,
	                               .at = now,
	                               .inbox = inbox,
	                               .text = text });
	return id;
}
