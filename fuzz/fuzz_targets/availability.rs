//! See `cronofy_fuzz::availability`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cronofy_fuzz::availability(data));
