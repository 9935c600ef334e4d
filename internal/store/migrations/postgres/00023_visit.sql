-- +goose Up
-- When a person looked at the order: the last day, and the one before on which
-- they did, NULL where there was none. person is as the audit names people.
CREATE TABLE visit (
    person text COLLATE "C" NOT NULL PRIMARY KEY,
    before bigint,
    latest bigint NOT NULL
);
