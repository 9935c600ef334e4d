-- +goose Up
-- See migrations/sqlite/00011_voices.sql for what the columns mean.
ALTER TABLE feedback ADD COLUMN at bigint NOT NULL DEFAULT 0;
ALTER TABLE feedback ADD COLUMN speaker text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE feedback ADD COLUMN print text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE feedback ADD COLUMN duplicate_of text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE feedback ADD COLUMN gone bigint NOT NULL DEFAULT 0;
ALTER TABLE feedback ADD COLUMN stored bigint NOT NULL DEFAULT 0;
CREATE INDEX feedback_said ON feedback (speaker, print) WHERE print <> '';
CREATE INDEX feedback_merged ON feedback (connector, duplicate_of) WHERE duplicate_of <> '';

ALTER TABLE feedback_link ADD COLUMN segment text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE feedback_link ADD COLUMN mute bigint NOT NULL DEFAULT 0;
ALTER TABLE evidence_day ADD COLUMN segment text COLLATE "C" NOT NULL DEFAULT '';

CREATE TABLE party (
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('person', 'account')),
    key  text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    uses bigint NOT NULL,
    led  bigint NOT NULL,
    PRIMARY KEY (kind, key)
);
CREATE INDEX party_alias ON party (kind, name) WHERE led > 0 AND name <> key;

CREATE TABLE bond (
    kind text COLLATE "C" NOT NULL,
    a    text COLLATE "C" NOT NULL,
    b    text COLLATE "C" NOT NULL,
    uses bigint NOT NULL,
    PRIMARY KEY (kind, a, b)
);
CREATE INDEX bond_back ON bond (kind, b, a);

CREATE TABLE link_verdict (
    kind      text COLLATE "C" NOT NULL CHECK (kind IN ('feedback', 'insight')),
    connector text COLLATE "C" NOT NULL,
    id        text COLLATE "C" NOT NULL,
    target    text COLLATE "C" NOT NULL,
    record    text COLLATE "C" NOT NULL,
    verdict   text COLLATE "C" NOT NULL CHECK (verdict IN ('accepted', 'rejected')),
    by        text COLLATE "C" NOT NULL,
    at        bigint NOT NULL,
    PRIMARY KEY (kind, connector, id, target)
);

CREATE TABLE insight (
    num       bigint PRIMARY KEY,
    connector text COLLATE "C" NOT NULL,
    id        text COLLATE "C" NOT NULL,
    version   bigint NOT NULL,
    hash      text COLLATE "C" NOT NULL,
    body      text COLLATE "C" NOT NULL,
    gone      bigint NOT NULL DEFAULT 0,
    stored    bigint NOT NULL,
    UNIQUE (connector, id)
);

CREATE TABLE insight_link (
    connector text COLLATE "C" NOT NULL,
    id        text COLLATE "C" NOT NULL,
    target    text COLLATE "C" NOT NULL,
    goal      text COLLATE "C" NOT NULL,
    cause     text COLLATE "C" NOT NULL,
    detail    text COLLATE "C" NOT NULL,
    kind      text COLLATE "C" NOT NULL,
    day       bigint NOT NULL,
    audience  bigint NOT NULL,
    mute      bigint NOT NULL,
    PRIMARY KEY (connector, id, target, goal)
);
CREATE INDEX insight_link_target ON insight_link (target);

CREATE TABLE metric (
    connector text COLLATE "C" NOT NULL,
    name      text COLLATE "C" NOT NULL,
    day       bigint NOT NULL,
    account   text COLLATE "C" NOT NULL,
    amount    double precision,
    users     double precision,
    unit      text COLLATE "C" NOT NULL,
    audience  bigint NOT NULL,
    PRIMARY KEY (connector, name, day, account)
);

CREATE TABLE usage_day (
    connector text COLLATE "C" NOT NULL,
    name      text COLLATE "C" NOT NULL,
    day       bigint NOT NULL,
    amount    double precision,
    users     double precision,
    accounts  bigint NOT NULL,
    audience  bigint NOT NULL,
    PRIMARY KEY (connector, name, day)
);
CREATE INDEX usage_day_day ON usage_day (day);

INSERT INTO meta (key, value) SELECT 'join', '{}' WHERE NOT EXISTS (SELECT 1 FROM feedback);
UPDATE feedback SET stored = 1;

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION past_evidence_day() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM run WHERE num > 1) THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO past (kind, key, row) VALUES ('evidence_day', json_build_array(OLD.target, OLD.account, OLD.person, OLD.method, OLD.kind, OLD.day), json_build_array(OLD.count, OLD.score_count, OLD.score_sum, OLD.promoters, OLD.detractors, OLD.value, OLD.audience, OLD.segment));
    ELSE
        INSERT INTO past (kind, key, row) VALUES ('evidence_day', json_build_array(NEW.target, NEW.account, NEW.person, NEW.method, NEW.kind, NEW.day), NULL);
    END IF;
    RETURN NULL;
END;
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION past_party() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM run WHERE num > 1) THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO past (kind, key, row) VALUES ('party', json_build_array(NEW.kind, NEW.key), NULL);
    ELSE
        INSERT INTO past (kind, key, row) VALUES ('party', json_build_array(OLD.kind, OLD.key), json_build_array(OLD.name, OLD.led));
    END IF;
    RETURN NULL;
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER past_party_insert AFTER INSERT ON party FOR EACH ROW WHEN (NEW.name <> NEW.key) EXECUTE FUNCTION past_party();
CREATE TRIGGER past_party_update AFTER UPDATE ON party FOR EACH ROW
    WHEN ((OLD.name <> NEW.name OR (OLD.led > 0) <> (NEW.led > 0)) AND (OLD.name <> OLD.key OR NEW.name <> NEW.key)) EXECUTE FUNCTION past_party();
CREATE TRIGGER past_party_delete AFTER DELETE ON party FOR EACH ROW WHEN (OLD.name <> OLD.key) EXECUTE FUNCTION past_party();

-- +goose StatementBegin
CREATE FUNCTION past_insight_link() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM run WHERE num > 1) THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO past (kind, key, row) VALUES ('insight_link', json_build_array(NEW.connector, NEW.id, NEW.target, NEW.goal), NULL);
    ELSE
        INSERT INTO past (kind, key, row) VALUES ('insight_link', json_build_array(OLD.connector, OLD.id, OLD.target, OLD.goal), json_build_array(OLD.kind, OLD.day, OLD.audience, OLD.mute));
    END IF;
    RETURN NULL;
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER past_insight_link AFTER INSERT OR UPDATE OR DELETE ON insight_link FOR EACH ROW EXECUTE FUNCTION past_insight_link();

-- +goose StatementBegin
CREATE FUNCTION past_usage_day() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM run WHERE num > 1) THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO past (kind, key, row) VALUES ('usage_day', json_build_array(NEW.connector, NEW.name, NEW.day), NULL);
    ELSE
        INSERT INTO past (kind, key, row) VALUES ('usage_day', json_build_array(OLD.connector, OLD.name, OLD.day), json_build_array(OLD.amount, OLD.users, OLD.accounts, OLD.audience));
    END IF;
    RETURN NULL;
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER past_usage_day AFTER INSERT OR UPDATE OR DELETE ON usage_day FOR EACH ROW EXECUTE FUNCTION past_usage_day();
