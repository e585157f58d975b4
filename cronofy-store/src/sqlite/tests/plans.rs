//! No question reads a whole table: what it costs does not grow with what is kept.

use std::collections::BTreeSet;
use std::sync::Mutex;

use rusqlite::trace::{TraceEvent, TraceEventCodes};

use super::*;
use crate::store::ask_blocking;
use crate::suite::scenarios;

static HEARD: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

fn plan(connection: &rusqlite::Connection, statement: &str) -> String {
    let mut explained = connection.prepare(&format!("EXPLAIN QUERY PLAN {statement}")).unwrap();
    let steps = explained.raw_query().mapped(|row| row.get::<_, String>(3)).collect::<Result<Vec<_>, _>>();
    steps.unwrap().join("; ")
}

#[test]
fn no_statement_scans_or_sorts_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder.path().join("store.db"), Keys::new(old_key()));
    store.writer.run(|connection| {
        let hear = |event: TraceEvent<'_>| {
            if let TraceEvent::Stmt(_, statement) = event {
                HEARD.lock().unwrap().insert(statement.to_owned());
            }
        };
        connection.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(hear));
    });
    let (grants, page) = (Ask::Grants { after: None, limit: 9 }, Command::Page { after: Some(1), limit: 9 });
    let asks = scenarios().into_iter().flat_map(|scenario| scenario.before.into_iter().chain(scenario.asks));
    for ask in asks.chain([grants, Ask::Rollout(values::roll_out_id(), page)]) {
        ask_blocking(&store, ask).unwrap();
    }
    let heard = HEARD.lock().unwrap().clone();
    let plans = store.writer.run_blocking(move |connection| {
        connection.trace_v2(TraceEventCodes::empty(), None);
        Ok(heard.into_iter().map(|heard| (plan(connection, &heard), heard)).collect::<Vec<_>>())
    });
    let plans = plans.unwrap();
    for (plan, statement) in &plans {
        let reads_all = plan.contains("SCAN") || plan.contains("B-TREE FOR ORDER BY");
        assert!(!reads_all, "{statement}: {plan}");
    }
    let searches = plans.iter().filter(|(plan, _)| plan.contains("SEARCH")).count();
    assert!(searches >= 15, "{searches} statements search: {plans:#?}");
    assert!(plans.iter().any(|(plan, _)| plan.contains("mailboxes_due")));
}
