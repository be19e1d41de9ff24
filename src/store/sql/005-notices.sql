-- Version 5: what subscribers asked to be told, what they prefer, numbers and groups bound together.
-- Units and owner_since as in version 1.

CREATE TABLE reminder (
	msisdn      INTEGER NOT NULL,
	kind        TEXT NOT NULL,
	owner_since INTEGER NOT NULL,
	limit_fen   INTEGER NOT NULL,
	since       INTEGER NOT NULL,
	inbox       INTEGER NOT NULL, -- the text that asked for it
	next_at     INTEGER NOT NULL, -- when to look again; 0: off
	told        INTEGER NOT NULL, -- what was said last, as its kind counts
	PRIMARY KEY (msisdn, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX reminder_due ON reminder (next_at) WHERE next_at > 0;

-- What marketing a number takes.
CREATE TABLE preference (
	msisdn      INTEGER PRIMARY KEY,
	owner_since INTEGER NOT NULL,
	off         INTEGER NOT NULL, -- bits of 1 << enum pref_category
	from_hour   INTEGER NOT NULL,
	to_hour     INTEGER NOT NULL, -- 0: all hours
	at          INTEGER NOT NULL,
	inbox       INTEGER NOT NULL
) STRICT;

-- asker may see the figures of msisdn.
CREATE TABLE bond (
	msisdn      INTEGER NOT NULL,
	asker       INTEGER NOT NULL,
	owner_since INTEGER NOT NULL, -- of msisdn
	asker_since INTEGER NOT NULL,
	state       INTEGER NOT NULL, -- enum bond_state
	asked_at    INTEGER NOT NULL,
	at          INTEGER NOT NULL,
	nonce       INTEGER NOT NULL,
	wrong       INTEGER NOT NULL,
	inbox       INTEGER NOT NULL, -- the text that agreed
	PRIMARY KEY (msisdn, asker)
) STRICT, WITHOUT ROWID;
CREATE INDEX bond_of_asker ON bond (asker);

-- asker asks msisdn to decide on something that msisdn, or its enterprise, pays.
CREATE TABLE request (
	asker       INTEGER NOT NULL,
	msisdn      INTEGER NOT NULL,
	command     TEXT NOT NULL,
	asker_since INTEGER NOT NULL,
	owner_since INTEGER NOT NULL, -- of msisdn
	own         INTEGER NOT NULL, -- 1: for msisdn; 0: for the asker
	state       INTEGER NOT NULL, -- enum request_state
	asked_at    INTEGER NOT NULL,
	at          INTEGER NOT NULL,
	nonce       INTEGER NOT NULL,
	wrong       INTEGER NOT NULL,
	inbox       INTEGER NOT NULL, -- the text that asked
	PRIMARY KEY (asker, msisdn, command)
) STRICT, WITHOUT ROWID;
CREATE INDEX request_of ON request (msisdn);

-- What a customer group is, and what its administrators may do for its members.
CREATE TABLE enterprise (
	group_code TEXT PRIMARY KEY,
	class      TEXT NOT NULL,    -- "sme", "large", ...
	level      TEXT NOT NULL,    -- what its administrators may do; '': that of the class
	manager    TEXT NOT NULL,    -- the account manager, as shown
	phone      TEXT NOT NULL
) STRICT, WITHOUT ROWID;
