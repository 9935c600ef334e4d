-- +goose Up
-- +goose StatementBegin
CREATE TABLE forgotten (
    name text COLLATE "C" PRIMARY KEY,
    at   bigint NOT NULL
);
-- +goose StatementEnd
