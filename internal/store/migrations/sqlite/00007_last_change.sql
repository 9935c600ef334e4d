-- +goose Up
-- When somebody other than Tandem last changed the record, where that was
-- before the version: the version came from Tandem's own writes alone.
ALTER TABLE record_version ADD COLUMN last_change INTEGER;
