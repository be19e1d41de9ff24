-- Version 15: what has been used of what campaigns gave or pointed to, as others report it.

CREATE TABLE used (
	msisdn   INTEGER NOT NULL,
	at       INTEGER NOT NULL,
	campaign TEXT NOT NULL,
	what     TEXT NOT NULL, -- as who reports it has it: 'open', 'play', ...
	PRIMARY KEY (msisdn, at, campaign, what)
) STRICT, WITHOUT ROWID;
