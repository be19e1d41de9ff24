-- Version 13: the language that a subscriber has chosen by text; no list changes it.

ALTER TABLE subscriber ADD COLUMN chosen_language INTEGER; -- enum language; NULL: none chosen
