//! Every exchange of `transport-exchanges`: over this crate's transport, and over the two of the examples.
#![allow(clippy::unwrap_used, reason = "every function here is part of a test")]

mod asynchronous;

mod hyper {
    use cronofy_transport_hyper::{HyperTransport, Roots};
    use transport_exchanges::{Limits, Subject, behind_a_proxy, exchanges, tls_exchanges};

    use super::asynchronous::Asynchronous;

    exchanges!(make);
    tls_exchanges!(make);

    #[test]
    fn no_proxy_of_the_environment() {
        behind_a_proxy("hyper::post_with_body");
    }

    fn make(limits: &Limits) -> Box<dyn Subject> {
        let transport = HyperTransport::builder()
            .deadline(limits.deadline)
            .connect_timeout(limits.connect)
            .body_limit(limits.body)
            .roots(Roots::Only(limits.roots.clone()))
            .build()
            .unwrap();
        let user_agent = concat!("cronofy-rust/", env!("CARGO_PKG_VERSION"), " (hyper)");
        Box::new(Asynchronous::new(transport, user_agent))
    }
}

#[path = "../examples/reqwest.rs"]
#[allow(dead_code, reason = "the example's `main` is not called")]
mod reqwest_example;

mod reqwest {
    use transport_exchanges::{Limits, Subject, behind_a_proxy, exchanges};

    use super::asynchronous::Asynchronous;
    use super::reqwest_example::{Reqwest, client};

    exchanges!(make);

    #[test]
    fn no_proxy_of_the_environment() {
        behind_a_proxy("reqwest::post_with_body");
    }

    fn make(limits: &Limits) -> Box<dyn Subject> {
        let transport = Reqwest { client: client(limits.deadline).unwrap(), body_limit: limits.body };
        Box::new(Asynchronous { ours: false, ..Asynchronous::new(transport, "my-app/1.2") })
    }
}

#[path = "../examples/tower_service.rs"]
#[allow(dead_code, reason = "the example's `main` is not called")]
mod tower_example;

mod tower {
    use hyper_util::client::legacy::Client;
    use hyper_util::rt::TokioExecutor;
    use transport_exchanges::{Limits, Subject, exchanges};

    use super::asynchronous::Asynchronous;
    use super::tower_example::Tower;

    exchanges!(make);

    fn make(limits: &Limits) -> Box<dyn Subject> {
        let service = Client::builder(TokioExecutor::new()).build_http();
        let transport = Tower { service, deadline: limits.deadline, body_limit: limits.body };
        Box::new(Asynchronous { ours: false, tells_unsent: false, ..Asynchronous::new(transport, "") })
    }
}
