-- Version 11: what the last look at a campaign counted, for who asks by text.

CREATE TABLE campaign_seen (
	campaign  INTEGER PRIMARY KEY,
	at        INTEGER NOT NULL,
	delivered INTEGER NOT NULL,
	replied   INTEGER NOT NULL,
	ordered   INTEGER NOT NULL, -- by reply
	treated   INTEGER NOT NULL,
	bought    INTEGER NOT NULL, -- of them, by any way within the attribution window
	control   INTEGER NOT NULL,
	control_bought INTEGER NOT NULL
) STRICT;
