//! What every test of a roll-out begins with: an organization of many people, its service account, and somebody who
//! takes callbacks.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use cronofy_auth_core::authorize::EnterpriseConnect;
use cronofy_auth_core::types::{
    CallbackUrl, EmailAddress, Redirect, RedirectUri, Scope, Scopes, State, Verified,
};
use cronofy_sandbox::{Expectation, Sandbox};
use cronofy_store::manager::Subscription;
use cronofy_store::onboarding::{Ended, Entry, Event, Pace, Standing};
use cronofy_store::store::Store;
use cronofy_store::{GrantId, MemoryStore, Outcome, Pending, SqliteStore, rollout};

use crate::bench::{Bench, Now};
use crate::web::{answered, sent_on};
use crate::{Make, Roller, Subject};

pub(crate) const ASKS: &str = "POST /v1/service_account_authorizations";

/// A roll-out to an organization, before it begins.
pub(crate) struct Campaign<'a> {
    pub(crate) bench: Bench<'a>,
    pub(crate) process: Box<dyn Subject>,
    pub(crate) through: GrantId,
    pub(crate) desk: Desk,
    people: usize,
}

impl<'a> Campaign<'a> {
    /// Of so many people, with a store in memory.
    pub(crate) fn of(make: Make<'a>, people: usize) -> Self {
        Self::kept(make, people, |clock| Arc::new(MemoryStore::with_clock(clock)))
    }

    /// The same with a store in a file.
    pub(crate) fn in_a_file(make: Make<'a>, people: usize, path: &std::path::Path) -> Self {
        let keys = cronofy_store::seal::Keys::new(cronofy_store::seal::Key::from_bytes([1; 32]));
        Self::kept(make, people, |clock| Arc::new(SqliteStore::open(path, keys).unwrap().with_clock(clock)))
    }

    /// The same, whose administrator can see everybody's calendars: for Business Connect.
    pub(crate) fn shared(make: Make<'a>, people: usize) -> Self {
        let addresses: Vec<String> =
            self::people(0..people).iter().map(|person| format!("'{person}'")).collect();
        let reaches = format!("reaches = [{}]\n", addresses.join(", "));
        let world =
            organization(people).replacen("name = 'Admin'\n", &format!("name = 'Admin'\n{reaches}"), 1);
        Self::against(make, people, world, |clock| Arc::new(MemoryStore::with_clock(clock)))
    }

    fn kept(make: Make<'a>, people: usize, open: impl FnOnce(Now) -> Arc<dyn Store>) -> Self {
        Self::against(make, people, organization(people), open)
    }

    fn against(
        make: Make<'a>,
        people: usize,
        world: String,
        open: impl FnOnce(Now) -> Arc<dyn Store>,
    ) -> Self {
        let sandbox = Sandbox::builder().scenario(world).callback_delay(Duration::ZERO);
        let bench = Bench::against(make, sandbox, open);
        let process = bench.process();
        let through = connect_domain(&bench, &*process);
        bench.sandbox.clear_journal();
        bench.wire.let_time_pass();
        Self { bench, process, through, desk: Desk::open(), people }
    }

    pub(crate) fn settings(&self) -> rollout::Settings {
        rollout::Settings {
            through: self.through.clone(),
            profile: None,
            callback_url: CallbackUrl::new(self.desk.url.clone()).unwrap(),
            scope: Scopes::from([Scope::ReadEvents]),
        }
    }

    /// Everybody of the organization.
    pub(crate) fn people(&self) -> Vec<EmailAddress> {
        people(0..self.people)
    }

    /// The roll-out to everybody, by a process that takes the callbacks too.
    pub(crate) fn begun(&self) -> Arc<dyn Roller> {
        let roller = self.roller(&*self.process);
        roller.add(self.people()).unwrap();
        self.desk.hand_to(&roller);
        roller
    }

    /// The same roll-out in a process.
    pub(crate) fn roller(&self, process: &dyn Subject) -> Arc<dyn Roller> {
        process.onboard("everybody", self.settings(), Pace::default()).unwrap()
    }

    /// How many requests asked for mailboxes.
    #[track_caller]
    pub(crate) fn asked(&self, times: u64) {
        self.bench.sandbox.expect(Expectation::of(ASKS).times(times)).unwrap();
    }

    /// How many requests brought a code.
    #[track_caller]
    pub(crate) fn redeemed(&self, times: u64) {
        self.bench.sandbox.expect(codes().times(times)).unwrap();
    }
}

pub(crate) fn codes() -> Expectation {
    Expectation::of("POST /oauth/token").field("grant_type", "authorization_code")
}

pub(crate) fn person(number: usize) -> EmailAddress {
    EmailAddress::new(format!("person-{number}@meadow.example")).unwrap()
}

pub(crate) fn people(numbers: std::ops::Range<usize>) -> Vec<EmailAddress> {
    numbers.map(person).collect()
}

/// Everybody in the report was authorized, once each and as somebody of their own.
#[track_caller]
pub(crate) fn all_authorized(roller: &dyn Roller, people: usize) {
    let subjects: std::collections::BTreeSet<_> =
        roller.report().unwrap().into_iter().map(|entry| granted(entry).subject).collect();
    assert_eq!(subjects.len(), people);
    let progress = roller.progress().unwrap();
    assert_eq!((progress.authorized as usize, progress.failed, progress.queued), (people, 0, 0));
}

#[track_caller]
pub(crate) fn granted(entry: Entry) -> GrantId {
    match entry.standing {
        Standing::Granted(id) => id,
        other => panic!("{}: {other:?}", entry.address),
    }
}

#[track_caller]
pub(crate) fn finishes(roller: &dyn Roller) {
    assert_eq!(roller.run().unwrap(), Ended::Finished);
}

fn organization(people: usize) -> String {
    let mut toml = "world = 'replace'\n[[organizations]]\ndomain = 'meadow.example'\nname = 'Meadow'\n\
         provider = 'office365'\nadministrator = 'admin@meadow.example'\n\
         [[users]]\nemail = 'admin@meadow.example'\nname = 'Admin'\n"
        .to_owned();
    for person in self::people(0..people) {
        writeln!(toml, "[[users]]\nemail = '{person}'\nname = '{person}'").unwrap();
    }
    toml
}

/// The administrator consents.
pub(crate) fn connect_domain(bench: &Bench<'_>, process: &dyn Subject) -> GrantId {
    let connect = EnterpriseConnect::new(
        RedirectUri::new("http://127.0.0.1:1/back").unwrap(),
        Scopes::from([Scope::ServiceAccountAccountsManage]),
        Scopes::from([Scope::ReadEvents]),
    );
    let state = State::new(format!("admin-{}", bench.sandbox.requests_served())).unwrap();
    let begun = connect.unwrap().authorize(&bench.app, state.clone(), bench.wire.now());
    process.begin(Pending::Authorization(begun.pending)).unwrap();
    let redirect = Redirect::from_url(&sent_on(&begun.url)).unwrap();
    match process.complete_redirect(redirect, &state).unwrap() {
        Outcome::Granted(id) => id,
        other => panic!("{other:?}"),
    }
}

type Whose = Arc<Mutex<Option<Arc<dyn Roller>>>>;

/// Takes callbacks, and hands each to one process.
pub(crate) struct Desk {
    url: String,
    whose: Whose,
    closed: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Desk {
    fn open() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let url = format!("http://{}/callback", listener.local_addr().unwrap());
        let (whose, closed) = (Whose::default(), Arc::new(AtomicBool::new(false)));
        let (desk, over) = (Arc::clone(&whose), Arc::clone(&closed));
        let thread = thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept()
                && !over.load(Ordering::Relaxed)
            {
                answered(stream, |body| {
                    let roller = desk.lock().unwrap().clone();
                    // As a load balancer without anybody behind it.
                    let Some(roller) = roller else { return 503 };
                    roller.receive(&Verified::vouched_for_elsewhere(body)).map_or(500, |_| 200)
                });
            }
        });
        Self { url, whose, closed, thread: Some(thread) }
    }

    /// From now on callbacks come to this process.
    pub(crate) fn hand_to(&self, roller: &Arc<dyn Roller>) {
        *self.whose.lock().unwrap() = Some(Arc::clone(roller));
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::Relaxed);
        // So that it looks.
        let authority = self.url.trim_start_matches("http://").trim_end_matches("/callback");
        drop(TcpStream::connect(authority));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// All events that a process told.
pub(crate) struct Told {
    events: Arc<Mutex<Vec<Event>>>,
    _subscription: Subscription,
}

impl Told {
    pub(crate) fn by(roller: &dyn Roller) -> Self {
        let events = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&events);
        let subscription = roller.subscribe(Box::new(move |event| heard.lock().unwrap().push(event.clone())));
        Self { events, _subscription: subscription }
    }

    pub(crate) fn all(&self) -> Vec<Event> {
        self.events.lock().unwrap().clone()
    }

    pub(crate) fn count(&self, which: impl Fn(&Event) -> bool) -> usize {
        self.all().iter().filter(|event| which(event)).count()
    }
}
