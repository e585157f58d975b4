CREATE TABLE rollouts (
    -- A hash of the application and the roll-out's name.
    id         BLOB NOT NULL PRIMARY KEY,
    generation INTEGER NOT NULL,
    -- Sealed.
    row        BLOB NOT NULL
) STRICT;

CREATE TABLE mailboxes (
    rollout    BLOB NOT NULL,
    -- The place in the list.
    position   INTEGER NOT NULL,
    -- A hash of the address that nobody can make who has not opened the roll-out.
    address    BLOB NOT NULL,
    -- The SHA-256 of the state that it is asked for with: its row in pending.
    wait       BLOB NOT NULL,
    -- queued, asked, came, granted or failed. Bound to the cell, so not to be written by hand.
    stage      TEXT NOT NULL,
    -- Microseconds since 1970; none where it is over.
    due        INTEGER,
    generation INTEGER NOT NULL,
    -- Sealed.
    row        BLOB NOT NULL,
    PRIMARY KEY (rollout, position)
) STRICT;

CREATE UNIQUE INDEX mailboxes_address ON mailboxes (rollout, address);
CREATE UNIQUE INDEX mailboxes_wait ON mailboxes (wait);
CREATE INDEX mailboxes_due ON mailboxes (rollout, stage, due, position) WHERE due IS NOT NULL;

CREATE TABLE budgets (
    -- A hash of the application.
    id  BLOB NOT NULL PRIMARY KEY,
    -- JSON, for operators: when the next request may be sent.
    row TEXT NOT NULL
) STRICT;
