//! What a worker is told, and what it says: a line of JSON each.

use std::path::PathBuf;
use std::time::Duration;

use cronofy_auth_core::types::Timestamp;
use serde::{Deserialize, Serialize};

/// How a worker is set up.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Setup {
    /// The sandbox.
    pub api_url: String,
    /// Its other base.
    pub app_url: String,
    /// The application.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// The store that all share.
    pub place: Place,
    /// The keys of the store: the first one seals, all open.
    pub keys: Vec<u8>,
    /// What its clocks show, always: that of the process and, where it has one, that of its store. Else they run.
    pub now: Option<Timestamp>,
    /// How long a call can take, and how long a claim lasts.
    pub lease: Option<(Duration, Duration)>,
    /// Where it dies.
    pub dies: Option<Death>,
    /// Whether it stops itself now and then, with tokens in its hands, and the seed of when.
    pub stops: Option<u64>,
}

/// Where the store is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Place {
    /// In this file.
    Sqlite(PathBuf),
    /// In a schema of the database at this address.
    Postgres {
        /// The address.
        address: String,
        /// The schema.
        schema: String,
    },
}

/// Where a worker dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Death {
    /// How many points it survives.
    pub after: usize,
    /// What counts as a point.
    pub points: Points,
}

/// What counts as a point where a worker can die, besides before and after each request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Points {
    /// Before and after each question to the store.
    Questions,
    /// Before and after each statement of the database.
    Statements,
}

/// What a worker is to do. It ends when there is nothing more to read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Task {
    /// To complete a redirect.
    Redeem {
        /// Where the browser came.
        redirect: String,
        /// What it was sent away with.
        state: String,
    },
    /// To get tokens.
    Refresh(String),
    /// To get tokens, and to use them.
    Use(String),
    /// To get new tokens, though nobody is to try for a while, and to use them.
    Renew(String),
    /// To ask for a mailbox.
    Delegate {
        /// The service account.
        account: String,
        /// Which mailbox.
        email: String,
        /// Where the outcome goes.
        callback_url: String,
        /// What comes with it.
        state: String,
    },
    /// To complete a callback.
    Callback(String),
    /// To end an authorization.
    Revoke(String),
    /// To seal everything anew.
    Rekey,
    /// To ask for tokens on behalf of so many.
    Crowd {
        /// Whose.
        subject: String,
        /// How many.
        callers: usize,
    },
    /// To go on using these until [`Task::Finish`].
    Run(Vec<String>),
    /// To end what runs.
    Finish,
}

/// What a worker says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Said {
    /// It is ready.
    Ready,
    /// That has been done.
    Done,
    /// That could not be done.
    Failed(String),
    /// An authorization came of it.
    Granted(String),
    /// It was refused for good.
    Refused(String),
    /// These tokens, by a name of theirs.
    Tokens(Vec<u64>),
    /// The user has to connect again, for this reason.
    Lost(String),
    /// The store has taken new tokens.
    Written {
        /// Whose.
        subject: String,
        /// Their generation.
        generation: u64,
        /// When they came.
        received_at: Timestamp,
    },
    /// The store has refused tokens: newer ones are there.
    Stale(String),
    /// It stops itself.
    Stops,
}
