/*
 * campaigns.h - campaigns and their targets in the store.
 *
 * Rows: model/campaign.h.  What a turn writes goes through store_record() (targets,
 * target_replies, campaigns_sent of struct changes); the rest is here.
 */
#ifndef STORE_CAMPAIGNS_H
#define STORE_CAMPAIGNS_H

#include "store/store.h"

/* A setting: while it is there, no campaign sends anything; who, when, why, for people. */
#define STORE_PUSH_STOPPED "push.stopped"

/* ---- by the owner, inside begin and commit ---- */

/*
 * Puts a campaign in place of the one with its id, or a new one (id 0), which gets its id
 * and what was done to it (its campaign is c's).  step NULL: nothing is noted.  What was
 * sent is counted by turns alone: sent and segments of one with id stay as they are.
 * ERR_FULL: all ids are taken; ERR_EXISTS: another has its code.
 */
MUST_CHECK enum err store_put_campaign(struct store *s, struct campaign_row *c,
                                       const struct campaign_step *step);

/* In place of what was seen of that campaign before. */
MUST_CHECK enum err store_put_campaign_tally(struct store *s,
                                             const struct campaign_tally *seen);

/* Puts targets that are none of their campaign yet; *new counts them. */
MUST_CHECK enum err store_put_targets(struct store *s, const struct target_row *t,
                                      size_t n, size_t *new);
/* READY targets become DROPPED, at most limit; *n were. */
MUST_CHECK enum err store_drop_targets(struct store *s, int64_t campaign, int64_t now,
                                       size_t limit, size_t *n);
/*
 * Targets of a campaign that is drawn anew go, at most limit, but for what was SENT: those
 * numbers get it no more.  *n went.
 */
MUST_CHECK enum err store_forget_targets(struct store *s, int64_t campaign, size_t limit,
                                         size_t *n);
/* Adds numbers to the blacklist, or takes them off it. */
MUST_CHECK enum err store_suppress(struct store *s, const int64_t *msisdn, size_t n,
                                   bool on, int64_t now, struct str by, struct str why);

/* A test message, to be sent by a turn; its id is given. */
MUST_CHECK enum err store_put_campaign_test(struct store *s,
                                            const struct campaign_test *t);

/* ---- by the owner, for its turns ---- */

/* Tests of since (UTC s) or later that have not left, the oldest first, at most limit. */
MUST_CHECK enum err store_tests_due(struct store *s, struct arena *a, int64_t since,
                                    size_t limit, struct campaign_test **rows, size_t *n);
/* One has left as that message; in a transaction. */
MUST_CHECK enum err store_test_sent(struct store *s, int64_t id, int64_t outbox);

/* Those that are RUNNING, by priority of nothing: in order of id. */
MUST_CHECK enum err store_running_campaigns(struct store *s, struct arena *a,
                                            struct campaign_row **rows, size_t *n);
/* Those that are PAUSED wait, those that are STOPPED end; the others of *out stay. */
MUST_CHECK enum err store_halted_campaigns(struct store *s, struct campaign_halts *out);
/* Submitted ones whose approvers were not asked yet, at most limit. */
MUST_CHECK enum err store_unasked_campaigns(struct store *s, struct arena *a,
                                            size_t limit, struct campaign_row **rows,
                                            size_t *n);
/* READY targets of a campaign with place > after, in that order, at most limit. */
MUST_CHECK enum err store_ready_targets(struct store *s, struct arena *a,
                                        int64_t campaign, int64_t after, size_t limit,
                                        struct target_row **rows, size_t *n);

/* How often each offer of a campaign was sent. */
struct sold_offer {
	struct str offer;
	int64_t n;
};
MUST_CHECK enum err store_sold_offers(struct store *s, struct arena *a, int64_t campaign,
                                      struct sold_offer **rows, size_t *n);
/* Sets found[i] where the number of t[i] is a READY target of that campaign too. */
MUST_CHECK enum err store_find_ready(struct store *s, int64_t campaign,
                                     const struct target_row *t, size_t n, bool *found);

/* ---- by readers ---- */

/* All campaigns by id; code "": all, else that one (*n is 0 or 1). */
MUST_CHECK enum err store_campaigns(struct store_reader *r, struct arena *a,
                                    struct str code, struct campaign_row **rows,
                                    size_t *n, struct fault *fault);
MUST_CHECK enum err store_campaign_steps(struct store_reader *r, struct arena *a,
                                         int64_t campaign, struct campaign_step **rows,
                                         size_t *n, struct fault *fault);

/* Counts of one arm; of control arms nothing is sent, and `at` of a target stands for it. */
struct campaign_counts {
	unsigned arm;
	int64_t targets, ready, refused, held, sent, dropped;
	int64_t leaving;   /* committed, and no link has said what became of it */
	int64_t accepted;  /* by the SMSC */
	int64_t delivered; /* by receipt */
	int64_t failed;    /* refused by the SMSC, or by receipt */
	int64_t unknown;   /* AMBIGUOUS, no receipt */
	int64_t unsent;    /* never left, and has no turn again */
	int64_t replied;
	int64_t ordered; /* the offer, by reply: from the reply on, while the offer stood */
	int64_t window;    /* the offer by any way within the attribution window */
	int64_t effective; /* of window: carried out */
	int64_t kept30, kept90,
		regretted; /* still on, undone or cancelled within 90 days */
	int64_t errors; /* orders by reply that were refused, replies without an answer */
	int64_t opted_out, complained; /* within 7 days */
	int64_t segments;
	int64_t last_at; /* UTC s of the last one sent; 0: none */
};
enum {
	CAMPAIGN_COUNTS = 16,     /* arms and control groups at most */
	STORE_INSURED_MONTHS = 12 /* of one order; of more the first are told */
};
MUST_CHECK enum err store_campaign_counts(struct store_reader *r, int64_t campaign,
                                          int attribution_days, int64_t now,
                                          struct campaign_counts out[CAMPAIGN_COUNTS],
                                          size_t *n, struct fault *fault);
/* How many were refused for each reason (enum gate_reason). */
MUST_CHECK enum err store_campaign_refusals(struct store_reader *r, int64_t campaign,
                                            int64_t *by_reason, size_t n_reasons,
                                            struct fault *fault);

/* Who was told of an offer, and whether he ordered it by reply. */
struct target_told {
	struct str offer; /* dies with the row */
	bool trial;       /* it was free at first */
	unsigned cell;    /* of struct target_row */
	bool ordered;
};
/* Those who were told before that time, UTC s, so that they had theirs to answer. */
MUST_CHECK enum err store_campaign_told(struct store_reader *r, int64_t campaign,
                                        int64_t before,
                                        void (*take)(void *ctx,
                                                     const struct target_told *t),
                                        void *ctx, struct fault *fault);

/* What a message brought; strings die behind take. */
struct target_answer {
	int64_t at;    /* of the message, UTC s */
	unsigned cell; /* of struct target_row */
	struct str saving;
	bool replied, ordered; /* as in struct campaign_counts */
	/* The months that were insured with that order and are decided. */
	struct target_month {
		struct str price, was; /* of the order; src/hall/insured.c */
	} month[STORE_INSURED_MONTHS];
	size_t n_months;
};
/* Of each that was SENT. */
MUST_CHECK enum err store_campaign_answers(struct store_reader *r, int64_t campaign,
                                           void (*take)(void *ctx,
                                                        const struct target_answer *a),
                                           void *ctx, struct fault *fault);

/* Each target that took the offer by any way within the window; strings die behind take. */
struct target_taken {
	unsigned arm;
	struct str offer,
		was; /* the main package before; "": another kind, or not known */
};
MUST_CHECK enum err store_campaign_taken(struct store_reader *r, int64_t campaign,
                                         int attribution_days,
                                         void (*take)(void *ctx,
                                                      const struct target_taken *t),
                                         void *ctx, struct fault *fault);

/* Bills before and after, for each target that is a subscriber still: for CUPED. */
struct target_money {
	unsigned arm;
	int64_t before_fen, after_fen; /* means of the three months before and after */
};
MUST_CHECK enum err store_campaign_money(struct store_reader *r, int64_t campaign,
                                         void (*take)(void *ctx,
                                                      const struct target_money *m),
                                         void *ctx, struct fault *fault);

/* Of struct handoff_row, with the campaign's code; strings in a. */
struct handoff {
	struct handoff_row row;
	struct str campaign;
	unsigned language; /* enum language */
};
/*
 * Those behind the id `after` in order, at most limit, that may still reach who they are
 * for at now; code "": of all campaigns.  ERR_END: there are none.
 */
MUST_CHECK enum err store_handoffs(struct store_reader *r, struct arena *a,
                                   struct str code, int64_t after, int64_t now,
                                   size_t limit, struct handoff **rows, size_t *n,
                                   struct fault *fault);

/* Targets in order of number behind *after, at most limit, *after moves on; ERR_END. */
MUST_CHECK enum err store_campaign_targets(struct store_reader *r, struct arena *a,
                                           int64_t campaign, int64_t *after, size_t limit,
                                           struct target_row **rows, size_t *n,
                                           struct fault *fault);

#endif
