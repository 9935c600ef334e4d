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

CREATE TABLE answer_month (
    connector text COLLATE "C",
    study     text COLLATE "C",
    question  text COLLATE "C",
    type      text COLLATE "C",
    scale     text COLLATE "C",
    month     bigint,
    segment   text COLLATE "C",
    audience  bigint,
    score     double precision,
    wording   text COLLATE "C" NOT NULL,
    count     bigint NOT NULL,
    PRIMARY KEY (connector, study, question, type, scale, month, segment, audience, score)
);
CREATE INDEX answer_month_month ON answer_month (month);

WITH said AS MATERIALIZED (
    SELECT connector, body::jsonb AS body FROM feedback WHERE gone = 0 AND body <> '{}' AND position('\u0000' in body) = 0
), dated AS (
    SELECT connector, body, CASE WHEN substr(body ->> 'at', 1, 4) IN ('0001', '1970') THEN body ->> 'version' ELSE body ->> 'at' END AS at FROM said
), answer AS (
    SELECT s.connector, s.body, s.at, a.value ->> 'question' AS question, a.value ->> 'type' AS type, a.value ->> 'scale' AS scale,
        a.value -> 'score' AS score, a.value ->> 'wording' AS wording
    FROM dated s, jsonb_array_elements(CASE WHEN jsonb_typeof(s.body -> 'answers') = 'array' THEN s.body -> 'answers' ELSE '[]'::jsonb END) AS a (value)
    WHERE jsonb_typeof(a.value -> 'score') = 'number'
    UNION ALL
    SELECT connector, body, at,
        CASE WHEN body ->> 'kind' IN ('importance', 'satisfaction') AND body ->> 'method' NOT IN ('nps', 'csat') THEN body ->> 'kind' ELSE body ->> 'method' END,
        CASE WHEN body ->> 'method' IN ('nps', 'csat') THEN body ->> 'method' ELSE 'rating' END,
        body ->> 'scale', body -> 'score', ''
    FROM dated WHERE body -> 'answers' IS NULL AND jsonb_typeof(body -> 'score') = 'number'
)
INSERT INTO answer_month (connector, study, question, type, scale, month, segment, audience, score, wording, count)
SELECT connector, substr(coalesce(body ->> 'study', ''), 1, 200), substr(coalesce(question, ''), 1, 200), substr(coalesce(type, ''), 1, 200), substr(coalesce(scale, ''), 1, 200),
    substr(at, 1, 4)::bigint * 12 + substr(at, 6, 2)::bigint - 1, substr(coalesce(body ->> 'segment', ''), 1, 200),
    (body ->> 'audience')::bigint, (score #>> '{}')::double precision, max(substr(coalesce(wording, ''), 1, 200)), count(*)
FROM answer GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9;
