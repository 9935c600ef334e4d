-- +goose Up
-- What stood there when a person released the hold, as JSON; NULL where nobody
-- knows. Where something else stands there, somebody chose it after the release.
ALTER TABLE released ADD COLUMN have TEXT;

DROP TRIGGER past_released_update;
-- +goose StatementBegin
CREATE TRIGGER past_released_update BEFORE UPDATE ON released WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('released', json_array(old.connector, old.id, old.field), json_array(old.by, old.at, old.seq, old.have));
    INSERT INTO past (kind, key, row) SELECT 'released', json_array(new.connector, new.id, new.field), (SELECT json_array(o.by, o.at, o.seq, o.have) FROM released o WHERE o.connector = new.connector AND o.id = new.id AND o.field = new.field) WHERE old.connector <> new.connector OR old.id <> new.id OR old.field <> new.field;
END;
-- +goose StatementEnd
DROP TRIGGER past_released_delete;
-- +goose StatementBegin
CREATE TRIGGER past_released_delete BEFORE DELETE ON released WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('released', json_array(old.connector, old.id, old.field), json_array(old.by, old.at, old.seq, old.have));
END;
-- +goose StatementEnd
