/*
 * tags_stage.c - the column stage of known: no table has it, it is that of people as the
 * matcher sees them.
 */
#include "tags_priv.h"

struct staging {
	struct known_slice *slice;
	month_t last;
	size_t at;
};

/* Both ascend. */
static void take(void *ctx, const struct store_person *p)
{
	struct staging *g = ctx;
	const struct known_slice *s = g->slice;
	enum stage stage;

	while (g->at < s->n && s->row[g->at].msisdn < p->msisdn)
		g->at++;
	if (g->at == s->n || s->row[g->at].msisdn != p->msisdn)
		return;
	stage = store_person_stage(p, s->policy, s->now, g->last);
	s->row[g->at].v[KNOWN_stage] = (struct known_value){
		.type = KNOWN_TEXT, .text = str_of(stage_name(stage))
	};
}

enum err known_stages(struct sql *q, struct known_slice *s)
{
	struct staging g = { .slice = s, .last = civil_month(s->now) - 1 };
	const int64_t to = s->row[s->n - 1].msisdn;
	int64_t after = s->from;
	const enum err e = people_walk(q, s->now, &after, to, take, &g);

	return e == ERR_OK && after < to ? ERR_BUSY : e;
}
