/*
 * message.h - texts in, messages out, and everything else that a turn records.
 *
 * delivery.md's durable states.  A reply has the id of the text it answers: both
 * tables take their ids from one sequence.
 */
#ifndef MODEL_MESSAGE_H
#define MODEL_MESSAGE_H

#include "base/span.h"
#include "base/str.h"
#include "model/history.h"
#include "model/subscriber.h"

/* An SMPP address as it came: never rewritten, so that a reply finds its way back. */
struct address {
	uint8_t ton, npi;
	struct str digits; /* up to 20 octets */
};

enum inbox_state {
	INBOX_ANSWERED, /* a reply is in the outbox */
	INBOX_SILENT,   /* recorded, not answered (service senders, robots) */
	INBOX_ASIDE,    /* failed alone; answered "try later"; wants a person */
	INBOX_PARKED    /* waits for a PIN to be looked at; then ANSWERED */
};

struct inbox_row {
	int64_t id;
	int64_t at_ms; /* UTC ms of arrival */
	int64_t fingerprint;
	int64_t session;  /* that carries its deliver_sm_resp; unique over restarts */
	struct str group; /* link group */
	struct address from, to;
	int64_t msisdn;      /* 0 when from is no subscriber number */
	int64_t owner_since; /* 0 when unknown */
	struct str text;     /* UTF-8, as received; secrets of PIN commands blanked */
	struct str intent;   /* "" when unknown */
	struct str rule;     /* grammar rule, "" when unknown */
	struct str revision; /* of the grammar */
	enum inbox_state state;
};

enum outbox_state {
	OUTBOX_READY,     /* to be sent, and sent again after a restart */
	OUTBOX_SENDING,   /* at most once: committed before it is sent */
	OUTBOX_DONE,      /* accepted by the SMSC */
	OUTBOX_DEAD,      /* refused for good; status says why */
	OUTBOX_AMBIGUOUS, /* at most once, outcome unknown; never sent again */
	OUTBOX_UNSENT     /* of a campaign, nothing of it ever left: see outbox_mark */
};

/* Of what waits for a link, a lower one goes first. */
enum outbox_lane {
	LANE_ANSWER,  /* to a text */
	LANE_SERVICE, /* unasked: reminders, orders carried out */
	LANE_PUSH,    /* of a campaign */
	LANES
};

struct outbox_row {
	int64_t id;
	int64_t at_ms; /* UTC ms of the turn that made it */
	enum outbox_state state;
	struct str group;        /* link group to leave by */
	struct address from, to; /* from: the number the subscriber wrote to */
	struct str text;         /* UTF-8 */
	int64_t told; /* whose number it is for, of what answers no text; 0: else */
	bool receipt; /* ask for a delivery receipt */
	int64_t session; /* that brought the text it answers, while that is known; not stored */
	enum outbox_lane
		lane; /* not stored: what is sent again after a start is an answer */
	int64_t valid_until; /* UTC s: not delivered later; 0: as the SMSC has it; not stored */
	unsigned segments; /* of LANE_PUSH, as it was composed; not stored */
	int64_t campaign;  /* of LANE_PUSH; 0: a test, which nothing halts; not stored */
	bool sells; /* who says that he wants no marketing does not get it; not stored */
	bool again; /* if it never leaves, its target has its turn again; not stored */
};

/* A service message that waits for his morning: it becomes a row of outbox then. */
struct delayed_row {
	int64_t msisdn; /* who has that number then must be who has it now */
	int64_t at;     /* UTC s */
	struct str group;
	struct address from, to; /* as in struct outbox_row */
	struct str text;
};

/* What became of a message sent. */
struct outbox_mark {
	int64_t id;
	enum outbox_state
		state;   /* DONE or DEAD; of what is sent at most once also AMBIGUOUS, or
		          UNSENT: its time was over, its campaign stopped, or its receiver
		          wanted none before a link took any of it */
	bool again;      /* of UNSENT: its target is READY again, or DROPPED where the
	                    campaign has ended */
	int64_t session; /* of the response to its text; 0: none that lives */
	uint32_t status; /* command_status */
	struct str message_id; /* of the first segment; "" when none */
	int64_t at_ms;
};

/* An equal text met an unsettled row: its response goes out on another session now. */
struct inbox_repeat {
	int64_t id;
	int64_t session;
	bool resend; /* its reply is DONE or DEAD elsewhere: READY again */
};

/* One part of a long message, kept until all are there. */
struct part_key {
	struct str group, from, to;
	uint16_t ref;
	uint8_t total;
};
struct part_row {
	struct part_key key;
	int64_t msisdn; /* of the sender; 0 when he has none */
	uint8_t seq;    /* 1..total */
	uint8_t data_coding;
	int64_t at_ms;
	struct span octets; /* without header */
	int64_t inbox; /* the text it has become part of; 0 while others are missing */
};
enum {
	PART_TOLD = -1 /* as inbox: others are missing, and the sender was told so */
};

/*
 * A set of parts that waits no more.  Put together, it is kept while its text is
 * unsettled: the SMSC may deliver its parts once more.  Given up, its sender is told, and it
 * is kept for what comes late; in the end it goes.
 */
struct parts_end {
	struct part_key key;
	int64_t inbox; /* the text it has become; PART_TOLD; 0: it goes */
	int64_t at_ms; /* of PART_TOLD: when */
};

struct optout_change {
	int64_t msisdn, owner_since;
	int64_t at;    /* UTC s */
	int64_t inbox; /* the text that said so: evidence */
	bool out;      /* false: takes marketing again */
};

/* Work for a person. */
struct task_row {
	int64_t id;      /* shown to the subscriber as T<id> */
	struct str kind; /* "agent", "aside" */
	int64_t msisdn, owner_since;
	int64_t at; /* UTC s */
	int64_t inbox;
	struct str text;
	struct str desk;    /* who is to do it; may be empty */
	int64_t due_at;     /* UTC s, promised by then; 0: nothing is promised */
	struct str context; /* what its person need not ask again; may be empty */
	int64_t order;      /* that it carries out; 0: none */
};

/* How a closed task was: asked once (score 0), and answered. */
struct task_score {
	int64_t id;
	int64_t at; /* UTC s */
	int score;  /* 1..5; 0: asked */
};

/* A task that is done, with what its subscriber is told. */
struct task_end {
	int64_t id;
	int64_t at; /* UTC s */
	struct str answer;
};

/* What a person did about an open task; of one that is closed nothing is changed. */
struct task_deed {
	int64_t id;
	int64_t at;     /* UTC s */
	struct str by;  /* who */
	struct str say; /* to its subscriber; may be empty */
	bool tells;     /* its subscriber is told of it */
	bool ends;
};

/* A code for one sign-in elsewhere; replaces the one before. */
struct login_row {
	int64_t msisdn, owner_since;
	struct str code;
	int64_t until; /* UTC s */
};

/* When a subscriber is to be told of his task; 0: he was. */
struct task_told {
	int64_t id, tell_at;
};

/* An order of a subscriber; one with the same id is replaced. */
struct order_row {
	int64_t msisdn, owner_since;
	struct order order;
};

/*
 * Money or points moved, once a request id ("o8921").  A balance is what the core
 * system said, and the sum of what was moved since.
 */
struct ledger_row {
	struct str request_id;
	int64_t msisdn, owner_since;
	int64_t at;      /* UTC s */
	struct str kind; /* as the order's, or the service's */
	int64_t fen;     /* below 0: taken from the balance */
	int64_t points;  /* likewise */
	int64_t order;   /* 0: none */
	int64_t inbox;
	struct str note;
};

/* A main package from now on. */
struct package_change {
	int64_t msisdn, owner_since;
	struct str package;
};

/* A subscription opened, or with an end; the same since is replaced. */
struct held_row {
	int64_t msisdn, owner_since;
	struct subscription held;
};

/* What was agreed to, or taken back. */
struct agreed_row {
	int64_t msisdn, owner_since;
	struct consent consent;
};

/* What is kept of a service password; replaces what was. */
struct pin_row {
	int64_t msisdn, owner_since;
	struct pin pin;
};

struct status_change {
	int64_t msisdn, owner_since;
	enum sub_status status;
};
struct language_change {
	int64_t msisdn, owner_since;
	enum language language;
};

/*
 * What must be hashed before a text can be answered; then its commands are run again with
 * what came of it.  Strings may be "".
 */
struct park {
	int64_t msisdn;   /* whose PIN it is */
	struct str check; /* 6 digits to be compared with hash */
	struct str hash;
	struct str fresh; /* 6 digits of a new PIN */
	struct str rest;  /* commands to be run behind, a line each */
};

/* A text that waits for a PIN to be looked at. */
struct parked_row {
	int64_t id; /* of its inbox row */
	int64_t msisdn, owner_since;
	struct span sealed;
	/* Of the inbox row, when loaded. */
	int64_t session;
	struct str group, text, rule;
	struct address from, to;
};

/*
 * A delivery receipt; matched to its message by (group, message_id), or where that
 * message's response never came, by its addresses: a campaign's number and a target's are
 * one message at most.
 */
struct receipt_row {
	struct address from,
		to; /* of the receipt: from the target, to the number it came from */
	int64_t at_ms;
	struct str group, message_id;
	uint8_t state; /* SMPP message_state, section 5.2.28; 0 when the receipt named none */
	struct str error;
};

#endif
