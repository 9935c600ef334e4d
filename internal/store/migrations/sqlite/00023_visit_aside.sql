-- +goose Up
-- When a person looked at the order: the last day, and the one before on which
-- they did, NULL where there was none. person is as the audit names people.
CREATE TABLE visit (
    person TEXT NOT NULL PRIMARY KEY,
    before INTEGER,
    latest INTEGER NOT NULL
) STRICT;

-- Feedback and insights that a person set aside: they are about nothing that is
-- planned. because is what the person said, by as the audit names people.
CREATE TABLE aside (
    kind      TEXT NOT NULL CHECK (kind IN ('feedback', 'insight')),
    connector TEXT NOT NULL,
    id        TEXT NOT NULL,
    because   TEXT NOT NULL,
    by        TEXT NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (kind, connector, id)
) STRICT, WITHOUT ROWID;
