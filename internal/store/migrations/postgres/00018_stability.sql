-- +goose Up
-- +goose StatementBegin
ALTER TABLE run ADD COLUMN stability text COLLATE "C";
-- +goose StatementEnd
