/*
 * campaign.c - the task "campaign": what marketers do, an act each.
 *
 *   {"do":"campaign","act":"add","path":"/.../ll10.conf","by":"anna"}
 *   {"do":"campaign","act":"approve","code":"LL10-1","by":"bob"}
 *   {"do":"campaign","act":"test","code":"LL10-1","msisdn":"13800000001","by":"anna"}
 *   {"do":"campaign","act":"schedule","code":"LL10-1","by":"anna","long":true}
 *
 * What takes longer than a moment says "long".
 */
#include "base/near.h"
#include "campaign_priv.h"

static const struct {
	const char *name;
	enum err (*run)(struct office_call *c);
} acts[] = {
	{ "list", campaign_list },
	{ "show", campaign_show },
	{ "new", campaign_new },
	{ "check", campaign_check_file },
	{ "add", campaign_add },
	{ "submit", campaign_submit },
	{ "approve", campaign_approve },
	{ "reject", campaign_reject },
	{ "schedule", campaign_schedule },
	{ "pause", campaign_pause },
	{ "resume", campaign_resume },
	{ "stop", campaign_stop },
	{ "kill", campaign_kill },
	{ "unkill", campaign_unkill },
	{ "lesson", campaign_lesson },
	{ "preview", campaign_preview },
	{ "preflight", campaign_preflight },
	{ "report", campaign_report },
	{ "evaluate", campaign_evaluate },
	{ "lessons", campaign_lessons },
	{ "targets", campaign_targets },
	{ "test", campaign_test },
	{ "use", campaign_use },
	{ "handoff", campaign_handoff },
	{ "tend", campaign_tend },
};

/* The fault for an act that there is not. */
static void put_acts(struct office_call *c, struct str act)
{
	struct buf known = buf_make(512);
	const char *near = NULL;

	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		if (acts[i].run == campaign_tend)
			continue;
		buf_printf(&known, "%s%s", known.n > 0 ? ", " : "", acts[i].name);
		if (near_distance(act, str_of(acts[i].name)) <= NEAR_TYPO)
			near = acts[i].name;
	}
	if (near != NULL)
		fault_set(c->fault, "there is no act \"%.*s\"; is %s meant?",
		          STR_ARG(act), near);
	else
		fault_set(c->fault,
		          "there is no act \"%.*s\"; expected one of %s; smshall "
		          "campaign --help says what each does",
		          STR_ARG(act), buf_cstr(&known));
	buf_free(&known);
}

static enum err run(struct office_call *c)
{
	struct str act = STR("list");
	enum err e = office_has(c, "act") ? office_text(c, "act", &act) : ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < sizeof(acts) / sizeof(acts[0]); i++)
		if (str_eq(act, str_of(acts[i].name)))
			return acts[i].run(c);
	if (e != ERR_OK)
		return e;
	put_acts(c, act);
	return ERR_SYNTAX;
}

const struct office_task office_campaign = { .name = "campaign",
	                                     .run = run,
	                                     .long_if = "long" };
