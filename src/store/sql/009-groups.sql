-- Version 9: orders of members that an administrator decides on, customers of an account manager.

-- Fen above which an order of a member is not his own to confirm; 0: as of the class.
ALTER TABLE enterprise ADD COLUMN limit_fen INTEGER NOT NULL DEFAULT 0;
-- When the row was true: a manager's phone that got a new owner since is nobody's.
ALTER TABLE enterprise ADD COLUMN as_of INTEGER NOT NULL DEFAULT 0;
CREATE INDEX enterprise_phone ON enterprise (phone);
-- Orders that one number made for another, which "was" names first.
CREATE INDEX service_order_for ON service_order (was) WHERE kind = 'number.act';
