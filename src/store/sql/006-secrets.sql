-- Version 6: PINs, loss reports, moving to another operator.
-- Units and owner_since as in version 1.

-- hash '': none is set.  failures in a row; code: the one-time code that is out.
ALTER TABLE pin ADD COLUMN right_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pin ADD COLUMN code TEXT NOT NULL DEFAULT '';
ALTER TABLE pin ADD COLUMN code_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pin ADD COLUMN code_wrong INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pin ADD COLUMN codes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pin ADD COLUMN codes_since INTEGER NOT NULL DEFAULT 0;

-- Texts that wait for a PIN to be looked at: their command with its secrets, sealed
-- with a key that is not in the store.  Gone with the answer.
CREATE TABLE parked (
	id          INTEGER PRIMARY KEY, -- of the text
	msisdn      INTEGER NOT NULL,
	owner_since INTEGER NOT NULL,
	sealed      BLOB NOT NULL
) STRICT;
