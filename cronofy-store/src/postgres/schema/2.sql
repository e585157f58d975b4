CREATE TABLE rollouts (
    -- A hash of the application and the roll-out's name.
    id         bytea NOT NULL PRIMARY KEY,
    generation bigint NOT NULL,
    -- Sealed.
    row        bytea NOT NULL,
    number     bigint GENERATED ALWAYS AS IDENTITY UNIQUE
);

CREATE TABLE mailboxes (
    rollout    bytea NOT NULL,
    -- The place in the list.
    position   bigint NOT NULL,
    -- A hash of the address that nobody can make who has not opened the roll-out.
    address    bytea NOT NULL,
    -- The SHA-256 of the state that it is asked for with: its row in pending.
    wait       bytea NOT NULL,
    -- queued, asked, came, granted or failed. Bound to the cell, so not to be written by hand.
    stage      text COLLATE "C" NOT NULL,
    -- Microseconds since 1970; none where it is over.
    due        bigint,
    generation bigint NOT NULL,
    -- Sealed.
    row        bytea NOT NULL,
    number     bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    PRIMARY KEY (rollout, position)
);

CREATE UNIQUE INDEX mailboxes_address ON mailboxes (rollout, address);
CREATE UNIQUE INDEX mailboxes_wait ON mailboxes (wait);
CREATE INDEX mailboxes_due ON mailboxes (rollout, stage, due, position) WHERE due IS NOT NULL;

CREATE TABLE budgets (
    -- A hash of the application.
    id  bytea NOT NULL PRIMARY KEY,
    -- JSON, for operators: when the next request may be sent.
    row text NOT NULL
);
