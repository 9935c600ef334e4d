-- +goose Up
-- The number of the sequence at which a stream had been read to its end for the
-- first time; NULL until then. In the row with the empty name: a person let all
-- streams of the connector count as read. What older versions read counts as
-- whole, unless its cursor stands in the middle of a walk: then the next poll
-- says so.
ALTER TABLE stream ADD COLUMN whole INTEGER;
UPDATE stream SET whole = 0 WHERE last_read IS NOT NULL AND stream NOT IN ('', 'census')
    AND coalesce(CAST(cursor AS TEXT), '') NOT LIKE '%"walk":%' AND coalesce(CAST(cursor AS TEXT), '') NOT LIKE '%"next":%';
