-- +goose Up
-- The key that a record has, and keys that it had before, oldest first, as a
-- JSON list.
ALTER TABLE record ADD COLUMN key TEXT NOT NULL DEFAULT '';
ALTER TABLE record ADD COLUMN former TEXT NOT NULL DEFAULT '[]';
UPDATE record SET key = coalesce((SELECT json_extract(v.body, '$.key') FROM record_version v WHERE v.seq = record.seq), '');
CREATE INDEX record_key ON record (connector, key);

-- Reasons to read a record by id. A new hint for the same record takes the
-- place of the old one and a new number. Without id and key it is a reason to
-- poll the connector.
CREATE TABLE hint (
    num       INTEGER PRIMARY KEY AUTOINCREMENT,
    connector TEXT NOT NULL,
    id        TEXT NOT NULL,
    key       TEXT NOT NULL,
    at        INTEGER NOT NULL,
    UNIQUE (connector, id, key)
) STRICT;

-- Deliveries that came, to tell repeats.
CREATE TABLE delivery (
    connector TEXT NOT NULL,
    id        TEXT NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (connector, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_at ON delivery (at);
