-- +goose Up
-- What no record shows and a run may have made: comments and links.
CREATE INDEX journal_making ON journal (run) WHERE path IN ('comment', 'remote_link');
