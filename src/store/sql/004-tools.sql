-- Version 4: coupons, draws, and what is sold in limited numbers.
-- Units and owner_since as in version 1.  Points are in ledger; no balance is kept.

-- Points that the core system's list brought: they live from the list on that had them
-- first.  Those earned in the hall are in ledger.
CREATE TABLE points_lot (
	msisdn      INTEGER NOT NULL,
	at          INTEGER NOT NULL, -- of the list
	owner_since INTEGER NOT NULL,
	points      INTEGER NOT NULL CHECK (points > 0),
	PRIMARY KEY (msisdn, at)
) STRICT, WITHOUT ROWID;
INSERT INTO points_lot (msisdn, at, owner_since, points)
	SELECT msisdn, as_of, owner_since, points FROM account WHERE points > 0;

CREATE TABLE coupon (
	code        TEXT PRIMARY KEY,
	msisdn      INTEGER NOT NULL,
	owner_since INTEGER NOT NULL,
	kind        TEXT NOT NULL,    -- of grammar/tools.conf
	issued_at   INTEGER NOT NULL,
	expires_at  INTEGER NOT NULL, -- first instant after it
	state       INTEGER NOT NULL, -- enum coupon_state
	order_id    INTEGER NOT NULL  -- that used it; 0: none
) STRICT;
CREATE INDEX coupon_of ON coupon (msisdn);

-- Free until it ends, by itself.
ALTER TABLE subscription ADD COLUMN trial INTEGER NOT NULL DEFAULT 0;

-- Evidence: the dice and the odds as they were published decide the prize.
CREATE TABLE draw (
	order_id    INTEGER PRIMARY KEY,
	msisdn      INTEGER NOT NULL,
	owner_since INTEGER NOT NULL,
	at          INTEGER NOT NULL,
	inbox       INTEGER NOT NULL,
	dice        INTEGER NOT NULL, -- 64 bits
	roll        INTEGER NOT NULL, -- 0..9999, of the dice
	odds        TEXT NOT NULL,
	prize       TEXT NOT NULL
) STRICT;

CREATE TABLE tool_stock (
	tool  TEXT PRIMARY KEY,
	total INTEGER NOT NULL,
	sold  INTEGER NOT NULL,
	CHECK (sold BETWEEN 0 AND total)
) STRICT;

-- Who got one, who came too late, in the order in which it was decided.
CREATE TABLE tool_sale (
	id          INTEGER PRIMARY KEY,
	tool        TEXT NOT NULL,
	msisdn      INTEGER NOT NULL,
	owner_since INTEGER NOT NULL,
	at          INTEGER NOT NULL,
	inbox       INTEGER NOT NULL,
	order_id    INTEGER NOT NULL, -- 0: came too late
	remaining   INTEGER NOT NULL CHECK (remaining >= 0)
) STRICT;
CREATE INDEX tool_sale_of ON tool_sale (msisdn);
