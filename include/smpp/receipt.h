/*
 * receipt.h - delivery receipts: telling them from messages, and reading them.
 *
 * SMPP v3.4 appendix B and sections 5.2.12, 5.3.2.12, 5.3.2.35.  The text form
 * is the SMSC's own, so every field of it is optional and order, case and
 * blanks are free; the parameters receipted_message_id and message_state win.
 */
#ifndef SMPP_RECEIPT_H
#define SMPP_RECEIPT_H

#include "base/str.h"
#include "smpp/pdu.h"

enum smpp_message_state {    /* section 5.2.28 */
	SMPP_STATE_NONE = 0, /* not told, or in words that we do not know */
	SMPP_STATE_ENROUTE = 1,
	SMPP_STATE_DELIVERED = 2,
	SMPP_STATE_EXPIRED = 3,
	SMPP_STATE_DELETED = 4,
	SMPP_STATE_UNDELIVERABLE = 5,
	SMPP_STATE_ACCEPTED = 6,
	SMPP_STATE_UNKNOWN = 7,
	SMPP_STATE_REJECTED = 8
};

/* "DELIVRD" and the like, as appendix B spells them; "" for NONE. */
const char *smpp_message_state_text(enum smpp_message_state state);

/* True when nothing more can follow: neither NONE, ENROUTE nor ACCEPTED. */
bool smpp_message_state_final(enum smpp_message_state state);

struct smpp_receipt { /* strings are borrowed from the PDU; n is 0 for what is not there */
	struct span id; /* as the SMSC wrote it; compare by smpp_id_forms() */
	enum smpp_message_state state;
	struct span stat; /* the word that state was read from */
	struct span err;  /* the SMSC's own */
	struct span sub, dlvrd, submit_date, done_date, text;
	struct span network_error; /* 3 octets: network type, code */
	bool intermediate;         /* an intermediate notification: not the last one */
};

/*
 * Whether sm is a receipt: by its esm_class, or because its text has "id:" first
 * and "stat:" in it.  Such a text must never be run as a command.
 */
bool smpp_receipt_is(const struct smpp_deliver_sm *sm);

/*
 * Reads a receipt.
 *
 * Returns ERR_OK; ERR_NOT_FOUND when sm is none; ERR_SYNTAX when it says it is
 * but has neither an id nor a state: keep it raw, count it, and answer 0.
 */
MUST_CHECK enum err smpp_receipt_read(const struct smpp_deliver_sm *sm,
                                      struct smpp_receipt *out);

enum {
	SMPP_ID_FORMS = 3,
	SMPP_ID_MAX =
		80 /* octets of a form: 64 hexadecimal digits have 78 decimal ones */
};

/*
 * The ways one message id may be written by an SMSC that says it in hexadecimal
 * in the response and in decimal in the receipt, or the other way round.
 */
struct smpp_id_forms {
	size_t n; /* 1..3; 0 for an empty id */
	struct {
		char p[SMPP_ID_MAX];
		size_t n;
	} form[SMPP_ID_FORMS]; /* the first is the key to store */
};

/*
 * The first form is id in lower case without zeros in front; after it, for one
 * of digits, its value in hexadecimal, and for one of hexadecimal digits, its
 * value in decimal.  Receipt and message belong together when a form of the
 * receipt's id is the first form of the message's.  Ids past 64 octets have
 * none: no SMSC of 3.4 gives them.
 */
struct smpp_id_forms smpp_id_forms(struct span id);

#endif
