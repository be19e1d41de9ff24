-- Version 10: campaigns, their targets, and contacts by others.

CREATE TABLE campaign (
	id           INTEGER PRIMARY KEY, -- 1..9999, the suffix of its sender's number
	code         TEXT NOT NULL UNIQUE,
	text         TEXT NOT NULL, -- the definition
	hash         TEXT NOT NULL, -- of all that is approved, hexadecimal
	category     INTEGER NOT NULL, -- enum pref_category
	state        INTEGER NOT NULL, -- enum campaign_state
	owner        TEXT NOT NULL,
	submitted_by TEXT NOT NULL,
	approved_by  TEXT NOT NULL,
	approval     TEXT NOT NULL, -- digits that approve it by SMS
	salt         BLOB NOT NULL, -- of its hold-out and order
	allowed      INTEGER NOT NULL,
	step_at      INTEGER NOT NULL,
	drawn_at     INTEGER NOT NULL,
	drawn_after  INTEGER NOT NULL,
	at           INTEGER NOT NULL,
	why          TEXT NOT NULL,
	sent         INTEGER NOT NULL,
	segments     INTEGER NOT NULL
) STRICT;
-- state 4: RUNNING.
CREATE INDEX campaign_running ON campaign (id) WHERE state = 4;

CREATE TABLE campaign_step (
	id       INTEGER PRIMARY KEY,
	campaign INTEGER NOT NULL,
	at       INTEGER NOT NULL,
	deed     INTEGER NOT NULL, -- enum campaign_deed
	state    INTEGER NOT NULL,
	by       TEXT NOT NULL,
	hash     TEXT NOT NULL,
	note     TEXT NOT NULL
) STRICT;
CREATE INDEX campaign_step_of ON campaign_step (campaign, id);

CREATE TABLE target (
	campaign    INTEGER NOT NULL,
	msisdn      INTEGER NOT NULL,
	owner_since INTEGER NOT NULL,
	place       INTEGER NOT NULL, -- order of sending
	state       INTEGER NOT NULL, -- enum target_state
	reason      INTEGER NOT NULL, -- enum gate_reason
	arm         INTEGER NOT NULL,
	offer       TEXT NOT NULL,
	command     TEXT NOT NULL,
	saving      TEXT NOT NULL,
	why         TEXT NOT NULL,
	price       TEXT NOT NULL,
	value_li    INTEGER NOT NULL,
	at          INTEGER NOT NULL,
	outbox      INTEGER NOT NULL, -- 0: none
	segments    INTEGER NOT NULL,
	until       INTEGER NOT NULL,
	replied_at  INTEGER NOT NULL,
	PRIMARY KEY (campaign, msisdn)
) STRICT, WITHOUT ROWID;
-- state 1: READY; state 3: SENT.
CREATE INDEX target_ready ON target (campaign, place) WHERE state = 1;
CREATE INDEX target_of ON target (msisdn);
CREATE INDEX target_sent ON target (msisdn, at) WHERE state = 3;
-- Whose message an outbox row is: what is kept of it, receipts, reports.
CREATE INDEX target_outbox ON target (outbox) WHERE outbox > 0;

CREATE TABLE touch (
	msisdn  INTEGER NOT NULL,
	at      INTEGER NOT NULL,
	channel TEXT NOT NULL,
	about   TEXT NOT NULL,
	PRIMARY KEY (msisdn, at, channel)
) STRICT, WITHOUT ROWID;

-- Numbers that get nothing commercial, whoever has them.
CREATE TABLE suppressed (
	msisdn INTEGER PRIMARY KEY,
	at     INTEGER NOT NULL,
	by     TEXT NOT NULL,
	why    TEXT NOT NULL
) STRICT;
