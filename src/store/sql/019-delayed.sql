-- Version 19: service messages for which nobody waits, kept until it is morning where their
-- subscribers live.

CREATE TABLE delayed (
	id          INTEGER PRIMARY KEY,
	msisdn      INTEGER NOT NULL,
	owner_since INTEGER NOT NULL, -- when it was written: another owner does not get it
	at          INTEGER NOT NULL, -- UTC s
	from_kind   INTEGER NOT NULL,
	to_kind     INTEGER NOT NULL,
	from_digits TEXT NOT NULL,
	to_digits   TEXT NOT NULL,
	link_group  TEXT NOT NULL,
	text        TEXT NOT NULL
) STRICT;
CREATE INDEX delayed_due ON delayed (at);
CREATE INDEX delayed_of ON delayed (msisdn);
