-- +goose Up
-- Undos, so that a store where nobody undid anything asks once.
CREATE INDEX journal_undos ON journal (num) WHERE json_extract(body, '$.errand') = 'undo';
