-- +goose Up
-- Which digest was sent for which day. token fences off whoever had it before;
-- said is what it told, kept of the last one only, to tell what changed since.
CREATE TABLE digest (
    name   TEXT NOT NULL,
    day    INTEGER NOT NULL,
    state  TEXT NOT NULL,
    token  INTEGER NOT NULL,
    tries  INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    next   INTEGER NOT NULL,
    detail TEXT NOT NULL,
    said   TEXT,
    PRIMARY KEY (name, day)
) STRICT, WITHOUT ROWID;
