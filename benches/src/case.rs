//! A case: a name, and work that can be repeated.

use std::hint::black_box;

/// Cases that do the same work, or as much of it as they can. All but the first are compared with the first.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    /// What the work is.
    pub name: &'static str,
    /// Who does it.
    pub cases: &'static [Case],
}

/// One way of doing the work.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// Who does it.
    pub name: &'static str,
    /// Makes ready what is not measured: keys, clients, connections.
    pub prepare: fn() -> Runner,
}

/// Does the work that many times. The loop is inside, so that what calls it costs nothing.
pub type Runner = Box<dyn FnMut(u64)>;

/// Repeats `work`, whose result nobody uses and the compiler must make all the same.
pub fn each<R>(mut work: impl FnMut() -> R + 'static) -> Runner {
    Box::new(move |times| {
        for _ in 0..times {
            black_box(work());
        }
    })
}
