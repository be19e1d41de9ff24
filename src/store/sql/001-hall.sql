-- The hall's tables, version 1.
--
-- Instants are UTC: *_ms in milliseconds, others in seconds.  Money is fen, rates
-- are li, volume KiB, voice seconds; months are year * 12 + month - 1.
-- An address is its digits and, as *_kind, ton * 256 + npi.
-- Rows of a subscriber carry owner_since: those of an earlier owner do not count.

CREATE TABLE setting (
	name  TEXT PRIMARY KEY,
	value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE package (
	code                    TEXT PRIMARY KEY,
	kind                    INTEGER NOT NULL, -- enum package_kind
	name_zh                 TEXT NOT NULL,
	name_en                 TEXT NOT NULL,
	fee_fen                 INTEGER NOT NULL,
	voice_s                 INTEGER NOT NULL,
	sms                     INTEGER NOT NULL,
	data_kib                INTEGER NOT NULL,
	over_voice_li_per_min   INTEGER NOT NULL,
	over_sms_li             INTEGER NOT NULL,
	over_data_fen_per_block INTEGER NOT NULL,
	data_block_kib          INTEGER NOT NULL,
	over_data_cap_fen       INTEGER NOT NULL,
	cost_fen                INTEGER NOT NULL,
	network                 TEXT NOT NULL,
	on_sale                 INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE subscriber (
	msisdn      INTEGER PRIMARY KEY,
	owner_since INTEGER NOT NULL,
	joined_on   INTEGER NOT NULL,
	status      INTEGER NOT NULL, -- enum sub_status
	language    INTEGER NOT NULL, -- enum language
	class       INTEGER NOT NULL, -- enum sub_class
	real_name   INTEGER NOT NULL,
	name        TEXT NOT NULL,
	region      TEXT NOT NULL,
	network     TEXT NOT NULL,
	terminal    TEXT NOT NULL,
	puk         TEXT NOT NULL,
	package     TEXT NOT NULL
) STRICT;

-- Counters that move often stay out of the subscriber's row.
CREATE TABLE account (
	msisdn      INTEGER PRIMARY KEY,
	owner_since INTEGER NOT NULL,
	balance_fen INTEGER NOT NULL,
	credit_fen  INTEGER NOT NULL,
	points      INTEGER NOT NULL,
	as_of       INTEGER NOT NULL
) STRICT;

-- All months of a subscriber in one row; months is packed by usage_blob.c.
CREATE TABLE usage_month (
	msisdn      INTEGER PRIMARY KEY,
	owner_since INTEGER NOT NULL,
	as_of       INTEGER NOT NULL,
	months      BLOB NOT NULL
) STRICT;

CREATE TABLE bill (
	msisdn      INTEGER NOT NULL,
	month       INTEGER NOT NULL,
	line        INTEGER NOT NULL, -- order in which they are shown
	owner_since INTEGER NOT NULL,
	item        TEXT NOT NULL,
	amount_fen  INTEGER NOT NULL,
	PRIMARY KEY (msisdn, month, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE subscription (
	msisdn         INTEGER NOT NULL,
	package        TEXT NOT NULL,
	since          INTEGER NOT NULL,
	owner_since    INTEGER NOT NULL,
	until          INTEGER NOT NULL, -- 0: open
	contract_until INTEGER NOT NULL, -- 0: none
	penalty_fen    INTEGER NOT NULL,
	PRIMARY KEY (msisdn, package, since)
) STRICT, WITHOUT ROWID;

-- Texts in.  Settled: the reply is done on the session that carried the response.
CREATE TABLE inbox (
	id          INTEGER PRIMARY KEY,
	settled     INTEGER NOT NULL,
	state       INTEGER NOT NULL, -- enum inbox_state
	session     INTEGER NOT NULL,
	fingerprint INTEGER NOT NULL,
	at_ms       INTEGER NOT NULL,
	msisdn      INTEGER NOT NULL, -- 0: none
	owner_since INTEGER NOT NULL,
	from_kind   INTEGER NOT NULL,
	to_kind     INTEGER NOT NULL,
	from_digits TEXT NOT NULL,
	to_digits   TEXT NOT NULL,
	link_group  TEXT NOT NULL,
	text        TEXT NOT NULL,
	intent      TEXT NOT NULL,
	rule        TEXT NOT NULL,
	revision    TEXT NOT NULL
) STRICT;
-- Holds only the few texts under way, so it stays small however old the hall is.
CREATE INDEX inbox_unsettled ON inbox (fingerprint) WHERE settled = 0;

-- Messages out.  A reply has the id of the text it answers.
CREATE TABLE outbox (
	id            INTEGER PRIMARY KEY,
	state         INTEGER NOT NULL, -- enum outbox_state
	receipt       INTEGER NOT NULL, -- a delivery receipt was asked for
	at_ms         INTEGER NOT NULL,
	from_kind     INTEGER NOT NULL,
	to_kind       INTEGER NOT NULL,
	from_digits   TEXT NOT NULL,
	to_digits     TEXT NOT NULL,
	link_group    TEXT NOT NULL,
	text          TEXT NOT NULL,
	session       INTEGER, -- from here on: what became of it
	status        INTEGER,
	done_ms       INTEGER,
	message_id    TEXT,
	receipt_ms    INTEGER,
	receipt_state INTEGER,
	receipt_error TEXT
) STRICT;
-- What a restart has to look at: READY and SENDING.
CREATE INDEX outbox_open ON outbox (state) WHERE state < 2;
CREATE INDEX outbox_receipt ON outbox (message_id) WHERE receipt = 1;

-- Parts of long messages that wait for the others, or whose text is under way.
CREATE TABLE part (
	from_digits TEXT NOT NULL,
	to_digits   TEXT NOT NULL,
	link_group  TEXT NOT NULL,
	ref         INTEGER NOT NULL,
	total       INTEGER NOT NULL,
	seq         INTEGER NOT NULL,
	msisdn      INTEGER NOT NULL, -- 0: none
	at_ms       INTEGER NOT NULL,
	data_coding INTEGER NOT NULL,
	inbox       INTEGER NOT NULL, -- the text it has become part of; 0: waits for others
	octets      BLOB NOT NULL,
	PRIMARY KEY (from_digits, to_digits, link_group, ref, total, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX part_age ON part (at_ms);

-- Receipts that came before the response that names their message.
CREATE TABLE receipt_orphan (
	message_id TEXT NOT NULL,
	link_group TEXT NOT NULL,
	at_ms      INTEGER NOT NULL,
	state      INTEGER NOT NULL,
	error      TEXT NOT NULL,
	PRIMARY KEY (message_id, link_group)
) STRICT, WITHOUT ROWID;
CREATE INDEX receipt_orphan_age ON receipt_orphan (at_ms);

-- Who takes no marketing, and the text that said so.
CREATE TABLE optout (
	msisdn      INTEGER PRIMARY KEY,
	owner_since INTEGER NOT NULL, -- 0: was no subscriber then
	out         INTEGER NOT NULL,
	at          INTEGER NOT NULL,
	inbox       INTEGER NOT NULL
) STRICT;

CREATE TABLE task (
	id          INTEGER PRIMARY KEY,
	kind        TEXT NOT NULL,
	msisdn      INTEGER NOT NULL,
	owner_since INTEGER NOT NULL,
	at          INTEGER NOT NULL,
	inbox       INTEGER NOT NULL,
	text        TEXT NOT NULL
) STRICT;

-- Money moved, once a request id: the charge cannot happen twice.
CREATE TABLE ledger (
	request_id  TEXT PRIMARY KEY,
	msisdn      INTEGER NOT NULL,
	owner_since INTEGER NOT NULL,
	at          INTEGER NOT NULL,
	kind        TEXT NOT NULL,
	amount_fen  INTEGER NOT NULL,
	inbox       INTEGER NOT NULL,
	note        TEXT NOT NULL
) STRICT, WITHOUT ROWID;
