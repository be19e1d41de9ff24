/*
 * grammar.c - smshall grammar check | parse | explain | measure | misses | diff.
 *
 * parse --tsv is the measuring instrument of the grammar: a text and its context a
 * line in, four columns a line out; the form is fixed by the contract.
 */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "cmd/command.h"
#include "grammar/grammar.h"
#include "grammar/measure.h"
#include "grammar_priv.h"

enum {
	LINE_MAX_OCTETS = 64 * 1024, /* of --tsv; the rest of a line is dropped */
	OUTPUT_MAX = 1 << 20, /* of a line that parse writes, of what measure says */
	SET_MAX = 1 << 24,    /* of a file that measure reads */
	REPORT_MAX = 1 << 20
};

struct options {
	const char *verb; /* "check", "parse", "explain", "measure" */
	const char *grammar, *now, *context;
	bool tsv;
	char **text; /* what follows the options */
	int n_text;
};

/* A loaded grammar and what it takes to match with it. */
struct tool {
	struct fold *fold;
	struct grammar *g;
	struct grammar_matcher *m;
	struct arena arena;
	int64_t now;
};

static const struct argp_option known[] = {
	{ "grammar", 'g', "PATH", 0,
	  "A .gram file or a folder of them (default: grammar)", 0 },
	{ "tsv", 't', NULL, 0, "Read text<TAB>context lines, write four columns each",
	  0 },
	{ "now", 'n', "TIME", 0, "YYYY-MM-DD or \"YYYY-MM-DD HH:MM:SS\", local time", 0 },
	{ "context", 'c', "CONTEXT", 0, "What is open: confirm, or menu:N", 0 },
	{ 0 },
};

/* NOLINTNEXTLINE(readability-non-const-parameter): argp's own type */
static error_t on_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'g':
		o->grammar = arg;
		return 0;
	case 't':
		o->tsv = true;
		return 0;
	case 'n':
		o->now = arg;
		return 0;
	case 'c':
		o->context = arg;
		return 0;
	case ARGP_KEY_ARGS:
		o->verb = state->argv[state->next];
		o->text = state->argv + state->next + 1;
		o->n_text = state->argc - state->next - 1;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int complain(const char *text)
{
	(void)fprintf(stderr, "smshall grammar: %s\n", text);
	return 1;
}

static bool read_now(const char *text, int64_t *out)
{
	if (text == NULL) {
		*out = clock_machine().wall_s;
		return true;
	}
	return civil_parse_date(str_of(text), out) == ERR_OK ||
	       civil_parse_time(str_of(text), out) == ERR_OK;
}

/* fold.tsv beside the grammar, or in it when that is a folder; NULL when there is none. */
static const char *overlay(struct str path, struct arena *a)
{
	const struct str folder = arena_str(a, path);
	struct str file = arena_printf(a, "%.*s/fold.tsv", STR_ARG(folder));
	struct stat st;

	if (stat(folder.p, &st) != 0 || !S_ISDIR(st.st_mode)) {
		while (path.n > 0 && path.p[path.n - 1] != '/')
			path.n--;
		file = arena_printf(a, "%.*sfold.tsv", STR_ARG(path));
	}
	return stat(file.p, &st) == 0 ? file.p : NULL;
}

static void tool_close(struct tool *t)
{
	grammar_matcher_destroy(t->m);
	grammar_destroy(t->g);
	fold_destroy(t->fold);
	arena_free(&t->arena);
}

/* Prints warnings to stderr when there is a report; complaints always. */
static int tool_open(const char *path, int64_t now, struct buf *report, struct tool *t)
{
	struct fault fault = { "" };

	*t = (struct tool){ .now = now, .arena = arena_make(GRAMMAR_ARENA) };
	if (fold_create(overlay(str_of(path), &t->arena), &t->fold, &fault) != ERR_OK ||
	    grammar_load(path, t->fold, now, &t->g, report, &fault) != ERR_OK) {
		if (report == NULL || report->n == 0)
			(void)complain(fault.text);
		return 1;
	}
	t->m = grammar_matcher_create(t->g);
	return 0;
}

static void match(struct tool *t, struct str text, struct grammar_context context,
                  struct grammar_command *out)
{
	arena_reset(&t->arena);
	grammar_match(t->g, t->m, text, context, t->now, &t->arena, out);
}

/* -- check --------------------------------------------------------------------- */

static int check_one(const char *path, int64_t now)
{
	struct buf report = buf_make(REPORT_MAX), line = buf_make(REPORT_MAX);
	struct tool t;
	int status = tool_open(path, now, &report, &t);

	(void)fwrite(report.n > 0 ? report.p : "", 1, report.n, stdout);
	if (status == 0) {
		grammar_summary(t.g, &line);
		(void)printf("%s: ok\n", buf_cstr(&line));
	}
	tool_close(&t);
	buf_free(&report);
	buf_free(&line);
	return status;
}

static int run_check(const struct options *o, int64_t now)
{
	int status = 0;

	if (o->n_text == 0)
		return check_one(o->grammar, now);
	for (int i = 0; i < o->n_text; i++)
		status |= check_one(o->text[i], now);
	return status;
}

/* -- parse --------------------------------------------------------------------- */

/* Reads a line without its newline; false at the end of input. */
static bool read_line(FILE *in, struct buf *line)
{
	char *p;
	int c;

	buf_reset(line);
	p = buf_room(line, line->max);
	while ((c = getc_unlocked(in)) != EOF && c != '\n')
		if (line->n < line->max)
			p[line->n++] = (char)c;
	return c != EOF || line->n > 0;
}

static bool parse_line(struct tool *t, struct buf *line, struct buf *out)
{
	struct grammar_context context;
	struct grammar_command c;
	char *tab = line->n > 0 ? memchr(line->p, '\t', line->n) : NULL;
	const size_t n = tab != NULL ? (size_t)(tab - line->p) : line->n;
	struct str rest = tab != NULL ? (struct str){ tab + 1, line->n - n - 1 }
	                              : STR("");

	if (!measure_context(str_trim(rest), &context))
		return false;
	match(t, (struct str){ line->p, measure_unescape(line->p, n) }, context, &c);
	buf_reset(out);
	grammar_print_tsv(&c, out);
	buf_putc(out, '\n');
	return true;
}

static int parse_stream(struct tool *t)
{
	struct buf line = buf_make(LINE_MAX_OCTETS), out = buf_make(OUTPUT_MAX);
	int status = 0;

	for (unsigned long no = 1; status == 0 && read_line(stdin, &line); no++) {
		if (parse_line(t, &line, &out)) {
			(void)fwrite(out.p, 1, out.n, stdout);
		} else {
			(void)fprintf(
				stderr,
				"smshall grammar: stdin:%lu: expected text<TAB>context, the "
				"context empty, confirm, or menu:N with N 1 to 99\n",
				no);
			status = 1;
		}
	}
	buf_free(&line);
	buf_free(&out);
	return status;
}

static void show(struct tool *t, struct str text, struct grammar_context context,
                 bool tell)
{
	struct buf out = buf_make(REPORT_MAX);
	struct grammar_command c;

	if (tell) {
		grammar_explain(t->g, t->m, text, context, t->now, &out);
	} else {
		match(t, text, context, &c);
		grammar_print(&c, &out);
	}
	(void)fwrite(out.p, 1, out.n, stdout);
	buf_free(&out);
}

static int run_texts(const struct options *o, int64_t now, bool tell)
{
	struct grammar_context context;
	struct tool t;
	int status;

	if (!measure_context(str_of(o->context), &context))
		return complain("--context: expected confirm, or menu:N with N 1 to 99");
	status = tool_open(o->grammar, now, NULL, &t);
	if (status == 0 && o->tsv)
		status = parse_stream(&t);
	for (int i = 0; status == 0 && i < o->n_text; i++)
		show(&t, str_of(o->text[i]), context, tell);
	tool_close(&t);
	return status;
}

/* -- measure ------------------------------------------------------------------- */

/* The whole of a file; false after a complaint. */
static bool read_set(const char *path, struct buf *out)
{
	FILE *in = fopen(path, "re");
	size_t n;

	if (in == NULL) {
		(void)fprintf(stderr, "smshall grammar: %s: %s\n", path, strerror(errno));
		return false;
	}
	n = fread(buf_room(out, out->max), 1, out->max, in);
	out->n = n;
	(void)fclose(in);
	return true;
}

static int measure_one(struct tool *t, const char *path)
{
	struct buf set = buf_make(SET_MAX), report = buf_make(OUTPUT_MAX);
	struct buf out = buf_make(OUTPUT_MAX);
	struct fault fault = { "" };
	struct measure m;
	int status = 1;

	if (read_set(path, &set)) {
		if (measure_run(t->g, t->m, buf_str(&set), t->now, &m, &report, &fault) ==
		    ERR_OK) {
			measure_print(&m, &out);
			(void)printf("%s%s", buf_cstr(&report), buf_cstr(&out));
			status = 0;
		} else {
			(void)fprintf(stderr, "smshall grammar: %s: %s\n", path,
			              fault.text);
		}
	}
	buf_free(&set);
	buf_free(&report);
	buf_free(&out);
	return status;
}

static int run_measure(const struct options *o, int64_t now)
{
	struct tool t;
	int status = tool_open(o->grammar, now, NULL, &t);

	for (int i = 0; status == 0 && i < o->n_text; i++)
		status = measure_one(&t, o->text[i]);
	tool_close(&t);
	return status;
}

static int usage(const struct argp *argp)
{
	argp_help(argp, stderr, ARGP_HELP_STD_ERR & ~(unsigned)ARGP_HELP_EXIT_ERR,
	          (char[]){ "smshall grammar" });
	return 2;
}

static int run(int argc, char **argv)
{
	static const struct argp argp = {
		known,
		on_option,
		"check [PATH...]\nparse [TEXT...]\nexplain TEXT...\nmeasure FILE...\nmisses ...\ndiff OLD NEW ...",
		"Checks the command grammar, or tries texts on it.\v"
		"Example: smshall grammar explain --grammar grammar \"查一下三月话费\"",
		NULL,
		NULL,
		NULL
	};
	struct options o = { .grammar = "grammar" };
	int64_t now = 0;

	if (argc > 1 && strcmp(argv[1], "misses") == 0)
		return grammar_misses(argc - 1, argv + 1);
	if (argc > 1 && strcmp(argv[1], "diff") == 0)
		return grammar_diff(argc - 1, argv + 1);
	argv[0] = (char[]){ "smshall grammar" }; /* how argp names us */
	if (argp_parse(&argp, argc, argv, 0, NULL, &o) != 0)
		return 2;
	if (getenv("TZ") == NULL && civil_zone("Asia/Shanghai") != ERR_OK)
		return complain(
			"the time zone Asia/Shanghai is not on this machine; set TZ");
	if (!read_now(o.now, &now)) {
		(void)complain("--now: expected YYYY-MM-DD or \"YYYY-MM-DD HH:MM:SS\"");
		return 2;
	}
	if (o.verb != NULL && strcmp(o.verb, "check") == 0)
		return run_check(&o, now);
	if (o.verb != NULL && strcmp(o.verb, "parse") == 0 && (o.tsv || o.n_text > 0))
		return run_texts(&o, now, false);
	if (o.verb != NULL && strcmp(o.verb, "measure") == 0 && o.n_text > 0)
		return run_measure(&o, now);
	if (o.verb != NULL && strcmp(o.verb, "explain") == 0 && o.n_text > 0)
		return run_texts(&o, now, true);
	return usage(&argp);
}

const struct command cmd_grammar = { "grammar",
	                             "check the command grammar, or try texts on it",
	                             run };
