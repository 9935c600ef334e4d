-- +goose Up
-- What people said against decisions. A word of the same kind at the same record
-- takes the place of the one before, which stays as history. until is when it
-- ends by itself; ended, ended_by and ending when, by whom and with which words
-- it was ended sooner.
CREATE TABLE override (
    num       INTEGER PRIMARY KEY AUTOINCREMENT,
    connector TEXT NOT NULL,
    id        TEXT NOT NULL,
    key       TEXT NOT NULL,
    kind      TEXT NOT NULL,
    value     TEXT NOT NULL,
    by        TEXT NOT NULL,
    reason    TEXT NOT NULL,
    at        INTEGER NOT NULL,
    until     INTEGER NOT NULL,
    ended     INTEGER,
    ended_by  TEXT NOT NULL DEFAULT '',
    ending    TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX override_open ON override (connector, id) WHERE ended IS NULL;

-- +goose StatementBegin
CREATE TRIGGER past_override_insert AFTER INSERT ON override WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('override', json_array(new.num), NULL);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER past_override_update BEFORE UPDATE ON override WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('override', json_array(old.num), json_array(old.connector, old.id, old.key, old.kind, old.value, old.by, old.reason, old.at, old.until, old.ended, old.ended_by, old.ending));
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER past_override_delete BEFORE DELETE ON override WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('override', json_array(old.num), json_array(old.connector, old.id, old.key, old.kind, old.value, old.by, old.reason, old.at, old.until, old.ended, old.ended_by, old.ending));
END;
-- +goose StatementEnd

-- Since when an item is in its horizon, which route it took last, and since
-- when: the first moment of all where it is not known.
ALTER TABLE placement ADD COLUMN horizon_since INTEGER NOT NULL DEFAULT -62135596800000000;
ALTER TABLE placement ADD COLUMN route TEXT NOT NULL DEFAULT '';
ALTER TABLE placement ADD COLUMN route_since INTEGER NOT NULL DEFAULT -62135596800000000;
-- The place without what people pinned, where that is another; 0 is the same one.
ALTER TABLE placement ADD COLUMN ranked INTEGER NOT NULL DEFAULT 0;
DROP TRIGGER past_placement_update;
-- +goose StatementBegin
CREATE TRIGGER past_placement_update BEFORE UPDATE ON placement WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) AND NOT (old.item = new.item AND old.place = new.place AND old.tier = new.tier AND old.tier_since = new.tier_since AND old.horizon = new.horizon AND old.horizon_since = new.horizon_since AND old.route = new.route AND old.route_since = new.route_since AND old.ranked = new.ranked) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('placement', json_array(old.item), json_array(old.place, old.tier, old.tier_since, old.horizon, old.horizon_since, old.route, old.route_since, old.ranked));
    INSERT INTO past (kind, key, row) SELECT 'placement', json_array(new.item), (SELECT json_array(o.place, o.tier, o.tier_since, o.horizon, o.horizon_since, o.route, o.route_since, o.ranked) FROM placement o WHERE o.item = new.item) WHERE old.item <> new.item;
END;
-- +goose StatementEnd
DROP TRIGGER past_placement_delete;
-- +goose StatementBegin
CREATE TRIGGER past_placement_delete BEFORE DELETE ON placement WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('placement', json_array(old.item), json_array(old.place, old.tier, old.tier_since, old.horizon, old.horizon_since, old.route, old.route_since, old.ranked));
END;
-- +goose StatementEnd

-- What a rejected proposal was made of: made of something else it is another one.
ALTER TABLE rejected ADD COLUMN inputs TEXT NOT NULL DEFAULT '';
DROP TRIGGER past_rejected_update;
-- +goose StatementBegin
CREATE TRIGGER past_rejected_update BEFORE UPDATE ON rejected WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('rejected', json_array(old.connector, old.id, old.field, old.edits), json_array(old.by, old.because, old.at, old.until, old.inputs));
    INSERT INTO past (kind, key, row) SELECT 'rejected', json_array(new.connector, new.id, new.field, new.edits), (SELECT json_array(o.by, o.because, o.at, o.until, o.inputs) FROM rejected o WHERE o.connector = new.connector AND o.id = new.id AND o.field = new.field AND o.edits = new.edits) WHERE old.connector <> new.connector OR old.id <> new.id OR old.field <> new.field OR old.edits <> new.edits;
END;
-- +goose StatementEnd
DROP TRIGGER past_rejected_delete;
-- +goose StatementBegin
CREATE TRIGGER past_rejected_delete BEFORE DELETE ON rejected WHEN EXISTS (SELECT 1 FROM run WHERE num > 1) BEGIN
    INSERT INTO past (kind, key, row) VALUES ('rejected', json_array(old.connector, old.id, old.field, old.edits), json_array(old.by, old.because, old.at, old.until, old.inputs));
END;
-- +goose StatementEnd
