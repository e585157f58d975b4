//! See `cronofy_fuzz::userinfo`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cronofy_fuzz::userinfo(data));
