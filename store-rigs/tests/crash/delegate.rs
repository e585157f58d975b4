//! Mailboxes: they are asked for, and the outcome comes by a callback.

use std::time::Duration;

use cronofy_auth_core::delegate::{DelegationRequest, enterprise};
use cronofy_auth_core::types::{AccessToken, CallbackUrl, EmailAddress, Scope, Scopes, State};
use cronofy_store::store::Ask;
use cronofy_store::{Grant, Pending};
use store_rigs::Worker;
use store_rigs::orders::{Said, Task};
use store_rigs::rig::{Database, Rig, keep};
use token_manager_suite::web::Receiver;

use crate::bench::{Bench, WORKER};
use crate::{MODES, TOKENS, name};

/// A mailbox is asked for.
struct Wish {
    receiver: Receiver,
    account: Grant,
    email: String,
}

impl Wish {
    fn new(bench: &mut Bench) -> Self {
        let account = bench.rig.service_account();
        bench.grants.push(account.clone());
        let email = bench.rig.sandbox.ready().service_account.users[0].clone();
        Self { receiver: Receiver::listen(), account, email }
    }

    fn task(&self, state: &str) -> Task {
        Task::Delegate {
            account: name(&self.account),
            email: self.email.clone(),
            callback_url: self.receiver.url(),
            state: state.into(),
        }
    }

    fn wait(&self, rig: &Rig, state: &str) -> Ask {
        let request = DelegationRequest::new(
            EmailAddress::new(self.email.as_str()).unwrap(),
            CallbackUrl::new(self.receiver.url()).unwrap(),
            Scopes::from([Scope::ReadEvents]),
            State::new(state).unwrap(),
        );
        let token = AccessToken::new("not sent").unwrap();
        let (_, pending) = enterprise(&rig.app(), token, &[request], rig.now()).unwrap();
        let [pending] = &pending[..] else { panic!("one was asked for") };
        let pending =
            Pending::Delegation { through: self.account.id.subject.clone(), pending: pending.clone() };
        Ask::Begin { pending, binding: None }
    }

    /// As many callbacks as were promised.
    fn callbacks(&self, rig: &Rig) -> Vec<Task> {
        rig.sandbox.advance(Duration::from_secs(5));
        let promised = rig.answers("POST /v1/service_account_authorizations", None);
        assert!(promised.iter().all(|status| *status == 202), "{promised:?}");
        promised.iter().map(|_| Task::Callback(String::from_utf8(self.receiver.next()).unwrap())).collect()
    }
}

pub(crate) fn delegate(database: &Database) {
    for mode in MODES {
        let mut bench = Bench::new(database, mode);
        let wish = Wish::new(&mut bench);
        let task = wish.task("mailbox");
        bench.at_every_point(Some(&task), |crash| {
            assert_eq!(crash.then(&task), Said::Done, "{crash}");
            let callbacks = wish.callbacks(&crash.bench.rig);
            let told: Vec<Said> = callbacks.iter().map(|callback| crash.then(callback)).collect();
            let Said::Granted(subject) = &told[0] else { panic!("{crash}: {told:?}") };
            assert!(told.iter().all(|said| *said == told[0]), "{crash}: {told:?}");
            assert_eq!(crash.bench.rig.answers(TOKENS, None), [200], "{crash}: one code is redeemed");
            assert_eq!(crash.then(&Task::Use(subject.clone())), told[0], "{crash}");
        });
    }
}

pub(crate) fn callback(database: &Database) {
    for mode in MODES {
        let mut bench = Bench::new(database, mode);
        let wish = Wish::new(&mut bench);
        // Asked for by a worker that does not die, of a store that is not looked at again.
        let elsewhere = bench.rig.setup(&bench.rig.place());
        let store = elsewhere.place.open(&elsewhere.keys, elsewhere.now);
        keep(&*store, &wish.account);
        let mut worker = Worker::start(WORKER, &elsewhere);
        worker.tell(&wish.task("mailbox"));
        assert_eq!((worker.hear(), worker.hear()), (Some(Said::Ready), Some(Said::Done)));
        let [callback] = &wish.callbacks(&bench.rig)[..] else { panic!("one was promised") };
        bench.asks.push(wish.wait(&bench.rig, "mailbox"));

        bench.at_every_point(Some(callback), |crash| {
            let mut told = crash.then(callback);
            assert_eq!(crash.then(callback), told, "{crash}: everybody is told the same");
            if let Said::Refused(_) = told {
                assert_eq!(crash.bench.rig.answers(TOKENS, None), [200, 400], "{crash}");
                assert_eq!(crash.then(&wish.task("again")), Said::Done, "{crash}");
                let again = wish.callbacks(&crash.bench.rig);
                told = crash.then(&again[0]);
            }
            let Said::Granted(subject) = &told else { panic!("{crash}: {told:?}") };
            assert_eq!(crash.then(&Task::Use(subject.clone())), told, "{crash}");
        });
    }
}
