-- +goose Up
-- The team of an item after the last run, and its place in the team's order.
ALTER TABLE placement ADD COLUMN team TEXT NOT NULL DEFAULT '';
ALTER TABLE placement ADD COLUMN team_place INTEGER NOT NULL DEFAULT 0;

-- Where an item stood at the end of a day, for the days on which that was
-- another place than before, by more than nobody looks at. Place 0: it left the
-- order. Scores are hundredths of a point; low and high are the interval.
CREATE TABLE history (
    item       TEXT NOT NULL,
    day        INTEGER NOT NULL,
    team       TEXT NOT NULL,
    place      INTEGER NOT NULL,
    team_place INTEGER NOT NULL,
    score      INTEGER NOT NULL,
    low        INTEGER NOT NULL,
    high       INTEGER NOT NULL,
    horizon    TEXT NOT NULL,
    tier       TEXT NOT NULL,
    PRIMARY KEY (item, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX history_top ON history (place, item) WHERE place BETWEEN 1 AND 100;
CREATE INDEX history_team_top ON history (team, team_place, item) WHERE team_place BETWEEN 1 AND 100;
