/*
 * campaign.c - smshall campaign: what marketers do, each act a request to the office.
 */
#include <stdio.h>
#include <string.h>

#include "ask_priv.h"
#include "cmd/command.h"

/* clang-format off */
static const char doc[] =
	"Campaigns from a file to their evaluation.  A campaign is a file of named texts such as "
	"etc/campaigns/ringback-trial.conf; its code is its name everywhere.  It is checked, previewed, "
	"submitted, approved by another person, and scheduled; then it runs by itself while the hall "
	"serves."
	"\v"
	"Before it runs:\n"
	"  new CODE KIND    prints a definition to fill in, every key with what it is\n"
	"  check FILE       all that is wrong with a definition, each with its line;\n"
	"                   nothing is stored\n"
	"  add FILE         stores it as a draft; of an approved one any change voids\n"
	"                   the approval\n"
	"  preview CODE     texts as real subscribers would get them, with segments\n"
	"                   and cost\n"
	"  test CODE MSISDN sends its texts to a number of push.conf's testers, marked\n"
	"                   as a test; answers to it order nothing, nothing counts it\n"
	"  preflight CODE   walks the whole audience: who fits, who is dropped and why,\n"
	"                   cost, end, the smallest effect that can be seen\n"
	"  submit CODE      asks for approval, approvers of push.conf by text; from\n"
	"                   here on text, rules and terms are sealed\n"
	"  approve CODE     by neither its owner nor who submitted it; by text: PZ and\n"
	"                   the code\n"
	"  reject CODE      makes it a draft again, also once it is approved or\n"
	"                   scheduled: takes that back (--why); by text: BH and why\n"
	"  schedule CODE    draws its audience and releases it; it begins at its time\n"
	"While it runs:\n"
	"  pause CODE, resume CODE, stop CODE (for good, --why)\n"
	"  kill, unkill     every campaign at once, also over a restart\n"
	"  report CODE      the funnel by arm, as it is now (--csv, --csv --hours)\n"
	"  targets CODE     everybody that was drawn, with arm, state and reason,\n"
	"                   as CSV\n"
	"  handoff [CODE]   what other systems do beside messages (links, MMS), a JSON\n"
	"                   line each, behind --after ID; uses come back as uses.csv\n"
	"                   or clicks.csv\n"
	"Behind it:\n"
	"  evaluate CODE    what it has brought against those held out, with the doubt\n"
	"                   in it\n"
	"  lesson CODE TEXT what is to be remembered\n"
	"  lessons          all that was evaluated, with kind, audience, result and\n"
	"                   lesson\n"
	"The hall itself:\n"
	"  use              services and days by texts, and what they save against\n"
	"                   counter and hotline (--days 30, --csv)\n"
	"Always: list (or nothing); show CODE says what was done, and what can be done\n"
	"next.\n"
	"What stands in a definition: etc/campaigns has one of each kind; check says of\n"
	"each key what it may be.\n"
	"\n"
	"Example: smshall campaign --config /etc/smshall.conf check my-campaign.conf";
/* clang-format on */

static bool is_one_of(const char *act, const char *const *names)
{
	for (; *names != NULL; names++)
		if (strcmp(act, *names) == 0)
			return true;
	return false;
}

static enum err move_word(json_t *request, const char *from, const char *to)
{
	json_t *v = json_incref(json_object_get(request, from));

	if (v == NULL)
		return ERR_OK;
	(void)json_object_del(request, from);
	(void)json_object_set_new(request, to, v);
	return ERR_OK;
}

/* The second word is a file, the third a number or words, by the act. */
static enum err by_act(json_t *request, struct fault *fault)
{
	static const char *const of_files[] = { "add", "check", NULL };
	static const char *const slow[] = { "preview", "preflight", "schedule", "stop",
		                            "reject",  "report",    "evaluate", "targets",
		                            "test",    "use",       "handoff",  NULL };
	const char *act = json_string_value(json_object_get(request, "act"));
	const char *file = json_string_value(json_object_get(request, "code"));
	enum err e = ask_sign(request, fault);

	if (e != ERR_OK || act == NULL)
		return e;
	if (is_one_of(act, slow))
		(void)json_object_set_new(request, "long", json_true());
	if (strcmp(act, "lesson") == 0)
		return move_word(request, "say", "why");
	if (strcmp(act, "new") == 0)
		return move_word(request, "say", "kind");
	if (strcmp(act, "test") == 0)
		return move_word(request, "say", "msisdn");
	if (json_object_get(request, "say") != NULL) {
		fault_set(fault, "unexpected word behind %s", file != NULL ? file : act);
		return ERR_SYNTAX;
	}
	if (!is_one_of(act, of_files))
		return ERR_OK;
	if (file == NULL) {
		fault_set(fault, "%s: expected FILE", act);
		return ERR_SYNTAX;
	}
	e = ask_path(request, "path", file, fault);
	(void)json_object_del(request, "code");
	return e;
}

static const struct ask campaign = {
	.name = "campaign",
	.task = "campaign",
	.args_doc = "[list]\nACT [CODE|FILE] [TEXT]",
	.doc = doc,
	.word = { { "act", NULL, ASK_TEXT },
	          { "code", NULL, ASK_TEXT },
	          { "say", NULL, ASK_TEXT } },
	.option = { { "by", 'b', "NAME", "Who does it (the user)", "by", ASK_TEXT },
	            { "why", 'w', "TEXT", "The reason, for those who look at it later",
	              "why", ASK_TEXT },
	            { "n", 'n', "N", "So many samples (5) of a preview", "n",
	              ASK_NUMBER },
	            { "hours", 'H', NULL,
	              "Of a report as CSV: reasons, hours, stages, savings, alarms",
	              "hours", ASK_FLAG },
	            { "days", 'd', "N", "The last N days (30) of use", "days",
	              ASK_NUMBER },
	            { "after", 'a', "ID", "Of what is handed off: behind that id",
	              "after", ASK_NUMBER },
	            { "csv", 'v', NULL, "As CSV", "csv", ASK_FLAG } },
	.ready = by_act
};

static int run(int argc, char **argv)
{
	return ask_run(&campaign, argc, argv);
}

const struct command cmd_campaign = { "campaign", "plans, runs and evaluates campaigns",
	                              run };
