//! What is under way when something fails: what was kept before, and the questions one after the other.

use std::time::Duration;

use cronofy_types::{DataCenter, Timestamp};

use super::rollouts::CLAIM;
use super::values::{
    self, LEASE, app, authorization, authorize, begin, claim, complete, delegation, finish, id, owner, sub,
    take, tokens,
};
use crate::decide::grant::{Command, Reason};
use crate::rollout::{self, Report, Ticket};
use crate::store::{Ask, Binding};
use crate::{GrantId, Origin, PendingId};

pub(crate) const NOW: Timestamp = Timestamp::from_unix_seconds(1_930_385_700);

/// Something that is done in several steps, for tests in which a store fails between any two of them: what it was
/// asked must have happened as a whole or not at all.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Scenario {
    /// What is done.
    pub name: &'static str,
    /// What was asked before.
    pub before: Vec<Ask>,
    /// What is asked, one after the other, by a store whose clock stands as [`Clock`](super::Clock) does at first. Each
    /// changes what is kept.
    pub asks: Vec<Ask>,
}

/// All of them.
pub fn scenarios() -> Vec<Scenario> {
    vec![redeem(), refresh(), refresh_in_vain(), delegate(), revoke(), sweep(), roll_out(), forget()]
}

fn redeem() -> Scenario {
    let wait = authorization("s", NOW);
    let asks = vec![Ask::Redeem(wait.id(), take(1)), finish(wait.id(), &id("acc_1"), 1)];
    Scenario { name: "redeem", before: vec![begin(wait, None)], asks }
}

fn refresh() -> Scenario {
    let id = id("acc_1");
    let asks = vec![claim(&id, 1, 1), complete(&id, 1, 2)];
    Scenario { name: "refresh", before: vec![authorize(&id, 1)], asks }
}

fn refresh_in_vain() -> Scenario {
    let id = id("acc_1");
    let decide = |command| Ask::Decide(id.clone(), command);
    let asks = vec![
        claim(&id, 1, 1),
        decide(Command::Unsure { owner: owner(1), pause: Duration::ZERO }),
        claim(&id, 2, 1),
        decide(Command::Condemn { owner: owner(2), reason: Reason::Refused }),
    ];
    Scenario { name: "refresh in vain", before: vec![authorize(&id, 1)], asks }
}

/// The browser has as many waits as it may, so an older one gives way.
fn delegate() -> Scenario {
    let binding = Some(Binding { hash: [7; 32], most: 1 });
    let wait = delegation("s", NOW);
    let made = GrantId::new(&app("client", DataCenter::Us), sub("acc_2"));
    let asks = vec![
        begin(wait.clone(), binding),
        Ask::Redeem(wait.id(), take(1)),
        Ask::Finish { id: wait.id(), grant: (made, Origin::Delegated { through: sub("ser_1") }, tokens(1)) },
    ];
    Scenario { name: "delegate", before: vec![begin(authorization("older", NOW), binding)], asks }
}

fn revoke() -> Scenario {
    let delegated = |name| Ask::Authorize {
        id: id(name),
        origin: Origin::Delegated { through: sub("ser_1") },
        tokens: tokens(1),
    };
    let before = vec![authorize(&id("ser_1"), 1), delegated("acc_1"), delegated("acc_2"), delegated("acc_3")];
    let asks = vec![Ask::Decide(id("ser_1"), Command::Revoke), Ask::EndDelegated { through: id("ser_1") }];
    Scenario { name: "revoke", before, asks }
}

fn sweep() -> Scenario {
    let long_ago = Timestamp::UNIX_EPOCH.saturating_add(LEASE);
    let before = ["one", "two", "three"].map(|name| begin(authorization(name, long_ago), None)).into();
    Scenario { name: "sweep", before, asks: vec![Ask::Sweep { limit: 2 }, Ask::Sweep { limit: 2 }] }
}

/// One of two mailboxes is asked for and redeemed.
fn roll_out() -> Scenario {
    let [begin, add] = <[Ask; 2]>::try_from(values::roll_out(2)).unwrap();
    let command = |command| Ask::Rollout(values::roll_out_id(), command);
    let report = |generation, report| {
        command(rollout::Command::Report { tickets: vec![Ticket { position: 1, generation }], report })
    };
    let state = values::state(1);
    let asks = vec![
        add,
        command(rollout::Command::Claim(CLAIM)),
        report(2, Report::Asked { patience: LEASE }),
        Ask::Came { wait: PendingId::of(&state), callback: values::code(&state) },
        command(rollout::Command::Claim(CLAIM)),
        report(5, Report::Granted(sub("acc_1"))),
    ];
    Scenario { name: "roll out", before: vec![begin], asks }
}

/// With one mailbox asked for and the other granted.
fn forget() -> Scenario {
    let Scenario { mut before, asks, .. } = roll_out();
    before.extend(asks);
    let command = |command| Ask::Rollout(values::roll_out_id(), command);
    let asks =
        vec![command(rollout::Command::Pause(rollout::Paused::ByHand)), command(rollout::Command::Forget)];
    Scenario { name: "forget", before, asks }
}
