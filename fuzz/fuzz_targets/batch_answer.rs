//! See `cronofy_fuzz::batch_answer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cronofy_fuzz::batch_answer(data));
