-- Version 18: what another system does for a campaign beside its message: a link that is a
-- target's own, a multimedia message.  Committed with the message; its id.

CREATE TABLE handoff (
	id          INTEGER PRIMARY KEY, -- of outbox: ascends, so that a reader goes on behind one
	campaign    INTEGER NOT NULL,
	msisdn      INTEGER NOT NULL,
	owner_since INTEGER NOT NULL,
	at          INTEGER NOT NULL,
	until       INTEGER NOT NULL, -- UTC s: nothing is to reach him behind it
	token       TEXT NOT NULL UNIQUE, -- stands for campaign and number, and tells neither
	link        TEXT NOT NULL, -- '': none
	mms         TEXT NOT NULL -- the content's name there; '': none
) STRICT;
CREATE INDEX handoff_of ON handoff (msisdn);
