-- +goose Up
-- What a person let Tandem put back: it stands for that person's value until
-- Tandem writes there again, or the person releases it. at is when, run in which.
CREATE TABLE undone (
    connector TEXT NOT NULL,
    id        TEXT NOT NULL,
    path      TEXT NOT NULL,
    element   TEXT NOT NULL,
    field     TEXT NOT NULL,
    value     TEXT NOT NULL,
    by        TEXT NOT NULL,
    run       INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    seq       INTEGER NOT NULL,
    PRIMARY KEY (connector, id, path, element)
) STRICT, WITHOUT ROWID;

-- Where a person ended all writing. kind: team, connector, all (without name).
CREATE TABLE retired (
    kind TEXT NOT NULL CHECK (kind IN ('team', 'connector', 'all')),
    name TEXT NOT NULL,
    by   TEXT NOT NULL,
    at   INTEGER NOT NULL,
    PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX journal_run ON journal (run) WHERE state = 'applied';
