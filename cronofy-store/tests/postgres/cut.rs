//! A connection that is cut before and after every statement.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use cronofy_store::seal::{Keys, Seal};
use cronofy_store::store::{Ask, Store, Told, ask_blocking};
use cronofy_store::suite::{Clock, Scenario, scenarios};
use cronofy_store::{PostgresStore, StoreError};

use crate::database::{Schema, server};
use crate::list;
use crate::proxy::{Fate, Proxy};
use crate::support::{ask, authorize, begin, key, mailboxes, rolled_out};

list![
    wherever_it_is_cut_for_good_each_question_is_answered_whole_or_not_at_all,
    wherever_it_is_cut_once_each_question_is_answered_or_its_fate_is_unknown,
    a_migration_is_done_or_not_wherever_it_is_cut,
    rekeying_goes_on_wherever_it_was_cut,
];

/// What happens while a store works through a proxy.
#[derive(Debug)]
enum Event {
    Cut,
    Done(Vec<Result<Told, StoreError>>),
}

/// What comes after the connection was cut.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    /// Another one.
    Another,
    /// Nobody comes through any more.
    Nothing,
}

/// A proxy that cuts at a point: an even one loses the statement that comes after half as many, an odd one leaves that
/// statement unanswered.
struct Cut {
    proxy: Proxy,
    sender: Sender<Event>,
    events: Receiver<Event>,
}

impl Cut {
    fn new() -> Self {
        let (sender, events) = channel();
        let cuts = sender.clone();
        // The test has gone on where a store goes on trying.
        let proxy = Proxy::to(server(), move || drop(cuts.send(Event::Cut)));
        Self { proxy, sender, events }
    }

    fn at(&self, point: usize, then: Then) {
        let (mut before, mut here) =
            (point / 2, Some(if point.is_multiple_of(2) { Fate::Lost } else { Fate::Unanswered }));
        let ended = self.proxy.ended();
        self.proxy.decide(move |_| {
            if let Some(left) = before.checked_sub(1) {
                before = left;
                return Fate::Passes;
            }
            ended.store(then == Then::Nothing, Ordering::SeqCst);
            here.take().unwrap_or(Fate::Passes)
        });
    }

    fn open(&self, schema: &Schema, seal: impl Into<Seal>) -> PostgresStore {
        let options = schema.options_at(self.proxy.address).connections(1);
        options.open(seal).unwrap().with_clock(|| Clock::default().now())
    }

    /// Does it on a thread of its own, which nobody waits for once the connection is cut for good.
    fn start(&self, work: impl FnOnce() -> Vec<Result<Told, StoreError>> + Send + 'static) {
        let sender = self.sender.clone();
        thread::spawn(move || drop(sender.send(Event::Done(work()))));
    }
}

const TABLES: [&str; 5] = ["grants", "pending", "rollouts", "mailboxes", "budgets"];

/// Everything that is kept, as it lies in the tables.
fn snapshot(schema: &Schema) -> String {
    let rows = |table| {
        let rows =
            format!("SELECT (to_jsonb(t) - 'number')::text FROM {}.{table} AS t ORDER BY 1", schema.name);
        format!("{table}: {:?}\n", schema.database.rows(&rows))
    };
    TABLES.map(rows).concat()
}

/// Keeps how the tables are, for [`put_back`].
fn keep(schema: &Schema) {
    let name = &schema.name;
    for table in TABLES {
        schema.database.run(&format!("CREATE TABLE {name}.was_{table} AS TABLE {name}.{table}"));
    }
}

fn put_back(schema: &Schema) {
    let name = &schema.name;
    let put_back = |table| {
        format!(
            "DELETE FROM {name}.{table}; \
             INSERT INTO {name}.{table} OVERRIDING SYSTEM VALUE TABLE {name}.was_{table};"
        )
    };
    schema.database.run(&TABLES.map(put_back).concat());
}

/// Prepares a scenario, and says what is there after each of its questions where nothing is cut.
fn prepare(schema: &Schema, scenario: &Scenario) -> Vec<String> {
    let store = schema.open(Seal::plaintext()).with_clock(|| Clock::default().now());
    for before in &scenario.before {
        ask(&store, before.clone());
    }
    keep(schema);
    let mut states = vec![snapshot(schema)];
    for question in &scenario.asks {
        ask(&store, question.clone());
        states.push(snapshot(schema));
    }
    states
}

/// Asks one after the other, until one is not answered. Counts those that were.
fn ask_all(store: &dyn Store, asks: Vec<Ask>, answered: &AtomicUsize) -> Vec<Result<Told, StoreError>> {
    let mut told = Vec::new();
    for ask in asks {
        told.push(ask_blocking(store, ask));
        if told.last().is_some_and(Result::is_err) {
            break;
        }
        answered.fetch_add(1, Ordering::SeqCst);
    }
    told
}

fn wherever_it_is_cut_for_good_each_question_is_answered_whole_or_not_at_all() {
    for scenario in scenarios() {
        let schema = Schema::new();
        let states = prepare(&schema, &scenario);
        let mut seen = vec![0];
        for point in 0.. {
            put_back(&schema);
            let cut = Cut::new();
            let (store, answered) = (cut.open(&schema, Seal::plaintext()), Arc::new(AtomicUsize::new(0)));
            cut.at(point, Then::Nothing);
            cut.start({
                let (asks, answered) = (scenario.asks.clone(), Arc::clone(&answered));
                move || ask_all(&store, asks, &answered)
            });
            let event = cut.events.recv().unwrap();
            let (found, answered) = (snapshot(&schema), answered.load(Ordering::SeqCst));
            let state = states.iter().position(|state| *state == found);
            let state = state.unwrap_or_else(|| panic!("{}, at {point}: between\n{found}", scenario.name));
            assert!((answered..=answered + 1).contains(&state), "{}, at {point}: {state}", scenario.name);
            seen.push(state);
            if let Event::Done(told) = event {
                assert_eq!(told.len(), scenario.asks.len(), "{}: {told:?}", scenario.name);
                assert!(point >= 6 * scenario.asks.len(), "{}: {point} points", scenario.name);
                break;
            }
        }
        assert!(seen.is_sorted(), "{}: {seen:?}", scenario.name);
        seen.dedup();
        assert_eq!(seen, (0..states.len()).collect::<Vec<_>>(), "{}: every state was seen", scenario.name);
    }
}

fn wherever_it_is_cut_once_each_question_is_answered_or_its_fate_is_unknown() {
    for scenario in scenarios() {
        let schema = Schema::new();
        let states = prepare(&schema, &scenario);
        let mut unknown = 0;
        for point in 0.. {
            put_back(&schema);
            let cut = Cut::new();
            let store = cut.open(&schema, Seal::plaintext());
            cut.at(point, Then::Another);
            let answered = AtomicUsize::new(0);
            let told = ask_all(&store, scenario.asks.clone(), &answered);
            let answered = answered.into_inner();
            match told.last() {
                Some(Ok(_)) => {
                    assert_eq!(snapshot(&schema), states[states.len() - 1], "{}, at {point}", scenario.name);
                }
                Some(Err(StoreError::Unknown(_))) => {
                    unknown += 1;
                    // The end was lost, or its answer.
                    assert_eq!(
                        snapshot(&schema),
                        states[answered + point % 2],
                        "{}, at {point}",
                        scenario.name
                    );
                }
                other => panic!("{}, at {point}: {other:?}", scenario.name),
            }
            if cut.events.try_recv().is_err() {
                break;
            }
        }
        assert_eq!(unknown, 2 * scenario.asks.len(), "{}: where a transaction ends", scenario.name);
    }
}

fn a_migration_is_done_or_not_wherever_it_is_cut() {
    for point in 0.. {
        let schema = Schema::new();
        let tables = || {
            let there = format!(
                "SELECT relname FROM pg_class WHERE relnamespace::regnamespace::text = '{}'",
                schema.name
            );
            schema.database.rows(&there).len()
        };
        let cut = Cut::new();
        cut.at(point, Then::Nothing);
        cut.start({
            let options = schema.options_at(cut.proxy.address).connections(1);
            move || vec![options.open(Seal::plaintext()).map(|_| Told::Swept(0))]
        });
        let event = cut.events.recv().unwrap();
        let left = tables();
        ask(&schema.open(Seal::plaintext()), authorize("acc_1"));
        let whole = tables();
        assert!([0, whole].contains(&left), "at {point}: {left} of {whole}");
        if let Event::Done(told) = event {
            assert!(matches!(told[..], [Ok(_)]), "{told:?}");
            assert!(point >= 16, "{point} points");
            break;
        }
    }
}

fn rekeying_goes_on_wherever_it_was_cut() {
    let schema = Schema::new();
    let prepared = schema.open(Keys::new(key(1)));
    // One batch of grants, and a part of another.
    for number in 0..66 {
        ask(&prepared, authorize(&format!("acc_{number}")));
    }
    ask(&prepared, begin("one"));
    ask(&prepared, begin("two"));
    rolled_out(&prepared);
    keep(&schema);
    let both = || Keys::new(key(2)).and_open(key(1));
    let mut left_before = 72;
    for point in 0.. {
        put_back(&schema);
        let cut = Cut::new();
        let store = cut.open(&schema, both());
        cut.at(point, Then::Nothing);
        cut.start(move || vec![store.rekey(|_| {}).map(|_| Told::Swept(0))]);
        let event = cut.events.recv().unwrap();
        let done = schema.open(both()).rekey(|_| {}).unwrap();
        assert!([72, 8, 6, 4, 3, 0].contains(&done.done), "at {point}: in whole batches, {done:?}");
        assert!(done.done <= left_before, "at {point}: what was done stays done");
        left_before = done.done;
        assert_eq!(done.left, 0);
        if matches!(event, Event::Done(_)) {
            break;
        }
    }
    assert_eq!(left_before, 0);
    let store = schema.open(Keys::new(key(2)));
    let Told::Grants(all) = ask(&store, Ask::Grants { after: None, limit: 99 }) else { panic!() };
    assert_eq!(all.len(), 66, "without the old key");
    assert_eq!(mailboxes(&store).unwrap().len(), 3);
}
