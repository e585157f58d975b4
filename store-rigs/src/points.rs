//! Points where a process can die, counted.

use std::process::abort;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use cronofy_store::suite::on_every_statement;

use crate::orders::{Death, Points};

static LEFT: AtomicUsize = AtomicUsize::new(usize::MAX);
static STATEMENTS: AtomicBool = AtomicBool::new(false);

/// From now on they count.
pub(crate) fn dies(death: Death) {
    on_every_statement(statement);
    STATEMENTS.store(death.points == Points::Statements, Ordering::SeqCst);
    LEFT.store(death.after, Ordering::SeqCst);
}

/// Here it may die.
pub(crate) fn point() {
    if LEFT.fetch_sub(1, Ordering::SeqCst) == 0 {
        abort();
    }
}

/// Here it may die if questions count.
pub(crate) fn question() {
    if !are_statements() {
        point();
    }
}

/// Whether statements count.
pub(crate) fn are_statements() -> bool {
    STATEMENTS.load(Ordering::SeqCst)
}

/// Here it may die if statements count.
pub(crate) fn statement() {
    if are_statements() {
        point();
    }
}
