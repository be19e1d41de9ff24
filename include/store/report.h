/*
 * report.h - what happened to one number, from a reader: the trace for an engineer and
 * the evidence for a dispute.
 *
 * Each query has the reader's limit of one second; ERR_BUSY when it took longer.
 */
#ifndef STORE_REPORT_H
#define STORE_REPORT_H

#include "store/store.h"

enum {
	STORE_REPORT_ROWS = 1000 /* events of a report at most */
};

/*
 * One named value of an event.  Names that end in _ms are UTC milliseconds, in _fen
 * money; codes of states stand there by name.
 */
struct store_field {
	const char *name;
	bool is_number;
	int64_t number;
	struct str text; /* when it is no number */
};

struct store_event {
	const char *kind;          /* "text", "reply", "receipt", "order", ... */
	int64_t at_ms;             /* UTC */
	int64_t rank;              /* among those of one moment */
	struct store_field *field; /* without those that are empty or not known */
	size_t n;
};

struct store_report {
	int64_t msisdn;   /* in */
	int64_t since_ms; /* in: events before it are left out */
	size_t limit;     /* in: the newest; 1..STORE_REPORT_ROWS */
	struct str code;  /* in, evidence only: this package or service; "" for all */
	int64_t order;    /* in, evidence only: this order; 0 for all */
	struct store_event *event; /* out, the oldest first */
	size_t n;
	bool cut; /* out: there are older ones than limit allows */
};

/*
 * Texts, replies, receipts, opt-outs, tasks, orders, ledger, consents, complaints; "push":
 * what campaigns sent it, or why not (`reason` is enum gate_reason), touches by others,
 * the blacklist.
 */
MUST_CHECK enum err store_trace(struct store_reader *r, struct arena *a,
                                struct store_report *report, struct fault *fault);

/*
 * Consents, opt-outs, orders and charges of the number's present owner (of anyone, when
 * the number has none), each with the text that asked for it and the reply as sent, and
 * what campaigns sent.
 */
MUST_CHECK enum err store_evidence(struct store_reader *r, struct arena *a,
                                   struct store_report *report, struct fault *fault);

#endif
