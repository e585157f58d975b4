//! A code exchange over HTTP on this machine: each transport beside its bare client.

mod hyper;
mod server;
mod ureq;

pub use server::{ADDRESS_VARIABLE, Server};

use cronofy_auth_core::App;
use cronofy_auth_core::types::{CustomBase, DataCenter};

use crate::{Case, Group};

/// Asynchronous.
pub const HYPER: Group = Group {
    name: "loopback hyper",
    cases: &[Case { name: "limit", prepare: hyper::bare }, Case { name: "ours", prepare: hyper::ours }],
};

/// Blocking.
pub const UREQ: Group = Group {
    name: "loopback ureq",
    cases: &[Case { name: "limit", prepare: ureq::bare }, Case { name: "ours", prepare: ureq::ours }],
};

fn app() -> App {
    let origin = server::origin();
    let base = CustomBase::new(&origin, &origin).expect("the server has an address");
    crate::inputs::app(DataCenter::Custom(base))
}

fn token_url() -> String {
    server::origin() + "/oauth/token"
}
