//! See `cronofy_fuzz::next_page`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cronofy_fuzz::next_page(data));
