/*
 * approvals.c - who may approve a campaign that was submitted is asked by text: what it is,
 * and its code.  Neither its owner nor who submitted it is asked.
 *
 * That they were asked is a step of the campaign in the same transaction, so that nobody is
 * asked twice; where there is nobody to ask, that is said there.
 */
#include <inttypes.h>

#include "push/campaign.h"
#include "push/rules.h"
#include "store/campaigns.h"
#include "turn_priv.h"

enum {
	SLICE = 5,
	NAMES = 200 /* octets of the note */
};

static bool is_asked(const struct push_manager *m, const struct campaign_row *c)
{
	return m->approves && campaign_may_approve(c, m->name);
}

static enum err ask_one(struct turn *t, const struct push_manager *m,
                        const struct campaign_row *row, const struct campaign *def,
                        int64_t now_ms)
{
	const struct turn_route *route = &t->routes.route[0];
	struct dossier *who = arena_new(&t->arena, struct dossier);
	const struct hall_question q = turn_question(t, who, now_ms / 1000);
	const struct address to = { 2, 1,
		                    arena_printf(&t->arena, "%" PRId64, m->msisdn) };
	struct str text[HALL_ASKED];
	enum err e;

	who->msisdn = m->msisdn;
	e = store_load_dossiers(t->conf.store, &t->arena, &who, 1);
	if (e != ERR_OK)
		return e;
	hall_ask_approval(t->conf.hall, &q, row, def, text);
	for (size_t i = 0; i < HALL_ASKED; i++)
		if (text[i].n > 0)
			batch_tell(t, now_ms,
			           &(struct delayed_row){ .msisdn = m->msisdn,
			                                  .group = route->group,
			                                  .from = route->hall,
			                                  .to = to,
			                                  .text = text[i] });
	return ERR_OK;
}

static void note(struct turn *t, const struct campaign_row *row, struct str names,
                 int64_t now)
{
	changes_add(
		&t->changes, rulings,
		(struct campaign_ruling){
			.step = { .campaign = row->id,
	                          .at = now,
	                          .deed = CAMPAIGN_DEED_ASK,
	                          .state = CAMPAIGN_SUBMITTED,
	                          .by = STR(CAMPAIGN_RULE),
	                          .hash = row->hash,
	                          .note = names.n > 0 ? names
	                                              : STR("nobody: push.conf names no "
	                                                    "other approver") },
			.approval = row->approval });
}

static enum err ask(struct turn *t, const struct campaign_row *row, int64_t now_ms)
{
	const struct push_rules *r = t->conf.push;
	struct campaign def = { .n_arms = 0 };
	struct fault fault = { .text = "" };
	struct buf names = buf_make(NAMES);
	enum err e = ERR_OK;

	if (campaign_parse(row->code.p, row->text, &t->arena, &def, &fault) != ERR_OK)
		def = (struct campaign){ .title = row->code };
	for (size_t i = 0; i < r->n_managers && e == ERR_OK; i++)
		if (is_asked(&r->manager[i], row)) {
			buf_printf(&names, "%s%.*s", names.n > 0 ? ", " : "",
			           STR_ARG(r->manager[i].name));
			e = ask_one(t, &r->manager[i], row, &def, now_ms);
		}
	if (e == ERR_OK)
		note(t, row, arena_str(&t->arena, buf_str(&names)), now_ms / 1000);
	buf_free(&names);
	return e;
}

enum err approvals_ask(struct turn *t, int64_t now_ms)
{
	struct campaign_row *row = NULL;
	size_t n = 0;
	enum err e;

	if (t->conf.push == NULL || t->routes.n == 0 ||
	    t->routes.route[0].hall.digits.n == 0)
		return ERR_OK;
	e = store_unasked_campaigns(t->conf.store, &t->arena, SLICE, &row, &n);
	for (size_t i = 0; i < n && e == ERR_OK; i++)
		e = ask(t, &row[i], now_ms);
	return e;
}
