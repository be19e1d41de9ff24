/*
 * hall_priv.h - the inside of the hall.
 */
#ifndef HALL_HALL_PRIV_H
#define HALL_HALL_PRIV_H

#include "hall/service.h"

struct hall {
	struct hall_conf conf;
	char *hotline; /* owned; conf.hotline borrows it */
	const struct grammar *grammar;
	const struct replies *replies;
	const struct service **service; /* by index of the intent; NULL: none */
	size_t n;
};

/* Answers what the grammar did not understand. */
struct hall_answer unknown_answer(const struct call *c);

/* Answers an intent that has no service; changes nothing. */
struct hall_answer unknown_not_by_sms(const struct call *c);

/* The service of an intent of the hall's grammar, or NULL. */
const struct service *hall_service(const struct hall *h,
                                   const struct grammar_intent *intent);

/* The subscriber's own, or what the text and the rule that it matched (or NULL) say. */
enum language hall_language(const struct hall *h, const struct dossier *who,
                            struct str text, const char *rule);

#endif
