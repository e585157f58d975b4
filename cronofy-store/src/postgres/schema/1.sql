CREATE TABLE grants (
    client_id   text COLLATE "C" NOT NULL,
    data_center text COLLATE "C" NOT NULL,
    subject     text COLLATE "C" NOT NULL,
    -- The service account that it ends with.
    through     text COLLATE "C",
    generation  bigint NOT NULL,
    -- JSON, for operators: origin, phase, failures. Bound to the tokens, so not to be written by hand, and not jsonb,
    -- which would not keep it to the byte.
    state       text NOT NULL,
    -- Sealed.
    tokens      bytea NOT NULL,
    -- What sealing anew goes through the rows by.
    number      bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    PRIMARY KEY (client_id, data_center, subject)
);

CREATE INDEX grants_through ON grants (client_id, data_center, through, subject) WHERE through IS NOT NULL;

CREATE TABLE pending (
    -- The SHA-256 of its state.
    id         bytea NOT NULL PRIMARY KEY,
    -- A hash that names a browser.
    binding    bytea,
    generation bigint NOT NULL,
    waiting    boolean NOT NULL,
    -- Microseconds since 1970.
    expires_at bigint NOT NULL,
    -- Sealed.
    row        bytea NOT NULL,
    number     bigint GENERATED ALWAYS AS IDENTITY UNIQUE
);

CREATE INDEX pending_expires_at ON pending (expires_at);
CREATE INDEX pending_binding ON pending (binding, expires_at) WHERE waiting AND binding IS NOT NULL;
