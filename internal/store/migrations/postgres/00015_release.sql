-- +goose Up
-- What stood there when a person released the hold, as JSON; NULL where nobody
-- knows. Where something else stands there, somebody chose it after the release.
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
