CREATE TABLE grants (
    client_id   TEXT NOT NULL,
    data_center TEXT NOT NULL,
    subject     TEXT NOT NULL,
    -- The service account that it ends with.
    through     TEXT,
    generation  INTEGER NOT NULL,
    -- JSON, for operators: origin, phase, failures. Bound to the tokens, so not to be written by hand.
    state       TEXT NOT NULL,
    -- Sealed.
    tokens      BLOB NOT NULL,
    PRIMARY KEY (client_id, data_center, subject)
) STRICT;

CREATE INDEX grants_through ON grants (client_id, data_center, through) WHERE through IS NOT NULL;

CREATE TABLE pending (
    -- The SHA-256 of its state.
    id         BLOB NOT NULL PRIMARY KEY,
    -- A hash that names a browser.
    binding    BLOB,
    generation INTEGER NOT NULL,
    waiting    INTEGER NOT NULL,
    -- Microseconds since 1970.
    expires_at INTEGER NOT NULL,
    -- Sealed.
    row        BLOB NOT NULL
) STRICT;

CREATE INDEX pending_expires_at ON pending (expires_at);
CREATE INDEX pending_binding ON pending (binding, expires_at) WHERE waiting AND binding IS NOT NULL;
