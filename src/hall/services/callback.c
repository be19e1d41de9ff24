/*
 * callback.c - a person calls back at a time named: "明天下午3点", "今晚8点半", "15:30",
 * "tomorrow 3pm"; or the enterprise's account manager comes, for which its
 * administrators make an appointment.  Of a manager of campaigns HD asks for one of them.
 *
 * A time is read only when it is plain; else it is asked for.  "尽快" is as soon as can be
 * kept, "取消" gives it up.  One such task of each kind a number: a new time replaces the
 * one before.
 */
#include <inttypes.h>

#include "../desk_priv.h"
#include "../hall_priv.h"
#include "../numbers_priv.h"

enum {
	DAYS_AHEAD = 7,
	DAY_S = 24 * 3600,
	NOON = 12,
	SOON_S = 10 * 60, /* nothing earlier can be kept */
	STEP_S = 5 * 60   /* at which "as soon as possible" is told */
};

struct wish {
	int day;  /* from today; -1: not said */
	int hour; /* -1: not said */
	int minute;
	bool later; /* afternoon or evening */
	bool night; /* evening or night: twelve is midnight */
};

static bool holds(struct str s, const char *const *word)
{
	for (; *word != NULL; word++)
		if (str_find(s, str_of(*word)) != SIZE_MAX)
			return true;
	return false;
}

static bool is_soon(struct str s)
{
	static const char *const words[] = { "现在",       "現在",       "马上", "馬上",
		                             "尽快",       "儘快",       "盡快", "立刻",
		                             "立即",       "随时",       "隨時", "now",
		                             "Now",        "NOW",        "asap", "ASAP",
		                             "as soon as", "right away", NULL };

	return holds(s, words);
}

static bool is_given_up(struct str s)
{
	static const char *const words[] = { "取消",   "不用",   "不约",   "不約",
		                             "cancel", "Cancel", "CANCEL", NULL };

	return holds(s, words);
}

static int day_of(struct str s)
{
	static const char *const after[] = { "后天", "後天", NULL };
	static const char *const tomorrow[] = { "明天",     "明早",     "明晚",
		                                "明日",     "TOMORROW", "tomorrow",
		                                "Tomorrow", NULL };
	static const char *const today[] = { "今天",  "今晚",  "今日", "TODAY",
		                             "today", "Today", NULL };

	if (holds(s, after))
		return 2;
	if (holds(s, tomorrow))
		return 1;
	return holds(s, today) ? 0 : -1;
}

static bool is_later(struct str s)
{
	static const char *const words[] = { "下午", "晚上", "今晚", "明晚", "傍晚",
		                             "PM",   "pm",   "Pm",   NULL };

	return holds(s, words);
}

static bool is_night(struct str s)
{
	static const char *const words[] = { "晚",    "半夜",  "深夜", "凌晨",
		                             "夜里",  "夜裡",  "12am", "12AM",
		                             "12 am", "night", NULL };

	return holds(s, words);
}

/* Digits, or the Chinese numerals to twelve. */
static int number_at(struct str s, size_t *at)
{
	static const struct {
		const char *word;
		int value;
	} numerals[] = { { "十二", 12 }, { "十一", 11 }, { "十", 10 }, { "一", 1 },
		         { "二", 2 },    { "两", 2 },    { "兩", 2 },  { "三", 3 },
		         { "四", 4 },    { "五", 5 },    { "六", 6 },  { "七", 7 },
		         { "八", 8 },    { "九", 9 } };
	const struct str rest = { s.p + *at, s.n - *at };
	int v = 0;
	size_t n = 0;

	for (; n < rest.n && n < 2 && rest.p[n] >= '0' && rest.p[n] <= '9'; n++)
		v = v * 10 + (rest.p[n] - '0');
	for (size_t i = 0; n == 0 && i < sizeof(numerals) / sizeof(numerals[0]); i++)
		if (str_starts(rest, str_of(numerals[i].word))) {
			*at += strlen(numerals[i].word);
			return numerals[i].value;
		}
	*at += n;
	return n > 0 ? v : -1;
}

/* Behind an hour: "点半", "点30", ":30", "pm"; false: it is no hour. */
static bool read_minute(struct str s, size_t at, struct wish *w)
{
	static const char *const marks[] = { "点", "點", "时", "時", ":", "：" };
	static const char *const bare[] = { "PM", "pm",  "Pm",  "AM",
		                            "am", " PM", " pm", " am" };
	struct str rest = { s.p + at, s.n - at };
	size_t i = 0;

	for (size_t k = 0; k < sizeof(bare) / sizeof(bare[0]); k++)
		if (str_starts(rest, str_of(bare[k])))
			return true;
	while (i < sizeof(marks) / sizeof(marks[0]) &&
	       !str_starts(rest, str_of(marks[i])))
		i++;
	if (i == sizeof(marks) / sizeof(marks[0]))
		return false;
	at += strlen(marks[i]);
	rest = (struct str){ s.p + at, s.n - at };
	if (str_starts(rest, STR("半"))) {
		w->minute = 30;
		return true;
	}
	w->minute = number_at(s, &at);
	if (w->minute < 0)
		w->minute = 0;
	return true;
}

static struct wish read_wish(struct str s)
{
	struct wish w = {
		.day = day_of(s), .hour = -1, .later = is_later(s), .night = is_night(s)
	};

	for (size_t i = 0; i < s.n && w.hour < 0;) {
		size_t at = i;
		const int hour = number_at(s, &at);

		if (hour >= 0 && hour < 24 && read_minute(s, at, &w))
			w.hour = hour;
		i = at > i ? at : i + 1;
	}
	if (w.night && w.hour == NOON)
		w.hour = 0;
	else if (w.later && w.hour >= 0 && w.hour < NOON)
		w.hour += NOON;
	return w;
}

/* As soon as can be kept, at a time that can be told. */
static int64_t soonest(int64_t now)
{
	return (now + SOON_S + STEP_S - 1) / STEP_S * STEP_S;
}

/* The instant wished for; a time without a day is the next such time. */
static int64_t instant(const struct wish *w, int64_t now)
{
	struct civil t = civil_of(now);
	int64_t at;

	t.day += w->day > 0 ? w->day : 0;
	t.hour = w->hour;
	t.minute = w->minute;
	t.second = 0;
	at = civil_to_utc(t);
	if (w->day >= 0 || at >= now)
		return at;
	t.day += 1;
	return civil_to_utc(t);
}

static bool can_be(const struct call *c, const struct wish *w, int64_t at)
{
	const struct desk *d = c->hall->conf.desk;
	const int64_t now = c->q->now;

	if (w->minute > 59 || at < now + SOON_S || at > now + (int64_t)DAYS_AHEAD * DAY_S)
		return false;
	return d == NULL || (w->hour >= d->agent_from && w->hour < d->agent_until);
}

/* What differs between the two. */
struct meeting {
	const char *kind, *desk;
	enum reply_id done, ask;
};

/* The appointment before goes. */
static const struct task_view *withdraw(const struct call *c, const struct meeting *m)
{
	const struct task_view *t = desk_open_task(c, m->kind, 0);

	if (t != NULL)
		changes_add(c->q->changes, tasks_done,
		            (struct task_end){
				    .id = t->id, .at = c->q->now, .answer = STR("") });
	return t;
}

static struct str group_text(const struct call *c)
{
	const struct group_head *g = c->q->who->group;

	if (g == NULL)
		return STR("");
	return arena_printf(c->q->arena, "group=%.*s; manager=%.*s", STR_ARG(g->code),
	                    STR_ARG(g->manager));
}

static struct hall_answer appoint(const struct call *c, const struct meeting *m,
                                  int64_t at, struct str text)
{
	const struct hall_question *q = c->q;
	struct reply_values v = { .moment = call_moment(c, at) };
	int64_t task;

	(void)withdraw(c, m);
	task = changes_work(q->changes, q->who, q->now, q->id,
	                    (struct task_row){ .kind = str_of(m->kind),
	                                       .text = text,
	                                       .desk = str_of(m->desk),
	                                       .due_at = at,
	                                       .context = group_text(c) });
	v.task = desk_task_number(c, task);
	if (q->who->group != NULL)
		v.manager = numbers_manager(c, q->who->group);
	return call_say(c, CALL_DONE, m->done, &v);
}

static struct hall_answer give_up(const struct call *c, const struct meeting *m)
{
	const struct task_view *t = withdraw(c, m);
	struct reply_values v = { .code = call_way(c, c->q->command->intent->name) };

	if (t == NULL)
		return call_say(c, CALL_NONE, REPLY_CALLBACK_NONE, &v);
	v.task = desk_task_number(c, t->id);
	return call_say(c, CALL_DONE, REPLY_CALLBACK_GONE, &v);
}

static struct hall_answer ask_time(const struct call *c, enum reply_id id)
{
	const struct desk *d = c->hall->conf.desk;
	struct reply_values v = { 0 };

	if (d != NULL && d->agent_until > d->agent_from)
		v.hours = arena_printf(c->q->arena, "%d:00-%d:00", d->agent_from,
		                       d->agent_until);
	return call_busy(c) ? call_say(c, "refused.time", id, &v)
	                    : call_ask(c, DIALOGUE_QUESTION, "text", id, &v);
}

static struct hall_answer meet(const struct call *c, const struct meeting *m)
{
	const struct grammar_slot *slot = call_named(c, "text");
	/* 马上给我回电, 不用回电了: the command says it itself. */
	const struct str text = slot != NULL ? slot->text : c->q->text;
	struct wish w = read_wish(text);
	int64_t at = soonest(c->q->now);

	if (w.hour < 0 && is_given_up(text))
		return give_up(c, m);
	if (w.hour < 0 && !is_soon(text))
		return ask_time(c, m->ask);
	if (w.hour < 0)
		w.hour = civil_of(at).hour;
	else
		at = instant(&w, c->q->now);
	return can_be(c, &w, at) ? appoint(c, m, at, text)
	                         : ask_time(c, REPLY_CALLBACK_WRONG);
}

static bool fits_time(const struct hall *h, const struct hall_question *q,
                      struct str text)
{
	(void)h;
	(void)q;
	return read_wish(text).hour >= 0 || is_soon(text);
}

static struct hall_answer answer(const struct call *c)
{
	struct hall_answer state;
	static const struct meeting call_back = { "callback", "agent", REPLY_CALLBACK_OK,
		                                  REPLY_CALLBACK_ASK };

	return campaign_asked(c, &state) ? state : meet(c, &call_back);
}

static struct hall_answer answer_manager(const struct call *c)
{
	static const struct meeting manager = { "manager", "manager", REPLY_MANAGER_OK,
		                                REPLY_MANAGER_ASK };

	return c->q->who->group != NULL
	               ? meet(c, &manager)
	               : call_say(c, CALL_NONE, REPLY_MANAGER_NONE,
	                          &(struct reply_values){
					  .code = call_way(c, "agent.callback") });
}

const struct service service_callback = {
	.intent = "agent.callback",
	.access = ACCESS_FREE,
	.needs = NEED_TASKS | NEED_CAMPAIGN,
	.label = REPLY_LABEL_CALLBACK,
	.answer = answer,
	.fits = fits_time,
};

const struct service service_manager = {
	.intent = "manager.meet",
	.access = ACCESS_READ,
	.needs = NEED_TASKS | NEED_GROUP,
	.label = REPLY_LABEL_MANAGER,
	.answer = answer_manager,
	.fits = fits_time,
};
