-- +goose Up
-- A person said no to what Tandem proposed for a field of a record. edits are
-- the ids of the proposal's edits, sorted, as a JSON list: the same change of
-- the same state. An empty list is whatever is proposed. until is NULL where
-- only another proposal ends it.
CREATE TABLE rejected (
    connector TEXT NOT NULL,
    id        TEXT NOT NULL,
    field     TEXT NOT NULL,
    edits     TEXT NOT NULL,
    by        TEXT NOT NULL,
    because   TEXT NOT NULL,
    at        INTEGER NOT NULL,
    until     INTEGER,
    PRIMARY KEY (connector, id, field, edits)
) STRICT, WITHOUT ROWID;

-- The version of the record that stood there when the attempt began.
ALTER TABLE journal ADD COLUMN saw INTEGER;

-- Targets that were written again and again are looked for in every snapshot.
CREATE INDEX journal_applied ON journal (begun, connector, id, path, element) WHERE state = 'applied';
