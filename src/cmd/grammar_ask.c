/*
 * grammar_ask.c - smshall grammar misses | diff: texts of the store put to a grammar.
 */
#include "grammar_priv.h"

#include "ask_priv.h"
#include "base/civil.h"

struct grammar_args {
	struct storage storage;
	const char *since, *grammar, *path[2];
	int64_t last, limit; /* 0: as the owner likes */
	bool diff;
};

static void number(struct argp_state *state, const char *arg, int64_t *out)
{
	if (str_i64(str_of(arg), out) != ERR_OK || *out < 1)
		argp_error(state, "expected a number from 1, not %s", arg);
}

/* argp's type. NOLINTNEXTLINE(readability-non-const-parameter) */
static error_t on_option(int key, char *arg, struct argp_state *state)
{
	struct grammar_args *a = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->storage;
		return 0;
	case 'S':
		a->since = arg;
		return 0;
	case 'g':
		a->grammar = arg;
		return 0;
	case 'l':
		number(state, arg, &a->last);
		return 0;
	case 'n':
		number(state, arg, &a->limit);
		return 0;
	case ARGP_KEY_ARG:
		if (!a->diff || state->arg_num > 1)
			argp_error(state, "unexpected word %s", arg);
		else
			a->path[state->arg_num] = arg;
		return 0;
	case ARGP_KEY_END:
		if (a->diff && a->path[1] == NULL)
			argp_error(state, "which? expected two grammar folders");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static enum err fill(const void *args, json_t *request, struct fault *fault)
{
	const struct grammar_args *a = args;
	int64_t since = 0;
	enum err e = ERR_OK;

	if (a->since != NULL && civil_parse_date(str_of(a->since), &since) != ERR_OK &&
	    civil_parse_time(str_of(a->since), &since) != ERR_OK) {
		fault_set(fault,
		          "--since %s: expected YYYY-MM-DD or \"YYYY-MM-DD HH:MM:SS\"",
		          a->since);
		return ERR_SYNTAX;
	}
	(void)json_object_set_new(request, "since", json_integer(since));
	if (a->last > 0)
		(void)json_object_set_new(request, "last", json_integer(a->last));
	if (a->limit > 0)
		(void)json_object_set_new(request, "limit", json_integer(a->limit));
	if (a->grammar != NULL)
		e = ask_path(request, "grammar", a->grammar, fault);
	if (e == ERR_OK && a->diff)
		e = ask_path(request, "before", a->path[0], fault);
	if (e == ERR_OK && a->diff)
		e = ask_path(request, "after", a->path[1], fault);
	return e;
}

static const struct argp_child children[] = { { &storage_argp, 0, NULL, 0 }, { 0 } };
static const struct argp_option options[] = {
	{ "since", 'S', "TIME", 0, "Nothing before YYYY-MM-DD, or with HH:MM:SS", 0 },
	{ "last", 'l', "N", 0, "The newest N texts (10000; 100000 at most)", 0 },
	{ "limit", 'n', "N", 0, "The N most frequent groups (50)", 0 },
	{ "grammar", 'g', "PATH", 0, "Another grammar than the configured one", 0 },
	{ 0 },
};

int grammar_misses(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = on_option,
		.children = children,
		.doc = "Groups the texts that were not understood, digits masked, and says which "
		       "line would take them.\vExample: smshall grammar misses --config "
		       "/etc/smshall.conf --since 2026-10-01"
	};
	static const struct ask ask = { "grammar misses", &argp, "misses", fill };
	struct grammar_args args = { .diff = false };

	return ask_run(&ask, argc, argv, &args);
}

int grammar_diff(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = on_option,
		.args_doc = "OLD NEW",
		.children = children,
		.doc = "Says which of the last texts would mean something else under another "
		       "grammar; long numbers are masked.\vExample: smshall grammar diff --config "
		       "/etc/smshall.conf --last 5000 /etc/smshall/grammar ./grammar"
	};
	static const struct ask ask = { "grammar diff", &argp, "differ", fill };
	struct grammar_args args = { .diff = true };

	return ask_run(&ask, argc, argv, &args);
}
