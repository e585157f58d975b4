//! What only the inside can show: a disk that fails, a statement that fails, and a process that dies.

mod death;
mod disk;
mod failure;
mod plans;

use std::fmt::Write as _;
use std::path::Path;

use super::*;
use crate::PendingId;
use crate::execute::Transaction as _;
use crate::rollout::{BudgetId, Command, RolloutId};
use crate::seal::{Key, Keys};
use crate::suite::{scenarios, values};

fn old_key() -> Key {
    Key::from_bytes([1; 32])
}

fn new_key() -> Key {
    Key::from_bytes([2; 32])
}

/// A store whose clock stands still.
fn store(path: &Path, keys: Keys) -> SqliteStore {
    SqliteStore::open(path, keys).unwrap().with_clock(|| scenarios::NOW)
}

/// Everything that is kept, opened and written out.
fn snapshot(connection: &rusqlite::Connection, seal: &Seal) -> String {
    let mut all = String::new();
    let mut transaction = SqliteTransaction::new(connection, seal, scenarios::NOW);
    for grant in at_once(transaction.grants(None, usize::MAX)).unwrap() {
        let tokens = grant.tokens.as_ref().map(|tokens| tokens.access_token.expose());
        writeln!(all, "{grant:?} {tokens:?}").unwrap();
    }
    let mut ids = connection.prepare("SELECT id FROM pending ORDER BY id").unwrap();
    let ids: Result<Vec<[u8; 32]>, _> = ids.query_map((), |row| row.get(0)).unwrap().collect();
    for id in ids.unwrap() {
        let row = at_once(transaction.pending(&PendingId(id))).unwrap();
        writeln!(all, "{id:02x?} {row:?}").unwrap();
    }
    let mut ids = connection.prepare("SELECT id FROM rollouts ORDER BY id").unwrap();
    let ids: Result<Vec<[u8; 16]>, _> = ids.query_map((), |row| row.get(0)).unwrap().collect();
    for id in ids.unwrap().into_iter().map(RolloutId) {
        let rollout = at_once(transaction.rollout(&id)).unwrap().unwrap();
        let budget = at_once(transaction.budget(&BudgetId::of(&rollout.settings.through))).unwrap();
        writeln!(all, "{rollout:?} {budget:?}").unwrap();
        for mailbox in at_once(transaction.mailboxes_after(&id, None, usize::MAX)).unwrap() {
            writeln!(all, "{mailbox:?}").unwrap();
        }
    }
    all
}

fn snapshot_of(store: &SqliteStore) -> String {
    let seal = Arc::clone(&store.seal);
    store.writer.run_blocking(move |connection| Ok(snapshot(connection, &seal))).unwrap()
}
