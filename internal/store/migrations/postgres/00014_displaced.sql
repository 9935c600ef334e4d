-- +goose Up
-- Changes of people that Tandem wrote over, since they came between its look and
-- its write. They are given back, and stand for what the person set until
-- somebody changes it or Tandem writes there again. written is when Tandem's
-- write came, back says that the value stands there again, failed why it cannot.
CREATE TABLE displaced (
    connector text COLLATE "C",
    id        text COLLATE "C",
    path      text COLLATE "C",
    key       text COLLATE "C" NOT NULL,
    field     text COLLATE "C" NOT NULL,
    value     text COLLATE "C" NOT NULL,
    wrote     text COLLATE "C" NOT NULL,
    by        text COLLATE "C" NOT NULL,
    at        bigint NOT NULL,
    written   bigint NOT NULL,
    back      bigint NOT NULL,
    failed    text COLLATE "C" NOT NULL,
    PRIMARY KEY (connector, id, path)
);

-- +goose StatementBegin
CREATE FUNCTION past_displaced() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM run WHERE num > 1) THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO past (kind, key, row) VALUES ('displaced', json_build_array(NEW.connector, NEW.id, NEW.path), NULL);
    ELSE
        INSERT INTO past (kind, key, row) VALUES ('displaced', json_build_array(OLD.connector, OLD.id, OLD.path), json_build_array(OLD.key, OLD.field, OLD.value, OLD.wrote, OLD."by", OLD.at, OLD.written, OLD.back, OLD.failed));
    END IF;
    RETURN NULL;
END;
$$;
CREATE TRIGGER past_displaced AFTER INSERT OR UPDATE OR DELETE ON displaced FOR EACH ROW EXECUTE FUNCTION past_displaced();
-- +goose StatementEnd

-- What was held when a person released it: the release is for that value.
ALTER TABLE released ADD COLUMN have text COLLATE "C";
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION past_released() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM run WHERE num > 1) THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO past (kind, key, row) VALUES ('released', json_build_array(OLD.connector, OLD.id, OLD.field), json_build_array(OLD."by", OLD.at, OLD.seq, OLD.have));
    END IF;
    IF TG_OP = 'INSERT' OR TG_OP = 'UPDATE' AND (OLD.connector <> NEW.connector OR OLD.id <> NEW.id OR OLD.field <> NEW.field) THEN
        INSERT INTO past (kind, key, row) VALUES ('released', json_build_array(NEW.connector, NEW.id, NEW.field), NULL);
    END IF;
    RETURN NULL;
END;
$$;
-- +goose StatementEnd
