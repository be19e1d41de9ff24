-- Version 20: what a package is called in Traditional Chinese.

ALTER TABLE package ADD COLUMN name_hant TEXT NOT NULL DEFAULT ''; -- '': as name_zh
