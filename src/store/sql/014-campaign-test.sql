-- Version 14: test messages of campaigns, to numbers that push.conf names.  They are no
-- targets: no limit and no report counts them.

CREATE TABLE campaign_test (
	id          INTEGER PRIMARY KEY,
	campaign    INTEGER NOT NULL,
	msisdn      INTEGER NOT NULL,
	owner_since INTEGER NOT NULL,
	at          INTEGER NOT NULL,
	by          TEXT NOT NULL,
	offer       TEXT NOT NULL,
	text        TEXT NOT NULL, -- '' once it is in the outbox
	why         TEXT NOT NULL, -- that "why" is answered with
	segments    INTEGER NOT NULL,
	outbox      INTEGER NOT NULL -- 0: it has not left
) STRICT;
CREATE INDEX campaign_test_of ON campaign_test (msisdn, at);
CREATE INDEX campaign_test_due ON campaign_test (id) WHERE outbox = 0;
