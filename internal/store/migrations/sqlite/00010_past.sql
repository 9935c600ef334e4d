-- +goose Up
-- A row that is written again is updated, never replaced: where one is inserted
-- there was none before.

DROP TRIGGER past_ledger_insert;
-- +goose StatementBegin
CREATE TRIGGER past_ledger_insert AFTER INSERT ON ledger WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('ledger', json_array(new.connector, new.id, new.path, new.element), NULL);
END;
-- +goose StatementEnd

DROP TRIGGER past_released_insert;
-- +goose StatementBegin
CREATE TRIGGER past_released_insert AFTER INSERT ON released WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('released', json_array(new.connector, new.id, new.field), NULL);
END;
-- +goose StatementEnd

DROP TRIGGER past_rejected_insert;
-- +goose StatementBegin
CREATE TRIGGER past_rejected_insert AFTER INSERT ON rejected WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('rejected', json_array(new.connector, new.id, new.field, new.edits), NULL);
END;
-- +goose StatementEnd

DROP TRIGGER past_undone_insert;
-- +goose StatementBegin
CREATE TRIGGER past_undone_insert AFTER INSERT ON undone WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('undone', json_array(new.connector, new.id, new.path, new.element), NULL);
END;
-- +goose StatementEnd

DROP TRIGGER past_retired_insert;
-- +goose StatementBegin
CREATE TRIGGER past_retired_insert AFTER INSERT ON retired WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('retired', json_array(new.kind, new.name), NULL);
END;
-- +goose StatementEnd

DROP TRIGGER past_identity_insert;
-- +goose StatementBegin
CREATE TRIGGER past_identity_insert AFTER INSERT ON identity WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('identity', json_array(new.connector, new.id), NULL);
END;
-- +goose StatementEnd

DROP TRIGGER past_placement_insert;
-- +goose StatementBegin
CREATE TRIGGER past_placement_insert AFTER INSERT ON placement WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('placement', json_array(new.item), NULL);
END;
-- +goose StatementEnd

DROP TRIGGER past_evidence_day_insert;
-- +goose StatementBegin
CREATE TRIGGER past_evidence_day_insert AFTER INSERT ON evidence_day WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('evidence_day', json_array(new.target, new.account, new.person, new.method, new.kind, new.day), NULL);
END;
-- +goose StatementEnd

DROP TRIGGER past_stream_insert;
-- +goose StatementBegin
CREATE TRIGGER past_stream_insert AFTER INSERT ON stream WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) AND new.failure <> '' BEGIN
    INSERT INTO past (kind, key, row) VALUES ('stream', json_array(new.connector, new.stream), NULL);
END;
-- +goose StatementEnd
