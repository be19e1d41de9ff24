/*
 * resource.c - what is left of each allowance, in the order in which they are used
 * up; the one that data is taken from now is marked.
 */
#include <inttypes.h>

#include "hall/service.h"
#include "model/volume.h"

static const enum reply_id kind_word[] = {
	[RESOURCE_GENERAL] = REPLY_RESOURCE_GENERAL,
	[RESOURCE_DIRECTED] = REPLY_RESOURCE_DIRECTED,
	[RESOURCE_ROLLED] = REPLY_RESOURCE_ROLLED,
	[RESOURCE_PACK] = REPLY_RESOURCE_PACK,
	[RESOURCE_VOICE] = REPLY_RESOURCE_VOICE,
	[RESOURCE_SMS] = REPLY_RESOURCE_SMS,
};

static bool in_effect(const struct call *c, const struct resource *r)
{
	return r->expires_on == 0 || r->expires_on > c->q->now;
}

static bool is_used_up(const struct resource *r)
{
	return r->total > 0 && r->used >= r->total;
}

/* Data for anything; what is for some apps only is never the one in use. */
static bool is_for_all(const struct resource *r)
{
	return r->kind == RESOURCE_GENERAL || r->kind == RESOURCE_ROLLED ||
	       r->kind == RESOURCE_PACK;
}

static bool is_data(const struct resource *r)
{
	return r->kind != RESOURCE_VOICE && r->kind != RESOURCE_SMS;
}

static struct str size_text(const struct call *c, const struct resource *r, int64_t size)
{
	const bool calls = r->kind == RESOURCE_VOICE;
	const int64_t count = calls ? voice_minutes(size) : size;

	if (is_data(r))
		return volume_text(c->q->arena, size);
	return call_text(c, calls ? REPLY_SIZE_MINUTES : REPLY_SIZE_TEXTS,
	                 &(struct reply_values){
				 .count = arena_printf(c->q->arena, "%" PRId64, count),
			 });
}

/* Minutes begun are used: what is left is the whole ones. */
static int64_t left_of(const struct resource *r)
{
	if (r->kind == RESOURCE_VOICE)
		return r->total - 60 * voice_minutes(r->used);
	return r->total - r->used;
}

static struct str item_text(const struct call *c, const struct resource *r, bool using)
{
	struct reply_values v = { .kind = call_text(c, kind_word[r->kind], NULL),
		                  .item = call_name(c, r->name) };

	if (r->expires_on > 0)
		v.day = call_date(c, r->expires_on - 1);
	if (r->total <= 0) {
		v.size = size_text(c, r, r->used);
		return call_text(c, REPLY_RESOURCE_OPEN, &v);
	}
	v.size_total = size_text(c, r, r->total);
	if (is_used_up(r))
		return call_text(c, REPLY_RESOURCE_EMPTY, &v);
	v.size = size_text(c, r, left_of(r) > 0 ? left_of(r) : 0);
	if (using)
		v.using = call_text(c, REPLY_RESOURCE_USING, NULL);
	return call_text(c, REPLY_RESOURCE_ITEM, &v);
}

/* Adds those of data, or the others; each kind is used up in an order of its own. */
static void add_items(const struct call *c, bool data, struct items *items)
{
	const struct dossier *d = c->q->who;
	bool marked = false;

	for (size_t i = 0; i < d->n_resources; i++) {
		const struct resource *r = &d->resource[i];
		const bool using = !marked && is_for_all(r) && !is_used_up(r);

		if (is_data(r) != data || !in_effect(c, r))
			continue;
		items->total++;
		if (items->n < ITEMS_MAX)
			items->item[items->n++] = item_text(c, r, using);
		marked = marked || using;
	}
}

static struct hall_answer answer(const struct call *c)
{
	struct items items = { 0 };
	struct reply_values v = { 0 };

	add_items(c, true, &items);
	add_items(c, false, &items);
	if (items.total == 0)
		return call_say(c, CALL_NONE, REPLY_RESOURCE_NONE, NULL);
	call_as_of(c, c->q->who->resources_as_of, &v);
	return call_say_list(c, CALL_DONE, REPLY_RESOURCE_LIST, &v, &items);
}

const struct service service_resource = {
	.intent = "resource.detail",
	.access = ACCESS_READ,
	.needs = NEED_RESOURCES,
	.label = REPLY_LABEL_RESOURCES,
	.answer = answer,
};
