//! Both extractors over real HTTP: one list of cases, run once for each.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails, and its helpers with it")]

mod cases;
mod client;
mod server;

macro_rules! on_both {
    ($($case:ident)+) => {
        mod axum_0_8 {
            $( #[test] fn $case() { crate::cases::$case(crate::server::axum_0_8) } )+
        }
        mod actix_4 {
            $( #[test] fn $case() { crate::cases::$case(crate::server::actix_4) } )+
        }
    };
}

on_both! {
    a_signed_body_comes_through_byte_for_byte
    a_chunked_body_comes_through
    an_encoded_body_is_left_encoded
    s26_two_digests_with_a_space_after_the_comma
    s26_digests_in_two_header_lines
    s27_every_failed_verification_is_the_same_401
    s27_the_application_may_ask_why
    s28_a_body_of_exactly_the_limit_comes_through
    s28_a_content_length_over_the_limit_is_413_before_the_body
    s28_chunks_over_the_limit_are_413_before_their_end
    s28_a_slow_body_is_408
    s28_an_unsigned_request_is_401_before_its_body
    s28_a_body_with_broken_framing_is_400
    callbacks_are_parsed
}

#[test]
fn actix_finds_a_verifier_in_shared_data_and_says_when_there_is_none() {
    let shared = server::actix_4_with(|app| {
        app.app_data(actix_web::web::Data::new(cases::verifier()));
    });
    assert_eq!(client::post(shared, &cases::signed(b"{}"), b"{}").status, 200);

    let none = server::actix_4_with(|_| {});
    let answer = client::post(none, &cases::signed(b"{}"), b"{}");
    assert_eq!((answer.status, &answer.body[..]), (500, &b"not configured\n"[..]));
}
