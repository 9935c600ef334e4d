-- +goose Up
-- Times are unix microseconds in UTC. Ids of services are text: some do not
-- fit 53 bits. Values are JSON as work.Value writes it.
PRAGMA application_id = 1414415437; -- "TNDM": a file of Tandem, and of nobody else

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The number of the last change that can alter an evaluation.
CREATE TABLE sequence (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    value INTEGER NOT NULL
) STRICT;
INSERT INTO sequence VALUES (1, 0);

-- A stream with the empty name stands for the connector as a whole.
CREATE TABLE stream (
    connector TEXT NOT NULL,
    stream    TEXT NOT NULL,
    cursor    BLOB,
    last_read INTEGER,
    failure   TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (connector, stream)
) STRICT, WITHOUT ROWID;

-- Append-only; the JSON of body is without the version. Prune removes what was replaced long ago.
CREATE TABLE record_version (
    seq       INTEGER PRIMARY KEY,
    connector TEXT NOT NULL,
    id        TEXT NOT NULL,
    version   INTEGER NOT NULL,
    hash      TEXT NOT NULL,
    body      TEXT NOT NULL,
    stored    INTEGER NOT NULL
) STRICT;
CREATE INDEX record_version_of ON record_version (connector, id, seq);

-- What of a record counts now. gone: 0 is there, 1 its source says so, 2 asked
-- for by id and not found. moved is the sequence of the row's last change.
CREATE TABLE record (
    connector TEXT NOT NULL,
    id        TEXT NOT NULL,
    seq       INTEGER NOT NULL REFERENCES record_version (seq),
    version   INTEGER NOT NULL,
    hash      TEXT NOT NULL,
    gone      INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1, 2)),
    moved     INTEGER NOT NULL,
    PRIMARY KEY (connector, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_seq ON record (seq);
CREATE INDEX record_moved ON record (moved);

CREATE TABLE feedback (
    num       INTEGER PRIMARY KEY,
    connector TEXT NOT NULL,
    id        TEXT NOT NULL,
    version   INTEGER NOT NULL,
    hash      TEXT NOT NULL,
    body      TEXT NOT NULL,
    UNIQUE (connector, id)
) STRICT;

-- A link and what it adds to the aggregate with its key.
CREATE TABLE feedback_link (
    feedback    INTEGER NOT NULL REFERENCES feedback (num) ON DELETE CASCADE,
    target      TEXT NOT NULL,
    cause       TEXT NOT NULL,
    detail      TEXT NOT NULL,
    account     TEXT NOT NULL,
    person      TEXT NOT NULL,
    method      TEXT NOT NULL,
    kind        TEXT NOT NULL,
    day         INTEGER NOT NULL,
    count       INTEGER NOT NULL,
    score_count INTEGER NOT NULL,
    score_sum   REAL NOT NULL,
    promoters   INTEGER NOT NULL,
    detractors  INTEGER NOT NULL,
    value       TEXT NOT NULL,
    audience    INTEGER NOT NULL,
    PRIMARY KEY (feedback, target)
) STRICT, WITHOUT ROWID;
CREATE INDEX feedback_link_day ON feedback_link (target, day);

CREATE TABLE evidence_day (
    target      TEXT NOT NULL,
    account     TEXT NOT NULL,
    person      TEXT NOT NULL,
    method      TEXT NOT NULL,
    kind        TEXT NOT NULL,
    day         INTEGER NOT NULL,
    count       INTEGER NOT NULL,
    score_count INTEGER NOT NULL,
    score_sum   REAL NOT NULL,
    promoters   INTEGER NOT NULL,
    detractors  INTEGER NOT NULL,
    value       TEXT NOT NULL,
    audience    INTEGER NOT NULL,
    PRIMARY KEY (target, account, person, method, kind, day)
) STRICT, WITHOUT ROWID;

-- what: "record" was not understood, "edit" was refused. ended: a person
-- released it, or the record was understood later.
CREATE TABLE dead_letter (
    num       INTEGER PRIMARY KEY AUTOINCREMENT,
    what      TEXT NOT NULL CHECK (what IN ('record', 'edit')),
    connector TEXT NOT NULL,
    id        TEXT NOT NULL, -- of the record; for rejects the place as the connector names it
    ref       TEXT NOT NULL, -- as people read it
    item      TEXT NOT NULL DEFAULT '',
    edit      TEXT NOT NULL DEFAULT '',
    cause     TEXT NOT NULL,
    remedy    TEXT NOT NULL DEFAULT '',
    body      TEXT NOT NULL DEFAULT '',
    at        INTEGER NOT NULL,
    ended     INTEGER
) STRICT;
CREATE UNIQUE INDEX dead_letter_open ON dead_letter (what, connector, id, edit) WHERE ended IS NULL;

-- before: what stood there before Tandem's first write.
CREATE TABLE ledger (
    connector TEXT NOT NULL,
    id        TEXT NOT NULL,
    path      TEXT NOT NULL,
    element   TEXT NOT NULL,
    value     TEXT NOT NULL,
    written   INTEGER NOT NULL,
    pending   INTEGER NOT NULL,
    before    TEXT NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (connector, id, path, element)
) STRICT, WITHOUT ROWID;

-- One row is one attempt to make an edit; the id of an edit comes back when
-- the same change is due again. waits: 0 is over, 1 the answer is not known,
-- 2 to be read back. prev is the ledger's line before, NULL where there was
-- none.
CREATE TABLE journal (
    num       INTEGER PRIMARY KEY AUTOINCREMENT,
    edit      TEXT NOT NULL,
    run       INTEGER NOT NULL,
    connector TEXT NOT NULL,
    id        TEXT NOT NULL,
    path      TEXT NOT NULL,
    element   TEXT NOT NULL,
    field     TEXT NOT NULL,
    body      TEXT NOT NULL,
    prev      TEXT,
    first     INTEGER NOT NULL, -- Tandem had never written to the record
    state     TEXT NOT NULL CHECK (state IN ('begun', 'applied', 'unchanged', 'conflict', 'rejected', 'unknown', 'deferred')),
    waits     INTEGER NOT NULL CHECK (waits IN (0, 1, 2)),
    detail    TEXT NOT NULL DEFAULT '',
    until     INTEGER,
    begun     INTEGER NOT NULL,
    ended     INTEGER
) STRICT;
CREATE INDEX journal_edit ON journal (edit);
CREATE INDEX journal_of ON journal (connector, id);
CREATE INDEX journal_begun ON journal (begun);
CREATE INDEX journal_waits ON journal (waits) WHERE waits > 0;

-- What was sent, or may have been.
CREATE VIEW audit AS
    SELECT num, run, connector, id, body, state, detail, begun, ended FROM journal WHERE state <> 'deferred';

CREATE TABLE rules_text (
    hash TEXT PRIMARY KEY,
    body TEXT NOT NULL
) STRICT;

-- Runs that decide the same share one plan.
CREATE TABLE plan_text (
    hash TEXT PRIMARY KEY,
    body TEXT NOT NULL
) STRICT;

CREATE TABLE run (
    num         INTEGER PRIMARY KEY AUTOINCREMENT,
    data_seq    INTEGER NOT NULL,
    as_of       INTEGER NOT NULL,
    rules_hash  TEXT NOT NULL,
    config_hash TEXT NOT NULL,
    plan_hash   TEXT NOT NULL REFERENCES plan_text (hash),
    items       INTEGER NOT NULL,
    twins       INTEGER NOT NULL,
    at          INTEGER NOT NULL
) STRICT;
CREATE INDEX run_plan ON run (plan_hash);

CREATE TABLE identity (
    connector TEXT NOT NULL,
    id        TEXT NOT NULL,
    item      TEXT NOT NULL,
    PRIMARY KEY (connector, id)
) STRICT, WITHOUT ROWID;

-- Where the items stood after the last run.
CREATE TABLE placement (
    item       TEXT PRIMARY KEY,
    place      INTEGER NOT NULL,
    tier       TEXT NOT NULL,
    tier_since INTEGER NOT NULL,
    horizon    TEXT NOT NULL,
    score      REAL NOT NULL
) STRICT, WITHOUT ROWID;

-- The holds of the last run.
CREATE TABLE hold (
    connector TEXT NOT NULL,
    id        TEXT NOT NULL,
    path      TEXT NOT NULL,
    element   TEXT NOT NULL,
    field     TEXT NOT NULL,
    cause     TEXT NOT NULL,
    body      TEXT NOT NULL,
    PRIMARY KEY (connector, id, path, element, field, cause)
) STRICT, WITHOUT ROWID;

-- A person ended the hold; the next write of the field ends the release.
CREATE TABLE released (
    connector TEXT NOT NULL,
    id        TEXT NOT NULL,
    field     TEXT NOT NULL,
    by        TEXT NOT NULL,
    at        INTEGER NOT NULL,
    seq       INTEGER NOT NULL,
    PRIMARY KEY (connector, id, field)
) STRICT, WITHOUT ROWID;
