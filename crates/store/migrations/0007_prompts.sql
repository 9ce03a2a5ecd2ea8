-- By which live prompts a journey may be found without its handle: SHA-256 of the secret in a link, of the
-- state that a foreign authenticator brings back. A row says only where to look; whether the prompt is
-- live is read in the journey.
CREATE TABLE journey_references (
    reference  BYTEA  NOT NULL PRIMARY KEY,
    handle     BYTEA  NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX journey_references_expires_at ON journey_references (expires_at);

-- How often a number was prompted lately, under its keyed hash and sealed as a whole. A single node keeps
-- them in memory instead.
CREATE TABLE prompt_ledgers (
    msisdn_index BYTEA  NOT NULL PRIMARY KEY,
    version      BIGINT NOT NULL,
    sealed       TEXT   NOT NULL,
    expires_at   BIGINT NOT NULL
);
CREATE INDEX prompt_ledgers_expires_at ON prompt_ledgers (expires_at);
