//! A statement that fails, at every place: what was asked is not done, and nothing of it is.

use std::collections::BTreeSet;

use cronofy_types::Timestamp;
use rusqlite::Connection;

use super::*;
use crate::decide::budget;
use crate::execute::{PendingRow, Transaction};
use crate::rollout::{AddressHash, BudgetId, Mailbox, Rollout, RolloutId, Stage};
use crate::store::Binding;
use crate::{Grant, GrantId};

/// Fails at one of its operations: before it, or although it was done.
struct Failing<T> {
    inner: T,
    /// Half-steps that still go well.
    left: usize,
}

impl<T> Failing<T> {
    fn step(&mut self) -> Result<(), StoreError> {
        self.left = self.left.checked_sub(1).ok_or(StoreError::Gone)?;
        Ok(())
    }
}

macro_rules! failing {
    ($(fn $name:ident($($arg:ident: $type:ty),*) -> $told:ty;)*) => {
        impl<T: Transaction> Transaction for Failing<T> {
            $(async fn $name(&mut self, $($arg: $type),*) -> Result<$told, StoreError> {
                self.step()?;
                let told = self.inner.$name($($arg),*).await?;
                self.step()?;
                Ok(told)
            })*
        }
    };
}

failing! {
    fn now() -> Timestamp;
    fn grant(id: &GrantId) -> Option<Grant>;
    fn put_grant(grant: &Grant) -> ();
    fn delegated_from(through: &GrantId) -> Vec<Grant>;
    fn grants(after: Option<&GrantId>, limit: usize) -> Vec<Grant>;
    fn pending(id: &PendingId) -> Option<PendingRow>;
    fn put_pending(id: &PendingId, row: &PendingRow, binding: Option<&Binding>) -> ();
    fn make_room(binding: &Binding) -> ();
    fn sweep(before: Timestamp, limit: usize) -> usize;
    fn rollout(id: &RolloutId) -> Option<Rollout>;
    fn put_rollout(id: &RolloutId, rollout: &Rollout) -> ();
    fn forget_mailboxes(id: &RolloutId) -> ();
    fn mailboxes(id: &RolloutId, positions: &[u32]) -> Vec<Mailbox>;
    fn mailboxes_after(id: &RolloutId, after: Option<u32>, limit: usize) -> Vec<Mailbox>;
    fn mailboxes_due(id: &RolloutId, stage: Stage, by: Timestamp, limit: usize) -> Vec<Mailbox>;
    fn put_mailboxes(id: &RolloutId, mailboxes: &[Mailbox]) -> ();
    fn known_addresses(id: &RolloutId, addresses: &[AddressHash]) -> BTreeSet<AddressHash>;
    fn mailbox_of(wait: &PendingId) -> Option<(RolloutId, u32)>;
    fn budget(id: &BudgetId) -> Option<budget::Row>;
    fn put_budget(id: &BudgetId, row: &budget::Row) -> ();
}

/// Does as it is asked, unless the operation fails that comes after `left` half-steps.
fn failing_after(left: usize, connection: &mut Connection, seal: &Seal, ask: Ask) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
    let inner = SqliteTransaction::new(&transaction, seal, scenarios::NOW);
    at_once(execute(&mut Failing { inner, left }, ask))?;
    transaction.commit().unwrap();
    Ok(())
}

#[test]
fn whatever_operation_fails_nothing_is_half_written() {
    let seal = Seal::from(Keys::new(old_key()));
    for scenario in scenarios::scenarios() {
        let mut connection = Location::Memory.open_to_write().unwrap();
        for ask in scenario.before {
            transact(&mut connection, &seal, scenarios::NOW, ask).unwrap();
        }
        for ask in scenario.asks {
            let before = snapshot(&connection, &seal);
            let mut points = 0;
            while failing_after(points, &mut connection, &seal, ask.clone()).is_err() {
                assert_eq!(snapshot(&connection, &seal), before, "{}: {ask:?}, at {points}", scenario.name);
                points += 1;
            }
            assert_ne!(snapshot(&connection, &seal), before, "{}: {ask:?} is done at last", scenario.name);
            assert!(points >= 4, "{}: {ask:?} has {points} points", scenario.name);
        }
    }
}
