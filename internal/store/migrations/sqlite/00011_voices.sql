-- +goose Up
-- What was said, by whom, counted once. at is when, stored when it came first;
-- speaker is the best key of the person, else of the account, and print the
-- hash of the text and score: rows with both alike say the same. gone is since
-- when it is withdrawn: its id and version stay, so that a page that lags does
-- not bring it back.
ALTER TABLE feedback ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feedback ADD COLUMN speaker TEXT NOT NULL DEFAULT '';
ALTER TABLE feedback ADD COLUMN print TEXT NOT NULL DEFAULT '';
ALTER TABLE feedback ADD COLUMN duplicate_of TEXT NOT NULL DEFAULT '';
ALTER TABLE feedback ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feedback ADD COLUMN stored INTEGER NOT NULL DEFAULT 0;
CREATE INDEX feedback_said ON feedback (speaker, print) WHERE print <> '';
CREATE INDEX feedback_merged ON feedback (connector, duplicate_of) WHERE duplicate_of <> '';

-- mute: 0 it counts, 1 an older row says the same, 2 a person said no.
ALTER TABLE feedback_link ADD COLUMN segment TEXT NOT NULL DEFAULT '';
ALTER TABLE feedback_link ADD COLUMN mute INTEGER NOT NULL DEFAULT 0;
ALTER TABLE evidence_day ADD COLUMN segment TEXT NOT NULL DEFAULT '';

-- The keys of persons and accounts. name is the best of all keys that are known
-- to be the same one; uses counts rows that have the key, led those of which it
-- is the best.
CREATE TABLE party (
    kind TEXT NOT NULL CHECK (kind IN ('person', 'account')),
    key  TEXT NOT NULL,
    name TEXT NOT NULL,
    uses INTEGER NOT NULL,
    led  INTEGER NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX party_alias ON party (kind, name) WHERE led > 0 AND name <> key;

-- Two keys that uses rows name together.
CREATE TABLE bond (
    kind TEXT NOT NULL,
    a    TEXT NOT NULL,
    b    TEXT NOT NULL,
    uses INTEGER NOT NULL,
    PRIMARY KEY (kind, a, b)
) STRICT, WITHOUT ROWID;
CREATE INDEX bond_back ON bond (kind, b, a);

-- What people decided of links. record is the id of the record that target
-- named then, empty where none was known: keys move, ids stay.
CREATE TABLE link_verdict (
    kind      TEXT NOT NULL CHECK (kind IN ('feedback', 'insight')),
    connector TEXT NOT NULL,
    id        TEXT NOT NULL,
    target    TEXT NOT NULL,
    record    TEXT NOT NULL,
    verdict   TEXT NOT NULL CHECK (verdict IN ('accepted', 'rejected')),
    by        TEXT NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (kind, connector, id, target)
) STRICT, WITHOUT ROWID;

CREATE TABLE insight (
    num       INTEGER PRIMARY KEY,
    connector TEXT NOT NULL,
    id        TEXT NOT NULL,
    version   INTEGER NOT NULL,
    hash      TEXT NOT NULL,
    body      TEXT NOT NULL,
    gone      INTEGER NOT NULL DEFAULT 0,
    stored    INTEGER NOT NULL,
    UNIQUE (connector, id)
) STRICT;

-- Either target or goal is empty.
CREATE TABLE insight_link (
    connector TEXT NOT NULL,
    id        TEXT NOT NULL,
    target    TEXT NOT NULL,
    goal      TEXT NOT NULL,
    cause     TEXT NOT NULL,
    detail    TEXT NOT NULL,
    kind      TEXT NOT NULL,
    day       INTEGER NOT NULL,
    audience  INTEGER NOT NULL,
    mute      INTEGER NOT NULL,
    PRIMARY KEY (connector, id, target, goal)
) STRICT, WITHOUT ROWID;
CREATE INDEX insight_link_target ON insight_link (target);

-- Usage: amount and users are NULL where the tool does not tell.
CREATE TABLE metric (
    connector TEXT NOT NULL,
    name      TEXT NOT NULL,
    day       INTEGER NOT NULL,
    account   TEXT NOT NULL,
    amount    REAL,
    users     REAL,
    unit      TEXT NOT NULL,
    audience  INTEGER NOT NULL,
    PRIMARY KEY (connector, name, day, account)
) STRICT, WITHOUT ROWID;

CREATE TABLE usage_day (
    connector TEXT NOT NULL,
    name      TEXT NOT NULL,
    day       INTEGER NOT NULL,
    amount    REAL,
    users     REAL,
    accounts  INTEGER NOT NULL,
    audience  INTEGER NOT NULL,
    PRIMARY KEY (connector, name, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX usage_day_day ON usage_day (day);

-- Where nothing was stored yet, every row is joined as it comes.
INSERT INTO meta (key, value) SELECT 'join', '{}' WHERE NOT EXISTS (SELECT 1 FROM feedback);
UPDATE feedback SET stored = 1;

DROP TRIGGER past_evidence_day_update;
-- +goose StatementBegin
CREATE TRIGGER past_evidence_day_update BEFORE UPDATE ON evidence_day WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('evidence_day', json_array(old.target, old.account, old.person, old.method, old.kind, old.day), json_array(old.count, old.score_count, printf('%!.17g', old.score_sum), old.promoters, old.detractors, old.value, old.audience, old.segment));
END;
-- +goose StatementEnd
DROP TRIGGER past_evidence_day_delete;
-- +goose StatementBegin
CREATE TRIGGER past_evidence_day_delete BEFORE DELETE ON evidence_day WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('evidence_day', json_array(old.target, old.account, old.person, old.method, old.kind, old.day), json_array(old.count, old.score_count, printf('%!.17g', old.score_sum), old.promoters, old.detractors, old.value, old.audience, old.segment));
END;
-- +goose StatementEnd

-- A key that is its own name joins nothing: whether it is there is not asked.
-- +goose StatementBegin
CREATE TRIGGER past_party_insert AFTER INSERT ON party WHEN new.name <> new.key AND EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('party', json_array(new.kind, new.key), NULL);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER past_party_update BEFORE UPDATE ON party WHEN (old.name <> new.name OR (old.led > 0) <> (new.led > 0)) AND (old.name <> old.key OR new.name <> new.key) AND EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('party', json_array(old.kind, old.key), json_array(old.name, old.led));
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER past_party_delete BEFORE DELETE ON party WHEN old.name <> old.key AND EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('party', json_array(old.kind, old.key), json_array(old.name, old.led));
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER past_insight_link_insert AFTER INSERT ON insight_link WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('insight_link', json_array(new.connector, new.id, new.target, new.goal), NULL);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER past_insight_link_update BEFORE UPDATE ON insight_link WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('insight_link', json_array(old.connector, old.id, old.target, old.goal), json_array(old.kind, old.day, old.audience, old.mute));
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER past_insight_link_delete BEFORE DELETE ON insight_link WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('insight_link', json_array(old.connector, old.id, old.target, old.goal), json_array(old.kind, old.day, old.audience, old.mute));
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER past_usage_day_insert AFTER INSERT ON usage_day WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('usage_day', json_array(new.connector, new.name, new.day), NULL);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER past_usage_day_update BEFORE UPDATE ON usage_day WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('usage_day', json_array(old.connector, old.name, old.day), json_array(CASE WHEN old.amount IS NOT NULL THEN printf('%!.17g', old.amount) END, CASE WHEN old.users IS NOT NULL THEN printf('%!.17g', old.users) END, old.accounts, old.audience));
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER past_usage_day_delete BEFORE DELETE ON usage_day WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('usage_day', json_array(old.connector, old.name, old.day), json_array(CASE WHEN old.amount IS NOT NULL THEN printf('%!.17g', old.amount) END, CASE WHEN old.users IS NOT NULL THEN printf('%!.17g', old.users) END, old.accounts, old.audience));
END;
-- +goose StatementEnd
