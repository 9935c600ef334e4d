-- +goose Up
-- Changes of people that Tandem wrote over, since they came between its look and
-- its write. They are given back, and stand for what the person set until
-- somebody changes it or Tandem writes there again. written is when Tandem's
-- write came, back says that the value stands there again, failed why it cannot.
CREATE TABLE displaced (
    connector TEXT NOT NULL,
    id        TEXT NOT NULL,
    path      TEXT NOT NULL,
    key       TEXT NOT NULL,
    field     TEXT NOT NULL,
    value     TEXT NOT NULL,
    wrote     TEXT NOT NULL,
    by        TEXT NOT NULL,
    at        INTEGER NOT NULL,
    written   INTEGER NOT NULL,
    back      INTEGER NOT NULL,
    failed    TEXT NOT NULL,
    PRIMARY KEY (connector, id, path)
) STRICT, WITHOUT ROWID;

-- +goose StatementBegin
CREATE TRIGGER past_displaced_insert AFTER INSERT ON displaced WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('displaced', json_array(new.connector, new.id, new.path), NULL);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER past_displaced_update BEFORE UPDATE ON displaced WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('displaced', json_array(old.connector, old.id, old.path), json_array(old.key, old.field, old.value, old.wrote, old.by, old.at, old.written, old.back, old.failed));
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER past_displaced_delete BEFORE DELETE ON displaced WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('displaced', json_array(old.connector, old.id, old.path), json_array(old.key, old.field, old.value, old.wrote, old.by, old.at, old.written, old.back, old.failed));
END;
-- +goose StatementEnd

-- What was held when a person released it: the release is for that value.
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
