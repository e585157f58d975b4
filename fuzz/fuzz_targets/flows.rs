//! See `cronofy_fuzz::flows`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cronofy_fuzz::flows(data));
