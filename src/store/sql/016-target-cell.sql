-- Version 16: of whom a target is, for what is learned of acceptance (offer/learned.h):
-- stage and band of the bill when it was drawn; 32: not known.

ALTER TABLE target ADD COLUMN cell INTEGER NOT NULL DEFAULT 32;
