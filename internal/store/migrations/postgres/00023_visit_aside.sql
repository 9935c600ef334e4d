-- +goose Up
-- When a person looked at the order: the last day, and the one before on which
-- they did, NULL where there was none. person is as the audit names people.
CREATE TABLE visit (
    person text COLLATE "C" NOT NULL PRIMARY KEY,
    before bigint,
    latest bigint NOT NULL
);

-- Feedback and insights that a person set aside: they are about nothing that is
-- planned. because is what the person said, by as the audit names people.
CREATE TABLE aside (
    kind      text COLLATE "C" NOT NULL CHECK (kind IN ('feedback', 'insight')),
    connector text COLLATE "C" NOT NULL,
    id        text COLLATE "C" NOT NULL,
    because   text COLLATE "C" NOT NULL,
    by        text COLLATE "C" NOT NULL,
    at        bigint NOT NULL,
    PRIMARY KEY (kind, connector, id)
);
