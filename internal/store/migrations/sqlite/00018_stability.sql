-- +goose Up
-- How far the order of a run is from that of the run before, as JSON; NULL
-- where there was nothing to compare with.
ALTER TABLE run ADD COLUMN stability TEXT;
