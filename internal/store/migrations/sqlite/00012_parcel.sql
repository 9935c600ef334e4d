-- +goose Up
-- Deliveries that are the data themselves, until they are unpacked. tried is
-- the configuration under which a part of it could not be understood; it waits
-- for another one.
CREATE TABLE parcel (
    num       INTEGER PRIMARY KEY AUTOINCREMENT,
    connector TEXT NOT NULL,
    id        TEXT NOT NULL,
    event     TEXT NOT NULL,
    at        INTEGER NOT NULL,
    body      BLOB NOT NULL,
    tried     TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX parcel_of ON parcel (connector, tried, num);
