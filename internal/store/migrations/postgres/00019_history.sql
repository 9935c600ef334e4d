-- +goose Up
-- See migrations/sqlite/00019_history.sql for what the columns mean.
ALTER TABLE placement ADD COLUMN team text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE placement ADD COLUMN team_place bigint NOT NULL DEFAULT 0;

CREATE TABLE history (
    item       text COLLATE "C",
    day        integer,
    team       text COLLATE "C" NOT NULL,
    place      integer NOT NULL,
    team_place integer NOT NULL,
    score      integer NOT NULL,
    low        integer NOT NULL,
    high       integer NOT NULL,
    horizon    text COLLATE "C" NOT NULL,
    tier       text COLLATE "C" NOT NULL,
    PRIMARY KEY (item, day)
);
CREATE INDEX history_top ON history (place, item) WHERE place BETWEEN 1 AND 100;
CREATE INDEX history_team_top ON history (team, team_place, item) WHERE team_place BETWEEN 1 AND 100;
