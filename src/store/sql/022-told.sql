-- Version 22: whom a message that answers no text is for, so that a trace of his shows it.

ALTER TABLE outbox ADD COLUMN told INTEGER; -- his number; NULL: an answer, or a campaign's
CREATE INDEX outbox_told ON outbox (told, id) WHERE told IS NOT NULL;
