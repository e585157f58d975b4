//! See `cronofy_fuzz::events_page`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cronofy_fuzz::events_page(data));
