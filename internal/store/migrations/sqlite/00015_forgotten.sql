-- +goose Up
-- Hashes of the names of people who are forgotten: what they say again is not
-- stored.
CREATE TABLE forgotten (
    name TEXT PRIMARY KEY,
    at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
