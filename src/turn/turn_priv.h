/*
 * turn_priv.h - what the files of the turn room share.
 *
 * turn.c     the object, retries, housekeeping
 * batch.c    one attempt over a batch: repeats, long messages, waves, commit
 * waves.c    its texts, one of a number at a time: load, match, answer, record
 * answer.c   what one of them is answered, and what is kept of it
 * count.c    what became of services, for the figures
 * match.c    from a text to a question
 * route.c    numbers of campaigns
 * push*.c    campaigns send (push_priv.h)
 * due.c      what waits for its day
 * told.c     what people have done about tasks is told
 * parts.c    long messages put together
 * identity.c fingerprints, and who is never answered
 * parked.c   texts that wait for a PIN to be hashed
 * kept.c     what is kept of a text
 * robots.c   machines that would answer for ever
 */
#ifndef TURN_PRIV_H
#define TURN_PRIV_H

#include "turn/turn.h"

enum {
	TURN_BATCH = 512,        /* inputs of one transaction at most */
	TURN_TEXT_OCTETS = 4096, /* of one text that are decoded; the rest is dropped */
	TURN_POISON = 64,        /* fingerprints of crashes remembered */
	TURN_READS_FAILED = 3,   /* texts set aside since the start because of reads */
	TURN_PARKED =
		32, /* texts that wait for a PIN, about a second; more: "try later" */
	ROUTE_DIGITS = 20 - CAMPAIGN_SUFFIX_DIGITS, /* of an SMPP address */
	ROUTE_GROUP = 256
};

/* One text of the batch being worked on. */
struct job {
	struct turn_input *in;
	int64_t fingerprint;
	int64_t session; /* in->session, or that of its repeat later in the batch */
	int64_t id;      /* of its inbox row; 0 until it is to be recorded */
	struct str text; /* decoded; whole also when it came in parts */
	struct dossier *who;
	struct grammar_command command;
	struct hall_question question;
	/* The service that it ran, and that whose prompt it gave up; "" for none. */
	struct str service, abandoned;
	const char
		*progress; /* of service: "started", "confirmed"; NULL: went on with it */
	struct str kept;   /* the text as it may be kept; p NULL: not settled yet */
	struct str reply;  /* "": none was given */
	unsigned wave;     /* texts of its number before it in the batch */
	bool answered;     /* nothing is left to do for it */
	bool aside; /* failed alone before, or crashed the process: not to be looked at */
};

/* Where campaigns leave by; strings are its own. */
struct routes {
	struct turn_route route[TURN_ROUTES];
	size_t n;
	char digits[TURN_ROUTES][ROUTE_DIGITS], hall[TURN_ROUTES][ROUTE_DIGITS];
	char group[TURN_ROUTES][ROUTE_GROUP];
};

/* A text that waits for a PIN. */
struct parked {
	int64_t id, from; /* the text, and its sender's number */
	bool posted;      /* somebody works on it */
	struct pin_job job;
};

struct pushing;

struct turn {
	struct turn_conf conf;
	struct grammar_matcher *matcher;
	struct robots *robots;
	struct arena arena; /* of one turn_run() */
	struct arena catalogue_arena;
	struct catalogue catalogue;
	struct store_ids ids;  /* the next to give away */
	int64_t first_message; /* ids below are of earlier lives of the process */
	int64_t waiting_parts;
	struct changes changes;           /* of the attempt */
	SET_OF(struct outbox_row) send;   /* of the turn_run(); committed ones only */
	SET_OF(struct turn_count) counts; /* likewise */
	struct buf scratch;               /* octets being hashed or decoded */
	unsigned reads_failed;            /* texts that the store could not read for */
	struct clock stopwatch;           /* read by turn_lap() only */
	struct turn_spent spent;
	struct routes routes;
	struct pushing *push; /* never NULL */
	struct parked parked[TURN_PARKED];
	size_t n_parked;
	volatile int64_t at;
	int64_t poison[TURN_POISON];
	size_t n_poison;
};

/* One transaction over the inputs; aside: record them as set aside instead of answering. */
MUST_CHECK enum err batch_attempt(struct turn *t, struct turn_input **in, size_t n,
                                  int64_t now_ms, bool aside);

/* Begins and ends what gives messages to send. */
void turn_start(struct turn *t);
void turn_finish(const struct turn *t, struct turn_output *out);
/* Another read that the disk did not give: ERR_IO, or ERR_UNKNOWN when they are too many. */
enum err turn_count_read(struct turn *t);

/* ---- push*.c ---- */
struct pushing *push_create(void);
void running_free(struct pushing *p); /* NULL is fine */
/* sell.c: committed: a campaign may follow the answer. */
void sell_note(struct turn *t, const struct job *job);
/* Committed: so many texts to numbers of campaigns, and to others. */
void push_note_texts(struct turn *t, int64_t now_ms, size_t replies, size_t others);

/* What has passed since the last lap was spent on stage. */
void turn_lap(struct turn *t, enum turn_stage stage);

/* Empties t->changes for another attempt, or part of one. */
void batch_changes_reset(struct turn *t);
/* t->changes are recorded: their ids are taken, and their messages are to be sent. */
void batch_recorded(struct turn *t);

/* Notes a message to send: in the changes, and in the output once committed. */
void batch_send(struct turn *t, const struct outbox_row *row);
/* Likewise one that answers no text, now or once its time has come (at 0: now). */
void batch_tell(struct turn *t, int64_t now_ms, const struct delayed_row *row);

/* ---- waves.c ---- */
/*
 * Answers the texts that are not answered yet.  aside: the only one has failed before,
 * perhaps because its sender could not be loaded.
 */
MUST_CHECK enum err waves_work(struct turn *t, struct job *job, size_t n, int64_t now_ms,
                               bool aside);

/* ---- route.c ---- */
/* Copies the routes; one that is too long is none. */
void routes_keep(struct routes *r, const struct turn_route *route, size_t n);
/* The campaign from whose number a text to `to` is a reply; 0: none. */
int64_t routes_campaign(const struct routes *r, struct str to);
/* The number that the campaign's messages leave from; its digits lie in a. */
/* As who has never written is written to. */
struct address number_address(struct turn *t, int64_t msisdn);
struct address route_from(const struct turn_route *r, int64_t campaign, struct arena *a);

/* ---- approvals.c ---- */
/* Asks the approvers of campaigns that were submitted, once, by text. */
MUST_CHECK enum err approvals_ask(struct turn *t, int64_t now_ms);

/* ---- answer.c ---- */
/* Notes the row of a text whose sender is loaded, and its reply if it gets one. */
void answer_job(struct turn *t, struct job *job, int64_t now_ms);
/* Asks the hall; notes outcome and what became of services. */
struct hall_answer answer_ask(const struct turn *t, struct job *job);

/* ---- count.c ---- */
/* Notes in job what the hall has done; before: what was open. */
void count_answer(struct job *job, const struct dialogue *before);
void count_one(struct turn *t, struct str service, const char *outcome);
/* Counts what is noted, and the outcome. */
void count_job(struct turn *t, const struct job *job);
/* Prompts of these commands are forgotten. */
void count_forgotten(struct turn *t, const struct str *prompt, size_t n);

int64_t identity_fingerprint(struct turn *t, const struct turn_input *in);

/* Senders that are services or the hall itself: recorded, never answered. */
bool identity_is_service(const struct turn_input *in);

/* Whether the text would only be the next of ten equal exchanges in a row. */
bool robots_are_talking(const struct robots *r, const struct job *job, int64_t now_ms);
/* The text was answered with job->reply, or (none) left without an answer for that. */
void robots_note(struct robots *r, const struct job *job, int64_t now_ms);
struct robots *robots_create(const uint8_t key[static 16]);
void robots_destroy(struct robots *r); /* NULL is fine */

/*
 * Takes one part of a long message.  Gives in->status; when the part completes its
 * message, *whole holds the text, whose inbox row will be id, and *complete is true.
 */
MUST_CHECK enum err parts_take(struct turn *t, struct turn_input *in, int64_t id,
                               struct str *whole, bool *complete);

/*
 * Carries out some accepted orders whose day has come, tells their subscribers, and
 * forgets dialogues long expired.
 */
MUST_CHECK enum err due_carry_out(struct turn *t, int64_t now_ms);
/* Sends some messages that have waited for their morning. */
MUST_CHECK enum err due_tell(struct turn *t, int64_t now_ms);
/* What housekeeping asks the hall for that number: no text. */
struct hall_question turn_question(struct turn *t, struct dossier *who, int64_t now);

/* Tells some subscribers what became of their tasks. */
MUST_CHECK enum err told_send(struct turn *t, int64_t now_ms);

/* Finds what the text means with what is open: fills job->question and job->command. */
MUST_CHECK enum err match_text(struct turn *t, struct job *job, int64_t now_ms);
/* Loads what the questions of the wave want of other numbers. */
MUST_CHECK enum err others_load(struct turn *t, struct job *job, size_t n, unsigned wave,
                                int64_t now);
/* The number in the form of the sender's address: with 86 or +86 in front, if that has it. */
struct address others_address(struct turn *t, const struct address *sender,
                              int64_t sender_msisdn, int64_t msisdn);
/* Sends what the answer to this text has for other numbers. */
void others_tell(struct turn *t, const struct job *job, int64_t now_ms);

/* Looks at some reminders whose time has come, by day, and tells what they have to tell. */
MUST_CHECK enum err remind(struct turn *t, int64_t now_ms);

/* ---- kept.c ---- */
/* The text with the digits blanked that may be a secret; matched or not. */
struct str kept_text(struct turn *t, const struct job *job);
/* Gives the matched job->kept, and lets the hall see no more of the text than that. */
void kept_make(struct turn *t, struct job *job);
/* The same of what somebody says freely, and of the {text} of a command. */
struct str kept_said(struct turn *t, struct str text);
void kept_free_text(struct turn *t, struct grammar_command *c);

/* ---- parked.c ---- */
/*
 * Parks the text, whose inbox row is recorded as such; said: what is answered already.
 * False: too many wait, or one of its number does.
 */
bool parked_put(struct turn *t, struct job *job, const struct park *p, struct str said);
/* Loads q->other where the command names another number. */
MUST_CHECK enum err parked_other(struct turn *t, struct hall_question *q);
/* At the start: those of before. */
MUST_CHECK enum err parked_recall(struct turn *t);
/* Answers, each in a transaction of its own; other kinds of inputs are left. */
MUST_CHECK enum err parked_verdicts(struct turn *t, struct turn_input **in, size_t n,
                                    int64_t now_ms);
/* Hands over what is committed and not handed over yet, or does it here. */
MUST_CHECK enum err parked_work(struct turn *t, int64_t now_ms);
/* Errors that another attempt with fewer inputs cannot mend. */
bool turn_is_of_the_store(enum err e);

/* Gives up sets begun before part_life_ms and asks their senders to send again. */
MUST_CHECK enum err parts_expire(struct turn *t, int64_t now_ms);

/* The octets as UTF-8 in the turn's arena, at most TURN_TEXT_OCTETS of them. */
struct str batch_decode(struct turn *t, enum coding c, struct span octets);

#endif
