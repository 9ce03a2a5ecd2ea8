-- One text for SQLite and PostgreSQL. Types: TEXT, BIGINT, BYTEA, BOOLEAN and nothing else.
-- Times are microseconds since 1970-01-01T00:00:00Z; digests are 32 octets; JSON lives in TEXT.
-- Forward only: a released file is never edited, and a new one keeps the version before it working.

-- The operator's subscriptions. The number is there as keyed hash and sealed, never readable.
CREATE TABLE subscribers (
    id                TEXT   NOT NULL PRIMARY KEY,
    msisdn_index      BYTEA  NOT NULL UNIQUE,
    msisdn_sealed     BYTEA  NOT NULL,
    status            TEXT   NOT NULL,
    authenticators    TEXT   NOT NULL,
    attributes_sealed BYTEA  NOT NULL
);

-- Pseudonyms: one for each subscription and sector, never changed.
CREATE TABLE pcrs (
    subscriber TEXT NOT NULL,
    sector     TEXT NOT NULL,
    pcr        TEXT NOT NULL,
    PRIMARY KEY (subscriber, sector),
    UNIQUE (sector, pcr)
);

-- What a subscriber agreed to share with a client: the latest decision.
CREATE TABLE consents (
    subscriber   TEXT   NOT NULL,
    client_id    TEXT   NOT NULL,
    scopes       TEXT   NOT NULL,
    text_version BIGINT NOT NULL,
    given_at     BIGINT NOT NULL,
    PRIMARY KEY (subscriber, client_id)
);

-- Inner ids of codes that were exchanged.
CREATE TABLE spent_codes (
    grant_id   TEXT   NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
CREATE INDEX spent_codes_expires_at ON spent_codes (expires_at);

-- How often something was ended. `kind` is subscriber, client, grant, session or pair (subscriber
-- and client, parted by a space). Only grants and sessions expire: the others may be ended again,
-- and a count that started anew would revive what the first end had ended.
CREATE TABLE epochs (
    kind       TEXT   NOT NULL,
    id         TEXT   NOT NULL,
    epoch      BIGINT NOT NULL,
    expires_at BIGINT,
    PRIMARY KEY (kind, id)
);
CREATE INDEX epochs_expires_at ON epochs (expires_at);

-- Login sessions of browsers, under the digest of the cookie value.
CREATE TABLE login_sessions (
    id               BYTEA  NOT NULL PRIMARY KEY,
    subscriber       TEXT   NOT NULL,
    subscriber_epoch BIGINT NOT NULL,
    evidence         TEXT   NOT NULL,
    created_at       BIGINT NOT NULL,
    used_at          BIGINT NOT NULL,
    expires_at       BIGINT NOT NULL
);
CREATE INDEX login_sessions_subscriber ON login_sessions (subscriber);
CREATE INDEX login_sessions_expires_at ON login_sessions (expires_at);

-- Send budgets, request budgets and failure counts.
CREATE TABLE budgets (
    budget     TEXT   NOT NULL PRIMARY KEY,
    used       TEXT   NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX budgets_expires_at ON budgets (expires_at);

-- The audit log: ids and words from fixed lists.
CREATE TABLE audit (
    at         BIGINT NOT NULL,
    kind       TEXT   NOT NULL,
    client_id  TEXT,
    subscriber TEXT,
    grant_id   TEXT,
    journey    TEXT,
    detail     TEXT
);
CREATE INDEX audit_at ON audit (at);

-- Keys, wrapped under the root key.
CREATE TABLE keys (
    id           TEXT   NOT NULL PRIMARY KEY,
    purpose      TEXT   NOT NULL,
    wrapped      BYTEA  NOT NULL,
    created_at   BIGINT NOT NULL,
    activates_at BIGINT NOT NULL,
    retires_at   BIGINT,
    expires_at   BIGINT
);

-- Journeys under way, sealed as a whole. A single node keeps them in memory instead.
CREATE TABLE journeys (
    handle     BYTEA  NOT NULL PRIMARY KEY,
    version    BIGINT NOT NULL,
    sealed     TEXT   NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX journeys_expires_at ON journeys (expires_at);

-- One row: the highest time any node has shown.
CREATE TABLE clock (
    id      BIGINT NOT NULL PRIMARY KEY,
    highest BIGINT NOT NULL
);
