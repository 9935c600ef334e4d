-- +goose Up
-- One backlog: how it stands (with Tandem's moves that arrived since it was
-- read), and how it stood when its moves by people were last looked at. Orders
-- are JSON lists of native ids, moved and told are moves by people. stream is
-- where it is read; late is an order that did not show Tandem's own moves, which
-- counts when there is no newer one after a while.
CREATE TABLE backlog (
    connector TEXT NOT NULL,
    scope     TEXT NOT NULL,
    stream    TEXT NOT NULL,
    observed  TEXT NOT NULL,
    moved     TEXT NOT NULL,
    confirmed TEXT NOT NULL,
    told      TEXT NOT NULL,
    late      TEXT,
    PRIMARY KEY (connector, scope)
) STRICT, WITHOUT ROWID;

-- A person put the record there. drift: by how many places moves of Tandem
-- that were cut short shifted it.
CREATE TABLE pin (
    connector TEXT NOT NULL,
    scope     TEXT NOT NULL,
    id        TEXT NOT NULL,
    since     INTEGER NOT NULL,
    by        TEXT NOT NULL,
    drift     INTEGER NOT NULL,
    PRIMARY KEY (connector, scope, id)
) STRICT, WITHOUT ROWID;

-- Tandem's own moves that no order has shown yet. sure: it arrived, or else
-- nobody knows whether it did. begun and ended are of the last attempt, ended is
-- NULL where none is known to have been sent; out: its answer is out. settled: 1
-- an order that came long after it shows where the record stands, 2 and an
-- evaluation looked there.
CREATE TABLE own_move (
    connector TEXT NOT NULL,
    scope     TEXT NOT NULL,
    id        TEXT NOT NULL,
    sure      INTEGER NOT NULL DEFAULT 0,
    begun     INTEGER NOT NULL,
    ended     INTEGER,
    out       INTEGER NOT NULL DEFAULT 1,
    settled   INTEGER NOT NULL DEFAULT 0 CHECK (settled IN (0, 1, 2)),
    PRIMARY KEY (connector, scope, id)
) STRICT, WITHOUT ROWID;
