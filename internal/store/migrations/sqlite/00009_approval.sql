-- +goose Up
-- A person's yes to one edit, by its id: the same change of the same state. It
-- counts from seq on and until ended_seq, both numbers of the sequence, so that
-- what counted for an older run can be told. Rows are added and ended, nothing
-- else. outcome is empty while it counts.
CREATE TABLE approval (
    num       INTEGER PRIMARY KEY AUTOINCREMENT,
    edit      TEXT NOT NULL,
    connector TEXT NOT NULL,
    id        TEXT NOT NULL,
    field     TEXT NOT NULL,
    key       TEXT NOT NULL,
    by        TEXT NOT NULL,
    run       INTEGER NOT NULL,
    quiet     INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    seq       INTEGER NOT NULL,
    ended     INTEGER,
    ended_seq INTEGER,
    outcome   TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX approval_open ON approval (edit) WHERE ended IS NULL;
CREATE INDEX approval_edit ON approval (edit);
CREATE INDEX approval_ended ON approval (ended);

-- 1 where a person approved the edit: it does not count for the brake.
ALTER TABLE journal ADD COLUMN approved INTEGER NOT NULL DEFAULT 0;
