/*
 * desk_priv.h - what services around people and shops share.
 */
#ifndef HALL_DESK_PRIV_H
#define HALL_DESK_PRIV_H

#include "hall_priv.h"

/* At most so many octets of it, whole characters. */
struct str desk_head(struct str s, size_t octets);

/* Without the stop at its end. */
struct str desk_sentence(struct str s);

/* A task's kind in words. */
struct str desk_kind(const struct call *c, struct str kind);

/* Closes the open task that carries the order out, if there is one; NEED_TASKS. */
void elsewhere_undone(const struct call *c, const struct order *o);

/* "T2071" */
struct str desk_task_number(const struct call *c, int64_t id);

/* The newest open task of that kind since then, or NULL; NEED_TASKS. */
const struct task_view *desk_open_task(const struct call *c, const char *kind,
                                       int64_t since);

/* An order that ends elsewhere, of a kind that elsewhere.c makes. */
bool elsewhere_made(const struct order *o);
/* What it is for: "补换SIM卡", "9月发票". */
struct str elsewhere_name(const struct call *c, const struct order *o);
/* How far it is, and what is still to be done. */
struct hall_answer elsewhere_status(const struct call *c, const struct order *o);

/* What an order does: "开通彩铃". */
struct str order_deed(const struct call *c, const struct order *o);
/* The same of orders of this kind, for what is called so. */
struct str order_word(const struct call *c, struct str kind, struct str name);

/* The answer of a question, with that outcome. */
struct hall_answer faq_say(const struct call *c, const struct question *q,
                           const char *outcome);

/* Asks once how a closed task was, behind what is said of it. */
struct hall_answer rate_ask(const struct call *c, const struct task_view *t,
                            const struct reply_values *v);
/* Whether what is open asks for a mark, unasked by the subscriber. */
bool rate_asked(const struct dialogue *o);
/* Whether a number alone, with nothing open, may answer that question late. */
bool rate_may(const struct hall_question *q);
/* Takes it as the answer where a task still waits for one; NEED_TASKS. */
bool rate_late(const struct call *c, struct hall_answer *out);

#endif
