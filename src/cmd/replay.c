/*
 * replay.c - smshall replay: runs stories and shows where they differ.
 */
#include <argp.h>
#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/civil.h"
#include "cmd/command.h"
#include "replay/replay.h"

static const char doc[] =
	"Runs stories (*.case files, or folders of them) through grammar, hall and store "
	"under a clock of their own, and shows where a reply is not the expected one."
	"\vExample:\n"
	"  smshall replay tests/replay\n"
	"  smshall replay --verbose tests/replay/balance/001-active.case\n\n"
	"Exit status: 0 all passed, 1 some failed, 2 wrong usage.  What a story may say "
	"is described in tests/replay/README.md.";

static const struct argp_option options[] = {
	{ "bless", 'b', NULL, 0,
	  "Rewrite expectations that are not met; then read the change", 0 },
	{ "grammar", 'g', "DIR", 0, "Folder of grammar and replies (default: grammar)",
	  0 },
	{ "verbose", 'v', NULL, 0, "Print every conversation", 0 },
	{ 0 },
};

struct arguments {
	struct replay_conf conf;
	char *grammar;
	char **paths; /* NULL behind the last */
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case 'b':
		a->conf.bless = true;
		return 0;
	case 'g':
		a->grammar = arg;
		return 0;
	case 'v':
		a->conf.verbose = true;
		return 0;
	case ARGP_KEY_ARGS:
		a->paths = state->argv + state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "expected a story or a folder of stories");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* A file that was named, or a *.case in a folder. */
static bool is_story(const FTSENT *entry)
{
	const char *dot = strrchr(entry->fts_name, '.');

	if (entry->fts_info != FTS_F)
		return false;
	return entry->fts_level == FTS_ROOTLEVEL ||
	       (dot != NULL && strcmp(dot, ".case") == 0);
}

static bool is_missing(const FTSENT *entry)
{
	return entry->fts_info == FTS_NS || entry->fts_info == FTS_DNR ||
	       entry->fts_info == FTS_ERR;
}

struct tally {
	unsigned passed, failed;
};

static void run_all(struct replay *r, FTS *tree, struct tally *t)
{
	const FTSENT *entry;

	while ((entry = fts_read(tree)) != NULL) {
		if (is_missing(entry)) {
			(void)fprintf(stderr, "smshall replay: %s: %s\n", entry->fts_path,
			              strerror(entry->fts_errno));
			t->failed++;
		} else if (is_story(entry)) {
			if (replay_run(r, entry->fts_path))
				t->passed++;
			else
				t->failed++;
		}
	}
}

static int complain(const char *text)
{
	(void)fprintf(stderr, "smshall replay: %s\n", text);
	return EXIT_FAILURE;
}

static int run_paths(struct replay *r, char **paths)
{
	struct tally t = { 0, 0 };
	FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR | FTS_COMFOLLOW, by_name);

	if (tree == NULL)
		return complain(strerror(errno));
	run_all(r, tree, &t);
	(void)fts_close(tree);
	(void)printf("%u passed, %u failed\n", t.passed, t.failed);
	if (t.passed + t.failed == 0)
		return complain("no *.case file there");
	return t.failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int run(int argc, char **argv)
{
	static const struct argp argp = { options, parse, "FILE|DIR...", doc,
		                          NULL,    NULL,  NULL };
	char grammar[] = "grammar";
	struct arguments a = { .conf = { .colour = isatty(STDOUT_FILENO) != 0,
		                         .out = stdout },
		               .grammar = grammar };
	struct fault fault = { "" };
	struct replay *r;
	int status;

	(void)argp_parse(&argp, argc, argv, 0, NULL, &a);
	a.conf.grammar = a.grammar;
	if (civil_zone("Asia/Shanghai") != ERR_OK)
		return complain("no time zone Asia/Shanghai here: install tzdata");
	if (replay_create(&a.conf, &r, &fault) != ERR_OK)
		return complain(fault.text);
	status = run_paths(r, a.paths);
	replay_destroy(r);
	return status;
}

const struct command cmd_replay = {
	.name = "replay",
	.summary = "run stories through the hall and show what differs",
	.run = run,
};
