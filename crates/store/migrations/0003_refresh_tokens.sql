-- Families of refresh tokens: hashes, never a token. `content` and `replaced` are JSON; `session` is
-- the digest of a login session in hexadecimal.
CREATE TABLE refresh_families (
    id               BYTEA  NOT NULL PRIMARY KEY,
    grant_id         TEXT   NOT NULL,
    session          TEXT,
    content          TEXT   NOT NULL,
    subscriber_epoch BIGINT NOT NULL,
    client_epoch     BIGINT NOT NULL,
    grant_epoch      BIGINT NOT NULL,
    generation       BIGINT NOT NULL,
    current_token    BYTEA  NOT NULL,
    replaced         TEXT,
    begun_at         BIGINT NOT NULL,
    used_at          BIGINT NOT NULL,
    expires_at       BIGINT NOT NULL
);
CREATE INDEX refresh_families_grant_id ON refresh_families (grant_id);
CREATE INDEX refresh_families_session ON refresh_families (session);
CREATE INDEX refresh_families_expires_at ON refresh_families (expires_at);

-- What clients have signed and may present once: client assertions and request objects.
CREATE TABLE used_assertions (
    client_id  TEXT   NOT NULL,
    purpose    TEXT   NOT NULL,
    jti        BYTEA  NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (client_id, purpose, jti)
);
CREATE INDEX used_assertions_expires_at ON used_assertions (expires_at);
