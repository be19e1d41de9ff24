/*
 * asking.c - the commands that have a task of the office done: a table each.
 */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask_priv.h"
#include "cmd/command.h"
#include "grammar_priv.h"
#include "store/import.h"

/* clang-format off */
#define MSISDN \
	{ "msisdn", "whose? expected a number such as 13800000001", ASK_TEXT }
#define SINCE \
	{ "since", 'S', "TIME", "Nothing before YYYY-MM-DD, or with HH:MM:SS", "since", ASK_TIME }
#define CHART \
	{ "chart", 'G', "FILE.svg", "Draw it into this file instead of printing it", "chart", ASK_OUTPUT }
#define JSON \
	{ "json", 'j', NULL, "One JSON object an event; times in UTC ms", "json", ASK_FLAG }
/* clang-format on */

/* ---- data in ---- */

/* The kind alone: what its file has to hold. */
static int show_columns(const struct asked *a)
{
	struct buf out = buf_make(65536);
	const bool known = import_columns(a->word[0], &out);

	if (known)
		(void)fputs(buf_cstr(&out), stdout);
	else
		(void)fprintf(stderr,
		              "smshall import: expected KIND, such as usage, and "
		              "FILE.csv; smshall import --help names the kinds\n");
	buf_free(&out);
	return known ? EXIT_SUCCESS : 2;
}

static ask_alone import_alone(const struct asked *a)
{
	return a->word[1] == NULL ? show_columns : NULL;
}

static const struct ask import = {
	.name = "import",
	.task = "import",
	.args_doc = "KIND FILE.csv\nKIND",
	.doc = "Imports a CSV file: packages, groups and subscribers before what refers to them "
	       "(usage, bills, payments, details, resources, subscriptions, complaints, members, "
	       "tags, consents, touches, uses, clicks, suppressed).  "
	       "The whole file is checked before anything is stored; a key that the store holds "
	       "is replaced.  When the store is being served, its owner does it and answers texts "
	       "meanwhile.  Without a file the columns of that kind are printed, with an example."
	       "\vExample: smshall import --store sqlite:var/smshall.db packages "
	       "packages.csv",
	.word = { { "kind", "expected KIND, such as usage, and FILE.csv", ASK_TEXT },
	          { "path", NULL, ASK_PATH } },
	.option = { { "as-of", 'a', "TIME",
	              "When its figures were true (the time of the file)", "as_of",
	              ASK_TIME } },
	.alone = import_alone
};

/* ---- of one number ---- */

static enum err in_colour(json_t *request, struct fault *fault)
{
	(void)fault;
	(void)json_object_set_new(request, "colour",
	                          json_boolean(isatty(STDOUT_FILENO) != 0));
	return ERR_OK;
}

static const struct ask trace = {
	.name = "trace",
	.task = "trace",
	.args_doc = "MSISDN",
	.doc = "Shows what happened to a number, the newest last: texts and how they were "
	       "understood, replies and what became of them, receipts, orders, charges, consents, "
	       "complaints.\vExample: smshall trace --config /etc/smshall.conf --since 2026-10-01 "
	       "13800000001",
	.word = { MSISDN },
	.option = { SINCE,
	            { "limit", 'n', "N", "The newest N events (100; 1000 at most)",
	              "limit", ASK_NUMBER },
	            JSON },
	.ready = in_colour
};

static const struct ask rehearse = {
	.name = "rehearse",
	.task = "rehearse",
	.doc = "Says what new or changed packages, or other limits, would do: who would move from "
	       "where to where, revenue and margin, who pays less and who more, what insured "
	       "recommendations would cost.  With limits of a campaign: who would be told of which "
	       "package or service, what that is worth, how far it is from the best, and what one "
	       "more of each limit would be worth.  Nothing is written.\vExamples: smshall rehearse "
	       "--config /etc/smshall.conf --packages ./new-packages.csv\n"
	       "smshall rehearse --budget 50000 --sms 100000 --stock LL10=500,38=200",
	.option = { { "packages", 'k', "FILE",
	              "New and changed packages, as for smshall import packages",
	              "packages", ASK_PATH },
	            { "policy", 'p', "FILE", "Limits to try, as grammar/offer.conf",
	              "policy", ASK_PATH },
	            { "budget", 'b', "YUAN",
	              "A campaign that spends so much: its SMS, discounts and trials",
	              "budget", ASK_TEXT },
	            { "sms", 'm', "N", "A campaign of so many SMS", "sms", ASK_NUMBER },
	            { "people", 'n', "N", "A campaign to so many people", "people",
	              ASK_NUMBER },
	            { "stock", 'S', "CODE=N,...",
	              "So many expected orders of a package or service at most", "stock",
	              ASK_TEXT },
	            { "orders", 'o', "N",
	              "So many expected orders of all that people have to carry out",
	              "orders", ASK_NUMBER },
	            { "profit", 'r', "PERCENT",
	              "Margin of all who accept together, of their bills, at least",
	              "profit", ASK_TEXT },
	            { "stages", 'L', "STAGE=N,...",
	              "So many people of a life-cycle stage at most, such as new=500",
	              "stages", ASK_TEXT },
	            { "csv", 'C', NULL, "All moves, a line each, with a header", "csv",
	              ASK_FLAG },
	            CHART },
};

static const struct ask offer = {
	.name = "offer",
	.task = "offer",
	.args_doc = "MSISDN",
	.doc = "Prints what each package would mean for a number: its bill in each of the last "
	       "months with its parts, what it saves, the operator's margin, each guard with figure, "
	       "limit and verdict; then what would be offered unasked, what is answered to who asks, "
	       "and why.\vExample: smshall offer --config /etc/smshall.conf 13800000001\n"
	       "Other limits: smshall offer --policy ./offer.conf 13800000001",
	.word = { MSISDN },
	.option = { { "policy", 'p', "FILE", "Limits to try, as grammar/offer.conf",
	              "policy", ASK_PATH },
	            { "all", 'a', NULL, "All packages, not only the cheapest", "all",
	              ASK_FLAG },
	            { "csv", 'C', NULL, "A line a package, with a header", "csv",
	              ASK_FLAG },
	            CHART },
};

static const struct ask evidence = {
	.name = "evidence",
	.task = "evidence",
	.args_doc = "MSISDN",
	.doc = "Prints what a number agreed to, ordered and was charged, each with the text as "
	       "received and the reply as sent.  The last line is the SHA-256 of the lines before "
	       "it.\vExample: smshall evidence --config /etc/smshall.conf --code LL10 13800000001 "
	       ">case-17.txt\nTo check it: head -n -1 case-17.txt | sha256sum",
	.word = { MSISDN },
	.option = { { "code", 'C', "CODE", "Only this package or service", "code",
	              ASK_TEXT },
	            { "order", 'o', "N", "Only this order", "order", ASK_NUMBER },
	            JSON }
};

/* Whoever types the number once more means it. */
static enum err meant(json_t *request, struct fault *fault)
{
	const char *msisdn = json_string_value(json_object_get(request, "msisdn"));
	char line[64];

	if (json_object_get(request, "yes") != NULL)
		return json_object_del(request, "yes") == 0 ? ERR_OK : ERR_STATE;
	if (isatty(STDIN_FILENO) == 0) {
		fault_set(fault, "this cannot be undone: say --yes");
		return ERR_REFUSED;
	}
	(void)fprintf(
		stderr,
		"Everything known of %s goes and does not come back, except what the "
		"law keeps.\nType the number again to go on: ",
		msisdn);
	if (fgets(line, sizeof(line), stdin) != NULL &&
	    str_eq(str_trim(str_of(line)), str_of(msisdn)))
		return ERR_OK;
	fault_set(fault, "nothing was erased");
	return ERR_REFUSED;
}

static const struct ask erase = {
	.name = "erase",
	.task = "erase",
	.args_doc = "MSISDN",
	.doc = "Erases what is known of a number: its data, texts and replies.  Charges, orders and "
	       "consents stay, under a pseudonym; so does an opt-out in force.  Older backups hold "
	       "him until they are thrown away, and a later import may bring him "
	       "back.\vExample: smshall erase --config /etc/smshall.conf 13800000001",
	.word = { MSISDN },
	.option = { { "yes", 'y', NULL, "Do not ask", "yes", ASK_FLAG } },
	.ready = meant
};

/* ---- of people's work ---- */

enum err ask_sign(json_t *request, struct fault *fault)
{
	const struct passwd *me = getpwuid(getuid());

	(void)fault;
	if (json_object_get(request, "by") == NULL)
		(void)json_object_set_new(
			request, "by",
			json_string(me != NULL ? me->pw_name : "somebody"));
	return ERR_OK;
}

static const struct ask tasks = {
	.name = "tasks",
	.task = "tasks",
	.args_doc = "[list]\ntake N\nanswer N TEXT\ndone N [TEXT]\ndrop N",
	.doc = "Shows the work that waits for people, what is promised first, and notes what they do "
	       "about it.  take: it is yours.  answer: its subscriber gets the text, the task stays "
	       "open.  done: he is told that it is done and asked how it was.  drop: closed without "
	       "a word.\vExamples: smshall tasks --config /etc/smshall.conf --desk shop\n"
	       "smshall tasks --config /etc/smshall.conf done T2071 \"3 yuan are paid back\"",
	.word = { { "act", NULL, ASK_TEXT },
	          { "task", NULL, ASK_TEXT },
	          { "say", NULL, ASK_TEXT } },
	.option = { { "desk", 'D', "DESK",
	              "Only those of that desk: agent, complaint, shop, ...", "desk",
	              ASK_TEXT },
	            { "late", 'L', NULL, "Only those that are overdue", "late",
	              ASK_FLAG },
	            { "closed", 'C', NULL, "Those that are closed, with their marks",
	              "closed", ASK_FLAG },
	            { "csv", 'v', NULL, "As CSV", "csv", ASK_FLAG },
	            { "limit", 'n', "N", "The first N (200; 10000 at most)", "limit",
	              ASK_NUMBER },
	            { "by", 'b', "NAME", "Who does it (the user)", "by", ASK_TEXT } },
	.ready = ask_sign
};

static const struct ask login = {
	.name = "login",
	.task = "login",
	.args_doc = "MSISDN CODE",
	.doc = "Whether CODE is what that number was texted on DLM, for a sign-in to the web hall or "
	       "the app.  Right: it is used up, exit status 0.  A portal asks over the socket: "
	       "{\"do\":\"login\",\"msisdn\":\"13800000001\",\"code\":\"046213\"}"
	       "\vExample: smshall login --config /etc/smshall.conf 13800000001 046213",
	.word = { MSISDN, { "code", "which code? expected six digits", ASK_TEXT } }
};

/* ---- of the store ---- */

static const struct ask backup = {
	.name = "backup",
	.task = "backup",
	.args_doc = "FILE",
	.doc = "Copies the store into one file while texts are answered, looks through the copy, "
	       "and only then gives it its name.\vExample: smshall backup --config "
	       "/etc/smshall.conf /var/backups/hall-$(date +%F).db",
	.word = { { "path", "where to? expected FILE", ASK_PATH } },
	.option = { { "force", 'f', NULL, "Replace FILE if it is an older backup",
	              "force", ASK_FLAG } }
};

static const struct ask retention = {
	.name = "retention",
	.task = "retention",
	.doc = "Drops texts, details and evidence older than the configuration keeps them (group "
	       "\"retention\").  A running hall does so once a day by itself.\vExample: smshall "
	       "retention --config /etc/smshall.conf --dry-run",
	.option = { { "dry-run", 'd', NULL, "Only say what would go", "dry_run",
	              ASK_FLAG } }
};

static const struct ask doctor = {
	.name = "doctor",
	.task = "doctor",
	.doc = "Looks at the store: size, WAL, disk, permissions, messages that wait, clock, last "
	       "stop.  A line each: ok, watch (with what to do) or BAD.\vExample: smshall doctor "
	       "--config /etc/smshall.conf --full",
	.option = { { "full", 'F', NULL, "Look through the whole file as well", "full",
	              ASK_FLAG } }
};

/* ---- of the files ---- */

static enum err for_a_dry_run(json_t *request, struct fault *fault)
{
	if (json_object_get(request, "last") == NULL ||
	    json_object_get(request, "dry_run") != NULL)
		return ERR_OK;
	fault_set(fault, "--last N says how many texts --dry-run compares: give both");
	return ERR_SYNTAX;
}

static const struct ask reload = {
	.name = "reload",
	.task = "reload",
	.doc = "Has the running hall read its configuration, grammar and replies again, and says what "
	       "serves now.  What is broken is refused as a whole, with file and line, and what "
	       "was served goes on.  A dry run says what would change: which of the last texts "
	       "would be understood otherwise, which keys of the configuration, and whether a "
	       "reload is enough for them.\vExample: smshall reload --config /etc/smshall.conf "
	       "--dry-run --last 5000",
	.option = { { "dry-run", 'd', NULL, "Only say what would change", "dry_run",
	              ASK_FLAG },
	            { "last", 'l', "N",
	              "Compare the newest N texts (10000; 100000 at most)", "last",
	              ASK_NUMBER } },
	.nobody =
		"there is nothing to reload, its next start reads the files.  To look at them "
		"now: smshall grammar check FOLDER.  If the store itself was changed in the "
		"configuration, say --store with the former one",
	.unasked = "nobody was asked to reload, what is served goes on",
	.ready = for_a_dry_run
};

/* ---- of what is known ---- */

/* Who is refreshed is everybody: that takes its time. */
static enum err in_its_time(json_t *request, struct fault *fault)
{
	const char *act = json_string_value(json_object_get(request, "act"));

	(void)fault;
	if (act != NULL && strcmp(act, "refresh") == 0)
		(void)json_object_set_new(request, "refresh", json_true());
	return ERR_OK;
}

static const struct ask tags = {
	.name = "tags",
	.task = "tags",
	.args_doc = "[list]\nshow MSISDN\nrefresh\ncheck [FILE]\ncolumns",
	.doc = "What is known of subscribers, by the rules of tags.conf.  list: the tags, and how many "
	       "hold each.  show: those of one number, and why.  refresh: works them out for all; a "
	       "running hall does so each night by itself.  check: whether the rules can be taken.  "
	       "columns: what rules may speak of.\vExamples: smshall tags --config "
	       "/etc/smshall.conf show 13800000001\nsmshall tags check grammar/tags.conf",
	.word = { { "act", NULL, ASK_TEXT }, { "msisdn", NULL, ASK_TEXT } },
	.option = { { "tag", 't', "TAG", "Refresh only this one, or those of a level",
	              "tag", ASK_TEXT } },
	.alone = tags_alone,
	.ready = in_its_time
};

/* ---- of the language ---- */

static const struct ask misses = {
	.name = "grammar misses",
	.task = "misses",
	.doc = "Groups the texts that were not understood, digits masked, and says which line would "
	       "take them.\vExample: smshall grammar misses --config /etc/smshall.conf --since "
	       "2026-10-01",
	.option = { SINCE,
	            { "last", 'l', "N", "The newest N texts (10000; 100000 at most)",
	              "last", ASK_NUMBER },
	            { "limit", 'n', "N", "The N most frequent groups (50)", "limit",
	              ASK_NUMBER },
	            { "grammar", 'g', "PATH", "Another grammar than the configured one",
	              "grammar", ASK_PATH } }
};

static const struct ask diff = {
	.name = "grammar diff",
	.task = "differ",
	.args_doc = "OLD NEW",
	.doc = "Says which of the last texts would mean something else under another grammar; long "
	       "numbers are masked.\vExample: smshall grammar diff --config /etc/smshall.conf "
	       "--last 5000 /etc/smshall/grammar ./grammar",
	.word = { { "before", "which? expected two grammar folders", ASK_PATH },
	          { "after", "which? expected two grammar folders", ASK_PATH } },
	.option = { SINCE,
	            { "last", 'l', "N", "The newest N texts (10000; 100000 at most)",
	              "last", ASK_NUMBER } }
};

/* ---- as commands ---- */

#define COMMAND(name, summary)                       \
	static int run_##name(int argc, char **argv) \
	{                                            \
		return ask_run(&(name), argc, argv); \
	}                                            \
	const struct command cmd_##name = { #name, summary, run_##name };

COMMAND(import, "reads a CSV file into the store")
COMMAND(trace, "shows what happened to a number")
COMMAND(rehearse, "says what new packages or limits would do")
COMMAND(offer, "shows what each package would mean for a number")
COMMAND(evidence, "prints the proof for a dispute")
COMMAND(erase, "erases what is known of a number")
COMMAND(backup, "copies the store while it is in use")
COMMAND(retention, "drops what is too old to be kept")
COMMAND(tasks, "shows and closes the work that waits for people")
COMMAND(login, "checks a sign-in code")
COMMAND(reload, "has the running hall read its files again")
COMMAND(tags, "shows and refreshes what is known of subscribers")
COMMAND(doctor, "says how the store is")

static int run_misses(int argc, char **argv)
{
	return ask_run(&misses, argc, argv);
}
const struct command grammar_misses = { "misses", "groups texts that were not understood",
	                                run_misses };

static int run_diff(int argc, char **argv)
{
	return ask_run(&diff, argc, argv);
}
const struct command grammar_diff = { "diff",
	                              "says which texts another grammar takes otherwise",
	                              run_diff };
