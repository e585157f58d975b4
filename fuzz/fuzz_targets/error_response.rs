//! See `cronofy_fuzz::error_response`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cronofy_fuzz::error_response(data));
