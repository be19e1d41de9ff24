/*
 * unknown.c - answers to what was not understood, or is not offered by text.
 *
 * Nothing is ever carried out here: a question of the list is answered at most.
 */
#include "desk_priv.h"

enum {
	CODE_MAX = 16 /* octets shown; as the sample in hall/variables.def */
};

/* Secrets are not echoed, not even in a suggestion. */
static bool holds_secret(const struct grammar_suggestion *s)
{
	for (size_t i = 0; i < s->n_slots; i++)
		if (s->slot[i].secret)
			return true;
	return false;
}

static enum reply_id label_of(const struct call *c, const struct grammar_intent *intent)
{
	const struct service *s = hall_service(c->hall, intent);

	if (s != NULL)
		return s->label;
	return intent->effect == GRAMMAR_CHARGE ? REPLY_LABEL_CHARGE : REPLY_LABEL_OTHER;
}

/* What it would order, by name; else the name of the command. */
static struct str label_text(const struct call *c, const struct grammar_suggestion *s)
{
	const bool orders = s->intent->effect == GRAMMAR_CHARGE && s->n_slots > 0 &&
	                    strcmp(s->slot[0].name, "code") == 0 &&
	                    catalogue_find(c->q->catalogue, s->slot[0].text) != NULL;

	return orders ? order_word(c, str_of(s->intent->name),
	                           call_package(c, s->slot[0].text))
	              : call_text(c, label_of(c, s->intent), NULL);
}

static struct str item_text(const struct call *c, const struct grammar_suggestion *s)
{
	return call_text(c, REPLY_UNKNOWN_ITEM,
	                 &(struct reply_values){
				 .code = s->code,
				 .label = label_text(c, s),
			 });
}

static struct str command_of(const struct call *c, const struct grammar_suggestion *s)
{
	struct grammar_command command = { .intent = s->intent, .n_slots = s->n_slots };

	memcpy(command.slot, s->slot, s->n_slots * sizeof(s->slot[0]));
	return dialogue_command(c, &command);
}

/* "查余额CXYE" for each suggestion that may be shown; its number carries it out. */
static const struct menu *suggestions(const struct call *c)
{
	const struct grammar_command *command = c->q->command;
	struct menu *menu = arena_new(c->q->arena, struct menu);

	for (size_t i = 0; i < command->n_suggestions; i++) {
		const struct grammar_suggestion *s = &command->suggestion[i];

		if (s->code.n > 0 && !holds_secret(s))
			menu_add(menu, item_text(c, s), command_of(c, s));
	}
	return menu;
}

/* A question that has an answer, though the text was none that the grammar knows. */
static bool is_answered(const struct call *c, struct hall_answer *out)
{
	const struct grammar_command *command = c->q->command;
	const struct question *found;

	if (command->several || command->withheld || command->n_suggestions > 0 ||
	    call_busy(c))
		return false;
	found = desk_about(c->hall->conf.desk, c->q->text, c->q->arena);
	if (found != NULL)
		*out = faq_say(c, found, "unknown.answered");
	return found != NULL;
}

/* Of a package that is named by a price that none has. */
static bool has_price(const struct grammar_command *command)
{
	return command->n_suggestions == 1 && command->suggestion[0].n_slots == 1 &&
	       strcmp(command->suggestion[0].slot[0].name, "fee") == 0;
}

/* There is no such package or service; where those are seen that there are. */
static bool is_unlisted(const struct call *c, struct hall_answer *out)
{
	static const struct {
		const char *intent;
		enum reply_id id;
		const char *way;
	} lists[] = {
		{ "package.change", REPLY_UNKNOWN_PACKAGE, "package.list" },
		{ "number.change", REPLY_UNKNOWN_PACKAGE, "package.list" },
		{ "group.change", REPLY_UNKNOWN_PACKAGE, "package.list" },
		{ "service.open", REPLY_UNKNOWN_SERVICE, "service.open" },
		{ "number.open", REPLY_UNKNOWN_SERVICE, "service.open" },
		{ "group.apply", REPLY_UNKNOWN_SERVICE, "service.open" },
		{ "trial.open", REPLY_UNKNOWN_SERVICE, "service.open" },
		{ "service.cancel", REPLY_UNKNOWN_SERVICE, "service.list" },
		{ "number.cancel", REPLY_UNKNOWN_SERVICE, "service.list" },
	};
	const struct grammar_command *command = c->q->command;
	const bool unlisted = command->unlisted || has_price(command);

	for (size_t i = 0; unlisted && i < sizeof(lists) / sizeof(lists[0]); i++)
		if (strcmp(command->suggestion[0].intent->name, lists[i].intent) == 0) {
			*out = call_say(c, "unknown.unlisted", lists[i].id,
			                &(struct reply_values){
						.code = call_way(c, lists[i].way) });
			return true;
		}
	return false;
}

/* Whole texts without blanks, which ask for nothing. */
static const char *const thanks[] = { "谢谢",
	                              "谢谢你",
	                              "谢谢您",
	                              "谢谢了",
	                              "谢谢啦",
	                              "谢谢啊",
	                              "多谢",
	                              "感谢",
	                              "非常感谢",
	                              "十分感谢",
	                              "谢了",
	                              "谢谢谢谢",
	                              "辛苦了",
	                              "谢谢辛苦了",
	                              "好的谢谢",
	                              "好的谢谢你",
	                              "好的谢谢您",
	                              "好谢谢",
	                              "知道了谢谢",
	                              "收到谢谢",
	                              "嗯谢谢",
	                              "行谢谢",
	                              "可以谢谢",
	                              "知道了",
	                              "收到",
	                              "明白了",
	                              "THANKS",
	                              "THANKYOU",
	                              "THX",
	                              "THANKSALOT",
	                              "THANKYOUVERYMUCH",
	                              "MANYTHANKS",
	                              "OKTHANKS",
	                              "OKTHANKYOU",
	                              "OKTHX",
	                              "OKAYTHANKS",
	                              "GREATTHANKS",
	                              "GOTITTHANKS",
	                              "TY",
	                              "CHEERS" };

static const char *const greetings[] = { "你好",         "您好",
	                                 "你好啊",       "您好啊",
	                                 "你好呀",       "您好呀",
	                                 "你们好",       "喂",
	                                 "喂你好",       "嗨",
	                                 "哈喽",         "哈啰",
	                                 "在吗",         "在么",
	                                 "在不在",       "有人吗",
	                                 "有人在吗",     "你好在吗",
	                                 "您好在吗",     "客服你好",
	                                 "客服您好",     "你好客服",
	                                 "您好客服",     "早上好",
	                                 "上午好",       "中午好",
	                                 "下午好",       "晚上好",
	                                 "HI",           "HIYA",
	                                 "HELLO",        "HELLOTHERE",
	                                 "HITHERE",      "HEY",
	                                 "ANYBODYTHERE", "ANYONETHERE",
	                                 "GOODMORNING",  "GOODAFTERNOON",
	                                 "GOODEVENING" };

static const struct courtesy {
	const char *const *texts;
	size_t n;
	const char *outcome;
	enum reply_id id;
} courtesies[] = {
	{ thanks, sizeof(thanks) / sizeof(thanks[0]), "thanks", REPLY_THANKS },
	{ greetings, sizeof(greetings) / sizeof(greetings[0]), "greeting",
	  REPLY_GREETING },
};

static struct str without_blanks(const struct call *c)
{
	char *p = arena_alloc(c->q->arena, c->q->folded.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < c->q->folded.n; i++)
		if (c->q->folded.p[i] != FOLD_SEP)
			p[n++] = c->q->folded.p[i];
	return (struct str){ p, n };
}

static const struct courtesy *courtesy_of(struct str said)
{
	for (size_t i = 0; i < sizeof(courtesies) / sizeof(courtesies[0]); i++)
		for (size_t k = 0; k < courtesies[i].n; k++)
			if (str_eq(said, str_of(courtesies[i].texts[k])))
				return &courtesies[i];
	return NULL;
}

/* A menu stays open behind it; a question, a PIN and a price want their answer. */
bool unknown_courtesy(const struct call *c, struct hall_answer *out)
{
	const struct courtesy *found;

	if (dialogue_live(c->q->who, c->q->now) && c->q->who->open->kind != DIALOGUE_MENU)
		return false;
	found = courtesy_of(without_blanks(c));
	if (found != NULL)
		*out = call_say(c, found->outcome, found->id, NULL);
	return found != NULL;
}

/* Several in a row that were not understood: a person is offered, "1" calls him. */
static struct hall_answer offer_person(const struct call *c)
{
	struct menu *menu = arena_new(c->q->arena, struct menu);

	menu_add(menu, call_text(c, REPLY_LABEL_AGENT, NULL),
	         call_command(c, "agent.handoff", NULL, STR("")));
	menu_add(menu, call_text(c, REPLY_LABEL_HELP, NULL),
	         call_command(c, "help", NULL, STR("")));
	return call_menu(c, "unknown.person", REPLY_UNKNOWN_PERSON,
	                 &(struct reply_values){ 0 }, menu);
}

struct hall_answer unknown_answer(const struct call *c)
{
	const bool several = c->q->command->several;
	struct hall_answer answered;
	const struct menu *menu = suggestions(c);
	const struct reply_values none = { 0 };

	if (unknown_courtesy(c, &answered) || is_unlisted(c, &answered) ||
	    is_answered(c, &answered))
		return answered;
	if (menu->n > 0)
		return several ? call_menu(c, "unknown.several", REPLY_UNKNOWN_SEVERAL,
		                           &none, menu)
		               : call_menu(c, "unknown.suggested", REPLY_UNKNOWN_SUGGEST,
		                           &none, menu);
	if (several)
		return call_say(c, "unknown.several", REPLY_UNKNOWN_SEVERAL, NULL);
	if (c->q->who->unread >= UNREAD_MAX && !call_busy(c))
		return offer_person(c);
	return call_say(c, "unknown", REPLY_UNKNOWN, NULL);
}

static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!(s.p[i] >= '0' && s.p[i] <= '9') &&
		    !(s.p[i] >= 'A' && s.p[i] <= 'Z'))
			return false;
	return s.n > 0;
}

/*
 * What was wanted as a code with its value, "BGTC38".  None without a value: a bare
 * "QX" tells a subscriber nothing.
 */
struct str unknown_full_code(const struct call *c, const struct grammar_command *command)
{
	const struct grammar_slot *s = &command->slot[0];
	const struct str code = grammar_code(command->intent), none = { NULL, 0 };

	if (code.n == 0 || command->n_slots != 1 || s->secret ||
	    s->type != GRAMMAR_TEXT || !is_plain(s->text) ||
	    code.n + s->text.n > CODE_MAX)
		return none;
	return arena_printf(c->q->arena, "%.*s%.*s", STR_ARG(code), STR_ARG(s->text));
}

struct hall_answer unknown_not_by_sms(const struct call *c)
{
	return call_say(
		c, "not_by_sms", REPLY_NOT_BY_SMS,
		&(struct reply_values){ .code = unknown_full_code(c, c->q->command) });
}
