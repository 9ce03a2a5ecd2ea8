-- The routing policy, every revision of it, as the operator wrote it. Revisions count from 1, are never
-- changed and never removed: decisions name them.
CREATE TABLE routing_policies (
    revision BIGINT NOT NULL PRIMARY KEY,
    text     TEXT   NOT NULL,
    at       BIGINT NOT NULL
);

-- What was decided lately and what the decision looked at, under the personal-data key.
CREATE TABLE routing_records (
    journey    TEXT   NOT NULL PRIMARY KEY,
    decided_at BIGINT NOT NULL,
    sealed     BYTEA  NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX routing_records_decided_at ON routing_records (decided_at, journey);
CREATE INDEX routing_records_expires_at ON routing_records (expires_at);
