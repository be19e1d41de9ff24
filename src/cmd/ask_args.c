/*
 * ask_args.c - from a command line to the request, by the command's table.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask_priv.h"
#include "base/civil.h"

/* ---- the command line ---- */

static size_t n_words(const struct ask *ask)
{
	size_t n = 0;

	while (n < ASK_WORDS && ask->word[n].field != NULL)
		n++;
	return n;
}

static error_t take_word(struct asked *a, const char *arg, struct argp_state *state)
{
	const char *first = a->ask->word[0].field;

	if (state->arg_num == 0 && first != NULL && strcmp(first, "act") == 0 &&
	    strcmp(arg, "help") == 0)
		argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
	else if (state->arg_num >= n_words(a->ask))
		argp_error(state, "unexpected word %s", arg);
	else
		a->word[state->arg_num] = arg;
	a->storage.unneeded = a->ask->alone != NULL && a->ask->alone(a) != NULL;
	return 0;
}

static error_t check_words(const struct asked *a, struct argp_state *state)
{
	for (size_t i = 0; i < n_words(a->ask); i++) {
		if (a->word[i] == NULL && a->ask->word[i].missing != NULL) {
			argp_error(state, "%s", a->ask->word[i].missing);
			return 0;
		}
	}
	return 0;
}

static error_t take_option(struct asked *a, int key, const char *arg)
{
	for (size_t i = 0; i < ASK_OPTIONS && a->ask->option[i].name != NULL; i++) {
		if (a->ask->option[i].key != key)
			continue;
		a->option[i] = arg != NULL ? arg : "";
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

/* argp's type. NOLINTNEXTLINE(readability-non-const-parameter) */
static error_t on_option(int key, char *arg, struct argp_state *state)
{
	struct asked *a = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->storage;
		return 0;
	case ARGP_KEY_ARG:
		return take_word(a, arg, state);
	case ARGP_KEY_END:
		return check_words(a, state);
	default:
		return take_option(a, key, arg);
	}
}

void ask_parse(struct asked *a, int argc, char **argv)
{
	static const struct argp_child children[] = { { &storage_argp, 0, NULL, 0 },
		                                      { 0 } };
	struct argp_option options[ASK_OPTIONS + 1] = { { 0 } };
	const struct argp argp = { .options = options,
		                   .parser = on_option,
		                   .args_doc = a->ask->args_doc,
		                   .children = children,
		                   .doc = a->ask->doc };

	for (size_t i = 0; i < ASK_OPTIONS && a->ask->option[i].name != NULL; i++) {
		const struct ask_option *o = &a->ask->option[i];

		options[i] = (struct argp_option){
			o->name, o->key, o->arg, 0, o->help, 0
		};
	}
	if (argp_parse(&argp, argc, argv, 0, NULL, a) != 0)
		exit(argp_err_exit_status);
}

/* ---- the request ---- */

static enum err put_text(json_t *request, const char *field, const char *text,
                         struct fault *fault)
{
	if (json_object_set_new(request, field, json_string(text)) == 0)
		return ERR_OK;
	fault_set(fault, "%s: expected a text in UTF-8", field);
	return ERR_SYNTAX;
}

enum err ask_path(json_t *request, const char *field, const char *path,
                  struct fault *fault)
{
	char folder[4096], whole[8192];

	if (path[0] == '/')
		return put_text(request, field, path, fault);
	if (getcwd(folder, sizeof(folder)) == NULL) {
		fault_set(fault, "working folder: %s", strerror(errno));
		return ERR_IO;
	}
	if ((size_t)snprintf(whole, sizeof(whole), "%s/%s", folder, path) >=
	    sizeof(whole)) {
		fault_set(fault, "%s: too long a path", path);
		return ERR_TOO_BIG;
	}
	return put_text(request, field, whole, fault);
}

static enum err put_time(json_t *request, const char *field, const char *text,
                         struct fault *fault)
{
	int64_t at;

	if (civil_parse_date(str_of(text), &at) != ERR_OK &&
	    civil_parse_time(str_of(text), &at) != ERR_OK) {
		fault_set(
			fault,
			"\"%s\": expected a time as 2026-10-20 or \"2026-10-20 08:30:00\"",
			text);
		return ERR_SYNTAX;
	}
	(void)json_object_set_new(request, field, json_integer(at));
	return ERR_OK;
}

static enum err put_number(json_t *request, const char *field, const char *text,
                           struct fault *fault)
{
	int64_t n;

	if (str_i64(str_of(text), &n) != ERR_OK || n < 1) {
		fault_set(fault, "%s \"%s\": expected a number from 1", field, text);
		return ERR_SYNTAX;
	}
	(void)json_object_set_new(request, field, json_integer(n));
	return ERR_OK;
}

static enum err put_flag(json_t *request, const char *field, const char *text,
                         struct fault *fault)
{
	(void)text;
	(void)fault;
	(void)json_object_set_new(request, field, json_true());
	return ERR_OK;
}

typedef enum err (*put_fn)(json_t *request, const char *field, const char *text,
                           struct fault *fault);

static const put_fn puts_of[] = {
	[ASK_TEXT] = put_text,     [ASK_PATH] = ask_path, [ASK_TIME] = put_time,
	[ASK_NUMBER] = put_number, [ASK_FLAG] = put_flag, [ASK_OUTPUT] = put_flag
};

enum err ask_fill(const struct asked *a, json_t *request, struct fault *fault)
{
	enum err e = put_text(request, "do", a->ask->task, fault);

	for (size_t i = 0; i < ASK_WORDS && e == ERR_OK; i++) {
		const struct ask_word *w = &a->ask->word[i];

		if (a->word[i] != NULL)
			e = puts_of[w->kind](request, w->field, a->word[i], fault);
	}
	for (size_t i = 0; i < ASK_OPTIONS && e == ERR_OK; i++) {
		const struct ask_option *o = &a->ask->option[i];

		if (a->option[i] != NULL)
			e = puts_of[o->kind](request, o->field, a->option[i], fault);
	}
	return e;
}
