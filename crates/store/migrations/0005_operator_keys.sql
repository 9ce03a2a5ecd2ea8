-- Public keys of foreign operators: Discovery encrypts numbers to them. One row holds the whole set of
-- an operator, so that a set is replaced at once.
CREATE TABLE operator_keys (
    operator TEXT NOT NULL PRIMARY KEY,
    key_set TEXT NOT NULL,
    registered_at BIGINT NOT NULL
);
