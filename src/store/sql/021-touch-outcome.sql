-- Version 21: how a contact by another system ended.

ALTER TABLE touch ADD COLUMN outcome INTEGER NOT NULL DEFAULT 0; -- enum touch_outcome
