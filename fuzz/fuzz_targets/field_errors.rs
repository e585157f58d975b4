//! See `cronofy_fuzz::field_errors`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cronofy_fuzz::field_errors(data));
