//! Reading a token that is fresh: the store beside a bare statement, in turns and in real time, for the store has
//! threads of its own and the server is another process.

use std::env;
use std::time::Instant;

use cronofy_benches::inputs::NOW;
use cronofy_benches::kept::{authorize, id};
use cronofy_store::PostgresOptions;
use cronofy_store::seal::{Key, Keys};
use cronofy_store::store::{Ask, Told, ask_blocking};
use tokio::runtime::Builder;
use tokio_postgres::NoTls;

use crate::Done;

const ROUNDS: usize = 61;
const TIMES: usize = 100;
const GRANTS: u32 = 1000;

pub(crate) fn run() -> Done {
    let Ok(address) = env::var("CRONOFY_TEST_POSTGRES") else {
        return Err("NOTHING WAS MEASURED: CRONOFY_TEST_POSTGRES names no server".into());
    };
    let schema = format!("benches_{}", std::process::id());
    let store = PostgresOptions::new(&address)?
        .schema(&*schema)
        .open(Keys::new(Key::from_bytes([7; 32])))?
        .with_clock(|| NOW);
    for number in 0..GRANTS {
        ask_blocking(&store, authorize(number, NOW))?;
    }

    // As a program without a runtime of its own uses the driver.
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let (client, connection) = runtime.block_on(tokio_postgres::connect(&address, NoTls))?;
    let connection = runtime.spawn(connection);
    let query = format!(
        "SELECT through, generation, state, tokens FROM {schema}.grants \
         WHERE client_id = $1 AND data_center = $2 AND subject = $3"
    );
    let statement = runtime.block_on(client.prepare(&query))?;

    let id = id(7);
    let bare = || -> Done {
        let names = [id.client_id.as_str(), id.data_center(), id.subject.as_str()];
        let row = runtime.block_on(client.query_one(&statement, &[&names[0], &names[1], &names[2]]))?;
        let _: (Option<String>, i64, String, Vec<u8>) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?);
        Ok(())
    };
    let ours = || -> Done {
        match ask_blocking(&store, Ask::Grant(id.clone()))? {
            Told::Grant(Some(_)) => Ok(()),
            other => Err(format!("no grant, but {other:?}").into()),
        }
    };
    let mut rounds = Vec::new();
    for round in 0..ROUNDS {
        rounds.push(if round % 2 == 0 {
            let bare = taken(bare)?;
            (bare, taken(ours)?)
        } else {
            let ours = taken(ours)?;
            (taken(bare)?, ours)
        });
    }
    println!("{ROUNDS} rounds of {TIMES} reads");
    println!("bare statement {:>8.1} us", median(rounds.iter().map(|(bare, _)| *bare)));
    println!("the store      {:>8.1} us", median(rounds.iter().map(|(_, ours)| *ours)));
    println!("ratio          {:>8.2}", median(rounds.iter().map(|(bare, ours)| ours / bare)));

    drop(statement);
    runtime.block_on(client.batch_execute(&format!("DROP SCHEMA {schema} CASCADE")))?;
    store.close()?;
    drop(client);
    runtime.block_on(connection)??;
    Ok(())
}

/// Microseconds of one.
fn taken(read: impl Fn() -> Done) -> Result<f64, Box<dyn std::error::Error>> {
    let start = Instant::now();
    for _ in 0..TIMES {
        read()?;
    }
    Ok(start.elapsed().as_secs_f64() * 1e6 / TIMES as f64)
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
