/*
 * campaign_targets.c - everybody that was drawn, as CSV: for other systems, and to look
 * one up.
 */
#include <inttypes.h>

#include "campaign_priv.h"

enum {
	PORTION = 2000,
	LINE = 4096
};

static struct str arm_of(const struct campaign *d, unsigned arm)
{
	if (arm < d->n_arms)
		return d->arm[arm].name;
	return arm == ARM_CONTROL ? STR("control") : STR("universal");
}

static void say(struct office_call *c, const struct campaign *d,
                const struct target_row *t)
{
	struct buf line = buf_make(LINE), at = buf_make(64);

	show_time(&at, t->at * 1000);
	buf_printf(&line, "%" PRId64 ",%.*s,%s,%s,%.*s,%.19s,%s", t->msisdn,
	           STR_ARG(arm_of(d, t->arm)), target_state_name(t->state),
	           t->reason != GATE_NONE ? gate_name((enum gate_reason)t->reason) : "",
	           STR_ARG(t->offer), buf_cstr(&at), t->replied_at != 0 ? "1" : "0");
	office_line(c, buf_str(&line));
	buf_free(&line);
	buf_free(&at);
}

enum err campaign_targets(struct office_call *c)
{
	struct arena portion = arena_make(SIZE_MAX);
	struct campaign d = { .n_arms = 0 };
	struct campaign_row row;
	struct target_row *t = NULL;
	int64_t after = 0;
	size_t n = 0;
	enum err e = campaign_find(c, &row);

	if (e == ERR_OK)
		e = campaign_parse(arena_str(&c->arena, row.code).p, row.text, &c->arena,
		                   &d, c->fault);
	if (e == ERR_OK)
		office_line(c, STR("msisdn,arm,state,reason,offer,at,replied"));
	while (e == ERR_OK && !office_is_ending(c)) {
		arena_reset(&portion);
		e = store_campaign_targets(c->host->reader, &portion, row.id, &after,
		                           PORTION, &t, &n, c->fault);
		for (size_t i = 0; e == ERR_OK && i < n; i++)
			say(c, &d, &t[i]);
	}
	arena_free(&portion);
	return e == ERR_END ? ERR_OK : e;
}
