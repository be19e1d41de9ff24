-- Version 7: what a person needs to do a task, and what its subscriber thought of it.
-- Units and owner_since as in version 1.

ALTER TABLE task ADD COLUMN desk TEXT NOT NULL DEFAULT '';       -- who is to do it
ALTER TABLE task ADD COLUMN due_at INTEGER NOT NULL DEFAULT 0;   -- promised by; 0: not
ALTER TABLE task ADD COLUMN context TEXT NOT NULL DEFAULT '';
ALTER TABLE task ADD COLUMN asked_at INTEGER NOT NULL DEFAULT 0; -- how it was; 0: not yet
ALTER TABLE task ADD COLUMN score INTEGER NOT NULL DEFAULT 0;    -- 1..5; 0: none
ALTER TABLE task ADD COLUMN taken_by TEXT NOT NULL DEFAULT '';   -- the person
ALTER TABLE task ADD COLUMN taken_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE task ADD COLUMN say TEXT NOT NULL DEFAULT '';        -- not told yet
ALTER TABLE task ADD COLUMN tell_at INTEGER NOT NULL DEFAULT 0;  -- 0: nothing is to be told
ALTER TABLE task ADD COLUMN order_id INTEGER NOT NULL DEFAULT 0; -- that it carries out; 0: none
CREATE INDEX task_open ON task (due_at) WHERE done_at = 0;
CREATE INDEX task_tell ON task (tell_at) WHERE tell_at > 0;
-- Who waits for a person: counted at each hand-over.
CREATE INDEX task_waiting ON task (kind) WHERE done_at = 0;

-- Codes for one sign-in elsewhere.
CREATE TABLE login (
	msisdn      INTEGER PRIMARY KEY,
	owner_since INTEGER NOT NULL,
	code        TEXT NOT NULL,
	until       INTEGER NOT NULL,
	wrong       INTEGER NOT NULL -- tried in vain
) STRICT;
