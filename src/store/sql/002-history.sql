-- Data from the core system that version 1 did not hold, and what operations need.
-- Units and owner_since as in version 1.

CREATE TABLE payment (
	msisdn      INTEGER NOT NULL,
	at          INTEGER NOT NULL,
	channel     TEXT NOT NULL,
	owner_since INTEGER NOT NULL,
	amount_fen  INTEGER NOT NULL,
	PRIMARY KEY (msisdn, at, channel)
) STRICT, WITHOUT ROWID;

-- amount: seconds, pieces or KiB by kind.
CREATE TABLE detail (
	msisdn      INTEGER NOT NULL,
	at          INTEGER NOT NULL,
	kind        INTEGER NOT NULL, -- enum detail_kind
	peer        TEXT NOT NULL,
	owner_since INTEGER NOT NULL,
	amount      INTEGER NOT NULL,
	fee_fen     INTEGER NOT NULL,
	PRIMARY KEY (msisdn, at, kind, peer)
) STRICT, WITHOUT ROWID;

-- total and used: KiB, seconds or pieces by kind.
CREATE TABLE resource (
	msisdn      INTEGER NOT NULL,
	kind        INTEGER NOT NULL, -- enum resource_kind
	name        TEXT NOT NULL,
	expires_on  INTEGER NOT NULL, -- first instant after it; 0: never
	owner_since INTEGER NOT NULL,
	total       INTEGER NOT NULL,
	used        INTEGER NOT NULL,
	deduction   INTEGER NOT NULL, -- the least is used up first
	as_of       INTEGER NOT NULL,
	PRIMARY KEY (msisdn, kind, name, expires_on)
) STRICT, WITHOUT ROWID;

CREATE TABLE complaint (
	msisdn      INTEGER NOT NULL,
	at          INTEGER NOT NULL,
	kind        TEXT NOT NULL,
	owner_since INTEGER NOT NULL,
	state       INTEGER NOT NULL, -- enum complaint_state
	text        TEXT NOT NULL,
	PRIMARY KEY (msisdn, at, kind)
) STRICT, WITHOUT ROWID;

-- What was agreed to, or taken back: evidence.
CREATE TABLE consent (
	msisdn      INTEGER NOT NULL,
	subject     TEXT NOT NULL, -- code of a package, or 'marketing'
	at          INTEGER NOT NULL,
	owner_since INTEGER NOT NULL,
	given       INTEGER NOT NULL,
	channel     TEXT NOT NULL,
	text        TEXT NOT NULL,
	PRIMARY KEY (msisdn, subject, at)
) STRICT, WITHOUT ROWID;

-- Customer groups: families and enterprises.
CREATE TABLE group_ (
	code TEXT PRIMARY KEY,
	name TEXT NOT NULL,
	kind TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE group_member (
	msisdn      INTEGER NOT NULL,
	group_code  TEXT NOT NULL,
	owner_since INTEGER NOT NULL,
	role        TEXT NOT NULL,
	PRIMARY KEY (msisdn, group_code)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_members ON group_member (group_code);

CREATE TABLE tag (
	msisdn      INTEGER NOT NULL,
	name        TEXT NOT NULL,
	owner_since INTEGER NOT NULL,
	value       TEXT NOT NULL,
	until       INTEGER NOT NULL, -- 0: does not end
	as_of       INTEGER NOT NULL,
	PRIMARY KEY (msisdn, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE service_order (
	id           INTEGER PRIMARY KEY,
	msisdn       INTEGER NOT NULL,
	owner_since  INTEGER NOT NULL,
	kind         TEXT NOT NULL,
	package      TEXT NOT NULL,
	state        INTEGER NOT NULL, -- enum order_state
	at           INTEGER NOT NULL,
	effective_at INTEGER NOT NULL,
	fee_fen      INTEGER NOT NULL,
	inbox        INTEGER NOT NULL
) STRICT;
CREATE INDEX service_order_of ON service_order (msisdn, id);

-- Argon2id of a keyed hash; the key is not in the store.
CREATE TABLE pin (
	msisdn       INTEGER PRIMARY KEY,
	owner_since  INTEGER NOT NULL,
	hash         TEXT NOT NULL,
	failures     INTEGER NOT NULL,
	locked_until INTEGER NOT NULL
) STRICT;

ALTER TABLE task ADD COLUMN done_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE task ADD COLUMN answer TEXT NOT NULL DEFAULT '';
CREATE INDEX task_of ON task (msisdn, id);

-- Traces, evidence and erasure go by number.
CREATE INDEX inbox_of ON inbox (msisdn);
CREATE INDEX ledger_of ON ledger (msisdn);

-- Files being imported: an interrupted one goes on behind rows_done.
CREATE TABLE import (
	id         INTEGER PRIMARY KEY,
	kind       TEXT NOT NULL,
	path       TEXT NOT NULL,
	size       INTEGER NOT NULL, -- octets; with mtime_ns the file's identity
	mtime_ns   INTEGER NOT NULL,
	as_of      INTEGER NOT NULL, -- its figures were true then
	rows_done  INTEGER NOT NULL, -- the cursor
	rows_left_out INTEGER NOT NULL, -- of those done: numbers that were gone
	rows_total INTEGER NOT NULL,
	state      INTEGER NOT NULL, -- enum import_state
	began      INTEGER NOT NULL,
	ended      INTEGER NOT NULL, -- 0: not yet
	fault      TEXT NOT NULL
) STRICT;
CREATE INDEX import_open ON import (state) WHERE state = 0;
