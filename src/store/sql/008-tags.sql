-- Version 8: tags that are worked out.
-- Units and owner_since as in version 1.

-- 1: by a rule of grammar/tags.conf; 0: imported, and never changed by a rule.
ALTER TABLE tag ADD COLUMN computed INTEGER NOT NULL DEFAULT 0;

-- Who holds a tag, as the last refresh counted.
CREATE TABLE tag_count (
	name    TEXT PRIMARY KEY,
	holders INTEGER NOT NULL,
	as_of   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The refresh under way: an interrupted one goes on behind upto.
CREATE TABLE tag_refresh (
	id       INTEGER PRIMARY KEY CHECK (id = 1),
	only_tag TEXT NOT NULL,    -- '': all
	revision INTEGER NOT NULL, -- of the rules
	now      INTEGER NOT NULL, -- what days and months are counted from
	upto     INTEGER NOT NULL, -- the cursor
	seen     INTEGER NOT NULL,
	put      INTEGER NOT NULL,
	dropped  INTEGER NOT NULL,
	holders  BLOB NOT NULL     -- so far, 8 octets a definition, little-endian
) STRICT;
