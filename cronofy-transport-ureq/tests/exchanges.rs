//! Every exchange of `transport-exchanges`, over ureq.
#![allow(clippy::unwrap_used, reason = "every function here is part of a test")]

mod blocking;

use cronofy_transport_ureq::{Roots, UreqTransport};
use transport_exchanges::{Limits, Subject, behind_a_proxy, exchanges, tls_exchanges};

use self::blocking::Blocking;

exchanges!(make);
tls_exchanges!(make);

#[test]
fn no_proxy_of_the_environment() {
    behind_a_proxy("post_with_body");
}

fn make(limits: &Limits) -> Box<dyn Subject> {
    let transport = UreqTransport::builder()
        .deadline(limits.deadline)
        .connect_timeout(limits.connect)
        .body_limit(limits.body)
        .roots(Roots::Only(limits.roots.clone()))
        .build()
        .unwrap();
    Box::new(Blocking(transport))
}
