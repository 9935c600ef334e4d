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

-- How questions were answered, month by month: how many gave which score. month
-- counts from the year 0. Rows of feedback without questions count by their
-- method, or by what they ask (importance, satisfaction). wording is the newest.
CREATE TABLE answer_month (
    connector TEXT NOT NULL,
    study     TEXT NOT NULL,
    question  TEXT NOT NULL,
    type      TEXT NOT NULL,
    scale     TEXT NOT NULL,
    month     INTEGER NOT NULL,
    segment   TEXT NOT NULL,
    audience  INTEGER NOT NULL,
    score     REAL NOT NULL,
    wording   TEXT NOT NULL,
    count     INTEGER NOT NULL,
    PRIMARY KEY (connector, study, question, type, scale, month, segment, audience, score)
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_month_month ON answer_month (month);

WITH said AS (
    SELECT connector, body, CASE WHEN substr(json_extract(body, '$.at'), 1, 4) IN ('0001', '1970') THEN json_extract(body, '$.version') ELSE json_extract(body, '$.at') END AS at
    FROM feedback WHERE gone = 0 AND body <> '{}' AND body NOT LIKE '%\u0000%'
), answer AS (
    SELECT s.connector, s.body, s.at, json_extract(a.value, '$.question') AS question, json_extract(a.value, '$.type') AS type,
        json_extract(a.value, '$.scale') AS scale, json_extract(a.value, '$.score') AS score, json_extract(a.value, '$.wording') AS wording
    FROM said s, json_each(s.body, '$.answers') a WHERE json_type(a.value, '$.score') IN ('integer', 'real')
    UNION ALL
    SELECT connector, body, at,
        CASE WHEN json_extract(body, '$.kind') IN ('importance', 'satisfaction') AND json_extract(body, '$.method') NOT IN ('nps', 'csat') THEN json_extract(body, '$.kind') ELSE json_extract(body, '$.method') END,
        CASE WHEN json_extract(body, '$.method') IN ('nps', 'csat') THEN json_extract(body, '$.method') ELSE 'rating' END,
        json_extract(body, '$.scale'), json_extract(body, '$.score'), ''
    FROM said WHERE json_type(body, '$.answers') IS NULL AND json_type(body, '$.score') IN ('integer', 'real')
)
INSERT INTO answer_month (connector, study, question, type, scale, month, segment, audience, score, wording, count)
SELECT connector, substr(coalesce(json_extract(body, '$.study'), ''), 1, 200), substr(coalesce(question, ''), 1, 200), substr(coalesce(type, ''), 1, 200), substr(coalesce(scale, ''), 1, 200),
    CAST(substr(at, 1, 4) AS INTEGER) * 12 + CAST(substr(at, 6, 2) AS INTEGER) - 1, substr(coalesce(json_extract(body, '$.segment'), ''), 1, 200),
    json_extract(body, '$.audience'), CAST(score AS REAL), max(substr(coalesce(wording, ''), 1, 200)), count(*)
FROM answer GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9;
