-- +goose Up
-- Records of which a search showed another content in the version that is stored:
-- they are to be read by id, whatever becomes of the process that read the search.
CREATE TABLE suspect (
    connector text COLLATE "C",
    id        text COLLATE "C",
    key       text COLLATE "C" NOT NULL,
    PRIMARY KEY (connector, id)
);
