//! See `cronofy_fuzz::session`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cronofy_fuzz::session(data));
