//! A roll-out in which every mailbox was asked for, and no callback has come.

use std::time::Duration;

use cronofy_auth_core::delegate::{DelegationRequest, enterprise};
use cronofy_auth_core::types::{AccessToken, CallbackUrl, DataCenter, EmailAddress, Scope, Scopes, Sub};
use cronofy_store::rollout::{Claim, Command, Limits, Reply, Report, RolloutId, Seed, Settings, ToAsk, Work};
use cronofy_store::store::{Ask, Store, Told, ask_blocking};
use cronofy_store::{GrantId, MemoryStore, Pending};

use crate::allocations;
use crate::inputs::{NOW, app};

const CHECKED: &str = "the constants here are valid values";
const HOUR: Duration = Duration::from_secs(3600);

/// How many bytes a store in memory holds for each mailbox that is asked for: its place in the list, and the wait.
pub fn bytes_in_memory() -> f64 {
    const MAILBOXES: u32 = 10_000;
    let store = MemoryStore::with_clock(|| NOW);
    let before = allocations::held();
    begin(&store, MAILBOXES);
    #[allow(clippy::cast_precision_loss, reason = "far from 2 to the power of 52")]
    let held = (allocations::held() - before) as f64;
    held / f64::from(MAILBOXES)
}

/// Begins one with so many mailboxes, and asks for all of them, as the worker of an application does.
pub fn begin(store: &dyn Store, mailboxes: u32) {
    let through =
        GrantId::new(&app(DataCenter::Us), Sub::new("ser_5ba21743f408617d1269ea1e").expect(CHECKED));
    let settings = Settings {
        through: through.clone(),
        profile: None,
        callback_url: CallbackUrl::new("https://demo.example.com/cronofy/callback").expect(CHECKED),
        scope: Scopes::from([Scope::ReadWrite]),
    };
    let rollout = RolloutId::new(&through, "everybody");
    let tell = |command| match ask_blocking(store, Ask::Rollout(rollout, command)) {
        Ok(Told::Rollout(reply)) => reply,
        other => panic!("no reply, but {other:?}"),
    };
    tell(Command::Begin { settings: settings.clone(), seed: Seed([7; 32]) });
    let addresses: Vec<EmailAddress> = (0..mailboxes)
        .map(|number| EmailAddress::new(format!("mailbox.{number:06}@example.com")).expect(CHECKED))
        .collect();
    for part in addresses.chunks(1000) {
        tell(Command::Add(part.to_vec()));
    }
    let limits = Limits { per_second: u32::MAX, per_minute: u32::MAX };
    let claim = Claim { lease: HOUR, outstanding: u32::MAX, limits };
    let mut asked = 0;
    while asked < mailboxes {
        let Reply::Claimed { work: Work::Ask { mailboxes, .. }, .. } = tell(Command::Claim(claim)) else {
            panic!("there are mailboxes to ask for");
        };
        let waits = waits(&settings, &mailboxes);
        ask_blocking(store, Ask::BeginAll(waits)).expect("they wait");
        let tickets: Vec<_> = mailboxes.iter().map(|mailbox| mailbox.ticket).collect();
        asked += u32::try_from(tickets.len()).expect("fifty at most");
        tell(Command::Report { tickets, report: Report::Asked { patience: HOUR } });
    }
}

fn waits(settings: &Settings, mailboxes: &[ToAsk]) -> Vec<Pending> {
    let request = |mailbox: &ToAsk| {
        let (callback_url, scope) = (settings.callback_url.clone(), settings.scope.clone());
        DelegationRequest::new(mailbox.address.clone(), callback_url, scope, mailbox.state.clone())
    };
    let requests: Vec<DelegationRequest> = mailboxes.iter().map(request).collect();
    let token = AccessToken::new("P531x88i05Ld2yXHIQ7WjiEyqlmOHsgI").expect(CHECKED);
    let (_, pending) = enterprise(&app(DataCenter::Us), token, &requests, NOW).expect(CHECKED);
    let through = &settings.through.subject;
    pending.into_iter().map(|pending| Pending::Delegation { through: through.clone(), pending }).collect()
}
