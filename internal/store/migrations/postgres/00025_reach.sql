-- +goose Up
-- Who could read the place when what stood there before Tandem stood there last;
-- 0 where nobody knows, as in older rows.
ALTER TABLE ledger ADD COLUMN reach bigint NOT NULL DEFAULT 0;
