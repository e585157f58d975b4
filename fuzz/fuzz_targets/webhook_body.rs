//! See `cronofy_fuzz::webhook_body`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cronofy_fuzz::webhook_body(data));
