-- What the claims parameter of a login asked for one by one, under the personal-data key. Only logins
-- that ask for something have a row; it lives as long as their first access token.
CREATE TABLE requested_claims (
    grant_id   TEXT   NOT NULL PRIMARY KEY,
    sealed     BYTEA  NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX requested_claims_expires_at ON requested_claims (expires_at);
