-- Version 17: what sells nothing counts toward no cap; main packages changed elsewhere.

ALTER TABLE campaign ADD COLUMN service INTEGER NOT NULL DEFAULT 0; -- kinds care and survey
UPDATE campaign SET service = 1 WHERE
	replace(replace(text, ' ', ''), char(9), '') LIKE '%kind="care"%'
	OR replace(replace(text, ' ', ''), char(9), '') LIKE '%kind="survey"%';
-- State 1: SUBMITTED, its approvers to be asked.
CREATE INDEX campaign_submitted ON campaign (id) WHERE state = 1;

-- A list said another main package than was known, of the same owner.
CREATE TABLE package_move (
	msisdn      INTEGER NOT NULL,
	at          INTEGER NOT NULL, -- of the list
	owner_since INTEGER NOT NULL,
	was         TEXT NOT NULL,
	package     TEXT NOT NULL,
	PRIMARY KEY (msisdn, at)
) STRICT, WITHOUT ROWID;
