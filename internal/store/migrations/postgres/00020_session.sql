-- +goose Up
-- Who signed in to the pages. hash is that of the id in the person's cookie,
-- source a hash of what the rights came from, with the id as its key: neither
-- tells the id. unsent is what somebody wanted to send when the session was over.
CREATE TABLE web_session (
    hash   text COLLATE "C" PRIMARY KEY,
    kind   text COLLATE "C" NOT NULL,
    name   text COLLATE "C" NOT NULL,
    email  text COLLATE "C" NOT NULL,
    member text COLLATE "C" NOT NULL,
    rights text COLLATE "C" NOT NULL,
    source text COLLATE "C" NOT NULL,
    began  bigint NOT NULL,
    seen   bigint NOT NULL,
    ended  bigint,
    unsent text COLLATE "C" NOT NULL DEFAULT ''
);
