-- +goose Up
-- What waited for somebody longer than was agreed when the run decided, as JSON;
-- NULL where nothing did.
ALTER TABLE run ADD COLUMN late text COLLATE "C";
