/*
 * turn.h - one turn: what has arrived is loaded, matched, answered and recorded,
 * in one transaction.
 *
 * The protocol is that of delivery semantics: a deliver_sm_resp with ESME_ROK may
 * leave only after the turn that took its text has committed; the reply is in the
 * same transaction.  What comes in twice is recognised by its fingerprint while
 * the first is unsettled, acknowledged and not executed again.
 *
 * A turn knows no socket and no clock: arrival times and now are inputs, and the
 * same code runs in the gateway's worker thread, in replay and in simulation.
 */
#ifndef TURN_TURN_H
#define TURN_TURN_H

#include "base/clock.h"
#include "grammar/grammar.h"
#include "hall/hall.h"
#include "model/message.h"
#include "push/gate.h"
#include "store/store.h"
#include "text/coding.h"
#include "turn/pin.h"

/* command_status values that a turn gives; SMPP 3.4 section 5.1.3. */
enum turn_status {
	TURN_OK = 0x00,
	TURN_QUEUE_FULL = 0x14 /* nothing is stored: deliver it again later */
};

enum turn_kind {
	TURN_TEXT, /* deliver_sm or data_sm from a subscriber: a text, or part of one */
	TURN_RECEIPT, /* a delivery receipt */
	TURN_MARK,    /* what became of a message sent */
	TURN_VERDICT  /* what came of a PIN that a text waits for */
};

enum turn_limit {
	TURN_WITHIN, /* within the rate of one number */
	TURN_TOO_MANY /* the first text over it: answered once with a notice, not executed */
};

struct turn_input {
	enum turn_kind kind;
	int64_t at_ms;    /* UTC ms of arrival */
	int64_t session;  /* that brought it; unique over restarts */
	struct str group; /* link group */
	/* TURN_TEXT */
	struct address from, to;
	int64_t msisdn; /* of from; 0 when it is none, or the link is not trusted to say so */
	uint8_t data_coding;
	bool udh;             /* esm_class 0x40 was set */
	enum coding alphabet; /* what data_coding 0 means on its link */
	struct span octets;   /* short_message or message_payload, without header */
	uint16_t ref;         /* of a long message; total 0 or 1: it is whole */
	uint8_t total, seq;
	enum turn_limit limit;
	/* TURN_RECEIPT */
	struct receipt_row receipt;
	/* TURN_MARK */
	struct outbox_mark mark;
	/* TURN_VERDICT */
	const struct pin_job *verdict; /* as pin_post gave it, worked on by pin_work() */
	/* out, for TURN_TEXT and TURN_RECEIPT: the status of its response */
	uint32_t status;
	const char
		*outcome; /* static; for log and counters: "done", "repeat", "part", … */
	struct str intent; /* dead after the next turn; "" when unknown */
	struct str text;   /* as it is kept, dead after the next turn; "" when not read */
	int64_t repeats;   /* the message still to be sent that answers it too; else 0 */
	bool opts_out;     /* msisdn has just said that it wants no marketing */
};

/* A link group, and the number from which its commercial messages leave, without suffix. */
struct turn_route {
	struct str group;
	struct address from;
	struct address hall; /* what managers are asked from, and answer to; "": none */
};
enum {
	TURN_ROUTES = 64
};

struct turn_conf {
	struct store *store; /* owned by the caller, used by no other */
	const struct fold *fold;
	const struct grammar *grammar;
	const struct hall *hall;
	uint8_t key[16]; /* of fingerprints; the same over restarts */
	/*
	 * 64 random bits, of which the numbers in confirmations are made; NULL: made from
	 * the text's id, for tests only.
	 */
	uint64_t (*dice)(void *dice_arg);
	void *dice_arg;
	/*
	 * Keys for PINs, borrowed; NULL: texts with one are answered "try later".  pin_post
	 * is called with what is to be hashed on another thread, of at most 32 texts at once;
	 * the result comes back as TURN_VERDICT.  NULL: it is done within turn_run().
	 */
	const struct pin_conf *pin;
	void (*pin_post)(void *pin_arg, const struct pin_job *job);
	void *pin_arg;
	/* Borrowed; NULL, or no route: campaigns send nothing.  They leave by the first. */
	const struct push_rules *push;
	const struct turn_route *route; /* copied; TURN_ROUTES at most */
	size_t n_routes;
	/* Limits of long messages (T13); 0 = the default given. */
	unsigned max_parts;        /* of one message: 8 */
	unsigned max_octets;       /* of one message: 1120 */
	unsigned max_open;         /* sets of one number: 4 */
	int64_t max_waiting_parts; /* of all numbers: 65536 */
	int64_t part_life_ms;      /* 10 min */
	int64_t repeat_ms; /* how long an unsettled text suppresses its equal: 24 h */
};

struct turn;

/*
 * Prepares: ids, catalogue, SENDING rows to AMBIGUOUS.  Needs no repair after a kill.
 * Copies conf.
 */
MUST_CHECK enum err turn_create(const struct turn_conf *conf, struct turn **out,
                                struct fault *fault);
void turn_destroy(struct turn *t);

/* What is to be sent now; strings are dead after the next turn. */
struct turn_output {
	const struct outbox_row *send;
	size_t n;
};

/*
 * Runs one turn over in[0..n), in this order.
 *
 * Returns ERR_OK: committed; statuses are filled, and *out lists what to send.
 * ERR_FULL: nothing was stored (disk full, locked): statuses say TURN_QUEUE_FULL,
 * marks have to be given again.  ERR_UNKNOWN, ERR_CORRUPT, ERR_MEMORY, ERR_REFUSED (no
 * writing any more): answer nothing and end the process; the next start finds what was
 * committed.
 *
 * When a text makes the turn fail, the turn is run again one input at a time; the
 * one that fails alone is set aside and answered "try later".  The fourth that the
 * disk does not give since the start is ERR_UNKNOWN.
 */
MUST_CHECK enum err turn_run(struct turn *t, struct turn_input **in, size_t n,
                             int64_t now_ms, struct turn_output *out);

/*
 * Housekeeping that is due about every second: sets of parts that have waited too
 * long are given up and their sender is asked to send again.  As turn_run().
 */
MUST_CHECK enum err turn_tick(struct turn *t, int64_t now_ms, struct turn_output *out);

/*
 * READY messages of before turn_create(), in slices: id > after.  Strings as in
 * turn_output.
 */
MUST_CHECK enum err turn_backlog(struct turn *t, int64_t after, size_t limit,
                                 struct turn_output *out);

enum {
	TURN_PUSHES = 50 /* targets of one slice at most */
};
struct turn_push {
	unsigned segments; /* about so many: what links take now; the last may go over */
	/* What became of earlier ones, for the same commit: marked says whether there was one. */
	const struct outbox_mark *mark;
	size_t n_marks;
	bool marked;
	/* When there may be more, UTC ms; INT64_MAX: only when a campaign changes. */
	int64_t next_ms;
};
/*
 * Sends what campaigns have ready: each target passes the gate and is committed, its
 * message as OUTBOX_SENDING, before it is in *out; so it is sent at most once.  Errors as
 * of turn_run().
 */
MUST_CHECK enum err turn_push(struct turn *t, struct turn_push *p, int64_t now_ms,
                              struct turn_output *out);
/* Whether an answer has left something to turn_push(): then call it now. */
bool turn_sells(const struct turn *t);
/* What runs, and whether all is stopped, as the store says now; also at turn_create(). */
MUST_CHECK enum err turn_reload_campaigns(struct turn *t);

/* What has come of pushing since turn_create(). */
struct turn_pushes {
	uint64_t sent, segments;
	uint64_t replied;               /* texts to the numbers of campaigns */
	uint64_t later;                 /* put off, each time */
	uint64_t refused[GATE_REASONS]; /* for good */
	/* As of the last reload. */
	size_t running; /* campaigns */
	size_t broken;  /* whose definition cannot be read; fault is that of the last */
	struct fault fault;
	bool stopped; /* STORE_PUSH_STOPPED */
};
/*
 * What the last turn's oldest text has waited for the systems that answer it: campaigns are
 * sent more slowly while that is long (push/pace.h).
 */
void turn_answered(struct turn *t, int64_t now_ms, int64_t latency_ms);
const struct turn_pushes *turn_pushes(const struct turn *t);
/* Of what they have sent before, as loaded; to turn_reload_campaigns(). */
const struct campaign_halts *turn_halts(const struct turn *t);

/* The packages in use, loaded at turn_create() and by turn_reload_catalogue(). */
const struct catalogue *turn_catalogue(const struct turn *t);
MUST_CHECK enum err turn_reload_catalogue(struct turn *t);

/*
 * The fingerprint of the text being worked on, 0 between texts: for a crash handler.
 * Texts whose fingerprints are given with turn_poison() are set aside unread.
 */
const volatile int64_t *turn_at(const struct turn *t);
void turn_poison(struct turn *t, const int64_t *fingerprint, size_t n);

/*
 * Between two turns: goes on with other assets, as in turn_conf.  Those before are not
 * used any more when turn_reload_campaigns() behind it returns.
 */
struct turn_assets {
	const struct fold *fold;
	const struct grammar *grammar;
	const struct hall *hall;
	const struct push_rules *push;
	const struct turn_route *route;
	size_t n_routes;
};
void turn_swap(struct turn *t, const struct turn_assets *assets);

/*
 * What the last turn_run() or turn_tick() has done for services, committed: begun
 * ("started"), confirmed, given up ("abandoned": a prompt that was declined, closed,
 * replaced or forgotten), and the outcome of each text and of each that waited for a PIN.
 * Dead after the next.
 */
struct turn_count {
	struct str service;  /* an intent of the grammar; "none" */
	const char *outcome; /* static */
};
const struct turn_count *turn_counts(const struct turn *t, size_t *n);

/* Where the time of the last turn_run() went, all its attempts together. */
enum turn_stage {
	TURN_LOAD,
	TURN_MATCH,
	TURN_ANSWER,
	TURN_RECORD,
	TURN_COMMIT,
	TURN_STAGES
};
struct turn_spent {
	int64_t us[TURN_STAGES];
};
/* Measures with this clock from now on; without, nothing is measured. */
void turn_measure(struct turn *t, const struct clock *clock);
const struct turn_spent *turn_spent(const struct turn *t);

#endif
