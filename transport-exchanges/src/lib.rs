//! The exchanges that every transport is tested with: what is sent, byte for byte, and what becomes of
//! every answer that a server, or something that is none, can give.
//!
//! A transport's test file makes a [`Subject`] of it and calls [`exchanges!`] once; [`tls_exchanges!`] where
//! it speaks TLS. The other side is a [`Server`]: one thread that plays literal bytes. Nothing sleeps:
//! whatever is too slow never comes at all.
#![allow(clippy::missing_panics_doc, reason = "panicking is what a failed test does")]
#![allow(clippy::unwrap_used, reason = "every function here is part of a test")]

mod answers;
mod certificates;
mod environment;
mod faults;
mod ping;
mod sent;
mod server;
mod subject;
mod tls;

pub use answers::*;
pub use environment::behind_a_proxy;
pub use faults::*;
pub use ping::Ping;
pub use sent::*;
pub use server::{Peer, Received, Script, Server};
pub use subject::{Limits, Make, Subject, refusal};
pub use tls::*;

/// A test of each exchange. Takes a function from [`Limits`] to a boxed [`Subject`].
#[macro_export]
macro_rules! exchanges {
    ($make:expr) => {
        $crate::exchanges!(@ $make;
            post_with_body
            get_without_body
            post_without_body
            the_callers_user_agent_stays
            two_requests_share_a_connection
            a_connection_that_the_server_ends_is_not_used_again
            a_connection_that_the_server_closed_is_replaced
            rate_limited_then_answered
            redirects_come_through
            refusals_come_through
            no_content
            what_is_not_json_comes_through
            interim_answers_are_passed_over
            http_1_0
            chunks
            what_just_fits
            nobody_listens
            nobody_answers
            nobody_goes_on
            cut_off_before_the_head
            cut_off_in_the_head
            cut_off_in_the_body
            cut_off_in_a_chunk
            not_http
            s11_too_long_as_announced
            s11_too_long_in_chunks
            s11_too_long_a_head
            plain_http_elsewhere
        );
    };
    (@ $make:expr; $($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                $crate::$name(&$make);
            }
        )*
    };
}

/// A test of each exchange over TLS.
#[macro_export]
macro_rules! tls_exchanges {
    ($make:expr) => {
        $crate::exchanges!(@ $make;
            a_trusted_certificate
            a_certificate_of_its_own
            a_certificate_of_another_host
            a_certificate_of_the_past
            a_handshake_that_never_ends
            something_that_is_not_tls
        );
    };
}
