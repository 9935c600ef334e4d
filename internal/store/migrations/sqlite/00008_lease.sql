-- +goose Up
-- Which node does a duty: the name of a connector, or decide*. The row stays
-- when the lease is over, so that no token comes twice. expires is 0 where the
-- lease was given back.
CREATE TABLE lease (
    duty    TEXT PRIMARY KEY,
    node    TEXT NOT NULL,
    token   INTEGER NOT NULL,
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The nodes that are alive.
CREATE TABLE node (
    name  TEXT PRIMARY KEY,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The token of the lease under which the attempt began; NULL where there was none.
ALTER TABLE journal ADD COLUMN token INTEGER;
