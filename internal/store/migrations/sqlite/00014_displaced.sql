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
