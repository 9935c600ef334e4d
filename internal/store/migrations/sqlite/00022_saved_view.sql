-- +goose Up
-- Filters of the order that people keep under a name. query is what stands in
-- the address after the ?. audience is the strictest that whoever saved it sees,
-- as name and query may repeat what they saw; shared ones are offered to all who
-- see as much.
CREATE TABLE saved_view (
    num      INTEGER PRIMARY KEY AUTOINCREMENT,
    owner    TEXT NOT NULL,
    name     TEXT NOT NULL,
    query    TEXT NOT NULL,
    audience TEXT NOT NULL,
    shared   INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    UNIQUE (owner, name)
) STRICT;
