-- Journeys that may make room for others when there are too many: nobody holds a code for them.
-- Those of a node of the version before count as if somebody did.
ALTER TABLE journeys ADD COLUMN evictable BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX journeys_evictable ON journeys (expires_at) WHERE evictable;
