//! See `cronofy_fuzz::redirect`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cronofy_fuzz::redirect(data));
