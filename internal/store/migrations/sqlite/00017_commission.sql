-- +goose Up
-- What people ordered at a daemon: to undo or to retire. body is the order,
-- targets what the confirmed plan has, run the one under which its edits are
-- journalled, told what became of it.
CREATE TABLE commission (
    num     INTEGER PRIMARY KEY,
    id      TEXT NOT NULL UNIQUE,
    body    TEXT NOT NULL,
    at      INTEGER NOT NULL,
    stage   TEXT NOT NULL,
    tries   INTEGER NOT NULL,
    run     INTEGER NOT NULL,
    targets TEXT NOT NULL,
    told    TEXT NOT NULL,
    ended   INTEGER
) STRICT;
