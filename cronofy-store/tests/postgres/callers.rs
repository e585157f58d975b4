//! Whoever asks: threads that block, futures without a runtime, tasks of a runtime, and runtimes that end.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use cronofy_store::PostgresStore;
use cronofy_store::blocking::block_on;
use cronofy_store::store::{Answer, Ask, Store, Told, ask, ask_blocking};
use cronofy_store::suite::{Clock, checks};
use tokio::runtime::{Builder, Runtime};

use crate::database::Schema;
use crate::list;
use crate::support::{authorize, id, keys};
use crate::trouble::{WAITS, holder};

list![
    it_passes_the_suite_for_tasks,
    callers_of_all_kinds_are_answered_beside_each_other,
    a_task_reads_beside_what_is_written,
    a_runtime_that_ended_takes_nothing_along,
    a_runtime_of_one_thread_need_not_go_on,
    one_may_block_on_a_thread_of_a_runtime,
];

fn many() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

fn one() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// Whether there is a grant of `acc_1`, asked for on this thread of whatever it is in.
fn read(store: &PostgresStore) -> impl Future<Output = bool> + Send + use<> {
    let told = ask(store, Ask::Grant(id("acc_1")));
    async { matches!(told.await, Ok(Told::Grant(Some(_)))) }
}

/// A store that is asked by tasks.
struct ByTasks {
    store: PostgresStore,
    runtime: Runtime,
}

impl Store for ByTasks {
    fn submit(&self, question: Ask, answer: Answer) {
        answer.tell(self.runtime.block_on(async { ask(&self.store, question).await }));
    }
}

fn it_passes_the_suite_for_tasks() {
    for check in checks() {
        let (schema, clock) = (Schema::new(), Clock::default());
        let store = schema.options().open(keys(1, &[])).unwrap().with_clock({
            let clock = clock.clone();
            move || clock.now()
        });
        check.run(ByTasks { store, runtime: many() }, clock);
    }
}

fn callers_of_all_kinds_are_answered_beside_each_other() {
    let schema = Schema::new();
    let store = Arc::new(schema.open(keys(1, &[])));
    let runtime = many();
    let kinds: [fn(&PostgresStore, &Runtime, Ask); 4] = [
        |store, _, question| drop(ask_blocking(store, question).unwrap()),
        |store, _, question| drop(block_on(ask(store, question)).unwrap()),
        |store, runtime, question| drop(runtime.block_on(async { ask(store, question).await }).unwrap()),
        |store, _, question| drop(one().block_on(async { ask(store, question).await }).unwrap()),
    ];
    thread::scope(|scope| {
        for (number, asks) in kinds.iter().chain(&kinds).enumerate() {
            let (store, runtime) = (&store, &runtime);
            scope.spawn(move || {
                for _ in 0..20 {
                    asks(store, runtime, authorize(&format!("acc_{number}")));
                    asks(store, runtime, Ask::Grant(id("acc_1")));
                }
            });
        }
    });
    let Told::Grants(all) = ask_blocking(&*store, Ask::Grants { after: None, limit: 9 }).unwrap() else {
        panic!()
    };
    assert_eq!(all.iter().map(|grant| grant.generation).collect::<Vec<_>>(), [20; 8]);
}

fn a_task_reads_beside_what_is_written() {
    let schema = Schema::new();
    let store = schema.options().connections(1).patience(Duration::from_secs(60)).open(keys(1, &[])).unwrap();
    ask_blocking(&store, authorize("acc_1")).unwrap();
    schema.before_each_grant(WAITS);
    let holder = holder();
    let written = ask(&store, authorize("acc_1"));
    schema.waiting("");
    assert!(many().block_on(async { read(&store).await }), "while the only connection that writes waits");
    drop(holder);
    block_on(written).unwrap();
}

fn a_runtime_that_ended_takes_nothing_along() {
    let schema = Schema::new();
    let store = schema.open(keys(1, &[]));
    let first = many();
    first.block_on(async { ask(&store, authorize("acc_1")).await }).unwrap();
    assert!(first.block_on(async { read(&store).await }));
    let second = many();
    assert!(second.block_on(async { read(&store).await }), "on a connection of the first, which is there");
    let written = {
        let _inside = first.enter();
        ask(&store, authorize("acc_1"))
    };
    drop(first);
    block_on(written).unwrap();
    assert!(second.block_on(async { read(&store).await }));
    drop(second);
    assert!(block_on(read(&store)));
}

fn a_runtime_of_one_thread_need_not_go_on() {
    let schema = Schema::new();
    let store = schema.open(keys(1, &[]));
    let runtime = one();
    let (written, found) = runtime.block_on(async {
        ask(&store, authorize("acc_1")).await.unwrap();
        (ask(&store, authorize("acc_1")), read(&store))
    });
    // Nobody drives it now.
    block_on(written).unwrap();
    assert!(block_on(found));
    drop(runtime);
}

fn one_may_block_on_a_thread_of_a_runtime() {
    let schema = Schema::new();
    for runtime in [one(), many()] {
        runtime.block_on(async {
            let store = schema.open(keys(1, &[]));
            ask_blocking(&store, authorize("acc_1")).unwrap();
            assert!(matches!(ask_blocking(&store, Ask::Grant(id("acc_1"))), Ok(Told::Grant(Some(_)))));
            store.close().unwrap();
            // And one that is only dropped.
            schema.open(keys(1, &[]));
        });
    }
}
