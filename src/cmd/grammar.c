/*
 * grammar.c - smshall grammar check | parse | explain | measure; misses and diff ask the
 * owner of a store (asking.c).
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

/* What stands behind "grammar". */
struct options;
struct verb {
	const char *args_doc, *doc;
	const struct argp_option *known;
	bool tell;           /* why, too */
	const char *missing; /* what is said when nothing follows; NULL: it need not */
	int (*run)(const struct options *o, int64_t now);
};

struct options {
	const struct verb *verb;
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
		o->text = state->argv + state->next;
		o->n_text = state->argc - state->next;
		return 0;
	case ARGP_KEY_END:
		if (o->n_text == 0 && !o->tsv && o->verb->missing != NULL)
			argp_error(state, "%s", o->verb->missing);
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

static int run_texts(const struct options *o, int64_t now)
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
		show(&t, str_of(o->text[i]), context, o->verb->tell);
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

static int measure_set(struct tool *t, const char *path, struct str set)
{
	struct buf report = buf_make(OUTPUT_MAX), out = buf_make(OUTPUT_MAX);
	struct fault fault = { "" };
	struct measure m;
	int status = 1;

	if (measure_run(t->g, t->m, set, t->now, &m, &report, &fault) == ERR_OK) {
		measure_print(&m, &out);
		(void)printf("%s%s", buf_cstr(&report), buf_cstr(&out));
		status = 0;
	} else {
		(void)fprintf(stderr, "smshall grammar: %s: %s\n", path, fault.text);
	}
	buf_free(&report);
	buf_free(&out);
	return status;
}

/* At the time that is said, that the set names, or now. */
static int measure_one(const struct options *o, const char *path, int64_t now)
{
	struct buf set = buf_make(SET_MAX);
	struct tool t;
	int status = 1;

	if (read_set(path, &set)) {
		if (o->now == NULL)
			(void)measure_now(buf_str(&set), &now);
		status = tool_open(o->grammar, now, NULL, &t);
		if (status == 0)
			status = measure_set(&t, path, buf_str(&set));
		tool_close(&t);
	}
	buf_free(&set);
	return status;
}

static int run_measure(const struct options *o, int64_t now)
{
	int status = 0;

	for (int i = 0; status == 0 && i < o->n_text; i++)
		status = measure_one(o, o->text[i], now);
	return status;
}

/* -- the verbs ----------------------------------------------------------------- */

/* clang-format off */
#define GRAMMAR \
	{ "grammar", 'g', "PATH", 0, "A .gram file or a folder of them (default: grammar)", 0 }
#define NOW(what) \
	{ "now", 'n', "TIME", 0, "YYYY-MM-DD or \"YYYY-MM-DD HH:MM:SS\", local time; default: " what, 0 }
#define CONTEXT \
	{ "context", 'c', "CONTEXT", 0, "What is open: confirm, or menu:N", 0 }
/* clang-format on */

static const struct argp_option of_check[] = { GRAMMAR, NOW("the clock's"), { 0 } };
static const struct argp_option of_parse[] = {
	GRAMMAR,
	NOW("the clock's"),
	CONTEXT,
	{ "tsv", 't', NULL, 0,
	  "Read text<TAB>context lines from standard input, write four columns each", 0 },
	{ 0 }
};
static const struct argp_option of_explain[] = {
	GRAMMAR, NOW("the clock's"), CONTEXT, { 0 }
};
static const struct argp_option of_measure[] = { GRAMMAR,
	                                         NOW("the set's, else the clock's"),
	                                         { 0 } };

static const struct verb check = {
	"[PATH...]",
	"Checks a grammar as a start would: rules that clash, examples that do not come out.\v"
	"Example: smshall grammar check /etc/smshall/grammar",
	of_check,
	false,
	NULL,
	run_check
};
static const struct verb parse = {
	"[TEXT...]",
	"Says what texts mean: intent, slots, rule.\v"
	"Example: smshall grammar parse CXYE \"查一下三月话费\"\n"
	"printf 'CXYE\\t\\n25\\tconfirm\\n' | smshall grammar parse --tsv",
	of_parse,
	false,
	"which? expected TEXT, or --tsv and texts on standard input",
	run_texts
};
static const struct verb explain = {
	"TEXT...",
	"Says step by step how a text is read, which rule takes it, and which come close.\v"
	"Example: smshall grammar explain --grammar grammar \"查一下三月话费\"",
	of_explain,
	true,
	"which? expected TEXT",
	run_texts
};
static const struct verb measure = {
	"FILE...",
	"Says how many texts of a set come out right, by class, with Wilson intervals, and which do "
	"not.  A line of the set is class, context, text, intent, slots with tabs between; "
	"a line \"# now YYYY-MM-DD HH:MM:SS\" says when they were texted.\v"
	"Example: smshall grammar measure tests/unit/grammar/people.tsv",
	of_measure,
	false,
	"which? expected FILE, such as tests/unit/grammar/people.tsv",
	run_measure
};

static int run_verb(const struct verb *v, int argc, char **argv)
{
	const struct argp argp = { .options = v->known,
		                   .parser = on_option,
		                   .args_doc = v->args_doc,
		                   .doc = v->doc };
	struct options o = { .verb = v, .grammar = "grammar" };
	int64_t now = 0;

	if (argp_parse(&argp, argc, argv, 0, NULL, &o) != 0)
		return 2;
	if (getenv("TZ") == NULL && civil_zone("Asia/Shanghai") != ERR_OK)
		return complain(
			"the time zone Asia/Shanghai is not on this machine; set TZ");
	if (!read_now(o.now, &now)) {
		(void)complain("--now: expected YYYY-MM-DD or \"YYYY-MM-DD HH:MM:SS\"");
		return 2;
	}
	return v->run(&o, now);
}

#define VERB(name, summary)                           \
	static int verb_##name(int argc, char **argv) \
	{                                             \
		return run_verb(&(name), argc, argv); \
	}                                             \
	static const struct command command_##name = { #name, summary, verb_##name };

VERB(check, "checks a grammar folder")
VERB(parse, "says what texts mean")
VERB(explain, "says why a text is understood so")
VERB(measure, "says how many texts of a set come out right")

static int run(int argc, char **argv)
{
	static const struct command *const verbs[] = { &command_check,   &command_parse,
		                                       &command_explain, &command_measure,
		                                       &grammar_misses,  &grammar_diff };
	static const struct command_list list = {
		.name = "smshall grammar",
		.about = "Checks the command grammar, or tries texts on it.",
		.more = "Example: smshall grammar explain \"查一下三月话费\"",
		.command = verbs,
		.n = sizeof(verbs) / sizeof(verbs[0])
	};

	return command_choose(&list, argc, argv);
}

const struct command cmd_grammar = { "grammar",
	                             "checks the command grammar, or tries texts on it",
	                             run };
