-- Times are microseconds since 1970-01-01 UTC.
--
-- AUTOINCREMENT, because an id must never be given out twice: a page that still shows a deleted token could
-- otherwise delete the newer one that inherited its id.

CREATE TABLE users (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    username      TEXT    NOT NULL UNIQUE,
    password_hash TEXT    NOT NULL,
    role          TEXT    NOT NULL CHECK (role IN ('internal', 'admin', 'regular', 'read-only')),
    is_active     INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    created       INTEGER NOT NULL,
    updated       INTEGER NOT NULL
) STRICT;

CREATE TABLE api_tokens (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    name      TEXT    NOT NULL,
    -- The API shows the secret in every answer, so it cannot be stored as a digest alone.
    secret    TEXT    NOT NULL,
    -- SHA-256 of the secret. Tokens are looked up by this, so that the time an index search takes says nothing
    -- about how much of a guessed secret is right.
    digest    BLOB    NOT NULL UNIQUE,
    owner_id  INTEGER NOT NULL REFERENCES users (id),
    enabled   INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
    created   INTEGER NOT NULL,
    updated   INTEGER NOT NULL,
    last_used INTEGER,
    UNIQUE (owner_id, name)
) STRICT;

CREATE INDEX api_tokens_by_owner ON api_tokens (owner_id, id);

-- One row per fact about the database itself. 'demo': its users have passwords that everybody knows.
CREATE TABLE facts (
    name TEXT PRIMARY KEY
) STRICT;
