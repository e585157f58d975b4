//! See `cronofy_fuzz::webhook_header`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cronofy_fuzz::webhook_header(data));
