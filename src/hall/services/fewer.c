/*
 * fewer.c - less marketing without none of it: which kinds, and at which hours.
 *
 * In force once committed: the gate of campaigns (push/gate.c) reads it at each send.
 */
#include "hall/service.h"

struct choice {
	const char *code; /* behind SF */
	unsigned off;     /* bits that it adds */
	int from_hour, to_hour;
	enum reply_id label;
};

#define OFF(category) (1U << PREF_##category)
static const struct choice choices[] = {
	{ "TCTJ", OFF(PLANS), 0, 0, REPLY_FEWER_PLANS },
	{ "LLTJ", OFF(DATA), 0, 0, REPLY_FEWER_DATA },
	{ "YWTJ", OFF(SERVICES), 0, 0, REPLY_FEWER_SERVICES },
	{ "HDTJ", OFF(EVENTS), 0, 0, REPLY_FEWER_EVENTS },
	{ "BT", 0, 9, 18, REPLY_FEWER_DAY },
	{ "WS", 0, 18, 21, REPLY_FEWER_EVENING },
};
#undef OFF
static const char all_again[] = "QB";

enum {
	N_CHOICES = sizeof(choices) / sizeof(choices[0])
};

static bool in_force(const struct preference *p, const struct choice *k)
{
	if (k->off != 0)
		return (p->off & k->off) == k->off;
	return p->from_hour == k->from_hour && p->to_hour == k->to_hour;
}

static struct preference present(const struct call *c)
{
	const struct preference *p = c->q->who->preference;

	return p != NULL ? *p : (struct preference){ 0 };
}

static void add(const struct call *c, struct menu *menu, enum reply_id label,
                const char *code)
{
	menu_add(menu, call_text(c, label, NULL),
	         call_command(c, "pref.fewer", "what", str_of(code)));
}

/* What can still be asked for, and all back when something was. */
static struct hall_answer choose(const struct call *c, const struct preference *p)
{
	struct menu *menu = arena_new(c->q->arena, struct menu);

	for (size_t i = 0; i < N_CHOICES; i++)
		if (!in_force(p, &choices[i]))
			add(c, menu, choices[i].label, choices[i].code);
	if (p->off != 0 || p->to_hour != 0)
		add(c, menu, REPLY_FEWER_ALL, all_again);
	if (menu->n == 0)
		return call_say(c, CALL_NONE, REPLY_DIALOGUE_NONE, NULL);
	return call_menu(c, "asked", REPLY_FEWER_MENU, &(struct reply_values){ 0 }, menu);
}

static struct hall_answer say_present(const struct call *c, const struct preference *p)
{
	struct reply_values v = { 0 };
	struct str item[N_CHOICES];
	size_t n = 0;

	for (size_t i = 0; i < N_CHOICES; i++)
		if (in_force(p, &choices[i]))
			item[n++] = call_text(c, choices[i].label, NULL);
	if (n == 0)
		return call_say(c, CALL_DONE, REPLY_FEWER_NONE, NULL);
	v.list = call_join(c, item, n);
	return call_say(c, CALL_DONE, REPLY_FEWER_OK, &v);
}

/* False: no such choice. */
static bool apply(struct str code, struct preference *p)
{
	if (str_eq(code, str_of(all_again))) {
		*p = (struct preference){ 0 };
		return true;
	}
	for (size_t i = 0; i < N_CHOICES; i++) {
		const struct choice *k = &choices[i];

		if (!str_eq(code, str_of(k->code)))
			continue;
		p->off |= k->off;
		if (k->off == 0) {
			p->from_hour = k->from_hour;
			p->to_hour = k->to_hour;
		}
		return true;
	}
	return false;
}

static struct hall_answer answer(const struct call *c)
{
	const struct grammar_slot *what = call_named(c, "what");
	struct preference p = present(c);

	if (!c->q->who->known)
		return call_say(c, CALL_REFUSED_NUMBER, REPLY_REFUSED_NUMBER, NULL);
	if (c->q->who->opted_out)
		return call_say(c, CALL_NONE, REPLY_FEWER_OUT, NULL);
	if (what == NULL || !apply(what->text, &p))
		return choose(c, &p);
	p.at = c->q->now;
	p.inbox = c->q->id;
	changes_preference(c->q->changes, c->q->who, p);
	return say_present(c, &p);
}

const struct service service_fewer = {
	.intent = "pref.fewer",
	.access = ACCESS_FREE,
	.needs = NEED_PREFERENCE,
	.label = REPLY_LABEL_FEWER,
	.answer = answer,
	.sums_up = true,
};
