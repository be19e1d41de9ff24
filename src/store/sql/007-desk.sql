-- Version 7: what a person needs to do a task, and what its subscriber thought of it.
-- Units and owner_since as in version 1.

ALTER TABLE task ADD COLUMN desk TEXT NOT NULL DEFAULT '';       -- who is to do it
ALTER TABLE task ADD COLUMN due_at INTEGER NOT NULL DEFAULT 0;   -- promised by; 0: not
ALTER TABLE task ADD COLUMN context TEXT NOT NULL DEFAULT '';
ALTER TABLE task ADD COLUMN asked_at INTEGER NOT NULL DEFAULT 0; -- how it was; 0: not yet
ALTER TABLE task ADD COLUMN score INTEGER NOT NULL DEFAULT 0;    -- 1..5; 0: none
-- Who waits for a person: counted at each hand-over.
CREATE INDEX task_waiting ON task (kind) WHERE done_at = 0;
