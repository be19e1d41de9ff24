/*
 * replay.c - smshall replay: runs stories and shows where they differ.
 */
#include <argp.h>
#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/clock.h"
#include "cmd/command.h"
#include "conf/conf.h"
#include "replay/record.h"
#include "replay/replay.h"

static const char doc[] =
	"Runs stories (*.case files, or folders of them) through grammar, hall and store "
	"under a clock of their own, and shows where a reply is not the expected one."
	"\vExample:\n"
	"  smshall replay tests/replay\n"
	"  smshall replay --verbose tests/replay/balance/001-active.case\n\n"
	"Exit status: 0 all passed, 1 some failed, 2 wrong usage.  What a story may say "
	"is described in tests/replay/README.md.\n\n"
	"  smshall replay --record var/capture --store sqlite:backup.db > new.case\n\n"
	"makes a story of what was captured (configuration group capture, or tcpdump -w), "
	"with numbers, names and ids made up.  The store must be one that no other process "
	"owns, such as a backup.  Without it the answers' rows have to be written by hand.";

enum {
	KEY_RECORD = 'r',
	KEY_STORE = 's',
	KEY_CONFIG = 'c',
	KEY_MSISDN = 'm',
	KEY_BENCH = 'B'
};

static const struct argp_option options[] = {
	{ "bless", 'b', NULL, 0,
	  "Rewrite expectations that are not met; then read the change", 0 },
	{ "grammar", 'g', "DIR", 0, "Folder of grammar and replies (default: grammar)",
	  0 },
	{ "verbose", 'v', NULL, 0, "Print every conversation", 0 },
	{ "bench", KEY_BENCH, "SECONDS", 0,
	  "Run them again and again so long; print messages a second", 0 },
	{ "record", KEY_RECORD, "CAPTURE", 0, "Make a story of a capture or pcap file",
	  1 },
	{ "store", KEY_STORE, "URL", 0,
	  "With --record: take the answers' rows from there", 1 },
	{ "config", KEY_CONFIG, "FILE", 0,
	  "With --record: store, grammar and zone as this file says", 1 },
	{ "msisdn", KEY_MSISDN, "N", 0, "With --record: only this number", 1 },
	{ 0 },
};

struct arguments {
	struct replay_conf conf;
	char *grammar;
	char **paths;              /* NULL behind the last */
	struct record_conf record; /* capture is NULL: stories are run */
	const char *config;
	int64_t bench_s; /* 0: once */
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
	case KEY_RECORD:
		a->record.capture = arg;
		return 0;
	case KEY_STORE:
		a->record.store = arg;
		return 0;
	case KEY_CONFIG:
		a->config = arg;
		return 0;
	case KEY_MSISDN:
		if (str_i64(str_of(arg), &a->record.msisdn) != ERR_OK)
			argp_error(state,
			           "expected a number such as --msisdn 13800000001");
		return 0;
	case KEY_BENCH:
		if (str_i64(str_of(arg), &a->bench_s) != ERR_OK || a->bench_s < 1)
			argp_error(state, "expected seconds such as --bench 5");
		return 0;
	case ARGP_KEY_ARGS:
		a->paths = state->argv + state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		if (a->record.capture == NULL)
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

static enum err run_paths(struct replay *r, char **paths, struct tally *t)
{
	FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR | FTS_COMFOLLOW, by_name);

	if (tree == NULL)
		return ERR_IO;
	run_all(r, tree, t);
	(void)fts_close(tree);
	return ERR_OK;
}

/* Reading the files, making the stores and comparing the replies count as well. */
static int bench(struct replay *r, const struct arguments *a)
{
	const int64_t begin = clock_machine().mono_us, end = begin + a->bench_s * 1000000;
	struct tally t = { 0, 0 };
	int64_t now = begin;
	uint64_t messages;

	while (now < end && t.failed == 0 && run_paths(r, a->paths, &t) == ERR_OK)
		now = clock_machine().mono_us;
	messages = replay_messages(r);
	(void)printf("%u stories, %llu messages in %.2f s: %.0f messages/s\n", t.passed,
	             (unsigned long long)messages, (double)(now - begin) / 1e6,
	             (double)messages * 1e6 / (double)(now - begin));
	return t.failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int once(struct replay *r, const struct arguments *a)
{
	struct tally t = { 0, 0 };

	if (run_paths(r, a->paths, &t) != ERR_OK)
		return complain(strerror(errno));
	(void)printf("%u passed, %u failed\n", t.passed, t.failed);
	if (t.passed + t.failed == 0)
		return complain("no *.case file there");
	return t.failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int run_stories(const struct arguments *a)
{
	struct fault fault = { "" };
	struct replay *r;
	int status;

	if (replay_create(&a->conf, &r, &fault) != ERR_OK)
		return complain(fault.text);
	status = a->bench_s > 0 ? bench(r, a) : once(r, a);
	replay_destroy(r);
	return status;
}

/* What differs, a comment each, where the next person looks: at the story's end. */
static void note_differences(struct str why)
{
	struct str line, place = STR("recorded:");

	(void)printf("# As it stands it does not pass.  Rows that were not on record, "
	             "PINs and what the\n# office did meanwhile have to be written: "
	             "tests/replay/README.md, \"Recorded stories\".\n");
	while (str_cut(&why, '\n', &line))
		if (str_starts(line, place))
			(void)printf("# line %.*s\n", (int)(line.n - place.n),
			             line.p + place.n);
}

static void check_recorded(const struct arguments *a, struct str story)
{
	struct replay_conf conf = { .grammar = a->conf.grammar };
	struct fault fault = { "" };
	char *why = NULL;
	size_t n = 0;
	struct replay *r;
	bool passes;

	conf.out = open_memstream(&why, &n);
	if (conf.out == NULL || replay_create(&conf, &r, &fault) != ERR_OK)
		return;
	passes = replay_text(r, "recorded", story);
	replay_destroy(r);
	(void)fclose(conf.out);
	if (!passes) {
		note_differences((struct str){ why, n });
		(void)fprintf(stderr,
		              "%sThe story does not pass as it stands: its last "
		              "lines say what to do.\n",
		              why);
	}
	free(why);
}

static int record(struct arguments *a)
{
	struct record_tally tally = { 0, 0, 0 };
	struct fault fault = { "" };
	char *story = NULL;
	size_t n = 0;
	enum err e;

	a->record.out = open_memstream(&story, &n);
	a->record.grammar = a->conf.grammar;
	if (a->record.out == NULL)
		return complain(strerror(errno));
	e = record_story(&a->record, &tally, &fault);
	(void)fclose(a->record.out);
	if (e == ERR_OK) {
		(void)fwrite(story, 1, n, stdout);
		check_recorded(a, (struct str){ story, n });
	}
	free(story);
	if (e != ERR_OK)
		return complain(fault.text);
	(void)fprintf(stderr, "%u texts, %u replies, %u texts left out\n", tally.texts,
	              tally.replies, tally.left_out);
	if (a->record.store == NULL)
		(void)fprintf(stderr, "Names in texts are not replaced without a store: "
		                      "read the story before you share it.\n");
	return EXIT_SUCCESS;
}

static int run(int argc, char **argv)
{
	static const struct argp argp = { options, parse, "FILE|DIR...", doc,
		                          NULL,    NULL,  NULL };
	struct arguments a = { .conf = { .colour = isatty(STDOUT_FILENO) != 0,
		                         .out = stdout } };
	struct fault fault = { "" };
	struct conf *conf = NULL;
	int status;

	(void)argp_parse(&argp, argc, argv, 0, NULL, &a);
	if (a.config != NULL && conf_load(a.config, &conf, &fault) != ERR_OK)
		return complain(fault.text);
	if (conf == NULL)
		conf = conf_defaults();
	else if (a.record.store == NULL)
		a.record.store = conf->store;
	a.conf.grammar = a.grammar != NULL ? a.grammar : conf->grammar;
	if (civil_zone(conf->timezone) != ERR_OK)
		status = complain("no such time zone here: install tzdata");
	else
		status = a.record.capture != NULL ? record(&a) : run_stories(&a);
	conf_destroy(conf);
	return status;
}

const struct command cmd_replay = {
	.name = "replay",
	.summary = "runs stories through the hall and shows what differs",
	.run = run,
};
