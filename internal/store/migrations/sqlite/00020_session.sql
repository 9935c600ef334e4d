-- +goose Up
-- Who signed in to the pages. hash is that of the id in the person's cookie,
-- source a hash of what the rights came from, with the id as its key: neither
-- tells the id. unsent is what somebody wanted to send when the session was over.
CREATE TABLE web_session (
    hash   TEXT PRIMARY KEY,
    kind   TEXT NOT NULL,
    name   TEXT NOT NULL,
    email  TEXT NOT NULL,
    member TEXT NOT NULL,
    rights TEXT NOT NULL,
    source TEXT NOT NULL,
    began  INTEGER NOT NULL,
    seen   INTEGER NOT NULL,
    ended  INTEGER,
    unsent TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID, STRICT;
