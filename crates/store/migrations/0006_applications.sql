-- Applications that are created while the gateway runs; configured ones are not here.
CREATE TABLE applications (
    client_id    TEXT   NOT NULL PRIMARY KEY,
    -- JSON with the members of `[[clients]]`: digests of secrets, no secrets.
    registration TEXT   NOT NULL,
    created_at   BIGINT NOT NULL
);

-- As whom a subscription was known at the operator it came from: room for porting of accounts. One
-- row for each former operator and sector; `former_pcr` is unknown until that operator tells it.
CREATE TABLE pcr_sources (
    subscriber        TEXT   NOT NULL,
    sector            TEXT   NOT NULL,
    issuer            TEXT   NOT NULL,
    former_pcr        TEXT,
    port_token_sealed BYTEA,
    ported_at         BIGINT NOT NULL,
    PRIMARY KEY (subscriber, sector, issuer)
);
