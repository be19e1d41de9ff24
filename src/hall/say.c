/*
 * say.c - a service's values to an answer in the language of the call.
 */
#include <assert.h>

#include <inttypes.h>

#include "hall_priv.h"

struct str call_text(const struct call *c, enum reply_id id, const struct reply_values *v)
{
	struct reply_values all = { 0 };

	if (v != NULL)
		all = *v;
	all.hotline = c->hall->conf.hotline;
	return reply_render(c->hall->replies, c->language, id, &all, c->q->arena);
}

struct str call_join(const struct call *c, const struct str *item, size_t n)
{
	return reply_join(c->hall->replies, c->language, item, n, c->q->arena);
}

struct hall_answer call_say(const struct call *c, const char *outcome, enum reply_id id,
                            const struct reply_values *v)
{
	return (struct hall_answer){ call_text(c, id, v), outcome };
}

struct hall_answer call_say_list(const struct call *c, const char *outcome,
                                 enum reply_id id, const struct reply_values *v,
                                 const struct items *items)
{
	struct reply_values all = *v;
	struct hall_answer answer;
	size_t n = items->n;

	assert(n > 0 && n <= items->total);
	do {
		all.list = call_join(c, items->item, n);
		if (n < items->total)
			all.rest = arena_printf(c->q->arena, "%zu", items->total - n);
		answer = call_say(c, outcome, id, &all);
	} while (!reply_fits(id, answer.text) && --n > 0);
	return answer;
}

const struct grammar_slot *call_slot(const struct call *c, enum grammar_value type)
{
	const struct grammar_command *command = c->q->command;

	for (size_t i = 0; i < command->n_slots; i++)
		if (command->slot[i].type == type)
			return &command->slot[i];
	return NULL;
}

/* The intent of that name when a service answers it; NULL otherwise. */
static const struct grammar_intent *offered(const struct call *c, const char *intent)
{
	for (size_t i = 0; i < c->hall->n; i++) {
		const struct grammar_intent *known = grammar_intent(c->hall->grammar, i);

		if (strcmp(known->name, intent) == 0)
			return c->hall->service[i] != NULL ? known : NULL;
	}
	return NULL;
}

bool call_offered(const struct call *c, const char *intent)
{
	return offered(c, intent) != NULL;
}

struct str call_way(const struct call *c, const char *intent)
{
	const struct grammar_intent *way = offered(c, intent);

	if (way == NULL)
		way = offered(c, "agent.handoff");
	return way != NULL ? grammar_code(way) : STR("RG");
}

struct hall_answer call_unavailable(const struct call *c)
{
	return call_say(c, "unavailable", REPLY_UNAVAILABLE, NULL);
}

/* What one who talks about another number would send: with that number in it. */
static struct str code_for_other(const struct call *c, const char *intent,
                                 struct str value)
{
	static const char *const others[][2] = { { "service.open", "number.open" },
		                                 { "service.cancel", "number.cancel" },
		                                 { "package.change", "number.change" } };

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(intent, others[i][0]) == 0)
			return arena_printf(c->q->arena, "%.*s%" PRId64 "%.*s",
			                    STR_ARG(call_way(c, others[i][1])),
			                    c->q->who->msisdn, STR_ARG(value));
	return (struct str){ NULL, 0 };
}

struct str call_code(const struct call *c, const char *intent, struct str value)
{
	const struct str code = call_way(c, intent);

	if (!call_offered(c, intent))
		return code;
	if (c->talk != NULL && c->talk->who != c->q->who) {
		const struct str other = code_for_other(c, intent, value);

		return other.n > 0 ? other : code;
	}
	return arena_printf(c->q->arena, "%.*s%.*s", STR_ARG(code), STR_ARG(value));
}
