-- +goose Up
-- Records of which a search showed another content in the version that is stored:
-- they are to be read by id, whatever becomes of the process that read the search.
CREATE TABLE suspect (
    connector TEXT NOT NULL,
    id        TEXT NOT NULL,
    key       TEXT NOT NULL,
    PRIMARY KEY (connector, id)
) STRICT, WITHOUT ROWID;
