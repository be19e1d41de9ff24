/*
 * service.h - what a service is, and what it has at hand.
 *
 * A service is one file of src/hall/services/ with a const descriptor, and one line
 * of hall/services.def.  It answers; it decides nothing about who may ask.
 *
 * How to add one that costs, or cannot be undone (package_change.c is the model):
 *   1. answer() checks everything, says why not, or fills a struct action and ends with
 *      return call_confirm(c, &action).  It writes nothing.
 *   2. carry_out() writes: call_order(), changes_ledger(), changes_held(), and says so.
 *      It is called only by call_confirm(), after answer() has checked all once more with
 *      the prompt's number in hand, and only when action.price is still the same.
 *   3. What it reads and changes must be in .needs (NEED_ORDERS for call_order()).
 *   4. A value that is missing: call_menu() of commands, or call_ask() for a text.
 *   5. What takes effect later is an ACCEPTED order with effective_at; a line in
 *      src/hall/due.c says what happens then.  What can be withdrawn: undo_until and a
 *      line in services/undo.c.
 *   6. Replies: {nonce} in the prompt; "label" names the deed ("改套餐").
 *   7. For another number (services/act.c): a struct call whose q->who is that number and
 *      whose `talk` is the question of who is talked with, to whom the prompt goes.
 *   8. Stories in tests/replay/<name>: the good way and five bad ones.
 */
#ifndef HALL_SERVICE_H
#define HALL_SERVICE_H

#include "hall/hall.h"

/* In .needs of what asks call_eligible(). */
#define RULES_NEEDS NEED_PLACES

/* Classes of services that a status opens or closes together; bits. */
enum access {
	ACCESS_FREE = 1,  /* shows nothing of the subscriber's: help, a person, opt-out */
	ACCESS_MONEY = 2, /* balance and bill */
	ACCESS_READ = 4,  /* other figures */
	ACCESS_PUK = 8,
	ACCESS_ORDER = 16 /* what changes something, or costs */
};

/* One command being answered. */
struct call {
	const struct hall *hall;
	const struct hall_question *q;
	/* Who is talked with, when that is not q->who, for whom it is done; else NULL. */
	const struct hall_question *talk;
	enum language language;
	/* The dialogue that this text answered, as it was; NULL: none. */
	const struct dialogue *answered;
	bool confirmed; /* `answered` is a confirmation, by its number */
};

/* What a prompt promises, and what is carried out when its number comes back. */
struct action {
	enum reply_id prompt;
	struct reply_values values; /* of the prompt; {nonce} is filled in */
	struct str brief; /* what it is in a few words, for reminders; may be "" */
	struct str price; /* all that was promised, as text to compare: call_price() */
	int64_t fee_fen;
	int64_t life_s;   /* of the prompt; 0: 24 h */
	const void *plan; /* the service's own, from answer() to carry_out() */
};

struct service {
	const char *intent;
	enum access access;
	unsigned needs;      /* enum need bits */
	unsigned early;      /* wanted besides in the first days of a month */
	enum reply_id label; /* names it in suggestions */
	struct hall_answer (*answer)(const struct call *c);
	/* NULL: it never asks for a confirmation. */
	struct hall_answer (*carry_out)(const struct call *c, const struct action *a);
	/* Other numbers whose rows the answer is made of: how many; NULL: none. */
	size_t (*others)(const struct hall_question *q,
	                 const struct grammar_command *command,
	                 int64_t out[static HALL_OTHERS]);
	unsigned other_needs;
	/*
	 * Whether a text is a value of what call_ask() asks for: a command in other words
	 * is taken for the answer then.  NULL: none is.
	 */
	bool (*fits)(const struct hall *h, const struct hall_question *q,
	             struct str text);
	bool sums_up; /* its answer says all that is so now: of several the last is told */
};

#define SERVICE(name) extern const struct service service_##name;
#include "hall/services.def"
#undef SERVICE

/* -- saying ------------------------------------------------------------------ */

/* A text in the language of the call, {hotline} filled in; v may be NULL. */
struct str call_text(const struct call *c, enum reply_id id,
                     const struct reply_values *v);

/* The n items with the language's separator between. */
struct str call_join(const struct call *c, const struct str *item, size_t n);

/* The whole answer; outcome is static. */
struct hall_answer call_say(const struct call *c, const char *outcome, enum reply_id id,
                            const struct reply_values *v);

/* Of which a reply makes its {list}. */
enum {
	ITEMS_MAX = 64 /* no reply holds as many */
};
struct items {
	struct str item[ITEMS_MAX];
	size_t n;     /* in item[]; at least 1 */
	size_t total; /* of all there are; at least n */
};

/* With as many items as the reply's budget holds; {rest} is how many are left out. */
struct hall_answer call_say_list(const struct call *c, const char *outcome,
                                 enum reply_id id, const struct reply_values *v,
                                 const struct items *items);

/* The rows of another number that the service's others() named, or NULL. */
struct dossier *call_other(const struct call *c, int64_t msisdn);

/* -- dialogues ----------------------------------------------------------------- */

/*
 * Not confirmed yet: sends the prompt and waits for its number.  Confirmed, and the price
 * still the same: the service's carry_out(); changed: sends the prompt again.
 */
struct hall_answer call_confirm(const struct call *c, const struct action *a);

/* A snapshot: "38|3800|10485760|..." of the package's terms, and of `when` (UTC s). */
struct str call_price(const struct call *c, const struct package *p, int64_t when);

/* A command as text, with one slot (name NULL: none): call_command(c, "x", "code", s). */
struct str call_command(const struct call *c, const char *intent, const char *name,
                        struct str value);

enum {
	MENU_MAX = 256 /* of a list that "more" leads through */
};
struct menu {
	struct menu_item {
		struct str text;    /* "彩铃5元" */
		struct str command; /* call_command() */
	} item[MENU_MAX];
	size_t n;
};
/* What is beyond MENU_MAX is left out. */
void menu_add(struct menu *m, struct str text, struct str command);
/*
 * A list to choose from, of at least 1: {list} is "1彩铃5元，2…", as many as the budget holds;
 * "more" goes on behind them by running the same command again, which is to give the same
 * menu: from its beginning where it has become shorter meanwhile.
 */
struct hall_answer call_menu(const struct call *c, const char *outcome, enum reply_id id,
                             const struct reply_values *v, const struct menu *menu);

/* "more" will run this command again with that integer slot. */
void call_more(const struct call *c, const char *slot, int value);

/*
 * Asks for a value: the next text is run as the same command with that slot, if it is no
 * command of its own (see fits).  kind: DIALOGUE_QUESTION, which is asked again twice at
 * most, then is over; or DIALOGUE_PIN for a value that is kept nowhere.
 */
struct hall_answer call_ask(const struct call *c, enum dialogue_kind kind,
                            const char *slot, enum reply_id id,
                            const struct reply_values *v);

/*
 * Whether a confirmation waits, as it may while a reserved word is answered: then that
 * answer must not open anything.
 */
bool call_busy(const struct call *c);

/* Evidence of a step beside those that the dialogue notes itself. */
void call_step(const struct call *c, enum step_kind kind, int64_t order);

/*
 * A new order of this text: kind (the command's intent), package, state, effective_at,
 * fee_fen, undo_until and was are the service's; the rest is filled in.
 */
struct order *call_order(const struct call *c, struct order order);
/* "8921" */
struct str call_order_number(const struct call *c, const struct order *o);
/* "CX#8921"; the code for a person where orders cannot be undone by text. */
struct str call_undo_code(const struct call *c, const struct order *o);

/* The figures that the service needs are not on record. */
struct hall_answer call_unavailable(const struct call *c);

#define CALL_DONE           "done"
#define CALL_NONE           "done.none"
#define CALL_REFUSED_NUMBER "refused.unknown_number"

/* -- passwords (PINs) ------------------------------------------------------------- */

/*
 * Whether the PIN of d, in that slot, is right; in .needs: NEED_PIN.  d is q->who or
 * q->other.  False: *out is the answer, which asks for it (own number), parks the text
 * (the service is then run again, with its verdict), or refuses.  An own number without
 * a PIN, or with one that was right within PIN_FRESH_S, is not asked: true.
 */
bool call_pin(const struct call *c, struct dossier *d, const char *slot,
              struct hall_answer *out);

/* Parks the text until `fresh` (6 digits) is hashed; `check` may be "". */
struct hall_answer call_park(const struct call *c, const struct dossier *d,
                             struct str check, struct str fresh);

/* The verdict is "wrong": counts it, perhaps locks; how many are left, 0: locked. */
int64_t call_pin_wrong(const struct call *c, struct dossier *d);

/* Groups of 6 digits of a text, all of it; false: it is something else. */
enum {
	PINS_MAX = 3
};
bool call_pins(struct str text, struct str out[static PINS_MAX], size_t *n);

/* -- what was asked ---------------------------------------------------------- */

/* The slot of that name, or NULL. */
const struct grammar_slot *call_named(const struct call *c, const char *name);

/* The first slot of that type, or NULL. */
const struct grammar_slot *call_slot(const struct call *c, enum grammar_value type);

/* Whether a service answers that intent. */
bool call_offered(const struct call *c, const char *intent);

/* The code of that intent where it is offered by text, else the one for a person. */
struct str call_way(const struct call *c, const char *intent);

/* The intent's code with a value behind it, "QXCL"; call_way() where it has none. */
struct str call_code(const struct call *c, const char *intent, struct str value);

/* -- what the subscriber may use and has ------------------------------------------ */

/* Whether the number may use services of that class now. */
bool call_open(const struct call *c, enum access class);

/* The rules of a package or service. */
struct terms call_rules(const struct call *c, struct str code);

/* The open subscription to that service, or NULL. */
const struct subscription *call_holding(const struct call *c, struct str code);

/*
 * Whether `code` may be used beside all that is held; `instead` (may be "") is a code
 * that would go.  False: *other is what is missing (needed) or in the way.
 */
bool call_compatible(const struct call *c, struct str code, struct str instead,
                     bool *needed, struct str *other);

/* Something that is held and needs `code`, or "". */
struct str call_dependent(const struct call *c, struct str code);

/* The order that changes the main package later, or NULL; NEED_ORDERS. */
const struct order *call_pending_package(const struct call *c);

/* Whether the number is one that may have it: network, class.  False: *why says why not. */
bool call_eligible(const struct call *c, const struct package *p,
                   struct hall_answer *why);

/*
 * Whether the number may begin to use it, price aside: who may have it, what it goes
 * together with, also next month, and nothing is owed.  False: *why says why not.
 */
bool call_may_use(const struct call *c, const struct package *p, struct hall_answer *why);

/* Whether money is owed; then nothing that costs is opened. */
bool call_owes(const struct call *c);
/* Whether nothing is owed.  False: *why says what is. */
bool call_settled(const struct call *c, struct hall_answer *why);

/* Whether balance and credit cover the amount. */
bool call_covers(const struct call *c, int64_t fen);

/* The first instant of next month. */
int64_t call_next_month(const struct call *c);
/* The last second of the day that many days after today. */
int64_t call_day_end(const struct call *c, int days);

/* The main package, or NULL when it is in no catalogue. */
const struct package *call_tariff(const struct call *c);

/*
 * The main package with the allowances of the add-ons that were held in that month
 * added to its own.  False: it is in no catalogue.
 */
bool call_terms(const struct call *c, month_t month, struct package *out);

/* Whether the service was held at some time of that month; of this month: is held now. */
bool call_held(const struct call *c, const struct subscription *s, month_t month);

/*
 * This month's usage so far; without a row it is 0 when the figures are of this
 * month.  False: there are none of this month yet.
 */
bool call_usage(const struct call *c, struct usage_month *out);

/* -- times, names, prices ------------------------------------------------------- */

/* "20日10:31"; with its month when that is not the month of now: "10月3日10:31". */
struct str call_time(const struct call *c, int64_t utc_s);
/* Fills {time}, and {age} when the figures are older than a day. */
void call_as_of(const struct call *c, int64_t as_of, struct reply_values *v);

/* "10月21日", "21 Oct"; with its year when it is a year away. */
struct str call_date(const struct call *c, int64_t utc_s);
/* The same with hours and minutes: "10月21日14:05". */
struct str call_moment(const struct call *c, int64_t utc_s);
/* "21日" of this month; "21 Oct". */
struct str call_day(const struct call *c, int64_t utc_s);
/* "9月"; with its year when the same month has come since: "2025年9月". */
struct str call_month(const struct call *c, month_t month);

/* The name in the language of the call; the code when it is in no catalogue. */
struct str call_package(const struct call *c, struct str code);

/*
 * A name that may be left out: missing when it is empty, and in English when it is not
 * ASCII, since one such character doubles the cost of the whole text.
 */
struct str call_name(const struct call *c, struct str name);

/* A channel as files name it ("sms", "shop") in words; others as call_name(). */
struct str call_channel(const struct call *c, struct str channel);

/* In decimal, without grouping. */
struct str call_number(const struct call *c, int64_t v);

/* "5元/GB", "0.29元/MB", "1元/100MB"; p == NULL when more data is not charged. */
struct str call_data_price(const struct call *c, const struct package *p);
/* That of the tier which the next of it is charged by. */
struct str call_data_price_at(const struct call *c, const struct package *p,
                              int64_t used_kib);
/* Of data and calls further out, each; p == NULL when there is none. */
struct str call_tiers(const struct call *c, const struct package *p);
/*
 * What the part of a bill beyond the allowance was reckoned of; p == NULL: nothing is
 * beyond.  used: seconds, texts, KiB.
 */
struct str call_basis(const struct call *c, const struct package *p, enum tariff_dim d,
                      int64_t used);

#endif
