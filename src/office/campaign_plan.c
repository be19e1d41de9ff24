/*
 * campaign_plan.c - a definition with the assets and packages that it is judged by.
 */
#include <assert.h>

#include "campaign_priv.h"

enum {
	FAULTS = 8192 /* octets of all faults */
};

enum err campaign_plan_whole(struct campaign_plan *p)
{
	const struct conf *conf = p->c->host->conf;
	const struct hall_conf hall = {
		.default_language = assets_language(str_of(conf->default_language)),
		.hotline = str_of(conf->hotline),
	};

	return assets_load_unjudged(conf->grammar, &hall, p->now, &p->assets,
	                            p->c->fault);
}

enum err campaign_plan_load(struct office_call *c, struct str name, struct str text,
                            struct campaign_plan *out)
{
	return campaign_plan_read(c, name, text, NULL, out);
}

enum err campaign_plan_read(struct office_call *c, struct str name, struct str text,
                            struct buf *faults, struct campaign_plan *out)
{
	struct campaign_plan *p = out;
	enum err e;

	*p = (struct campaign_plan){ .c = c,
		                     .name = arena_str(&c->arena, name),
		                     .text = arena_str(&c->arena, text) };
	e = office_now(c, &p->now);
	if (e == ERR_OK)
		e = assets_read_push(c->host->conf->grammar, &c->arena, &p->rules,
		                     c->fault);
	if (e == ERR_OK)
		e = assets_read_tools(c->host->conf->grammar, &c->arena, &p->tools,
		                      c->fault);
	if (e == ERR_OK)
		e = store_reader_catalogue(c->host->reader, &c->arena, &p->packages);
	if (e == ERR_OK)
		e = campaign_read(p->name.p, p->text, &c->arena, &p->def,
		                  &(struct faults){ c->fault, faults });
	if (e == ERR_OK)
		campaign_hash(p->text, &p->def, &p->rules, &p->packages, &p->tools,
		              p->hash);
	return e;
}

enum err campaign_plan_of(struct office_call *c, struct campaign_plan *out,
                          struct campaign_row *row)
{
	enum err e = campaign_find(c, row);

	*out = (struct campaign_plan){ .c = c };
	if (e != ERR_OK)
		return e;
	e = campaign_plan_load(c, row->code, row->text, out);
	memcpy(out->salt, row->salt, CAMPAIGN_SALT);
	return e;
}

void campaign_plan_free(struct campaign_plan *p)
{
	compose_free(p->composed);
	tag_rules_free(p->where);
	assets_destroy(p->assets);
	*p = (struct campaign_plan){ .c = p->c };
}

/* ---- what forbids to submit it ---- */

static enum err compile_where(struct campaign_plan *p, const struct faults *faults)
{
	const struct str key = STR("audience.where");
	const struct campaign_place *at = campaign_place(&p->def, key);
	struct fault fault = { .text = "" };
	struct policy policy;
	struct str path;
	enum err e;

	if (at == NULL || at->misread || p->def.where.n == 0 || p->where != NULL)
		return ERR_OK;
	path = arena_printf(&p->c->arena, "%.*s:%d: %.*s", STR_ARG(p->name), at->line,
	                    STR_ARG(key));
	e = assets_read_limits(p->c->host->conf->grammar, &p->c->arena, &policy, &fault);
	if (e == ERR_OK)
		e = tag_rules_one(path.p, p->def.code, p->def.where, &policy, &p->where,
		                  &fault);
	if (e != ERR_OK)
		faults_add(faults, "%s", fault.text);
	return e;
}

size_t campaign_plan_faults(struct campaign_plan *p, struct buf *out)
{
	const struct faults faults = { NULL, out };
	enum err e = campaign_check(&p->def, &p->rules, &p->packages, &p->tools, p->now,
	                            &faults);
	size_t n = 0;

	e = err_first(e, compile_where(p, &faults));
	if (e == ERR_OK && p->composed == NULL) /* of its texts all faults were told */
		e = compose_make(&p->def, &p->rules, &p->composed, &faults);
	assert(e == ERR_OK || out->n > 0);
	for (size_t i = 0; i < out->n; i++)
		n += out->p[i] == '\n';
	return n;
}

enum err campaign_plan_check(struct campaign_plan *p)
{
	struct buf faults = buf_make(FAULTS);
	const size_t n = campaign_plan_faults(p, &faults);
	struct str rest = buf_str(&faults), first = STR("");

	if (n > 0) {
		(void)str_cut(&rest, '\n', &first);
		if (n == 1)
			fault_set(p->c->fault, "%.*s", STR_ARG(first));
		else
			fault_set(p->c->fault,
			          "%.*s (and %zu more faults: smshall "
			          "campaign check)",
			          STR_ARG(first), n - 1);
	}
	buf_free(&faults);
	return n == 0 ? ERR_OK : ERR_REFUSED;
}

/* ---- whom its rule holds of ---- */

/* Both ascend. */
static void keep_held(const struct tag_hold *h, struct campaign_found *found, size_t n,
                      size_t *from, size_t *to)
{
	size_t k = 0;

	for (; *from < n && found[*from].msisdn <= h->after; (*from)++) {
		while (k < h->n && h->msisdn[k] < found[*from].msisdn)
			k++;
		if (k < h->n && h->msisdn[k] == found[*from].msisdn)
			found[(*to)++] = found[*from];
	}
}

enum err campaign_plan_hold(struct campaign_plan *p, int64_t after, int64_t upto,
                            struct campaign_found *found, size_t *n, int64_t *fit)
{
	struct tag_hold h = { .after = after, .to = upto, .now = p->now };
	struct arena slice = arena_make(SIZE_MAX);
	size_t from = 0, to = 0;
	enum err e = ERR_OK;

	while (e == ERR_OK && h.after < h.to && !h.last) {
		arena_reset(&slice);
		e = store_tags_hold(p->c->host->reader, p->where, &slice, &h,
		                    p->c->fault);
		if (h.last)
			h.after = h.to;
		*fit += (int64_t)h.n;
		if (e == ERR_OK)
			keep_held(&h, found, *n, &from, &to);
	}
	*n = to;
	arena_free(&slice);
	return e;
}
