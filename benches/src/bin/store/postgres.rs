//! Reading a token that is fresh: the store beside a bare statement of the same kind, in turns and in real time, for the
//! server is another process.

mod sides;

use std::env;
use std::sync::Arc;

use cronofy_benches::inputs::NOW;
use cronofy_benches::kept::{authorize, id};
use cronofy_store::seal::{Key, Keys};
use cronofy_store::store::ask_blocking;
use cronofy_store::{PostgresOptions, PostgresStore};
use tokio::runtime::{Builder, Runtime};

use crate::Done;
use sides::{Bare, Ours, Read, Taken};

/// How often everybody connects anew: the server's process for a connection may have a good place or a bad one.
const CONNECTIONS: usize = 15;
/// On each of them.
const ROUNDS: usize = 30;
const GRANTS: u32 = 1000;

pub(crate) fn run() -> Done {
    let Ok(address) = env::var("CRONOFY_TEST_POSTGRES") else {
        return Err("NOTHING WAS MEASURED: CRONOFY_TEST_POSTGRES names no server".into());
    };
    let schema = format!("benches_{}", std::process::id());
    fill(&address, &schema)?;
    println!(
        "{ROUNDS} rounds of {} reads by each in turn: medians, of the rounds' own ratios too\n",
        sides::TIMES
    );
    let (bare, ours, processor) = ("bare, us", "store, us", "of our CPU");
    println!("{:<24} {:<12} {bare:>10} {ours:>10} {:>8} {processor:>12}", "who asks", "statement", "ratio");
    // As a program without a runtime of its own uses the driver, and as one that is asynchronous throughout.
    let alone = Arc::new(Builder::new_current_thread().enable_all().build()?);
    let many = Arc::new(Builder::new_multi_thread().enable_all().build()?);
    callers(&address, &schema, &alone, &[("a thread that blocks", sides::blocking)])?;
    let both: [Caller; 2] = [("a task", sides::task), ("the main task", sides::main_task)];
    callers(&address, &schema, &many, &both)?;
    drop_schema(&address, &schema)
}

type Caller = (&'static str, fn(&Arc<Runtime>, &Arc<dyn Read>) -> Done<Taken>);
/// What the bare statement and the store took, of either kind.
type Round = [[Taken; 2]; 2];

const KINDS: [(&str, bool); 2] = [("prepared", true), ("unprepared", false)];

fn callers(address: &str, schema: &str, runtime: &Arc<Runtime>, callers: &[Caller]) -> Done {
    let mut rounds: Vec<Vec<Round>> = vec![Vec::new(); callers.len()];
    for _ in 0..CONNECTIONS {
        let sides = connect(address, schema, runtime)?;
        for ((_, turn), rounds) in callers.iter().zip(&mut rounds) {
            for round in 0..ROUNDS {
                let mut taken = Round::default();
                for place in 0..4 {
                    let place = (round + place) % 4;
                    taken[place / 2][place % 2] = turn(runtime, &sides[place / 2][place % 2])?;
                }
                rounds.push(taken);
            }
        }
    }
    for ((name, _), rounds) in callers.iter().zip(&rounds) {
        for (kind, (kind_name, _)) in KINDS.iter().enumerate() {
            let of = |value: fn([Taken; 2]) -> f64| median(rounds.iter().map(|round| value(round[kind])));
            let (bare, ours) = (of(|[bare, _]| bare.time), of(|[_, ours]| ours.time));
            let time = of(|[bare, ours]| ours.time / bare.time);
            let processor = of(|[bare, ours]| ours.processor / bare.processor);
            println!("{name:<24} {kind_name:<12} {bare:>10.1} {ours:>10.1} {time:>8.2} {processor:>12.2}");
        }
    }
    Ok(())
}

fn connect(address: &str, schema: &str, runtime: &Runtime) -> Done<Vec<[Arc<dyn Read>; 2]>> {
    let sides = KINDS.iter().map(|(_, prepared)| -> Done<[Arc<dyn Read>; 2]> {
        let bare = Bare::connect(runtime, address, schema, *prepared, id(7))?;
        Ok([Arc::new(bare), Arc::new(Ours { store: open(address, schema, *prepared)?, id: id(7) })])
    });
    sides.collect()
}

fn open(address: &str, schema: &str, prepared: bool) -> Done<PostgresStore> {
    let options = PostgresOptions::new(address)?.schema(schema);
    let options = if prepared { options.prepared() } else { options };
    Ok(options.open(Keys::new(Key::from_bytes([7; 32])))?.with_clock(|| NOW))
}

fn fill(address: &str, schema: &str) -> Done {
    let store = open(address, schema, false)?;
    for number in 0..GRANTS {
        ask_blocking(&store, authorize(number, NOW))?;
    }
    Ok(store.close()?)
}

fn drop_schema(address: &str, schema: &str) -> Done {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(address, tokio_postgres::NoTls).await?;
        tokio::spawn(connection);
        Ok(client.batch_execute(&format!("DROP SCHEMA {schema} CASCADE")).await?)
    })
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
