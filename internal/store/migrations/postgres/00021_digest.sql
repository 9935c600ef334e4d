-- +goose Up
-- Which digest was sent for which day. token fences off whoever had it before;
-- said is what it told, kept of the last one only, to tell what changed since.
CREATE TABLE digest (
    name   text COLLATE "C" NOT NULL,
    day    bigint NOT NULL,
    state  text COLLATE "C" NOT NULL,
    token  bigint NOT NULL,
    tries  bigint NOT NULL,
    at     bigint NOT NULL,
    next   bigint NOT NULL,
    detail text COLLATE "C" NOT NULL,
    said   text COLLATE "C",
    PRIMARY KEY (name, day)
);
