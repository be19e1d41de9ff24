-- Version 23: other prices further out, and caps on calls and texts.

-- 0: no cap
ALTER TABLE package ADD COLUMN over_voice_cap_fen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE package ADD COLUMN over_sms_cap_fen   INTEGER NOT NULL DEFAULT 0;
-- 'FROM@FEN;FROM@FEN', as in packages.csv; '': one price
ALTER TABLE package ADD COLUMN over_voice_tiers   TEXT NOT NULL DEFAULT '';
ALTER TABLE package ADD COLUMN over_sms_tiers     TEXT NOT NULL DEFAULT '';
ALTER TABLE package ADD COLUMN over_data_tiers    TEXT NOT NULL DEFAULT '';
