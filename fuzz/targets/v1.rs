#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| phx_channels::fuzzing::v1(text));
