/*
 * hall_priv.h - the inside of the hall.
 */
#ifndef HALL_HALL_PRIV_H
#define HALL_HALL_PRIV_H

#include "hall/service.h"

struct hall {
	struct hall_conf conf;
	struct policy policy;      /* conf's, or the defaults */
	struct group_rules groups; /* likewise */
	char *hotline;             /* owned; conf.hotline borrows it */
	const struct grammar *grammar;
	const struct replies *replies;
	const struct service **service; /* by index of the intent; NULL: none */
	size_t n;
};

/*
 * The command as its service answers it, or the notice of the status; `from` says what is
 * being answered (its question's command is replaced).
 */
struct hall_answer hall_command(const struct call *from,
                                const struct grammar_command *command);

/* resolve.c: whether something is open that has not expired; how many lines there are. */
bool dialogue_live(const struct dossier *who, int64_t now);
unsigned dialogue_items(struct str lines);

/* dialogue.c: what the commands behind a confirmation need besides. */
unsigned dialogue_needs(const struct hall *h, const struct hall_question *q);

/* dialogue.c: evidence of a step with a price of its own. */
void call_note(const struct call *c, enum step_kind kind, struct str price);

/* dialogue.c: a text about what waits: {label}, {brief}, {nonce}, {code}. */
struct hall_answer dialogue_say(const struct call *c, const struct dialogue *o,
                                const char *outcome, enum reply_id id);

/* dialogue.c: by q->reaction. */
struct hall_answer dialogue_answer(const struct call *c);

/* confirm.c: the question of who is talked with: whose dialogue it is. */
const struct hall_question *call_talk(const struct call *c);

/* confirm.c: the command as a dialogue keeps it. */
struct str dialogue_command(const struct call *c, const struct grammar_command *command);

/* The service behind a command that a dialogue keeps; NULL: gone. */
const struct service *dialogue_service(const struct hall *h, struct str command,
                                       struct arena *a, struct grammar_command *out);

/* services/held.c: a menu of the services held; the number is for `intent` of that one. */
struct hall_answer held_choose(const struct call *c, enum reply_id id,
                               const char *intent);

/* services/group.c: which enterprise and month NEED_GROUP_MONTH is to load. */
void group_about(const struct service *s, const struct grammar_command *command,
                 struct dossier *d);

/* services/campaign.c: which campaign NEED_CAMPAIGN is to load: managers only. */
void campaign_about(const struct service *s, const struct grammar_command *command,
                    const struct hall_question *q);
/* Whether a manager asks for the state of a campaign: then *out is it. */
bool campaign_asked(const struct call *c, struct hall_answer *out);

/* Answers what the grammar did not understand. */
struct hall_answer unknown_answer(const struct call *c);

/* Whether it is thanks or a greeting and no more, and no answer is due: *out is a short line. */
bool unknown_courtesy(const struct call *c, struct hall_answer *out);

/* The command as a code with its value, "BGTC38"; empty when it is not as simple. */
struct str unknown_full_code(const struct call *c, const struct grammar_command *command);

/* Answers an intent that has no service; changes nothing. */
struct hall_answer unknown_not_by_sms(const struct call *c);

/* The service of an intent of the hall's grammar, or NULL. */
const struct service *hall_service(const struct hall *h,
                                   const struct grammar_intent *intent);

/* The subscriber's own, or what the text and the rule that it matched (or NULL) say. */
enum language hall_language(const struct hall *h, const struct dossier *who,
                            struct str text, const char *rule);

#endif
