/*
 * replay.c - see replay/replay.h.
 */
#include <stdlib.h>

#include "assets/assets.h"
#include "base/alloc.h"
#include "base/dice.h"
#include "run_priv.h"
#include "smpp/address.h"

enum {
	ARENA_LIMIT = 512 * 1024 * 1024, /* octets of one story */
	OUT_LIMIT = 64 * 1024 * 1024     /* printed by one story */
};

struct replay {
	struct replay_conf conf;
	struct assets *assets;
	struct store *store; /* in memory, of one story after the other */
	struct arena arena;
	struct buf out;
	uint64_t messages;
};

/* Examples of the grammar are read against this day, whatever today is. */
static int64_t example_day(void)
{
	return civil_to_utc((struct civil){ .year = 2026, .month = 10, .day = 20 });
}

static struct hall_conf hall_conf(void)
{
	return (struct hall_conf){ .default_language = LANG_ZH_HANS,
		                   .hotline = STR("10086") };
}

enum err replay_create(const struct replay_conf *conf, struct replay **out,
                       struct fault *fault)
{
	const struct hall_conf hall = hall_conf();
	struct replay *r = xcalloc(1, sizeof(*r));
	enum err e;

	r->conf = *conf;
	r->arena = arena_make(ARENA_LIMIT);
	r->out = buf_make(OUT_LIMIT);
	e = assets_load(conf->grammar, &hall, example_day(), &r->assets, NULL, fault);
	if (e == ERR_OK)
		e = store_open("sqlite::memory:", STORE_CREATE, &r->store, fault);
	if (e != ERR_OK)
		replay_destroy(r);
	else
		*out = r;
	return e;
}

void replay_destroy(struct replay *r)
{
	if (r == NULL)
		return;
	store_close(r->store);
	assets_destroy(r->assets);
	arena_free(&r->arena);
	buf_free(&r->out);
	free(r);
}

/* ---- one story ---- */

/* Where a story without [clock] begins. */
static int64_t first_second(void)
{
	return civil_to_utc((struct civil){ 2026, 10, 20, 10, 31, 0 });
}

/* The same numbers in each story, and other ones each time. */
static uint64_t throw_dice(void *state)
{
	return dice_next(state);
}

/* The hall with the story's own terms, tools and options; *hall is destroyed by the caller. */
static enum err own_hall(struct replay *r, const struct story *story,
                         struct hall_conf conf, struct hall **hall, struct fault *fault)
{
	struct terms_list *terms = arena_new(&r->arena, struct terms_list);
	struct tools *tools = arena_new(&r->arena, struct tools);
	enum err e = ERR_OK;

	conf.terms = &r->assets->terms;
	conf.tools = &r->assets->tools;
	conf.desk = &r->assets->desk;
	conf.plain_yes_fen = story->plain_yes_fen;
	if (story->terms.n > 0) {
		e = terms_parse(story->path, story->terms, &r->arena, terms, fault);
		conf.terms = terms;
	}
	if (e == ERR_OK && story->tools.n > 0) {
		e = tools_parse(story->path, story->tools.row, story->tools.n, &r->arena,
		                tools, fault);
		conf.tools = tools;
	}
	if (e == ERR_OK)
		*hall = hall_create(&conf, r->assets->grammar, r->assets->replies);
	return e;
}

static enum err run_with(struct replay *r, const struct hall *hall,
                         const struct story *story, unsigned *failures,
                         struct fault *fault)
{
	static const uint8_t pepper[PIN_PEPPER] = "of stories only";
	const struct turn_route route = {
		STR("10086"),
		{ SMPP_TON_UNKNOWN, SMPP_NPI_ISDN, STR(RUN_ROUTE) },
		{ SMPP_TON_UNKNOWN, SMPP_NPI_ISDN, STR("10086") }
	};
	struct push_rules rules = r->assets->push;
	uint64_t dice = 0;
	struct pin_conf pin;
	const struct turn_conf turn = { .store = r->store,
		                        .fold = r->assets->fold,
		                        .grammar = r->assets->grammar,
		                        .hall = hall,
		                        .key = "0123456789abcde",
		                        .pin = &pin,
		                        .dice = throw_dice,
		                        .dice_arg = &dice,
		                        .push = &rules,
		                        .route = &route,
		                        .n_routes = 1 };
	struct run run = {
		.conf = &r->conf, .story = story, .arena = &r->arena, .out = &r->out
	};
	enum err e;

	memcpy(rules.manager, story->manager, sizeof(story->manager));
	rules.n_managers = story->n_managers;
	pin_conf_make(&pin, pepper, true);
	e = world_open(&run.world, &turn, first_second(), fault);
	if (e != ERR_OK)
		return e;
	run_story(&run);
	r->messages += run.texts.n;
	world_close(&run.world);
	*failures = run.failures;
	return r->conf.bless && run.edits.n > 0 ? bless_file(&run, fault) : ERR_OK;
}

static enum err run_parsed(struct replay *r, const struct story *story,
                           unsigned *failures, struct fault *fault)
{
	struct hall *hall = NULL;
	enum err e = own_hall(r, story, hall_conf(), &hall, fault);

	if (e != ERR_OK)
		return e;
	e = run_with(r, hall, story, failures, fault);
	hall_destroy(hall);
	return e;
}

/* e: of reading it. */
static bool run_content(struct replay *r, const char *path, enum err e,
                        struct str content, struct fault fault)
{
	struct story story = { 0 };
	unsigned failures = 0;

	if (e == ERR_OK)
		e = story_parse(path, content, &r->arena, &story, &fault);
	if (e == ERR_OK && r->conf.verbose)
		buf_printf(&r->out, "%s: %.*s\n", path, STR_ARG(story.title));
	if (e == ERR_OK)
		e = run_parsed(r, &story, &failures, &fault);
	if (e != ERR_OK)
		buf_printf(&r->out, "%s\n", fault.text);
	if (r->out.n > 0)
		(void)fwrite(r->out.p, 1, r->out.n, r->conf.out);
	return e == ERR_OK && failures == 0;
}

static void start(struct replay *r)
{
	arena_reset(&r->arena);
	buf_reset(&r->out);
}

bool replay_run(struct replay *r, const char *path)
{
	struct fault fault = { "" };
	struct str content = { "", 0 };
	enum err e;

	start(r);
	e = story_load(path, &r->arena, &content, &fault);
	return run_content(r, path, e, content, fault);
}

bool replay_text(struct replay *r, const char *name, struct str content)
{
	start(r);
	return run_content(r, name, ERR_OK, content, (struct fault){ "" });
}

uint64_t replay_messages(const struct replay *r)
{
	return r->messages;
}
