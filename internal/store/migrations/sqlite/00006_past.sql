-- +goose Up
-- What rows were before they changed, so that the state that a run looked at
-- can be put together again: of the changes after it the first of each row tells
-- how the row was then. key and row are JSON lists of its columns, row is NULL
-- where there was none. What the first run ever writes is not kept: before it
-- there was nothing.
CREATE TABLE past (
    num  INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    key  TEXT NOT NULL,
    row  TEXT
) STRICT;
CREATE INDEX past_kind ON past (kind);

-- The newest row of past that the run saw, and what counted for its gates;
-- NULL in runs that were made before.
ALTER TABLE run ADD COLUMN past INTEGER;
ALTER TABLE run ADD COLUMN sent INTEGER;
ALTER TABLE run ADD COLUMN sent_first INTEGER;
ALTER TABLE run ADD COLUMN paused INTEGER;

-- +goose StatementBegin
CREATE TRIGGER past_ledger_insert BEFORE INSERT ON ledger WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('ledger', json_array(new.connector, new.id, new.path, new.element), (SELECT json_array(o.value, o.written, o.pending, o.before, o.at) FROM ledger o WHERE o.connector = new.connector AND o.id = new.id AND o.path = new.path AND o.element = new.element));
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER past_ledger_update BEFORE UPDATE ON ledger WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('ledger', json_array(old.connector, old.id, old.path, old.element), json_array(old.value, old.written, old.pending, old.before, old.at));
    INSERT INTO past (kind, key, row) SELECT 'ledger', json_array(new.connector, new.id, new.path, new.element), (SELECT json_array(o.value, o.written, o.pending, o.before, o.at) FROM ledger o WHERE o.connector = new.connector AND o.id = new.id AND o.path = new.path AND o.element = new.element) WHERE old.connector <> new.connector OR old.id <> new.id OR old.path <> new.path OR old.element <> new.element;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER past_ledger_delete BEFORE DELETE ON ledger WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('ledger', json_array(old.connector, old.id, old.path, old.element), json_array(old.value, old.written, old.pending, old.before, old.at));
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER past_released_insert BEFORE INSERT ON released WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('released', json_array(new.connector, new.id, new.field), (SELECT json_array(o.by, o.at, o.seq) FROM released o WHERE o.connector = new.connector AND o.id = new.id AND o.field = new.field));
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER past_released_update BEFORE UPDATE ON released WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('released', json_array(old.connector, old.id, old.field), json_array(old.by, old.at, old.seq));
    INSERT INTO past (kind, key, row) SELECT 'released', json_array(new.connector, new.id, new.field), (SELECT json_array(o.by, o.at, o.seq) FROM released o WHERE o.connector = new.connector AND o.id = new.id AND o.field = new.field) WHERE old.connector <> new.connector OR old.id <> new.id OR old.field <> new.field;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER past_released_delete BEFORE DELETE ON released WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('released', json_array(old.connector, old.id, old.field), json_array(old.by, old.at, old.seq));
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER past_rejected_insert BEFORE INSERT ON rejected WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('rejected', json_array(new.connector, new.id, new.field, new.edits), (SELECT json_array(o.by, o.because, o.at, o.until) FROM rejected o WHERE o.connector = new.connector AND o.id = new.id AND o.field = new.field AND o.edits = new.edits));
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER past_rejected_update BEFORE UPDATE ON rejected WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('rejected', json_array(old.connector, old.id, old.field, old.edits), json_array(old.by, old.because, old.at, old.until));
    INSERT INTO past (kind, key, row) SELECT 'rejected', json_array(new.connector, new.id, new.field, new.edits), (SELECT json_array(o.by, o.because, o.at, o.until) FROM rejected o WHERE o.connector = new.connector AND o.id = new.id AND o.field = new.field AND o.edits = new.edits) WHERE old.connector <> new.connector OR old.id <> new.id OR old.field <> new.field OR old.edits <> new.edits;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER past_rejected_delete BEFORE DELETE ON rejected WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('rejected', json_array(old.connector, old.id, old.field, old.edits), json_array(old.by, old.because, old.at, old.until));
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER past_undone_insert BEFORE INSERT ON undone WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('undone', json_array(new.connector, new.id, new.path, new.element), (SELECT json_array(o.field, o.value, o.by, o.run, o.at, o.seq) FROM undone o WHERE o.connector = new.connector AND o.id = new.id AND o.path = new.path AND o.element = new.element));
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER past_undone_update BEFORE UPDATE ON undone WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('undone', json_array(old.connector, old.id, old.path, old.element), json_array(old.field, old.value, old.by, old.run, old.at, old.seq));
    INSERT INTO past (kind, key, row) SELECT 'undone', json_array(new.connector, new.id, new.path, new.element), (SELECT json_array(o.field, o.value, o.by, o.run, o.at, o.seq) FROM undone o WHERE o.connector = new.connector AND o.id = new.id AND o.path = new.path AND o.element = new.element) WHERE old.connector <> new.connector OR old.id <> new.id OR old.path <> new.path OR old.element <> new.element;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER past_undone_delete BEFORE DELETE ON undone WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('undone', json_array(old.connector, old.id, old.path, old.element), json_array(old.field, old.value, old.by, old.run, old.at, old.seq));
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER past_retired_insert BEFORE INSERT ON retired WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('retired', json_array(new.kind, new.name), (SELECT json_array(o.by, o.at) FROM retired o WHERE o.kind = new.kind AND o.name = new.name));
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER past_retired_update BEFORE UPDATE ON retired WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('retired', json_array(old.kind, old.name), json_array(old.by, old.at));
    INSERT INTO past (kind, key, row) SELECT 'retired', json_array(new.kind, new.name), (SELECT json_array(o.by, o.at) FROM retired o WHERE o.kind = new.kind AND o.name = new.name) WHERE old.kind <> new.kind OR old.name <> new.name;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER past_retired_delete BEFORE DELETE ON retired WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('retired', json_array(old.kind, old.name), json_array(old.by, old.at));
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER past_identity_insert BEFORE INSERT ON identity WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('identity', json_array(new.connector, new.id), (SELECT json_array(o.item) FROM identity o WHERE o.connector = new.connector AND o.id = new.id));
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER past_identity_update BEFORE UPDATE ON identity WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('identity', json_array(old.connector, old.id), json_array(old.item));
    INSERT INTO past (kind, key, row) SELECT 'identity', json_array(new.connector, new.id), (SELECT json_array(o.item) FROM identity o WHERE o.connector = new.connector AND o.id = new.id) WHERE old.connector <> new.connector OR old.id <> new.id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER past_identity_delete BEFORE DELETE ON identity WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('identity', json_array(old.connector, old.id), json_array(old.item));
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER past_placement_insert BEFORE INSERT ON placement WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) AND NOT EXISTS (SELECT 1 FROM placement o WHERE o.item = new.item AND o.place = new.place AND o.tier = new.tier AND o.tier_since = new.tier_since AND o.horizon = new.horizon) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('placement', json_array(new.item), (SELECT json_array(o.place, o.tier, o.tier_since, o.horizon) FROM placement o WHERE o.item = new.item));
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER past_placement_update BEFORE UPDATE ON placement WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) AND NOT (old.item = new.item AND old.place = new.place AND old.tier = new.tier AND old.tier_since = new.tier_since AND old.horizon = new.horizon) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('placement', json_array(old.item), json_array(old.place, old.tier, old.tier_since, old.horizon));
    INSERT INTO past (kind, key, row) SELECT 'placement', json_array(new.item), (SELECT json_array(o.place, o.tier, o.tier_since, o.horizon) FROM placement o WHERE o.item = new.item) WHERE old.item <> new.item;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER past_placement_delete BEFORE DELETE ON placement WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('placement', json_array(old.item), json_array(old.place, old.tier, old.tier_since, old.horizon));
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER past_evidence_day_insert BEFORE INSERT ON evidence_day WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('evidence_day', json_array(new.target, new.account, new.person, new.method, new.kind, new.day), (SELECT json_array(o.count, o.score_count, printf('%!.17g', o.score_sum), o.promoters, o.detractors, o.value, o.audience) FROM evidence_day o WHERE o.target = new.target AND o.account = new.account AND o.person = new.person AND o.method = new.method AND o.kind = new.kind AND o.day = new.day));
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER past_evidence_day_update BEFORE UPDATE ON evidence_day WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('evidence_day', json_array(old.target, old.account, old.person, old.method, old.kind, old.day), json_array(old.count, old.score_count, printf('%!.17g', old.score_sum), old.promoters, old.detractors, old.value, old.audience));
    INSERT INTO past (kind, key, row) SELECT 'evidence_day', json_array(new.target, new.account, new.person, new.method, new.kind, new.day), (SELECT json_array(o.count, o.score_count, printf('%!.17g', o.score_sum), o.promoters, o.detractors, o.value, o.audience) FROM evidence_day o WHERE o.target = new.target AND o.account = new.account AND o.person = new.person AND o.method = new.method AND o.kind = new.kind AND o.day = new.day) WHERE old.target <> new.target OR old.account <> new.account OR old.person <> new.person OR old.method <> new.method OR old.kind <> new.kind OR old.day <> new.day;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER past_evidence_day_delete BEFORE DELETE ON evidence_day WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('evidence_day', json_array(old.target, old.account, old.person, old.method, old.kind, old.day), json_array(old.count, old.score_count, printf('%!.17g', old.score_sum), old.promoters, old.detractors, old.value, old.audience));
END;
-- +goose StatementEnd

-- A record in an older version is found by its number.
-- +goose StatementBegin
CREATE TRIGGER past_record_update BEFORE UPDATE OF gone, former, key ON record WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) AND (old.gone <> new.gone OR old.former <> new.former OR old.key <> new.key) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('record', json_array(old.connector, old.id), json_array(old.gone, old.former, old.key));
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER past_dead_letter_insert AFTER INSERT ON dead_letter WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) AND new.what = 'edit' BEGIN
    INSERT INTO past (kind, key, row) VALUES ('dead_letter', json_array(new.num), NULL);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER past_dead_letter_update BEFORE UPDATE ON dead_letter WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) AND old.what = 'edit' BEGIN
    INSERT INTO past (kind, key, row) VALUES ('dead_letter', json_array(old.num), json_array(old.cause, old.ended));
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER past_stream_insert BEFORE INSERT ON stream WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) AND new.failure <> '' BEGIN
    INSERT INTO past (kind, key, row) VALUES ('stream', json_array(new.connector, new.stream), (SELECT json_array(o.failure) FROM stream o WHERE o.connector = new.connector AND o.stream = new.stream));
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER past_stream_update BEFORE UPDATE OF failure ON stream WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) AND (old.failure = '') <> (new.failure = '') BEGIN
    INSERT INTO past (kind, key, row) VALUES ('stream', json_array(old.connector, old.stream), json_array(old.failure));
END;
-- +goose StatementEnd
