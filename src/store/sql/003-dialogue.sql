-- What is open with a subscriber, what came of it, and what it moved.
-- Units and owner_since as in version 1.

CREATE TABLE dialogue (
	msisdn      INTEGER PRIMARY KEY,
	owner_since INTEGER NOT NULL, -- 0: no subscriber
	id          INTEGER NOT NULL, -- the text that opened it, and its prompt
	kind        INTEGER NOT NULL, -- enum dialogue_kind
	opened_at   INTEGER NOT NULL,
	expires_at  INTEGER NOT NULL,
	nonce       INTEGER NOT NULL,
	wrong       INTEGER NOT NULL,
	fee_fen     INTEGER NOT NULL,
	command     TEXT NOT NULL,
	items       TEXT NOT NULL,
	rest        TEXT NOT NULL,
	back        TEXT NOT NULL,
	price       TEXT NOT NULL,
	brief       TEXT NOT NULL,
	revision    TEXT NOT NULL,
	rule        TEXT NOT NULL
) STRICT;
CREATE INDEX dialogue_expiry ON dialogue (expires_at);

-- Evidence: the text is in inbox, the prompt as sent in outbox (its id is dialogue).
CREATE TABLE step (
	id          INTEGER PRIMARY KEY,
	msisdn      INTEGER NOT NULL,
	owner_since INTEGER NOT NULL,
	at          INTEGER NOT NULL,
	kind        INTEGER NOT NULL, -- enum step_kind
	dialogue    INTEGER NOT NULL,
	inbox       INTEGER NOT NULL,
	order_id    INTEGER NOT NULL,
	folded      TEXT NOT NULL,
	price       TEXT NOT NULL
) STRICT;
CREATE INDEX step_of ON step (msisdn, id);
CREATE INDEX step_dialogue ON step (dialogue);

ALTER TABLE service_order ADD COLUMN undo_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE service_order ADD COLUMN charged_fen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE service_order ADD COLUMN charged_points INTEGER NOT NULL DEFAULT 0;
ALTER TABLE service_order ADD COLUMN was TEXT NOT NULL DEFAULT '';
ALTER TABLE service_order ADD COLUMN prompt INTEGER NOT NULL DEFAULT 0;
ALTER TABLE service_order ADD COLUMN price TEXT NOT NULL DEFAULT '';
-- Accepted, and waiting for its day.
CREATE INDEX service_order_due ON service_order (effective_at)
	WHERE state = 1 AND effective_at > 0;

ALTER TABLE ledger ADD COLUMN points INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ledger ADD COLUMN order_id INTEGER NOT NULL DEFAULT 0;
