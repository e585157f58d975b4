//! Stores that each leave out one thing that the protocol stands on: whoever tests with them has to notice.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use cronofy_auth_core::token::TokenSet;
use cronofy_store::decide::grant::{Command, Phase, Reply};
use cronofy_store::store::{Answer, Ask, StoreError, Told, ask_blocking};
use cronofy_store::{Grant, GrantId, Store};

use crate::{Make, Process, sharing};

/// What is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Broken {
    /// Everybody wins every claim.
    NoLock,
    /// A claim does not look whether the tokens that were read are still the ones in the row.
    NoReRead,
    /// New tokens are taken whatever has happened since.
    NoFence,
    /// The lease is over before the call can be.
    ShortLease,
    /// A failure is believed of whoever reports it.
    NoOwner,
    /// The refresh token is written after the access token.
    TwoSteps,
}

/// A store of another one, all of whose decisions are right.
struct BrokenStore {
    store: Arc<dyn Store>,
    leaves_out: Broken,
}

/// Each of them is caught by the test of the failure that it lets in, and only by breaking: with the whole store the
/// same test passes.
pub fn every_broken_store_is_caught(make: Make<'_>) {
    type Scenario = fn(Make<'_>);
    let caught_by: [(Broken, Scenario); 6] = [
        (Broken::NoLock, sharing::f1_f2_processes_wait_for_each_other_and_take_what_came),
        (Broken::NoReRead, sharing::f2_who_read_before_it_waited_reads_again),
        (Broken::NoFence, sharing::f5_a_late_answer_does_not_replace_newer_tokens),
        (Broken::ShortLease, sharing::f1_f2_processes_wait_for_each_other_and_take_what_came),
        (Broken::NoOwner, sharing::f4_a_slow_holder_does_not_release_another_ones_claim),
        (Broken::TwoSteps, sharing::f10_access_and_refresh_token_are_never_written_in_two_steps),
    ];
    for (leaves_out, scenario) in caught_by {
        scenario(make);
        let broken = |process: Process| {
            let store = Arc::new(BrokenStore { store: Arc::clone(&process.store), leaves_out });
            make(Process { store, ..process })
        };
        let run = catch_unwind(AssertUnwindSafe(|| scenario(&broken)));
        assert!(run.is_err(), "{leaves_out:?} was not caught");
    }
}

impl Store for BrokenStore {
    fn submit(&self, ask: Ask, answer: Answer) {
        answer.tell(match ask {
            Ask::Decide(id, command) => self.decide(&id, command),
            ask => ask_blocking(&*self.store, ask),
        });
    }
}

impl BrokenStore {
    fn decide(&self, id: &GrantId, mut command: Command<Arc<TokenSet>>) -> Result<Told, StoreError> {
        match (self.leaves_out, &mut command) {
            (Broken::ShortLease, Command::Claim { lease, .. }) => *lease = Duration::ZERO,
            (Broken::TwoSteps, Command::Complete { generation, tokens }) => {
                let mut half = TokenSet::clone(tokens);
                half.refresh_token = self.kept(id)?.tokens.and_then(|kept| kept.refresh_token.clone());
                let half = Command::Complete { generation: *generation, tokens: Arc::new(half) };
                if let Told::Decided(Reply::Written { generation: now }) = self.ask(id, half)? {
                    *generation = now;
                }
            }
            _ => {}
        }
        let told = self.ask(id, command.clone())?;
        match (self.leaves_out, &mut command) {
            (Broken::NoLock, Command::Claim { .. }) => return Ok(Told::Decided(Reply::Won)),
            _ if !matches!(told, Told::Decided(Reply::Stale)) => return Ok(told),
            // What is refused as stale is asked again in words that are not.
            (Broken::NoReRead, Command::Claim { generation, .. })
            | (Broken::NoFence | Broken::NoLock, Command::Complete { generation, .. }) => {
                *generation = self.kept(id)?.generation;
            }
            (
                Broken::NoOwner,
                Command::Fail { owner, .. } | Command::Unsure { owner, .. } | Command::Condemn { owner, .. },
            ) => {
                if let Phase::Refreshing { owner: holder, .. } = self.kept(id)?.phase {
                    *owner = holder;
                }
            }
            _ => return Ok(told),
        }
        self.ask(id, command)
    }

    fn ask(&self, id: &GrantId, command: Command<Arc<TokenSet>>) -> Result<Told, StoreError> {
        ask_blocking(&*self.store, Ask::Decide(id.clone(), command))
    }

    fn kept(&self, id: &GrantId) -> Result<Grant, StoreError> {
        match ask_blocking(&*self.store, Ask::Grant(id.clone()))? {
            Told::Grant(Some(grant)) => Ok(*grant),
            _ => Err(StoreError::Gone),
        }
    }
}
