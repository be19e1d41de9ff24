/*
 * asking.c - the commands that have a task of the office done: a table each.
 */
#include <stdio.h>
#include <unistd.h>

#include "ask_priv.h"
#include "cmd/command.h"
#include "grammar_priv.h"

/* clang-format off */
#define MSISDN \
	{ "msisdn", "whose? expected a number such as 13800000001", ASK_TEXT }
#define SINCE \
	{ "since", 'S', "TIME", "Nothing before YYYY-MM-DD, or with HH:MM:SS", "since", ASK_TIME }
#define JSON \
	{ "json", 'j', NULL, "One JSON object an event; times in UTC ms", "json", ASK_FLAG }
/* clang-format on */

/* ---- data in ---- */

static const struct ask import = {
	.name = "import",
	.task = "import",
	.args_doc = "KIND FILE.csv",
	.doc = "Imports a CSV file: packages, groups and subscribers before what refers to them "
	       "(usage, bills, payments, details, resources, subscriptions, complaints, members, "
	       "tags, consents).  "
	       "The whole file is checked before anything is stored; a key that the store holds "
	       "is replaced.  When the store is being served, its owner does it and answers texts "
	       "meanwhile.\vExample: smshall import --store sqlite:var/smshall.db packages "
	       "packages.csv",
	.word = { { "kind", "expected KIND, such as usage, and FILE.csv", ASK_TEXT },
	          { "path", "expected KIND, such as usage, and FILE.csv", ASK_PATH } },
	.option = { { "as-of", 'a', "TIME",
	              "When its figures were true (the time of the file)", "as_of",
	              ASK_TIME } }
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
COMMAND(evidence, "prints the proof for a dispute")
COMMAND(erase, "erases what is known of a number")
COMMAND(backup, "copies the store while it is in use")
COMMAND(retention, "drops what is too old to be kept")
COMMAND(doctor, "says how the store is")

int grammar_misses(int argc, char **argv)
{
	return ask_run(&misses, argc, argv);
}

int grammar_diff(int argc, char **argv)
{
	return ask_run(&diff, argc, argv);
}
