//! See `cronofy_fuzz::sandbox_scenario`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cronofy_fuzz::sandbox_scenario(data));
