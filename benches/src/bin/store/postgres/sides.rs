//! Those who are measured, and those who ask.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use cronofy_store::store::{Ask, StoreError, Told, ask, ask_blocking};
use cronofy_store::{GrantId, PostgresStore};
use rustix::time::{ClockId, clock_gettime};
use tokio::runtime::Runtime;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, NoTls, Row, Statement};

use crate::Done;

/// How often each reads in its turn: for less time than a processor is given to somebody else at a stretch.
pub(super) const TIMES: usize = 20;

/// What a read took, in microseconds.
#[derive(Default, Clone, Copy)]
pub(super) struct Taken {
    pub(super) time: f64,
    /// Of the processors, in this process: the server's part is its own affair.
    pub(super) processor: f64,
}

type Reading<'a> = Pin<Box<dyn Future<Output = Done> + Send + 'a>>;

/// One of those who are measured.
pub(super) trait Read: Send + Sync {
    fn read(&self) -> Reading<'_>;

    /// Unless there is something better: on a runtime of a single thread.
    fn read_blocking(&self, runtime: &Runtime) -> Done {
        runtime.block_on(self.read())
    }
}

pub(super) struct Bare {
    client: Client,
    /// None where it is not prepared.
    statement: Option<Statement>,
    query: String,
    id: GrantId,
}

impl Bare {
    pub(super) fn connect(
        runtime: &Runtime,
        address: &str,
        schema: &str,
        prepared: bool,
        id: GrantId,
    ) -> Done<Self> {
        let query = format!(
            "SELECT through, generation, state, tokens FROM {schema}.grants \
             WHERE client_id = $1 AND data_center = $2 AND subject = $3"
        );
        runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(address, NoTls).await?;
            tokio::spawn(connection);
            let statement = if prepared { Some(client.prepare(&query).await?) } else { None };
            Ok(Self { client, statement, query, id })
        })
    }

    async fn row(&self) -> Result<Row, tokio_postgres::Error> {
        let [client_id, data_center, subject] =
            [self.id.client_id.as_str(), self.id.data_center(), self.id.subject.as_str()];
        if let Some(statement) = &self.statement {
            return self.client.query_one(statement, &[&client_id, &data_center, &subject]).await;
        }
        let values: [(&(dyn ToSql + Sync), Type); 3] =
            [(&client_id, Type::TEXT), (&data_center, Type::TEXT), (&subject, Type::TEXT)];
        self.client.query_typed_one(&self.query, &values).await
    }
}

impl Read for Bare {
    fn read(&self) -> Reading<'_> {
        Box::pin(async {
            let row = self.row().await?;
            let _: (Option<String>, i64, String, Vec<u8>) =
                (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?);
            Ok(())
        })
    }
}

pub(super) struct Ours {
    pub(super) store: PostgresStore,
    pub(super) id: GrantId,
}

impl Read for Ours {
    fn read(&self) -> Reading<'_> {
        Box::pin(async { is_grant(ask(&self.store, Ask::Grant(self.id.clone())).await) })
    }

    fn read_blocking(&self, _: &Runtime) -> Done {
        is_grant(ask_blocking(&self.store, Ask::Grant(self.id.clone())))
    }
}

fn is_grant(told: Result<Told, StoreError>) -> Done {
    match told? {
        Told::Grant(Some(_)) => Ok(()),
        other => Err(format!("no grant, but {other:?}").into()),
    }
}

/// A turn of a thread that blocks.
pub(super) fn blocking(runtime: &Arc<Runtime>, side: &Arc<dyn Read>) -> Done<Taken> {
    let since = Since::now();
    for _ in 0..TIMES {
        side.read_blocking(runtime)?;
    }
    Ok(since.taken())
}

/// Of the future that a runtime was given to wait for, as `main` has one.
pub(super) fn main_task(runtime: &Arc<Runtime>, side: &Arc<dyn Read>) -> Done<Taken> {
    runtime.block_on(turn(Arc::clone(side)))
}

/// Of a task, as a server has one for each of its connections.
pub(super) fn task(runtime: &Arc<Runtime>, side: &Arc<dyn Read>) -> Done<Taken> {
    runtime.block_on(runtime.spawn(turn(Arc::clone(side))))?
}

async fn turn(side: Arc<dyn Read>) -> Done<Taken> {
    let since = Since::now();
    for _ in 0..TIMES {
        side.read().await?;
    }
    Ok(since.taken())
}

struct Since {
    time: Instant,
    processor: f64,
}

impl Since {
    fn now() -> Self {
        Self { time: Instant::now(), processor: processor() }
    }

    fn taken(&self) -> Taken {
        let each = |all: f64| all / TIMES as f64;
        Taken {
            time: each(self.time.elapsed().as_secs_f64() * 1e6),
            processor: each(processor() - self.processor),
        }
    }
}

fn processor() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e6 + time.tv_nsec as f64 / 1e3
}
