/*
 * campaign.c - the task "campaign": what marketers do, an act each.
 *
 *   {"do":"campaign","act":"add","path":"/.../ll10.conf","by":"anna"}
 *   {"do":"campaign","act":"approve","code":"LL10-1","by":"bob"}
 *   {"do":"campaign","act":"schedule","code":"LL10-1","by":"anna","long":true}
 *
 * What takes longer than a moment says "long".
 */
#include "campaign_priv.h"

static const struct {
	const char *name;
	enum err (*run)(struct office_call *c);
} acts[] = {
	{ "list", campaign_list },        { "show", campaign_show },
	{ "check", campaign_check_file }, { "add", campaign_add },
	{ "submit", campaign_submit },    { "approve", campaign_approve },
	{ "reject", campaign_reject },    { "schedule", campaign_schedule },
	{ "pause", campaign_pause },      { "resume", campaign_resume },
	{ "stop", campaign_stop },        { "kill", campaign_kill },
	{ "unkill", campaign_unkill },    { "lesson", campaign_lesson },
	{ "preview", campaign_preview },  { "preflight", campaign_preflight },
	{ "report", campaign_report },    { "evaluate", campaign_evaluate },
	{ "lessons", campaign_lessons },  { "targets", campaign_targets },
	{ "tend", campaign_tend },
};

static enum err run(struct office_call *c)
{
	struct buf known = buf_make(512);
	struct str act = STR("list");
	enum err e = office_has(c, "act") ? office_text(c, "act", &act) : ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < sizeof(acts) / sizeof(acts[0]); i++)
		if (str_eq(act, str_of(acts[i].name)))
			return acts[i].run(c);
	if (e != ERR_OK)
		return e;
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
		if (acts[i].run != campaign_tend)
			buf_printf(&known, "%s%s", i > 0 ? ", " : "", acts[i].name);
	fault_set(c->fault, "expected one of %s", buf_cstr(&known));
	buf_free(&known);
	return ERR_SYNTAX;
}

const struct office_task office_campaign = { .name = "campaign",
	                                     .run = run,
	                                     .long_if = "long" };
